//! What is asked of the tables of a layout: which frames, how, and for what. A run may ask several
//! questions of the same tables.

use anyhow::anyhow;

use super::rounds::Rounds;
use crate::measure::{Mode, Target};
use crate::workload::WorkloadKind;

/// One question.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(in crate::cmd) struct Question {
    pub workload: WorkloadKind,
    pub mode: Mode,
    pub target: Target,
}

/// A batch size of a question, and how often it is measured.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::cmd) struct Planned {
    pub question: Question,
    pub lookups: u64,
    pub rounds: Rounds,
    /// Whether the timer chose the number of lookups.
    pub auto: bool,
}

impl Question {
    /// What the paper asks.
    pub(in crate::cmd) const PAPER: Self =
        Self { workload: WorkloadKind::Uniform, mode: Mode::Inline, target: Target::Page };

    /// Every combination, in the order in which their parts are named; doubles once.
    pub(in crate::cmd) fn all(
        workloads: &[WorkloadKind],
        modes: &[Mode],
        targets: &[Target],
    ) -> Vec<Self> {
        let mut all = Vec::new();
        for &workload in workloads {
            for &mode in modes {
                for &target in targets {
                    let question = Self { workload, mode, target };
                    if !all.contains(&question) {
                        all.push(question);
                    }
                }
            }
        }
        all
    }

    /// Whether it can be asked at all.
    ///
    /// # Errors
    /// Why not, and what could.
    pub(in crate::cmd) fn check(self) -> anyhow::Result<()> {
        if self.mode == Mode::Inline && !self.workload.is_inline() {
            return Err(anyhow!(
                "--workload {0} with --mode inline: its addresses cost too much to be drawn inside the \
                 timed loop; use --mode trace, chain or cold:K, or --workload uniform or atf",
                self.workload
            ));
        }
        Ok(())
    }

    /// The same in another mode.
    pub(super) fn with(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// A batch size of it, `rounds` times.
    pub(in crate::cmd) fn of(self, (lookups, rounds): (u64, Rounds)) -> Planned {
        Planned { question: self, lookups, rounds, auto: false }
    }

    /// The workload, mode and target, as in a list of words.
    pub(super) fn names(self) -> [String; 3] {
        [self.workload.to_string(), self.mode.to_string(), self.target.to_string()]
    }
}

#[cfg(test)]
mod tests {
    use super::Question;
    use crate::measure::{Mode, Target};

    #[test]
    fn lists_are_combined_in_their_order_and_doubles_asked_once() {
        let workloads = ["uniform", "zipf:1", "zipf:1.0"].map(|name| name.parse().expect(name));
        let all = Question::all(&workloads, &[Mode::Inline, Mode::Chain], &Target::ALL[..2]);
        let names: Vec<String> = all.iter().map(|question| question.names().join(" ")).collect();
        assert_eq!(
            names,
            [
                "uniform inline page",
                "uniform inline handle",
                "uniform chain page",
                "uniform chain handle",
                "zipf:1 inline page",
                "zipf:1 inline handle",
                "zipf:1 chain page",
                "zipf:1 chain handle",
            ]
        );
        let fits: Vec<bool> = all.iter().map(|question| question.check().is_ok()).collect();
        assert_eq!(fits, [true, true, true, true, false, false, true, true]);
        let why = all[4].check().expect_err("inline").to_string();
        assert!(why.contains("--workload zipf:1 ") && why.contains("--mode trace"), "{why}");
    }
}

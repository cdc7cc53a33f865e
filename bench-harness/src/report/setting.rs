//! How lookups were made and timed, apart from the layout and their number.
//!
//! What differs in any of it is not comparable; the [`View`](super::view::View) keeps it apart.

use std::fmt;

use super::text::clean;
use crate::record::{ComparisonRow, SampleRow, SummaryRow};

/// How lookups were made and timed: the part of a configuration that is neither layout nor number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Setting<'a> {
    pub workload: &'a str,
    pub mode: &'a str,
    pub target: &'a str,
    pub rng: &'a str,
}

/// Modes whose baselines differ. Records may hold modes that this program does not know.
enum Kind {
    Inline,
    Chain,
    Cold,
    /// `trace`, and what is not known.
    Other,
}

impl Kind {
    fn of(mode: &str) -> Self {
        match mode {
            "inline" => Self::Inline,
            "chain" => Self::Chain,
            mode if mode.starts_with("cold") => Self::Cold,
            _ => Self::Other,
        }
    }
}

/// What the baseline times in a mode, as in "net of ..." and "... alone".
pub fn baseline(mode: &str) -> &'static str {
    match Kind::of(mode) {
        Kind::Inline => "the generator",
        Kind::Chain => "the chained loop over drawn addresses",
        Kind::Cold => "bursts of the loop over drawn addresses",
        Kind::Other => "the loop over drawn addresses",
    }
}

impl fmt::Display for Setting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { workload, mode, target, rng } = self;
        write!(f, "{}, {}, {}, {}", clean(workload), clean(mode), clean(target), clean(rng))
    }
}

impl Setting<'_> {
    /// What the baseline times, see [`baseline`].
    pub(super) fn baseline(self) -> &'static str {
        baseline(self.mode)
    }

    /// The same in a sentence that ends in "takes" or "take".
    pub(super) fn baseline_takes(self) -> &'static str {
        match Kind::of(self.mode) {
            Kind::Inline => "The generator alone takes",
            Kind::Chain => {
                "Addresses were drawn before; the loop over them, in which each waits for the answer \
                 before it, takes"
            }
            Kind::Cold => {
                "Addresses were drawn before; the bursts of the loop over them, and the clock read for \
                 each, take"
            }
            Kind::Other => "Addresses were drawn before; the loop over them takes",
        }
    }

    /// How far it is from what is asked first, the smallest of all being `uniform`, `trace`, `page`:
    /// what finding a page costs, all frames alike. See also
    /// [`asked::distance`](super::asked::distance).
    pub(super) fn distance(self) -> (bool, u8, bool) {
        let mode = match (self.mode, Kind::of(self.mode)) {
            ("trace", _) => 0,
            (_, Kind::Inline) => 1,
            (_, Kind::Chain) => 2,
            _ => 3,
        };
        (self.target != "page", mode, self.workload != "uniform")
    }

    /// Without the generator, which is rarely chosen, for titles.
    pub(super) fn short(self) -> String {
        let Self { workload, mode, target, .. } = self;
        format!("{}, {}, {}", clean(workload), clean(mode), clean(target))
    }

    /// Its words in one, for a file name; not yet made safe.
    pub(super) fn joined(self) -> String {
        let Self { workload, mode, target, rng } = self;
        format!("{workload}-{mode}-{target}-{rng}")
    }
}

impl<'a> From<&'a SampleRow> for Setting<'a> {
    fn from(row: &'a SampleRow) -> Self {
        let SampleRow { workload, mode, target, rng, .. } = row;
        Self { workload, mode, target, rng }
    }
}

impl<'a> From<&'a SummaryRow> for Setting<'a> {
    fn from(row: &'a SummaryRow) -> Self {
        let SummaryRow { workload, mode, target, rng, .. } = row;
        Self { workload, mode, target, rng }
    }
}

impl<'a> From<&'a ComparisonRow> for Setting<'a> {
    fn from(row: &'a ComparisonRow) -> Self {
        let ComparisonRow { workload, mode, target, rng, .. } = row;
        Self { workload, mode, target, rng }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_has_a_baseline_of_its_own() {
        let all = ["inline", "trace", "chain", "cold:16"];
        let setting = |mode| Setting { workload: "uniform", mode, target: "page", rng: "x" };
        for (index, mode) in all.into_iter().enumerate() {
            for other in &all[..index] {
                assert_ne!(setting(mode).baseline(), setting(other).baseline());
                assert_ne!(setting(mode).baseline_takes(), setting(other).baseline_takes());
            }
        }
        assert!(setting("trace").distance() < setting("inline").distance());
        assert!(setting("inline").distance() < setting("chain").distance());
    }
}

//! What a run checks of itself on every layout, a part of a second beside the measurement: the reference
//! against its twin, which shows what placement alone can do, and, for a workload that can be drawn inside
//! the timed loop, every backend with its addresses drawn there and before it, which shows whether the net cost means what it says.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::interrupt;
use super::part::Part;
use super::plan::Plan;
use super::question::Question;
use super::{auto, rows};
use crate::cmd::Failure;
use crate::layout::build;
use crate::machine;
use crate::measure::{Bench, Clockwork, Mode, Sample, Target};
use crate::record::{BASELINE, SampleRow, twin_of};

/// Rounds of each check: cycles of the order, as many as make an interval of a few tenths of a percent.
const TWIN_CYCLES: usize = 20;
const MODES_CYCLES: usize = 10;

/// A cycle grows with the backends, and so does each of its rounds: beyond four of them there are fewer
/// cycles, with more rounds each, and at least two. So neither time nor rows get out of hand.
const MODES_CYCLES_MIN: usize = 2;
const MODES_BACKENDS: usize = 4;

/// A table of more bytes than this is not built a second time for its twin.
const TWIN_BYTES_MAX: u64 = 256 << 20;

/// What was checked on a layout.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Checked {
    /// Rows of twin.csv.
    pub twin: Vec<SampleRow>,
    /// Rows of modes.csv.
    pub modes: Vec<SampleRow>,
}

impl Checked {
    /// Adds `newer`, instead of what there is of the same layouts.
    pub(super) fn replace(&mut self, newer: Self) {
        let again: HashSet<String> =
            newer.twin.iter().chain(&newer.modes).map(|row| row.layout.clone()).collect();
        for (rows, newer) in [(&mut self.twin, newer.twin), (&mut self.modes, newer.modes)] {
            rows.retain(|row| !again.contains(&row.layout));
            rows.extend(newer);
        }
    }
}

impl Checked {
    /// Whether `part` has been checked. The file that is written last says so: modes.csv, but for a
    /// layout of which nothing can be measured in both modes.
    pub(super) fn is_of(&self, part: &Part) -> bool {
        let both = part.questions.iter().any(|question| question.workload.is_inline());
        let mut rows = if both { &self.modes } else { &self.twin }.iter();
        rows.any(|row| row.layout == part.layout.name)
    }
}

/// Which run and process checks which layout.
#[derive(Clone, Copy)]
pub(super) struct Checking<'a> {
    pub plan: &'a Plan,
    pub part: &'a Part,
    pub run_id: &'a str,
    pub process: u32,
}

impl Checking<'_> {
    /// Checks `part`, whose tables are in `bench`; `None` if the program was asked to end.
    pub(super) fn run(&self, bench: &Bench) -> Result<Option<Checked>, Failure> {
        let timer = machine::measure_timer();
        let clock =
            Clockwork { resolution_ns: timer.resolution_ns, overhead_ns: timer.overhead_ns };
        let lookups = |bench: &Bench, question: Question| {
            auto::lookups_timed(question, clock, |lookups, which| {
                let whose = (self.process, u32::MAX - which);
                bench.time_first(&self.plan.batch(self.part, question, lookups, whose))
            })
        };
        let Some(modes) = self.modes(bench, lookups)? else { return Ok(None) };
        let Some(twin) = self.twin(bench, lookups)? else { return Ok(None) };
        Ok(Some(Checked { twin, modes }))
    }

    /// Every backend in both modes, which take turns at going first: for the first question whose
    /// addresses can be drawn inside the loop, and not at all where there is none.
    fn modes(
        &self,
        bench: &Bench,
        lookups: impl Fn(&Bench, Question) -> u64,
    ) -> Result<Option<Vec<SampleRow>>, Failure> {
        let both = |question: &&Question| {
            question.workload.is_inline() && bench.supported(question.target).next().is_some()
        };
        let Some(question) = self.part.questions.iter().find(both) else {
            return Ok(Some(Vec::new()));
        };
        let (inline, trace) = (question.with(Mode::Inline), question.with(Mode::Trace));
        let lookups = lookups(bench, inline);
        let backends = bench.supported(question.target).count();
        let mut rows = Vec::new();
        for round in 0..count(modes_cycles(backends) * bench.cycle(question.target)) {
            let order = if round.is_multiple_of(2) { [inline, trace] } else { [trace, inline] };
            for question in order {
                let name = |index: usize| self.plan.backends[index].name.to_owned();
                match self.round(bench, lookups, round, question, name)? {
                    Some(of_round) => rows.extend(of_round),
                    None => return Ok(None),
                }
            }
        }
        Ok(Some(rows))
    }

    /// The reference and its twin, each with a table of its own, for every question: each has a loop of
    /// its own. Nothing where the reference cannot do the layout, or it would take too much memory
    /// to have everything twice more.
    fn twin(
        &self,
        bench: &Bench,
        lookups: impl Fn(&Bench, Question) -> u64,
    ) -> Result<Option<Vec<SampleRow>>, Failure> {
        let reference = self.plan.reference;
        let is_small = |target: &Target| {
            let facts = bench.supported(*target).find(|(_, name, _)| *name == reference.name);
            let descriptors = if *target == Target::Touch { bench.descriptor_bytes() } else { 0 };
            facts.is_some_and(|(.., facts)| {
                facts.bytes_total.unwrap_or(0) + descriptors <= TWIN_BYTES_MAX
            })
        };
        let targets: Vec<Target> = self.part.targets().into_iter().filter(is_small).collect();
        if targets.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let plan = build::Plan { layout: &self.part.layout, segments: &self.part.segments };
        let tables = (0..2).map(|_| (reference.name, self.plan.table(reference, self.part)));
        let mut bench = Bench::prepare(&plan, tables, &targets).map_err(Failure::running)?;
        bench.make_last_twin();
        let mut rows = Vec::new();
        for &question in self.part.questions.iter().filter(|it| targets.contains(&it.target)) {
            let lookups = lookups(&bench, question);
            for round in 0..count(TWIN_CYCLES * bench.cycle(question.target)) {
                let name = |index| match index {
                    0 => reference.name.to_owned(),
                    _ => twin_of(reference.name),
                };
                match self.round(&bench, lookups, round, question, name)? {
                    Some(of_round) => rows.extend(of_round),
                    None => return Ok(None),
                }
            }
        }
        Ok(Some(rows))
    }

    fn round(
        &self,
        bench: &Bench,
        lookups: u64,
        round: u32,
        question: Question,
        name: impl Fn(usize) -> String,
    ) -> Result<Option<Vec<SampleRow>>, Failure> {
        let batch = self.plan.batch(self.part, question, lookups, (self.process, round));
        let samples =
            bench.round(&batch, round, || !interrupt::asked()).map_err(Failure::running)?;
        let configuration = self.plan.configuration(self.part, question, lookups);
        let named = |sample: &Sample| sample.backend.map_or(BASELINE.to_owned(), &name);
        Ok(samples.map(|samples| {
            let whose = (self.run_id, self.process);
            rows::of_round(whose, &configuration, batch.seed, round, &samples, named)
        }))
    }
}

/// How many cycles `backends` are checked for in both modes.
fn modes_cycles(backends: usize) -> usize {
    (MODES_CYCLES * MODES_BACKENDS / backends.max(1)).clamp(MODES_CYCLES_MIN, MODES_CYCLES)
}

/// Rounds of a few cycles.
fn count(rounds: usize) -> u32 {
    u32::try_from(rounds).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Checked, modes_cycles};
    use crate::record::SampleRow;

    fn row(layout: &str, elapsed_ns: u64) -> SampleRow {
        SampleRow {
            run_id: "run".to_owned(),
            process: 0,
            round: 0,
            position: 0,
            layout: layout.to_owned(),
            workload: "uniform".to_owned(),
            mode: "inline".to_owned(),
            target: "page".to_owned(),
            rng: "xoshiro256++".to_owned(),
            lookups: 1,
            backend: "array".to_owned(),
            seed: 1,
            elapsed_ns,
            hits: 0,
            checksum: 0,
        }
    }

    #[test]
    fn many_backends_have_fewer_cycles() {
        let cycles = [0, 1, 2, 4, 5, 10, 20, 100].map(modes_cycles);
        assert_eq!(cycles, [10, 10, 10, 10, 8, 4, 2, 2]);
    }

    #[test]
    fn a_check_that_was_cut_off_between_its_files_is_replaced() {
        let times = |rows: &[SampleRow]| rows.iter().map(|row| row.elapsed_ns).collect::<Vec<_>>();
        let mut all = Checked { twin: vec![row("a", 1), row("b", 2)], modes: vec![row("a", 3)] };
        all.replace(Checked { twin: vec![row("b", 4)], modes: vec![row("b", 5)] });
        assert_eq!((times(&all.twin), times(&all.modes)), (vec![1, 4], vec![3, 5]));
        // A twin that is not measured any more leaves no stale one behind.
        all.replace(Checked { twin: Vec::new(), modes: vec![row("b", 6)] });
        assert_eq!((times(&all.twin), times(&all.modes)), (vec![1], vec![3, 6]));
    }
}

//! The measurement itself, in the process that does it: builds, warms up, runs rounds, and passes
//! everything on.

use std::time::{Duration, Instant};

use anyhow::Context;

use super::checks::Checking;
use super::part::Part;
use super::plan::Plan;
use super::question::{Planned, Question};
use super::rounds::Rounds;
use super::sink::Sink;
use super::stopping::Stopping;
use super::width::{batch_end, batch_time, rounds_in, widest};
use super::{interrupt, rows};
use crate::cmd::Failure;
use crate::layout::build;
use crate::machine;
use crate::measure::beacon;
use crate::measure::{Bench, Sample, Target};
use crate::record::{BASELINE, Judging, SummaryRow};
use crate::stats::Unit;

/// Lookups of a warm-up batch, whatever the batches after it have: enough to fill caches and
/// predictors and to bring the processor up to speed.
pub(super) const WARM_UP_LOOKUPS: u64 = 1_000_000;

/// Lookups of a batch in which instructions and misses are counted.
const COUNTED_LOOKUPS: u64 = 1_000_000;

/// One process of a run, measuring.
pub(super) struct Measuring<'a, S> {
    pub plan: &'a Plan,
    /// Which run, and which process of it.
    pub run_id: String,
    pub process: u32,
    /// When this process should be done, if there is a limit.
    pub deadline: Option<Instant>,
    /// Batch sizes still to come, which share the time that is left.
    pub batches_left: u32,
    pub sink: &'a mut S,
}

impl<'a, S: Sink> Measuring<'a, S> {
    /// Process `process` of `run_id`, which may take `time`.
    pub(super) fn new(
        plan: &'a Plan,
        run_id: String,
        process: u32,
        time: Option<Duration>,
        sink: &'a mut S,
    ) -> Self {
        let batches = plan.configurations().count();
        Self {
            plan,
            run_id,
            process,
            deadline: time.and_then(|time| Instant::now().checked_add(time)),
            batches_left: u32::try_from(batches).unwrap_or(u32::MAX),
            sink,
        }
    }

    /// Measures everything once, and says what others did on the machine meanwhile. `core` is the one
    /// this thread is pinned to.
    pub(super) fn run(&mut self, core: Option<u32>) -> Result<(), Failure> {
        let plan = self.plan;
        let watch = machine::Watch::start(core);
        let outcome = plan.parts.iter().enumerate().try_for_each(|(index, part)| {
            beacon::on(index);
            self.measure(part)
        });
        self.sink.disturbed(watch.finish());
        outcome
    }

    /// Holds the reference against its twin, and net times against each other in both modes; once a
    /// layout and run.
    fn check(&mut self, part: &Part, bench: &Bench) -> Result<(), Failure> {
        let name = &part.layout.name;
        if !self.sink.wants_checks(part) {
            return Ok(());
        }
        self.sink.prepare(format!("{name}: twin and modes"));
        let Self { plan, process, .. } = *self;
        let checking = Checking { plan, part, run_id: &self.run_id, process };
        match checking.run(bench)? {
            Some(checked) => self.sink.checked(checked),
            None => Err(self.sink.interrupted()),
        }
    }

    /// Counts instructions, cycles and misses a lookup where the machine does, in batches that are not
    /// timed; only of those that are nothing but the timed loop.
    fn count(
        &self,
        part: &Part,
        question: Question,
        bench: &Bench,
        rows: &mut [SummaryRow],
    ) -> Result<(), Failure> {
        let Ok(mut counters) = machine::Counters::open() else { return Ok(()) };
        let batch = self.plan.batch(part, question, COUNTED_LOOKUPS, (self.process, u32::MAX));
        let counted =
            bench.each(&batch, |lookups| counters.count(lookups).1).map_err(Failure::running)?;
        let names = question.names();
        for (name, counts) in counted {
            let each = |count: Option<u64>| count.map(|n| n as f64 / COUNTED_LOOKUPS as f64);
            let is_its = |row: &&mut SummaryRow| {
                row.backend == name && [&row.workload, &row.mode, &row.target] == names.each_ref()
            };
            for row in rows.iter_mut().filter(is_its) {
                row.instructions_per_lookup = each(counts.instructions);
                row.cycles_per_lookup = each(counts.cycles);
                row.branch_misses_per_lookup = each(counts.branch_misses);
                row.cache_misses_per_lookup = each(counts.cache_misses);
            }
        }
        Ok(())
    }

    /// What took so long is no measurement, and comes on top of the time there is for that.
    fn beside(&mut self, took: Duration) {
        self.deadline = self.deadline.and_then(|deadline| deadline.checked_add(took));
        self.sink.beside(took);
    }

    /// Measures all batches of one layout.
    fn measure(&mut self, part: &Part) -> Result<(), Failure> {
        let name = &part.layout.name;
        if self.sink.is_complete(part) {
            self.batches_left -= u32::try_from(part.batches.len()).unwrap_or(0);
            return Ok(());
        }
        let plan = build::Plan { layout: &part.layout, segments: &part.segments };
        let (backends, sink) = (&self.plan.backends, &mut *self.sink);
        let tables = (1..).zip(backends).map(|(which, entry)| {
            let of = backends.len();
            let what = format!("{name}: building and checking {} ({which} of {of})", entry.name);
            sink.prepare(what);
            (entry.name, self.plan.table(entry, part))
        });
        let bench = Bench::prepare(&plan, tables, &part.targets())
            .with_context(|| format!("layout `{name}`"))
            .map_err(Failure::running)?;
        let rows_of = |planned: &Planned| {
            let Planned { question, lookups, .. } = *planned;
            let configuration = self.plan.configuration(part, question, lookups);
            rows::taking_part(self.plan, &configuration, question.target, &bench)
        };
        let mut rows: Vec<SummaryRow> = part.batches.iter().flat_map(rows_of).collect();
        let can = |question: &Question| bench.supported(question.target).next().is_some();
        if !part.questions.iter().any(can) {
            self.sink.take_part(rows)?;
            self.batches_left -= u32::try_from(part.batches.len()).unwrap_or(0);
            return Ok(()); // the rows say why
        }
        let beside = Instant::now();
        self.sink.prepare(format!("{name}: counting instructions"));
        for &question in part.questions.iter().filter(|question| can(question)) {
            self.count(part, question, &bench, &mut rows)?;
        }
        self.sink.take_part(rows)?;
        self.check(part, &bench)?;
        self.beside(beside.elapsed());
        for planned in &part.batches {
            if can(&planned.question) {
                self.measure_batch(part, &bench, planned)?;
            } else {
                self.batches_left = self.batches_left.saturating_sub(1);
            }
        }
        Ok(())
    }

    fn measure_batch(
        &mut self,
        part: &Part,
        bench: &Bench,
        planned: &Planned,
    ) -> Result<(), Failure> {
        let Planned { question, lookups, rounds, .. } = *planned;
        let configuration = self.plan.configuration(part, question, lookups);
        let per_round = bench.samples_per_round(question.target);
        let mut done = rounds_in(self.sink.count(&configuration), per_round);
        if !rounds.is_fixed() && self.sink.is_over(&configuration, done) {
            self.batches_left = self.batches_left.saturating_sub(1);
            return Ok(());
        }
        // What there is already, of a resumed run; grows with every round, where it is looked at.
        let mut samples = match rounds {
            Rounds::Fixed(_) => Vec::new(),
            Rounds::Until(_) => self.sink.samples(&configuration),
        };
        let began = Instant::now();
        let earlier = batch_time(&samples);
        let cycle = bench.cycle(question.target);
        let mut rule = Stopping::new(self.share(rounds, began, earlier), cycle, 0);
        self.batches_left = self.batches_left.saturating_sub(1);
        if !self.compares(bench, question.target) {
            rule = rule.of_nothing_to_compare();
        }
        let judging = Judging { unit: Unit::Rounds, ..self.plan.judging() };
        rule.replay(done, |then| widest(&samples[..then as usize * per_round], &judging));
        let (mut warm, mut next) = (false, Duration::ZERO);
        let limit = loop {
            let spent = earlier + began.elapsed();
            if let Some(limit) = rule.ended(done, spent, next, || widest(&samples, &judging)) {
                break limit;
            }
            self.sink.say(under_way(part, planned, done, self.plan.questions().len() > 1));
            if !warm {
                // Discarded: its times hold page faults, cold caches and untrained predictors.
                // A cold burst is meant to be like that; it only has to have met its memory.
                let lookups = question.mode.burst().unwrap_or(WARM_UP_LOOKUPS);
                let batch = self.plan.batch(part, question, lookups, (self.process, u32::MAX));
                bench.round(&batch, u32::MAX, || !interrupt::asked()).map_err(Failure::running)?;
                warm = true;
            }
            let round_began = Instant::now();
            let batch = self.plan.batch(part, question, lookups, (self.process, done));
            let Some(round) =
                bench.round(&batch, done, || !interrupt::asked()).map_err(Failure::running)?
            else {
                return Err(self.sink.interrupted());
            };
            let name = |sample: &Sample| {
                sample.backend.map_or(BASELINE, |index| self.plan.backends[index].name).to_owned()
            };
            let whose = (self.run_id.as_str(), self.process);
            let rows = rows::of_round(whose, &configuration, batch.seed, done, &round, name);
            if !rounds.is_fixed() {
                samples.extend(rows.iter().cloned()); // looked at again and again
            }
            self.sink.round(rows)?;
            next = round_began.elapsed();
            done += 1;
        };
        if rounds.is_fixed() {
            return Ok(());
        }
        let spent = earlier + began.elapsed();
        let width = widest(&samples, &judging);
        self.sink.ended(batch_end(&configuration, rounds, limit, done, spent, width))
    }

    /// The limits of a batch size, its share of the time that is left among them.
    fn share(&self, rounds: Rounds, now: Instant, earlier: Duration) -> Rounds {
        let (Rounds::Until(mut limits), Some(deadline)) = (rounds, self.deadline) else {
            return rounds;
        };
        let share = deadline.saturating_duration_since(now) / self.batches_left.max(1) + earlier;
        limits.time = Some(limits.time.map_or(share, |time| time.min(share)));
        Rounds::Until(limits)
    }

    /// Whether there is anything whose change could be known.
    fn compares(&self, bench: &Bench, target: Target) -> bool {
        let reference = self.plan.reference.name;
        bench.supported(target).any(|(_, name, _)| name == reference)
            && bench.supported(target).count() > 1
    }
}

fn under_way(part: &Part, planned: &Planned, done: u32, several: bool) -> String {
    let Planned { question, lookups, rounds, .. } = *planned;
    let of = match rounds.limits().at_most {
        u32::MAX => String::new(),
        most => format!(" of {most}"),
    };
    let what = if several { question.names().join(", ") + ", " } else { String::new() };
    format!("{}: {what}{lookups} lookups, round {}{of}", part.layout.name, done + 1)
}

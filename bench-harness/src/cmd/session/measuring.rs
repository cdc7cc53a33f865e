//! The measurement itself, in the process that does it: builds, warms up, runs rounds, and passes
//! everything on.

use std::time::{Duration, Instant};

use anyhow::Context;

use super::interrupt;
use super::plan::{Part, Plan};
use super::rounds::Rounds;
use super::sink::Sink;
use super::stopping::Stopping;
use crate::cmd::Failure;
use crate::layout::build;
use crate::measure::{Bench, Sample};
use crate::record::{
    self, BASELINE, BatchEnd, Configuration, Judging, Limit, SampleRow, Status, SummaryRow,
};
use crate::registry::Options;
use crate::stats::{Unit, rounds_needed};

/// Lookups of a warm-up batch, whatever the batches after it have: enough to fill caches and
/// predictors and to bring the processor up to speed.
const WARM_UP_LOOKUPS: u64 = 1_000_000;

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
        let batches: usize = plan.parts.iter().map(|part| part.batches.len()).sum();
        Self {
            plan,
            run_id,
            process,
            deadline: time.and_then(|time| Instant::now().checked_add(time)),
            batches_left: u32::try_from(batches).unwrap_or(u32::MAX),
            sink,
        }
    }

    /// Measures everything once.
    pub(super) fn run(&mut self) -> Result<(), Failure> {
        let plan = self.plan;
        plan.parts.iter().try_for_each(|part| self.measure(part))
    }

    /// Measures all batches of one layout.
    fn measure(&mut self, part: &Part) -> Result<(), Failure> {
        let name = &part.layout.name;
        self.sink.say(format!("{name}: building and checking"));
        let options = Options { build: self.plan.build, array_capacity: part.array_capacity };
        let plan = build::Plan { layout: &part.layout, segments: &part.segments };
        let tables =
            self.plan.backends.iter().map(|entry| (entry.name, entry.build(&plan, options)));
        let bench = Bench::prepare(&plan, tables, self.plan.target)
            .with_context(|| format!("layout `{name}`"))
            .map_err(Failure::running)?;
        let configurations = part.batches.iter().map(|&(n, _)| self.plan.configuration(part, n));
        let rows = configurations.flat_map(|it| self.rows(&it, &bench)).collect();
        self.sink.take_part(rows)?;
        if bench.supported().next().is_none() {
            self.batches_left -= u32::try_from(part.batches.len()).unwrap_or(0);
            return Ok(()); // the rows say why
        }
        part.batches
            .iter()
            .try_for_each(|&(lookups, rounds)| self.measure_batch(part, &bench, lookups, rounds))
    }

    fn measure_batch(
        &mut self,
        part: &Part,
        bench: &Bench,
        lookups: u64,
        rounds: Rounds,
    ) -> Result<(), Failure> {
        let configuration = self.plan.configuration(part, lookups);
        // What there is already, of a resumed run or of this process; grows with every round.
        let mut samples = self.sink.samples(&configuration);
        let mut done = rounds_in(&samples, bench.samples_per_round());
        if !rounds.is_fixed() && self.sink.is_over(&configuration, done) {
            self.batches_left = self.batches_left.saturating_sub(1);
            return Ok(());
        }
        let began = Instant::now();
        let earlier = batch_time(&samples);
        let mut rule = Stopping::new(self.share(rounds, began, earlier), bench.cycle(), done);
        self.batches_left = self.batches_left.saturating_sub(1);
        if !self.compares(bench) {
            rule = rule.of_nothing_to_compare();
        }
        let judging = Judging { unit: Unit::Rounds, ..self.plan.judging() };
        let mut warm = false;
        let limit = loop {
            let spent = earlier + began.elapsed();
            if let Some(limit) = rule.ended(done, spent, || widest(&samples, &judging)) {
                break limit;
            }
            self.sink.say(under_way(part, lookups, done, rounds));
            if !warm {
                // Discarded: its times hold page faults, cold caches and untrained predictors.
                let batch = self.plan.batch(part, WARM_UP_LOOKUPS, self.process, u32::MAX);
                bench.round(&batch, u32::MAX, || !interrupt::asked()).map_err(Failure::running)?;
                warm = true;
            }
            let batch = self.plan.batch(part, lookups, self.process, done);
            let Some(round) =
                bench.round(&batch, done, || !interrupt::asked()).map_err(Failure::running)?
            else {
                return Err(self.sink.interrupted());
            };
            let rows = self.sample_rows(&configuration, batch.seed, done, &round);
            if !rounds.is_fixed() {
                samples.extend(rows.iter().cloned()); // looked at again and again
            }
            self.sink.round(rows)?;
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
    fn compares(&self, bench: &Bench) -> bool {
        let reference = self.plan.reference.name;
        bench.supported().any(|(_, name, _)| name == reference) && bench.supported().count() > 1
    }

    fn sample_rows(
        &self,
        configuration: &Configuration,
        seed: u64,
        round: u32,
        samples: &[Sample],
    ) -> Vec<SampleRow> {
        samples
            .iter()
            .map(|sample| SampleRow {
                run_id: self.run_id.clone(),
                process: self.process,
                round,
                position: sample.position,
                layout: configuration.layout.clone(),
                workload: configuration.workload.clone(),
                mode: configuration.mode.clone(),
                target: configuration.target.clone(),
                rng: configuration.rng.clone(),
                lookups: configuration.lookups,
                backend: sample
                    .backend
                    .map_or(BASELINE, |index| self.plan.backends[index].name)
                    .to_owned(),
                seed,
                elapsed_ns: sample.timed.elapsed_ns,
                hits: sample.timed.answers.hits,
                checksum: sample.timed.answers.checksum,
            })
            .collect()
    }

    /// The rows of the summary for one batch: every backend asked for, in that order, and the
    /// baseline.
    fn rows(&self, configuration: &Configuration, bench: &Bench) -> Vec<SummaryRow> {
        let row = |entry: &&'static crate::registry::Entry| {
            let mut row = SummaryRow::unmeasured(configuration, entry.name);
            if let Some((_, reason)) =
                bench.unsupported().iter().find(|(name, _)| *name == entry.name)
            {
                row.status = Status::Unsupported(reason.clone());
            }
            if let Some((_, _, facts)) = bench.supported().find(|(_, name, _)| *name == entry.name)
            {
                row.build = Some(facts.built_by.as_str().to_owned());
                row.build_s = Some(facts.build_s);
                row.bytes_total = Some(facts.bytes_total);
                row.bytes_per_segment = Some(facts.bytes_total as f64 / facts.segments as f64);
            }
            row
        };
        let mut rows: Vec<SummaryRow> = self.plan.backends.iter().map(row).collect();
        if bench.supported().next().is_some() {
            rows.push(SummaryRow::unmeasured(configuration, BASELINE));
        }
        rows
    }
}

fn under_way(part: &Part, lookups: u64, done: u32, rounds: Rounds) -> String {
    let of = match rounds.limits().at_most {
        u32::MAX => String::new(),
        most => format!(" of {most}"),
    };
    format!("{}: {lookups} lookups, round {}{of}", part.layout.name, done + 1)
}

/// How many rounds are in the samples of one batch size.
pub(super) fn rounds_in(samples: &[SampleRow], per_round: usize) -> u32 {
    u32::try_from(samples.len() / per_round.max(1)).unwrap_or(u32::MAX)
}

/// How long batches took, before a resume: the rest of that time is not recorded.
fn batch_time(samples: &[SampleRow]) -> Duration {
    Duration::from_nanos(samples.iter().map(|row| row.elapsed_ns).sum())
}

/// The half-width of the least certain gross change, as a fraction; `None` if there is no interval.
pub(super) fn widest(samples: &[SampleRow], judging: &Judging<'_>) -> Option<f64> {
    record::compare_all(samples, judging)
        .iter()
        .map(|row| Some((row.gross_high_pct? - row.gross_low_pct?) / 200.0))
        .reduce(|a, b| Some(a?.max(b?)))
        .flatten()
}

fn batch_end(
    configuration: &Configuration,
    rounds: Rounds,
    limit: Limit,
    done: u32,
    spent: Duration,
    width: Option<f64>,
) -> BatchEnd {
    let wanted = rounds.limits().half_width;
    let done = u64::from(done);
    let elapsed_s = spent.as_secs_f64();
    let missing = wanted.zip(width).filter(|(wanted, width)| width > wanted);
    let more = missing.and_then(|(wanted, width)| Some(rounds_needed(done, width, wanted)? - done));
    BatchEnd {
        layout: configuration.layout.clone(),
        lookups: configuration.lookups,
        limit,
        rounds: done,
        elapsed_s,
        half_width_pct: width.map(|width| 100.0 * width),
        wanted_half_width_pct: wanted.map(percent),
        more_rounds: more,
        more_processes: None,
        more_s: more.map(|more| elapsed_s * more as f64 / done.max(1) as f64),
    }
}

/// Percent as it was typed: `0.003` is 0.3, and not 0.30000000000000004.
pub(super) fn percent(fraction: f64) -> f64 {
    (fraction * 1e11).round() / 1e9
}

//! One run, from its plan to its report: the way that `reproduce` and `compare` share.
//!
//! Everything that can be wrong with the arguments is found before anything is written. Samples are on
//! disk after each round; summary and comparison follow from them and are written whole, so that a run
//! cut off at any moment leaves nothing half-written and can be resumed.

mod folder;
mod interrupt;
mod plan;
mod progress;
mod resume;
mod steps;
mod warnings;

pub(super) use folder::{report_folder, run_id};
pub(super) use plan::{Part, Plan, Rounds};

use std::time::Duration;

use anyhow::{Context, anyhow};

use self::folder::Folder;
use self::progress::Progress;
use super::report::in_terms_of_report;
use super::{Failure, print};
use crate::cli::Output;
use crate::layout::build;
use crate::measure::{Bench, Sample};
use crate::record::{BASELINE, Configuration, Judging, SampleRow, Status, SummaryRow};
use crate::registry::Options;
use crate::{machine, record, report};

/// Lookups of a warm-up batch, whatever the batches after it have: enough to fill caches and
/// predictors and to bring the processor up to speed.
const WARM_UP_LOOKUPS: u64 = 1_000_000;

/// Measures `plan`, files it, renders it and prints it.
pub(super) fn run(plan: &Plan, output: &Output) -> Result<(), Failure> {
    plan.check()?;
    interrupt::listen();
    let mut folder = Folder::open(plan, output)?;
    if folder.is_complete(|batch, done| enough(plan, folder.samples(), batch, done), plan) {
        if !output.quiet {
            eprintln!("nothing is left to measure");
        }
    } else {
        folder = measure(plan, folder, output)?;
    }

    let run = folder.read()?;
    folder.say_warnings(&run.environment.warnings);
    let printed = print(report::terminal::tables(&run, 80));
    let rendered = report::render(&run, folder.report()).map_err(|error| {
        let dir = folder.dir().display();
        Failure::running(anyhow!(
            "{}; the measurements are safe in {dir}; `bench-harness report {dir} --report OTHER` \
             renders them",
            in_terms_of_report(&error)
        ))
    })?;
    printed?;
    if run.samples.is_empty() {
        return Err(Failure::running(anyhow!(
            "nothing was measured: no backend can do any of the layouts, for the reasons above"
        )));
    }
    if !output.quiet {
        eprintln!("samples, summary, comparison: {}", folder.dir().display());
        eprintln!(
            "{} figures and report.md: {}",
            rendered.len().saturating_sub(1),
            folder.report().display()
        );
    }
    Ok(())
}

/// Measures what is not there yet and files it.
fn measure(plan: &Plan, mut folder: Folder, output: &Output) -> Result<Folder, Failure> {
    folder.set_pinned(machine::pinning_in_words(&machine::pin_to_one_core()));
    folder.begin()?;
    let known = folder.environment.warnings.clone();
    folder.say_warnings(&known);
    let progress = Progress::new(plan, !output.quiet && !output.no_progress);
    let rows = folder.take_recorded_rows();
    let mut run = Session { plan, folder, progress, rows };
    let outcome = plan.parts.iter().try_for_each(|part| run.measure(part));
    run.progress.finish();
    let Session { mut folder, rows, .. } = run;
    let filed = folder.finish(plan, &rows, outcome.is_ok());
    outcome?;
    filed?;
    Ok(folder)
}

/// A run under way.
struct Session<'a> {
    plan: &'a Plan,
    folder: Folder,
    progress: Progress,
    /// Rows of the summary, their statistics still empty.
    rows: Vec<SummaryRow>,
}

impl Session<'_> {
    /// Measures all batches of one layout.
    fn measure(&mut self, part: &Part) -> Result<(), Failure> {
        let name = &part.layout.name;
        self.progress.say(format!("{name}: building and checking"));
        let options = Options { build: self.plan.build, array_capacity: part.array_capacity };
        let plan = build::Plan { layout: &part.layout, segments: &part.segments };
        let tables =
            self.plan.backends.iter().map(|entry| (entry.name, entry.build(&plan, options)));
        let bench = Bench::prepare(&plan, tables, self.plan.target)
            .with_context(|| format!("layout `{name}`"))
            .map_err(Failure::running)?;
        for &(lookups, _) in &part.batches {
            self.add_rows(&self.plan.configuration(part, lookups), &bench);
        }
        // From here on the folder says who takes part, which a resumed run needs to know.
        self.folder.write_summary(&self.rows)?;
        if bench.supported().next().is_none() {
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
        let mut done = self.folder.rounds_done(&configuration, bench.samples_per_round());
        self.progress.skip(self.plan, lookups, done);
        let mut warm = false;
        while !enough(self.plan, self.folder.samples(), &configuration, done) {
            self.progress.say(format!(
                "{}: {lookups} lookups, round {} of {}",
                part.layout.name,
                done + 1,
                rounds.at_most()
            ));
            if !warm {
                // Discarded: its times hold page faults, cold caches and untrained predictors.
                let batch = self.plan.batch(part, WARM_UP_LOOKUPS, u32::MAX);
                bench.round(&batch, u32::MAX, || !interrupt::asked()).map_err(Failure::running)?;
                warm = true;
            }
            let batch = self.plan.batch(part, lookups, done);
            let Some(samples) =
                bench.round(&batch, done, || !interrupt::asked()).map_err(Failure::running)?
            else {
                return Err(self.interrupted());
            };
            let elapsed_ns = samples.iter().map(|sample| sample.timed.elapsed_ns).sum();
            let rows = self.sample_rows(&configuration, batch.seed, done, &samples);
            self.folder.append(rows)?;
            self.progress.round_done(self.plan, lookups, elapsed_ns);
            done += 1;
        }
        self.progress.skip(self.plan, lookups, rounds.at_most().saturating_sub(done));
        Ok(())
    }

    fn interrupted(&self) -> Failure {
        Failure::running(anyhow!(
            "interrupted after {} samples; they are in {}, and the same command with --resume goes on",
            self.folder.samples().len(),
            self.folder.dir().display()
        ))
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
                run_id: self.folder.environment.run_id.clone(),
                process: self.folder.process(),
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
    fn add_rows(&mut self, configuration: &Configuration, bench: &Bench) {
        for entry in &self.plan.backends {
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
            self.put_row(row);
        }
        if bench.supported().next().is_some() {
            self.put_row(SummaryRow::unmeasured(configuration, BASELINE));
        }
    }

    /// A resumed run has rows from before, also of layouts that it has not come to yet.
    fn put_row(&mut self, row: SummaryRow) {
        let same = |other: &&mut SummaryRow| {
            other.backend == row.backend && other.configuration() == row.configuration()
        };
        match self.rows.iter_mut().find(same) {
            // How the table was built is recorded once: the process that began says it.
            Some(earlier) if earlier.status == row.status => {}
            Some(earlier) => *earlier = row,
            None => self.rows.push(row),
        }
    }
}

/// Whether a batch has had its rounds.
fn enough(plan: &Plan, samples: &[SampleRow], configuration: &Configuration, done: u32) -> bool {
    match plan.rounds(configuration) {
        Rounds::Fixed(rounds) => done >= rounds,
        Rounds::Until { half_width, at_least, at_most, time } => {
            done >= at_most
                || (done >= at_least && {
                    let samples: Vec<SampleRow> = samples
                        .iter()
                        .filter(|row| row.configuration() == *configuration)
                        .cloned()
                        .collect();
                    spent(&samples) >= time
                        || widest(&samples, &plan.judging()).is_some_and(|w| w <= half_width)
                })
        }
    }
}

/// How long batches took, also before a resume.
fn spent(samples: &[SampleRow]) -> Duration {
    Duration::from_nanos(samples.iter().map(|row| row.elapsed_ns).sum())
}

/// The half-width of the least certain gross change, as a fraction.
fn widest(samples: &[SampleRow], judging: &Judging<'_>) -> Option<f64> {
    record::compare_all(samples, judging)
        .iter()
        .map(|row| Some((row.gross_high_pct? - row.gross_low_pct?) / 200.0))
        .try_fold(0.0, |widest: f64, width| Some(widest.max(width?)))
}

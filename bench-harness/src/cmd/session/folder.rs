//! The folder of a run: taken over, begun anew, or gone on with; never overwritten.

mod begin;
mod count;
mod failed;
mod notes;

use std::path::{Path, PathBuf};

use anyhow::anyhow;

pub(in crate::cmd) use self::notes::{disturbance_of, note_pinned, warn};
use super::checks::Checked;
use super::claim::Claimed;
use super::part::Part;
use super::place::{command_line, now, report_folder, run_id};
use super::plan::Plan;
use super::{auto, resume, warnings};
use crate::cli::{DEFAULT_OUT, Output};
use crate::cmd::Failure;
use crate::console;
use crate::machine::{self, Disturbance};
use crate::measure::Clockwork;
use crate::record::{
    self, ChurnRun, ComparisonRow, Environment, Run, RunDir, SampleRow, SampleWriter, SelftestRun,
    SummaryRow,
};

/// A run's files, and the samples in them.
pub(super) struct Folder {
    files: RunDir,
    report: PathBuf,
    writer: Option<SampleWriter>,
    /// What was made for it, and how it was before; nothing for a resumed run.
    claimed: Option<Claimed>,
    samples: Vec<SampleRow>,
    /// twin.csv and modes.csv.
    checked: Checked,
    /// The worst that others did in any process measured since the folder was opened.
    disturbance: Option<Disturbance>,
    /// The worst that they did before a resume.
    disturbed_before: Disturbance,
    /// Of a resumed run: the rows of its summary.
    recorded_rows: Vec<SummaryRow>,
    /// environment.json, as far as it is known.
    pub(super) environment: Environment,
    resumed: bool,
    /// Which process of the run this is.
    process: u32,
    /// Warnings that were said already.
    said: Vec<String>,
    is_default: bool,
    quiet: bool,
}

impl Folder {
    /// Settles which run is to be filed where, and what of the plan the machine decides or, of a run
    /// that goes on, has decided. Nothing is written yet, but for putting right the samples of a
    /// resumed run.
    ///
    /// # Errors
    /// A folder that holds a run already; a resumed run that measured something else.
    pub(super) fn open(plan: &mut Plan, output: &Output) -> Result<Self, Failure> {
        let is_default = output.out == Path::new(DEFAULT_OUT);
        let report = report_folder(&output.out);
        let files = RunDir::at(&output.out);
        if SelftestRun::is_in(&output.out) {
            return Err(Failure::input(anyhow!(
                "--out {}: a self-test is filed there; give the run a folder of its own",
                output.out.display()
            )));
        }
        if ChurnRun::is_in(&output.out) {
            return Err(Failure::input(anyhow!(
                "--out {}: a run of plug and unplug is filed there; give this one a folder of its own",
                output.out.display()
            )));
        }
        let taken = files.holds_run();
        if taken && !output.resume && !is_default {
            return Err(Failure::input(anyhow!(
                "--out {}: a run is filed there already; --resume goes on with it, another folder \
                 keeps both",
                output.out.display()
            )));
        }
        if !taken && let Some(other) = files.all().into_iter().find(|path| path.exists()) {
            return Err(Failure::input(anyhow!(
                "--out {}: there is no run (no samples.csv), but a file that a run would replace, {}; \
                 give the run a folder of its own",
                output.out.display(),
                other.display()
            )));
        }
        let mut environment = machine::capture();
        if taken && output.resume {
            // Held against the rest of what is recorded below; what cannot be read is said there.
            if let Ok(recorded) = record::read_environment(&files.environment()) {
                plan.settle_as(&recorded.plan);
            }
        } else {
            if !output.quiet && plan.parts.iter().any(|part| !part.auto.is_empty()) {
                eprintln!(
                    "timing lookups, to see how many suit a batch; that takes a table a layout"
                );
            }
            let clock = Clockwork {
                resolution_ns: environment.timer_resolution_ns,
                overhead_ns: environment.timer_overhead_ns,
            };
            auto::settle(plan, clock);
        }
        environment.run_id = run_id();
        environment.seed = plan.seed;
        environment.plan = plan.to_json();
        environment.command_line = command_line();
        environment.started = now();
        let mut folder = Self {
            files,
            report,
            writer: None,
            claimed: None,
            samples: Vec::new(),
            recorded_rows: Vec::new(),
            checked: Checked::default(),
            disturbance: None,
            disturbed_before: Disturbance::default(),
            environment,
            resumed: false,
            process: 0,
            said: Vec::new(),
            is_default,
            quiet: output.quiet,
        };
        if taken && output.resume {
            let resumed =
                resume::take_over(&folder.files, &folder.environment, plan, output.quiet)?;
            folder.disturbed_before = disturbance_of(&resumed.environment);
            folder.environment = resumed.environment;
            folder.process = resumed.process;
            folder.samples = resumed.samples;
            folder.recorded_rows = resumed.rows;
            let files = &folder.files;
            folder.checked = Checked {
                twin: record::read_twin(&files.twin()).map_err(Failure::input)?,
                modes: record::read_modes(&files.modes()).map_err(Failure::input)?,
            };
            folder.resumed = true;
        } else if output.resume && !output.quiet {
            eprintln!("nothing to resume in {}: beginning anew", output.out.display());
        }
        Ok(folder)
    }

    /// The warnings of a run that was read from here as they are said.
    pub(super) fn warnings_of(&self, run: &Run) -> Vec<String> {
        warnings::in_few_words(run, &self.files)
    }

    /// Prints warnings that were not printed before.
    pub(super) fn say_warnings(&mut self, warnings: &[String]) {
        for warning in warnings {
            if !self.quiet && !self.said.contains(warning) {
                console::warning(warning);
                self.said.push(warning.clone());
            }
        }
    }

    /// Notes where process `process` measures; what is recorded is the first that is known, also of a
    /// run that goes on.
    ///
    /// # Errors
    /// environment.json cannot be written.
    pub(super) fn set_pinned(&mut self, pinned: String, process: u32) -> Result<(), Failure> {
        note_pinned(&mut self.environment, pinned, &format!("process {process}"));
        if self.writer.is_some() { self.write_environment() } else { Ok(()) }
    }

    /// Which process of the run this is, from 0.
    pub(super) fn process(&self) -> u32 {
        self.process
    }

    /// The rows of a resumed run's summary, which hold who takes part in what.
    pub(super) fn take_recorded_rows(&mut self) -> Vec<SummaryRow> {
        std::mem::take(&mut self.recorded_rows)
    }

    /// Appends a round.
    pub(super) fn append(&mut self, rows: Vec<SampleRow>) -> Result<(), Failure> {
        if let Some(writer) = &mut self.writer {
            writer.write_round(&rows).map_err(Failure::running)?;
        }
        self.samples.extend(rows);
        Ok(())
    }

    /// Replaces environment.json by what is known by now.
    pub(super) fn write_environment(&self) -> Result<(), Failure> {
        record::write_environment(&self.files.environment(), &self.environment)
            .map_err(Failure::running)
    }

    /// Writes summary.csv, with the statistics of what has been measured so far, and returns it.
    pub(super) fn write_summary(&self, rows: &[SummaryRow]) -> Result<Vec<SummaryRow>, Failure> {
        let rows = record::summarise(&self.samples, rows);
        record::write_summary(&self.files.summary(), &rows).map_err(Failure::running)?;
        Ok(rows)
    }

    /// Writes what follows from the samples, and when the run ended if it did.
    pub(super) fn finish(
        &mut self,
        plan: &Plan,
        rows: &[SummaryRow],
        complete: bool,
    ) -> Result<(), Failure> {
        let summary = self.write_summary(rows)?;
        let mut comparison = compared(plan, &record::compared(&self.samples, rows));
        for row in &mut comparison {
            row.floor_pct = record::floor_pct(&self.checked.twin, &row.configuration());
        }
        record::write_comparison(&self.files.comparison(), &comparison)
            .map_err(Failure::running)?;
        // What others did is lost with this process, so it is noted also of a run that is cut off.
        let by_others = self.disturbance.as_ref().map(Disturbance::warnings);
        warn(&mut self.environment, by_others.into_iter().flatten());
        if complete {
            self.environment.ended = Some(now());
            self.environment.load_after = machine::load_average();
            let of_figures = warnings::of_figures(&summary, self.environment.timer_overhead_ns);
            let of_samples = warnings::of_drifts(&record::drifts(&self.samples));
            let all = of_figures.into_iter().chain(of_samples);
            warn(&mut self.environment, all.map(|warning| warning.words));
        }
        self.write_environment()
    }

    /// Whether a layout has not been checked yet.
    pub(super) fn wants_checks(&self, part: &Part) -> bool {
        !self.checked.is_of(part)
    }

    /// The layouts that have been checked.
    pub(super) fn checked_layouts(&self, plan: &Plan) -> Vec<String> {
        let checked = plan.parts.iter().filter(|part| self.checked.is_of(part));
        checked.map(|part| part.layout.name.clone()).collect()
    }

    /// Files the checks of one more layout. Of a check that was cut off between its two files the first
    /// may be there already; it is replaced.
    ///
    /// # Errors
    /// twin.csv or modes.csv cannot be written.
    pub(super) fn add_checks(&mut self, checked: Checked) -> Result<(), Failure> {
        self.checked.replace(checked);
        record::write_twin(&self.files.twin(), &self.checked.twin).map_err(Failure::running)?;
        record::write_modes(&self.files.modes(), &self.checked.modes).map_err(Failure::running)
    }

    /// Notes what others did while a process measured. The record holds the worst of the whole run;
    /// warnings are about this part of it, since how long the others took is not recorded.
    pub(super) fn disturbed(&mut self, by: Disturbance) {
        let worst = self.disturbance.map_or(by, |earlier| earlier.worse(by));
        worst.worse(self.disturbed_before).note_in(&mut self.environment);
        self.disturbance = Some(worst);
    }

    /// Reads back what was written: what is shown is what is on disk.
    pub(super) fn read(&self) -> Result<Run, Failure> {
        self.files.read().map_err(Failure::running)
    }

    /// samples.csv.
    pub(super) fn samples_file(&self) -> PathBuf {
        self.files.samples()
    }

    pub(super) fn dir(&self) -> &Path {
        self.files.folder()
    }

    pub(super) fn report(&self) -> &Path {
        &self.report
    }

    pub(super) fn samples(&self) -> &[SampleRow] {
        &self.samples
    }
}

/// The rows of comparison.csv, within a configuration in the order in which backends were named.
fn compared(plan: &Plan, samples: &[SampleRow]) -> Vec<ComparisonRow> {
    let mut rows = record::compare_all(samples, &plan.judging());
    let place =
        |row: &ComparisonRow| plan.backends.iter().position(|entry| entry.name == row.backend);
    for group in rows.chunk_by_mut(|a, b| a.configuration() == b.configuration()) {
        group.sort_by_key(place);
    }
    rows
}

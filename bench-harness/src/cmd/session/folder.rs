//! The folder of a run: taken over, begun anew, or gone on with; never overwritten.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, anyhow};

use super::plan::Plan;
use super::{resume, warnings};
use crate::cli::{DEFAULT_OUT, Output};
use crate::cmd::Failure;
use crate::machine;
use crate::record::{
    self, ComparisonRow, Configuration, Environment, RecordError, Run, RunDir, SampleRow,
    SampleWriter, SummaryRow,
};

/// Where the report of the run in `out` goes: beside the results by default, elsewhere into a folder
/// of the run's.
pub(in crate::cmd) fn report_folder(out: &Path) -> PathBuf {
    if out.components().eq(Path::new(DEFAULT_OUT).components()) {
        PathBuf::from("report/latest")
    } else {
        out.join("report")
    }
}

/// A run's files, and the samples in them.
pub(super) struct Folder {
    files: RunDir,
    report: PathBuf,
    writer: Option<SampleWriter>,
    samples: Vec<SampleRow>,
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
    /// Settles which run is to be filed where. Nothing is written yet, but for putting right the
    /// samples of a resumed run.
    ///
    /// # Errors
    /// A folder that holds a run already; a resumed run that measured something else.
    pub(super) fn open(plan: &Plan, output: &Output) -> Result<Self, Failure> {
        let is_default = output.out == Path::new(DEFAULT_OUT);
        let report = report_folder(&output.out);
        let files = RunDir::at(&output.out);
        let taken = files.holds_run();
        let mut environment = machine::capture();
        environment.run_id = run_id();
        environment.seed = plan.seed;
        environment.plan = plan.to_json();
        environment.command_line = command_line();
        environment.started = now();
        let mut folder = Self {
            files,
            report,
            writer: None,
            samples: Vec::new(),
            recorded_rows: Vec::new(),
            environment,
            resumed: false,
            process: 0,
            said: Vec::new(),
            is_default,
            quiet: output.quiet,
        };
        if taken && output.resume {
            let resumed = resume::take_over(&folder.files, &folder.environment, output.quiet)?;
            folder.environment = resumed.environment;
            let earlier = resumed.samples.iter().map(|row| row.process).max();
            folder.process = earlier.map_or(0, |process| process.saturating_add(1));
            folder.samples = resumed.samples;
            folder.recorded_rows = resumed.rows;
            folder.resumed = true;
        } else if taken && !is_default {
            return Err(Failure::input(anyhow!(
                "--out {}: a run is filed there already; --resume goes on with it, another folder \
                 keeps both",
                output.out.display()
            )));
        } else if output.resume && !output.quiet {
            eprintln!("nothing to resume in {}: beginning anew", output.out.display());
        }
        Ok(folder)
    }

    /// Creates the folder and its first files. A run that is there already by default is moved
    /// aside.
    ///
    /// # Errors
    /// A folder that cannot be made or written: bad input, since nothing has been measured yet.
    pub(super) fn begin(&mut self) -> Result<(), Failure> {
        let dir = self.files.folder().to_owned();
        let (environment, samples) = (self.files.environment(), self.files.samples());
        if self.resumed {
            self.environment.ended = None;
            record::write_environment(&environment, &self.environment).map_err(Failure::input)?;
            self.writer = Some(SampleWriter::append(&samples).map_err(Failure::input)?);
            return Ok(());
        }
        let mut aside = None;
        if self.is_default && self.files.holds_run() {
            self.files.refuse_if_in_use().map_err(Failure::input)?;
            let name = set_aside(&self.files)?;
            fs::rename(&dir, &name)
                .with_context(|| format!("cannot move {} to {}", dir.display(), name.display()))
                .map_err(Failure::input)?;
            aside = Some(name);
        }
        let missing = missing_folders(&dir);
        if let Err(error) = self.create() {
            // Nothing that was not there before is left behind; folders go only if empty.
            for folder in &missing {
                let _ = fs::remove_dir(folder);
            }
            if let Some(aside) = aside {
                let _ = fs::rename(aside, &dir);
            }
            return Err(Failure::input(error));
        }
        if let Some(aside) = aside.filter(|_| !self.quiet) {
            eprintln!("the run in {} is now {}", dir.display(), aside.display());
        }
        Ok(())
    }

    /// Makes the folder, claims it by its samples, and only then writes the rest; files made here are
    /// removed again if that fails.
    fn create(&mut self) -> Result<(), RecordError> {
        let (environment, samples) = (self.files.environment(), self.files.samples());
        RunDir::create(self.files.folder())?;
        if samples.exists() {
            // Another process came first since this one looked.
            return Err(RecordError::InUse { path: samples });
        }
        self.environment.warnings = machine::warnings(&self.environment);
        let writer = SampleWriter::create(&samples).inspect_err(|error| {
            if !matches!(error, RecordError::InUse { .. }) {
                let _ = fs::remove_file(&samples);
            }
        })?;
        record::write_environment(&environment, &self.environment).inspect_err(|_| {
            let _ = fs::remove_file(&samples);
        })?;
        self.writer = Some(writer);
        Ok(())
    }

    /// Prints warnings that were not printed before.
    pub(super) fn say_warnings(&mut self, warnings: &[String]) {
        for warning in warnings {
            if !self.quiet && !self.said.contains(warning) {
                eprintln!("warning: {warning}");
                self.said.push(warning.clone());
            }
        }
    }

    /// Notes where this process is pinned. A resumed run keeps what it began with.
    pub(super) fn set_pinned(&mut self, pinned: String) {
        if !self.resumed {
            self.environment.pinned = pinned;
        } else if self.environment.pinned != pinned {
            let warning = format!(
                "the run was begun with `{}` and resumed with `{pinned}`: cores may differ in \
                 speed and in what else runs there.",
                self.environment.pinned
            );
            if !self.environment.warnings.contains(&warning) {
                self.environment.warnings.push(warning);
            }
        }
    }

    /// Whether a resumed run had ended, with every round of `plan` on disk.
    pub(super) fn is_complete(
        &self,
        enough: impl Fn(&Configuration, u32) -> bool,
        plan: &Plan,
    ) -> bool {
        let mut batches = plan.parts.iter().flat_map(|part| {
            part.batches.iter().map(|&(lookups, _)| plan.configuration(part, lookups))
        });
        self.resumed
            && self.environment.ended.is_some()
            && self.files.comparison().exists()
            && batches.all(|configuration| {
                let mut rows = self.recorded_rows.iter();
                let planned = rows.any(|row| row.configuration() == configuration);
                let per_round = resume::samples_per_round(&self.recorded_rows, &configuration);
                planned
                    && (per_round == 0
                        || enough(&configuration, self.rounds_done(&configuration, per_round)))
            })
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

    /// How many rounds of a batch are on disk.
    pub(super) fn rounds_done(&self, configuration: &Configuration, per_round: usize) -> u32 {
        let rows = self.samples.iter().filter(|row| row.configuration() == *configuration).count();
        u32::try_from(rows / per_round.max(1)).unwrap_or(u32::MAX)
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
        let comparison = compared(plan, &self.samples);
        record::write_comparison(&self.files.comparison(), &comparison)
            .map_err(Failure::running)?;
        if complete {
            self.environment.ended = Some(now());
            self.environment.load_after = machine::load_average();
            for warning in warnings::of_figures(&summary, self.environment.timer_overhead_ns) {
                if !self.environment.warnings.contains(&warning) {
                    self.environment.warnings.push(warning);
                }
            }
            record::write_environment(&self.files.environment(), &self.environment)
                .map_err(Failure::running)?;
        }
        Ok(())
    }

    /// Reads back what was written: what is shown is what is on disk.
    pub(super) fn read(&self) -> Result<Run, Failure> {
        self.files.read().map_err(Failure::running)
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
    for group in rows.chunk_by_mut(|a, b| (&a.layout, a.lookups) == (&b.layout, b.lookups)) {
        group.sort_by_key(place);
    }
    rows
}

/// The folder and those above it that are not there yet, innermost first.
fn missing_folders(folder: &Path) -> Vec<PathBuf> {
    let missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    folder.ancestors().take_while(missing).map(Path::to_owned).collect()
}

/// Where the run in the default folder goes: beside it, named after itself.
fn set_aside(files: &RunDir) -> Result<PathBuf, Failure> {
    let name = record::read_environment(&files.environment())
        .map_or_else(|_| format!("before-{}", run_id()), |environment| environment.run_id);
    let parent = files.folder().parent().unwrap_or(Path::new("."));
    (0..100)
        .map(|copy| match copy {
            0 => parent.join(&name),
            _ => parent.join(format!("{name}-{copy}")),
        })
        .find(|path| !path.exists())
        .ok_or_else(|| {
            Failure::input(anyhow!(
                "{} holds a run and no name is left to move it to; use --out",
                files.folder().display()
            ))
        })
}

/// Start and process, so that two runs never share a name: `20261121T024057Z-1f3a`.
pub(in crate::cmd) fn run_id() -> String {
    let stamp: String = now().chars().filter(|c| !matches!(c, '-' | ':')).collect();
    format!("{stamp}-{:04x}", std::process::id() & 0xffff)
}

/// The moment, RFC 3339, UTC, to the second.
fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}

/// The command line, the program without its folder, which means nothing elsewhere.
fn command_line() -> Vec<String> {
    let mut words = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    let program = words.next().unwrap_or_default();
    let name = Path::new(&program).file_name().map(|name| name.to_string_lossy().into_owned());
    name.into_iter().chain(words).collect()
}

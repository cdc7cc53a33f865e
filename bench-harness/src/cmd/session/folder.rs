//! The folder of a run: taken over, begun anew, or gone on with; never overwritten.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, anyhow};

use super::plan::Plan;
use crate::cli::{DEFAULT_OUT, Output};
use crate::cmd::Failure;
use crate::machine;
use crate::record::{
    self, ComparisonRow, Configuration, Environment, Run, RunDir, SampleRow, SampleWriter,
    SummaryRow,
};

/// Where the report goes for [`DEFAULT_OUT`]; elsewhere it is a folder of the run's.
const DEFAULT_REPORT: &str = "report/latest";

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
    is_default: bool,
}

impl Folder {
    /// Settles which run is to be filed where. Nothing is written yet, but for putting right the
    /// samples of a resumed run.
    ///
    /// # Errors
    /// A folder that holds a run already; a resumed run that measured something else.
    pub(super) fn open(plan: &Plan, output: &Output) -> Result<Self, Failure> {
        let is_default = output.out == Path::new(DEFAULT_OUT);
        let report = if is_default { DEFAULT_REPORT.into() } else { output.out.join("report") };
        let files = RunDir::at(&output.out);
        let taken = files.holds_run();
        let mut environment = machine::capture();
        environment.run_id = run_id();
        environment.seed = plan.seed;
        environment.plan = plan.to_json();
        environment.command_line = std::env::args().collect();
        environment.started = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        let mut folder = Self {
            files,
            report,
            writer: None,
            samples: Vec::new(),
            recorded_rows: Vec::new(),
            environment,
            resumed: false,
            is_default,
        };
        if taken && output.resume {
            folder.resume(output)?;
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

    /// Takes over the run in the folder, if it measured the same on the same machine.
    fn resume(&mut self, output: &Output) -> Result<(), Failure> {
        let out = output.out.display();
        let recorded = record::read_environment(&self.files.environment())
            .context("--resume needs to know what the run was to measure")
            .map_err(Failure::input)?;
        if let Some(what) = difference(&recorded.plan, &self.environment.plan) {
            return Err(Failure::input(anyhow!(
                "--resume: the run in {out} was begun with another {what}; give the same arguments, \
                 or another --out"
            )));
        }
        let here = &self.environment;
        if (&recorded.cpu_model, &recorded.kernel) != (&here.cpu_model, &here.kernel) {
            return Err(Failure::input(anyhow!(
                "--resume: the run in {out} was begun on another machine ({}, {}); samples of two \
                 machines cannot be one run, so give another --out",
                recorded.cpu_model,
                recorded.kernel
            )));
        }
        let recorded_rows = if self.files.summary().exists() {
            record::read_summary(&self.files.summary()).map_err(Failure::input)?
        } else {
            Vec::new()
        };
        let recovered = record::recover_samples(&self.files.samples(), |last_round| {
            last_round.len() == samples_per_round(&recorded_rows, &last_round[0].configuration())
        })
        .map_err(Failure::input)?;
        if !output.quiet {
            eprintln!(
                "going on with {} after {} samples{}",
                recorded.run_id,
                recovered.rows.len(),
                if recovered.dropped_lines > 0 {
                    " (a round that was cut off is dropped)"
                } else {
                    ""
                }
            );
        }
        let warnings = (recorded.tool_commit != here.tool_commit).then(|| {
            format!(
                "the run was begun by commit {} and resumed by {}",
                recorded.tool_commit, here.tool_commit
            )
        });
        self.environment = Environment { ended: None, ..recorded };
        self.environment.warnings.extend(warnings);
        self.samples = recovered.rows;
        self.recorded_rows = recorded_rows;
        self.resumed = true;
        Ok(())
    }

    /// Creates the folder and its first files. A run that is there already by default is moved
    /// aside.
    pub(super) fn begin(&mut self) -> Result<(), Failure> {
        let dir = self.files.folder().to_owned();
        if self.resumed {
            self.write_environment()?;
            self.writer =
                Some(SampleWriter::append(&self.files.samples()).map_err(Failure::running)?);
            return Ok(());
        }
        if self.is_default && self.files.holds_run() {
            self.files.refuse_if_in_use().map_err(Failure::input)?;
            let aside = set_aside(&self.files)?;
            fs::rename(&dir, &aside)
                .with_context(|| format!("cannot move {} to {}", dir.display(), aside.display()))
                .map_err(Failure::running)?;
            eprintln!("the run in {} is now {}", dir.display(), aside.display());
        }
        RunDir::create(&dir).map_err(Failure::input)?;
        self.environment.warnings = machine::warnings(&self.environment);
        self.write_environment()?;
        self.writer = Some(SampleWriter::create(&self.files.samples()).map_err(Failure::running)?);
        Ok(())
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

    /// Writes summary.csv, with the statistics of what has been measured so far.
    pub(super) fn write_summary(&self, rows: &[SummaryRow]) -> Result<(), Failure> {
        let rows = record::summarise(&self.samples, rows);
        record::write_summary(&self.files.summary(), &rows).map_err(Failure::running)
    }

    /// Writes what follows from the samples, and when the run ended if it did.
    pub(super) fn finish(
        &mut self,
        plan: &Plan,
        rows: &[SummaryRow],
        complete: bool,
    ) -> Result<(), Failure> {
        self.write_summary(rows)?;
        let comparison = compared(plan, &self.samples);
        record::write_comparison(&self.files.comparison(), &comparison)
            .map_err(Failure::running)?;
        if complete {
            self.environment.ended =
                Some(humantime::format_rfc3339_seconds(SystemTime::now()).to_string());
            self.environment.load_after = machine::load_average();
            self.write_environment()?;
        }
        Ok(())
    }

    fn write_environment(&self) -> Result<(), Failure> {
        record::write_environment(&self.files.environment(), &self.environment)
            .map_err(Failure::running)
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
    let mut rows = record::compare_all(samples, plan.reference.name);
    let place =
        |row: &ComparisonRow| plan.backends.iter().position(|entry| entry.name == row.backend);
    for group in rows.chunk_by_mut(|a, b| (&a.layout, a.lookups) == (&b.layout, b.lookups)) {
        group.sort_by_key(place);
    }
    rows
}

/// How many samples a round of `configuration` has, by the recorded summary.
fn samples_per_round(rows: &[SummaryRow], configuration: &Configuration) -> usize {
    rows.iter()
        .filter(|row| row.configuration() == *configuration && row.status == record::Status::Ok)
        .count()
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
fn run_id() -> String {
    let now = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let stamp: String = now.chars().filter(|c| !matches!(c, '-' | ':')).collect();
    format!("{stamp}-{:04x}", std::process::id() & 0xffff)
}

/// The first entry in which two plans differ.
fn difference(recorded: &serde_json::Value, wanted: &serde_json::Value) -> Option<String> {
    if recorded == wanted {
        return None;
    }
    let keys = wanted.as_object().into_iter().flat_map(|entries| entries.keys());
    keys.into_iter()
        .find(|key| recorded.get(key.as_str()) != wanted.get(key.as_str()))
        .map_or_else(|| Some("plan".to_owned()), |key| Some(format!("`{key}`")))
}

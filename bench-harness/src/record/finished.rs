//! Whether a run is fit to be kept: ended, whole, and what follows from its samples is what its files say.

use std::path::PathBuf;

use std::path::Path;

use super::{
    ChurnRun, Environment, Judging, RecordError, Run, RunDir, STATISTICS_VERSION, SampleRow,
    Status, SummaryRow, UNKNOWN, agree::same_figures, compare_all, compared, read_churn_summary,
    read_environment, read_modes, read_twin,
};

/// Why a run is not fit to be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnfitError {
    /// A file is missing, cannot be read, or contradicts another.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// comparison.csv, or churn-summary.csv, is of other formulas than those that would be filed today.
    #[error(
        "{}: the figures are of version {found} of the statistics, and {STATISTICS_VERSION} is current; \
         `bench-harness report --refile {0}` computes them anew", folder.display()
    )]
    Statistics {
        /// The folder.
        folder: PathBuf,
        /// The version.
        found: u32,
    },
    /// Not measured to the end.
    #[error(
        "{}: the run was cut off or is still going on; finish it with the same command and `--resume`, or file it \
         as it is with `--unfinished`", folder.display()
    )]
    Interrupted {
        /// The folder.
        folder: PathBuf,
    },
    /// A backend failed while it was measured.
    #[error(
        "{}: {backend} failed on {layout}: {reason}; file the run all the same with `--failed`", folder.display()
    )]
    Failed {
        /// The folder.
        folder: PathBuf,
        /// Who.
        backend: String,
        /// Where.
        layout: String,
        /// How.
        reason: String,
    },
    /// environment.json does not say something that nothing else can tell.
    #[error("{}: nothing is said of `{key}`; a record has to tell that, so measure the run again", path.display())]
    Incomplete {
        /// The file.
        path: PathBuf,
        /// The key.
        key: &'static str,
    },
    /// Samples of another run.
    #[error(
        "{}, row {row}: a sample of run `{found}`, and environment.json is of run `{expected}`; the files were mixed, \
         so restore them", path.display()
    )]
    OtherRun {
        /// The file.
        path: PathBuf,
        /// The row, from 1 without the header.
        row: usize,
        /// The run of the sample.
        found: String,
        /// The run of the environment.
        expected: String,
    },
    /// comparison.csv is empty, and the samples hold comparisons.
    #[error(
        "{}: no rows, but the samples hold {rows} comparisons with {reference}; the file was edited, so restore it",
        path.display()
    )]
    NoComparison {
        /// The file.
        path: PathBuf,
        /// How many there should be.
        rows: usize,
        /// With what.
        reference: String,
    },
}

/// What is let pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Lenience {
    /// A run that has not ended.
    pub unfinished: bool,
    /// Backends that failed.
    pub failed: bool,
}

/// Reads a run that is to be kept, and refuses it where something is missing or wrong.
///
/// # Errors
/// [`UnfitError`]: the first thing that is wrong, the gravest first.
pub fn read_finished(files: &RunDir, lenience: Lenience) -> Result<Run, UnfitError> {
    files.refuse_if_in_use()?;
    for path in files.all() {
        // `read` does without some of them, since records of earlier programs lack them.
        if !path.is_file() {
            return Err(RecordError::Missing { path }.into());
        }
    }
    let found = read_environment(&files.environment())?.statistics_version;
    if found < STATISTICS_VERSION {
        return Err(UnfitError::Statistics { folder: files.folder().to_owned(), found });
    }
    let run = files.read()?;
    let (twin, modes) = (read_twin(&files.twin())?, read_modes(&files.modes())?);
    complete(&files.environment(), &run.environment)?;
    for (path, rows) in
        [(files.samples(), &run.samples), (files.twin(), &twin), (files.modes(), &modes)]
    {
        same_run(path, rows, &run.environment.run_id)?;
    }
    compared_at_all(files, &run)?;
    let rows = run.summary.iter().map(|row: &SummaryRow| (&row.layout, &row.backend, &row.status));
    ended_well(files.folder(), &run.environment, rows, lenience)?;
    Ok(run)
}

/// The same for the folder of a run of `churn`.
///
/// # Errors
/// [`UnfitError`]: the first thing that is wrong, the gravest first.
pub fn read_finished_churn(folder: &Path, lenience: Lenience) -> Result<ChurnRun, UnfitError> {
    ChurnRun::refuse_if_in_use(folder)?;
    for path in ChurnRun::all(folder) {
        if !path.is_file() {
            return Err(RecordError::Missing { path }.into());
        }
    }
    let found = read_environment(&ChurnRun::environment(folder))?.statistics_version;
    if found < STATISTICS_VERSION {
        return Err(UnfitError::Statistics { folder: folder.to_owned(), found });
    }
    let run = ChurnRun::read(folder)?;
    // `read` computes the figures anew; the file that would be kept has to have the same.
    let path = ChurnRun::summary(folder);
    for (row, (filed, computed)) in read_churn_summary(&path)?.iter().zip(&run.summary).enumerate()
    {
        same_figures(&path, row, filed, computed)?;
    }
    complete(&ChurnRun::environment(folder), &run.environment)?;
    let rows = run.summary.iter().map(|row| (&row.layout, &row.backend, &row.status));
    ended_well(folder, &run.environment, rows, lenience)?;
    Ok(run)
}

/// Refuses a run that was cut off, or in which a backend failed, if that is not let pass.
fn ended_well<'r>(
    folder: &Path,
    environment: &Environment,
    mut rows: impl Iterator<Item = (&'r String, &'r String, &'r Status)>,
    lenience: Lenience,
) -> Result<(), UnfitError> {
    let folder = folder.to_owned();
    if environment.ended.is_none() && !lenience.unfinished {
        return Err(UnfitError::Interrupted { folder });
    }
    let failed = rows.find(|(.., status)| matches!(status, Status::Failed(_)));
    match failed.filter(|_| !lenience.failed) {
        None => Ok(()),
        Some((layout, backend, status)) => Err(UnfitError::Failed {
            folder,
            backend: backend.clone(),
            layout: layout.clone(),
            reason: status.reason().unwrap_or_default().to_owned(),
        }),
    }
}

/// Refuses an environment that lacks what no other file can tell.
fn complete(path: &Path, of: &Environment) -> Result<(), UnfitError> {
    let texts = [
        ("tool_version", &of.tool_version),
        ("tool_commit", &of.tool_commit),
        ("run_id", &of.run_id),
        ("started", &of.started),
        ("compiler", &of.compiler),
        ("kernel", &of.kernel),
    ];
    let lacking = texts.into_iter().find(|(_, text)| text.trim().is_empty()).map(|(key, _)| key);
    let command = of.command_line.is_empty().then_some("command_line");
    let plan = of.plan.is_null().then_some("plan");
    match lacking.or(command).or(plan) {
        Some(key) => Err(UnfitError::Incomplete { path: path.to_owned(), key }),
        None => Ok(()),
    }
}

/// Refuses samples of another run than `expected`.
fn same_run(path: PathBuf, samples: &[SampleRow], expected: &str) -> Result<(), UnfitError> {
    match samples.iter().position(|row| row.run_id != expected) {
        None => Ok(()),
        Some(index) => Err(UnfitError::OtherRun {
            path,
            row: index + 1,
            found: samples[index].run_id.clone(),
            expected: expected.to_owned(),
        }),
    }
}

/// Rows that are there were computed again; of a file without any, only the plan tells who the reference was.
fn compared_at_all(files: &RunDir, run: &Run) -> Result<(), UnfitError> {
    let reference = run.environment.plan.get("reference").and_then(serde_json::Value::as_str);
    let Some(reference) = reference.filter(|_| run.comparison.is_empty()) else { return Ok(()) };
    let rows =
        compare_all(&compared(&run.samples, &run.summary), &Judging::against(reference)).len();
    if rows == 0 {
        return Ok(());
    }
    let reference = reference.to_owned();
    Err(UnfitError::NoComparison { path: files.comparison(), rows, reference })
}

/// Whether the program was built from a commit that anybody can look at: a known one, and nothing besides.
pub fn is_clean_commit(commit: &str) -> bool {
    !commit.is_empty() && commit != UNKNOWN && !commit.ends_with("-dirty")
}

//! What can go wrong with a record on disk, in words that name the place and the way out.

use std::{io, path::PathBuf};

/// Why a record could not be read or written. Lines count from 1 and include the header.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The system refused; `doing` says what was tried.
    #[error("{}: cannot {doing}: {source}{}", path.display(), advice(source))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, to follow "cannot".
        doing: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// Nothing of that name.
    #[error(
        "{}: no such file or folder; check the path, or record a run with `bench-harness compare --out DIR`",
        path.display()
    )]
    Missing {
        /// The file or folder.
        path: PathBuf,
    },
    /// A pipe or a device.
    #[error("{}: not a regular file; give the files of a recorded run", path.display())]
    NotRegular {
        /// The path.
        path: PathBuf,
    },
    /// A file where a run's folder is asked for.
    #[error("{}: is a file; give the folder of the run", path.display())]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// A folder without a single sample in it.
    #[error(
        "{}: holds no run (no samples.csv); record one with `bench-harness compare --out {0}`",
        folder.display()
    )]
    NoRun {
        /// The folder.
        folder: PathBuf,
    },
    /// Samples are there, what follows from them is not.
    #[error(
        "{}: has samples.csv but no {missing}: {}",
        folder.display(), way_back(missing)
    )]
    Unfinished {
        /// The folder.
        folder: PathBuf,
        /// The first file that is missing.
        missing: &'static str,
    },
    /// Another process is writing this file.
    #[error(
        "{}: another run is writing here; wait for it to end, or give a different folder with `--out`",
        path.display()
    )]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The first line is not the header of this kind of file.
    #[error(
        "{}, line 1: expected the columns `{expected}`, found {}; is this the right file, and written by this version?",
        path.display(), quoted_or_nothing(found)
    )]
    Header {
        /// The file.
        path: PathBuf,
        /// The line found.
        found: String,
        /// The line expected.
        expected: String,
    },
    /// The last line stops in mid-row.
    #[error(
        "{}, line {line}: the last line stops in mid-row, so the run was cut off while writing; `--resume` goes on from the last complete round, or delete the line",
        path.display()
    )]
    TornLine {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
    },
    /// A row with too few or too many fields.
    #[error(
        "{}, line {line}: expected {expected} fields, found {found}; mend it, or delete all lines of its round",
        path.display()
    )]
    FieldCount {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
        /// Number of fields found.
        found: usize,
        /// Number of columns.
        expected: usize,
    },
    /// A field that is not what its column holds.
    #[error(
        "{}, line {line}, column `{column}`: expected {expected}, found `{found}`; mend it, or delete all lines of its round",
        path.display()
    )]
    Field {
        /// The file.
        path: PathBuf,
        /// The line.
        line: u64,
        /// The column.
        column: &'static str,
        /// The text found.
        found: String,
        /// What the column holds, in words.
        expected: &'static str,
    },
    /// Two batches of one backend in one round.
    #[error(
        "{}, line {line}: the same batch as line {first_line} (equal run, process, round, configuration and backend); delete one of them",
        path.display()
    )]
    Duplicate {
        /// The file.
        path: PathBuf,
        /// The second of the two lines.
        line: u64,
        /// The first of the two lines.
        first_line: u64,
    },
    /// Two files of a run contradict each other. Rows count from 1 without the header.
    #[error(
        "{}, row {row}, column `{column}`: found `{found}`, but by the other files of the run it should be `{expected}`; one of them was edited, so restore it",
        path.display()
    )]
    Disagrees {
        /// The file.
        path: PathBuf,
        /// The row.
        row: usize,
        /// The column.
        column: &'static str,
        /// What stands there.
        found: String,
        /// What follows from the other files.
        expected: String,
    },
    /// A run that has ended has nothing of a part of its plan.
    #[error(
        "{}: there is nothing of {what}, which environment.json has in its plan, and says that the run has ended; \
         measure it again in a new folder (--out)",
        path.display()
    )]
    Lacking {
        /// The file.
        path: PathBuf,
        /// The scenario, and on which layout.
        what: String,
    },
    /// environment.json is not what it should be.
    #[error("{}, line {line}, column {column}: {reason}; mend the file or record the run again", path.display())]
    Environment {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// Position within the line, from 1.
        column: usize,
        /// What was expected.
        reason: String,
    },
    /// environment.json was written to another schema.
    #[error(
        "{}: schema version {found}, this program reads {supported}; use the version of the program that wrote it",
        path.display()
    )]
    SchemaVersion {
        /// The file.
        path: PathBuf,
        /// The version found.
        found: u64,
        /// The version known here.
        supported: u32,
    },
    /// The comparison was computed with formulas of which this program knows nothing.
    #[error(
        "{}: statistics version {found}, this program knows 1 to {}; use the version of the program that wrote it",
        path.display(), super::STATISTICS_VERSION
    )]
    StatisticsVersion {
        /// The file.
        path: PathBuf,
        /// The version found.
        found: u32,
    },
    /// A row or the environment could not be put into text: an error of the program, not of the user.
    #[error("{}: cannot put the record into text: {reason}; please report this as a bug", path.display())]
    Encode {
        /// The file it was meant for.
        path: PathBuf,
        /// What stood in the way.
        reason: String,
    },
}

/// What helps against the system's usual refusals, to follow its reason.
fn advice(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; free some space, or give a folder on another disk with `--out`"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; give a folder that may be written with `--out`, or change its permissions"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "; a file is in the way, give another folder"
        }
        _ => "",
    }
}

/// How to come by a file that is missing: what follows from the samples is computed again, what does not is lost.
fn way_back(missing: &str) -> &'static str {
    match missing {
        "summary.csv" | "comparison.csv" => {
            "the run was cut off or the file is missing; finish the run with the same command and `--resume`"
        }
        _ => {
            "what is in it cannot be found from the samples; restore the file, or record the run again"
        }
    }
}

fn quoted_or_nothing(text: &str) -> String {
    if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") }
}

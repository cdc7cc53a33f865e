//! environment.json: on which machine, with which program, under which conditions.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{RecordError, Stopping, files, write_atomically};

/// The version of environment.json that this program writes and reads.
pub const SCHEMA_VERSION: u32 = 1;

/// The word for what a machine does not tell.
pub const UNKNOWN: &str = "unknown";

/// Everything that is known about a run apart from its figures. Text fields are [`UNKNOWN`] where
/// the machine does not tell.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Environment {
    /// Version of this file's schema.
    pub schema_version: u32,
    /// The program's version.
    pub tool_version: String,
    /// The program's commit.
    pub tool_commit: String,
    /// Which run; the same as in samples.csv.
    pub run_id: String,
    /// The command line, one word an element.
    pub command_line: Vec<String>,
    /// The seed of the run.
    pub seed: u64,
    /// Start, RFC 3339, UTC.
    pub started: String,
    /// End, RFC 3339, UTC; `None` while it runs or when it was cut off.
    pub ended: Option<String>,
    /// Compiler that built the program.
    pub compiler: String,
    /// Flags it was built with: profile, optimisation, target, RUSTFLAGS.
    pub compiler_flags: String,
    /// Processor model.
    pub cpu_model: String,
    /// Logical processors online.
    pub cores: Option<u32>,
    /// Caches, one element each: `L1d 32 KiB`.
    pub caches: Vec<String>,
    /// Hypervisor, `none`, or unknown.
    pub hypervisor: String,
    /// Frequency governor.
    pub governor: String,
    /// Turbo or boost: `on`, `off`.
    pub turbo: String,
    /// Address-space layout randomisation.
    pub aslr: String,
    /// Operating system and kernel.
    pub kernel: String,
    /// Size of the running system's page, in bytes.
    pub page_size: Option<u64>,
    /// Memory in bytes.
    pub memory_bytes: Option<u64>,
    /// Smallest step of the timer seen, in nanoseconds.
    pub timer_resolution_ns: f64,
    /// Cost of one reading of the timer, in nanoseconds.
    pub timer_overhead_ns: f64,
    /// Core that the measuring thread was pinned to, or why not.
    pub pinned: String,
    /// Load average over one minute before the run.
    pub load_before: Option<f64>,
    /// Load average over one minute after the run.
    pub load_after: Option<f64>,
    /// What the run was to measure, so that a later `--resume` can hold itself to it.
    pub plan: serde_json::Value,
    /// How far the run came and what ended it; empty for a number of rounds given beforehand.
    #[serde(default, skip_serializing_if = "Stopping::is_empty")]
    pub stopping: Stopping,
    /// What the program found worth warning about, in words.
    pub warnings: Vec<String>,
}

/// Reads environment.json.
///
/// # Errors
/// [`RecordError::SchemaVersion`] for a file of another version, [`RecordError::Environment`] with
/// line and column for what is not JSON or lacks a field.
pub fn read_environment(path: &Path) -> Result<Environment, RecordError> {
    let bytes = files::read(path)?;
    // The version first: a file of another version may lack fields, and saying so would mislead.
    let version = serde_json::from_slice::<Version>(&bytes).ok().map(|file| file.schema_version);
    if let Some(found) = version.filter(|&found| found != u64::from(SCHEMA_VERSION)) {
        let path = path.to_owned();
        return Err(RecordError::SchemaVersion { path, found, supported: SCHEMA_VERSION });
    }
    serde_json::from_slice(&bytes).map_err(|error| RecordError::Environment {
        path: path.to_owned(),
        line: error.line(),
        column: error.column(),
        reason: without_place(&error),
    })
}

/// Replaces environment.json, whole or not at all.
///
/// # Errors
/// [`RecordError::Io`] where it cannot be written, [`RecordError::Encode`] where a figure is not a
/// finite number, which JSON cannot hold.
pub fn write_environment(path: &Path, environment: &Environment) -> Result<(), RecordError> {
    let failed = |reason: String| RecordError::Encode { path: path.to_owned(), reason };
    let mut bytes =
        serde_json::to_vec_pretty(environment).map_err(|error| failed(error.to_string()))?;
    bytes.push(b'\n');
    // What is not finite becomes `null` without a word, and would be missed only by the reader.
    if let Err(error) = serde_json::from_slice::<Environment>(&bytes) {
        return Err(failed(error.to_string()));
    }
    write_atomically(path, &bytes)
}

/// The one field that every version has.
#[derive(Deserialize)]
struct Version {
    schema_version: u64,
}

/// The reason alone: line and column are named in front of it.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).unwrap_or(&text).to_owned()
}

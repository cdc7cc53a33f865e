//! environment.json: on which machine, with which program, under which conditions.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{RecordError, Stopping, files, write_atomically};

/// The version of environment.json that this program writes and reads.
pub const SCHEMA_VERSION: u32 = 1;

/// The version of the formulas behind comparison.csv. 2: few rounds are trimmed, and the interval of the net
/// change comes from the test of the gross one. Files that say nothing have 1.
pub const STATISTICS_VERSION: u32 = 2;

/// The word for what a machine does not tell.
pub const UNKNOWN: &str = "unknown";

/// Everything that is known about a run apart from its figures. Text fields are [`UNKNOWN`] where
/// the machine does not tell.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Environment {
    /// Version of this file's schema.
    pub schema_version: u32,
    /// Version of the formulas behind comparison.csv: [`STATISTICS_VERSION`] of the program that filed it.
    #[serde(default = "first")]
    pub statistics_version: u32,
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
    /// The fastest SIMD kernel that the processor has, which the backend `s-tree` takes: `avx512`.
    #[serde(default = "unknown")]
    pub simd_kernel: String,
    /// Frequency governor.
    pub governor: String,
    /// What sets the clock frequency: `intel_pstate`, `acpi-cpufreq`, ...
    #[serde(default = "unknown")]
    pub scaling_driver: String,
    /// Turbo or boost: `on`, `off`.
    pub turbo: String,
    /// Hardware threads that share a core: `on`, `off`.
    #[serde(default = "unknown")]
    pub smt: String,
    /// Address-space layout randomisation.
    pub aslr: String,
    /// Operating system and kernel.
    pub kernel: String,
    /// Size of the running system's page, in bytes.
    pub page_size: Option<u64>,
    /// When the kernel backs memory with huge pages: `always`, `madvise`, `never`.
    #[serde(default = "unknown")]
    pub transparent_huge_pages: String,
    /// Memory in bytes.
    pub memory_bytes: Option<u64>,
    /// Memory in bytes that a program could still get, before the run.
    #[serde(default)]
    pub memory_available_bytes: Option<u64>,
    /// Swap space taken before the run, in bytes.
    #[serde(default)]
    pub swap_used_bytes: Option<u64>,
    /// A short name of the hardware, the same on another day.
    #[serde(default = "unknown")]
    pub machine_fingerprint: String,
    /// What the system takes the time from.
    #[serde(default = "unknown")]
    pub clock_source: String,
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
    /// Part of the run's time that the hypervisor gave to others; `None` until the run has ended.
    #[serde(default)]
    pub steal_share: Option<f64>,
    /// How many cores other programs kept busy during the run, besides the one measured on.
    #[serde(default)]
    pub other_cores_busy_share: Option<f64>,
    /// Part of the run's time that others had on the core measured on.
    #[serde(default)]
    pub own_core_others_share: Option<f64>,
    /// How often the measuring thread lost its core during the run.
    #[serde(default)]
    pub involuntary_switches: Option<u64>,
    /// What the run was to measure, so that a later `--resume` can hold itself to it.
    pub plan: serde_json::Value,
    /// How far the run came and what ended it; empty for a number of rounds given beforehand.
    #[serde(default, skip_serializing_if = "Stopping::is_empty")]
    pub stopping: Stopping,
    /// What the program found worth warning about, in words.
    pub warnings: Vec<String>,
}

impl Environment {
    /// An environment of which nothing is known: texts are [`UNKNOWN`], or empty where they are the
    /// run's own; numbers that may be missing are.
    pub fn blank() -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            statistics_version: STATISTICS_VERSION,
            tool_version: unknown(),
            tool_commit: unknown(),
            run_id: String::new(),
            command_line: Vec::new(),
            seed: 0,
            started: String::new(),
            ended: None,
            compiler: unknown(),
            compiler_flags: unknown(),
            cpu_model: unknown(),
            cores: None,
            caches: Vec::new(),
            hypervisor: unknown(),
            simd_kernel: unknown(),
            governor: unknown(),
            scaling_driver: unknown(),
            turbo: unknown(),
            smt: unknown(),
            aslr: unknown(),
            kernel: unknown(),
            page_size: None,
            transparent_huge_pages: unknown(),
            memory_bytes: None,
            memory_available_bytes: None,
            swap_used_bytes: None,
            machine_fingerprint: unknown(),
            clock_source: unknown(),
            timer_resolution_ns: 0.0,
            timer_overhead_ns: 0.0,
            pinned: unknown(),
            load_before: None,
            load_after: None,
            steal_share: None,
            other_cores_busy_share: None,
            own_core_others_share: None,
            involuntary_switches: None,
            plan: serde_json::Value::Null,
            stopping: Stopping::default(),
            warnings: Vec::new(),
        }
    }
}

/// For fields that older records of the same version do not have.
fn unknown() -> String {
    UNKNOWN.to_owned()
}

/// The version of the statistics of records that do not name one.
fn first() -> u32 {
    1
}

/// Reads environment.json. Fields that were added within this version are unknown where the file
/// does not have them.
///
/// # Errors
/// [`RecordError::SchemaVersion`] for a file of another version, [`RecordError::StatisticsVersion`] for one of
/// formulas that this program does not know, [`RecordError::Environment`] with line and column for what
/// is not JSON or lacks a field.
pub fn read_environment(path: &Path) -> Result<Environment, RecordError> {
    let bytes = files::read(path)?;
    // The version first: a file of another version may lack fields, and saying so would mislead.
    let version = serde_json::from_slice::<Version>(&bytes).ok().map(|file| file.schema_version);
    if let Some(found) = version.filter(|&found| found != u64::from(SCHEMA_VERSION)) {
        let path = path.to_owned();
        return Err(RecordError::SchemaVersion { path, found, supported: SCHEMA_VERSION });
    }
    let environment: Environment =
        serde_json::from_slice(&bytes).map_err(|error| RecordError::Environment {
            path: path.to_owned(),
            line: error.line(),
            column: error.column(),
            reason: without_place(&error),
        })?;
    match environment.statistics_version {
        1..=STATISTICS_VERSION => Ok(environment),
        found => Err(RecordError::StatisticsVersion { path: path.to_owned(), found }),
    }
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

#[cfg(test)]
mod tests {
    use super::{Environment, UNKNOWN, read_environment};

    /// As version 0.1.0 wrote it, before doctor's facts were recorded; without its plan.
    const OLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/records/environment-0.1.0.json");

    #[test]
    fn a_record_from_before_the_newer_fields_can_be_read() {
        let old = read_environment(OLD.as_ref()).expect("readable");
        assert_eq!((old.cpu_model.as_str(), old.cores), ("AMD EPYC", Some(2)));
        for text in [
            &old.smt,
            &old.machine_fingerprint,
            &old.clock_source,
            &old.scaling_driver,
            &old.simd_kernel,
        ] {
            assert_eq!(text, UNKNOWN);
        }
        assert_eq!((old.steal_share, old.memory_available_bytes), (None, None));
    }

    #[test]
    fn newer_fields_come_back_as_they_were_written() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("environment.json");
        let written = Environment {
            smt: "on".to_owned(),
            simd_kernel: "neon".to_owned(),
            steal_share: Some(0.25),
            involuntary_switches: Some(u64::MAX),
            machine_fingerprint: "0123456789abcdef".to_owned(),
            ..Environment::blank()
        };
        super::write_environment(&path, &written).expect("written");
        assert_eq!(read_environment(&path).expect("read"), written);
    }
}

//! environment.json: on which machine, with which program, under which conditions.

use serde::{Deserialize, Serialize};

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
    /// What the program found worth warning about, in words.
    pub warnings: Vec<String>,
}

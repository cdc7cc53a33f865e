//! The records of a run, and the only code that reads or writes them.
//!
//! samples.csv is what was measured, one row a timed batch; summary.csv and comparison.csv follow
//! from it and can be computed again; environment.json says on which machine. The columns are a
//! contract with users: docs/FORMATS.md.

mod comparison;
mod environment;
mod sample;
mod summary;

pub use comparison::ComparisonRow;
pub use environment::{Environment, UNKNOWN};
pub use sample::SampleRow;
pub use summary::{Status, SummaryRow};

use serde::{Deserialize, Serialize};

/// The name under which the generator alone appears among the backends.
pub const BASELINE: &str = "baseline";

/// What was measured, apart from the backend: samples with equal configurations are comparable.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Configuration {
    /// Layout name.
    pub layout: String,
    /// Workload, as given on the command line (`uniform`, `atf`, ...).
    pub workload: String,
    /// Mode (`inline`, `trace`, ...).
    pub mode: String,
    /// Target (`page`, `handle`, ...).
    pub target: String,
    /// Generator (`xoshiro256++`, `random3`).
    pub rng: String,
    /// Lookups in one batch.
    pub lookups: u64,
}

/// A run as it stands on disk, read whole.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// samples.csv.
    pub samples: Vec<SampleRow>,
    /// summary.csv.
    pub summary: Vec<SummaryRow>,
    /// comparison.csv.
    pub comparison: Vec<ComparisonRow>,
    /// environment.json.
    pub environment: Environment,
}

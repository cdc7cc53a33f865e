//! The records of a run, and the only code that reads or writes them.
//!
//! samples.csv is what was measured, one row a timed batch; summary.csv and comparison.csv follow
//! from it and can be computed again; environment.json says on which machine. The columns are a
//! contract with users: docs/FORMATS.md.
//!
//! Rules that hold for every file: samples are appended a round at a time and are on disk when
//! [`SampleWriter::write_round`] returns; everything else is replaced whole or not at all; what
//! cannot be read is an error that names file, line and column and says what to do; the same samples
//! always give the same bytes. `measure` writes samples, `cmd` calls the rest, `report` only reads.

mod across;
mod agree;
mod atomic;
mod churn;
mod compare;
mod comparison;
mod environment;
mod error;
mod files;
mod finished;
mod joined;
mod kept;
mod modes;
mod private;
mod recover;
mod run_dir;
mod sample;
mod sample_writer;
mod selftest;
mod series;
mod slug;
mod stopping;
mod summarise;
mod summary;
mod table;
mod twin;
mod whole;

pub use across::{
    Across, AcrossRow, Difference, KIND_RELATIVE, KIND_TIME, LeftOut, across_all, differences,
    read_across, write_across,
};
pub use atomic::write_atomically;
pub use churn::{
    ChurnRow, ChurnRun, ChurnSummaryRow, ChurnWriter, EXTENT, Occupancy, read_churn,
    read_churn_summary, recover_churn, summarise_churn, write_churn_summary,
};
pub use compare::{Judging, balanced_after, compare_all, unit_named};
pub use comparison::{ComparisonRow, read_comparison, write_comparison};
pub use environment::{
    Environment, SCHEMA_VERSION, STATISTICS_VERSION, UNKNOWN, read_environment, write_environment,
};
pub use error::RecordError;
pub use finished::{Lenience, UnfitError, is_clean_commit, read_finished, read_finished_churn};
pub use joined::{across_text, churn_summary, joined};
pub use kept::{Kept, REPORT, files_in, is_date, kept_in, runs_in};
pub use modes::{ModeCheck, mode_checks, read_modes, write_modes};
pub use private::Private;
pub use recover::{Recovered, keep_samples, recover_samples};
pub use run_dir::RunDir;
pub use sample::{SampleRow, read_samples};
pub use sample_writer::SampleWriter;
pub use selftest::{SelftestRow, SelftestRun, read_selftest, write_selftest};
pub use slug::machine_slug;
pub use stopping::{BatchEnd, Limit, Stopping};
pub use summarise::{Drift, drifts, summarise};
pub use summary::{PAGE_DESCRIPTOR_BYTES, Status, SummaryRow, read_summary, write_summary};
pub use twin::{floor_pct, read_twin, twin_of, write_twin};
pub use whole::{compared, samples_in_round, samples_per_round};

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
    /// modes.csv; empty where it is not there.
    pub modes: Vec<SampleRow>,
}

#[cfg(test)]
mod figures;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod interrupted;

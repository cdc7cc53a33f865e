//! One row of samples.csv: one timed batch, its answer verified.

use serde::{Deserialize, Serialize};

use super::Configuration;

/// One timed batch of lookups by one backend, or by the generator alone.
///
/// The order of the fields is the order of the columns.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SampleRow {
    /// Which run of the program this belongs to; a resumed run keeps its name.
    pub run_id: String,
    /// Which process of the run, from 0.
    pub process: u32,
    /// Which round, from 0 within its configuration and process.
    pub round: u32,
    /// Position within the round, from 0.
    pub position: u32,
    /// Layout name.
    pub layout: String,
    /// Workload.
    pub workload: String,
    /// Mode.
    pub mode: String,
    /// Target.
    pub target: String,
    /// Generator.
    pub rng: String,
    /// Lookups in the batch.
    pub lookups: u64,
    /// Backend, or [`BASELINE`](super::BASELINE).
    pub backend: String,
    /// Seed of the round's addresses; the same for all backends of the round.
    pub seed: u64,
    /// Time of the batch, in nanoseconds.
    pub elapsed_ns: u64,
    /// How many lookups found a page.
    pub hits: u64,
    /// Wrapping sum of the answers, verified against the oracle.
    pub checksum: u64,
}

impl SampleRow {
    /// What was measured, apart from the backend.
    pub fn configuration(&self) -> Configuration {
        Configuration {
            layout: self.layout.clone(),
            workload: self.workload.clone(),
            mode: self.mode.clone(),
            target: self.target.clone(),
            rng: self.rng.clone(),
            lookups: self.lookups,
        }
    }
}

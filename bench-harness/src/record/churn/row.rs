//! One row of churn.csv: one timed phase of one participant, what came of it verified.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::agree::refuse_duplicates;
use crate::record::{
    RecordError, Recovered, files,
    recover::{self, InRound},
    table::{self, Kind, Row},
};

/// A timed phase. The order of the fields is the order of the columns.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ChurnRow {
    /// Which run of the program this belongs to.
    pub run_id: String,
    /// Which round, from 0 within layout and scenario.
    pub round: u32,
    /// Position within the round, from 0.
    pub position: u32,
    /// Layout name.
    pub layout: String,
    /// Scenario: `build`, `fragment`, `inflate`, `deflate`, `replug`.
    pub scenario: String,
    /// Backend, or [`EXTENT`](super::EXTENT).
    pub backend: String,
    /// Operations in the phase; of `build` the segments.
    pub operations: u64,
    /// Time of the phase, in nanoseconds.
    pub elapsed_ns: u64,
    /// Seed of the round's script; the same for everybody in the round.
    pub seed: u64,
}

impl Row for ChurnRow {
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("run_id", Kind::Text),
        ("round", Kind::Whole32),
        ("position", Kind::Whole32),
        ("layout", Kind::Text),
        ("scenario", Kind::Text),
        ("backend", Kind::Text),
        ("operations", Kind::Whole),
        ("elapsed_ns", Kind::Whole),
        ("seed", Kind::Whole),
    ];
}

impl InRound for ChurnRow {
    fn is_same_round(&self, other: &Self) -> bool {
        (&self.layout, &self.scenario, self.round) == (&other.layout, &other.scenario, other.round)
    }
}

/// Drops a torn last line and the rows of an incomplete last round from churn.csv, as
/// [`recover_samples`](crate::record::recover_samples) does from samples.csv.
///
/// # Errors
/// As there.
pub fn recover_churn(
    path: &Path,
    complete: impl FnOnce(&[ChurnRow]) -> bool,
) -> Result<Recovered<ChurnRow>, RecordError> {
    recover::recover(path, refuse_duplicates, complete)
}

/// Reads churn.csv whole.
///
/// # Errors
/// [`RecordError`] naming file, line and column of the first thing that is wrong, the same phase twice
/// included.
pub fn read_churn(path: &Path) -> Result<Vec<ChurnRow>, RecordError> {
    let lines = table::decode(path, &files::read(path)?)?;
    refuse_duplicates(path, &lines)?;
    Ok(lines.into_iter().map(|line| line.row).collect())
}

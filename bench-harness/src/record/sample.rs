//! One row of samples.csv: one timed batch, its answer verified.

use std::{collections::HashMap, path::Path};

use serde::{Deserialize, Serialize};

use super::{
    Configuration, RecordError, files,
    series::{round_key, sample_key},
    table::{self, Kind, Line, Row},
};

/// One timed batch of lookups by one backend, or by the generator alone.
///
/// The order of the fields is the order of the columns.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SampleRow {
    /// Which run of the program this belongs to; a resumed run keeps its name.
    pub run_id: String,
    /// Which process of the run, from 0; a resumed run goes on with the next.
    pub process: u32,
    /// Which round, from 0 within its configuration; a resumed run goes on counting.
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

    /// Whether it is a sample of `configuration`, whatever the backend.
    pub fn is_of(&self, configuration: &Configuration) -> bool {
        let Configuration { layout, workload, mode, target, rng, lookups } = configuration;
        sample_key(self) == (layout, workload, mode, target, rng, *lookups)
    }

    /// Whether two samples are of the same round, whatever the backend.
    pub(super) fn is_same_round(&self, other: &Self) -> bool {
        round_key(self) == round_key(other) && sample_key(self) == sample_key(other)
    }
}

impl Row for SampleRow {
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("run_id", Kind::Text),
        ("process", Kind::Whole32),
        ("round", Kind::Whole32),
        ("position", Kind::Whole32),
        ("layout", Kind::Text),
        ("workload", Kind::Text),
        ("mode", Kind::Text),
        ("target", Kind::Text),
        ("rng", Kind::Text),
        ("lookups", Kind::Whole),
        ("backend", Kind::Text),
        ("seed", Kind::Whole),
        ("elapsed_ns", Kind::Whole),
        ("hits", Kind::Whole),
        ("checksum", Kind::Whole),
    ];
}

/// Reads samples.csv whole.
///
/// # Errors
/// [`RecordError`] naming file, line and column: a missing file, another file's header, a field that
/// is not what its column holds, a last line torn by a kill ([`RecordError::TornLine`]), the same
/// batch twice.
pub fn read_samples(path: &Path) -> Result<Vec<SampleRow>, RecordError> {
    let lines = table::decode(path, &files::read(path)?)?;
    refuse_duplicates(path, &lines)?;
    Ok(lines.into_iter().map(|line| line.row).collect())
}

/// A batch that stands twice in the file would be counted twice in the mean and once in the pairs.
pub(super) fn refuse_duplicates(path: &Path, lines: &[Line<SampleRow>]) -> Result<(), RecordError> {
    let mut seen = HashMap::with_capacity(lines.len());
    for Line { row, number } in lines {
        let batch = (round_key(row), sample_key(row), row.backend.as_str());
        if let Some(first_line) = seen.insert(batch, *number) {
            let path = path.to_owned();
            return Err(RecordError::Duplicate { path, line: *number, first_line });
        }
    }
    Ok(())
}

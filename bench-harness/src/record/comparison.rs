//! One row of comparison.csv: one backend against the reference.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{
    RecordError, files,
    table::{self, Kind, Row},
};

/// The change of time from the reference to a backend, in percent, positive = slower than the
/// reference; low and high bound 95 %. `None` where the figure does not exist.
///
/// The order of the fields is the order of the columns.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ComparisonRow {
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
    /// Lookups in one batch.
    pub lookups: u64,
    /// What it is compared to.
    pub reference: String,
    /// What is compared.
    pub backend: String,
    /// Rounds in which both were measured.
    pub rounds: u64,
    /// Change of the mean.
    pub gross_change_pct: Option<f64>,
    /// Its lower bound.
    pub gross_low_pct: Option<f64>,
    /// Its upper bound.
    pub gross_high_pct: Option<f64>,
    /// Change of the mean net of the generator.
    pub net_change_pct: Option<f64>,
    /// Its lower bound.
    pub net_low_pct: Option<f64>,
    /// Its upper bound.
    pub net_high_pct: Option<f64>,
    /// `slower`, `faster`, `equivalent`, `inconclusive`; empty with fewer than two rounds.
    pub verdict: Option<String>,
    /// Two-sided p-value of "no change".
    pub p_value: Option<f64>,
    /// The same, corrected for the number of backends compared (Holm).
    pub p_value_holm: Option<f64>,
}

impl Row for ComparisonRow {
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("layout", Kind::Text),
        ("workload", Kind::Text),
        ("mode", Kind::Text),
        ("target", Kind::Text),
        ("rng", Kind::Text),
        ("lookups", Kind::Whole),
        ("reference", Kind::Text),
        ("backend", Kind::Text),
        ("rounds", Kind::Whole),
        ("gross_change_pct", Kind::NumberOrEmpty),
        ("gross_low_pct", Kind::NumberOrEmpty),
        ("gross_high_pct", Kind::NumberOrEmpty),
        ("net_change_pct", Kind::NumberOrEmpty),
        ("net_low_pct", Kind::NumberOrEmpty),
        ("net_high_pct", Kind::NumberOrEmpty),
        ("verdict", Kind::Text),
        ("p_value", Kind::NumberOrEmpty),
        ("p_value_holm", Kind::NumberOrEmpty),
    ];
}

/// Reads comparison.csv whole.
///
/// # Errors
/// [`RecordError`] naming file, line and column of the first thing that is wrong.
pub fn read_comparison(path: &Path) -> Result<Vec<ComparisonRow>, RecordError> {
    let lines = table::decode(path, &files::read(path)?)?;
    Ok(lines.into_iter().map(|line| line.row).collect())
}

/// Replaces comparison.csv, whole or not at all.
///
/// # Errors
/// [`RecordError::Io`] where it cannot be written, [`RecordError::Encode`] where a figure is not a
/// finite number.
pub fn write_comparison(path: &Path, rows: &[ComparisonRow]) -> Result<(), RecordError> {
    table::write(path, rows)
}

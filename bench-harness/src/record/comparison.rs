//! One row of comparison.csv: one backend against the reference.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{
    Configuration, RecordError, files,
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
    /// Typical change of the time as measured.
    pub gross_change_pct: Option<f64>,
    /// Its lower bound.
    pub gross_low_pct: Option<f64>,
    /// Its upper bound.
    pub gross_high_pct: Option<f64>,
    /// Typical change net of the generator.
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
    /// The paper's change: ratio of the mean times, less 1.
    pub mean_change_pct: Option<f64>,
    /// Its lower bound.
    pub mean_low_pct: Option<f64>,
    /// Its upper bound.
    pub mean_high_pct: Option<f64>,
    /// What counted as one independent piece of evidence: `round` (groups of them) or `process`.
    pub unit: String,
    /// How many of those there were.
    pub units: u64,
    /// First-order autocorrelation of the rounds' ratios, -1 to 1.
    pub autocorrelation: Option<f64>,
    /// How many independent rounds would say as much.
    pub effective_rounds: Option<f64>,
    /// Standard deviation of the change between processes.
    pub sd_process_pct: Option<f64>,
    /// Standard deviation of what the batches of a round share, which pairing takes away.
    pub sd_round_pct: Option<f64>,
    /// Standard deviation of a single batch besides.
    pub sd_within_pct: Option<f64>,
    /// Changes within this count as the same.
    pub equivalence_pct: f64,
    /// What the reference's twin, the same source compiled a second time, differed by at most:
    /// a smaller change may be placement alone. Empty where no twin was measured.
    pub floor_pct: Option<f64>,
    /// Why a figure is missing or less than it seems; empty where there is nothing to say.
    pub note: Option<String>,
}

impl ComparisonRow {
    /// What was measured, apart from the backends.
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
        ("mean_change_pct", Kind::NumberOrEmpty),
        ("mean_low_pct", Kind::NumberOrEmpty),
        ("mean_high_pct", Kind::NumberOrEmpty),
        ("unit", Kind::Text),
        ("units", Kind::Whole),
        ("autocorrelation", Kind::NumberOrEmpty),
        ("effective_rounds", Kind::NumberOrEmpty),
        ("sd_process_pct", Kind::NumberOrEmpty),
        ("sd_round_pct", Kind::NumberOrEmpty),
        ("sd_within_pct", Kind::NumberOrEmpty),
        ("equivalence_pct", Kind::Number),
        ("floor_pct", Kind::NumberOrEmpty),
        ("note", Kind::Text),
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

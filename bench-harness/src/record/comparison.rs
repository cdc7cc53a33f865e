//! One row of comparison.csv: one backend against the reference.

use serde::{Deserialize, Serialize};

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

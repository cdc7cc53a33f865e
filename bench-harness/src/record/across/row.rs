//! One row of across.csv: one figure of one backend, in one run and in another.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::record::{
    RecordError, files,
    table::{self, Kind, Row},
};

/// The `kind` of a row on the time of a lookup.
pub const KIND_TIME: &str = "time";

/// The `kind` of a row on the time against the reference's.
pub const KIND_RELATIVE: &str = "relative";

/// The change from run A to run B, in percent, positive = slower in B; low and high bound 95 %. `None`
/// where the figure does not exist.
///
/// The order of the fields is the order of the columns.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AcrossRow {
    /// The run that is compared with.
    pub run_a: String,
    /// The run that is compared.
    pub run_b: String,
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
    /// Of a `relative` row: what both runs' times are held against. Empty for `time`.
    pub reference: Option<String>,
    /// What is compared.
    pub backend: String,
    /// [`KIND_TIME`] or [`KIND_RELATIVE`].
    pub kind: String,
    /// Typical change.
    pub change_pct: Option<f64>,
    /// Its lower bound.
    pub low_pct: Option<f64>,
    /// Its upper bound.
    pub high_pct: Option<f64>,
    /// `slower`, `faster`, `equivalent`, `inconclusive`; empty without an interval.
    pub verdict: Option<String>,
    /// Two-sided p-value of "no change".
    pub p_value: Option<f64>,
    /// The same, corrected for all rows of this kind between the two runs (Holm).
    pub p_value_holm: Option<f64>,
    /// What counted as one independent piece of evidence in A: `round` (groups of them) or `process`.
    pub unit_a: String,
    /// How many of those A has.
    pub units_a: u64,
    /// The same in B.
    pub unit_b: String,
    /// How many of those B has.
    pub units_b: u64,
    /// Changes within this count as the same.
    pub equivalence_pct: f64,
    /// Why a figure is missing or less than it seems; empty where there is nothing to say.
    pub note: Option<String>,
}

impl Row for AcrossRow {
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("run_a", Kind::Text),
        ("run_b", Kind::Text),
        ("layout", Kind::Text),
        ("workload", Kind::Text),
        ("mode", Kind::Text),
        ("target", Kind::Text),
        ("rng", Kind::Text),
        ("lookups", Kind::Whole),
        ("reference", Kind::Text),
        ("backend", Kind::Text),
        ("kind", Kind::Text),
        ("change_pct", Kind::NumberOrEmpty),
        ("low_pct", Kind::NumberOrEmpty),
        ("high_pct", Kind::NumberOrEmpty),
        ("verdict", Kind::Text),
        ("p_value", Kind::NumberOrEmpty),
        ("p_value_holm", Kind::NumberOrEmpty),
        ("unit_a", Kind::Text),
        ("units_a", Kind::Whole),
        ("unit_b", Kind::Text),
        ("units_b", Kind::Whole),
        ("equivalence_pct", Kind::Number),
        ("note", Kind::Text),
    ];
}

/// Reads across.csv whole.
///
/// # Errors
/// [`RecordError`] naming file, line and column of the first thing that is wrong.
pub fn read_across(path: &Path) -> Result<Vec<AcrossRow>, RecordError> {
    let lines = table::decode(path, &files::read(path)?)?;
    Ok(lines.into_iter().map(|line| line.row).collect())
}

/// Replaces across.csv, whole or not at all.
///
/// # Errors
/// [`RecordError::Io`] where it cannot be written, [`RecordError::Encode`] where a figure is not a
/// finite number.
pub fn write_across(path: &Path, rows: &[AcrossRow]) -> Result<(), RecordError> {
    table::write(path, rows)
}

#[cfg(test)]
mod tests {
    use super::{AcrossRow, KIND_RELATIVE, read_across, write_across};
    use crate::record::table;

    #[test]
    fn a_row_comes_back_with_what_is_missing_still_missing() {
        let row = AcrossRow {
            run_a: "one".to_owned(),
            run_b: "two".to_owned(),
            layout: "a,\"b\"\nö".to_owned(),
            workload: "uniform".to_owned(),
            mode: "inline".to_owned(),
            target: "page".to_owned(),
            rng: "xoshiro256++".to_owned(),
            lookups: 1_000,
            reference: Some("array".to_owned()),
            backend: "rbtree".to_owned(),
            kind: KIND_RELATIVE.to_owned(),
            change_pct: Some(0.1 + 0.2),
            low_pct: None,
            high_pct: None,
            verdict: None,
            p_value: None,
            p_value_holm: None,
            unit_a: "round".to_owned(),
            units_a: 1,
            unit_b: "process".to_owned(),
            units_b: 5,
            equivalence_pct: 1.0,
            note: None,
        };
        table::assert_columns_are_fields(&row);
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("across.csv");
        let rows = [row.clone(), AcrossRow { reference: None, ..row }];
        write_across(&path, &rows).expect("writable");
        assert_eq!(read_across(&path).expect("readable"), rows);
        let infinite = AcrossRow { change_pct: Some(f64::INFINITY), ..rows[0].clone() };
        assert!(write_across(&path, &[infinite]).is_err());
    }
}

//! One row of selftest.csv: one comparison whose true answer was known.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{
    Environment, RecordError, UNKNOWN, files, read_environment,
    table::{self, Kind, Row},
};

/// A comparison of the self-test. Changes are of time, in percent, positive = slower.
///
/// The order of the fields is the order of the columns.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SelftestRow {
    /// Which kind of comparison.
    pub scenario: String,
    /// Which of them, from 0.
    pub comparison: u64,
    /// The change that was put in; empty where it is not known (the twin).
    pub true_change_pct: Option<f64>,
    /// How long the comparison took, in seconds, everything included.
    pub seconds: f64,
    /// Lookups a batch, as billed.
    pub lookups: u64,
    /// Seed of the comparison's addresses and orders.
    pub seed: u64,
    /// Rounds measured.
    pub rounds: u64,
    /// The change that was found.
    pub change_pct: f64,
    /// Its lower bound, 95 %; empty with one round.
    pub low_pct: Option<f64>,
    /// Its upper bound.
    pub high_pct: Option<f64>,
    /// Two-sided p-value of "no change".
    pub p_value: Option<f64>,
    /// The verdict; empty with one round.
    pub verdict: Option<String>,
    /// The verdict on the same times with the two sides exchanged, name and place.
    pub verdict_exchanged: Option<String>,
    /// How busy the other cores were, in cores; empty where the system does not tell.
    pub other_cores_busy: Option<f64>,
    /// Whether the run would have warned of a disturbed machine: 1 or 0.
    pub warned: u64,
}

/// A self-test as it stands on disk.
#[derive(Clone, PartialEq, Debug)]
pub struct SelftestRun {
    /// selftest.csv.
    pub rows: Vec<SelftestRow>,
    /// environment.json.
    pub environment: Environment,
}

impl SelftestRun {
    /// Whether a folder holds a self-test.
    pub fn is_in(dir: &Path) -> bool {
        dir.join(SELFTEST).exists()
    }

    /// Reads a folder.
    ///
    /// # Errors
    /// [`RecordError`] naming the file and what is wrong with it.
    pub fn read(dir: &Path) -> Result<Self, RecordError> {
        Ok(Self {
            rows: read_selftest(&dir.join(SELFTEST))?,
            environment: read_environment(&dir.join(ENVIRONMENT))?,
        })
    }

    /// Whether another core was kept busy on purpose.
    pub fn with_load(&self) -> bool {
        self.environment.plan["with_load"].as_bool() == Some(true)
    }

    /// What the plan says under a name.
    pub fn of(&self, key: &str) -> String {
        self.environment.plan[key].as_str().unwrap_or(UNKNOWN).to_owned()
    }
}

/// Names of the files.
const SELFTEST: &str = "selftest.csv";
const ENVIRONMENT: &str = "environment.json";

impl Row for SelftestRow {
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("scenario", Kind::Text),
        ("comparison", Kind::Whole),
        ("true_change_pct", Kind::NumberOrEmpty),
        ("seconds", Kind::Number),
        ("lookups", Kind::Whole),
        ("seed", Kind::Whole),
        ("rounds", Kind::Whole),
        ("change_pct", Kind::Number),
        ("low_pct", Kind::NumberOrEmpty),
        ("high_pct", Kind::NumberOrEmpty),
        ("p_value", Kind::NumberOrEmpty),
        ("verdict", Kind::Text),
        ("verdict_exchanged", Kind::Text),
        ("other_cores_busy", Kind::NumberOrEmpty),
        ("warned", Kind::Whole),
    ];
}

/// Reads selftest.csv whole.
///
/// # Errors
/// [`RecordError`] naming file, line and column of the first thing that is wrong.
pub fn read_selftest(path: &Path) -> Result<Vec<SelftestRow>, RecordError> {
    let lines = table::decode(path, &files::read(path)?)?;
    Ok(lines.into_iter().map(|line| line.row).collect())
}

/// Replaces selftest.csv, whole or not at all.
///
/// # Errors
/// [`RecordError::Io`] where it cannot be written, [`RecordError::Encode`] where a figure is not a
/// finite number.
pub fn write_selftest(path: &Path, rows: &[SelftestRow]) -> Result<(), RecordError> {
    table::write(path, rows)
}

#[cfg(test)]
mod tests {
    use super::{SelftestRow, read_selftest, write_selftest};

    #[test]
    fn rows_come_back_as_they_were_written() {
        let row = SelftestRow {
            scenario: "same".to_owned(),
            comparison: 7,
            true_change_pct: Some(0.0),
            seconds: 1.01,
            lookups: 20_000,
            seed: u64::MAX,
            rounds: 420,
            change_pct: -0.031,
            low_pct: Some(-0.1),
            high_pct: None,
            p_value: Some(0.4),
            verdict: Some("equivalent".to_owned()),
            verdict_exchanged: None,
            other_cores_busy: None,
            warned: 0,
        };
        super::table::assert_columns_are_fields(&row);
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("selftest.csv");
        write_selftest(&path, std::slice::from_ref(&row)).expect("written");
        assert_eq!(read_selftest(&path).expect("read"), [row]);
    }
}

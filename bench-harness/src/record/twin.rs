//! twin.csv: the reference against the same source compiled a second time, and what follows from it.

use std::path::Path;

use super::{
    BASELINE, Configuration, Judging, RecordError, SampleRow, compare_all, read_samples, table,
};

/// What the twin's name ends in.
const SUFFIX: &str = "-twin";

/// The name under which the twin of `reference` stands in twin.csv.
pub fn twin_of(reference: &str) -> String {
    format!("{reference}{SUFFIX}")
}

/// Reads twin.csv whole; nothing where there is no such file.
///
/// # Errors
/// As [`read_samples`].
pub fn read_twin(path: &Path) -> Result<Vec<SampleRow>, RecordError> {
    match read_samples(path) {
        Err(RecordError::Missing { .. }) => Ok(Vec::new()),
        outcome => outcome,
    }
}

/// Replaces twin.csv, whole or not at all.
///
/// # Errors
/// [`RecordError::Io`] where it cannot be written.
pub fn write_twin(path: &Path, rows: &[SampleRow]) -> Result<(), RecordError> {
    table::write(path, rows)
}

/// How far the twin may differ from its reference in a configuration, in percent: the end of the 95 %
/// interval of their change that lies farther from 0. A smaller change between two backends may be
/// placement of code and data alone. The number of lookups is the timer's choice and not the
/// configuration's. `None` where no twin was measured.
pub fn floor_pct(twin: &[SampleRow], of: &Configuration) -> Option<f64> {
    let alike = |row: &&SampleRow| {
        let those = [&row.layout, &row.workload, &row.mode, &row.target, &row.rng];
        those == [&of.layout, &of.workload, &of.mode, &of.target, &of.rng]
    };
    let rows: Vec<SampleRow> = twin.iter().filter(alike).cloned().collect();
    let reference = rows
        .iter()
        .map(|row| row.backend.as_str())
        .find(|name| *name != BASELINE && !name.ends_with(SUFFIX))?;
    let compared = compare_all(&rows, &Judging::against(reference));
    let bounds =
        compared.first().and_then(|row| Some([row.gross_low_pct?, row.gross_high_pct?]))?;
    Some(bounds[0].abs().max(bounds[1].abs()))
}

#[cfg(test)]
mod tests {
    use super::{floor_pct, read_twin, twin_of, write_twin};
    use crate::record::{Configuration, fixtures::sample};

    #[test]
    fn the_floor_is_the_far_end_of_the_twins_interval() {
        let mut rows = Vec::new();
        for (round, extra) in (0..).zip([10, 12, 9, 11, 8]) {
            rows.push(sample("layout", round, "array", 1_000));
            rows.push(sample("layout", round, &twin_of("array"), 1_000 + extra));
        }
        let here = Configuration { lookups: 7, ..rows[0].configuration() };
        let floor = floor_pct(&rows, &here).expect("five rounds");
        assert!((1.0..1.3).contains(&floor), "{floor}");
        let other = |edit: fn(&mut Configuration)| {
            let mut other = here.clone();
            edit(&mut other);
            floor_pct(&rows, &other)
        };
        assert_eq!(other(|it| it.layout = "elsewhere".to_owned()), None);
        assert_eq!(other(|it| it.mode = "chain".to_owned()), None, "another loop");
        assert_eq!(floor_pct(&rows[..2], &here), None, "one round has no interval");
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("twin.csv");
        assert_eq!(read_twin(&path).expect("none"), []);
        write_twin(&path, &rows).expect("written");
        assert_eq!(read_twin(&path).expect("read"), rows);
    }
}

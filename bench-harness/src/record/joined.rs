//! summary.csv and comparison.csv as one table, for `--format csv`.

use std::collections::HashMap;
use std::path::Path;

use super::{
    ChurnSummaryRow, ComparisonRow, Configuration, RecordError, Run,
    table::{self, Row},
};

/// What stands for the file in errors: it goes to standard output.
const NOWHERE: &str = "(standard output)";
/// Columns that both files begin with, from `layout` to `lookups`; behind them `backend` in the one, `reference` and
/// `backend` in the other.
const SHARED: usize = 6;

/// A row for each row of summary.csv, its columns and behind them those of comparison.csv that it does not have,
/// from `reference` on; these are empty of the reference itself, the baseline, and what was not measured.
///
/// # Errors
/// [`RecordError::Encode`] where a figure is not a finite number.
pub fn joined(run: &Run) -> Result<String, RecordError> {
    let summary = encoded(&run.summary)?;
    let comparison = encoded(&run.comparison)?;
    let key = |of: &ComparisonRow| (of.configuration(), of.backend.clone());
    let mut compared: HashMap<(Configuration, String), &csv::StringRecord> =
        run.comparison.iter().map(key).zip(&comparison).collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let own = |index: usize| index >= SHARED && index != SHARED + 1;
    let names = SHARED_NAMES.iter().map(|(name, _)| *name);
    let more = ComparisonRow::COLUMNS.iter().map(|(name, _)| *name).enumerate();
    let more = more.filter(|(index, _)| own(*index)).map(|(_, name)| renamed(name));
    write(&mut writer, names.chain(more))?;
    let width = ComparisonRow::COLUMNS.len();
    for (row, fields) in run.summary.iter().zip(&summary) {
        let against = compared.remove(&(row.configuration(), row.backend.clone()));
        let cell = |index: usize| against.and_then(|fields| fields.get(index)).unwrap_or_default();
        let more = (0..width).filter(|index| own(*index)).map(cell);
        write(&mut writer, fields.iter().chain(more))?;
    }
    text(writer)
}

const SHARED_NAMES: &[(&str, table::Kind)] = super::SummaryRow::COLUMNS;

/// Both files have a column of this name, of different things: of single batches, and of ratios.
fn renamed(name: &'static str) -> &'static str {
    if name == "autocorrelation" { "ratio_autocorrelation" } else { name }
}

/// churn-summary.csv as text.
///
/// # Errors
/// [`RecordError::Encode`] where a figure is not a finite number.
pub fn churn_summary(rows: &[ChurnSummaryRow]) -> Result<String, RecordError> {
    whole(rows)
}

/// across.csv as text.
///
/// # Errors
/// [`RecordError::Encode`] where a figure is not a finite number.
pub fn across_text(rows: &[super::AcrossRow]) -> Result<String, RecordError> {
    whole(rows)
}

fn whole<R: Row>(rows: &[R]) -> Result<String, RecordError> {
    let bytes = table::encode(Path::new(NOWHERE), rows)?;
    String::from_utf8(bytes).map_err(|error| failed(&error.to_string()))
}

/// The fields of rows as they stand in the file.
fn encoded<R: Row>(rows: &[R]) -> Result<Vec<csv::StringRecord>, RecordError> {
    let bytes = table::encode_rows(Path::new(NOWHERE), rows)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    reader.records().map(|record| record.map_err(|error| failed(&error.to_string()))).collect()
}

fn write<'f>(
    writer: &mut csv::Writer<Vec<u8>>,
    fields: impl Iterator<Item = &'f str>,
) -> Result<(), RecordError> {
    writer.write_record(fields).map_err(|error| failed(&error.to_string()))
}

fn text(writer: csv::Writer<Vec<u8>>) -> Result<String, RecordError> {
    let bytes = writer.into_inner().map_err(|error| failed(&error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(&error.to_string()))
}

fn failed(reason: &str) -> RecordError {
    RecordError::Encode { path: NOWHERE.into(), reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{HOSTILE_NAME, planned, three_rounds};
    use super::super::{BASELINE, Environment, Judging, compare_all, summarise};
    use super::*;

    #[test]
    fn every_row_of_the_summary_has_its_comparison_beside_it() {
        let samples = three_rounds(HOSTILE_NAME);
        let plan = [BASELINE, "array", "rbtree"].map(|name| planned(HOSTILE_NAME, name));
        let run = Run {
            summary: summarise(&samples, &plan),
            comparison: compare_all(&samples, &Judging::against("array")),
            samples,
            environment: Environment::blank(),
            modes: Vec::new(),
        };
        let text = joined(&run).expect("finite");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let heads = reader.headers().expect("heads").clone();
        let mut names: Vec<_> = heads.iter().collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "no name twice: {names:?}");
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), run.summary.len());
        let at = |name: &str| heads.iter().position(|head| head == name).expect("a column");
        for (row, of) in rows.iter().zip(&run.summary) {
            assert_eq!((&row[at("layout")], &row[at("backend")]), (HOSTILE_NAME, &*of.backend));
            let is_tree = of.backend == "rbtree";
            assert_eq!(&row[at("reference")] == "array", is_tree);
            assert_eq!(row[at("gross_change_pct")].is_empty(), !is_tree);
        }
        let tree = rows.iter().find(|row| &row[at("backend")] == "rbtree").expect("a tree");
        let change: f64 = tree[at("gross_change_pct")].parse().expect("a number");
        assert_eq!(Some(change), run.comparison[0].gross_change_pct);
    }
}

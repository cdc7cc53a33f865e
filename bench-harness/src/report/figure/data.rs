//! The numbers of a figure as CSV, for those who want to draw them anew or look one up.
//!
//! A figure rounds its numbers to places on a sheet; here they are as the records have them, one line for what
//! is drawn, the key of its row first. The file is opened by spreadsheets as often as by programs, and the names
//! in it come from files that anyone may have written: control characters are replaced, and a text that a
//! spreadsheet would take for a formula begins with an apostrophe instead (OWASP, "CSV Injection"). Every figure
//! of a run fills one of these; only [`Figure::with`](super::Figure::with) writes it out.

use serde::Serialize;

use super::super::numbers::finite;
use super::super::setting::Setting;
use super::super::text::clean;

/// What every line begins with: the key of its row in summary.csv, comparison.csv and samples.csv.
pub(super) const KEY: [&str; 7] =
    ["layout", "workload", "mode", "target", "rng", "lookups", "backend"];

/// With these a spreadsheet's formulas begin, those of wide scripts included.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A field.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Cell {
    Text(String),
    Whole(u64),
    Number(f64),
    /// A number that does not exist: an empty field.
    Missing,
}

/// Which row of the records a line is of.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    pub layout: &'a str,
    pub setting: Setting<'a>,
    pub lookups: u64,
    pub backend: &'a str,
}

/// The lines of a figure.
pub(super) struct Rows {
    heads: Vec<&'static str>,
    lines: Vec<Vec<Cell>>,
}

impl Rows {
    /// No lines yet, with these columns behind the [`KEY`]; units last in their names.
    pub(super) fn new(columns: &[&'static str]) -> Self {
        Self { heads: [&KEY, columns].concat(), lines: Vec::new() }
    }

    /// No lines yet, with these columns alone.
    pub(super) fn keyless(columns: &[&'static str]) -> Self {
        Self { heads: columns.to_vec(), lines: Vec::new() }
    }

    /// Adds a line of a [`keyless`](Self::keyless) file.
    pub(super) fn push_bare<const N: usize>(&mut self, cells: [Cell; N]) {
        debug_assert_eq!(self.heads.len(), N);
        self.lines.push(cells.into());
    }

    /// Adds a line; `cells` are as many as there are columns.
    pub(super) fn push<const N: usize>(&mut self, key: Key<'_>, cells: [Cell; N]) {
        debug_assert_eq!(self.heads.len(), KEY.len() + N);
        let Key { layout, setting, lookups, backend } = key;
        let Setting { workload, mode, target, rng } = setting;
        let mut line: Vec<Cell> = [layout, workload, mode, target, rng].map(Cell::from).into();
        line.extend([lookups.into(), backend.into()]);
        line.extend(cells);
        self.lines.push(line);
    }

    /// The file.
    ///
    /// # Errors
    /// In the library's words; of memory alone none is known.
    pub(super) fn text(&self) -> Result<String, String> {
        let mut out = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
        out.write_record(&self.heads).map_err(|error| error.to_string())?;
        for line in &self.lines {
            out.serialize(line).map_err(|error| error.to_string())?;
        }
        let bytes = out.into_inner().map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| error.to_string())
    }
}

impl From<&str> for Cell {
    /// Empty stays empty.
    fn from(text: &str) -> Self {
        if text.is_empty() {
            return Self::Text(String::new());
        }
        let text = clean(text);
        let formula = text.trim_start().starts_with(FORMULA);
        Self::Text(if formula { format!("'{text}") } else { text })
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}

impl From<Option<u64>> for Cell {
    fn from(number: Option<u64>) -> Self {
        number.map_or(Self::Missing, Self::Whole)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Some(number).into()
    }
}

impl From<Option<f64>> for Cell {
    /// What no figure draws is no number here either.
    fn from(number: Option<f64>) -> Self {
        finite(number).map_or(Self::Missing, Self::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(layout: &str, backend: &str, cells: [Cell; 2]) -> Vec<Vec<String>> {
        let setting = Setting { workload: "uniform", mode: "trace", target: "page", rng: "x" };
        let mut rows = Rows::new(&["status", "time_s"]);
        rows.push(Key { layout, setting, lookups: 1000, backend }, cells);
        let text = rows.text().unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|line| line.unwrap().iter().map(String::from).collect()).collect()
    }

    #[test]
    fn numbers_keep_every_digit_and_those_that_are_none_are_empty() {
        let third = 1.0 / 3.0e7;
        let lines = written("a", "b", ["ok".into(), third.into()]);
        assert_eq!(lines[0].len(), 9);
        assert_eq!(lines[1][5], "1000");
        assert_eq!(lines[1][8].parse::<f64>().unwrap().to_bits(), third.to_bits());
        for none in [f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(written("a", "b", ["ok".into(), none.into()])[1][8], "");
        }
        assert_eq!(written("a", "b", ["ok".into(), (-1.5).into()])[1][8], "-1.5", "no text");
    }

    #[test]
    fn no_name_is_a_formula_or_a_line_of_its_own() {
        for (name, kept) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-x", "'-x"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "'  =1"),
            ("＝1", "'＝1"),
            ("\t=1", "\u{FFFD}=1"),
            ("a,\"b\"\nc", "a,\"b\"\u{FFFD}c"),
            ("<script>", "<script>"),
            ("paper-32x8", "paper-32x8"),
        ] {
            let lines = written(name, name, [name.into(), Cell::Missing]);
            assert_eq!(lines.len(), 2, "{name}");
            assert_eq!([&lines[1][0], &lines[1][6], &lines[1][7]], [kept; 3]);
        }
    }
}

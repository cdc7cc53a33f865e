//! Rows of any of the three CSV files, to and from bytes.
//!
//! A row type says what its columns are called and hold ([`Row`]); everything else, the order of
//! checks and the wording of errors, is the same for all. Only `record` uses it.

use std::path::Path;

use serde::{Serialize, de::DeserializeOwned};

use super::{RecordError, write_atomically};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Text,
    Whole32,
    Whole,
    WholeOrEmpty,
    Number,
    NumberOrEmpty,
    Status,
}

impl Kind {
    /// What the column holds, to follow "expected".
    fn expects(self) -> &'static str {
        match self {
            Self::Text => "text in UTF-8",
            Self::Whole32 => "a whole number from 0 to 4294967295",
            Self::Whole => "a whole number from 0 to 18446744073709551615",
            Self::WholeOrEmpty => "a whole number from 0 to 18446744073709551615, or nothing",
            Self::Number => "a finite number",
            Self::NumberOrEmpty => "a finite number, or nothing",
            Self::Status => "`ok`, `unsupported: REASON` or `failed: REASON`",
        }
    }

    fn holds(self, text: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Whole32 => text.parse::<u32>().is_ok(),
            Self::Whole => text.parse::<u64>().is_ok(),
            Self::WholeOrEmpty => text.is_empty() || text.parse::<u64>().is_ok(),
            // Rust reads `NaN` and `inf` as numbers; in a record they are neither figure nor absence.
            Self::Number => text.parse().is_ok_and(f64::is_finite),
            Self::NumberOrEmpty => text.is_empty() || text.parse().is_ok_and(f64::is_finite),
            Self::Status => {
                text == "ok" || text.starts_with("unsupported: ") || text.starts_with("failed: ")
            }
        }
    }
}

/// A row of one of the files; its columns are its fields, in order.
pub(super) trait Row: Serialize + DeserializeOwned {
    /// Name and content of every column.
    const COLUMNS: &'static [(&'static str, Kind)];

    /// How many of them every file has. Programs before this one wrote no more than these; what
    /// such a file lacks at the end of its rows is read as nothing, so the columns beyond may be
    /// empty.
    const SINCE_THE_FIRST: usize = Self::COLUMNS.len();
}

/// A row and the line on which it starts.
pub(super) struct Line<R> {
    pub(super) row: R,
    pub(super) number: u64,
}

/// The header as it stands in the file, without line end.
pub(super) fn header<R: Row>() -> String {
    R::COLUMNS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",")
}

/// Header and rows; the header is there even without rows. `path` is only for the error.
pub(super) fn encode<R: Row>(path: &Path, rows: &[R]) -> Result<Vec<u8>, RecordError> {
    let mut bytes = header::<R>().into_bytes();
    bytes.push(b'\n');
    bytes.extend(encode_rows(path, rows)?);
    Ok(bytes)
}

/// Rows without the header. Numbers are the shortest text that reads back as the same number.
pub(super) fn encode_rows<R: Row>(path: &Path, rows: &[R]) -> Result<Vec<u8>, RecordError> {
    let failed = |reason: String| RecordError::Encode { path: path.to_owned(), reason };
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    for row in rows {
        writer.serialize(row).map_err(|error| failed(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| failed(error.to_string()))
}

/// Replaces a file by header and rows, after making sure that it could be read again: a figure that
/// is not finite has to stop here and not at the reader's.
pub(super) fn write<R: Row>(path: &Path, rows: &[R]) -> Result<(), RecordError> {
    let bytes = encode(path, rows)?;
    decode::<R>(path, &bytes).map_err(|error| RecordError::Encode {
        path: path.to_owned(),
        reason: error.to_string(),
    })?;
    write_atomically(path, &bytes)
}

/// Reads a whole file's bytes, stopping at the first thing that is wrong. `path` is for errors.
pub(super) fn decode<R: Row>(path: &Path, bytes: &[u8]) -> Result<Vec<Line<R>>, RecordError> {
    let mut lines = Vec::new();
    match decode_into(path, bytes, &mut lines) {
        None => Ok(lines),
        Some(error) => Err(error),
    }
}

/// The same, but what came before the error is kept: `lines` then holds the rows read so far.
pub(super) fn decode_into<R: Row>(
    path: &Path,
    bytes: &[u8],
    lines: &mut Vec<Line<R>>,
) -> Option<RecordError> {
    let ends_in_mid_line = !bytes.ends_with(b"\n");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    // How many columns this file has; none before its header is read.
    let mut columns = None;
    // Reading bytes from memory cannot fail; if it could, the file would end there.
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        let number = record.position().map_or(1, csv::Position::line);
        let last = reader.position().byte() >= bytes.len() as u64;
        let Some(columns) = columns else {
            if !is_header::<R>(&record) {
                return Some(wrong_header::<R>(path, &record));
            }
            columns = Some(record.len());
            if last && ends_in_mid_line {
                return Some(RecordError::TornLine { path: path.to_owned(), line: number });
            }
            continue;
        };
        if last && (ends_in_mid_line || record.len() < columns) {
            return Some(RecordError::TornLine { path: path.to_owned(), line: number });
        }
        match decode_record(path, number, columns, &mut record) {
            Ok(row) => lines.push(Line { row, number }),
            Err(error) => return Some(error),
        }
    }
    columns.is_none().then(|| wrong_header::<R>(path, &record))
}

/// Whether these are the columns, in order: all of them, or as many as an earlier program wrote.
fn is_header<R: Row>(found: &csv::ByteRecord) -> bool {
    let names = R::COLUMNS.iter().map(|(name, _)| name.as_bytes());
    found.len() >= R::SINCE_THE_FIRST
        && found.len() <= R::COLUMNS.len()
        && found.iter().eq(names.take(found.len()))
}

fn wrong_header<R: Row>(path: &Path, found: &csv::ByteRecord) -> RecordError {
    let fields: Vec<_> = found.iter().map(String::from_utf8_lossy).collect();
    RecordError::Header { path: path.to_owned(), found: fields.join(","), expected: header::<R>() }
}

fn decode_record<R: Row>(
    path: &Path,
    line: u64,
    columns: usize,
    record: &mut csv::ByteRecord,
) -> Result<R, RecordError> {
    if record.len() != columns {
        return Err(RecordError::FieldCount {
            path: path.to_owned(),
            line,
            found: record.len(),
            expected: columns,
        });
    }
    for _ in columns..R::COLUMNS.len() {
        record.push_field(b"");
    }
    for (field, &(column, kind)) in record.iter().zip(R::COLUMNS) {
        let text = std::str::from_utf8(field).ok().filter(|text| kind.holds(text));
        if text.is_none() {
            return Err(RecordError::Field {
                path: path.to_owned(),
                line,
                column,
                found: String::from_utf8_lossy(field).into_owned(),
                expected: kind.expects(),
            });
        }
    }
    // Every field was just held against its column, so that this fails only where a row type and
    // its columns disagree.
    record.deserialize(None).map_err(|error| RecordError::Encode {
        path: path.to_owned(),
        reason: format!("line {line}: {error}"),
    })
}

/// Held by every row type's tests: the columns are the struct's fields, in order.
#[cfg(test)]
pub(super) fn assert_columns_are_fields<R: Row>(row: &R) {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.serialize(row).expect("a plain row");
    let bytes = writer.into_inner().expect("memory");
    let first_line = bytes.split(|&byte| byte == b'\n').next().expect("header");
    assert_eq!(String::from_utf8_lossy(first_line), header::<R>());
}

//! What a run that was killed left behind, made fit to go on with.

use std::{fs::File, path::Path};

use super::table::{self, Line, Row};
use super::{RecordError, SampleRow, atomic::write_atomically, files, sample, sample_writer::lock};

/// The rows worth keeping, and what was dropped.
#[derive(Clone, PartialEq, Debug)]
pub struct Recovered<R = SampleRow> {
    /// Rows of complete rounds, in the order of the file.
    pub rows: Vec<R>,
    /// Lines dropped: rows of the incomplete last round, and a line torn in the middle.
    pub dropped_lines: usize,
    /// Bytes that the file is shorter by.
    pub dropped_bytes: u64,
}

/// Drops a torn last line and the rows of an incomplete last round from samples.csv, for `--resume`.
///
/// `complete` gets the rows of the last round (equal run, process, round and configuration) and says
/// whether these are all. Only the end of the file is ever dropped: damage further up did not come
/// from a kill, and is an error. The file is replaced whole, and only if something was dropped, so a
/// second kill does no harm. A file without even a whole header becomes a header.
///
/// # Errors
/// [`RecordError::Missing`] without the file, [`RecordError::InUse`] while the run still runs, and
/// what reading and writing may give.
pub fn recover_samples(
    path: &Path,
    complete: impl FnOnce(&[SampleRow]) -> bool,
) -> Result<Recovered, RecordError> {
    recover(path, sample::refuse_duplicates, complete)
}

/// A row that belongs to a round.
pub(super) trait InRound: Row {
    /// Whether both belong to the same.
    fn is_same_round(&self, other: &Self) -> bool;
}

impl InRound for SampleRow {
    fn is_same_round(&self, other: &Self) -> bool {
        Self::is_same_round(self, other)
    }
}

/// [`recover_samples`] of any file that is written round by round.
pub(super) fn recover<R: InRound>(
    path: &Path,
    refuse: impl FnOnce(&Path, &[Line<R>]) -> Result<(), RecordError>,
    complete: impl FnOnce(&[R]) -> bool,
) -> Result<Recovered<R>, RecordError> {
    files::refuse_irregular(path)?;
    let file = File::open(path).map_err(|source| files::open_error(path, source))?;
    lock(path, &file)?;
    let bytes = files::read(path)?;
    let mut lines = Vec::new();
    let torn = match table::decode_into(path, &bytes, &mut lines) {
        None => false,
        Some(RecordError::TornLine { .. }) => true,
        Some(RecordError::Header { .. }) if is_part_of_header::<R>(&bytes) => !bytes.is_empty(),
        Some(error) => return Err(error),
    };
    refuse(path, &lines)?;
    let mut rows: Vec<R> = lines.into_iter().map(|line| line.row).collect();
    let read = rows.len();
    let last_round = start_of_last_round(&rows);
    if last_round < read && !complete(&rows[last_round..]) {
        rows.truncate(last_round);
    }
    let dropped_lines = read - rows.len() + usize::from(torn);
    let whole = table::encode(path, &rows)?;
    if dropped_lines > 0 || bytes.is_empty() {
        write_atomically(path, &whole)?;
    }
    let dropped_bytes = (bytes.len() as u64).saturating_sub(whole.len() as u64);
    Ok(Recovered { rows, dropped_lines, dropped_bytes })
}

/// Replaces samples.csv by `rows`, its beginning: what was measured after them is not to count.
///
/// # Errors
/// As [`recover_samples`].
pub fn keep_samples(path: &Path, rows: &[SampleRow]) -> Result<(), RecordError> {
    files::refuse_irregular(path)?;
    let file = File::open(path).map_err(|source| files::open_error(path, source))?;
    lock(path, &file)?;
    write_atomically(path, &table::encode(path, rows)?)
}

fn is_part_of_header<R: Row>(bytes: &[u8]) -> bool {
    table::header::<R>().as_bytes().starts_with(bytes)
}

fn start_of_last_round<R: InRound>(rows: &[R]) -> usize {
    let Some(last) = rows.last() else { return 0 };
    let same_round = rows.iter().rev().take_while(|row| row.is_same_round(last)).count();
    rows.len() - same_round
}

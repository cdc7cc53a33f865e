//! Addresses that others recorded, made into a recording: `workload import`.
//!
//! Inputs are read piece by piece ([`input`]); each source has a parser of a line ([`events`], [`pagemap`],
//! [`text`]); [`scan`] finds out which one is needed, and hands addresses to the encoder as they come, so
//! that memory does not grow with the text. [`found`] counts what else there was, [`said`] tells it.
//! Lines that nobody understands spoil nothing: traces have headings, stacks and other events in them.

mod events;
pub(super) mod found;
mod input;
pub(super) mod pagemap;
pub(super) mod said;
pub(super) mod scan;
#[cfg(test)]
mod tests;
mod text;

use std::io::Read;
use std::ops::ControlFlow;

use physseg::PageSize;

use super::model::{Head, Map, Source, check_name};
use super::{ADDRESSES_MAX, Problem, RecordingError};
use crate::names::{base_name, stem_of};
use input::Input;
use scan::{Rules, Scan};

/// What stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// The most that is read, in bytes, decompressed. A trace of as many events as are kept has about 8 GiB.
pub const INPUT_BYTES_MAX: u64 = 16 << 30;

/// What to import.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to look for; `None` finds out.
    pub from: Option<Source>,
    /// The name of the recording; `None` takes the file's.
    pub name: Option<String>,
    /// The page size of the machine.
    pub page_size: PageSize,
    /// Whether plain numbers are byte addresses, not frames.
    pub in_bytes: bool,
    /// The memory that the addresses are of, if known.
    pub map: Option<Map>,
    /// How many addresses are taken at most, the first ones.
    pub at_most: u64,
}

/// A recording made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// The bytes of its file.
    pub bytes: Vec<u8>,
    /// What was found, taken and left out, in lines for people.
    pub said: Vec<String>,
}

/// Makes a recording of the file or (with [`STANDARD_INPUT`]) the standard input that `path` names.
///
/// # Errors
///
/// What cannot be read, or that there are no addresses in it, with the way out.
pub fn import(path: &str, request: &Request) -> Result<Imported, RecordingError> {
    check(request)?;
    of_input(Input::open(path)?, request)
}

/// The same of a reader; `file` is what messages call it.
///
/// # Errors
///
/// As [`import`].
pub fn import_reader(
    file: &str,
    reader: impl Read + 'static,
    request: &Request,
) -> Result<Imported, RecordingError> {
    check(request)?;
    of_input(Input::of_reader(file, reader)?, request)
}

/// What can be said before anything is read.
fn check(request: &Request) -> Result<(), RecordingError> {
    match &request.name {
        Some(name) if !check_name(name) => Err(Problem::BadName(name.clone()).into()),
        _ => Ok(()),
    }
}

fn of_input(mut input: Input, request: &Request) -> Result<Imported, RecordingError> {
    let file = input.file.clone();
    let rules = Rules {
        from: request.from,
        page_size: request.page_size,
        in_bytes: request.in_bytes,
        at_most: request.at_most.min(ADDRESSES_MAX),
    };
    let mut scan = Scan::new(&file, rules);
    if matches!(request.from, None | Some(Source::Pagemap)) && input.is_binary()? {
        records(&mut input, &mut scan)?;
    } else {
        input.each_line(|line| scan.line(line))?;
        scan.end()?;
    }
    scan.found.cut_short |= input.cut_short;
    let (found, encoder) = (&scan.found, &scan.encoder);
    let Some(source) = scan.source.filter(|_| encoder.addresses() > 0) else {
        return Err(nothing(&file, &scan, request.from));
    };
    let said = said::said(&file, found, source, encoder, request.page_size.bytes());
    let head = Head {
        name: request.name.clone().unwrap_or_else(|| name_of(&file)),
        description: format!("{}, read as {}", base_name(&file), source.name()),
        source,
        page_size: request.page_size,
        map: request.map.clone(),
    };
    Ok(Imported { bytes: scan.encoder.finish(&head), said })
}

/// A pagemap as the kernel gives it.
fn records(input: &mut Input, scan: &mut Scan<'_>) -> Result<(), RecordingError> {
    let mut bytes = pagemap::Bytes::default();
    let mut outcome = Ok(ControlFlow::Continue(()));
    input.each_piece(|piece| {
        for record in piece.iter().filter_map(|&byte| bytes.take(byte)) {
            outcome = scan.record(record);
            if !matches!(outcome, Ok(ControlFlow::Continue(()))) {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    })?;
    scan.found.cut_short = bytes.is_cut() && matches!(outcome, Ok(ControlFlow::Continue(())));
    outcome.map(|_| ())
}

/// Why there are no addresses: the most telling reason there is.
fn nothing(file: &str, scan: &Scan<'_>, from: Option<Source>) -> RecordingError {
    if scan.found.hidden > 0 {
        return RecordingError::new(file, Problem::Hidden);
    }
    let also = Source::ALL.into_iter().find(|&source| scan.seen[source as usize]);
    let also = also.map(|source| format!("; there is {0} in it: use --from {0}", source.name()));
    let lines = scan.found.lines;
    RecordingError::new(file, Problem::Nothing { lines, from, also: also.unwrap_or_default() })
}

/// A name for the recording of this file.
fn name_of(file: &str) -> String {
    let name = stem_of(file, &[".gz", ".txt", ".log", ".trace"]);
    if check_name(&name) { name } else { "imported".to_owned() }
}

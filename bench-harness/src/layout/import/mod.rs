//! Memory maps of real machines, as their systems print them, made into layouts.
//!
//! Logs are read line by line ([`input`]), put together again where a letter broke lines ([`mail`]); what a
//! log puts before a line goes ([`line`]); every source
//! has a parser that adds entries to what was found ([`found`]), each in a file of its own; of what
//! there is the best is taken ([`detect`]), brought into shape ([`normalise`](mod@normalise)), written as a layout file
//! ([`write`]) and read back by the reader of layout files, so that what is handed out is a layout for
//! certain. [`said`] is what the user is told.
//!
//! Entries may be usable or not, may overlap, and may come in any order; a line that looks like an entry
//! and is none is reported, and spoils nothing else. The command `layout import` uses this module, and
//! `this-machine` its arithmetic.

mod detect;
mod dts;
mod e820;
mod efi;
mod error;
mod found;
mod freebsd;
mod input;
mod iomem;
mod line;
mod lsmem;
mod mail;
mod netbsd;
mod node_ranges;
mod normalise;
pub(crate) mod number;
mod said;
mod source;
mod sysfs;
#[cfg(test)]
mod tests;
mod write;
mod xen;
mod zoneinfo;

use physseg::PageSize;

use crate::layout::Layout;
use crate::layout::check::check_name;
use crate::layout::error::LayoutError;
use crate::layout::file::parse;
use crate::layout::model::Origin;
use crate::names::{base_name, stem_of};

pub use error::ImportError;
pub use source::{From, Source};

pub(super) use found::{Bytes, Entry};
pub(super) use normalise::normalise;
pub(super) use number::hex;

use detect::{Scan, choose};
use found::{ENTRIES_MAX, Found, quoted};
use normalise::Normalised;
use write::Head;

/// What stands for standard input.
pub const STANDARD_INPUT: &str = "-";

/// The most text that is read, in bytes, decompressed. Boot logs have up to a few MiB.
pub const INPUT_BYTES_MAX: u64 = 256 << 20;

/// The most segments that are made. No machine has a thousand, and reading their steps back takes 4 KiB of
/// memory each.
const SEGMENTS_MAX: usize = 1 << 14;

/// What to import.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to look for.
    pub from: From,
    /// The name of the layout; `None` takes the file's.
    pub name: Option<String>,
    /// The page size of the machine. It is in none of the sources, and some count in pages.
    pub page_size: PageSize,
}

/// A layout made of a memory map.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    /// The text of its layout file.
    pub toml: String,
    /// The layout that a reader of the file gets.
    pub layout: Layout,
    /// What was found, taken and ignored, in lines for people.
    pub said: Vec<String>,
}

/// Makes a layout of the memory map in the file, the folder or (with [`STANDARD_INPUT`]) the standard
/// input that `path` names.
///
/// Takes a few MiB of memory, whatever the text, and reads at most [`INPUT_BYTES_MAX`] of it.
///
/// # Errors
///
/// What cannot be read, or that there is no usable memory in it, with the way out.
pub fn import(path: &str, request: &Request) -> Result<Imported, ImportError> {
    let mut scan = Scan::new(request.page_size);
    let text = input::each_line(path, &mut |number, line| scan.line(number, line))?;
    let file = if path == STANDARD_INPUT { "standard input" } else { path };
    of_scan(file, scan, &text, request)
}

/// The same of a text that is at hand; `file` is what messages call it.
///
/// # Errors
///
/// As [`import`].
pub fn import_text(file: &str, text: &[u8], request: &Request) -> Result<Imported, ImportError> {
    let mut scan = Scan::new(request.page_size);
    let text = input::of_reader(file, text, &mut |number, line| scan.line(number, line))?;
    of_scan(file, scan, &text, request)
}

fn of_scan(
    file: &str,
    scan: Scan,
    text: &input::Text,
    request: &Request,
) -> Result<Imported, ImportError> {
    let name = request.name.clone().unwrap_or_else(|| name_of(file));
    check_name(&name).map_err(|problem| LayoutError::new("--name", problem))?;
    let all = scan.end();
    let Some(found) = choose(&all, request.from) else {
        return Err(nothing(file, text, &all, request));
    };
    let source_of_it = found.source;
    let too_many = || ImportError::TooMany { file: file.to_owned(), source_of_it };
    let map = found.best().filter(|_| !found.too_many).ok_or_else(too_many)?;
    let done = normalise(&map.entries, request.page_size, source_of_it.keeps_apart());
    if done.segments.len() > SEGMENTS_MAX {
        return Err(too_many());
    }
    if done.segments.is_empty() {
        return Err(ImportError::NothingUsable {
            file: file.to_owned(),
            line: map.lines.0,
            source_of_it,
            page_bytes: request.page_size.bytes(),
        });
    }
    let summary = said::summary(&done.segments, request.page_size);
    let shown = quoted(&base_name(file));
    let (first, last) = map.lines;
    let head = Head {
        name: &name,
        description: &format!("{} ({}): {summary}", source_of_it.about(), source_of_it.name()),
        source: &format!("{shown}, lines {first} to {last}, read as {}", source_of_it.name()),
        page_bytes: request.page_size.bytes(),
    };
    let toml = write::toml(&head, &done.segments);
    let layout = parse(&toml, file, Origin::Path(file.into()))?;
    let said = said::said(file, text, &all, found, map, &done, &summary, request.from);
    Ok(Imported { toml, layout, said })
}

/// Why nothing is usable: the most telling reason there is.
fn nothing(file: &str, text: &input::Text, all: &[Found], request: &Request) -> ImportError {
    let file = file.to_owned();
    if text.cut_short {
        let why =
            "it ends in the middle, and there is no usable map in what comes before".to_owned();
        return ImportError::DamagedGzip { file, why };
    }
    let asked = || all.iter().filter(|found| request.from.takes(found.source));
    if let Some(line) = asked().find_map(|found| found.hidden) {
        return ImportError::Hidden { file, line };
    }
    if let Some((found, wrong)) =
        asked().find_map(|found| Some((found, found.first_unreadable.clone()?)))
    {
        let (line, text, why) = (wrong.line, wrong.text, wrong.why);
        return ImportError::Malformed { file, line, text, why, source_of_it: found.source };
    }
    if let Some((found, map)) = asked().find_map(|found| Some((found, found.maps.first()?))) {
        return ImportError::NothingUsable {
            file,
            line: map.lines.0,
            source_of_it: found.source,
            page_bytes: request.page_size.bytes(),
        };
    }
    let also = all.iter().filter(|found| !found.maps.is_empty()).map(|found| found.source);
    let binary = 4 * text.with_zeros > text.lines;
    let also = also.collect();
    ImportError::NothingFound { file, lines: text.lines, binary, from: request.from, also }
}

/// A name for the layout of this file.
fn name_of(file: &str) -> String {
    let name = stem_of(file, &[".gz", ".txt", ".log", ".dts"]);
    if name.is_empty() { "imported".to_owned() } else { name }
}

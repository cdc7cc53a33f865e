//! Why nothing could be imported, and the way out.

use super::source::{From, Source};
use super::{ENTRIES_MAX, INPUT_BYTES_MAX, SEGMENTS_MAX};
use crate::layout::LayoutError;
use crate::layout::show::count;

/// A text of which no layout can be made. Displays as one line that begins with the file's name and,
/// where one line is to blame, its number.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file cannot be read; the text is the system's reason.
    #[error(
        "{file}: cannot be read: {why}; expected a memory map as text, or `-` for standard input"
    )]
    Unreadable {
        /// The file.
        file: String,
        /// The system's reason.
        why: String,
    },
    /// A folder that does not hold memory blocks.
    #[error(
        "{file}: is a folder without memory blocks ({why}); expected a file, or a folder like \
         /sys/devices/system/memory with block_size_bytes in it"
    )]
    NotSysfs {
        /// The folder.
        file: String,
        /// The system's reason.
        why: String,
    },
    /// More text than any log has.
    #[error(
        "{file}: is larger than {} MiB (decompressed), which no map needs; cut the boot messages out \
         of it and give them as `-`: grep -aE 'e820|node|mem' FILE | bench-harness layout import -",
        INPUT_BYTES_MAX >> 20
    )]
    TooLarge {
        /// The file.
        file: String,
    },
    /// Compressed by something other than gzip, or in another encoding.
    #[error("{file}: is {what}, which is not read here; use: {way_out}")]
    OtherFormat {
        /// The file.
        file: String,
        /// What it is.
        what: &'static str,
        /// The command that makes text of it.
        way_out: &'static str,
    },
    /// A gzip file that cannot be decompressed.
    #[error("{file}: damaged gzip ({why}); expected a whole .gz file, or the text itself")]
    DamagedGzip {
        /// The file.
        file: String,
        /// What the decompressor says.
        why: String,
    },
    /// No line of what was asked for.
    #[error("{file}: {}; {}{}", none(*.lines, *.binary), expected(*.from), others(.also))]
    NothingFound {
        /// The file.
        file: String,
        /// How many lines there are.
        lines: usize,
        /// Whether it is no text: many lines have a zero byte.
        binary: bool,
        /// What was asked for.
        from: From,
        /// What is there instead.
        also: Vec<Source>,
    },
    /// /proc/iomem as everybody but root sees it.
    #[error(
        "{file}:{line}: addresses are hidden (all zeros), as /proc/iomem shows them to everybody but \
         root; expected addresses: make the file as root (sudo cat /proc/iomem)"
    )]
    Hidden {
        /// The file.
        file: String,
        /// The first line that says so.
        line: usize,
    },
    /// Lines that look like entries, none of which can be read.
    #[error(
        "{file}:{line}: cannot be read as {}: {text:?}: {why}; expected a line like `{}`, from {}",
        .source_of_it.name(), .source_of_it.example(), .source_of_it.made_by()
    )]
    Malformed {
        /// The file.
        file: String,
        /// The first of the lines.
        line: usize,
        /// What it says, cut.
        text: String,
        /// What is wrong with it.
        why: &'static str,
        /// What it looks like.
        source_of_it: Source,
    },
    /// Entries, but no whole page that is usable.
    #[error(
        "{file}:{line}: the map of {} that begins here has no whole page of usable memory below \
         2^52 bytes, with pages of {page_bytes} bytes; expected entries like `{}`, or another --page-size",
        .source_of_it.name(), .source_of_it.example()
    )]
    NothingUsable {
        /// The file.
        file: String,
        /// Where the map begins.
        line: usize,
        /// What it is.
        source_of_it: Source,
        /// The page size.
        page_bytes: u64,
    },
    /// More entries or segments than any machine has.
    #[error(
        "{file}: more than {ENTRIES_MAX} entries of {} or {SEGMENTS_MAX} segments, which no machine has; \
         expected the map of one machine",
        .source_of_it.name()
    )]
    TooMany {
        /// The file.
        file: String,
        /// What it is.
        source_of_it: Source,
    },
    /// A name that no layout can have, or a map that is refused as a layout.
    #[error("{0}")]
    Layout(#[from] LayoutError),
}

fn none(lines: usize, binary: bool) -> String {
    match lines {
        0 => "is empty".to_owned(),
        _ if binary => "is no text, and has no memory map".to_owned(),
        1 => "no memory map in 1 line".to_owned(),
        lines => format!("no memory map in {} lines", count(lines as u64)),
    }
}

fn expected(from: From) -> String {
    match from {
        From::Auto => {
            "expected a boot log (dmesg), /proc/iomem, or another source of `--from` (see --help)"
                .into()
        }
        From::Dmesg => format!(
            "expected lines like `{}` or `{}`",
            Source::NodeRanges.example(),
            Source::E820.example()
        ),
        From::One(source) => {
            format!("expected lines like `{}`, from {}", source.example(), source.made_by())
        }
    }
}

fn others(also: &[Source]) -> String {
    if also.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = also.iter().map(|source| source.name()).collect();
    format!("; there is {} in it: use --from {} or --from auto", names.join(" and "), names[0])
}

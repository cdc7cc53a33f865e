//! Why a recording cannot be read or made, and the way out.

use std::fmt;

use super::{ADDRESSES_MAX, FILE_BYTES_MAX, SEGMENTS_MAX, Source};
use crate::names::UnknownName;

/// What is wrong, and where: one line that begins with the file's name and, where one line is to blame,
/// its number.
#[derive(Debug)]
pub struct RecordingError {
    /// The file, or what stands for it; `None` when none was found.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// What is wrong. Boxed to keep results small.
    pub problem: Box<Problem>,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// No recording of that name comes with the program, and no file either.
    #[error("{0}")]
    Unknown(UnknownName),
    /// The system's reason.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// Not what the program writes.
    #[error("is no recording; expected a file made by `workload import` or `record-addresses`")]
    NotARecording,
    /// Of a later program.
    #[error("is a recording of version {0}, and this program reads version 1; use a newer program")]
    OtherVersion(String),
    /// A file that is not as it was written.
    #[error("is damaged ({0}); copy it again, or import it anew")]
    Damaged(&'static str),
    /// A head that says what cannot be.
    #[error("its head: {0}; import it anew")]
    Head(String),
    /// More than any recording.
    #[error(
        "is larger than any recording (more than {} MiB, {ADDRESSES_MAX} addresses or \
         {SEGMENTS_MAX} segments); record for a shorter time, or import with --at-most",
        FILE_BYTES_MAX >> 20
    )]
    TooLarge,
    /// No memory for it.
    #[error("does not fit into memory; import it again with --at-most")]
    NoMemory,
    /// A name that no recording can have.
    #[error("--name {0:?}: expected 1 to 80 characters without control characters")]
    BadName(String),
    /// A layout that is not kept in a recording.
    #[error(
        "--layout: {0} has {1} segments, and a recording keeps at most {SEGMENTS_MAX}; leave --layout out, and \
         name the layout when it is replayed"
    )]
    TooManySegments(String, usize),
    /// A layout of other pages.
    #[error(
        "--layout: {layout} has pages of {layout_bytes} bytes, and the addresses are of pages of \
         {bytes}; give --page-size {layout_bytes} if that is what they are"
    )]
    OtherPages {
        /// The layout.
        layout: String,
        /// Its page size.
        layout_bytes: u64,
        /// The recording's.
        bytes: u64,
    },
    /// Numbers of which some would be read as decimal ones.
    #[error(
        "{0:?} is a hexadecimal number without 0x, and others like it could be taken for decimal ones; write 0x before \
         each: sed 's/[0-9a-fA-F][0-9a-fA-F]*/0x&/g' FILE | bench-harness workload import -"
    )]
    BareHexadecimal(String),
    /// More text than is read.
    #[error(
        "is larger than {} GiB (decompressed), and not done; give a part of it as `-`: \
         grep -a mm_page FILE | bench-harness workload import -",
        super::import::INPUT_BYTES_MAX >> 30
    )]
    InputTooLarge,
    /// Something that another program makes text of.
    #[error("is {what}, which is not read here; use: {way_out}")]
    OtherFormat {
        /// What it is.
        what: &'static str,
        /// The command that makes text of it.
        way_out: &'static str,
    },
    /// A gzip file that cannot be decompressed.
    #[error("damaged gzip ({0}); expected a whole .gz file, or what is in it")]
    DamagedGzip(String),
    /// A number that no frame has.
    #[error(
        "{0} is no page frame of {1} bytes below 2^52 bytes; expected frames, or with \
         --unit address byte addresses"
    )]
    Beyond(String, u64),
    /// No privilege to see frames.
    #[error(
        "pages that are present have frame 0, as /proc/PID/pagemap shows them to everybody without \
         CAP_SYS_ADMIN; read it as root (sudo), or record with `bench-harness record-addresses`"
    )]
    Hidden,
    /// Nothing there.
    #[error("no addresses in {lines} lines; {}{also}", expected(*.from))]
    Nothing {
        /// How many lines there are.
        lines: u64,
        /// What was looked for; `None` for anything.
        from: Option<Source>,
        /// What is there instead, with what to do.
        also: String,
    },
}

impl RecordingError {
    pub(super) fn new(file: impl Into<String>, problem: Problem) -> Self {
        Self { file: Some(file.into()), line: None, problem: Box::new(problem) }
    }

    pub(super) fn at(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

impl From<Problem> for RecordingError {
    fn from(problem: Problem) -> Self {
        Self { file: None, line: None, problem: Box::new(problem) }
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
            (Some(file), None) => write!(f, "{file}: ")?,
            (None, _) => {}
        }
        write!(f, "{}", self.problem)
    }
}

impl std::error::Error for RecordingError {}

fn expected(from: Option<Source>) -> String {
    match from {
        None => "expected kmem:mm_page_alloc events of ftrace or perf, a pagemap, or plain numbers"
            .to_owned(),
        Some(source) => {
            format!("expected lines like `{}`, from {}", source.example(), source.made_by())
        }
    }
}

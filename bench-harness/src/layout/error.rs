//! Why a layout is refused, with file, line and step.

use std::fmt;

use physseg::{FrameRange, PADDR_BITS, PageSize, Pfn};

use super::{FILE_BYTES_MAX, SEGMENTS_MAX};
use crate::names::UnknownName;

/// A layout that cannot be used: where it says so, and what is wrong.
///
/// Displays as one line, `FILE:LINE: step N: what is wrong; what was expected`, without the parts
/// that do not apply.
#[derive(Debug)]
pub struct LayoutError {
    /// The file, or what stands for it; `None` when none was found.
    pub file: Option<String>,
    /// The line in that file, from 1.
    pub line: Option<usize>,
    /// The step, counted from 1 as people do.
    pub step: Option<usize>,
    /// What is wrong. Boxed to keep results small.
    pub problem: Box<Problem>,
}

impl LayoutError {
    pub(super) fn new(file: impl Into<String>, problem: Problem) -> Self {
        Self { file: Some(file.into()), line: None, step: None, problem: Box::new(problem) }
    }

    pub(super) fn at(mut self, line: Option<usize>, step: Option<usize>) -> Self {
        self.line = line;
        self.step = step;
        self
    }
}

impl From<UnknownName> for LayoutError {
    fn from(unknown: UnknownName) -> Self {
        Self { file: None, line: None, step: None, problem: Box::new(Problem::Unknown(unknown)) }
    }
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
            (Some(file), None) => write!(f, "{file}: ")?,
            (None, _) => {}
        }
        if let Some(step) = self.step {
            write!(f, "step {step}: ")?;
        }
        write!(f, "{}", self.problem)
    }
}

impl std::error::Error for LayoutError {}

/// What is wrong with a layout.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Neither a shipped layout nor a file.
    #[error("{0}; or give the path of a TOML file")]
    Unknown(UnknownName),
    /// The file cannot be read; the text is the system's reason.
    #[error("cannot be read: {0}; expected a layout file (TOML)")]
    Unreadable(String),
    /// The file is larger than any layout.
    #[error(
        "is larger than {} MiB, which no layout file is; `split` and `every` describe large maps \
         in one step",
        FILE_BYTES_MAX >> 20
    )]
    FileTooLarge,
    /// The file is not text.
    #[error("is not UTF-8 text; expected a layout file (TOML)")]
    NotText,
    /// The file breaks the rules of TOML.
    #[error("not valid TOML: {0}")]
    NotToml(String),
    /// A key or value is not what a layout has there.
    #[error("{0}")]
    NotALayout(String),
    /// A step with no action, or several.
    #[error("a step needs exactly one of load, boot, plug, unplug; this one has {0}")]
    NotOneAction(String),
    /// `boot = false`.
    #[error("`boot = false` does nothing; write `boot = true`, or leave the step out")]
    BootFalse,
    /// `every`, `frames` and `seed` only make sense together.
    #[error(
        "`{missing}` is missing; every, frames and seed describe a fragmentation together, and a \
         plain unplug has none of them"
    )]
    IncompleteEvery {
        /// The first key that is missing.
        missing: &'static str,
    },
    /// `frames` is no pair.
    #[error("frames has {0} numbers; expected two, the fewest and the most frames to unplug")]
    NotTwoFrames(usize),
    /// The name cannot stand in records.
    #[error("name {0:?} cannot be used: expected 1 to 100 characters, none of them for control")]
    BadName(String),
    /// A text with characters that a terminal might obey.
    #[error("{0} holds control characters; expected plain text")]
    ControlCharacters(&'static str),
    /// Not a page size.
    #[error("page_size {0} is not possible; expected a power of two from 512 to 1073741824 bytes")]
    BadPageSize(u64),
    /// No array has this capacity.
    #[error("physseg_max {0} is not possible; expected 1 to {SEGMENTS_MAX} segments")]
    BadPhyssegMax(u64),
    /// The range holds no frame.
    #[error(
        "range [{start}, {end}) holds no frame: {}; end is the frame after the last one",
        if start == end { "start and end are equal" } else { "end lies before start" }
    )]
    EmptyRange {
        /// First frame.
        start: Pfn,
        /// Frame after the last.
        end: Pfn,
    },
    /// The range leaves the address space.
    #[error(
        "range {range} reaches beyond {PADDR_BITS}-bit addresses: with pages of {} bytes frames \
         end at {}; numbers are page frames, not bytes",
        page_size.bytes(),
        page_size.frame_limit()
    )]
    BeyondAddressSpace {
        /// The range.
        range: FrameRange,
        /// The page size.
        page_size: PageSize,
    },
    /// A fold outside the address space.
    #[error(
        "fold_below {fold_below} lies beyond {PADDR_BITS}-bit addresses; expected a frame number \
         up to {}",
        page_size.frame_limit()
    )]
    FoldBeyondAddressSpace {
        /// The frame.
        fold_below: Pfn,
        /// The page size.
        page_size: PageSize,
    },
    /// `split = 0`.
    #[error("split is 0; expected the number of frames in each segment, at least 1")]
    ZeroSplit,
    /// `every` too small to leave anything.
    #[error("every is {0}; expected at least 2, so that a frame goes and a frame stays")]
    BadEvery(u64),
    /// `frames` not within a piece.
    #[error(
        "frames [{smallest}, {largest}] is not possible with every = {every}; expected \
         1 <= smallest <= largest <= {}",
        every.saturating_sub(1)
    )]
    BadFrames {
        /// Fewest frames to unplug from a piece.
        smallest: u64,
        /// Most frames to unplug from a piece.
        largest: u64,
        /// Frames in a piece.
        every: u64,
    },
    /// No steps at all.
    #[error(
        "the layout has no segments; expected at least one [[step]] with `load` and one with \
         `boot = true`"
    )]
    NoSegments,
    /// Boot with nothing loaded.
    #[error("boot with no memory loaded; expected a `load` step before it")]
    BootWithoutMemory,
    /// Boot never ends.
    #[error(
        "boot never ends, so no page has a descriptor; expected a step `boot = true` (add a last \
         [[step]] with it)"
    )]
    NoBoot,
    /// Boot ends twice.
    #[error("boot has ended already at step {earlier}; expected one `boot = true`")]
    SecondBoot {
        /// The step that ended boot, from 1.
        earlier: usize,
    },
    /// A load after boot.
    #[error("load after boot (step {boot}); expected `plug`, or a place before the boot step")]
    LoadAfterBoot {
        /// The step that ended boot, from 1.
        boot: usize,
    },
    /// Frames that are present already.
    #[error("{range} overlaps {present}, which is present; segments share no frames")]
    Overlap {
        /// What was to be added.
        range: FrameRange,
        /// The segment in the way.
        present: FrameRange,
    },
    /// Frames that are not present.
    #[error(
        "unplug of {range}: {outside} is a hole; expected frames that are all in one present segment"
    )]
    Hole {
        /// What was to be unplugged.
        range: FrameRange,
        /// The first of its frames that is not present.
        outside: Pfn,
    },
    /// Frames of several segments.
    #[error(
        "unplug of {range} reaches beyond segment {segment}; expected frames of one segment: \
         unplug each segment's part in a step of its own"
    )]
    SeveralSegments {
        /// What was to be unplugged.
        range: FrameRange,
        /// The segment that holds its first frame.
        segment: FrameRange,
    },
    /// Nothing would be left.
    #[error("unplug of {0} removes the only segment; a segment table keeps at least one")]
    LastSegment(FrameRange),
    /// More segments than any run could hold in memory.
    #[error("makes {0} segments; expected at most {SEGMENTS_MAX} (their list alone takes 2 GiB)")]
    TooManySegments(u64),
    /// The list of segments does not fit into memory.
    #[error(
        "makes {segments} segments, and there is no memory for their list: {bytes} bytes wanted\
         {available}"
    )]
    NoMemory {
        /// How many.
        segments: u64,
        /// What was asked for in one piece.
        bytes: u64,
        /// What there was, in words; nothing where the system does not tell.
        available: String,
    },
    /// This machine has no /proc/iomem.
    #[error("{0}; describe the machine in a TOML file and give its path instead")]
    NotLive(String),
    /// A recording that cannot be read, or does not know where it was made.
    #[error("{0}")]
    NotRecorded(String),
}

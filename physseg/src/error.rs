//! Why a table refuses. Where the original panics or returns false, these say what and why.

use core::fmt;

use crate::addr::{FrameRange, Pfn};

/// Why an operation on a [`SegmentTable`](crate::SegmentTable) was refused. Nothing has changed
/// when one is returned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Error {
    /// No page size has been set, so frames mean nothing yet.
    PageSizeUnset,
    /// The page size cannot change once segments are loaded.
    PageSizeFixed,
    /// The operation belongs to boot, and boot is over.
    BootIsOver,
    /// Boot has ended already.
    AlreadyBooted,
    /// The range holds no frame.
    EmptyRange {
        /// First frame asked for.
        start: Pfn,
        /// Frame after the last one asked for.
        end: Pfn,
    },
    /// The range reaches beyond 52-bit physical addresses.
    BeyondAddressSpace {
        /// Frame after the last one asked for.
        end: Pfn,
        /// First frame that cannot be addressed.
        limit: Pfn,
    },
    /// The available part does not lie inside the segment.
    AvailOutside {
        /// The segment.
        segment: FrameRange,
        /// First available frame asked for.
        avail_start: Pfn,
        /// Frame after the last available one asked for.
        avail_end: Pfn,
    },
    /// The range shares frames with a segment that is present.
    Overlap {
        /// What was asked for.
        range: FrameRange,
        /// The segment in the way.
        present: FrameRange,
    },
    /// Not all frames of the range lie inside one segment.
    NotInOneSegment {
        /// What was asked for.
        range: FrameRange,
        /// The first of its frames that is in no segment, or in the next one.
        outside: Pfn,
    },
    /// There is no segment, so boot cannot end.
    NoSegments,
    /// The only segment cannot go.
    LastSegment,
    /// The handle names no segment.
    InvalidHandle,
    /// The frame lies beyond the segment.
    BeyondSegment {
        /// The segment.
        segment: FrameRange,
        /// Which of its frames was asked for, counted from its start.
        frame: u64,
    },
    /// The segment has no page descriptors yet: boot is not over.
    NoPages,
    /// The structure holds as many segments as it may, or the boot pool is used up.
    NoRoom {
        /// How many it may hold (`VM_PHYSSEG_MAX`).
        capacity: usize,
    },
    /// The allocator had no memory.
    NoMemory {
        /// How much was asked for, in bytes; 0 where that is not known.
        bytes: usize,
    },
    /// The structure's memory follows the span of frames, and that would become too wide.
    SpanTooWide {
        /// Frames from the lowest to the highest segment.
        frames: u64,
        /// How many it covers at most.
        limit: u64,
    },
    /// The table was frozen: it answers, and does not change any more.
    Frozen,
    /// No page descriptors could be had.
    NoDescriptors {
        /// How many were asked for.
        pages: u64,
    },
    /// This backend takes no segment after boot.
    NoPlugAfterBoot,
    /// This backend cannot take frames out of the middle of a segment.
    NoSplit,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PageSizeUnset => write!(f, "no page size has been set"),
            Self::PageSizeFixed => {
                write!(f, "the page size cannot change once segments are loaded")
            }
            Self::BootIsOver => write!(f, "only possible before boot ends"),
            Self::AlreadyBooted => write!(f, "boot has ended already"),
            Self::EmptyRange { start, end } => {
                write!(f, "[{start}, {end}) holds no frame: start must be below end")
            }
            Self::BeyondAddressSpace { end, limit } => write!(
                f,
                "frame {} is beyond 52-bit addresses, which end at {limit}",
                Pfn::new(end.get().saturating_sub(1))
            ),
            Self::AvailOutside { segment, avail_start, avail_end } => write!(
                f,
                "the available part [{avail_start}, {avail_end}) must lie inside {segment}"
            ),
            Self::Overlap { range, present } => {
                write!(f, "{range} overlaps the present segment {present}")
            }
            Self::NotInOneSegment { range, outside } => write!(
                f,
                "{range} does not lie inside one segment: frame {outside} is not in the same one"
            ),
            Self::NoSegments => write!(f, "boot cannot end without a segment"),
            Self::LastSegment => write!(f, "the only segment cannot be removed"),
            Self::InvalidHandle => write!(f, "the handle names no segment"),
            Self::BeyondSegment { segment, frame } => {
                write!(f, "frame {frame} lies beyond the segment {segment}")
            }
            Self::NoPages => write!(f, "segments have no page descriptors before boot ends"),
            Self::NoRoom { capacity } => write!(f, "no room: capacity is {capacity} segments"),
            Self::NoMemory { bytes: 0 } => write!(f, "out of memory"),
            Self::NoMemory { bytes } => write!(f, "out of memory: {bytes} bytes wanted"),
            Self::SpanTooWide { frames, limit } => {
                write!(f, "a span of {frames} frames, and at most {limit} can be covered")
            }
            Self::Frozen => write!(f, "the table is frozen"),
            Self::NoDescriptors { pages } => {
                write!(f, "no page descriptors to be had for {pages} pages")
            }
            Self::NoPlugAfterBoot => write!(f, "this backend takes no segment after boot"),
            Self::NoSplit => {
                write!(f, "this backend cannot unplug from the middle of a segment")
            }
        }
    }
}

impl core::error::Error for Error {}

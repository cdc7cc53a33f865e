//! Why an extent refuses.

use core::fmt;

/// Why a call on an [`Extent`](super::Extent) was refused. Nothing has changed when one is
/// returned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ExtentError {
    /// The size is 0, or the range's end lies before its start.
    Empty,
    /// The range reaches beyond the extent.
    OutOfRange {
        /// First unit asked for.
        start: u64,
        /// How many units, if that many can be counted in 64 bits; otherwise the greatest number.
        units: u64,
    },
    /// The alignment is not a power of two (1 means "any").
    BadAlignment(u64),
    /// No region of this size can keep from crossing a boundary line.
    BadBoundary {
        /// Distance between boundary lines.
        boundary: u64,
        /// Units asked for.
        size: u64,
    },
    /// No free run can hold the request.
    NoSpace {
        /// Units asked for.
        size: u64,
    },
    /// The fixed storage has no descriptor left for another region.
    NoDescriptor {
        /// How many regions it can describe.
        max_regions: usize,
    },
    /// The heap has no memory for a descriptor.
    NoMemory,
    /// The caller allowed sleep, and would have been put to sleep.
    WouldBlock,
    /// Some of the units to be freed are not allocated.
    NotAllocated {
        /// First unit to be freed.
        start: u64,
        /// How many units.
        size: u64,
    },
    /// The extent does not coalesce, so that regions can only be freed as they were allocated.
    NotOneRegion {
        /// First unit to be freed.
        start: u64,
        /// How many units.
        size: u64,
    },
}

impl fmt::Display for ExtentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "the range holds no unit"),
            Self::OutOfRange { start, units } => {
                write!(f, "{units} units from {start:#x} reach beyond the extent")
            }
            Self::BadAlignment(alignment) => {
                write!(f, "alignment {alignment} is not a power of two")
            }
            Self::BadBoundary { boundary, size } => {
                write!(f, "{size} units must cross a line when there is one every {boundary} units")
            }
            Self::NoSpace { size } => write!(f, "no free run can hold {size} units so placed"),
            Self::NoDescriptor { max_regions } => write!(
                f,
                "the fixed storage describes at most {max_regions} regions, and all are in use"
            ),
            Self::NoMemory => write!(f, "no memory for a region descriptor"),
            Self::WouldBlock => write!(f, "the request would have to wait"),
            Self::NotAllocated { start, size } => {
                write!(f, "not all of the {size} units from {start:#x} are allocated")
            }
            Self::NotOneRegion { start, size } => {
                write!(f, "the {size} units from {start:#x} are not one region as it was allocated")
            }
        }
    }
}

impl core::error::Error for ExtentError {}

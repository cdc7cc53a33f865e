//! Why page descriptors cannot be had or given back.

use core::fmt;

use super::SlabId;
use crate::extent::ExtentError;

/// Why a call on [`Slabs`](super::Slabs) was refused. Nothing has changed when one is returned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SlabError {
    /// No page was asked for.
    Empty,
    /// The namespace of page descriptors is used up.
    OutOfNames {
        /// How many pages were asked for.
        pages: u64,
    },
    /// There is no such slab, or no longer.
    NoSuchSlab(SlabId),
    /// The allocator had no memory.
    NoMemory {
        /// How much was asked for, in bytes; 0 where that is not known.
        bytes: usize,
    },
    /// The slab's extent refused.
    Extent(ExtentError),
}

impl fmt::Display for SlabError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "a slab needs at least one page"),
            Self::OutOfNames { pages } => {
                write!(f, "there are no names left for {pages} page descriptors")
            }
            Self::NoSuchSlab(slab) => write!(f, "there is no {slab}"),
            Self::NoMemory { bytes: 0 } => write!(f, "out of memory"),
            Self::NoMemory { bytes } => write!(f, "out of memory: {bytes} bytes wanted"),
            Self::Extent(error) => write!(f, "page descriptors: {error}"),
        }
    }
}

impl core::error::Error for SlabError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Extent(error) => Some(error),
            _ => None,
        }
    }
}

impl From<ExtentError> for SlabError {
    fn from(error: ExtentError) -> Self {
        match error {
            ExtentError::NoMemory => Self::NoMemory { bytes: 0 },
            other => Self::Extent(other),
        }
    }
}

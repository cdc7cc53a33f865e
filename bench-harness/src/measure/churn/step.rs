//! What a table asks of its slabs for one operation: the extent's part of plug and unplug.
//!
//! Follows `physseg`'s table call by call, and is held against it by what both leave behind: the
//! same descriptors for every segment (`work.rs`).

use physseg::PageId;
use physseg::slab::{SlabError, SlabId, Slabs};

/// A run of descriptors, and who owns it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run {
    /// The slab that they are of.
    pub slab: SlabId,
    /// The first of them.
    pub first: PageId,
    /// How many.
    pub pages: u64,
}

/// The slabs' part of an operation. Loading before boot ends has none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Boot ends: one slab for all segments.
    Boot {
        /// Frames of all of them.
        pages: u64,
        /// How many they are.
        segments: usize,
    },
    /// A segment comes.
    Plug {
        /// Its frames.
        pages: u64,
    },
    /// A segment loses frames at one end.
    Cut(Run),
    /// A segment loses frames in the middle: its rest becomes another user.
    Split(Run),
    /// A segment goes.
    Whole(Run),
}

/// The names that a step was given; of one that gives back, nothing.
pub(super) type Given = Option<(SlabId, PageId)>;

impl Step {
    /// Does it: the same code for everybody's timed loop and for the model.
    ///
    /// # Errors
    /// No memory; what is given back is not there.
    #[inline]
    pub fn take(self, slabs: &mut Slabs) -> Result<Given, SlabError> {
        match self {
            Self::Boot { pages, segments } => {
                let slab = slabs.create(pages)?;
                let first = slabs.allocate_from(slab, pages)?;
                for _ in 1..segments {
                    slabs.acquire(slab);
                }
                Ok(Some((slab, first)))
            }
            Self::Plug { pages } => slabs.allocate(pages).map(Some),
            Self::Cut(run) => {
                slabs.free(run.slab, run.first, run.pages)?;
                Ok(None)
            }
            Self::Split(run) => {
                slabs.free(run.slab, run.first, run.pages)?;
                slabs.acquire(run.slab);
                Ok(None)
            }
            Self::Whole(run) => {
                // With its last user a slab goes altogether.
                if slabs.users(run.slab) != Some(1) {
                    slabs.free(run.slab, run.first, run.pages)?;
                }
                slabs.release(run.slab);
                Ok(None)
            }
        }
    }

    /// A word to hold the answers of many steps together by.
    #[inline]
    pub(super) fn word(given: Given) -> u64 {
        given.map_or(0, |(_, first)| first.raw())
    }
}

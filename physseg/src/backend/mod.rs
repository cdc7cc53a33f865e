//! The contract between the table and a data structure.
//!
//! A backend keeps segment records in some order and finds them by frame. Everything else (which
//! ranges may overlap, how a segment is split, where page descriptors come from, what happens
//! before boot ends) is decided once, in [`SegmentTable`](crate::SegmentTable), so that backends
//! cannot drift apart and only the data structure differs between two measurements.

mod array;
mod btree;
mod dense;
mod direct;
mod last_hit;
pub mod rbtree;
mod section;
pub mod sorted;

pub use array::{
    Array, BigFirst, Bsearch, Contig, DEFAULT_CAPACITY, Linear, Position, RESERVED_MAX, Strategy,
};
pub use btree::{BTree, BTreeHandle};
pub use dense::{Dense, Only};
pub use direct::{DEFAULT_SPAN_LIMIT, Direct};
pub use last_hit::LastHit;
pub use rbtree::RbTree;
pub use section::{Section, SectionHandle};
pub use sorted::{ArrayBranchless, ArrayRebuild, Eytzinger, STree};

use crate::addr::Pfn;
use crate::page::PageId;
use crate::segment::Segment;

/// What a backend can do, apart from finding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(clippy::struct_excessive_bools)] // five facts that do not depend on each other
pub struct Capabilities {
    /// Segments can be added after boot.
    pub plug_after_boot: bool,
    /// A segment can lose frames from its middle.
    pub split: bool,
    /// A handle names the same segment until that segment goes. Where false (the array), inserting
    /// or removing a lower segment shifts it.
    pub stable_handles: bool,
    /// A record freed at boot can be used again before boot ends.
    pub reuses_boot_records: bool,
    /// Adding or removing a record after boot moves O(n) others. A history of very many operations
    /// is then better not carried out one by one.
    pub linear_updates: bool,
}

/// Why a backend could not take another record. Nothing has changed when it says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// It holds as many records as it may.
    Full {
        /// How many it may hold (upstream: `VM_PHYSSEG_MAX`).
        capacity: usize,
    },
    /// The allocator had no memory.
    NoMemory {
        /// How much was asked for, in bytes.
        bytes: usize,
    },
    /// Its memory follows the span of frames, and that would become too wide.
    Span {
        /// Frames from the lowest to the highest, the record included.
        frames: u64,
        /// How many it covers at most.
        limit: u64,
    },
}

/// The handles of the head and the tail of a segment that was [split](Backend::split).
pub type Halves<H> = (H, H);

/// A data structure that finds the segment of a frame.
///
/// # Contract
/// Records never overlap; the table sees to that before it calls. The order of the walk
/// ([`first`](Self::first), [`next`](Self::next), ...) is that of the frames, whatever the order in
/// storage. Methods that take `&self` write nothing, except in [`LastHit`], which is about that.
pub trait Backend {
    /// Names a record: a position, a slot with a generation, whatever suits.
    type Handle: Copy + Eq + core::hash::Hash + core::fmt::Debug;

    /// What it can do.
    const CAPABILITIES: Capabilities;

    /// The record that holds `pfn`, and how many frames into it `pfn` lies (`uvm_physseg_find`).
    fn find(&self, pfn: Pfn) -> Option<(Self::Handle, u64)>;

    /// The descriptor of `pfn` (`PHYS_TO_VM_PAGE`); `None` in a hole, and before boot ends.
    fn find_page(&self, pfn: Pfn) -> Option<PageId>;

    /// The record that holds `pfn`, or else the nearest one above it.
    fn find_geq(&self, pfn: Pfn) -> Option<Self::Handle>;

    /// The record that holds `pfn`, or else the nearest one below it.
    fn find_leq(&self, pfn: Pfn) -> Option<Self::Handle>;

    /// The record, or `None` if the handle names none (any longer).
    fn get(&self, handle: Self::Handle) -> Option<&Segment>;

    /// The record, for changing its hint or machine-dependent word.
    fn get_mut(&mut self, handle: Self::Handle) -> Option<&mut Segment>;

    /// Adds a record that overlaps none of the present ones.
    ///
    /// # Errors
    /// [`Refusal`], and then nothing has changed.
    fn insert(&mut self, segment: Segment) -> Result<Self::Handle, Refusal>;

    /// Takes a record out.
    fn remove(&mut self, handle: Self::Handle) -> Option<Segment>;

    /// Puts `segment` in the place of the record that `handle` names, and returns the handle under
    /// which it is found from now on. `segment` has the same bounds, or lies inside them, or (to
    /// undo that) is the record that was there before the last call, its neighbours unchanged.
    /// `None` if the handle names nothing. Cannot fail otherwise: it needs no memory.
    fn replace(&mut self, handle: Self::Handle, segment: Segment) -> Option<Self::Handle>;

    /// Makes two records of the one that `handle` names: `head`, which begins where it begins, and
    /// `tail`, which ends where it ends, with a hole between them. Answers with the handles of both
    /// (the head's as it was before the tail came, so that removing the tail and replacing the head
    /// undoes this); `Ok(None)` if the handle names nothing.
    ///
    /// A structure that keeps something for every frame overrides this: told of the two halves one
    /// after the other, it would have to forget all of the tail and learn it anew, and cutting one
    /// large segment into many would take quadratic time.
    ///
    /// # Errors
    /// [`Refusal`] when there is no room for the tail, and then nothing has changed.
    fn split(
        &mut self,
        handle: Self::Handle,
        head: Segment,
        tail: Segment,
    ) -> Result<Option<Halves<Self::Handle>>, Refusal> {
        let Some(&whole) = self.get(handle) else {
            return Ok(None);
        };
        // The head first: while it still covered the tail, the two would overlap.
        let Some(at) = self.replace(handle, head) else {
            return Ok(None);
        };
        match self.insert(tail) {
            Ok(tail_at) => Ok(Some((at, tail_at))),
            Err(refusal) => {
                self.replace(at, whole);
                Err(refusal)
            }
        }
    }

    /// The lowest record.
    fn first(&self) -> Option<Self::Handle>;

    /// The highest record.
    fn last(&self) -> Option<Self::Handle>;

    /// The next higher record.
    fn next(&self, handle: Self::Handle) -> Option<Self::Handle>;

    /// The next lower record.
    fn prev(&self, handle: Self::Handle) -> Option<Self::Handle>;

    /// How many records.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The table says that boot is over: records may come from the heap now.
    fn boot_ended(&mut self) {}

    /// Bytes of memory that the structure has taken for records, used or not; neither the value
    /// itself nor page descriptors are counted.
    fn bytes(&self) -> usize;

    /// How many of the [`bytes`](Self::bytes) are there to answer [`find_page`](Self::find_page):
    /// all of them where the search reads the records themselves; without the records, their
    /// order and their handles where it reads a structure of its own.
    fn index_bytes(&self) -> usize {
        self.bytes()
    }

    /// A word that tells records apart for as long as nothing changes, so that a measurement can
    /// check which record [`find`](Self::find) answered.
    fn handle_word(handle: Self::Handle) -> u64;

    /// Checks the structure's own invariants; the first that does not hold, in words. For tests
    /// and for doubts: at least O(n).
    ///
    /// # Errors
    /// The violated invariant.
    fn check(&self) -> Result<(), alloc::string::String>;
}

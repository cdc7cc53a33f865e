//! `rbtree`: the red-black tree of NetBSD's rbtree(3), the structure whose price is asked for.
//!
//! An implementation of its own after the manual page, laid out as the original is, so that what is
//! measured is that design and not a better one:
//! - nodes are intrusive: a 96-byte record begins with left, right, and the parent's address with
//!   colour and side in its two low bits; the 72 bytes of the segment follow (`node`);
//! - lookups compare by a callback through a function pointer, once a level (`ops`);
//! - lowest and highest node are cached; there are both-way walks, and searches for the nearest
//!   node (`tree`, `insert`, `remove`);
//! - nodes come from a fixed array until boot ends, and from the heap after ([`pool`]).
//!
//! What is not as in the original: a handle is a slot with a generation instead of an address, so
//! that using one whose segment has gone is answered, not undefined. It costs a lookup nothing (the
//! name stands in the record that was found), and whoever comes with a handle one comparison.
//!
//! # Why there is `unsafe` code here
//! Its cost is the product, and safe code cannot show it. Net nanoseconds a random lookup, medians of
//! eleven interleaved rounds of two million on a 2-core x86-64 virtual machine (Zen 4, 2.6 GHz),
//! for 32 segments, for 33 of the fragmented kind, and for 8161 of them:
//!
//! | | 32 | 33 | 8161 |
//! |---|---|---|---|
//! | the same tree in C, gcc -O2 | 26.4 | 31.2 | 118.6 |
//! | this tree | 26.4 | 30.6 | 111.3 |
//! | safe: indices into one growing array | 24.1 | 29.2 | 120.4 |
//! | safe: indices into chunks that stay where they are | 28.7 | 34.7 | 113.5 |
//! | pointers, but callbacks that take references | 20.7 | 25.2 | 107.6 |
//!
//! So safe arena : this tree : C is 0.91 : 1 : 1, 0.95 : 1 : 1.02 and 1.08 : 1 : 1.07. That the
//! arena comes near is chance. Against pointers with the comparison that it is bound to use, the
//! last row, it is 12 to 17 % slower, since an index must be scaled and checked before it can be
//! followed, at every level; and that comparison is another than the original's (see `ops`). Two
//! errors of opposite sign, of a size that depends on the layout, make no reference. Besides, the
//! growing array moves all records whenever it grows, and the chunks are up to 39 % slower.
//!
//! Following pointers is confined to `chunk` (the memory), `slots` (which record is where) and
//! `node` (the links); `ops` and `tree` add one promise each. Finding, inserting, removing and
//! checking are safe code on top.

mod check;
mod chunk;
mod handle;
mod insert;
mod node;
mod ops;
pub mod pool;
mod remove;
mod shape;
mod slots;
mod tree;

#[cfg(test)]
mod tests;

pub use handle::RbHandle;
pub use shape::Shape;

use alloc::string::String;
use core::fmt;

use self::node::{NodePtr, Side};
use self::slots::Slots;
use self::tree::Tree;
use super::{Backend, Capabilities, Refusal};
use crate::addr::Pfn;
use crate::page::PageId;
use crate::segment::Segment;

/// A red-black tree of segments. See the [module](self).
pub struct RbTree {
    tree: Tree,
    /// The nodes. Everything that `tree` points to lies here.
    slots: Slots,
}

impl RbTree {
    /// An empty tree at boot, with room for [`VM_PHYSSEG_MAX`](pool::VM_PHYSSEG_MAX) segments until
    /// boot ends.
    pub fn new() -> Self {
        Self::with_boot_capacity(pool::VM_PHYSSEG_MAX)
    }

    /// An empty tree at boot, with room for `segments` segments until boot ends. (If there is no
    /// memory for that many, the first insertion says so.)
    pub fn with_boot_capacity(segments: usize) -> Self {
        Self { tree: Tree::new(), slots: Slots::new(segments) }
    }

    fn neighbour(&self, handle: RbHandle, direction: Side) -> Option<RbHandle> {
        let node = self.slots.resolve(handle)?;
        self.tree.iterate(Some(node), direction).map(NodePtr::handle)
    }
}

impl Default for RbTree {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for RbTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RbTree")
            .field("len", &self.len())
            .field("bytes", &self.bytes())
            .field("boot_is_over", &self.slots.boot_is_over())
            .finish_non_exhaustive()
    }
}

impl Backend for RbTree {
    type Handle = RbHandle;

    const CAPABILITIES: Capabilities = Capabilities {
        plug_after_boot: true,
        split: true,
        stable_handles: true,
        reuses_boot_records: false,
        linear_updates: false,
    };

    #[inline]
    fn find(&self, pfn: Pfn) -> Option<(RbHandle, u64)> {
        let node = self.tree.find_node(&pfn)?;
        Some((
            node.handle(),
            pfn.get().wrapping_sub(node.start().get()), // not below the start: the segment holds it
        ))
    }

    #[inline]
    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        self.tree.find_node(&pfn)?.page_of(pfn)
    }

    fn find_geq(&self, pfn: Pfn) -> Option<RbHandle> {
        self.tree.find_node_geq(&pfn).map(NodePtr::handle)
    }

    fn find_leq(&self, pfn: Pfn) -> Option<RbHandle> {
        self.tree.find_node_leq(&pfn).map(NodePtr::handle)
    }

    #[inline]
    fn get(&self, handle: RbHandle) -> Option<&Segment> {
        self.slots.segment(handle)
    }

    #[inline]
    fn get_mut(&mut self, handle: RbHandle) -> Option<&mut Segment> {
        self.slots.segment_mut(handle)
    }

    /// As the [contract](Backend::insert) says. If it is broken, and the segment overlaps one that
    /// is present, nothing is added and the present one's handle is returned.
    fn insert(&mut self, segment: Segment) -> Result<RbHandle, Refusal> {
        let node = self.slots.take(segment)?;
        let there = self.tree.insert_node(node);
        if there != node {
            self.slots.release(node.handle());
        }
        Ok(there.handle())
    }

    fn remove(&mut self, handle: RbHandle) -> Option<Segment> {
        let node = self.slots.resolve(handle)?;
        let mut segment = *self.slots.segment(handle)?;
        self.tree.remove_node(node);
        self.slots.release(handle)?;
        segment.set_tag(0);
        Some(segment)
    }

    /// In place: the order of the records is not touched by bounds that shrink, or grow back.
    fn replace(&mut self, handle: RbHandle, mut segment: Segment) -> Option<RbHandle> {
        let present = self.slots.segment_mut(handle)?;
        segment.set_tag(handle.word());
        *present = segment;
        Some(handle)
    }

    #[inline]
    fn first(&self) -> Option<RbHandle> {
        self.tree.end(Side::Left).map(NodePtr::handle)
    }

    #[inline]
    fn last(&self) -> Option<RbHandle> {
        self.tree.end(Side::Right).map(NodePtr::handle)
    }

    fn next(&self, handle: RbHandle) -> Option<RbHandle> {
        self.neighbour(handle, Side::Right)
    }

    fn prev(&self, handle: RbHandle) -> Option<RbHandle> {
        self.neighbour(handle, Side::Left)
    }

    fn len(&self) -> usize {
        self.tree.len()
    }

    fn boot_ended(&mut self) {
        self.slots.boot_ended();
    }

    /// The nodes, handed out or not, with the boot array; not the few words of the tree itself.
    fn bytes(&self) -> usize {
        self.slots.bytes()
    }

    #[inline]
    fn handle_word(handle: RbHandle) -> u64 {
        handle.word()
    }

    fn check(&self) -> Result<(), String> {
        check::check(self)
    }
}

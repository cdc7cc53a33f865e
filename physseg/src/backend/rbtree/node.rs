//! The tree's node inside the segment record, and the only code that follows its pointers.
//!
//! rbtree(3) is intrusive: the links lie in the record itself, in front of the 72 bytes of the
//! segment, and three words must do for five facts. Left and right take one word each; the third is
//! the parent's address, whose two lowest bits (records are aligned to 8 bytes, so these are 0 in
//! an address) say whether the node is red and on which side of its parent it hangs.
//!
//! # Why the accessors are safe to call
//! A [`NodePtr`] is made in one place, by the pool, and only for a record that has been written. The
//! pool gives no memory back before it is dropped, together with the tree and with every pointer in
//! it, and a record that is freed stays a record. So whatever a `NodePtr` points to is a valid
//! [`Record`], be it in the tree or on the free list. What remains is aliasing: links are copied in
//! and out and never borrowed; segments are borrowed through [`NodePtr::record`] and
//! [`NodePtr::segment_mut`], which are `unsafe` and say what the caller has to see to.
#![allow(unsafe_code)]

use core::ptr::{self, NonNull};

use super::handle::RbHandle;
use crate::addr::{FrameRange, Pfn};
use crate::page::PageId;
use crate::segment::Segment;

/// Set in the parent word of a red node.
const RED: usize = 1;
/// Set in the parent word of a node that is its parent's right child.
const RIGHT: usize = 2;

/// Which way to go, or on which side a node hangs. The root hangs on the left of nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Side {
    Left = 0,
    Right = 1,
}

impl Side {
    pub(super) const BOTH: [Self; 2] = [Self::Left, Self::Right];

    #[inline]
    pub(super) const fn right_if(right: bool) -> Self {
        if right { Self::Right } else { Self::Left }
    }

    #[inline]
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// What the tree stores: three words of links, then the segment.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Record {
    children: [Option<NodePtr>; 2],
    /// The parent's address, or 0 for the root; [`RED`] and [`RIGHT`] in its lowest bits.
    parent: *mut Record,
    segment: Segment,
}

// As in the original. (Nothing but the measured figures depends on it.)
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<Record>() == 96 && core::mem::offset_of!(Record, segment) == 24);
// Room for the two bits.
const _: () = assert!(align_of::<Record>() > (RED | RIGHT));

impl Record {
    /// Where the links are, in bytes.
    pub(super) const LINKS_OFFSET: usize = core::mem::offset_of!(Record, children);

    /// A record that hangs nowhere.
    pub(super) const fn new(segment: Segment) -> Self {
        Self {
            children: [None, None],
            parent: ptr::null_mut(),
            segment,
        }
    }

    #[inline]
    pub(super) const fn segment(&self) -> &Segment {
        &self.segment
    }
}

/// Points to a record of the pool. Copies are equal when they point to the same record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub(super) struct NodePtr(NonNull<Record>);

impl NodePtr {
    /// # Safety
    /// `record` points to a written [`Record`], in memory that neither moves nor goes before the
    /// last use of the returned pointer or a copy of it.
    pub(super) const unsafe fn new(record: NonNull<Record>) -> Self {
        Self(record)
    }

    /// The record that has its links here.
    ///
    /// # Safety
    /// `links_offset` is [`Record::LINKS_OFFSET`]. (It comes as a number that the compiler does not
    /// know, as in the original.)
    #[inline]
    pub(super) unsafe fn item(self, links_offset: usize) -> Self {
        // SAFETY: stays inside the record, by the caller's promise.
        Self(unsafe { self.0.byte_sub(links_offset) })
    }

    #[inline]
    pub(super) fn child(self, side: Side) -> Option<Self> {
        // SAFETY: a valid record (see the module); the word is copied.
        unsafe { (*self.0.as_ptr()).children[side as usize] }
    }

    #[inline]
    pub(super) fn set_child(self, side: Side, child: Option<Self>) {
        // SAFETY: a valid record (see the module); nobody holds a reference to its links.
        unsafe { (*self.0.as_ptr()).children[side as usize] = child }
    }

    /// The parent's address with the two bits.
    #[inline]
    fn parent_word(self) -> *mut Record {
        // SAFETY: a valid record (see the module); the word is copied.
        unsafe { (*self.0.as_ptr()).parent }
    }

    #[inline]
    fn set_parent_word(self, word: *mut Record) {
        // SAFETY: a valid record (see the module); nobody holds a reference to its links.
        unsafe { (*self.0.as_ptr()).parent = word }
    }

    #[inline]
    pub(super) fn parent(self) -> Option<Self> {
        let parent = self.parent_word().map_addr(|word| word & !(RED | RIGHT));
        NonNull::new(parent).map(Self)
    }

    /// On which side of its parent the node hangs.
    #[inline]
    pub(super) fn side(self) -> Side {
        Side::right_if(self.parent_word().addr() & RIGHT != 0)
    }

    /// Hangs the node under `parent`; the colour stays.
    #[inline]
    pub(super) fn set_parent(self, parent: Option<Self>, side: Side) {
        let colour = self.parent_word().addr() & RED;
        let parent = parent.map_or(ptr::null_mut(), |parent| parent.0.as_ptr());
        let side = if side == Side::Right { RIGHT } else { 0 };
        self.set_parent_word(parent.map_addr(|address| address | side | colour));
    }

    #[inline]
    pub(super) fn is_red(self) -> bool {
        self.parent_word().addr() & RED != 0
    }

    #[inline]
    pub(super) fn set_red(self, red: bool) {
        let colour = if red { RED } else { 0 };
        self.set_parent_word(self.parent_word().map_addr(|word| word & !RED | colour));
    }

    /// The record, for a comparison or a caller of the tree.
    ///
    /// # Safety
    /// The pool lives, and nothing writes to the record, as long as the reference is used. (Holding
    /// `&` on the tree that owns both is enough.)
    #[inline]
    pub(super) unsafe fn record<'tree>(self) -> &'tree Record {
        // SAFETY: a valid record (see the module); the rest is the caller's promise.
        unsafe { self.0.as_ref() }
    }

    /// The segment, to be changed.
    ///
    /// # Safety
    /// The pool lives, and nothing else reads or writes the record, as long as the reference is
    /// used. (Holding `&mut` on the tree that owns both is enough.)
    #[inline]
    pub(super) unsafe fn segment_mut<'tree>(self) -> &'tree mut Segment {
        // SAFETY: a valid record (see the module); the rest is the caller's promise.
        unsafe { &mut (*self.0.as_ptr()).segment }
    }

    #[inline]
    pub(super) fn start(self) -> Pfn {
        // SAFETY: the reference is gone when this returns.
        unsafe { self.record() }.segment.start()
    }

    #[inline]
    pub(super) fn end(self) -> Pfn {
        // SAFETY: the reference is gone when this returns.
        unsafe { self.record() }.segment.end()
    }

    pub(super) fn range(self) -> FrameRange {
        // SAFETY: the reference is gone when this returns.
        unsafe { self.record() }.segment.range()
    }

    /// The descriptor of `pfn`, a frame of the segment.
    #[inline]
    pub(super) fn page_of(self, pfn: Pfn) -> Option<PageId> {
        // SAFETY: the reference is gone when this returns.
        unsafe { self.record() }.segment.page_of(pfn)
    }

    /// The handle that the pool wrote into the record.
    #[inline]
    pub(super) fn handle(self) -> RbHandle {
        // SAFETY: the reference is gone when this returns.
        RbHandle::from_word(unsafe { self.record() }.segment.tag())
    }

    /// Makes the record a fresh one that hangs nowhere.
    pub(super) fn overwrite(self, record: Record) {
        // SAFETY: a valid record (see the module), and records are plain data: nothing to drop.
        unsafe { self.0.as_ptr().write(record) }
    }
}

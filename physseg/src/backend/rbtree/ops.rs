//! How the tree compares: two callbacks behind function pointers, as rbtree(3) has them.
//!
//! The tree does not know what it sorts. It calls back once for every level that it descends, and
//! this indirect call, which the compiler cannot look through, is the reason that the tree's lookup
//! costs what it costs. A comparison written out in the loop would be a different, faster data
//! structure, and not the one whose price is asked for; so the table of callbacks goes through
//! [`black_box`], and the optimiser has to take it as it comes.
//!
//! For the same reason the callbacks take pointers and not references. A reference promises that
//! all of the record can be read, so that the compiler loads both bounds at once and compares
//! without a branch, which the C of the original does not let it do: measured, that made a lookup
//! in 32 segments 22 % and one in 8161 segments 9 % cheaper than the C. With pointers it is as in C
//! (a branch on the start, then one on the end), and so is the time.

#![allow(unsafe_code)]
// Keys go by address because the original's do: its tree does not know their type.
#![allow(clippy::trivially_copy_pass_by_ref)]

use core::hint::black_box;

use super::node::{NodePtr, Record};
use crate::addr::Pfn;

/// What the callbacks get as their first argument. Segments need nothing there; the original passes
/// a null pointer, and so does this.
#[derive(Debug)]
pub(super) struct Context;

/// The callbacks of a tree (`rb_tree_ops_t`). Both answer in the manner of `strcmp`: negative when
/// the first of the two lies lower.
#[derive(Debug)]
pub(super) struct Ops {
    compare_nodes: fn(Option<&'static Context>, NodePtr, NodePtr) -> i32,
    compare_key: fn(Option<&'static Context>, NodePtr, &Pfn) -> i32,
    /// Where in an item its links are, in bytes. The original is made for items of any type, and
    /// so subtracts this at every level, though segments begin with their links.
    links_offset: usize,
    context: Option<&'static Context>,
}

static SEGMENT_OPS: Ops = Ops {
    compare_nodes: compare_segments,
    compare_key: compare_segment_with_frame,
    links_offset: Record::LINKS_OFFSET,
    context: None,
};

impl Ops {
    /// The callbacks for segments, in a way that keeps the calls indirect.
    pub(super) fn for_segments() -> &'static Self {
        black_box(&SEGMENT_OPS)
    }

    /// The item that has its links at `node`.
    #[inline]
    fn item(&self, node: NodePtr) -> NodePtr {
        // SAFETY: the only table there is has the offset of a record's links.
        unsafe { node.item(self.links_offset) }
    }

    /// Calls back for a node of the tree and an item that is not yet in it.
    #[inline]
    pub(super) fn order_of_nodes(&self, node: NodePtr, item: NodePtr) -> i32 {
        (self.compare_nodes)(self.context, self.item(node), item)
    }

    /// Calls back for a node and a frame.
    #[inline]
    pub(super) fn order_of_key(&self, node: NodePtr, key: &Pfn) -> i32 {
        (self.compare_key)(self.context, self.item(node), key)
    }
}

/// Where a segment lies as seen from another: "equal" when they share a frame. (In the original
/// that is an assertion of debug kernels, which looks at starts only.)
fn compare_segments(_: Option<&'static Context>, first: NodePtr, second: NodePtr) -> i32 {
    if first.end() <= second.start() { -1 } else { i32::from(first.start() >= second.end()) }
}

/// Where a segment lies as seen from a frame: "equal" when it holds the frame, else by its start.
fn compare_segment_with_frame(_: Option<&'static Context>, node: NodePtr, key: &Pfn) -> i32 {
    if node.start() <= *key && *key < node.end() {
        0
    } else if node.start() < *key {
        -1
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::super::slots::Slots;
    use super::*;
    use crate::addr::FrameRange;
    use crate::segment::{FreeList, Segment};

    fn node(slots: &mut Slots, start: u64, end: u64) -> NodePtr {
        let range = FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap();
        slots.take(Segment::new(range, FreeList::Default)).unwrap()
    }

    #[test]
    fn a_frame_inside_is_equal_and_the_start_decides_outside() {
        let (ops, mut slots) = (Ops::for_segments(), Slots::new(1));
        let segment = node(&mut slots, 10, 20);
        let expected = [(9, 1), (10, 0), (19, 0), (20, -1)];
        for (pfn, order) in expected {
            assert_eq!(ops.order_of_key(segment, &Pfn::new(pfn)), order, "{pfn}");
        }
    }

    #[test]
    fn segments_that_share_a_frame_are_equal() {
        let (ops, mut slots) = (Ops::for_segments(), Slots::new(7));
        let fixed = node(&mut slots, 10, 20);
        let expected =
            [(0, 10, -1), (0, 11, 0), (10, 20, 0), (12, 13, 0), (15, 30, 0), (20, 30, 1)];
        for (start, end, order) in expected {
            let got = ops.order_of_nodes(node(&mut slots, start, end), fixed);
            assert_eq!(got, order, "[{start}, {end})");
        }
    }
}

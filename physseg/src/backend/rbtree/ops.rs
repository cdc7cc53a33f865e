//! How the tree compares: two callbacks behind function pointers, as rbtree(3) has them.
//!
//! The tree does not know what it sorts. It calls back once for every level that it descends, and
//! this indirect call, which the compiler cannot look through, is the reason that the tree's lookup
//! costs what it costs. A comparison written out in the loop would be a different, faster data
//! structure, and not the one whose price is asked for; so the table of callbacks goes through
//! [`black_box`], and the optimiser has to take it as it comes.

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
    compare_nodes: fn(Option<&'static Context>, &Record, &Record) -> i32,
    compare_key: fn(Option<&'static Context>, &Record, &Pfn) -> i32,
    context: Option<&'static Context>,
}

static SEGMENT_OPS: Ops = Ops {
    compare_nodes: compare_segments,
    compare_key: compare_segment_with_frame,
    context: None,
};

impl Ops {
    /// The callbacks for segments, in a way that keeps the calls indirect.
    pub(super) fn for_segments() -> &'static Self {
        black_box(&SEGMENT_OPS)
    }

    /// Calls back for two nodes.
    #[inline]
    pub(super) fn order_of_nodes(&self, first: NodePtr, second: NodePtr) -> i32 {
        // SAFETY: callbacks only read, and the references end with the call.
        let (first, second) = unsafe { (first.record(), second.record()) };
        (self.compare_nodes)(self.context, first, second)
    }

    /// Calls back for a node and a frame.
    #[inline]
    pub(super) fn order_of_key(&self, node: NodePtr, key: &Pfn) -> i32 {
        // SAFETY: callbacks only read, and the reference ends with the call.
        (self.compare_key)(self.context, unsafe { node.record() }, key)
    }
}

/// Where a segment lies as seen from another: "equal" when they share a frame. (In the original
/// that is an assertion of debug kernels, which looks at starts only.)
fn compare_segments(_: Option<&'static Context>, first: &Record, second: &Record) -> i32 {
    let (first, second) = (first.segment(), second.segment());
    if first.end() <= second.start() {
        -1
    } else {
        i32::from(first.start() >= second.end())
    }
}

/// Where a segment lies as seen from a frame: "equal" when it holds the frame, else by its start.
fn compare_segment_with_frame(_: Option<&'static Context>, node: &Record, key: &Pfn) -> i32 {
    let segment = node.segment();
    if segment.contains(*key) {
        0
    } else if segment.start() < *key {
        -1
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::FrameRange;
    use crate::segment::{FreeList, Segment};

    fn record(start: u64, end: u64) -> Record {
        let range = FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap();
        Record::new(Segment::new(range, FreeList::Default))
    }

    #[test]
    fn a_frame_inside_is_equal_and_the_start_decides_outside() {
        let ops = Ops::for_segments();
        let expected = [(9, 1), (10, 0), (19, 0), (20, -1)];
        for (pfn, order) in expected {
            let got = (ops.compare_key)(ops.context, &record(10, 20), &Pfn::new(pfn));
            assert_eq!(got, order, "{pfn}");
        }
    }

    #[test]
    fn segments_that_share_a_frame_are_equal() {
        let ops = Ops::for_segments();
        let expected = [
            (0, 10, -1),
            (0, 11, 0),
            (10, 20, 0),
            (12, 13, 0),
            (15, 30, 0),
            (20, 30, 1),
        ];
        for (start, end, order) in expected {
            let got = (ops.compare_nodes)(ops.context, &record(start, end), &record(10, 20));
            assert_eq!(got, order, "[{start}, {end})");
        }
    }
}

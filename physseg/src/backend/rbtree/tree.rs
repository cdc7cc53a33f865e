//! The tree: what rbtree(3) offers for finding and walking, and the rotation that changes share.
//!
//! [`Tree`] owns no records, as its original does not: it links what the pool holds. Only
//! [`RbTree`](super::RbTree), which keeps the two together, may use it.
#![allow(unsafe_code)]
#![allow(clippy::trivially_copy_pass_by_ref)] // keys go by address, see `ops`

use super::node::{NodePtr, Side};
use super::ops::Ops;
use crate::addr::Pfn;

/// The root, the cached ends, the callbacks.
#[derive(Debug)]
pub(super) struct Tree {
    root: Option<NodePtr>,
    /// Lowest and highest, so that a walk starts without descending.
    ends: [Option<NodePtr>; 2],
    ops: &'static Ops,
    len: usize,
}

// SAFETY: the pointers lead to records of the pool that is kept beside the tree and moves to another
// thread with it; no thread has them otherwise.
unsafe impl Send for Tree {}
// SAFETY: methods that take `&self` only read, and there is no interior mutability.
unsafe impl Sync for Tree {}

impl Tree {
    /// An empty tree (`rb_tree_init`).
    pub(super) fn new() -> Self {
        Self {
            root: None,
            ends: [None, None],
            ops: Ops::for_segments(),
            len: 0,
        }
    }

    pub(super) fn root(&self) -> Option<NodePtr> {
        self.root
    }

    /// The lowest or highest node.
    #[inline]
    pub(super) fn end(&self, side: Side) -> Option<NodePtr> {
        self.ends[side as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn ops(&self) -> &'static Ops {
        self.ops
    }

    /// The node that equals the key (`rb_tree_find_node`).
    ///
    /// Never inlined, as it is a library's function in the original. It also keeps the figure from
    /// depending on how many callers a program has.
    #[inline(never)]
    pub(super) fn find_node(&self, key: &Pfn) -> Option<NodePtr> {
        let ops = self.ops;
        let mut next = self.root;
        while let Some(node) = next {
            let order = ops.order_of_key(node, key);
            if order == 0 {
                return next;
            }
            next = node.child(Side::right_if(order < 0));
        }
        None
    }

    /// The node that equals the key, or else the next one above it (`rb_tree_find_node_geq`).
    pub(super) fn find_node_geq(&self, key: &Pfn) -> Option<NodePtr> {
        self.find_nearest(key, Side::Right)
    }

    /// The node that equals the key, or else the next one below it (`rb_tree_find_node_leq`).
    pub(super) fn find_node_leq(&self, key: &Pfn) -> Option<NodePtr> {
        self.find_nearest(key, Side::Left)
    }

    /// The node that equals the key, or else the nearest one on that side of it: the last node at
    /// which the descent turned the other way.
    fn find_nearest(&self, key: &Pfn, wanted: Side) -> Option<NodePtr> {
        let mut nearest = None;
        let mut next = self.root;
        while let Some(node) = next {
            let order = self.ops.order_of_key(node, key);
            if order == 0 {
                return next;
            }
            let down = Side::right_if(order < 0);
            if down != wanted {
                nearest = next;
            }
            next = node.child(down);
        }
        nearest
    }

    /// The neighbour of `node` in that direction; without a node, the outermost one on that side
    /// (`rb_tree_iterate`).
    pub(super) fn iterate(&self, node: Option<NodePtr>, direction: Side) -> Option<NodePtr> {
        let Some(node) = node else {
            return self.end(direction);
        };
        if let Some(mut nearest) = node.child(direction) {
            while let Some(nearer) = nearest.child(direction.other()) {
                nearest = nearer;
            }
            return Some(nearest);
        }
        // Up until a step leads in the wanted direction, that is, until a node hangs on the other
        // side of its parent. Above the root there is none.
        let mut node = node;
        loop {
            let parent = node.parent()?;
            if node.side() != direction {
                return Some(parent);
            }
            node = parent;
        }
    }

    /// Puts `node`, with all that hangs below it, under `parent`, or in the place of the root.
    pub(super) fn hang(&mut self, node: Option<NodePtr>, parent: Option<NodePtr>, side: Side) {
        match parent {
            Some(parent) => parent.set_child(side, node),
            None => self.root = node,
        }
        if let Some(node) = node {
            node.set_parent(parent, side);
        }
    }

    /// Lets `node` sink to `side`, and its child from the opposite side rise into its place.
    /// Colours stay with the nodes.
    pub(super) fn rotate(&mut self, node: NodePtr, side: Side) {
        // Whoever rotates has just looked at this child.
        let Some(rising) = node.child(side.other()) else {
            return;
        };
        self.hang(Some(rising), node.parent(), node.side());
        self.hang(rising.child(side), Some(node), side.other());
        self.hang(Some(node), Some(rising), side);
    }

    pub(super) fn set_end(&mut self, side: Side, node: Option<NodePtr>) {
        self.ends[side as usize] = node;
    }

    pub(super) fn set_len(&mut self, len: usize) {
        self.len = len;
    }
}

//! Which record comes where: an ordered index from first frames to slots, off the hot path.
//!
//! As long as there are no more than 64 records, which is what kernels are configured for, it is one
//! sorted array in place. From then on it is a B+-tree (Comer, "The Ubiquitous B-Tree", 1979) with
//! the leaves linked to their neighbours. A search reads one node of 32 keys a level, five levels
//! for tens of millions of records, where a binary tree reads 25 records that lie anywhere.
//!
//! | file | holds |
//! |---|---|
//! | `entries.rs` | sorted keys: all of them, or those of a node |
//! | `node.rs` | a node |
//! | `change.rs` | insertion, removal, and a first frame that moves |
//! | `tree.rs` | the same within the tree |
//! | `grow.rs` | from the array to the tree and back, nodes that split |
//! | `check.rs` | the invariants |
//!
//! Why not a radix tree (XArray): its memory follows the frames' numbers, 64 places for a leaf in
//! which four segments begin, and a front cut that moves a record to another leaf would need memory
//! that the contract does not grant. Here a first frame that moves stays in its place, since no other
//! record lies between, and at most one lower bound above it moves along.
//!
//! Nodes are freed when they are empty and not merged before (Johnson and Shasha, "B-trees with
//! inserts and deletes: why free-at-empty is better than merge-at-half", 1993), so that a removal
//! never moves entries from node to node. The tree goes when one leaf is left of it: with at most
//! half of what the array can hold, so that coming and going there does not build it each time.

mod change;
mod check;
mod entries;
mod grow;
mod node;
mod tree;

#[cfg(test)]
mod tests;

use self::entries::Entries;
use self::node::{FAN, Node};
use super::pool::{NONE, Pool};
use crate::backend::Refusal;

/// Entries without a tree.
const SMALL: usize = 64;

/// Nodes of a chunk: 26 KiB.
const CHUNK_NODES: usize = 64;

/// Nodes that the first memory is for: two leaves and their root, with what a split may need.
const FIRST_NODES: usize = 5;

/// The most levels above the leaves. A level is added when the root splits, for which every level
/// must have been filled from half: `16^levels` insertions, so that 64 bits could not count them.
const HEIGHT_MAX: usize = 16;

/// An ordered index. See the [module](self).
#[derive(Debug)]
pub(super) struct Order {
    /// All entries while there is no tree. Empty from then on.
    small: Entries<SMALL>,
    nodes: Pool<Node, CHUNK_NODES>,
    /// `NONE` while there is no tree.
    root: u32,
    /// Levels above the leaves: at least one in a tree.
    height: usize,
}

impl Order {
    pub(super) const fn new() -> Self {
        let nodes = Pool::new(FIRST_NODES);
        Self { small: Entries::EMPTY, nodes, root: NONE, height: 0 }
    }

    /// Bytes held besides the value itself.
    pub(super) fn bytes(&self) -> usize {
        self.nodes.bytes()
    }

    #[inline]
    fn is_small(&self) -> bool {
        self.root == NONE
    }

    /// Makes room for another key: one that splits every node above it.
    #[inline]
    pub(super) fn reserve(&mut self) -> Result<(), Refusal> {
        if self.is_small() && !self.small.is_full() {
            return Ok(());
        }
        if self.height >= HEIGHT_MAX {
            return Err(Refusal::NoMemory { bytes: size_of::<Node>() });
        }
        // A tree that is made of the array has room in its root.
        let nodes = if self.is_small() { SMALL / FAN + 2 } else { self.height + 2 };
        self.nodes.reserve(nodes)
    }

    /// The slot of the highest key that is at most `key`.
    #[inline]
    pub(super) fn at_or_below(&self, key: u64) -> Option<u32> {
        if self.is_small() {
            let index = self.small.rank(key).checked_sub(1)?;
            return self.small.values().get(index).copied();
        }
        self.around_in_tree(key).0
    }

    /// The slot of the lowest key above `key`.
    #[inline]
    pub(super) fn above(&self, key: u64) -> Option<u32> {
        if self.is_small() {
            return self.small.values().get(self.small.rank(key)).copied();
        }
        self.around_in_tree(key).1
    }

    /// The slots of both [`at_or_below`](Self::at_or_below) and [`above`](Self::above).
    #[inline]
    pub(super) fn around(&self, key: u64) -> (Option<u32>, Option<u32>) {
        if self.is_small() {
            let (rank, values) = (self.small.rank(key), self.small.values());
            let below = rank.checked_sub(1).and_then(|index| values.get(index));
            return (below.copied(), values.get(rank).copied());
        }
        self.around_in_tree(key)
    }
}

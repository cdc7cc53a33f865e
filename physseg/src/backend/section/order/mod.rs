//! Which record comes where: an ordered index from first frames to slots, off the hot path.
//!
//! A B+-tree (Comer, "The Ubiquitous B-Tree", 1979) with the leaves linked to their neighbours. A
//! search reads one node of 32 keys a level by bisection, five levels for tens of millions of
//! records, where a binary tree reads 25 records that lie anywhere.
//!
//! | file | holds |
//! |---|---|
//! | `node.rs` | a node |
//! | `change.rs` | insertion, removal, and a first frame that moves |
//! | `check.rs` | the invariants |
//!
//! Why not a radix tree (XArray): its memory follows the frames' numbers, 64 places for a leaf in
//! which four segments begin, and a front cut that moves a record to another leaf would need memory
//! that the contract does not grant. Here a first frame that moves stays in its place, since no other
//! record lies between, and at most one lower bound above it moves along.
//!
//! Nodes are freed when they are empty and not merged before (Johnson and Shasha, "B-trees with
//! inserts and deletes: why free-at-empty is better than merge-at-half", 1993), so that a removal
//! never moves entries from node to node.

mod change;
mod check;
mod node;

#[cfg(test)]
mod tests;

use self::node::{FAN, Node};
use super::pool::{NONE, Pool};
use crate::backend::Refusal;

/// Nodes of a chunk: 26 KiB.
const CHUNK_NODES: usize = 64;

/// The most levels above the leaves. A level is added when the root splits, for which every level
/// must have been filled from half: `16^levels` insertions, so that 64 bits could not count them.
const HEIGHT_MAX: usize = 16;

/// An ordered index. See the [module](self).
#[derive(Debug)]
pub(super) struct Order {
    nodes: Pool<Node, CHUNK_NODES>,
    root: u32,
    /// Levels above the leaves.
    height: usize,
}

/// The nodes above a leaf, from the root down, each with which child was taken.
type Path = [(u32, usize); HEIGHT_MAX];

impl Order {
    pub(super) const fn new() -> Self {
        Self { nodes: Pool::new(), root: NONE, height: 0 }
    }

    pub(super) fn bytes(&self) -> usize {
        self.nodes.bytes()
    }

    /// Makes room for another key: one that splits every node above it.
    pub(super) fn reserve(&mut self) -> Result<(), Refusal> {
        if self.height >= HEIGHT_MAX {
            return Err(Refusal::NoMemory { bytes: size_of::<Node>() });
        }
        self.nodes.reserve(self.height + 2)
    }

    /// The slot of the highest key that is at most `key`.
    #[inline]
    pub(super) fn at_or_below(&self, key: u64) -> Option<u32> {
        self.around(key).0
    }

    /// The slot of the lowest key above `key`.
    #[inline]
    pub(super) fn above(&self, key: u64) -> Option<u32> {
        self.around(key).1
    }

    /// The slots of both [`at_or_below`](Self::at_or_below) and [`above`](Self::above).
    #[inline]
    pub(super) fn around(&self, key: u64) -> (Option<u32>, Option<u32>) {
        let Some(leaf) = self.leaf(key) else {
            return (None, None);
        };
        let rank = leaf.rank(key);
        let below = match rank.checked_sub(1) {
            Some(index) => leaf.values().get(index).copied(),
            None => self.nodes.get(leaf.prev).and_then(|leaf| leaf.values().last().copied()),
        };
        let above = match leaf.values().get(rank) {
            Some(&slot) => Some(slot),
            None => self.nodes.get(leaf.next).and_then(|leaf| leaf.values().first().copied()),
        };
        (below, above)
    }

    /// The leaf in which `key` is if it is anywhere.
    #[inline]
    fn leaf(&self, key: u64) -> Option<&Node> {
        let mut node = self.nodes.get(self.root)?;
        for _ in 0..self.height {
            node = self.nodes.get(*node.values().get(node.child(key))?)?;
        }
        Some(node)
    }
}

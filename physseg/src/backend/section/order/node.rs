//! A node of the order's tree.

use super::entries::Entries;
use crate::backend::section::pool::{Item, NONE};

/// Entries of a node. With half as many, finding, removing and inserting took a tenth longer.
pub(super) const FAN: usize = 32;

/// A leaf holds first frames and slots of records; an inner node the lower bounds of its children
/// and their numbers.
///
/// The lower bound of an inner node's first child is 0, wherever the node is in the tree: whatever
/// lies below the second child is looked for in the first, however high the keys were that it had
/// when it became the first.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) entries: Entries<FAN>,
    /// Neighbouring leaves; a free node's next free one is its `next`.
    pub(super) prev: u32,
    pub(super) next: u32,
}

impl Item for Node {
    fn blank() -> Self {
        Self { entries: Entries::EMPTY, prev: NONE, next: NONE }
    }

    fn link(&self) -> u32 {
        self.next
    }

    fn set_link(&mut self, link: u32) {
        self.next = link;
    }
}

impl Node {
    /// Empties the node, which may have been used before.
    pub(super) fn reset(&mut self) {
        self.entries.empty();
        (self.prev, self.next) = (NONE, NONE);
    }

    /// Of an inner node that has got another first child, makes it the one for all that lies below
    /// the second.
    pub(super) fn open_below(&mut self) {
        if self.entries.len() > 0 {
            self.entries.set_key(0, 0);
        }
    }

    /// Of an inner node, which child's keys `key` would be among, and its number.
    #[inline]
    pub(super) fn child(&self, key: u64) -> Option<(usize, u32)> {
        let index = self.entries.rank(key).saturating_sub(1);
        Some((index, *self.entries.values().get(index)?))
    }
}

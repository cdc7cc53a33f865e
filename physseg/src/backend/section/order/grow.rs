//! How the tree comes, gains and loses levels, and goes.

use super::{Entries, FAN, Node, Order, SMALL};
use crate::backend::section::pool::{Item, NONE};

impl Order {
    /// Moves the entries of the full array to two full leaves.
    #[cold]
    pub(super) fn make_tree(&mut self) -> Option<()> {
        let (left, right) = (self.fresh()?, self.fresh()?);
        for (from, leaf, prev, next) in [(FAN, right, left, NONE), (0, left, NONE, right)] {
            let node = self.nodes.get_mut(leaf)?;
            self.small.split_off(from, &mut node.entries);
            (node.prev, node.next) = (prev, next);
        }
        let bound = *self.nodes.get(right)?.entries.keys().first()?;
        self.height = 0;
        self.add_root(left, (bound, right))
    }

    /// A root above the old one, `left`, and what was split off from it.
    pub(super) fn add_root(&mut self, left: u32, right: (u64, u32)) -> Option<()> {
        let root = self.fresh()?;
        let entries = &mut self.nodes.get_mut(root)?.entries;
        entries.put(0, 0, left);
        entries.put(1, right.0, right.1);
        self.root = root;
        self.height += 1;
        Some(())
    }

    /// Takes roots with a single child away, and the tree if a leaf is left of it.
    pub(super) fn lower(&mut self) {
        while let Some(root) = self.nodes.get(self.root)
            && let [child] = *root.entries.values()
        {
            self.nodes.give(self.root);
            self.root = child;
            self.height -= 1;
            if self.height == 0 {
                if let Some(leaf) = self.nodes.get_mut(child) {
                    leaf.entries.split_off(0, &mut self.small);
                }
                self.nodes.give(child);
                self.root = NONE;
                return;
            }
        }
    }

    /// Splits a full node for an entry at `index`, which goes into one of the halves; the upper one
    /// is returned. `at_end`, where no key of all is higher, the entry gets a node of its own, so that
    /// ascending insertions leave full nodes behind. (Not at the end of just any node: keys that
    /// come in descending order would each find themselves above the same full leaf.)
    pub(super) fn split(
        &mut self,
        at: u32,
        index: usize,
        entry: (u64, u32),
        is_leaf: bool,
        at_end: bool,
    ) -> Option<u32> {
        let right = self.fresh()?;
        // Out and back in, since two nodes of one pool cannot be borrowed at once.
        let mut upper = core::mem::replace(self.nodes.get_mut(right)?, Node::blank());
        let lower = self.nodes.get_mut(at)?;
        let middle = if at_end { FAN } else { FAN / 2 };
        lower.entries.split_off(middle, &mut upper.entries);
        // Between the halves it may go to either: the bound is read off the upper one afterwards.
        if index > middle || at_end {
            upper.entries.put(index - middle, entry.0, entry.1);
        } else {
            lower.entries.put(index, entry.0, entry.1);
        }
        if is_leaf {
            (upper.prev, upper.next) = (at, lower.next);
            lower.next = right;
            if let Some(after) = self.nodes.get_mut(upper.next) {
                after.prev = right;
            }
        }
        *self.nodes.get_mut(right)? = upper;
        Some(right)
    }

    /// An empty node.
    fn fresh(&mut self) -> Option<u32> {
        let number = self.nodes.take()?;
        self.nodes.get_mut(number)?.reset();
        Some(number)
    }
}

// Two leaves take what the array holds, and it takes what a leaf holds, with as much to spare.
const _: () = assert!(SMALL == 2 * FAN && size_of::<Entries<SMALL>>() < 1024);

//! The order as a tree: searches and changes.

use super::{FAN, HEIGHT_MAX, Node, Order};
use crate::backend::section::pool::NONE;

/// The nodes above a leaf, from the root down, each with which child was taken.
type Path = [(u32, usize); HEIGHT_MAX];

impl Order {
    /// The slots of the highest key that is at most `key`, and of the lowest one above it.
    #[inline(never)]
    pub(super) fn around_in_tree(&self, key: u64) -> (Option<u32>, Option<u32>) {
        let Some(leaf) = self.leaf_number(key).and_then(|number| self.nodes.get(number)) else {
            return (None, None);
        };
        let (rank, values) = (leaf.entries.rank(key), leaf.entries.values());
        let values_of = |leaf| self.nodes.get(leaf).map(|leaf| leaf.entries.values());
        let below = match rank.checked_sub(1) {
            Some(index) => values.get(index).copied(),
            None => values_of(leaf.prev).and_then(|values| values.last().copied()),
        };
        let above = match values.get(rank) {
            Some(&slot) => Some(slot),
            None => values_of(leaf.next).and_then(|values| values.first().copied()),
        };
        (below, above)
    }

    #[inline(never)]
    pub(super) fn insert_in_tree(&mut self, key: u64, slot: u32) -> Option<()> {
        let number = self.leaf_number(key)?;
        let leaf = &mut self.nodes.get_mut(number)?.entries;
        if !leaf.is_full() {
            leaf.put(leaf.rank(key), key, slot);
            return Some(());
        }
        let (path, mut at) = self.descend(key)?;
        let leaf = self.nodes.get(at)?;
        let mut index = leaf.entries.rank(key);
        // Whoever leads to the last leaf is the last of its level.
        let at_end = index == FAN && leaf.next == NONE;
        let mut entry = (key, slot);
        let mut level = self.height;
        while self.nodes.get(at)?.entries.is_full() {
            let is_leaf = level == self.height;
            let right = self.split(at, index, entry, is_leaf, at_end)?;
            let upper = self.nodes.get_mut(right)?;
            entry = (*upper.entries.keys().first()?, right);
            if !is_leaf {
                upper.open_below();
            }
            if level == 0 {
                return self.add_root(at, entry);
            }
            level -= 1;
            at = path[level].0;
            index = path[level].1 + 1;
        }
        self.nodes.get_mut(at)?.entries.put(index, entry.0, entry.1);
        Some(())
    }

    #[inline(never)]
    pub(super) fn remove_in_tree(&mut self, key: u64) -> Option<u32> {
        let number = self.leaf_number(key)?;
        let leaf = &mut self.nodes.get_mut(number)?.entries;
        let slot = leaf.cut(leaf.place(key)?)?;
        if leaf.len() > 0 {
            return Some(slot);
        }
        let (path, mut at) = self.descend(key)?;
        let mut level = self.height;
        while self.nodes.get(at)?.entries.len() == 0 {
            self.unlink(at);
            self.nodes.give(at);
            // The root has two children or more, so that one is left.
            level = level.checked_sub(1)?;
            let index;
            (at, index) = path[level];
            let node = self.nodes.get_mut(at)?;
            node.entries.cut(index)?;
            node.open_below();
        }
        self.lower();
        Some(slot)
    }

    /// Keys that were between when the bounds above were drawn may have gone since, so that the
    /// bounds follow: the next one up is kept above the key, those below it at most the key.
    #[inline(never)]
    pub(super) fn rekey_in_tree(&mut self, old: u64, new: u64) -> Option<()> {
        let (path, at) = self.descend(old)?;
        let leaf = &mut self.nodes.get_mut(at)?.entries;
        leaf.set_key(leaf.place(old)?, new);
        let mut next_seen = false;
        for &(at, child) in path.get(..self.height)?.iter().rev() {
            let node = &mut self.nodes.get_mut(at)?.entries;
            if child > 0 && node.keys().get(child).is_some_and(|&bound| bound > new) {
                node.set_key(child, new);
            }
            // Only the lowest node in which there is a next child bounds it from above.
            if !next_seen && let Some(&bound) = node.keys().get(child + 1) {
                next_seen = true;
                if bound <= new {
                    node.set_key(child + 1, new + 1);
                }
            }
        }
        Some(())
    }

    /// The leaf for `key`.
    #[inline]
    fn leaf_number(&self, key: u64) -> Option<u32> {
        let mut at = self.root;
        for _ in 0..self.height {
            (_, at) = self.nodes.get(at).and_then(|node| node.child(key))?;
        }
        Some(at)
    }

    /// The leaf for `key`, and the way there.
    fn descend(&self, key: u64) -> Option<(Path, u32)> {
        let mut path = [(NONE, 0); HEIGHT_MAX];
        let mut at = self.root;
        for step in path.get_mut(..self.height)? {
            let (index, child) = self.nodes.get(at).and_then(|node| node.child(key))?;
            *step = (at, index);
            at = child;
        }
        Some((path, at))
    }

    /// Takes a leaf out of the row of leaves. (Inner nodes have no neighbours.)
    fn unlink(&mut self, at: u32) {
        let Some(&Node { prev, next, .. }) = self.nodes.get(at) else {
            return;
        };
        if let Some(before) = self.nodes.get_mut(prev) {
            before.next = next;
        }
        if let Some(after) = self.nodes.get_mut(next) {
            after.prev = prev;
        }
    }
}

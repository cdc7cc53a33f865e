//! Changes to the order.

use super::{FAN, HEIGHT_MAX, Node, Order, Path};
use crate::backend::section::pool::{Item, NONE};

impl Order {
    /// Adds a key that is not there. `None` if no room was [made](Order::reserve).
    pub(in super::super) fn insert(&mut self, key: u64, slot: u32) -> Option<()> {
        if self.root == NONE {
            self.root = self.fresh()?;
        }
        let number = self.leaf_number(key)?;
        let leaf = self.nodes.get_mut(number)?;
        if !leaf.is_full() {
            leaf.put(leaf.rank(key), key, slot);
            return Some(());
        }
        let (path, mut at) = self.descend(key)?;
        let mut index = self.nodes.get(at)?.rank(key);
        let mut entry = (key, slot);
        let mut level = self.height;
        while self.nodes.get(at)?.is_full() {
            let right = self.split(at, index, entry, level == self.height)?;
            entry = (*self.nodes.get(right)?.keys().first()?, right);
            if level == 0 {
                let root = self.fresh()?;
                let node = self.nodes.get_mut(root)?;
                node.put(0, 0, at);
                node.put(1, entry.0, right);
                self.root = root;
                self.height += 1;
                return Some(());
            }
            level -= 1;
            at = path[level].0;
            index = path[level].1 + 1;
        }
        self.nodes.get_mut(at)?.put(index, entry.0, entry.1);
        Some(())
    }

    /// Takes a key out and answers with its slot.
    pub(in super::super) fn remove(&mut self, key: u64) -> Option<u32> {
        let number = self.leaf_number(key)?;
        let leaf = self.nodes.get_mut(number)?;
        let mut index = leaf.rank(key).checked_sub(1)?;
        if leaf.keys().get(index) != Some(&key) {
            return None;
        }
        let slot = leaf.cut(index)?;
        if leaf.len() > 0 {
            return Some(slot);
        }
        let (path, mut at) = self.descend(key)?;
        let mut level = self.height;
        while self.nodes.get(at)?.len() == 0 {
            self.unlink(at);
            self.nodes.give(at);
            if level == 0 {
                (self.root, self.height) = (NONE, 0);
                return Some(slot);
            }
            level -= 1;
            (at, index) = path[level];
            self.nodes.get_mut(at)?.cut(index)?;
        }
        while self.height > 0 && self.nodes.get(self.root)?.len() == 1 {
            let old = self.root;
            self.root = *self.nodes.get(old)?.values().first()?;
            self.nodes.give(old);
            self.height -= 1;
        }
        Some(slot)
    }

    /// Moves a key to where no other key lies between, which needs no memory.
    ///
    /// Keys that were between when the bounds above were drawn may have gone since, so that the
    /// bounds follow: the next one up is kept above the key, those below it at most the key.
    pub(in super::super) fn rekey(&mut self, old: u64, new: u64) -> Option<()> {
        let (path, at) = self.descend(old)?;
        let leaf = self.nodes.get_mut(at)?;
        let index = leaf.rank(old).checked_sub(1)?;
        if leaf.keys().get(index) != Some(&old) {
            return None;
        }
        leaf.set_key(index, new);
        let mut next_seen = false;
        for &(at, child) in path.get(..self.height)?.iter().rev() {
            let node = self.nodes.get_mut(at)?;
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
            let node = self.nodes.get(at)?;
            at = *node.values().get(node.child(key))?;
        }
        Some(at)
    }

    /// The leaf for `key`, and the way there.
    fn descend(&self, key: u64) -> Option<(Path, u32)> {
        let mut path = [(NONE, 0); HEIGHT_MAX];
        let mut at = self.root;
        for step in path.get_mut(..self.height)? {
            let node = self.nodes.get(at)?;
            let child = node.child(key);
            *step = (at, child);
            at = *node.values().get(child)?;
        }
        (at != NONE).then_some((path, at))
    }

    /// Splits a full node for an entry at `index`, which goes into one of the halves; the upper one
    /// is returned. An entry at the very end gets a node of its own, so that ascending insertions
    /// leave full nodes behind.
    fn split(&mut self, at: u32, index: usize, entry: (u64, u32), is_leaf: bool) -> Option<u32> {
        let right = self.fresh()?;
        // Out and back in, since two nodes of one pool cannot be borrowed at once.
        let mut upper = core::mem::replace(self.nodes.get_mut(right)?, Node::blank());
        let lower = self.nodes.get_mut(at)?;
        let middle = if index == FAN { FAN } else { FAN / 2 };
        lower.split_off(middle, &mut upper);
        if index > middle || index == FAN {
            upper.put(index - middle, entry.0, entry.1);
        } else {
            lower.put(index, entry.0, entry.1);
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

    /// Takes a leaf out of the row of leaves. (Inner nodes have no neighbours.)
    fn unlink(&mut self, at: u32) {
        let Some(node) = self.nodes.get(at) else {
            return;
        };
        let (prev, next) = (node.prev, node.next);
        if let Some(before) = self.nodes.get_mut(prev) {
            before.next = next;
        }
        if let Some(after) = self.nodes.get_mut(next) {
            after.prev = prev;
        }
    }

    /// An empty node.
    fn fresh(&mut self) -> Option<u32> {
        let number = self.nodes.take()?;
        self.nodes.get_mut(number)?.reset();
        Some(number)
    }
}

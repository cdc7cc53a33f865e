//! The questions: neighbours of a key, first entry that is heavy enough, lightest that is.

use super::balance::Path;
use super::{Entry, KEY, LEFT, NIL, Place, RIGHT, RankMap, WEIGHT};

impl RankMap {
    /// The weight of `key`, if present.
    pub(crate) fn get(&self, key: u64) -> Option<u64> {
        let (at_or_before, _) = self.neighbours(key);
        at_or_before
            .filter(|entry| entry.key == key)
            .map(|entry| entry.weight)
    }

    /// The entry with the greatest key not above `key`, and the one with the least key above it.
    pub(crate) fn neighbours(&self, key: u64) -> (Option<Entry>, Option<Entry>) {
        let (mut at, mut before, mut after) = (self.roots[KEY], NIL, NIL);
        while at != NIL {
            let node = &self.nodes[at as usize];
            if node.key <= key {
                before = at;
                at = node.links[KEY].child[RIGHT];
            } else {
                after = at;
                at = node.links[KEY].child[LEFT];
            }
        }
        (self.entry(before), self.entry(after))
    }

    /// As [`neighbours`](Self::neighbours), with the way to the place between the two: for those
    /// who mean to insert there.
    pub(crate) fn place(&self, key: u64) -> Place {
        let (mut at, mut before, mut after) = (self.roots[KEY], NIL, NIL);
        let mut path = Path::new();
        while at != NIL {
            let node = &self.nodes[at as usize];
            let side = usize::from(node.key <= key);
            path.push(at, side);
            if side == RIGHT {
                before = at;
            } else {
                after = at;
            }
            at = node.links[KEY].child[side];
        }
        Place {
            before: self.entry(before),
            after: self.entry(after),
            path,
        }
    }

    /// The entry with the least key from `from` on whose weight is at least `weight`.
    pub(crate) fn first_heavy(&self, from: u64, weight: u64) -> Option<Entry> {
        // Down towards `from`, remembering where greater keys are left out.
        let mut later = Path::new();
        let mut at = self.roots[KEY];
        while self.heaviest_under(at) >= Some(weight) {
            let node = &self.nodes[at as usize];
            if node.key < from {
                at = node.links[KEY].child[RIGHT];
            } else {
                later.push(at, LEFT);
                at = node.links[KEY].child[LEFT];
            }
        }
        while let Some(at) = later.pop() {
            let node = &self.nodes[at as usize];
            if node.weight >= weight {
                return self.entry(at);
            }
            let right = node.links[KEY].child[RIGHT];
            if self.heaviest_under(right) >= Some(weight) {
                return self.entry(self.leftmost_heavy(right, weight));
            }
        }
        None
    }

    /// The node with the least key under `at` whose weight is at least `weight`; there is one.
    fn leftmost_heavy(&self, mut at: u32, weight: u64) -> u32 {
        loop {
            let node = &self.nodes[at as usize];
            let [left, right] = node.links[KEY].child;
            if self.heaviest_under(left) >= Some(weight) {
                at = left;
            } else if node.weight >= weight {
                return at;
            } else {
                at = right;
            }
        }
    }

    /// The least entry by (weight, key) that is not below (`weight`, `key`).
    pub(crate) fn lightest(&self, weight: u64, key: u64) -> Option<Entry> {
        let (mut at, mut found) = (self.roots[WEIGHT], NIL);
        while at != NIL {
            let node = &self.nodes[at as usize];
            if (node.weight, node.key) < (weight, key) {
                at = node.links[WEIGHT].child[RIGHT];
            } else {
                found = at;
                at = node.links[WEIGHT].child[LEFT];
            }
        }
        self.entry(found)
    }

    /// The greatest weight.
    pub(crate) fn heaviest(&self) -> Option<u64> {
        self.heaviest_under(self.roots[KEY])
    }

    /// The greatest weight in the subtree under `at`; less than any weight if that is empty.
    pub(super) fn heaviest_under(&self, at: u32) -> Option<u64> {
        if at == NIL {
            return None;
        }
        Some(self.nodes[at as usize].heaviest)
    }

    fn entry(&self, at: u32) -> Option<Entry> {
        if at == NIL {
            return None;
        }
        let node = &self.nodes[at as usize];
        Some(Entry {
            key: node.key,
            weight: node.weight,
        })
    }
}

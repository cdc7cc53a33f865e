//! A map of many entries: a tree by key, and one by weight for the heavy ones.
//!
//! The tree by key knows which weights below [`LONG`] there are under each of its nodes, so that the
//! first entry of such a weight is found without an order by weight. Only heavier entries, which are
//! few where weights are lengths, hang in a second tree.

use super::OutOfMemory;
use super::node::{LONG, Pair};
use super::tree::{Tree, Want};

/// Both trees.
#[derive(Debug)]
pub(super) struct Many {
    /// (key, weight) of all entries.
    pub(super) by_key: Tree,
    /// (weight, key) of those with a weight of [`LONG`] or more.
    pub(super) long: Tree,
    pub(super) len: u32,
}

/// A pair of the second tree.
fn swapped(pair: Pair) -> Pair {
    Pair { major: pair.minor, minor: pair.major }
}

/// What lies just behind `key` in the tree by key.
pub(super) fn behind(key: u64) -> Pair {
    Pair { major: key, minor: u64::MAX }
}

impl Many {
    pub(super) const fn new() -> Self {
        Self { by_key: Tree::new(), long: Tree::new(), len: 0 }
    }

    /// Makes sure that the next insertion finds memory. The weights of all entries, each plus one,
    /// add up to `span` at most.
    ///
    /// A short run that grows must not fail, so the second tree has room for as many entries as
    /// may ever be long. What is not used is not written to.
    #[inline]
    pub(super) fn reserve_one(&mut self, span: u64) -> Result<(), OutOfMemory> {
        let len = self.len.checked_add(1).ok_or(OutOfMemory)?;
        self.by_key.reserve_one()?;
        self.long.reserve_all(most_long(len, span))
    }

    /// Makes sure that `entries` entries find memory; as for `span`, see above.
    pub(super) fn reserve_all(&mut self, entries: u32, span: u64) -> Result<(), OutOfMemory> {
        self.by_key.reserve_all(entries)?;
        self.long.reserve_all(most_long(entries, span))
    }

    /// Notes that `pair` is new in the tree by key.
    #[inline]
    pub(super) fn added(&mut self, pair: Pair) {
        self.len += 1;
        if pair.minor >= LONG {
            self.long.insert(swapped(pair));
        }
    }

    /// Turns `key`'s entry into `new`, which has the same neighbours. Says whether `key` is present.
    pub(super) fn replace(&mut self, key: u64, new: Pair) -> bool {
        let Some((path, old)) = self.by_key.find(behind(key)) else {
            return false;
        };
        if old == new {
            return true;
        }
        self.by_key.replace_before(&path, new);
        if old.minor >= LONG {
            self.long.remove(swapped(old));
        }
        if new.minor >= LONG {
            self.long.insert(swapped(new));
        }
        true
    }

    /// Removes `key`; says its weight.
    pub(super) fn remove(&mut self, key: u64) -> Option<u64> {
        let (path, old) = self.by_key.find(behind(key))?;
        self.by_key.remove_before(&path);
        if old.minor >= LONG {
            self.long.remove(swapped(old));
        }
        self.len -= 1;
        Some(old.minor)
    }

    /// The least by (weight, key) that is not below (`weight`, `key`).
    pub(super) fn lightest(&self, weight: u64, key: u64) -> Option<Pair> {
        let least = if weight < LONG {
            let from = Pair { major: key, minor: 0 };
            if let Some(found) = self.by_key.first(from, Want::Exactly(weight)) {
                return Some(found);
            }
            // The next weight that there is, from the lowest key on.
            let present = self.by_key.summary.weights & (u64::MAX << weight << 1);
            let next = u64::from(present.trailing_zeros());
            if next < LONG {
                return self.by_key.first(Pair { major: 0, minor: 0 }, Want::Exactly(next));
            }
            Pair { major: LONG, minor: 0 }
        } else {
            Pair { major: weight, minor: key }
        };
        self.long.first(least, Want::AtLeast(0)).map(swapped)
    }
}

/// How many of `entries` entries can be long if their weights, each plus one, add up to `span`.
fn most_long(entries: u32, span: u64) -> u32 {
    u32::try_from(span / (LONG + 1)).map_or(entries, |most| most.min(entries))
}

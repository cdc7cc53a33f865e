//! A map from numbers to weights that is ordered both ways: by key, and by weight.
//!
//! An extent asks three things of its free space: what lies beside this address, where is the
//! first run that is long enough, and which is the shortest run that is long enough. The standard
//! maps answer the first in O(log n) but have no room for the "heaviest below here" that the second
//! needs, keep two copies of everything for the third, and end the program where memory is short.
//! Here is a B+ tree (Comer, "The Ubiquitous B-Tree", 1979) whose inner nodes know the heaviest
//! weight and the set of small weights under each child, which answers all three for short runs; a
//! second tree orders the long ones. Every operation is O(log n). Memory for an entry is asked for
//! before anything changes.
//!
//! # Memory
//! In a map of up to 64 entries 16 bytes an entry, or half as much again after growing. Beyond, 18
//! bytes where keys came in ascending order, 26 in random order and 53 where removals left every
//! node as empty as it may be; as much again for entries of a weight of 63 or more. A map just past
//! 64 entries owns some kilobytes of nodes that are not filled yet.
//! Nothing that is in use moves when a large map grows.
//!
//! Two modules use it: [`extent`](crate::extent) (key: first unit of a free run; weight: its
//! length less one) and [`slab`](crate::slab) (key: the slab; weight: its longest free run).

mod change;
mod few;
mod many;
mod node;
mod pool;
mod tree;

use alloc::boxed::Box;
use alloc::vec::Vec;

use few::FEW;
use many::{Many, behind};
use node::Pair;
use tree::{Path, Want};

/// No memory for another entry, or no number left for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OutOfMemory;

/// A key and its weight, as searches return them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(crate) key: u64,
    pub(crate) weight: u64,
}

impl From<Pair> for Entry {
    fn from(pair: Pair) -> Self {
        Self { key: pair.major, weight: pair.minor }
    }
}

impl From<Entry> for Pair {
    fn from(entry: Entry) -> Self {
        Self { major: entry.key, minor: entry.weight }
    }
}

/// Between which entries a key lies, and how to get there: valid until the map changes. Memory may
/// be [reserved](RankMap::reserve_one) meanwhile.
#[derive(Debug)]
pub(crate) struct Place {
    /// The entry with the greatest key not above the one asked for.
    pub(crate) before: Option<Entry>,
    /// The entry with the least key above it.
    pub(crate) after: Option<Entry>,
    /// In a tree that is not empty.
    path: Option<Path>,
}

/// The map. Empty, it owns no memory.
#[derive(Debug)]
pub(crate) struct RankMap {
    entries: Entries,
}

/// How entries are kept. What has been many stays that, until the memory is given back.
#[derive(Debug)]
enum Entries {
    Few(Vec<Pair>),
    /// An array of one: a box that can be had without ending the program where memory is short.
    Many(Box<[Many; 1]>),
}

impl RankMap {
    /// An empty map.
    pub(crate) const fn new() -> Self {
        Self { entries: Entries::Few(Vec::new()) }
    }

    /// An empty map with memory for `entries` entries whose weights, each plus one, add up to
    /// `span` at most.
    pub(crate) fn with_room(entries: usize, span: u64) -> Result<Self, OutOfMemory> {
        let mut map = Self::new();
        match &mut map.entries {
            Entries::Few(pairs) if entries <= FEW => {
                pairs.try_reserve_exact(entries).map_err(|_| OutOfMemory)?;
            }
            kept => {
                let entries = u32::try_from(entries).map_err(|_| OutOfMemory)?;
                let mut many = empty()?;
                many[0].reserve_all(entries, span)?;
                *kept = Entries::Many(many);
            }
        }
        Ok(map)
    }

    /// Whether there is no entry.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.entries {
            Entries::Few(pairs) => pairs.is_empty(),
            Entries::Many(many) => many[0].len == 0,
        }
    }

    /// Makes sure that the next [`insert`](Self::insert) finds memory. Amortised O(1).
    pub(crate) fn reserve_one(&mut self) -> Result<(), OutOfMemory> {
        self.reserve_within(u64::MAX)
    }

    /// As [`reserve_one`](Self::reserve_one), for a map whose weights, each plus one, never add up
    /// to more than `span`: it needs less room for heavy ones.
    pub(crate) fn reserve_within(&mut self, span: u64) -> Result<(), OutOfMemory> {
        match &mut self.entries {
            Entries::Many(many) => many[0].reserve_one(span),
            Entries::Few(pairs) if pairs.len() < FEW => few::reserve(pairs),
            Entries::Few(pairs) => {
                let mut many = empty()?;
                for pair in pairs {
                    many[0].reserve_one(span)?;
                    many[0].by_key.insert(*pair);
                    many[0].added(*pair);
                }
                many[0].reserve_one(span)?;
                self.entries = Entries::Many(many);
                Ok(())
            }
        }
    }

    /// Gives the memory back if there is no entry.
    pub(crate) fn release_if_empty(&mut self) {
        if self.is_empty() {
            *self = Self::new();
        }
    }

    /// Adds `key`, which must not be present. Memory for it has been reserved.
    pub(crate) fn insert(&mut self, key: u64, weight: u64) {
        let place = Place { before: None, after: None, path: None };
        self.insert_at(&place, Entry { key, weight });
    }

    /// Adds `new`, whose key lies between the neighbours of `place`, without another search by key.
    /// Memory for it has been reserved.
    pub(crate) fn insert_at(&mut self, place: &Place, new: Entry) {
        debug_assert!(place.before.is_none_or(|before| before.key < new.key));
        debug_assert!(place.after.is_none_or(|after| new.key < after.key));
        match &mut self.entries {
            Entries::Few(pairs) => pairs.insert(few::up_to(pairs, new.key), new.into()),
            Entries::Many(many) => {
                let [many] = &mut **many;
                match &place.path {
                    Some(path) => many.by_key.insert_at(path, new.into()),
                    None => many.by_key.insert(new.into()),
                }
                many.added(new.into());
            }
        }
    }

    /// Removes `key`; says its weight.
    pub(crate) fn remove(&mut self, key: u64) -> Option<u64> {
        match &mut self.entries {
            Entries::Few(pairs) => Some(pairs.remove(few::find(pairs, key)?).minor),
            Entries::Many(many) => many[0].remove(key),
        }
    }

    /// Turns the entry at `key` into another one with the same neighbours: no key may lie between
    /// the old one and the new one. A run that shrinks or grows is such a case; it needs no memory
    /// beyond what has been reserved for the entry. Does nothing if `key` is absent.
    pub(crate) fn replace(&mut self, key: u64, new: Entry) {
        let present = match &mut self.entries {
            Entries::Few(pairs) => {
                let at = few::find(pairs, key);
                at.map(|at| pairs[at] = new.into()).is_some()
            }
            Entries::Many(many) => many[0].replace(key, new.into()),
        };
        debug_assert!(present, "{key} is absent");
    }

    /// The weight of `key`, if present.
    pub(crate) fn get(&self, key: u64) -> Option<u64> {
        let (at_or_before, _) = self.neighbours(key);
        at_or_before.filter(|entry| entry.key == key).map(|entry| entry.weight)
    }

    /// The entry with the greatest key not above `key`, and the one with the least key above it.
    pub(crate) fn neighbours(&self, key: u64) -> (Option<Entry>, Option<Entry>) {
        let place = self.place(key);
        (place.before, place.after)
    }

    /// As [`neighbours`](Self::neighbours), with the way to the place between the two: for those
    /// who mean to insert there.
    #[inline]
    pub(crate) fn place(&self, key: u64) -> Place {
        let ((before, after), path) = match &self.entries {
            Entries::Few(pairs) => {
                let at = few::up_to(pairs, key);
                let before = at.checked_sub(1).map(|before| pairs[before]);
                ((before, pairs.get(at).copied()), None)
            }
            Entries::Many(many) if many[0].len == 0 => ((None, None), None),
            Entries::Many(many) => {
                let path = many[0].by_key.path_to(behind(key));
                (many[0].by_key.beside(&path), Some(path))
            }
        };
        Place { before: before.map(Entry::from), after: after.map(Entry::from), path }
    }

    /// The entry with the least key from `from` on whose weight is at least `weight`.
    pub(crate) fn first_heavy(&self, from: u64, weight: u64) -> Option<Entry> {
        let found = match &self.entries {
            Entries::Few(pairs) => {
                let mut enough = pairs.iter().filter(|pair| pair.minor >= weight);
                enough.find(|pair| pair.major >= from).copied()
            }
            Entries::Many(many) => {
                let from = Pair { major: from, minor: 0 };
                many[0].by_key.first(from, Want::AtLeast(weight))
            }
        };
        found.map(Entry::from)
    }

    /// The least entry by (weight, key) that is not below (`weight`, `key`).
    pub(crate) fn lightest(&self, weight: u64, key: u64) -> Option<Entry> {
        let found = match &self.entries {
            Entries::Few(pairs) => few::lightest(pairs, weight, key),
            Entries::Many(many) => many[0].lightest(weight, key),
        };
        found.map(Entry::from)
    }

    /// The greatest weight.
    pub(crate) fn heaviest(&self) -> Option<u64> {
        match &self.entries {
            Entries::Few(pairs) => pairs.iter().map(|pair| pair.minor).max(),
            Entries::Many(many) if many[0].len == 0 => None,
            Entries::Many(many) => Some(many[0].by_key.summary.heaviest),
        }
    }
}

/// Two empty trees on the heap.
fn empty() -> Result<Box<[Many; 1]>, OutOfMemory> {
    let mut one = Vec::new();
    one.try_reserve_exact(1).map_err(|_| OutOfMemory)?;
    one.push(Many::new());
    one.into_boxed_slice().try_into().map_err(|_| OutOfMemory)
}

#[cfg(test)]
mod tests;

//! Breadth-first order: the root first, then its two children, then their four.
//!
//! The way from the root to a key then is one multiplication by two a level, without a branch, and the
//! sixteen slots that it may be at four levels further down lie side by side: they are asked for while
//! the levels between are compared. (Eytzinger's numbering of ancestors, as an array layout: Khuong and
//! Morin 2017, "branch-free with prefetching".)
//!
//! What the walk ends with is turned into a rank by arithmetic, so that entries lie in the order of
//! frames and no permutation of them has to be read or kept. With `full` levels that have no gap, the walk
//! takes `full` steps for every key, and ends between two neighbours of those levels: gap number `gap`.
//! A key of the lowest level lies in each of the first `lowest` gaps, and one more comparison says on
//! which side of it. The rank is the number of keys above the lowest level on the left, which is `gap`,
//! and of those on it: as many as gaps on the left, one more if that comparison says so, but not
//! more than there are.

use alloc::vec::Vec;

use super::key::{Key, Layout, Search};
use super::prefetch::{LINE, prefetch};
use super::room::make_room;
use crate::backend::Refusal;

/// Keys in breadth-first order.
#[derive(Debug)]
pub enum BreadthFirst {}

impl Layout for BreadthFirst {
    type Of<K: Key> = Levels<K>;
}

/// The keys of a complete binary tree, slot 1 its root, and below slot k the slots 2k and 2k + 1.
#[derive(Debug, Default)]
pub struct Levels<K> {
    count: usize,
    /// How many levels are full.
    full: u32,
    /// How many keys the level below those has.
    lowest: usize,
    /// Slot 0, which holds no key, and the others, behind so much padding that slot 0 begins a cache
    /// line.
    keys: Vec<K>,
    padding: usize,
}

impl<K: Key> Levels<K> {
    /// How many keys share a cache line.
    const ABREAST: usize = LINE / size_of::<K>();

    /// The slot of the key at `at`.
    ///
    /// In a tree whose lowest level is full, every second key lies there, and the place of a key,
    /// counted from 1, is its path: the last 1 and the zeros behind it say how far up it lies.
    fn slot_of(&self, at: usize) -> usize {
        let place = if at < 2 * self.lowest { at + 1 } else { 2 * (at - self.lowest) + 2 };
        ((2 << self.full) + place) >> (place.trailing_zeros() + 1)
    }

    fn leftmost(&self, mut slot: usize) -> usize {
        while 2 * slot <= self.count {
            slot *= 2;
        }
        slot
    }
}

impl<K: Key> Search<K> for Levels<K> {
    fn reserve(&mut self, keys: usize, most: Option<usize>) -> Result<(), Refusal> {
        let places = |keys: usize| keys.saturating_add(Self::ABREAST);
        make_room(&mut self.keys, places(keys), most.map(places))
    }

    fn build(&mut self, count: usize, key: impl Fn(usize) -> K) {
        self.count = count;
        self.full = (count + 1).ilog2();
        self.lowest = count + 1 - (1 << self.full);
        self.padding = self.keys.as_ptr().align_offset(LINE).min(Self::ABREAST - 1);
        self.keys.resize(self.padding + 1 + count, K::PAD);
        // In order: down to the left as far as there are keys, else up to where the way went left.
        let mut slot = self.leftmost(1);
        for rank in 0..count {
            self.keys[self.padding + slot] = key(rank);
            slot = if 2 * slot < count {
                self.leftmost(2 * slot + 1)
            } else {
                slot >> (slot.trailing_ones() + 1)
            };
        }
    }

    fn set(&mut self, at: usize, key: K) {
        let slot = self.slot_of(at);
        self.keys[self.padding + slot] = key;
    }

    #[inline]
    fn rank(&self, key: K) -> usize {
        let Some(keys) = self.keys.get(self.padding..) else {
            return 0;
        };
        if self.count == 0 {
            return 0;
        }
        let mut slot = 1;
        for _ in 0..self.full {
            prefetch(keys, slot * Self::ABREAST);
            slot = 2 * slot + usize::from(keys[slot] <= key);
        }
        let gap = slot - (1 << self.full);
        let last = keys[slot.min(self.count)] <= key;
        gap + (gap + usize::from(last)).min(self.lowest)
    }

    fn clear(&mut self) {
        *self = Self::default();
    }

    fn bytes(&self) -> usize {
        self.keys.capacity() * size_of::<K>()
    }
}

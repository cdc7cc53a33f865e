//! Breadth-first order: the root first, then its two children, then their four.

use alloc::vec::Vec;

use super::key::{Key, Layout, NODE, Node, Search};
use super::prefetch::prefetch_line;
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
    /// The slots, sixteen to a node, so that the sixteen that four levels down from one slot are
    /// reached begin on a cache line.
    slots: Vec<Node<K>>,
}

impl<K: Key> Levels<K> {
    #[inline]
    fn slot(&self, number: usize) -> K {
        self.slots[number / NODE].0[number % NODE]
    }

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
        let nodes = |keys: usize| keys / NODE + 1;
        make_room(&mut self.slots, nodes(keys), most.map(nodes))
    }

    fn build(&mut self, count: usize, key: impl Fn(usize) -> K) {
        self.count = count;
        self.full = (count + 1).ilog2();
        self.lowest = count + 1 - (1 << self.full);
        self.slots.resize(count / NODE + 1, Node::EMPTY);
        // In order: down to the left as far as there are keys, else up to where the way went left.
        let mut slot = self.leftmost(1);
        for rank in 0..count {
            self.slots[slot / NODE].0[slot % NODE] = key(rank);
            slot = if 2 * slot + 1 <= count {
                self.leftmost(2 * slot + 1)
            } else {
                slot >> (slot.trailing_ones() + 1)
            };
        }
    }

    fn set(&mut self, at: usize, key: K) {
        let slot = self.slot_of(at);
        self.slots[slot / NODE].0[slot % NODE] = key;
    }

    #[inline]
    fn rank(&self, key: K) -> usize {
        if self.count == 0 {
            return 0;
        }
        let mut slot = 1;
        for _ in 0..self.full {
            prefetch_line(&self.slots, slot);
            slot = 2 * slot + usize::from(self.slot(slot) <= key);
        }
        let gap = slot - (1 << self.full);
        // A key of the lowest level lies in each of the first gaps, before the last comparison.
        let last = self.slot(slot.min(self.count)) <= key;
        gap + (gap + usize::from(last)).min(self.lowest)
    }

    fn clear(&mut self) {
        *self = Self::default();
    }

    fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Node<K>>()
    }
}

//! A node of the order: up to [`FAN`] keys in ascending order, each with a number.

use crate::backend::section::pool::{Item, NONE};

/// Entries of a node. With half as many, finding, removing and inserting took a tenth longer.
pub(super) const FAN: usize = 32;

/// Places that are counted together in a search.
const GROUP: usize = 8;

/// The key in a place that is not used.
const UNUSED: u64 = u64::MAX;

/// A leaf holds first frames and slots of records; an inner node the lower bounds of its children
/// and their numbers.
///
/// The lower bound of an inner node's first child is not read: whatever lies below the second is
/// looked for there.
#[derive(Debug)]
pub(super) struct Node {
    /// Those beyond `len` are `UNUSED`.
    keys: [u64; FAN],
    values: [u32; FAN],
    len: usize,
    /// Neighbouring leaves; a free node's next free one is its `next`.
    pub(super) prev: u32,
    pub(super) next: u32,
}

impl Item for Node {
    fn blank() -> Self {
        Self { keys: [UNUSED; FAN], values: [0; FAN], len: 0, prev: NONE, next: NONE }
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
        self.keys = [UNUSED; FAN];
        (self.len, self.prev, self.next) = (0, NONE, NONE);
    }

    #[inline]
    pub(super) fn keys(&self) -> &[u64] {
        &self.keys[..self.len.min(FAN)]
    }

    #[inline]
    pub(super) fn values(&self) -> &[u32] {
        &self.values[..self.len.min(FAN)]
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.len
    }

    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.len >= FAN
    }

    /// How many keys are at most `key`.
    ///
    /// First which eighth place, then which place before it, counted over all places whether used or
    /// not: comparisons that do not wait for each other, and none of which is guessed. (Halving waits
    /// for a load at each of six steps.)
    #[inline]
    pub(super) fn rank(&self, key: u64) -> usize {
        let (groups, _) = self.keys.as_chunks::<GROUP>();
        let count = |group: &[u64; GROUP]| -> usize {
            group.iter().map(|&present| usize::from(present <= key)).sum()
        };
        let full = groups[..FAN / GROUP - 1].iter();
        let group = full.map(|group| usize::from(group[GROUP - 1] <= key)).sum::<usize>();
        // The highest key that there can be would count the unused places.
        (group * GROUP + count(&groups[group])).min(self.len)
    }

    /// Which child's keys `key` would be among.
    #[inline]
    pub(super) fn child(&self, key: u64) -> usize {
        self.rank(key).saturating_sub(1)
    }

    pub(super) fn set_key(&mut self, index: usize, key: u64) {
        if let Some(place) = self.keys.get_mut(index) {
            *place = key;
        }
    }

    /// Adds an entry at `index`. The node must not be full.
    pub(super) fn put(&mut self, index: usize, key: u64, value: u32) {
        let len = self.len;
        if len < FAN && index <= len {
            self.keys.copy_within(index..len, index + 1);
            self.values.copy_within(index..len, index + 1);
            self.keys[index] = key;
            self.values[index] = value;
            self.len += 1;
        }
    }

    /// Takes the entry at `index` out.
    pub(super) fn cut(&mut self, index: usize) -> Option<u32> {
        let len = self.len;
        let value = *self.values().get(index)?;
        self.keys.copy_within(index + 1..len, index);
        self.values.copy_within(index + 1..len, index);
        self.keys[len - 1] = UNUSED;
        self.len -= 1;
        Some(value)
    }

    /// Moves the entries from `from` on out of `self` and into `other`, which is empty.
    pub(super) fn split_off(&mut self, from: usize, other: &mut Self) {
        let (keys, values) = (&self.keys()[from..], &self.values()[from..]);
        other.keys[..keys.len()].copy_from_slice(keys);
        other.values[..values.len()].copy_from_slice(values);
        other.len = keys.len();
        self.keys[from..].fill(UNUSED);
        self.len = from;
    }
}

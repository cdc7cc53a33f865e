//! The nodes of a [`Tree`](super::tree::Tree): short sorted arrays, and what is known of a subtree.

use super::pool::NIL;

/// Items of a node, at most. Wide enough that 2^25 entries are five levels deep, and narrow enough
/// that moving half a node costs no more than a cache miss.
pub(super) const ROOM: usize = 32;
/// Items of a node, at least, but for those on the right edge. Less than half of [`ROOM`], so that
/// a node that was just split does not fall apart again with the next removal.
pub(super) const MIN: usize = ROOM * 3 / 8;
/// Weights from here on are *long*: the sets of weights do not tell them apart.
pub(super) const LONG: u64 = 63;

/// What a tree holds, ordered by the first number, then by the second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Pair {
    pub(super) major: u64,
    pub(super) minor: u64,
}

impl Pair {
    /// One number to compare: no branch between the two halves.
    #[inline]
    pub(super) const fn rank(self) -> u128 {
        ((self.major as u128) << 64) | self.minor as u128
    }
}

/// What is known of the second numbers below a place of the tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Summary {
    /// The greatest; 0 if there is none.
    pub(super) heaviest: u64,
    /// Which there are: a bit for each below [`LONG`], and one for all others.
    pub(super) weights: u64,
}

impl Summary {
    pub(super) const EMPTY: Self = Self { heaviest: 0, weights: 0 };

    #[inline]
    pub(super) const fn of(weight: u64) -> Self {
        let bit = if weight < LONG { weight } else { LONG };
        Self { heaviest: weight, weights: 1 << bit }
    }

    #[inline]
    pub(super) fn and(self, other: Self) -> Self {
        Self { heaviest: self.heaviest.max(other.heaviest), weights: self.weights | other.weights }
    }
}

/// An item of an inner node: a node of the next level, and what is known of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Child {
    /// The least pair under it.
    pub(super) low: Pair,
    pub(super) summary: Summary,
    pub(super) node: u32,
}

/// What nodes are made of.
pub(super) trait Item: Copy {
    const BLANK: Self;
    fn low(&self) -> Pair;
    fn summary(&self) -> Summary;
}

impl Item for Pair {
    const BLANK: Self = Self { major: 0, minor: 0 };

    #[inline]
    fn low(&self) -> Pair {
        *self
    }

    #[inline]
    fn summary(&self) -> Summary {
        Summary::of(self.minor)
    }
}

impl Item for Child {
    const BLANK: Self = Self { low: Pair::BLANK, summary: Summary::EMPTY, node: NIL };

    #[inline]
    fn low(&self) -> Pair {
        self.low
    }

    #[inline]
    fn summary(&self) -> Summary {
        self.summary
    }
}

/// A sorted array of up to [`ROOM`] items.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<T> {
    len: u32,
    /// The next spare node, while this one is spare.
    pub(super) next: u32,
    items: [T; ROOM],
}

impl<T: Item> Node<T> {
    pub(super) const EMPTY: Self = Self { len: 0, next: NIL, items: [T::BLANK; ROOM] };

    #[inline]
    pub(super) fn items(&self) -> &[T] {
        &self.items[..self.len as usize]
    }

    #[inline]
    pub(super) fn items_mut(&mut self) -> &mut [T] {
        &mut self.items[..self.len as usize]
    }

    #[inline]
    pub(super) const fn len(&self) -> usize {
        self.len as usize
    }

    #[inline]
    pub(super) const fn is_full(&self) -> bool {
        self.len() == ROOM
    }

    /// How many items begin at or before `pair`.
    #[inline]
    pub(super) fn up_to(&self, pair: Pair) -> usize {
        let rank = pair.rank();
        self.items().partition_point(|item| item.low().rank() <= rank)
    }

    /// Puts `item` at `at`. The node must not be full.
    #[inline]
    pub(super) fn insert(&mut self, at: usize, item: T) {
        let len = self.len();
        self.items.copy_within(at..len, at + 1);
        self.items[at] = item;
        self.len += 1;
    }

    #[inline]
    pub(super) fn remove(&mut self, at: usize) -> T {
        let item = self.items[at];
        let len = self.len();
        self.items.copy_within(at + 1..len, at);
        self.len -= 1;
        item
    }

    /// Moves the items from `at` on to the end of `other`, which has room.
    pub(super) fn move_tail(&mut self, at: usize, other: &mut Self) {
        let (moved, end) = (self.len() - at, other.len());
        other.items[end..end + moved].copy_from_slice(&self.items[at..at + moved]);
        #[allow(clippy::cast_possible_truncation)] // both are at most `ROOM`
        {
            self.len = at as u32;
            other.len += moved as u32;
        }
    }

    /// Moves the first `count` items to the end of `other`, which has room.
    pub(super) fn move_head(&mut self, count: usize, other: &mut Self) {
        let (len, end) = (self.len(), other.len());
        other.items[end..end + count].copy_from_slice(&self.items[..count]);
        self.items.copy_within(count..len, 0);
        #[allow(clippy::cast_possible_truncation)] // at most `ROOM`
        {
            self.len -= count as u32;
            other.len += count as u32;
        }
    }

    /// What is known of all items.
    #[inline]
    pub(super) fn summary(&self) -> Summary {
        self.items().iter().fold(Summary::EMPTY, |all, item| all.and(item.summary()))
    }
}

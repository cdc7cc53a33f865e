//! A map of a few entries: one sorted vector, and a look at all of it for every question.
//!
//! Most of millions of slabs have one free run or none; a tree's nodes would be wasted on them.

use alloc::vec::Vec;

use super::OutOfMemory;
use super::node::{Pair, ROOM};

/// Entries at most: two nodes' worth.
pub(super) const FEW: usize = 2 * ROOM;

/// Makes sure that one more finds memory, while there are fewer than [`FEW`].
pub(super) fn reserve(pairs: &mut Vec<Pair>) -> Result<(), OutOfMemory> {
    let used = pairs.len();
    if used < pairs.capacity() {
        return Ok(());
    }
    // Half as much again, from one up: the vector's own policy starts with four.
    let more = (used / 2).clamp(1, FEW - used);
    pairs.try_reserve_exact(more).map_err(|_| OutOfMemory)
}

/// How many keys are `key` or less.
#[inline]
pub(super) fn up_to(pairs: &[Pair], key: u64) -> usize {
    pairs.partition_point(|pair| pair.major <= key)
}

/// The index of `key`.
pub(super) fn find(pairs: &[Pair], key: u64) -> Option<usize> {
    let at = up_to(pairs, key).checked_sub(1)?;
    (pairs[at].major == key).then_some(at)
}

/// The least by (weight, key) that is not below (`weight`, `key`).
pub(super) fn lightest(pairs: &[Pair], weight: u64, key: u64) -> Option<Pair> {
    let enough = pairs.iter().filter(|pair| (pair.minor, pair.major) >= (weight, key));
    enough.min_by_key(|pair| (pair.minor, pair.major)).copied()
}

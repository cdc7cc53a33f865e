//! Starts as keys of 32 or 64 bits, and what a search among them has to do.

use core::fmt::Debug;

use super::kernel::Lanes;
use crate::backend::Refusal;

/// How many keys a node holds: with 32 bits each, one cache line of 64 bytes.
pub(super) const NODE: usize = 16;

/// A node of keys, on a cache line of its own (two with 64-bit keys).
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Node<K>(pub(super) [K; NODE]);

impl<K: Key> Node<K> {
    /// One without keys.
    pub(super) const EMPTY: Self = Self([K::PAD; NODE]);
}

/// A number of frames from the lowest segment on, as an index stores it.
pub trait Key: Lanes + Copy + Ord + Debug + Default + 'static {
    /// Stands where there is no key; larger than every key, and than everything that is looked up.
    const PAD: Self;

    /// The key for `frames`; for what has none, the largest key, which is not below any segment's
    /// start and so has the same rank.
    fn clamped(frames: u64) -> Self;

    /// Whether `frames` has a key of its own.
    fn fits(frames: u64) -> bool;
}

impl Key for u32 {
    const PAD: Self = Self::MAX;

    #[inline]
    #[allow(clippy::cast_possible_truncation)] // it is what is prevented
    fn clamped(frames: u64) -> Self {
        frames.min(u64::from(Self::MAX - 1)) as Self
    }

    fn fits(frames: u64) -> bool {
        frames < u64::from(Self::MAX)
    }
}

impl Key for u64 {
    const PAD: Self = Self::MAX;

    #[inline]
    fn clamped(frames: u64) -> Self {
        frames.min(Self::MAX - 1)
    }

    /// A segment holds a frame, so that none starts at the last number.
    fn fits(_: u64) -> bool {
        true
    }
}

/// A search structure for either width of key.
pub trait Layout: Debug + 'static {
    /// For keys `K`.
    type Of<K: Key>: Search<K>;
}

/// Ascending keys, all of them different, in whatever order of memory suits the search.
///
/// Keys are handed over as a number and a function from the rank to the key.
pub trait Search<K: Key>: Debug + Default {
    /// Takes the memory for `keys` keys, of which there will be `most` at most before boot ends.
    ///
    /// # Errors
    /// [`Refusal::NoMemory`].
    fn reserve(&mut self, keys: usize, most: Option<usize>) -> Result<(), Refusal>;

    /// Holds these `count` keys from now on. There is memory for them.
    fn build(&mut self, count: usize, key: impl Fn(usize) -> K);

    /// As [`build`](Self::build), where only the key at `at` is new.
    fn inserted(&mut self, at: usize, count: usize, key: impl Fn(usize) -> K) {
        let _ = at;
        self.build(count, key);
    }

    /// As [`build`](Self::build), where only a key that was at `at` has gone.
    fn removed(&mut self, at: usize, count: usize, key: impl Fn(usize) -> K) {
        let _ = at;
        self.build(count, key);
    }

    /// The key at `at` is another, between the same two others.
    fn set(&mut self, at: usize, key: K);

    /// How many keys are not above `key`, which is not [`PAD`](Key::PAD).
    fn rank(&self, key: K) -> usize;

    /// Gives all memory back, and holds no key.
    fn clear(&mut self);

    /// Bytes taken.
    fn bytes(&self) -> usize;
}

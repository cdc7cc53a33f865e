//! Workloads `sequential` and `repeat:P`: addresses that have to do with the one before.

use physseg::{FrameRange, Pfn};

use super::{Addresses, Generator, Thousandths, Uniform};

/// Frame after frame upwards through a range, and again from its start.
#[derive(Clone, Debug)]
pub struct Sequential {
    range: FrameRange,
    next: u64,
}

impl Sequential {
    /// Begins at a frame of `range` that `seed` decides, so that short batches are not all about the
    /// range's first frames.
    pub fn over<G: Generator>(range: FrameRange, seed: u64) -> Self {
        let next = range.start().get() + G::seeded(seed).below(range.frames());
        Self { range, next }
    }
}

impl Addresses for Sequential {
    #[inline]
    fn next_pfn(&mut self) -> Pfn {
        let pfn = Pfn::new(self.next);
        self.next += 1;
        if self.next == self.range.end().get() {
            self.next = self.range.start().get();
        }
        pfn
    }
}

/// The frame before again, or one drawn uniformly.
#[derive(Clone, Debug)]
pub struct Repeat<G> {
    uniform: Uniform<G>,
    coin: G,
    /// A draw of the coin below this repeats.
    repeats_below: u64,
    last: Pfn,
}

impl<G: Generator> Repeat<G> {
    /// Repeats with `probability`, drawing from `range` otherwise.
    pub fn over(range: FrameRange, probability: Thousandths, seed: u64) -> Self {
        let mut uniform = Uniform::over(range, seed);
        let last = uniform.next_pfn();
        let values = 1_u128 << G::BITS;
        let below = values * u128::from(probability.get()) / 1000;
        Self {
            uniform,
            // Another sequence than the addresses'; the same one would tie the two together.
            coin: G::seeded(seed ^ 0x5bd1_e995),
            // Less than 2^64, because the probability is less than 1.
            repeats_below: u64::try_from(below).unwrap_or(u64::MAX),
            last,
        }
    }
}

impl<G: Generator> Addresses for Repeat<G> {
    #[inline]
    fn next_pfn(&mut self) -> Pfn {
        if self.coin.next() >= self.repeats_below {
            self.last = self.uniform.next_pfn();
        }
        self.last
    }
}

//! Workload `zipf:S`: a few frames are asked for far oftener than the rest.
//!
//! The k-th most popular frame comes in proportion to 1 / k^S. Which frame that is a fixed permutation
//! of the lookup range decides, so that popular frames lie spread over it: neighbours in popularity
//! would otherwise be neighbours in memory, and the workload would measure that. The permutation is the
//! same for every seed: who is popular belongs to the workload, as where the segments lie belongs to
//! the layout.

use std::convert::Infallible;

use physseg::{FrameRange, Pfn};
use rand_distr::Distribution;
use rand_xoshiro::rand_core::TryRng;

use super::{Addresses, Generator, Thousandths};

/// Frames of a range by popularity.
#[derive(Clone, Debug)]
pub struct Zipf<G> {
    words: Words<G>,
    ranks: rand_distr::Zipf<f64>,
    spread: Spread,
    start: u64,
}

impl<G: Generator> Zipf<G> {
    /// Draws from `range` with `exponent`, which is above 0. `None` if the library refuses the two,
    /// which it does not for a range that has frames.
    pub fn over(range: FrameRange, exponent: Thousandths, seed: u64) -> Option<Self> {
        // Frames have 43 bits at most, so the number is exact.
        let ranks = rand_distr::Zipf::new(range.frames() as f64, exponent.as_f64()).ok()?;
        Some(Self {
            words: Words(G::seeded(seed)),
            ranks,
            spread: Spread::over(range.frames()),
            start: range.start().get(),
        })
    }
}

impl<G: Generator> Addresses for Zipf<G> {
    fn next_pfn(&mut self) -> Pfn {
        // From 1, and whole; rounding could take the last one too far.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rank = self.ranks.sample(&mut self.words) as u64;
        let rank = rank.clamp(1, self.spread.items) - 1;
        Pfn::new(self.start + self.spread.of(rank))
    }
}

/// A permutation of 0 up to and without a number, without a table of it: four rounds of a balanced
/// Feistel network (M. Luby and C. Rackoff, SIAM J. Comput. 17, 1988) over the next even number of
/// bits, applied again while it leads outside (cycle walking: J. Black and P. Rogaway, CT-RSA 2002).
#[derive(Clone, Copy, Debug)]
struct Spread {
    items: u64,
    half_bits: u32,
}

impl Spread {
    fn over(items: u64) -> Self {
        let bits = u64::BITS - items.saturating_sub(1).leading_zeros();
        Self { items, half_bits: bits.div_ceil(2).max(1) }
    }

    /// Where `item` goes; `item` is less than the number of items.
    fn of(self, item: u64) -> u64 {
        let mask = (1_u64 << self.half_bits) - 1;
        let mut at = item;
        loop {
            let (mut left, mut right) = (at >> self.half_bits, at & mask);
            for round in 1..=4_u64 {
                // The finaliser of SplitMix64 as the round function.
                let mut z = right.wrapping_add(round.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                (left, right) = (right, left ^ ((z ^ (z >> 31)) & mask));
            }
            at = left << self.half_bits | right;
            if at < self.items {
                return at;
            }
        }
    }
}

/// A generator as the library of distributions wants it: whole words, made of as many draws as it
/// takes.
#[derive(Clone, Debug)]
struct Words<G>(G);

impl<G: Generator> TryRng for Words<G> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        // The upper half: the better bits of most generators.
        self.try_next_u64().map(|word| u32::try_from(word >> 32).unwrap_or(0))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let (mut word, mut bits) = (self.0.next(), G::BITS);
        while bits < u64::BITS {
            word = word << G::BITS | self.0.next();
            bits += G::BITS;
        }
        Ok(word)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let word = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::{Random3, Xoshiro};

    #[test]
    fn the_spread_is_a_permutation_that_does_not_keep_neighbours_together() {
        for items in [1, 2, 3, 5, 64, 65, 1000, 4097] {
            let spread = Spread::over(items);
            let mut places: Vec<u64> = (0..items).map(|item| spread.of(item)).collect();
            let near = places.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) < 3).count();
            // By chance about four pairs do, of however many.
            assert!(near as u64 <= 12 + items / 500, "{near} of {items} stay together");
            places.sort_unstable();
            assert!(places.into_iter().eq(0..items), "{items} items");
        }
        let wide = Spread::over((1 << 40) - 7);
        assert!((0..1000).all(|item| wide.of(item) < wide.items));
    }

    fn frequencies_are_exact<G: Generator>(items: u32, exponent: u32) {
        let range = FrameRange::new(Pfn::new(100), Pfn::new(100 + u64::from(items))).unwrap();
        let exponent = Thousandths::new(exponent);
        let mut zipf = Zipf::<G>::over(range, exponent, 7).unwrap();
        let draws = 200_000;
        let mut counts = vec![0_u32; items as usize];
        let place: Vec<u64> = (0..u64::from(items)).map(|rank| zipf.spread.of(rank)).collect();
        for _ in 0..draws {
            let pfn = zipf.next_pfn();
            assert!(range.contains(pfn));
            let rank = place.iter().position(|&place| place + 100 == pfn.get()).unwrap();
            counts[rank] += 1;
        }
        let weight = |rank: u32| f64::from(rank).powf(-exponent.as_f64());
        let all: f64 = (1..=items).map(weight).sum();
        // Chi squared with a degree of freedom less than there are items, within five deviations.
        let statistic: f64 = (1..=items)
            .zip(&counts)
            .map(|(rank, &count)| {
                let expected = f64::from(draws) * weight(rank) / all;
                (f64::from(count) - expected).powi(2) / expected
            })
            .sum();
        let freedom = f64::from(items - 1);
        assert!((statistic - freedom).abs() < 5.0 * (2.0 * freedom).sqrt(), "{statistic}, {items}");
    }

    #[test]
    fn frequencies_are_those_of_the_law() {
        for exponent in [1, 500, 999, 1000, 1001, 1100, 2000] {
            frequencies_are_exact::<Xoshiro>(20, exponent);
        }
        frequencies_are_exact::<Random3>(33, 1100);
        frequencies_are_exact::<Xoshiro>(2, 3000);
    }

    #[test]
    fn words_of_31_bits_fill_64() {
        let mut words = Words(Random3::seeded(3));
        let (mut any, mut all) = (0, u64::MAX);
        for _ in 0..200 {
            let Ok(word) = words.try_next_u64();
            (any, all) = (any | word, all & word);
        }
        assert_eq!((any, all), (u64::MAX, 0), "each bit is drawn both ways");
        let Ok(word) = Words(Xoshiro::seeded(3)).try_next_u64();
        assert_eq!(word, Xoshiro::seeded(3).next());
    }
}

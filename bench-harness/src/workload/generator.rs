//! The generators that addresses are drawn from.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// A seeded generator of uniformly distributed integers.
pub trait Generator: Clone {
    /// How many bits a draw has: values are from 0 up to and without `2^BITS`.
    const BITS: u32;

    /// The generator that starts from `seed`.
    fn seeded(seed: u64) -> Self;

    /// The next draw, `BITS` bits wide.
    fn next(&mut self) -> u64;

    /// A draw from 0 up to and without `span`, by multiply-shift: `draw * span / 2^BITS`.
    ///
    /// One multiplication where `%` would be a division, which alone would cost more than the
    /// lookup that is to be measured (Lemire, "Fast random integer generation in an interval",
    /// 2019; without its rejection step). Some values are therefore likelier than others by at most
    /// `span / 2^BITS` of their share, and beyond a span of `2^BITS` some never come.
    #[inline(always)]
    #[allow(clippy::inline_always)] // part of the timed loop; must not depend on the inliner's mood
    fn below(&mut self, span: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(span);
        #[allow(clippy::cast_possible_truncation)] // less than `span`
        let scaled = (product >> Self::BITS) as u64;
        scaled
    }
}

/// xoshiro256++ (Blackman and Vigna), the generator of choice: about 1.4 ns a draw.
///
/// Seeds are expanded by `SplitMix64`, as its authors advise.
#[derive(Clone, Debug)]
pub struct Xoshiro(Xoshiro256PlusPlus);

impl Generator for Xoshiro {
    const BITS: u32 = 64;

    fn seeded(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    #[inline(always)]
    #[allow(clippy::inline_always)] // part of the timed loop
    fn next(&mut self) -> u64 {
        self.0.next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws what it is told to.
    #[derive(Clone)]
    struct Fixed(u64);

    impl Generator for Fixed {
        const BITS: u32 = 31;

        fn seeded(seed: u64) -> Self {
            Self(seed)
        }

        fn next(&mut self) -> u64 {
            self.0
        }
    }

    #[test]
    fn multiply_shift_reaches_both_ends_and_no_further() {
        let largest = (1 << 31) - 1;
        for span in [1, 2, 7, 256, 65_280, 1 << 31] {
            assert_eq!(Fixed(0).below(span), 0);
            assert_eq!(Fixed(largest).below(span), span - 1);
        }
        assert!(Fixed(largest).below(u64::MAX) < u64::MAX, "no overflow");
        assert!(Xoshiro::seeded(1).below(u64::MAX) < u64::MAX);
    }

    #[test]
    fn xoshiro_is_the_librarys_own() {
        let mut library = Xoshiro256PlusPlus::seed_from_u64(42);
        let mut ours = Xoshiro::seeded(42);
        for _ in 0..100 {
            assert_eq!(ours.next(), library.next_u64());
        }
    }
}

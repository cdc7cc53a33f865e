//! random(3): the additive feedback generator of the BSDs, which the paper's load tests draw from.
//!
//! Each word is the sum of the words 3 and 31 before it, modulo 2^32; a draw is its upper 31 bits
//! (the trinomial x^31 + x^3 + 1; Knuth, TAOCP volume 2, section 3.2.2). The 31 first words come
//! from the Lehmer generator 16807 x mod (2^31 - 1), and 310 draws are thrown away. That is the
//! default (`TYPE_3`) of the C library function with its 128 bytes of state, as 4.3BSD introduced it.
//!
//! Equal to `random()` of glibc for every 32-bit seed, which a test checks draw by draw. Older BSDs
//! and macOS use the same recurrence and, for small seeds, the same first words; newer FreeBSD seeds
//! differently, OpenBSD's `random()` is another generator altogether, and musl's seeding differs.

use super::Generator;

/// Words of state in the ring: one more than needed, so that an index is masked and never compared.
const RING: usize = 32;
const MASK: usize = RING - 1;

/// How far back the two summands lie.
const DEGREE: usize = 31;
const SEPARATION: usize = 3;

/// The additive feedback generator behind BSD random(3). 31 bits a draw.
#[derive(Clone, Debug)]
pub struct Random3 {
    /// Word number i of the sequence is at index i modulo 32.
    words: [u32; RING],
    /// Index of the next word.
    next: usize,
}

impl Random3 {
    /// Sets the state as `srandom(seed)` does.
    fn srandom(seed: u32) -> Self {
        let mut words = [0; RING];
        // The original turns 0 into 1: the Lehmer generator would stay at 0 for ever.
        let mut word = seed.max(1).cast_signed();
        words[0] = word.cast_unsigned();
        for slot in &mut words[1..DEGREE] {
            word = lehmer(word);
            *slot = word.cast_unsigned();
        }
        // The original starts by adding word 0 to word 3, which makes word 34 of the sequence: words
        // 31 to 33 are words 0 to 2 over again. In a ring of 32 each sits one place further down.
        words.copy_within(0..1, DEGREE);
        words.copy_within(1..SEPARATION, 0);
        let mut generator = Self { words, next: (DEGREE + SEPARATION) & MASK };
        for _ in 0..10 * DEGREE {
            generator.draw();
        }
        generator
    }

    /// The next 31 bits.
    #[inline(always)]
    #[allow(clippy::inline_always)] // part of the timed loop
    fn draw(&mut self) -> u32 {
        let index = self.next & MASK;
        // Adding the size of the ring first keeps the subtraction above 0; the mask takes it off.
        let far = self.words[(index + RING - DEGREE) & MASK];
        let near = self.words[(index + RING - SEPARATION) & MASK];
        let word = far.wrapping_add(near);
        self.words[index] = word;
        self.next = index + 1;
        word >> 1
    }
}

/// 16807 x mod (2^31 - 1) by Schrage's method, which needs no more than 32 bits. A negative x (a
/// seed of 2^31 and more) gives what C's division, which rounds towards zero, gives.
fn lehmer(x: i32) -> i32 {
    let (high, low) = (x / 127_773, x % 127_773);
    let next = 16_807 * low - 2_836 * high;
    if next < 0 { next + i32::MAX } else { next }
}

impl Generator for Random3 {
    const BITS: u32 = 31;

    /// Takes the low 32 bits of `seed`, as `srandom` takes an `unsigned int`; 0 counts as 1.
    fn seeded(seed: u64) -> Self {
        #[allow(clippy::cast_possible_truncation)] // said above
        Self::srandom(seed as u32)
    }

    #[inline(always)]
    #[allow(clippy::inline_always)] // part of the timed loop
    fn next(&mut self) -> u64 {
        u64::from(self.draw())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_1_gives_the_numbers_everyone_knows() {
        let mut generator = Random3::seeded(1);
        let known = [1_804_289_383, 846_930_886, 1_681_692_777, 1_714_636_915, 1_957_747_793];
        assert_eq!(known.map(|_| generator.next()), known);
    }

    #[test]
    fn seeds_are_32_bits_and_0_counts_as_1() {
        let first = |seed| Random3::seeded(seed).next();
        assert_eq!(first(0), first(1));
        assert_eq!(first(1 << 32), first(1));
        assert_eq!(first((7 << 32) + 5), first(5));
        assert_ne!(first(5), first(6));
    }

    #[test]
    fn draws_have_31_bits() {
        let mut generator = Random3::seeded(3);
        let mut seen = 0;
        for _ in 0..1000 {
            seen |= generator.next();
        }
        assert_eq!(seen, (1 << 31) - 1);
    }

    #[test]
    fn the_extreme_seeds_overflow_nothing() {
        for seed in [u32::MAX, 1 << 31, (1 << 31) - 1] {
            let mut generator = Random3::seeded(seed.into());
            assert_ne!(generator.next(), generator.next());
        }
    }
}

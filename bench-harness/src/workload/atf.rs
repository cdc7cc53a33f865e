//! Workload `atf`: addresses as the original load tests make them, folding and all.
//!
//! They draw a byte address below the *end* of the chunk and, if it lies below its start, add the
//! start. For a chunk that begins at 1 MiB this draws its first MiB twice as often as the rest; for
//! one that begins beyond its own size (the 64 MB case as it was run) a third of the addresses lie
//! beyond it; and where the comparison is with the end (the 256 MB case) every address is moved. So
//! this distribution exists under its own name only, to hold our numbers against the published ones;
//! whoever wants to know what lookups cost takes `uniform`.

use physseg::{PageSize, Pfn};

use super::{Addresses, Generator};
use crate::layout::Layout;

/// The width of random(3), which the original draws with.
const RANDOM_BITS: u32 = 31;

/// Addresses drawn below an end and folded above a start.
#[derive(Clone, Debug)]
pub struct Atf<G> {
    generator: G,
    end: Remainder,
    /// Addresses below this move up, in bytes.
    fold_below: u64,
    /// By so many bytes.
    fold_by: u64,
    shift: u32,
}

impl<G: Generator> Atf<G> {
    /// Draws below the end of the layout's lookup range, of which `2^31` bytes at most are reached:
    /// [`check`](super::check) refuses a layout with more.
    ///
    /// Of a generator of more than 31 bits the upper 31 are taken, the width of `random()`.
    pub fn new(layout: &Layout, seed: u64) -> Self {
        let lookups = layout.lookups;
        let bytes = |frame: Pfn| to_bytes(frame, layout.page_size);
        let end = u32::try_from(bytes(lookups.range.end())).unwrap_or(1 << RANDOM_BITS);
        Self {
            generator: G::seeded(seed),
            end: Remainder::by(end.min(1 << RANDOM_BITS)),
            fold_below: bytes(lookups.fold_below.unwrap_or(lookups.range.start())),
            fold_by: bytes(lookups.range.start()),
            shift: layout.page_size.shift(),
        }
    }
}

/// A frame's address; beyond 64 bits, which no checked layout reaches, the largest there is.
pub(super) fn to_bytes(frame: Pfn, page_size: PageSize) -> u64 {
    frame.to_paddr(page_size).map_or(u64::MAX, physseg::Paddr::get)
}

impl<G: Generator> Addresses for Atf<G> {
    #[inline(always)]
    #[allow(clippy::inline_always)] // part of the timed loop
    fn next_pfn(&mut self) -> Pfn {
        let draw = self.generator.next() >> G::BITS.saturating_sub(RANDOM_BITS);
        #[allow(clippy::cast_possible_truncation)] // 31 bits
        let address = u64::from(self.end.of(draw as u32));
        let moved = if address < self.fold_below { self.fold_by } else { 0 };
        Pfn::new(address.wrapping_add(moved) >> self.shift)
    }
}

/// `x % divisor` without a division, for a divisor that is the same every time.
///
/// In the original the divisor is a constant and the compiler turns `%` into multiplications or a
/// mask. Ours is read from a file, so we do the same by hand: with c = ceil(2^64 / d), the remainder
/// is the upper half of (c x mod 2^64) d, exactly, for all 32-bit x and d (Lemire, Kaser and Kurz,
/// "Faster remainder by direct computation", 2019).
#[derive(Clone, Copy, Debug)]
struct Remainder {
    divisor: u32,
    inverse: u64,
}

impl Remainder {
    /// Divides by `divisor`; 0 is taken for 1.
    fn by(divisor: u32) -> Self {
        let divisor = divisor.max(1);
        Self {
            divisor,
            // For 1 this is 2^64, that is 0, and every remainder comes out as 0.
            inverse: (u64::MAX / u64::from(divisor)).wrapping_add(1),
        }
    }

    #[inline(always)]
    #[allow(clippy::inline_always)] // part of the timed loop
    fn of(self, x: u32) -> u32 {
        let fraction = self.inverse.wrapping_mul(u64::from(x));
        let product = u128::from(fraction) * u128::from(self.divisor);
        #[allow(clippy::cast_possible_truncation)] // less than the divisor
        let remainder = (product >> 64) as u32;
        remainder
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::open;
    use crate::workload::{Random3, Xoshiro};

    #[test]
    fn the_remainder_without_division_is_the_remainder() {
        let mut generator = Random3::seeded(9);
        for divisor in [1, 2, 3, 7, 4096, 1 << 20, (1 << 20) + 1, 3 << 20, 1 << 31, u32::MAX] {
            let remainder = Remainder::by(divisor);
            for x in [0, 1, divisor - 1, divisor, divisor.wrapping_add(1), u32::MAX] {
                assert_eq!(remainder.of(x), x % divisor, "{x} % {divisor}");
            }
            for _ in 0..1000 {
                let x = u32::try_from(generator.next()).unwrap();
                assert_eq!(remainder.of(x), x % divisor, "{x} % {divisor}");
            }
        }
    }

    /// The original's three lines, with its division.
    fn original(draw: u64, start: u64, fold_below: u64, end: u64) -> u64 {
        let mut address = draw % (end * 4096);
        if address < fold_below * 4096 {
            address += start * 4096;
        }
        address / 4096
    }

    #[test]
    fn addresses_are_those_of_the_original() {
        for (name, start, fold_below, end) in [
            ("paper-32x8", 0, 0, 256),
            ("frag-1mb", 256, 256, 512),
            ("frag-64mb-as-run", 512, 512, 768),
            ("frag-256mb", 256, 65536, 65536),
        ] {
            let layout = open(name).unwrap();
            let mut addresses = Atf::<Random3>::new(&layout, 77);
            let mut draws = Random3::seeded(77);
            for _ in 0..10_000 {
                let expected = original(draws.next(), start, fold_below, end);
                assert_eq!(addresses.next_pfn().get(), expected, "{name}");
            }
        }
    }

    #[test]
    fn of_64_bits_the_upper_31_are_used() {
        let layout = open("frag-1mb").unwrap();
        let mut addresses = Atf::<Xoshiro>::new(&layout, 77);
        let mut draws = Xoshiro::seeded(77);
        for _ in 0..1000 {
            let expected = original(draws.next() >> 33, 256, 256, 512);
            assert_eq!(addresses.next_pfn().get(), expected);
        }
    }
}

//! Addresses drawn far ahead, for workloads whose drawing reads memory of its own.
//!
//! Half a million segments take 8 MiB, and finding the n-th present frame among them throws what
//! lookups read out of the caches. Done before every block of 2,048 lookups, that would be part of
//! every figure: a structure of a megabyte cost seven times as much under `hits` as under `uniform`.
//! So such addresses are drawn by the hundred thousand, then others are looked up untimed until the
//! structure is back, and only then does the clock run, on addresses that lie in a row.

use physseg::Pfn;

use super::Draw;

/// Addresses drawn at once at most: 8 MiB of them, so that memory does not grow with the lookups.
pub const AHEAD: usize = 1 << 20;

/// A supply of addresses from another source, and those that bring the caches back after each refill.
pub struct Ahead<'a> {
    source: Box<dyn Draw + 'a>,
    /// As many as are drawn at once.
    most: usize,
    supply: Vec<Pfn>,
    /// How many of the supply are used up.
    used: usize,
    restoring: Vec<Pfn>,
}

impl<'a> Ahead<'a> {
    /// The addresses of `source`, drawn by `most`; `restoring` are the first `lookups` of another one,
    /// at most as many again.
    pub fn new(
        source: Box<dyn Draw + 'a>,
        most: usize,
        mut restoring: Box<dyn Draw + 'a>,
        lookups: u64,
    ) -> Self {
        let most = most.max(1);
        let lookups = usize::try_from(lookups).map_or(most, |lookups| lookups.min(most));
        let mut again = vec![Pfn::ZERO; lookups];
        restoring.fill(&mut again);
        Self { source, most, supply: Vec::new(), used: 0, restoring: again }
    }
}

impl Draw for Ahead<'_> {
    fn prepare(&mut self, left: u64) -> &[Pfn] {
        if self.used < self.supply.len() {
            return &[];
        }
        let length = usize::try_from(left).map_or(self.most, |left| left.min(self.most));
        self.supply.resize(length, Pfn::ZERO);
        self.source.fill(&mut self.supply);
        self.used = 0;
        &self.restoring
    }

    fn fill(&mut self, block: &mut [Pfn]) -> usize {
        let supply = &self.supply[self.used..];
        let filled = block.len().min(supply.len());
        block[..filled].copy_from_slice(&supply[..filled]);
        self.used += filled;
        filled
    }
}

#[cfg(test)]
mod tests {
    use physseg::Pfn;

    use super::{Ahead, Draw};

    /// Ascending from a number.
    struct From(u64);

    impl Draw for From {
        fn fill(&mut self, block: &mut [Pfn]) -> usize {
            for pfn in &mut *block {
                *pfn = Pfn::new(self.0);
                self.0 += 1;
            }
            block.len()
        }
    }

    fn numbers(pfns: &[Pfn]) -> Vec<u64> {
        pfns.iter().map(|pfn| pfn.get()).collect()
    }

    #[test]
    fn the_addresses_are_those_of_the_source_and_the_caches_come_back_after_each_refill() {
        let mut ahead = Ahead::new(Box::new(From(0)), 10, Box::new(From(1000)), 3);
        let (mut drawn, mut restored) = (Vec::new(), Vec::new());
        let mut block = [Pfn::ZERO; 4];
        while drawn.len() < 24 {
            let left = 24 - drawn.len();
            let restoring = numbers(ahead.prepare(left as u64));
            if !restoring.is_empty() {
                restored.push((drawn.len(), restoring));
            }
            let length = left.min(block.len());
            let filled = ahead.fill(&mut block[..length]);
            assert!(filled > 0);
            drawn.extend(numbers(&block[..filled]));
        }
        assert_eq!(drawn, (0..24).collect::<Vec<_>>());
        let again = vec![1000, 1001, 1002];
        assert_eq!(restored, [(0, again.clone()), (10, again.clone()), (20, again)]);
    }

    #[test]
    fn no_more_is_drawn_than_is_left_nor_restored_than_fits() {
        let mut ahead = Ahead::new(Box::new(From(0)), 10, Box::new(From(5)), u64::MAX);
        assert_eq!(numbers(ahead.prepare(2)), (5..15).collect::<Vec<_>>());
        let mut block = [Pfn::ZERO; 4];
        assert_eq!(ahead.fill(&mut block), 2);
        assert_eq!(numbers(&block[..2]), [0, 1]);
    }
}

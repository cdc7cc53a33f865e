//! Addresses drawn far ahead, for workloads whose drawing reads memory of its own.
//!
//! Half a million segments take 8 MiB, and finding the n-th present frame among them throws what
//! lookups read out of the caches. Done before every block of 2,048 lookups, that would be part of
//! every figure: a structure of a megabyte cost seven times as much under `hits` as under `uniform`.
//! So such addresses are drawn by the hundred thousand, then others are looked up untimed until the
//! structure is back, and only then does the clock run, on addresses that lie in a row. They are
//! looked up where they lie: to copy each block first would take as much of the first-level cache
//! once more.

use physseg::Pfn;

use super::{Blocks, Draw, Restoring};

/// Addresses drawn at once at most: 8 MiB of them, and as much again of those that bring the caches
/// back, so that memory does not grow with the lookups.
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
    /// How many lookups of those.
    lookups: u64,
}

impl<'a> Ahead<'a> {
    /// The addresses of `source`, drawn by `most`. After each refill `lookups` addresses of
    /// `restoring` are to be looked up: its first `most`, and those again where more are asked for.
    /// Others instead would have to be drawn in between, which throws out what was brought back.
    pub fn new(
        source: Box<dyn Draw + 'a>,
        most: usize,
        mut restoring: Box<dyn Draw + 'a>,
        lookups: u64,
    ) -> Self {
        let most = most.max(1);
        let mut again = vec![Pfn::ZERO; at_most(lookups, most)];
        restoring.fill(&mut again);
        Self { source, most, supply: Vec::new(), used: 0, restoring: again, lookups }
    }
}

impl Blocks for Ahead<'_> {
    fn prepare(&mut self, left: u64) -> Restoring<'_> {
        if self.used < self.supply.len() {
            return Restoring::NONE;
        }
        self.supply.resize(at_most(left, self.most), Pfn::ZERO);
        self.source.fill(&mut self.supply);
        self.used = 0;
        Restoring::new(&self.restoring, self.lookups)
    }

    fn next_block(&mut self, most: usize) -> &[Pfn] {
        let left = &self.supply[self.used..];
        let block = &left[..most.min(left.len())];
        self.used += block.len();
        block
    }
}

fn at_most(lookups: u64, most: usize) -> usize {
    usize::try_from(lookups).map_or(most, |lookups| lookups.min(most))
}

#[cfg(test)]
mod tests {
    use super::super::blocks::tests::{From, numbers};
    use super::{Ahead, Blocks};

    #[test]
    fn the_addresses_are_those_of_the_source_and_the_caches_come_back_after_each_refill() {
        let mut ahead = Ahead::new(Box::new(From(0)), 10, Box::new(From(1000)), 3);
        let (mut drawn, mut restored) = (Vec::new(), Vec::new());
        while drawn.len() < 24 {
            let left = 24 - drawn.len();
            for block in ahead.prepare(left as u64).blocks(2) {
                restored.push((drawn.len(), numbers(block)));
            }
            let block = numbers(ahead.next_block(left.min(4)));
            assert!(!block.is_empty());
            drawn.extend(block);
        }
        assert_eq!(drawn, (0..24).collect::<Vec<_>>());
        let after = |drawn: usize| [(drawn, vec![1000, 1001]), (drawn, vec![1002])];
        assert_eq!(restored, [after(0), after(10), after(20)].concat());
    }

    #[test]
    fn blocks_are_pieces_of_the_supply_and_no_copies() {
        let mut ahead = Ahead::new(Box::new(From(0)), 10, Box::new(From(0)), 0);
        ahead.prepare(10);
        let first = ahead.next_block(4).as_ptr_range();
        assert_eq!(ahead.next_block(4).as_ptr(), first.end);
    }

    #[test]
    fn no_more_is_drawn_than_is_left() {
        let mut ahead = Ahead::new(Box::new(From(0)), 10, Box::new(From(5)), 0);
        assert_eq!(ahead.prepare(2).blocks(4).count(), 0);
        assert_eq!(numbers(ahead.next_block(4)), [0, 1]);
    }

    #[test]
    fn as_many_are_restored_as_were_asked_for_however_few_are_kept() {
        let mut ahead = Ahead::new(Box::new(From(0)), 10, Box::new(From(5)), 23);
        let restored: Vec<u64> = ahead.prepare(2).blocks(4).flat_map(numbers).collect();
        let kept = 5..15;
        let wanted: Vec<u64> = kept.clone().chain(kept).chain(5..8).collect();
        assert_eq!(restored, wanted);
    }
}

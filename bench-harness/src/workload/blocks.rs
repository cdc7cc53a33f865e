//! Addresses as timed loops read them: block after block, each made ready while no clock runs.
//!
//! Two kinds. What computes its addresses writes them into one block over and over ([`InPlace`]); what
//! has to read memory for them hands out pieces of a long supply ([`Ahead`](super::Ahead)). `measure`
//! asks either in the same way, through a trait object, so that its loops are compiled once.

use physseg::Pfn;

use super::Draw;

/// Something that hands out addresses block by block.
pub trait Blocks {
    /// Makes ready for the next block, with so many lookups left. If that read memory of its own, it
    /// says what is to be looked up, untimed, before the clock runs.
    fn prepare(&mut self, left: u64) -> Restoring<'_>;

    /// The next addresses, where they lie: `most` of them, unless there are fewer until it has to be
    /// made ready again; then at least one.
    fn next_block(&mut self, most: usize) -> &[Pfn];
}

/// Lookups, not timed, that bring back into the caches what drawing threw out.
#[derive(Clone, Copy, Debug)]
pub struct Restoring<'a> {
    pfns: &'a [Pfn],
    lookups: u64,
}

impl<'a> Restoring<'a> {
    /// None, where nothing was thrown out.
    pub const NONE: Self = Self { pfns: &[], lookups: 0 };

    /// So many lookups of `pfns`, which begin again where they end.
    pub fn new(pfns: &'a [Pfn], lookups: u64) -> Self {
        Self { pfns, lookups }
    }

    /// What is to be looked up, in blocks of at most `most`; none of 0.
    pub fn blocks(self, most: usize) -> impl Iterator<Item = &'a [Pfn]> {
        let mut left = self.lookups;
        self.pfns.chunks(most.max(1)).cycle().map_while(move |block| {
            let length = usize::try_from(left).map_or(block.len(), |left| left.min(block.len()));
            left -= length as u64;
            (length > 0).then(|| &block[..length])
        })
    }
}

/// One block, drawn anew each time in the same place.
pub struct InPlace<'a> {
    source: Box<dyn Draw + 'a>,
    block: Vec<Pfn>,
}

impl<'a> InPlace<'a> {
    /// The addresses of `source`, at most `most` in a block, and at least one.
    pub fn new(source: Box<dyn Draw + 'a>, most: usize) -> Self {
        Self { source, block: vec![Pfn::ZERO; most.max(1)] }
    }
}

impl Blocks for InPlace<'_> {
    fn prepare(&mut self, _left: u64) -> Restoring<'_> {
        Restoring::NONE
    }

    fn next_block(&mut self, most: usize) -> &[Pfn] {
        let length = most.min(self.block.len());
        let block = &mut self.block[..length];
        self.source.fill(block);
        block
    }
}

#[cfg(test)]
pub(super) mod tests {
    use physseg::Pfn;

    use super::{Blocks, Draw, InPlace, Restoring};

    /// Ascending from a number.
    pub(in crate::workload) struct From(pub u64);

    impl Draw for From {
        fn fill(&mut self, block: &mut [Pfn]) {
            for pfn in block {
                *pfn = Pfn::new(self.0);
                self.0 += 1;
            }
        }
    }

    pub(in crate::workload) fn numbers(pfns: &[Pfn]) -> Vec<u64> {
        pfns.iter().map(|pfn| pfn.get()).collect()
    }

    #[test]
    fn one_block_is_drawn_anew_in_its_place() {
        let mut blocks = InPlace::new(Box::new(From(0)), 4);
        assert_eq!(blocks.prepare(9).blocks(4).count(), 0);
        let first = blocks.next_block(4).as_ptr();
        assert_eq!(numbers(blocks.next_block(3)), [4, 5, 6]);
        assert_eq!(numbers(blocks.next_block(9)), [7, 8, 9, 10], "no more than fit");
        assert_eq!(blocks.next_block(4).as_ptr(), first);
        assert_eq!(numbers(InPlace::new(Box::new(From(5)), 0).next_block(1)), [5]);
    }

    #[test]
    fn restoring_begins_again_until_it_is_enough() {
        let mut pfns = [Pfn::ZERO; 5];
        From(0).fill(&mut pfns);
        let all = |lookups, most| {
            let blocks = Restoring::new(&pfns, lookups).blocks(most);
            blocks.map(numbers).collect::<Vec<_>>()
        };
        assert_eq!(all(12, 3), [vec![0, 1, 2], vec![3, 4], vec![0, 1, 2], vec![3, 4], vec![0, 1]]);
        assert_eq!(all(3, 3), [[0, 1, 2]]);
        assert_eq!(all(2, 0), [[0], [1]]);
        assert!(all(0, 3).is_empty());
        assert_eq!(Restoring::new(&[], 7).blocks(3).count(), 0, "nothing to look up");
        assert_eq!(Restoring::NONE.blocks(3).count(), 0);
    }
}

//! Records sorted by frame, and beside them a search structure over their starts: four of them.
//!
//! All keep the 72-byte records in one array in the order of their frames, name a record by its
//! place in it, and take O(n) to plug and unplug. They differ in what a lookup reads:
//!
//! | | a lookup reads | a change |
//! |---|---|---|
//! | [`ArrayRebuild`] | the records, as the static array does | copies the array and swaps |
//! | [`ArrayBranchless`] | starts, halved without a branch | shifts what lies above |
//! | [`Eytzinger`] | starts in breadth-first order, prefetched | rebuilds the starts |
//! | [`STree`] | nodes of 16 starts, compared at once | shifts the lowest level, rebuilds the others |
//!
//! The last three answer `find_page` from the starts and one 16-byte entry beside them ([`Compact`]),
//! and never touch a record. Until boot ends they have no index at all: segments come one by one, are
//! looked up by binary search in the records, and the index is built once. Its memory is set aside
//! with each insertion, so that building it cannot fail.
//!
//! The search structures are well known: see Khuong and Morin, "Array Layouts for Comparison-Based
//! Searching" (2017), and Slotin, "Algorithms for Modern Hardware" (en.algorithmica.org/hpc).
//!
//! Nanoseconds a random `find_page`, one lookup in eight a miss, segments of seven frames; the least of
//! several runs on a shared 2-core x86-64 virtual machine (Zen 4, 2.6 GHz), so that the last column, whose
//! data lie in a cache that others use too, is no more than an order of magnitude:
//!
//! | segments | 32 | 8161 | 262145 |
//! |---|---|---|---|
//! | `Array<Bsearch>`, `ArrayRebuild` | 19 | 63 | 211 |
//! | `ArrayBranchless` | 6.5 | 19 | 142 |
//! | `Eytzinger` | 7.6 | 18 | 87 |
//! | `STree`, portable kernel | 11 | 26 | 105 |
//! | `STree`, AVX2 | 4.3 | 9.7 | 56 |
//! | `STree`, AVX-512 | 3.9 | 8.8 | 60 |

mod backend;
mod branchless;
mod change;
mod compact;
#[cfg(target_arch = "x86_64")]
mod cpu;
mod eytzinger;
mod index;
mod kernel;
mod key;
mod lanes;
mod prefetch;
mod room;
mod stree;

#[cfg(test)]
mod border_tests;
#[cfg(test)]
mod tests;

pub use branchless::Halving;
pub use compact::Compact;
pub use eytzinger::BreadthFirst;
pub use index::{Index, Rebuild};
pub use kernel::{Kernel, MissingKernel};
pub use key::{Key, Layout, Search};
pub use stree::Blocked;

use alloc::vec::Vec;

use super::array::{Bsearch, DEFAULT_CAPACITY, Strategy};
use crate::addr::Pfn;
use crate::segment::Segment;

/// `array-rebuild`: the static array's records and search, made anew with every plug and unplug.
pub type ArrayRebuild = Sorted<Rebuild>;

/// `array-branchless`: starts alone in one array, searched with conditional moves.
pub type ArrayBranchless = Sorted<Compact<Halving>>;

/// `eytzinger`: starts in breadth-first order.
pub type Eytzinger = Sorted<Compact<BreadthFirst>>;

/// `s-tree`: a static B-tree whose nodes are compared by SIMD.
pub type STree = Sorted<Compact<Blocked>>;

/// Names a record of a [`Sorted`] by its place in the order of frames.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Place(usize);

impl Place {
    /// How many records lie below.
    pub fn index(self) -> usize {
        self.0
    }
}

/// Segment records in the order of their frames, found through `I`. See the [module](self).
#[derive(Debug, Default)]
pub struct Sorted<I> {
    records: Vec<Segment>,
    index: I,
    limit: BootLimit,
}

/// How many records there may be: some at boot, any number afterwards.
#[derive(Clone, Copy, Debug)]
enum BootLimit {
    AtBoot(usize),
    None,
}

impl Default for BootLimit {
    fn default() -> Self {
        Self::AtBoot(DEFAULT_CAPACITY)
    }
}

impl<I: Index> Sorted<I> {
    /// An empty one at boot, with room for [`DEFAULT_CAPACITY`] segments until boot ends.
    pub fn new() -> Self {
        Self::with_boot_capacity(DEFAULT_CAPACITY)
    }

    /// An empty one at boot, with room for `segments` segments until boot ends and for as many as
    /// memory holds afterwards. Memory is taken as they come.
    pub fn with_boot_capacity(segments: usize) -> Self {
        Self { limit: BootLimit::AtBoot(segments), ..Self::default() }
    }

    /// Which record holds `pfn`, if any does.
    #[inline]
    fn locate(&self, pfn: Pfn) -> Option<usize> {
        match self.limit {
            BootLimit::None => self.index.find(&self.records, pfn),
            BootLimit::AtBoot(_) => Bsearch::find(&self.records, pfn),
        }
    }

    fn booted(&self) -> bool {
        matches!(self.limit, BootLimit::None)
    }

    fn at(&self, index: usize) -> Option<Place> {
        (index < self.records.len()).then_some(Place(index))
    }

    /// How many records begin at or below `pfn`. Those that come in order, as at boot, need no search.
    fn at_or_below(&self, pfn: Pfn) -> usize {
        match self.records.last() {
            Some(last) if last.start() > pfn => {
                self.records.partition_point(|record| record.start() <= pfn)
            }
            _ => self.records.len(),
        }
    }

    fn record_bytes(&self) -> usize {
        self.records.capacity() * size_of::<Segment>()
    }
}

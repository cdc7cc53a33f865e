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
//! Measured on a 2-core x86-64 virtual machine (Zen 4, 2.6 GHz): see `docs` of each file. The search
//! structures are the well-known ones of Khuong and Morin, "Array Layouts for Comparison-Based
//! Searching" (2017), and of Slotin, "Algorithms for Modern Hardware" (en.algorithmica.org/hpc).

mod branchless;
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
mod tests;

pub use branchless::Halving;
pub use compact::Compact;
pub use eytzinger::BreadthFirst;
pub use index::{Index, Rebuild};
pub use kernel::{Kernel, MissingKernel};
pub use key::{Key, Layout, Search};
pub use stree::Blocked;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use self::room::make_room;
use super::array::{Bsearch, DEFAULT_CAPACITY, Strategy};
use super::{Backend, Capabilities, Refusal};
use crate::addr::Pfn;
use crate::page::PageId;
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

    /// Puts `segment` at `at`, where there will be `most` records at most before boot ends.
    fn put(&mut self, at: usize, segment: Segment, most: Option<usize>) -> Result<(), Refusal> {
        let wanted = self.records.len() + 1;
        if !(I::COPIES && self.booted()) {
            make_room(&mut self.records, wanted, most)?;
            self.records.insert(at, segment);
            return Ok(());
        }
        let mut copy = copy_for(wanted)?;
        let (below, above) = self.records.split_at(at);
        copy.extend_from_slice(below);
        copy.push(segment);
        copy.extend_from_slice(above);
        self.records = copy;
        Ok(())
    }

    /// Takes the record at `at` out. That cannot fail: without memory for a copy, it is not copied.
    fn take(&mut self, at: usize) -> Segment {
        if I::COPIES
            && self.booted()
            && let Ok(mut copy) = copy_for(self.records.len() - 1)
        {
            let segment = self.records[at];
            copy.extend_from_slice(&self.records[..at]);
            copy.extend_from_slice(&self.records[at + 1..]);
            self.records = copy;
            return segment;
        }
        self.records.remove(at)
    }

    fn record_bytes(&self) -> usize {
        self.records.capacity() * size_of::<Segment>()
    }
}

/// An empty array with room for exactly `records` records.
fn copy_for(records: usize) -> Result<Vec<Segment>, Refusal> {
    let mut copy = Vec::new();
    make_room(&mut copy, records, Some(records))?;
    Ok(copy)
}

impl<I: Index> Backend for Sorted<I> {
    type Handle = Place;

    const CAPABILITIES: Capabilities = Capabilities {
        plug_after_boot: true,
        split: true,
        stable_handles: false,
        reuses_boot_records: true,
        linear_updates: true,
    };

    #[inline]
    fn find(&self, pfn: Pfn) -> Option<(Place, u64)> {
        let at = self.locate(pfn)?;
        Some((Place(at), pfn.get() - self.records[at].start().get()))
    }

    /// Before boot ends there are no descriptors, and the index is empty.
    #[inline]
    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        self.index.find_page(&self.records, pfn)
    }

    fn find_geq(&self, pfn: Pfn) -> Option<Place> {
        let above = self.at_or_below(pfn);
        match above.checked_sub(1) {
            Some(below) if self.records[below].end() > pfn => Some(Place(below)),
            _ => self.at(above),
        }
    }

    fn find_leq(&self, pfn: Pfn) -> Option<Place> {
        self.at_or_below(pfn).checked_sub(1).map(Place)
    }

    fn get(&self, handle: Place) -> Option<&Segment> {
        self.records.get(handle.0)
    }

    fn get_mut(&mut self, handle: Place) -> Option<&mut Segment> {
        self.records.get_mut(handle.0)
    }

    fn insert(&mut self, segment: Segment) -> Result<Place, Refusal> {
        let (present, mut most) = (self.records.len(), None);
        if let BootLimit::AtBoot(capacity) = self.limit {
            if present >= capacity {
                return Err(Refusal::Full { capacity });
            }
            most = Some(capacity);
        }
        self.index.reserve(&self.records, &segment, most)?;
        let at = self.at_or_below(segment.start());
        self.put(at, segment, most)?;
        if self.booted() {
            self.index.inserted(&self.records, at);
        }
        Ok(Place(at))
    }

    fn remove(&mut self, handle: Place) -> Option<Segment> {
        self.get(handle)?;
        let segment = self.take(handle.0);
        if self.booted() {
            self.index.removed(&self.records, handle.0);
        }
        Some(segment)
    }

    fn replace(&mut self, handle: Place, segment: Segment) -> Option<Place> {
        *self.records.get_mut(handle.0)? = segment;
        if self.booted() {
            self.index.replaced(&self.records, handle.0);
        }
        Some(handle)
    }

    fn first(&self) -> Option<Place> {
        self.at(0)
    }

    fn last(&self) -> Option<Place> {
        self.records.len().checked_sub(1).map(Place)
    }

    fn next(&self, handle: Place) -> Option<Place> {
        self.get(handle)?;
        self.at(handle.0 + 1)
    }

    fn prev(&self, handle: Place) -> Option<Place> {
        self.get(handle)?;
        handle.0.checked_sub(1).map(Place)
    }

    fn len(&self) -> usize {
        self.records.len()
    }

    fn boot_ended(&mut self) {
        self.limit = BootLimit::None;
        self.index.build(&self.records);
    }

    fn bytes(&self) -> usize {
        self.record_bytes() + self.index.bytes()
    }

    fn index_bytes(&self) -> usize {
        self.index.read_bytes(self.record_bytes())
    }

    fn handle_word(handle: Place) -> u64 {
        handle.0 as u64
    }

    fn check(&self) -> Result<(), String> {
        if let BootLimit::AtBoot(capacity) = self.limit
            && self.records.len() > capacity
        {
            return Err(format!("{} records, more than may be", self.records.len()));
        }
        for pair in self.records.windows(2) {
            if pair[0].end() > pair[1].start() {
                return Err(format!("{} begins before {}", pair[1].range(), pair[0].end()));
            }
        }
        if self.booted() { self.index.check(&self.records) } else { Ok(()) }
    }
}

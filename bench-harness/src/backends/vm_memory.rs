//! The crate `vm-memory` of rust-vmm: the collection of regions in which virtual machine monitors
//! written in Rust look guest addresses up (a binary search over shared pointers to regions).
//!
//! Its users give it regions of mapped memory. Here a region maps nothing: it says where it begins and
//! how long it is, and names the record. The crate counts in bytes; one of its bytes stands for one
//! frame, since the search compares addresses and never looks at how large a page is. A lookup is
//! thereby spared a shift, and no frame number is too large.
//!
//! The collection is made at once of what there is when boot ends, as a monitor makes it of the memory
//! that a guest starts with; until then the regions wait in a map. It never changes. To plug is to make a
//! new one with a region more, to unplug to make one with a region less: each copies all pointers, and
//! counts them up, checks their order and counts the old ones down, in memory all over the heap. A region
//! cannot be cut either: it is taken out, and a shorter one put in. Two copies for a cut, three for a
//! split, is what this costs its users; 8,193 segments cut one by one out of one take a second or two.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use physseg::backend::{Backend, Refusal};
use physseg::{FrameRange, PageId, Pfn, Segment};
use vm_memory::{
    GuestAddress, GuestMemoryBackend, GuestMemoryRegion, GuestMemoryRegionBytes,
    GuestRegionCollection,
};

use super::records::{Key, Records, left_to_records};

/// What the collection holds of a record.
#[derive(Debug)]
struct Region {
    start: GuestAddress,
    frames: u64,
    /// The first frame's descriptor as its raw word (0 for none), in the place of the address at which
    /// memory is mapped. The end of boot sets it, when the region has long been shared; read without
    /// any order, which costs what reading a plain word costs.
    pages: AtomicU64,
    key: Key,
}

impl Region {
    fn new(segment: &Segment, key: Key) -> Arc<Self> {
        let (start, frames) = (address(segment.start()), segment.frames());
        let region = Self { start, frames, pages: AtomicU64::new(0), key };
        region.set_pages(segment.pages());
        Arc::new(region)
    }

    #[inline]
    fn pages(&self) -> Option<PageId> {
        PageId::from_raw(self.pages.load(Ordering::Relaxed))
    }

    fn set_pages(&self, pages: Option<PageId>) {
        self.pages.store(pages.map_or(0, PageId::raw), Ordering::Relaxed);
    }
}

impl GuestMemoryRegion for Region {
    type B = ();

    #[inline]
    fn len(&self) -> u64 {
        self.frames
    }

    #[inline]
    fn start_addr(&self) -> GuestAddress {
        self.start
    }

    fn bitmap(&self) {}
}

/// Reading and writing, as the crate wants it of every region. There is no memory behind one, and so
/// it always fails.
impl GuestMemoryRegionBytes for Region {}

fn address(pfn: Pfn) -> GuestAddress {
    GuestAddress(pfn.get())
}

/// See the module. Ends the program when memory is exhausted.
#[derive(Debug)]
pub struct VmMemory {
    /// Empty until boot ends.
    regions: GuestRegionCollection<Region>,
    /// By their start; `None` once boot has ended.
    waiting: Option<BTreeMap<u64, Arc<Region>>>,
    records: Records,
}

impl VmMemory {
    /// One that takes so many records before boot ends.
    pub fn with_boot_capacity(capacity: usize) -> Self {
        Self {
            regions: GuestRegionCollection::new(),
            waiting: Some(BTreeMap::new()),
            records: Records::with_boot_capacity(capacity),
        }
    }

    /// The region that holds a frame.
    #[inline]
    fn holder(&self, pfn: Pfn) -> Option<&Region> {
        self.regions.find_region(address(pfn)).or_else(|| self.waiting_holder(pfn))
    }

    fn waiting_holder(&self, pfn: Pfn) -> Option<&Region> {
        let (start, region) = self.waiting.as_ref()?.range(..=pfn.get()).next_back()?;
        (pfn.get() - start < region.frames).then_some(region)
    }

    /// The lowest region above a frame. O(n) after boot: the collection says what holds an address and
    /// not what lies beside it.
    fn above(&self, pfn: Pfn) -> Option<&Region> {
        match &self.waiting {
            Some(waiting) => waiting.range(pfn.get()..).next().map(|(_, region)| region.as_ref()),
            None => self.regions.iter().find(|region| region.start.0 > pfn.get()),
        }
    }

    /// The collection refuses regions that overlap, and finds no region that is not there. Neither can
    /// happen: the records say what is there, and the table that records do not overlap.
    fn plug(&mut self, region: Arc<Region>) {
        match &mut self.waiting {
            Some(waiting) => drop(waiting.insert(region.start.0, region)),
            None => self.regions = self.regions.insert_region(region).expect("overlaps no other"),
        }
    }

    fn unplug(&mut self, range: FrameRange) {
        let (start, frames) = (address(range.start()), range.frames());
        match &mut self.waiting {
            Some(waiting) => drop(waiting.remove(&start.0)),
            None => self.regions = self.regions.remove_region(start, frames).expect("is there").0,
        }
    }
}

impl Backend for VmMemory {
    left_to_records!(linear_updates: true);

    #[inline]
    fn find(&self, pfn: Pfn) -> Option<(Key, u64)> {
        let region = self.holder(pfn)?;
        Some((region.key, pfn.get() - region.start.0))
    }

    /// Of the collection alone: before boot ends there is no page.
    #[inline]
    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        let region = self.regions.find_region(address(pfn))?;
        Some(region.pages()?.offset(pfn.get() - region.start.0))
    }

    /// O(n) in a hole after boot, except above all records.
    fn find_geq(&self, pfn: Pfn) -> Option<Key> {
        let highest = self.records.get(self.records.last()?)?;
        if highest.end() <= pfn {
            return None;
        }
        self.holder(pfn).or_else(|| self.above(pfn)).map(|region| region.key)
    }

    fn find_leq(&self, pfn: Pfn) -> Option<Key> {
        match self.holder(pfn) {
            Some(region) => Some(region.key),
            None => self.records.below(self.find_geq(pfn)),
        }
    }

    fn insert(&mut self, segment: Segment) -> Result<Key, Refusal> {
        let key = self.records.insert(segment, self.find_geq(segment.end()))?;
        self.plug(Region::new(&segment, key));
        Ok(key)
    }

    fn remove(&mut self, handle: Key) -> Option<Segment> {
        let segment = self.records.remove(handle)?;
        self.unplug(segment.range());
        Some(segment)
    }

    fn replace(&mut self, handle: Key, segment: Segment) -> Option<Key> {
        let record = self.records.get_mut(handle)?;
        let before = std::mem::replace(record, segment).range();
        if before == segment.range() {
            self.holder(segment.start())?.set_pages(segment.pages());
        } else {
            self.unplug(before);
            self.plug(Region::new(&segment, handle));
        }
        Some(handle)
    }

    fn boot_ended(&mut self) {
        self.records.boot_ended();
        let waiting = self.waiting.take().unwrap_or_default();
        if !waiting.is_empty() {
            let regions = waiting.into_values().collect();
            self.regions = GuestRegionCollection::from_arc_regions(regions).expect("in order");
        }
    }

    fn bytes(&self) -> usize {
        self.index_bytes() + self.records.bytes()
    }

    /// A pointer for each region, the region, and the two counts before it. That pointers lie in a
    /// vector with nothing to spare is an assumption: the crate does not show its capacity.
    fn index_bytes(&self) -> usize {
        let counts = 2 * size_of::<usize>();
        self.records.len() * (size_of::<Arc<Region>>() + counts + size_of::<Region>())
    }

    fn check(&self) -> Result<(), String> {
        let waiting = self.waiting.as_ref().map_or(0, BTreeMap::len);
        self.records.check(self.regions.num_regions() + waiting, |key, segment| {
            self.holder(segment.start()).is_some_and(|region| {
                (region.key, region.start, region.frames, region.pages())
                    == (key, address(segment.start()), segment.frames(), segment.pages())
            })
        })
    }
}

//! The segment table: one policy for every backend.
//!
//! What may be loaded, plugged and unplugged, how a segment is cut or split, where page descriptors
//! come from and what changes when boot ends is decided here, following `uvm_hotplug(9)`. A
//! [`Backend`] only stores records and finds them.
//!
//! | file | holds |
//! |---|---|
//! | `boot.rs` | `physload`, `physunload`, `page_init`: what a kernel does before its allocator exists |
//! | `hotplug.rs` | plug and unplug |
//! | `walk.rs` | find, the ordered walk, and the getters and setters |
//!
//! An operation that is refused has changed nothing.

mod boot;
mod hotplug;
mod walk;

pub use walk::Segments;

use crate::addr::{FrameRange, PageSize, Pfn};
use crate::backend::{Backend, Refusal};
use crate::error::Error;
use crate::segment::Segment;
use crate::slab::Slabs;

/// Physical memory segments, kept in the data structure `B`.
///
/// ```
/// use physseg::backend::RbTree;
/// use physseg::{FreeList, PageSize, Pfn, SegmentTable};
///
/// let mut table = SegmentTable::init(RbTree::new());
/// table.set_page_size(PageSize::FOUR_KIB)?;
/// table.physload(Pfn::new(0), Pfn::new(256), Pfn::new(0), Pfn::new(256), FreeList::Default)?;
/// table.page_init()?; // boot ends: page descriptors exist from here on
/// table.plug(Pfn::new(0x1000), 512)?;
/// table.unplug(Pfn::new(0x1008), 8)?; // a hole in the middle: the segment is split
/// assert_eq!(table.len(), 3);
/// assert!(table.find_page(Pfn::new(0x1008)).is_none());
/// # Ok::<(), physseg::Error>(())
/// ```
#[derive(Debug)]
pub struct SegmentTable<B> {
    backend: B,
    page_size: Option<PageSize>,
    booted: bool,
    frozen: bool,
    /// Pages in segments since boot ended (`uvmexp.npages`).
    pages: u64,
    slabs: Slabs,
}

impl<B: Backend> SegmentTable<B> {
    /// An empty table at the beginning of boot (`uvm_physseg_init`).
    pub fn init(backend: B) -> Self {
        Self::with_slabs(backend, Slabs::new())
    }

    /// As [`init`](Self::init), with page descriptors from `slabs`: to bound their bookkeeping, or
    /// to have them materialised.
    pub fn with_slabs(backend: B, slabs: Slabs) -> Self {
        Self { backend, page_size: None, booted: false, frozen: false, pages: 0, slabs }
    }

    /// Sets the page size, which frames need to become addresses.
    ///
    /// # Errors
    /// [`Error::PageSizeFixed`] once there are segments.
    pub fn set_page_size(&mut self, page_size: PageSize) -> Result<(), Error> {
        if self.booted || !self.backend.is_empty() {
            return Err(Error::PageSizeFixed);
        }
        self.page_size = Some(page_size);
        Ok(())
    }

    /// The page size, once set.
    pub fn page_size(&self) -> Option<PageSize> {
        self.page_size
    }

    /// Whether boot has ended, so that segments have page descriptors.
    pub fn booted(&self) -> bool {
        self.booted
    }

    /// How many segments (`uvm_physseg_get_entries`).
    pub fn len(&self) -> usize {
        self.backend.len()
    }

    /// Whether there is no segment.
    pub fn is_empty(&self) -> bool {
        self.backend.is_empty()
    }

    /// How many pages the segments hold; 0 until boot ends (`uvmexp.npages`).
    pub fn pages(&self) -> u64 {
        self.pages
    }

    /// The highest frame in any segment.
    pub fn highest_frame(&self) -> Option<Pfn> {
        let last = self.backend.get(self.backend.last()?)?;
        Some(last.range().last())
    }

    /// The data structure, for loops that want nothing between themselves and it.
    #[inline]
    pub fn backend(&self) -> &B {
        &self.backend
    }

    /// Ends plug and unplug: from here on the table has the segments and descriptors that it has, and
    /// what it kept to change them (the slabs, an entry for every run of descriptors) is given back. On
    /// a heavily fragmented map that is as much memory as the records take. The words that belong to a
    /// segment, its [start hint](Self::set_start_hint) and [pmap data](Self::pmap_data_mut), can still
    /// be set.
    ///
    /// # Errors
    /// Before boot ends.
    pub fn freeze(&mut self) -> Result<(), Error> {
        if !self.booted {
            return Err(Error::NoPages);
        }
        self.frozen = true;
        self.slabs = Slabs::new();
        Ok(())
    }

    /// The slabs of page descriptors; none in a frozen table.
    pub fn slabs(&self) -> &Slabs {
        &self.slabs
    }

    /// The range `[start, end)` if it may become a segment: it holds a frame, 52-bit addresses reach
    /// all of it, and no present segment shares any of its frames.
    fn admit(&self, start: Pfn, end: Pfn) -> Result<FrameRange, Error> {
        let range = self.addressable(start, end)?;
        match self.at_or_above(start).map(Segment::range) {
            Some(present) if present.overlaps(range) => Err(Error::Overlap { range, present }),
            _ => Ok(range),
        }
    }

    /// The range `[start, end)` if it holds a frame and addresses reach all of it.
    fn addressable(&self, start: Pfn, end: Pfn) -> Result<FrameRange, Error> {
        let limit = self.page_size.ok_or(Error::PageSizeUnset)?.frame_limit();
        let range = FrameRange::new(start, end).ok_or(Error::EmptyRange { start, end })?;
        if end > limit {
            return Err(Error::BeyondAddressSpace { end, limit });
        }
        Ok(range)
    }

    fn at_or_above(&self, pfn: Pfn) -> Option<&Segment> {
        self.backend.get(self.backend.find_geq(pfn)?)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Full { capacity } => Self::NoRoom { capacity },
            Refusal::NoMemory { bytes } => Self::NoMemory { bytes },
            Refusal::Span { frames, limit } => Self::SpanTooWide { frames, limit },
        }
    }
}

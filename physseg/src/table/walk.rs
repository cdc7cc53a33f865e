//! Finding, the ordered walk, and what is asked of a segment.

use super::SegmentTable;
use crate::addr::{Paddr, Pfn};
use crate::backend::Backend;
use crate::error::Error;
use crate::handle::Handle;
use crate::page::PageId;
use crate::segment::{FreeList, Segment};

impl<B: Backend> SegmentTable<B> {
    /// The segment that holds `pfn`, and how many frames into it `pfn` lies (`uvm_physseg_find`).
    #[inline]
    pub fn find(&self, pfn: Pfn) -> Option<(Handle<B::Handle>, u64)> {
        let (at, offset) = self.backend.find(pfn)?;
        Some((Handle::Segment(at), offset))
    }

    /// The page descriptor of a physical address (`PHYS_TO_VM_PAGE`); `None` in a hole.
    #[inline]
    pub fn phys_to_page(&self, paddr: Paddr) -> Option<PageId> {
        self.find_page(paddr.to_pfn(self.page_size?))
    }

    /// The page descriptor of a frame; `None` in a hole, and before boot ends.
    #[inline]
    pub fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        self.backend.find_page(pfn)
    }

    /// The lowest segment, or [`Handle::Empty`].
    pub fn first(&self) -> Handle<B::Handle> {
        self.backend.first().map_or(Handle::Empty, Handle::Segment)
    }

    /// The highest segment, or [`Handle::Empty`].
    pub fn last(&self) -> Handle<B::Handle> {
        self.backend.last().map_or(Handle::Empty, Handle::Segment)
    }

    /// The next higher segment; [`Handle::Overflow`] after the last, [`Handle::Invalid`] of a handle
    /// that names none.
    pub fn next(&self, handle: Handle<B::Handle>) -> Handle<B::Handle> {
        match self.live(handle) {
            Some(at) => self.backend.next(at).map_or(Handle::Overflow, Handle::Segment),
            None => Handle::Invalid,
        }
    }

    /// The next lower segment; [`Handle::Empty`] before the first, [`Handle::Invalid`] of a handle
    /// that names none.
    pub fn prev(&self, handle: Handle<B::Handle>) -> Handle<B::Handle> {
        match self.live(handle) {
            Some(at) => self.backend.prev(at).map_or(Handle::Empty, Handle::Segment),
            None => Handle::Invalid,
        }
    }

    /// All segments by ascending frame, from either end.
    pub fn segments(&self) -> Segments<'_, B> {
        Segments {
            backend: &self.backend,
            front: self.backend.first(),
            back: self.backend.last(),
            left: self.backend.len(),
        }
    }

    /// Whether the handle names a segment that is usable: any that is present before boot ends, and
    /// one with page descriptors afterwards.
    pub fn valid(&self, handle: Handle<B::Handle>) -> bool {
        self.segment(handle).is_some_and(|segment| !self.booted || segment.pages().is_some())
    }

    /// The segment's record; `None` if the handle names none.
    pub fn segment(&self, handle: Handle<B::Handle>) -> Option<&Segment> {
        self.backend.get(handle.segment()?)
    }

    /// First frame; `None` of a handle that names no segment.
    pub fn start(&self, handle: Handle<B::Handle>) -> Option<Pfn> {
        self.segment(handle).map(Segment::start)
    }

    /// Frame after the last; `None` of a handle that names no segment.
    pub fn end(&self, handle: Handle<B::Handle>) -> Option<Pfn> {
        self.segment(handle).map(Segment::end)
    }

    /// First available frame; `None` of a handle that names no segment.
    pub fn avail_start(&self, handle: Handle<B::Handle>) -> Option<Pfn> {
        self.segment(handle).map(Segment::avail_start)
    }

    /// Frame after the last available one; `None` of a handle that names no segment.
    pub fn avail_end(&self, handle: Handle<B::Handle>) -> Option<Pfn> {
        self.segment(handle).map(Segment::avail_end)
    }

    /// The descriptor of the segment's frame number `frame`, counted from 0
    /// (`uvm_physseg_get_pg`).
    ///
    /// # Errors
    /// A handle that names nothing, a frame beyond the segment, or no descriptors before boot ends.
    pub fn get_page(&self, handle: Handle<B::Handle>, frame: u64) -> Result<PageId, Error> {
        let segment = self.named(handle)?;
        if frame >= segment.frames() {
            return Err(Error::BeyondSegment { segment: segment.range(), frame });
        }
        segment.pages().and_then(|first| first.checked_add(frame)).ok_or(Error::NoPages)
    }

    /// The free list.
    ///
    /// # Errors
    /// A handle that names nothing.
    pub fn free_list(&self, handle: Handle<B::Handle>) -> Result<FreeList, Error> {
        self.named(handle).map(Segment::free_list)
    }

    /// Where the page allocator starts looking, in frames from the segment's start.
    ///
    /// # Errors
    /// A handle that names nothing.
    pub fn start_hint(&self, handle: Handle<B::Handle>) -> Result<u64, Error> {
        self.named(handle).map(Segment::start_hint)
    }

    /// Sets where the page allocator starts looking, in frames from the segment's start.
    ///
    /// # Errors
    /// A handle that names nothing, or a frame beyond the segment.
    pub fn set_start_hint(&mut self, handle: Handle<B::Handle>, frame: u64) -> Result<(), Error> {
        let segment = self.named_mut(handle)?;
        if frame >= segment.frames() {
            return Err(Error::BeyondSegment { segment: segment.range(), frame });
        }
        segment.set_start_hint(frame);
        Ok(())
    }

    /// The word that belongs to machine-dependent code (`uvm_physseg_get_pmseg`).
    ///
    /// # Errors
    /// A handle that names nothing.
    pub fn pmap_data(&self, handle: Handle<B::Handle>) -> Result<u64, Error> {
        self.named(handle).map(Segment::pmap_data)
    }

    /// The word that belongs to machine-dependent code, to be changed.
    ///
    /// # Errors
    /// A handle that names nothing.
    pub fn pmap_data_mut(&mut self, handle: Handle<B::Handle>) -> Result<&mut u64, Error> {
        self.named_mut(handle).map(Segment::pmap_data_mut)
    }

    fn live(&self, handle: Handle<B::Handle>) -> Option<B::Handle> {
        let at = handle.segment()?;
        self.backend.get(at).map(|_| at)
    }

    fn named(&self, handle: Handle<B::Handle>) -> Result<&Segment, Error> {
        self.segment(handle).ok_or(Error::InvalidHandle)
    }

    fn named_mut(&mut self, handle: Handle<B::Handle>) -> Result<&mut Segment, Error> {
        let at = handle.segment().ok_or(Error::InvalidHandle)?;
        self.backend.get_mut(at).ok_or(Error::InvalidHandle)
    }
}

/// The segments of a table by ascending frame; [`SegmentTable::segments`] makes it.
#[derive(Debug)]
pub struct Segments<'a, B: Backend> {
    backend: &'a B,
    front: Option<B::Handle>,
    back: Option<B::Handle>,
    left: usize,
}

impl<'a, B: Backend> Iterator for Segments<'a, B> {
    type Item = (Handle<B::Handle>, &'a Segment);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let at = self.front?;
        self.front = self.backend.next(at);
        Some((Handle::Segment(at), self.backend.get(at)?))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<B: Backend> DoubleEndedIterator for Segments<'_, B> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let at = self.back?;
        self.back = self.backend.prev(at);
        Some((Handle::Segment(at), self.backend.get(at)?))
    }
}

impl<B: Backend> ExactSizeIterator for Segments<'_, B> {}

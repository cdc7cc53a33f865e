//! Before the allocator exists: loading segments, stealing frames from them, and the end of boot.

use super::SegmentTable;
use crate::addr::{FrameRange, Paddr, Pfn};
use crate::backend::Backend;
use crate::error::Error;
use crate::handle::Handle;
use crate::segment::{FreeList, Segment};

impl<B: Backend> SegmentTable<B> {
    /// Loads `[start, end)` at boot, of which `[avail_start, avail_end)` goes to the free pool
    /// (`uvm_page_physload`).
    ///
    /// # Errors
    /// After boot; without a page size; an empty range or one beyond 52-bit addresses; avail outside
    /// the segment; an overlap; no room (for a tree, `VM_PHYSSEG_MAX` nodes in all of boot).
    pub fn physload(
        &mut self,
        start: Pfn,
        end: Pfn,
        avail_start: Pfn,
        avail_end: Pfn,
        free_list: FreeList,
    ) -> Result<Handle<B::Handle>, Error> {
        if self.booted {
            return Err(Error::BootIsOver);
        }
        let range = self.admit(start, end)?;
        if avail_start < start || avail_end > end || avail_start > avail_end {
            return Err(Error::AvailOutside { segment: range, avail_start, avail_end });
        }
        let segment = Segment::new(range, free_list).with_avail(avail_start, avail_end);
        Ok(Handle::Segment(self.backend.insert(segment)?))
    }

    /// Takes one frame away at boot, from the front of the segment if that is available, else from
    /// its back (`uvm_page_physunload`). A segment drained this way disappears.
    ///
    /// `Ok(None)` where there is nothing to take: avail touches neither end, or the segment belongs
    /// to another free list.
    ///
    /// # Errors
    /// After boot; a handle that names nothing; the last frame of the only segment.
    pub fn physunload(
        &mut self,
        handle: Handle<B::Handle>,
        free_list: FreeList,
    ) -> Result<Option<Paddr>, Error> {
        let (at, segment) = self.stealable(handle)?;
        if segment.free_list() != free_list || segment.avail_start() == segment.avail_end() {
            return Ok(None);
        }
        if segment.avail_start() == segment.start() {
            let frame = segment.start();
            return self.steal(at, segment, frame, frame.checked_add(1), Some(segment.end()));
        }
        if segment.avail_end() == segment.end() {
            let frame = segment.range().last();
            return self.steal(at, segment, frame, Some(segment.start()), Some(frame));
        }
        Ok(None)
    }

    /// Takes the first available frame away at boot, wherever it lies
    /// (`uvm_page_physunload_force`). The segment begins after it from then on: what lay before
    /// the available part is no longer in any segment, as upstream.
    ///
    /// `Ok(None)` where nothing is available, or the segment belongs to another free list.
    ///
    /// # Errors
    /// As [`physunload`](Self::physunload).
    pub fn physunload_force(
        &mut self,
        handle: Handle<B::Handle>,
        free_list: FreeList,
    ) -> Result<Option<Paddr>, Error> {
        let (at, segment) = self.stealable(handle)?;
        if segment.free_list() != free_list || segment.avail_start() == segment.avail_end() {
            return Ok(None);
        }
        let frame = segment.avail_start();
        self.steal(at, segment, frame, frame.checked_add(1), Some(segment.end()))
    }

    fn stealable(&self, handle: Handle<B::Handle>) -> Result<(B::Handle, Segment), Error> {
        if self.booted {
            return Err(Error::BootIsOver);
        }
        let at = handle.segment().ok_or(Error::InvalidHandle)?;
        Ok((at, *self.backend.get(at).ok_or(Error::InvalidHandle)?))
    }

    /// Gives `frame` away and leaves `[start, end)` of the segment, which goes if that is empty.
    fn steal(
        &mut self,
        at: B::Handle,
        segment: Segment,
        frame: Pfn,
        start: Option<Pfn>,
        end: Option<Pfn>,
    ) -> Result<Option<Paddr>, Error> {
        let page_size = self.page_size.ok_or(Error::PageSizeUnset)?;
        match start.zip(end).and_then(|(start, end)| FrameRange::new(start, end)) {
            Some(rest) => {
                self.backend.replace(at, segment.cut_to(rest)).ok_or(Error::InvalidHandle)?;
            }
            None if self.backend.len() == 1 => return Err(Error::LastSegment),
            None => {
                self.backend.remove(at).ok_or(Error::InvalidHandle)?;
            }
        }
        Ok(frame.to_paddr(page_size))
    }

    /// Ends boot (`uvm_page_init`): one slab holds the page descriptors of all segments, in the
    /// order of their frames, and records come from the heap from here on.
    ///
    /// # Errors
    /// A second time; without a page size or a segment; when the descriptors cannot be had.
    pub fn page_init(&mut self) -> Result<(), Error> {
        if self.booted {
            return Err(Error::AlreadyBooted);
        }
        if self.page_size.is_none() {
            return Err(Error::PageSizeUnset);
        }
        // 2^43 frames at most (of 512 bytes) lie below the limit of addresses: no overflow.
        let pages: u64 = self.segments().map(|(_, segment)| segment.frames()).sum();
        if pages == 0 {
            return Err(Error::NoSegments);
        }
        let refused = Error::NoDescriptors { pages };
        let slab = self.slabs.create(pages).map_err(|_| refused)?;
        let Ok(mut next) = self.slabs.allocate_from(slab, pages) else {
            self.slabs.release(slab);
            return Err(refused);
        };

        // The allocation has made one user: the first segment.
        let mut has_user = true;
        let mut walk = self.backend.first();
        while let Some(at) = walk {
            let Some(&segment) = self.backend.get(at) else {
                break;
            };
            // Putting a record back can give it another place (BIGFIRST among equally large ones).
            let Some(at) = self.backend.replace(at, segment.with_pages(next, slab)) else {
                break;
            };
            if !core::mem::take(&mut has_user) {
                self.slabs.acquire(slab);
            }
            self.slabs.describe(next, segment.range());
            next = next.offset(segment.frames());
            walk = self.backend.next(at);
        }
        self.backend.boot_ended();
        self.booted = true;
        self.pages = pages;
        Ok(())
    }
}

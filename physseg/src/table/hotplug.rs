//! Plug and unplug: memory that comes and goes while the system runs.

use super::SegmentTable;
use crate::addr::{FrameRange, Pfn};
use crate::backend::Backend;
use crate::error::Error;
use crate::handle::Handle;
use crate::segment::{FreeList, Segment};

impl<B: Backend> SegmentTable<B> {
    /// Adds `pages` frames from `start` as a segment (`uvm_physseg_plug`).
    ///
    /// Before boot ends the segment has no page descriptors yet. Afterwards they come first from
    /// what earlier unplugs gave back to a slab, else from a new slab; the segment is in the table
    /// before its pages are initialised, because freeing a page into the pool looks it up.
    ///
    /// # Errors
    /// An empty range or one beyond 52-bit addresses; an overlap; no room, no memory; after boot, a
    /// backend that takes none.
    pub fn plug(&mut self, start: Pfn, pages: u64) -> Result<Handle<B::Handle>, Error> {
        if self.frozen {
            return Err(Error::Frozen);
        }
        let range = self.admit(start, self.end_of(start, pages)?)?;
        let segment = Segment::new(range, FreeList::Default);
        if !self.booted {
            return Ok(Handle::Segment(self.backend.insert(segment)?));
        }
        if !B::CAPABILITIES.plug_after_boot {
            return Err(Error::NoPlugAfterBoot);
        }
        let (slab, first) =
            self.slabs.allocate_for_now(pages).map_err(|_| Error::NoDescriptors { pages })?;
        match self.backend.insert(segment.with_pages(first, slab)) {
            Ok(handle) => {
                self.slabs.settle(slab);
                self.slabs.describe(first, range);
                self.pages += pages;
                Ok(Handle::Segment(handle))
            }
            Err(refusal) => {
                self.slabs.revoke(slab, first, pages);
                Err(refusal.into())
            }
        }
    }

    /// Takes `pages` frames from `start` away; they must lie inside one segment
    /// (`uvm_physseg_unplug`).
    ///
    /// A segment unplugged whole disappears, and its slab with its last user. Frames from the front or
    /// the back shorten it; frames from the middle split it, and the tail becomes a segment of its
    /// own that shares the slab. avail follows the new bounds.
    ///
    /// # Errors
    /// A range that is empty, in a hole or in more than one segment; the only segment; a split where
    /// the backend has none or there is no room for the tail; no memory to give descriptors back.
    pub fn unplug(&mut self, start: Pfn, pages: u64) -> Result<(), Error> {
        if self.frozen {
            return Err(Error::Frozen);
        }
        let range = self.addressable(start, self.end_of(start, pages)?)?;
        let (at, segment) = self.holder(range)?;
        let head = FrameRange::new(segment.start(), range.start());
        let tail = FrameRange::new(range.end(), segment.end());
        match (head, tail) {
            (None, None) => self.remove_whole(at, segment)?,
            (Some(rest), None) | (None, Some(rest)) => {
                self.give_back(segment, range)?;
                self.backend.replace(at, segment.cut_to(rest)).ok_or(Error::InvalidHandle)?;
            }
            (Some(head), Some(tail)) => self.split(at, segment, head, tail, range)?,
        }
        if self.booted {
            self.pages -= pages;
        }
        Ok(())
    }

    fn end_of(&self, start: Pfn, pages: u64) -> Result<Pfn, Error> {
        let limit = self.page_size.ok_or(Error::PageSizeUnset)?.frame_limit();
        start.checked_add(pages).ok_or(Error::BeyondAddressSpace { end: Pfn::new(u64::MAX), limit })
    }

    /// The segment that holds all of `range`.
    fn holder(&self, range: FrameRange) -> Result<(B::Handle, Segment), Error> {
        let missing = |outside| Error::NotInOneSegment { range, outside };
        let (at, _) = self.backend.find(range.start()).ok_or(missing(range.start()))?;
        let segment = *self.backend.get(at).ok_or(Error::InvalidHandle)?;
        if segment.range().covers(range) { Ok((at, segment)) } else { Err(missing(segment.end())) }
    }

    fn remove_whole(&mut self, at: B::Handle, segment: Segment) -> Result<(), Error> {
        if self.backend.len() == 1 {
            return Err(Error::LastSegment);
        }
        // With its last user the slab goes altogether, which cannot fail.
        if self.slabs.users(segment.slab()) != Some(1) {
            self.give_back(segment, segment.range())?;
        }
        self.backend.remove(at).ok_or(Error::InvalidHandle)?;
        if segment.pages().is_some() {
            self.slabs.release(segment.slab());
        }
        Ok(())
    }

    /// Cuts the middle out. Every step that can fail is followed only by steps that cannot, and is
    /// undone by steps that cannot.
    fn split(
        &mut self,
        at: B::Handle,
        segment: Segment,
        head: FrameRange,
        tail: FrameRange,
        gone: FrameRange,
    ) -> Result<(), Error> {
        if !B::CAPABILITIES.split {
            return Err(Error::NoSplit);
        }
        let (head, tail) = (segment.cut_to(head), segment.cut_to(tail));
        let (at, tail_at) = self.backend.split(at, head, tail)?.ok_or(Error::InvalidHandle)?;
        if let Err(error) = self.give_back(segment, gone) {
            self.backend.remove(tail_at);
            self.backend.replace(at, segment);
            return Err(error);
        }
        if segment.pages().is_some() {
            self.slabs.acquire(segment.slab());
        }
        Ok(())
    }

    /// Gives the descriptors of `gone`, a part of `segment`, back to their slab. Before boot ends
    /// there are none.
    fn give_back(&mut self, segment: Segment, gone: FrameRange) -> Result<(), Error> {
        match segment.page_of(gone.start()) {
            Some(first) => self
                .slabs
                .free(segment.slab(), first, gone.frames())
                .map_err(|_| Error::NoMemory { bytes: 0 }),
            None => Ok(()),
        }
    }
}

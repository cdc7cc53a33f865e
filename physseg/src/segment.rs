//! One physical memory segment: a run of page frames with what the kernel keeps beside it.

use crate::addr::{FrameRange, Pfn};
use crate::page::PageId;
use crate::slab::SlabId;

/// Which pool of free pages a segment's frames belong to at boot.
///
/// NetBSD keeps separate lists so that devices with narrow address registers find memory they can
/// reach; four of them is what an amd64 kernel has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(u8)]
pub enum FreeList {
    /// No restriction.
    #[default]
    Default = 0,
    /// Below 4 GiB.
    First4G = 1,
    /// Below 1 GiB.
    First1G = 2,
    /// Below 16 MiB (ISA DMA).
    First16M = 3,
}

impl FreeList {
    /// How many free lists there are (`VM_NFREELIST`).
    pub const COUNT: u32 = 4;

    /// The free list with number `number`, or `None` if there is none.
    pub const fn from_number(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::Default),
            1 => Some(Self::First4G),
            2 => Some(Self::First1G),
            3 => Some(Self::First16M),
            _ => None,
        }
    }
}

/// A segment record as backends store it: 72 bytes, as NetBSD's without its tree node.
///
/// The record is plain data; that avail lies inside the range, and that no two segments overlap, is
/// the business of [`SegmentTable`](crate::SegmentTable), which makes and changes all of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Segment {
    start: Pfn,
    end: Pfn,
    avail_start: Pfn,
    avail_end: Pfn,
    pages: Option<PageId>,
    start_hint: u64,
    pmap_data: u64,
    tag: u64,
    slab: SlabId,
    free_list: FreeList,
}

impl Segment {
    /// A segment over `range`, all of it available, without page descriptors.
    pub const fn new(range: FrameRange, free_list: FreeList) -> Self {
        Self {
            start: range.start(),
            end: range.end(),
            avail_start: range.start(),
            avail_end: range.end(),
            pages: None,
            start_hint: 0,
            pmap_data: 0,
            tag: 0,
            slab: SlabId::NONE,
            free_list,
        }
    }

    /// First frame.
    #[inline]
    pub const fn start(&self) -> Pfn {
        self.start
    }

    /// The frame after the last.
    #[inline]
    pub const fn end(&self) -> Pfn {
        self.end
    }

    /// The frames of the segment.
    ///
    /// # Panics
    /// Never: a segment is not empty.
    pub const fn range(&self) -> FrameRange {
        match FrameRange::new(self.start, self.end) {
            Some(range) => range,
            None => unreachable!(),
        }
    }

    /// How many frames; at least one.
    #[inline]
    pub const fn frames(&self) -> u64 {
        self.end.get() - self.start.get()
    }

    /// Whether `pfn` is one of the segment's frames.
    #[inline]
    pub const fn contains(&self, pfn: Pfn) -> bool {
        self.start.get() <= pfn.get() && pfn.get() < self.end.get()
    }

    /// First frame handed to the free pool at boot.
    pub const fn avail_start(&self) -> Pfn {
        self.avail_start
    }

    /// The frame after the last one handed to the free pool at boot. Equal to
    /// [`avail_start`](Self::avail_start) when none was.
    pub const fn avail_end(&self) -> Pfn {
        self.avail_end
    }

    /// The descriptor of the first frame; the others follow. `None` until boot ends.
    #[inline]
    pub const fn pages(&self) -> Option<PageId> {
        self.pages
    }

    /// The descriptor of `pfn`, which must be one of the segment's frames: the tail of
    /// `PHYS_TO_VM_PAGE` once the segment is found.
    #[inline]
    pub const fn page_of(&self, pfn: Pfn) -> Option<PageId> {
        match self.pages {
            // A plain addition, as in the kernel: the sum is another descriptor of this segment.
            Some(first) => {
                PageId::from_raw(first.raw().wrapping_add(pfn.get().wrapping_sub(self.start.get())))
            }
            None => None,
        }
    }

    /// The slab that owns the descriptors; [`SlabId::NONE`] until boot ends.
    pub const fn slab(&self) -> SlabId {
        self.slab
    }

    /// The free list.
    pub const fn free_list(&self) -> FreeList {
        self.free_list
    }

    /// Where the page allocator starts looking, in frames from the segment's start.
    pub const fn start_hint(&self) -> u64 {
        self.start_hint
    }

    /// Sets where the page allocator starts looking, in frames from the segment's start.
    pub const fn set_start_hint(&mut self, frames: u64) {
        self.start_hint = frames;
    }

    /// The word that belongs to machine-dependent code (upstream: `pmap_physseg`).
    pub const fn pmap_data(&self) -> u64 {
        self.pmap_data
    }

    /// The word that belongs to machine-dependent code, to be changed.
    pub const fn pmap_data_mut(&mut self) -> &mut u64 {
        &mut self.pmap_data
    }

    /// A word for the backend that stores the record (a slot number, a generation). Nobody else
    /// reads it, and it does not survive [`Backend::remove`](crate::backend::Backend::remove).
    #[inline]
    pub const fn tag(&self) -> u64 {
        self.tag
    }

    /// Sets the backend's word.
    #[inline]
    pub const fn set_tag(&mut self, tag: u64) {
        self.tag = tag;
    }

    /// The same segment with avail narrowed to `[start, end)`, clipped to the segment.
    pub(crate) fn with_avail(mut self, start: Pfn, end: Pfn) -> Self {
        self.avail_start = start.clamp(self.start, self.end);
        self.avail_end = end.clamp(self.avail_start, self.end);
        self
    }

    /// The same segment with its descriptors, which belong to `slab`, starting at `first`.
    pub(crate) const fn with_pages(mut self, first: PageId, slab: SlabId) -> Self {
        self.pages = Some(first);
        self.slab = slab;
        self
    }

    /// What is left of the segment when it is cut to `part`, which must lie inside it.
    ///
    /// avail follows the new bounds, and the descriptors move with the start: the difference
    /// "first descriptor minus first frame" stays what it was, whether the front, the back or the
    /// middle was cut away. A start hint that would now point outside falls back to 0.
    pub(crate) fn cut_to(mut self, part: FrameRange) -> Self {
        debug_assert!(self.range().covers(part));
        let skipped = part.start().get() - self.start.get();
        self.pages = self.pages.map(|first| first.offset(skipped));
        self.start = part.start();
        self.end = part.end();
        self.start_hint = match self.start_hint.checked_sub(skipped) {
            Some(hint) if hint < part.frames() => hint,
            _ => 0,
        };
        let (avail_start, avail_end) = (self.avail_start, self.avail_end);
        self.with_avail(avail_start, avail_end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: u64, end: u64) -> FrameRange {
        FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap()
    }

    #[test]
    fn a_record_has_the_size_that_the_original_has() {
        assert_eq!(size_of::<Segment>(), 72);
    }

    #[test]
    fn cutting_keeps_the_distance_between_frames_and_descriptors() {
        let whole = Segment::new(range(100, 200), FreeList::Default)
            .with_pages(PageId::new(7).unwrap(), SlabId::NONE);
        for part in [range(100, 150), range(150, 200), range(120, 130)] {
            let cut = whole.cut_to(part);
            assert_eq!(cut.range(), part);
            assert_eq!(cut.page_of(part.start()), whole.page_of(part.start()));
        }
    }

    #[test]
    fn cutting_clips_avail_and_forgets_a_hint_outside() {
        let mut whole =
            Segment::new(range(0, 100), FreeList::Default).with_avail(Pfn::new(10), Pfn::new(60));
        whole.set_start_hint(50);
        let front = whole.cut_to(range(0, 40));
        assert_eq!((front.avail_start(), front.avail_end()), (Pfn::new(10), Pfn::new(40)));
        assert_eq!(front.start_hint(), 0);
        let back = whole.cut_to(range(80, 100));
        assert_eq!(back.avail_start(), back.avail_end());
        assert_eq!(whole.cut_to(range(20, 100)).start_hint(), 30);
    }
}

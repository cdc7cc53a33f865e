//! `dense`: one segment, one subtraction and one bounds check. A control, not a choice.
//!
//! This is FreeBSD's `VM_PHYSSEG_DENSE`: a machine whose memory has no holes worth mentioning needs no
//! search, because the descriptor of a frame is the frame's number plus a constant. It is the floor
//! under every structure that has to tell segments apart. (`VM_PHYSSEG_MAX == 1` of the static array,
//! [`Contig`](super::Contig), answers the same, but from a 72-byte record that may hold descriptors
//! or not.)
//!
//! The only segment of a table never goes, so there is never room for one after boot, and none to
//! put the tail of a split.

use alloc::format;
use alloc::string::String;

use super::{Backend, Capabilities, Refusal};
use crate::addr::Pfn;
use crate::page::PageId;
use crate::segment::Segment;

/// Names the only record of a [`Dense`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Only;

/// Room for one segment. See the [module](self).
#[derive(Debug, Default)]
pub struct Dense {
    /// First frame with a descriptor.
    start: u64,
    /// How many frames have descriptors: all of the segment's, or none until boot ends.
    frames: u64,
    /// The raw word of a frame's descriptor less the frame's number. Wraps: descriptors may have
    /// lower numbers than frames.
    bias: u64,
    record: Option<Segment>,
}

impl Dense {
    /// How many segments it takes.
    pub const CAPACITY: usize = 1;

    /// One without a segment.
    pub const fn new() -> Self {
        Self { start: 0, frames: 0, bias: 0, record: None }
    }

    /// The three words that lookups read, as the record has them.
    fn words(record: Option<&Segment>) -> (u64, u64, u64) {
        match record.map(|record| (record, record.pages())) {
            Some((record, Some(first))) => {
                let start = record.start().get();
                (start, record.frames(), first.raw().wrapping_sub(start))
            }
            _ => (0, 0, 0),
        }
    }

    fn put(&mut self, record: Option<Segment>) {
        (self.start, self.frames, self.bias) = Self::words(record.as_ref());
        self.record = record;
    }

    fn if_record(&self, holds: impl Fn(&Segment) -> bool) -> Option<Only> {
        self.record.as_ref().filter(|record| holds(record)).map(|_| Only)
    }
}

impl Backend for Dense {
    type Handle = Only;

    const CAPABILITIES: Capabilities = Capabilities {
        plug_after_boot: false,
        split: false,
        stable_handles: false,
        reuses_boot_records: true,
        linear_updates: false,
    };

    #[inline]
    fn find(&self, pfn: Pfn) -> Option<(Only, u64)> {
        let record = self.record.as_ref()?;
        let offset = pfn.get().wrapping_sub(record.start().get());
        (offset < record.frames()).then_some((Only, offset))
    }

    #[inline]
    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        if pfn.get().wrapping_sub(self.start) < self.frames {
            PageId::from_raw(self.bias.wrapping_add(pfn.get()))
        } else {
            None
        }
    }

    fn find_geq(&self, pfn: Pfn) -> Option<Only> {
        self.if_record(|record| record.end() > pfn)
    }

    fn find_leq(&self, pfn: Pfn) -> Option<Only> {
        self.if_record(|record| record.start() <= pfn)
    }

    fn get(&self, _: Only) -> Option<&Segment> {
        self.record.as_ref()
    }

    fn get_mut(&mut self, _: Only) -> Option<&mut Segment> {
        self.record.as_mut()
    }

    fn insert(&mut self, segment: Segment) -> Result<Only, Refusal> {
        if self.record.is_some() {
            return Err(Refusal::Full { capacity: Self::CAPACITY });
        }
        self.put(Some(segment));
        Ok(Only)
    }

    fn remove(&mut self, _: Only) -> Option<Segment> {
        let gone = self.record?;
        self.put(None);
        Some(gone)
    }

    fn replace(&mut self, _: Only, segment: Segment) -> Option<Only> {
        self.record?;
        self.put(Some(segment));
        Some(Only)
    }

    fn first(&self) -> Option<Only> {
        self.if_record(|_| true)
    }

    fn last(&self) -> Option<Only> {
        self.first()
    }

    fn next(&self, _: Only) -> Option<Only> {
        None
    }

    fn prev(&self, _: Only) -> Option<Only> {
        None
    }

    fn len(&self) -> usize {
        usize::from(self.record.is_some())
    }

    /// None: the record lies in the value itself, which is not counted.
    fn bytes(&self) -> usize {
        0
    }

    fn handle_word(_: Only) -> u64 {
        0
    }

    fn check(&self) -> Result<(), String> {
        let expected = Self::words(self.record.as_ref());
        let words = (self.start, self.frames, self.bias);
        if words == expected {
            Ok(())
        } else {
            Err(format!("start, frames and bias are {words:?} and should be {expected:?}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::FrameRange;
    use crate::segment::FreeList;
    use crate::slab::SlabId;

    fn segment(start: u64, end: u64) -> Segment {
        let range = FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap();
        Segment::new(range, FreeList::Default)
    }

    #[test]
    fn the_last_frames_of_all_have_descriptors_with_low_numbers() {
        let mut dense = Dense::new();
        let low = PageId::new(0).unwrap();
        dense.insert(segment(u64::MAX - 8, u64::MAX).with_pages(low, SlabId::NONE)).unwrap();
        for (pfn, index) in [(u64::MAX - 8, Some(0)), (u64::MAX - 1, Some(7))] {
            assert_eq!(dense.find_page(Pfn::new(pfn)).map(PageId::index), index);
        }
        for outside in [0, 7, u64::MAX - 9, u64::MAX] {
            assert_eq!(dense.find_page(Pfn::new(outside)), None);
            assert_eq!(dense.find(Pfn::new(outside)), None);
        }
        dense.check().unwrap();
    }

    #[test]
    fn a_segment_without_descriptors_is_found_and_has_no_page() {
        let mut dense = Dense::new();
        dense.insert(segment(0, 8)).unwrap();
        assert_eq!(dense.find(Pfn::new(0)), Some((Only, 0)));
        assert_eq!(dense.find_page(Pfn::new(0)), None);
        dense.check().unwrap();
    }

    #[test]
    fn there_is_room_for_one_and_for_another_when_it_went() {
        let mut dense = Dense::new();
        dense.insert(segment(0, 8)).unwrap();
        assert_eq!(dense.insert(segment(8, 9)), Err(Refusal::Full { capacity: 1 }));
        assert_eq!(dense.remove(Only).map(|gone| gone.start()), Some(Pfn::ZERO));
        assert_eq!((dense.remove(Only), dense.replace(Only, segment(0, 1))), (None, None));
        dense.insert(segment(8, 9)).unwrap();
        assert_eq!((dense.len(), dense.find_geq(Pfn::ZERO)), (1, Some(Only)));
        assert_eq!(dense.find_leq(Pfn::new(7)), None);
    }
}

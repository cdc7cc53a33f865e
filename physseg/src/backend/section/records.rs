//! The segment records: slots that stay where they are, each with a generation.

use super::handle::SectionHandle;
use super::pool::{Item, NONE, Pool};
use crate::backend::Refusal;
use crate::segment::Segment;

/// Records of a chunk: 20 KiB.
const CHUNK_RECORDS: usize = 256;

/// A slot: 80 bytes, of which the record takes 72.
#[derive(Debug)]
struct Slot {
    segment: Option<Segment>,
    /// Which occupant this is, or, of a free slot, the last one was. 0 before the first.
    generation: u32,
    link: u32,
}

impl Item for Slot {
    fn blank() -> Self {
        Self { segment: None, generation: 0, link: NONE }
    }

    fn link(&self) -> u32 {
        self.link
    }

    fn set_link(&mut self, link: u32) {
        self.link = link;
    }
}

/// Records by handle. See the [module](self).
#[derive(Debug)]
pub(super) struct Records {
    slots: Pool<Slot, CHUNK_RECORDS>,
    len: usize,
}

impl Records {
    /// Without records, and with memory for the first `room` of them, or for a chunk. (If there is
    /// none, [`reserve`](Self::reserve) says so.)
    pub(super) fn with_room(room: usize) -> Self {
        let room = room.min(CHUNK_RECORDS);
        let mut slots = Pool::new(room);
        let _ = slots.reserve(room);
        Self { slots, len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn bytes(&self) -> usize {
        self.slots.bytes()
    }

    /// Makes room for another record.
    pub(super) fn reserve(&mut self) -> Result<(), Refusal> {
        self.slots.reserve(1)
    }

    /// Adds a record; `None` if no room was [made](Self::reserve).
    pub(super) fn add(&mut self, segment: Segment) -> Option<SectionHandle> {
        let number = self.slots.take()?;
        let slot = self.slots.get_mut(number)?;
        slot.segment = Some(segment);
        // Cannot wrap: a slot that had its last generation was not given back.
        slot.generation += 1;
        self.len += 1;
        Some(SectionHandle::new(number, slot.generation))
    }

    /// Takes a record out. A slot that has had 2^32 - 1 occupants is not used again, or handles from
    /// long ago would come to life.
    pub(super) fn remove(&mut self, handle: SectionHandle) -> Option<Segment> {
        let slot = self.slots.get_mut(handle.slot())?;
        if slot.generation != handle.generation() {
            return None;
        }
        let segment = slot.segment.take()?;
        if slot.generation < u32::MAX {
            self.slots.give(handle.slot());
        }
        self.len -= 1;
        Some(segment)
    }

    #[inline]
    pub(super) fn get(&self, handle: SectionHandle) -> Option<&Segment> {
        let slot = self.slots.get(handle.slot())?;
        if slot.generation == handle.generation() { slot.segment.as_ref() } else { None }
    }

    #[inline]
    pub(super) fn get_mut(&mut self, handle: SectionHandle) -> Option<&mut Segment> {
        let slot = self.slots.get_mut(handle.slot())?;
        if slot.generation == handle.generation() { slot.segment.as_mut() } else { None }
    }

    /// The record in a slot, with its present name.
    #[inline]
    pub(super) fn in_slot(&self, number: u32) -> Option<(SectionHandle, &Segment)> {
        let slot = self.slots.get(number)?;
        Some((SectionHandle::new(number, slot.generation), slot.segment.as_ref()?))
    }

    /// Whether the free slots are chained as they should be.
    pub(super) fn is_sound(&self) -> bool {
        self.slots.count_free().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::{FrameRange, Pfn};
    use crate::segment::FreeList;

    fn segment(start: u64) -> Segment {
        let range = FrameRange::with_len(Pfn::new(start), 1).unwrap();
        Segment::new(range, FreeList::Default)
    }

    fn add(records: &mut Records, start: u64) -> SectionHandle {
        records.reserve().unwrap();
        records.add(segment(start)).unwrap()
    }

    #[test]
    fn a_slot_is_used_again_under_another_name() {
        let mut records = Records::with_room(1);
        let old = add(&mut records, 5);
        assert_eq!(records.remove(old), Some(segment(5)));
        assert_eq!(records.remove(old), None);
        let new = add(&mut records, 6);
        assert_eq!((new.slot(), new.generation()), (old.slot(), old.generation() + 1));
        assert_eq!((records.get(old), records.get(new)), (None, Some(&segment(6))));
        assert!(records.get_mut(old).is_none());
        assert_ne!(old.word(), new.word());
        assert_eq!(records.len(), 1);
    }

    #[test]
    fn a_slot_retires_with_its_last_generation() {
        let mut records = Records::with_room(1);
        let first = add(&mut records, 5);
        records.slots.get_mut(first.slot()).unwrap().generation = u32::MAX;
        let last = SectionHandle::new(first.slot(), u32::MAX);
        assert!(records.remove(last).is_some());
        assert!(records.get(last).is_none() && records.get(first).is_none());
        assert_ne!(add(&mut records, 6).slot(), last.slot());
        assert!(records.is_sound());
    }

    #[test]
    fn a_slot_takes_eighty_bytes() {
        assert_eq!(size_of::<Slot>(), 80);
    }
}

//! [`Section`] as the table sees it: each request taken to the map, the order and the records.

use alloc::string::String;
use core::iter;

use super::{Section, SectionHandle};
use crate::addr::Pfn;
use crate::backend::{Backend, Capabilities, Refusal};
use crate::page::PageId;
use crate::segment::Segment;

/// Frames that can be in segments: what 52-bit addresses reach with the smallest pages, 512 bytes.
pub(super) const FRAME_LIMIT: u64 = 1 << 43;

impl Backend for Section {
    type Handle = SectionHandle;

    const CAPABILITIES: Capabilities = Capabilities {
        plug_after_boot: true,
        split: true,
        stable_handles: true,
        reuses_boot_records: true,
        linear_updates: false,
    };

    #[inline]
    fn find(&self, pfn: Pfn) -> Option<(SectionHandle, u64)> {
        let (handle, segment) = self.at_or_below(pfn)?;
        segment.contains(pfn).then(|| (handle, pfn.get() - segment.start().get()))
    }

    #[inline]
    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        self.map.find(pfn.get())
    }

    fn find_geq(&self, pfn: Pfn) -> Option<SectionHandle> {
        let (below, above) = self.order.around(pfn.get());
        match below.and_then(|slot| self.records.in_slot(slot)) {
            Some((handle, segment)) if segment.contains(pfn) => Some(handle),
            _ => self.name(above),
        }
    }

    fn find_leq(&self, pfn: Pfn) -> Option<SectionHandle> {
        self.at_or_below(pfn).map(|(handle, _)| handle)
    }

    #[inline]
    fn get(&self, handle: SectionHandle) -> Option<&Segment> {
        self.records.get(handle)
    }

    #[inline]
    fn get_mut(&mut self, handle: SectionHandle) -> Option<&mut Segment> {
        self.records.get_mut(handle)
    }

    fn insert(&mut self, segment: Segment) -> Result<SectionHandle, Refusal> {
        let range = segment.range();
        if range.end().get() > FRAME_LIMIT {
            return Err(Refusal::Span { frames: range.end().get(), limit: FRAME_LIMIT });
        }
        // All memory before any change.
        let raw = segment.pages().map(PageId::raw);
        self.make_room()?;
        self.map.reserve(range, raw, self.records.len() + 1)?;
        let handle = self.add(segment).ok_or(Refusal::NoMemory { bytes: 0 })?;
        match raw {
            Some(raw) => self.map.set(range.start().get(), range.end().get(), raw, false),
            None => self.map.expect(range),
        }
        Ok(handle)
    }

    fn remove(&mut self, handle: SectionHandle) -> Option<Segment> {
        let segment = self.records.remove(handle)?;
        let slot = self.order.remove(segment.start().get());
        debug_assert_eq!(slot, Some(handle.slot()), "the order knows another");
        if segment.pages().is_some() {
            self.map.clear(segment.start().get(), segment.end().get());
        }
        Some(segment)
    }

    fn replace(&mut self, handle: SectionHandle, segment: Segment) -> Option<SectionHandle> {
        let present = self.records.get_mut(handle)?;
        if present.start() != segment.start() {
            let moved = self.order.rekey(present.start().get(), segment.start().get());
            debug_assert!(moved.is_some(), "the order does not know {handle:?}");
        }
        self.map.replace(present, &segment);
        *present = segment;
        Some(handle)
    }

    /// The tail's frames have their answers already, so that only those of the hole are touched.
    fn split(
        &mut self,
        handle: SectionHandle,
        head: Segment,
        tail: Segment,
    ) -> Result<Option<(SectionHandle, SectionHandle)>, Refusal> {
        if self.get(handle).is_none() {
            return Ok(None);
        }
        self.make_room()?;
        let hole = (head.end().get(), tail.start().get());
        self.map.reserve_hole(hole, self.records.len() + 1)?;
        let tail_at = self.add(tail).ok_or(Refusal::NoMemory { bytes: 0 })?;
        if let Some(place) = self.records.get_mut(handle) {
            *place = head;
        }
        if head.pages().is_some() {
            self.map.clear(hole.0, hole.1);
        }
        Ok(Some((handle, tail_at)))
    }

    fn first(&self) -> Option<SectionHandle> {
        self.find_geq(Pfn::ZERO)
    }

    fn last(&self) -> Option<SectionHandle> {
        self.find_leq(Pfn::new(u64::MAX))
    }

    fn next(&self, handle: SectionHandle) -> Option<SectionHandle> {
        self.name(self.order.above(self.get(handle)?.start().get()))
    }

    fn prev(&self, handle: SectionHandle) -> Option<SectionHandle> {
        self.find_leq(self.get(handle)?.start().checked_sub(1)?)
    }

    fn len(&self) -> usize {
        self.records.len()
    }

    fn boot_ended(&mut self) {
        self.boot_is_over = true;
        self.map.boot_ended();
    }

    fn bytes(&self) -> usize {
        self.map.bytes() + self.order.bytes() + self.records.bytes()
    }

    fn index_bytes(&self) -> usize {
        self.map.bytes()
    }

    #[inline]
    fn handle_word(handle: SectionHandle) -> u64 {
        handle.word()
    }

    fn check(&self) -> Result<(), String> {
        self.order.check(self.len(), |key, slot| {
            self.records.in_slot(slot).is_some_and(|(_, segment)| segment.start().get() == key)
        })?;
        if !self.records.is_sound() {
            return Err("a broken chain of free slots".into());
        }
        let walk = iter::successors(self.first(), |&handle| self.next(handle));
        self.map.check(walk.filter_map(|handle| self.get(handle)))
    }
}

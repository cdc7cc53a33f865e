//! `last-hit`: any backend, and in front of it the segment that was found last.
//!
//! Much of what a kernel asks for lies in the segment it asked for a moment ago. Linux's KVM keeps the
//! memory slot used last (`last_used_slot`), QEMU the RAM block (`mru_block`), illumos the memory
//! segment (`vc_pnum_memseg`), and each tries it before it searches. This wrapper does the same for
//! any structure, so that what locality is worth can be measured apart from the structure: under
//! random addresses it costs a comparison that mostly fails, and on a miss it needs the record itself,
//! where some structures answer a page lookup without it.
//!
//! It is the one backend whose *reads write*. So it cannot be shared between threads (it is not
//! `Sync`); illumos has a hint for each processor, KVM for each virtual processor too.
//!
//! Only segments that have page descriptors are remembered; none is before boot ends. Every change
//! forgets, whether the remembered segment is concerned or not: that is cheaper than finding out,
//! and where handles shift there is no other way to be right.

use alloc::format;
use alloc::string::String;
use core::cell::Cell;

use super::{Backend, Capabilities, Halves, Refusal};
use crate::addr::Pfn;
use crate::page::PageId;
use crate::segment::Segment;

/// A backend that is asked only for what the last answer does not cover. See the [module](self).
#[derive(Debug)]
pub struct LastHit<B: Backend> {
    inner: B,
    /// First frame of the segment that is remembered.
    start: Cell<u64>,
    /// How many frames it has. 0: none is remembered.
    frames: Cell<u64>,
    /// The raw word of a frame's descriptor less the frame's number, wrapping.
    bias: Cell<u64>,
    handle: Cell<Option<B::Handle>>,
}

impl<B: Backend> LastHit<B> {
    /// Puts a memory of one segment in front of `inner`.
    pub const fn new(inner: B) -> Self {
        Self {
            inner,
            start: Cell::new(0),
            frames: Cell::new(0),
            bias: Cell::new(0),
            handle: Cell::new(None),
        }
    }

    /// The structure behind it.
    pub const fn inner(&self) -> &B {
        &self.inner
    }

    /// Where in the remembered segment `pfn` lies, if it does.
    #[inline]
    fn hit(&self, pfn: Pfn) -> Option<u64> {
        let offset = pfn.get().wrapping_sub(self.start.get());
        (offset < self.frames.get()).then_some(offset)
    }

    /// Asks the structure, and remembers the segment if it has descriptors.
    #[inline]
    fn miss(&self, pfn: Pfn) -> Option<(B::Handle, u64)> {
        let found = self.inner.find(pfn)?;
        let segment = self.inner.get(found.0)?;
        if let Some(first) = segment.pages() {
            let start = segment.start().get();
            self.start.set(start);
            self.frames.set(segment.frames());
            self.bias.set(first.raw().wrapping_sub(start));
            self.handle.set(Some(found.0));
        }
        Some(found)
    }

    /// The structure, to be changed: from here on nothing is remembered.
    fn changing(&mut self) -> &mut B {
        self.frames.set(0);
        self.handle.set(None);
        &mut self.inner
    }
}

impl<B: Backend + Default> Default for LastHit<B> {
    fn default() -> Self {
        Self::new(B::default())
    }
}

impl<B: Backend> Backend for LastHit<B> {
    type Handle = B::Handle;

    const CAPABILITIES: Capabilities = B::CAPABILITIES;

    #[inline]
    fn find(&self, pfn: Pfn) -> Option<(B::Handle, u64)> {
        match (self.hit(pfn), self.handle.get()) {
            (Some(offset), Some(handle)) => Some((handle, offset)),
            _ => self.miss(pfn),
        }
    }

    #[inline]
    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        if self.hit(pfn).is_none() {
            self.miss(pfn)?;
            // What was found without descriptors has not been remembered.
            self.hit(pfn)?;
        }
        PageId::from_raw(self.bias.get().wrapping_add(pfn.get()))
    }

    fn find_geq(&self, pfn: Pfn) -> Option<B::Handle> {
        self.inner.find_geq(pfn)
    }

    fn find_leq(&self, pfn: Pfn) -> Option<B::Handle> {
        self.inner.find_leq(pfn)
    }

    #[inline]
    fn get(&self, handle: B::Handle) -> Option<&Segment> {
        self.inner.get(handle)
    }

    fn get_mut(&mut self, handle: B::Handle) -> Option<&mut Segment> {
        self.changing().get_mut(handle)
    }

    fn insert(&mut self, segment: Segment) -> Result<B::Handle, Refusal> {
        self.changing().insert(segment)
    }

    fn remove(&mut self, handle: B::Handle) -> Option<Segment> {
        self.changing().remove(handle)
    }

    fn replace(&mut self, handle: B::Handle, segment: Segment) -> Option<B::Handle> {
        self.changing().replace(handle, segment)
    }

    fn split(
        &mut self,
        handle: B::Handle,
        head: Segment,
        tail: Segment,
    ) -> Result<Option<Halves<B::Handle>>, Refusal> {
        self.changing().split(handle, head, tail)
    }

    fn first(&self) -> Option<B::Handle> {
        self.inner.first()
    }

    fn last(&self) -> Option<B::Handle> {
        self.inner.last()
    }

    fn next(&self, handle: B::Handle) -> Option<B::Handle> {
        self.inner.next(handle)
    }

    fn prev(&self, handle: B::Handle) -> Option<B::Handle> {
        self.inner.prev(handle)
    }

    fn len(&self) -> usize {
        self.inner.len()
    }

    fn boot_ended(&mut self) {
        self.changing().boot_ended();
    }

    fn bytes(&self) -> usize {
        self.inner.bytes()
    }

    /// All that the structure has: what memory does not answer asks it for the record, to remember its
    /// bounds, and not for the descriptor. So its order, handles and records are read, whatever it
    /// keeps for page lookups alone.
    fn index_bytes(&self) -> usize {
        self.inner.bytes()
    }

    #[inline]
    fn handle_word(handle: B::Handle) -> u64 {
        B::handle_word(handle)
    }

    fn check(&self) -> Result<(), String> {
        self.inner.check()?;
        let remembered = (self.start.get(), self.frames.get(), self.bias.get());
        if remembered.1 == 0 {
            return Ok(());
        }
        let handle = self.handle.get();
        let record = handle.and_then(|handle| self.inner.get(handle));
        let present = record.and_then(|record| {
            let start = record.start().get();
            Some((start, record.frames(), record.pages()?.raw().wrapping_sub(start)))
        });
        let found = self.inner.find(Pfn::new(remembered.0)).map(|(handle, _)| handle);
        if present == Some(remembered) && found == handle {
            Ok(())
        } else {
            Err(format!("remembers {remembered:?} of {handle:?}, which is {present:?}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::{Array, BigFirst, Bsearch, RbTree, Section};
    use crate::{FrameRange, FreeList, PageSize, SegmentTable};

    /// `[0, 64)` and `[64, 128)` after boot, with all of the second asked for once.
    fn remembering<B: Backend>(inner: B) -> SegmentTable<LastHit<B>> {
        let mut table = SegmentTable::init(LastHit::new(inner));
        table.set_page_size(PageSize::FOUR_KIB).unwrap();
        for (start, end) in [(64, 128), (0, 64)] {
            let (start, end) = (Pfn::new(start), Pfn::new(end));
            table.physload(start, end, start, end, FreeList::Default).unwrap();
            assert_eq!(table.find_page(start), None);
            assert_eq!(table.backend().frames.get(), 0, "no descriptors, nothing to remember");
        }
        table.page_init().unwrap();
        ask_all(&table);
        table
    }

    /// Every answer, from memory or not, against the structure's own.
    fn ask_all<B: Backend>(table: &SegmentTable<LastHit<B>>) {
        let backend = table.backend();
        for pfn in (0..130).chain((0..130).rev()).chain([64, 127, 64]).map(Pfn::new) {
            assert_eq!(backend.find_page(pfn), backend.inner.find_page(pfn), "{pfn}");
            assert_eq!(backend.find(pfn), backend.inner.find(pfn), "{pfn}");
            backend.check().unwrap();
        }
        assert_ne!(backend.frames.get(), 0, "all that was asked, and nothing remembered");
    }

    #[test]
    fn the_second_lookup_in_a_segment_does_not_ask_the_structure() {
        let table = remembering(RbTree::new());
        let last = table.backend();
        last.find_page(Pfn::new(3));
        assert_eq!((last.start.get(), last.frames.get()), (0, 64));
        assert_eq!(last.hit(Pfn::new(63)), Some(63));
        assert_eq!(last.hit(Pfn::new(64)), None);
        // A hole is not remembered, and what was remembered before is kept.
        assert_eq!(last.find_page(Pfn::new(500)), None);
        assert_eq!(last.hit(Pfn::new(63)), Some(63));
    }

    #[test]
    fn what_was_unplugged_plugged_again_or_cut_is_never_answered_from_memory() {
        let mut table = remembering(RbTree::new());
        for (start, pages) in [(64, 4), (124, 4), (80, 8), (68, 12), (88, 36)] {
            let gone = Pfn::new(start);
            assert!(table.find_page(gone).is_some());
            table.unplug(gone, pages).unwrap();
            assert_eq!((table.find_page(gone), table.find(gone)), (None, None));
            ask_all(&table);
        }
        table.plug(Pfn::new(64), 64).unwrap();
        assert!(table.find_page(Pfn::new(127)).is_some());
        ask_all(&table);
    }

    #[test]
    fn handles_that_shift_are_not_remembered_beyond_the_shift() {
        let mut table = remembering(Array::<Bsearch>::default());
        assert_eq!(table.find(Pfn::new(64)).map(|found| found.1), Some(0));
        table.unplug(Pfn::new(0), 64).unwrap(); // the upper one moves down
        ask_all(&table);
        let mut table = remembering(Array::<BigFirst>::new(None));
        table.find(Pfn::new(0));
        table.unplug(Pfn::new(0), 8).unwrap(); // the smaller one moves back
        ask_all(&table);
    }

    #[test]
    fn changing_a_word_of_the_remembered_record_forgets_it() {
        let mut table = remembering(RbTree::new());
        let handle = table.first();
        table.find_page(Pfn::new(0));
        table.set_start_hint(handle, 9).unwrap();
        assert_eq!(table.backend().frames.get(), 0);
        assert_eq!(table.start_hint(handle), Ok(9));
        ask_all(&table);
    }

    #[test]
    fn a_page_lookup_may_read_all_that_the_structure_has() {
        let mut section = LastHit::new(Section::with_boot_capacity(4));
        let range = FrameRange::new(Pfn::new(0), Pfn::new(64)).unwrap();
        section.insert(Segment::new(range, FreeList::Default)).unwrap();
        assert_eq!(section.index_bytes(), section.bytes());
        assert!(section.bytes() > section.inner().index_bytes());
    }

    #[test]
    fn a_memory_that_is_wrong_is_noticed() {
        let table = remembering(RbTree::new());
        table.find_page(Pfn::new(0));
        for cell in [&table.backend().start, &table.backend().frames, &table.backend().bias] {
            cell.set(cell.get().wrapping_add(1));
            assert!(table.backend().check().is_err());
            cell.set(cell.get().wrapping_sub(1));
        }
        table.backend().check().unwrap();
    }
}

//! The memory of the nodes: numbered slots, each with a generation.
//!
//! The first slots are the boot array, the others the heap's chunks. A slot's record is written when
//! it is handed out for the first time; from then on it stays a record until all memory goes at
//! once, whether the slot is in use or free. That is what makes a [`NodePtr`] safe to follow, and a
//! stale handle safe to ask about: its slot is still there, and only its generation is another.
//!
//! [`RbTree`](super::RbTree) takes its nodes here, [`Pool`](super::pool::Pool) is the same supply
//! as seen by a test of the boot protocol.
#![allow(unsafe_code)]

use alloc::vec::Vec;

use super::chunk::Chunk;
use super::handle::RbHandle;
use super::node::{NodePtr, Record, Side};
use crate::backend::Refusal;
use crate::segment::Segment;

/// Nodes of a heap chunk: three pages of 4 KiB.
const CHUNK_NODES: usize = 128;

/// Numbered places for records. See the [module](self).
#[derive(Debug)]
pub(super) struct Slots {
    /// `None` if there was no memory for it, or no need. Asked for again when needed.
    boot: Option<Chunk>,
    boot_capacity: usize,
    /// How many places of the boot array have been handed out. Never falls.
    boot_used: usize,
    boot_is_over: bool,
    heap: Vec<Chunk>,
    /// How many places of the heap chunks have been handed out at least once. Never falls.
    heap_used: usize,
    /// Free places of the heap, the latest first, chained by their left links.
    free: Option<NodePtr>,
    in_use: usize,
}

// SAFETY: the pointers lead into chunks that are owned here and move to another thread with it.
unsafe impl Send for Slots {}
// SAFETY: methods that take `&self` only read, and there is no interior mutability.
unsafe impl Sync for Slots {}

impl Slots {
    /// Slots at boot, with an array of `boot_capacity` (at most what 32-bit numbers reach).
    pub(super) fn new(boot_capacity: usize) -> Self {
        let boot_capacity = boot_capacity.min(u32::MAX as usize);
        Self {
            boot: match boot_capacity {
                0 => None,
                capacity => Chunk::allocate(capacity).ok(),
            },
            boot_capacity,
            boot_used: 0,
            boot_is_over: false,
            heap: Vec::new(),
            heap_used: 0,
            free: None,
            in_use: 0,
        }
    }

    /// From now on places come from the heap.
    pub(super) fn boot_ended(&mut self) {
        self.boot_is_over = true;
    }

    pub(super) fn boot_is_over(&self) -> bool {
        self.boot_is_over
    }

    /// Whether the slot is one of the boot array's.
    pub(super) fn is_boot_slot(&self, slot: u32) -> bool {
        (slot as usize) < self.boot_capacity
    }

    pub(super) fn in_use(&self) -> usize {
        self.in_use
    }

    /// Bytes of memory held: the boot array, the heap's chunks, and the list of these.
    pub(super) fn bytes(&self) -> usize {
        let boot = self.boot.as_ref().map_or(0, Chunk::bytes);
        // All heap chunks have one size.
        let chunk = self.heap.first().map_or(0, Chunk::bytes);
        boot + chunk * self.heap.len() + self.heap.capacity() * size_of::<Chunk>()
    }

    /// Puts `segment` into one place: the one freed last if there is one, else one never used.
    pub(super) fn take(&mut self, segment: Segment) -> Result<NodePtr, Refusal> {
        let Some(node) = self.free else {
            let first = self.take_unused(1, segment)?;
            // It was handed out just now.
            return self.node(first).ok_or(Refusal::NoMemory { bytes: 0 });
        };
        self.free = node.child(Side::Left);
        let old = node.handle();
        Self::occupy(node, RbHandle::new(old.slot(), old.generation() + 1), segment);
        self.in_use += 1;
        Ok(node)
    }

    /// Puts copies of `segment` into `count` consecutive places that were never used, and answers
    /// with the first. All have generation 1.
    pub(super) fn take_unused(&mut self, count: usize, segment: Segment) -> Result<u32, Refusal> {
        let first = if self.boot_is_over {
            self.make_heap_room(count)?;
            self.boot_capacity + self.heap_used
        } else {
            self.make_boot_room(count)?;
            self.boot_used
        };
        for slot in first..first + count {
            // Both kinds of room end below 2^32 and inside a chunk.
            let (Ok(number), Some(place)) = (u32::try_from(slot), self.place(slot)) else {
                return Err(Refusal::NoMemory { bytes: 0 });
            };
            // SAFETY: `place` is inside a chunk and aligned for a record.
            unsafe { place.write(Record::new(segment)) };
            // SAFETY: just written, and chunks stay until `self` is dropped.
            let node = unsafe { NodePtr::new(place) };
            Self::occupy(node, RbHandle::new(number, 1), segment);
        }
        if self.boot_is_over {
            self.heap_used += count;
        } else {
            self.boot_used += count;
        }
        self.in_use += count;
        u32::try_from(first).map_err(|_| Refusal::NoMemory { bytes: 0 })
    }

    /// Frees the place that `handle` names. It must not be in the tree any more. `None`, and
    /// nothing has changed, if the handle names none.
    pub(super) fn release(&mut self, handle: RbHandle) -> Option<()> {
        let node = self.resolve(handle)?;
        // Even: free. After the last generation the count starts anew, and the place must not be
        // used again, or handles from long ago would come to life.
        let generation = handle.generation().wrapping_add(1);
        // SAFETY: `&mut self`, and the segment's borrowers hold a borrow of what owns `self`.
        let segment = unsafe { node.segment_mut() };
        segment.set_tag(RbHandle::new(handle.slot(), generation).word());
        self.in_use -= 1;
        if generation != 0 && !self.is_boot_slot(handle.slot()) {
            node.set_child(Side::Left, self.free);
            self.free = Some(node);
        }
        Some(())
    }

    /// The record that `handle` names, if it is still in use under that name.
    #[inline]
    pub(super) fn resolve(&self, handle: RbHandle) -> Option<NodePtr> {
        let node = self.node(handle.slot())?;
        // The second condition holds for every handle that was handed out. It is asked because
        // whoever may change a segment can also overwrite its tag.
        (node.handle() == handle && handle.is_in_use()).then_some(node)
    }

    /// The segment that `handle` names.
    #[inline]
    pub(super) fn segment(&self, handle: RbHandle) -> Option<&Segment> {
        let node = self.resolve(handle)?;
        // SAFETY: the reference borrows `self`, and all that writes records needs `&mut` on it or
        // on the tree that owns it.
        Some(unsafe { node.record() }.segment())
    }

    /// The segment that `handle` names, to be changed.
    #[inline]
    pub(super) fn segment_mut(&mut self, handle: RbHandle) -> Option<&mut Segment> {
        let node = self.resolve(handle)?;
        // SAFETY: the reference borrows `self` mutably, and whoever else reaches records owns
        // `self` and cannot do so meanwhile.
        Some(unsafe { node.segment_mut() })
    }

    /// Where the slot's record lies or will lie.
    #[inline]
    fn place(&self, slot: usize) -> Option<core::ptr::NonNull<Record>> {
        match slot.checked_sub(self.boot_capacity) {
            None => self.boot.as_ref()?.place(slot),
            Some(slot) => {
                let chunk = self.heap.get(slot / CHUNK_NODES)?;
                chunk.place(slot % CHUNK_NODES)
            }
        }
    }

    /// The slot's record, if it has ever been handed out.
    #[inline]
    fn node(&self, slot: u32) -> Option<NodePtr> {
        let slot = slot as usize;
        let written = match slot.checked_sub(self.boot_capacity) {
            None => slot < self.boot_used,
            Some(slot) => slot < self.heap_used,
        };
        let place = self.place(slot).filter(|_| written)?;
        // SAFETY: written when it was handed out, and chunks stay until `self` is dropped.
        Some(unsafe { NodePtr::new(place) })
    }

    fn occupy(node: NodePtr, handle: RbHandle, mut segment: Segment) {
        segment.set_tag(handle.word());
        node.overwrite(Record::new(segment));
    }

    fn make_boot_room(&mut self, count: usize) -> Result<(), Refusal> {
        let capacity = self.boot_capacity;
        if count > capacity - self.boot_used {
            return Err(Refusal::Full { capacity });
        }
        if self.boot.is_none() {
            let chunk = Chunk::allocate(capacity).map_err(|bytes| Refusal::NoMemory { bytes })?;
            self.boot = Some(chunk);
        }
        Ok(())
    }

    fn make_heap_room(&mut self, count: usize) -> Result<(), Refusal> {
        let no_room = |bytes| Refusal::NoMemory { bytes };
        let wanted = count.saturating_mul(size_of::<Record>());
        let used = self.heap_used.checked_add(count).ok_or_else(|| no_room(wanted))?;
        // Slot numbers have 32 bits.
        if self.boot_capacity.saturating_add(used) > u32::MAX as usize {
            return Err(no_room(wanted));
        }
        while self.heap.len() * CHUNK_NODES < used {
            self.heap.try_reserve(1).map_err(|_| no_room(wanted))?;
            self.heap.push(Chunk::allocate(CHUNK_NODES).map_err(no_room)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::{FrameRange, Pfn};
    use crate::segment::FreeList;

    fn segment() -> Segment {
        let range = FrameRange::new(Pfn::new(0), Pfn::new(8)).unwrap();
        Segment::new(range, FreeList::Default)
    }

    #[test]
    fn a_place_is_used_again_under_another_name() {
        let mut slots = Slots::new(0);
        slots.boot_ended();
        let old = slots.take(segment()).unwrap().handle();
        assert_eq!(slots.release(old), Some(()));
        assert_eq!(slots.release(old), None);
        let new = slots.take(segment()).unwrap().handle();
        assert_eq!(new.slot(), old.slot());
        assert!(slots.resolve(old).is_none() && slots.resolve(new).is_some());
        assert_eq!(slots.in_use(), 1);
    }

    #[test]
    fn a_place_retires_with_its_last_generation() {
        let mut slots = Slots::new(0);
        slots.boot_ended();
        let node = slots.take(segment()).unwrap();
        let last = RbHandle::new(node.handle().slot(), u32::MAX);
        Slots::occupy(node, last, segment());
        assert_eq!(slots.release(last), Some(()));
        assert!(slots.resolve(last).is_none());
        assert_ne!(slots.take(segment()).unwrap().handle().slot(), last.slot());
    }

    #[test]
    fn slots_of_many_chunks_resolve_to_places_of_their_own() {
        let mut slots = Slots::new(3);
        let mut handles: Vec<_> = (0..3).map(|_| slots.take(segment()).unwrap().handle()).collect();
        slots.boot_ended();
        handles.extend((0..5 * CHUNK_NODES).map(|_| slots.take(segment()).unwrap().handle()));
        for (slot, &handle) in handles.iter().enumerate() {
            assert_eq!(handle.slot() as usize, slot);
            assert_eq!(slots.resolve(handle).unwrap().handle(), handle);
        }
        let beyond = RbHandle::new(u32::try_from(handles.len()).unwrap(), 1);
        assert!(slots.resolve(beyond).is_none());
        assert!(slots.bytes() >= handles.len() * size_of::<Record>());
    }

    #[test]
    fn a_handle_made_from_a_meddled_tag_never_reaches_a_free_place() {
        let mut slots = Slots::new(0);
        slots.boot_ended();
        let gone = slots.take(segment()).unwrap();
        let handle = gone.handle();
        slots.release(handle).unwrap();
        assert_eq!(gone.handle().generation(), 2);
        assert!(slots.resolve(gone.handle()).is_none());
        assert_eq!(slots.release(gone.handle()), None);
    }

    #[test]
    fn more_than_there_can_be_is_refused_and_changes_nothing() {
        let mut slots = Slots::new(usize::MAX);
        assert!(slots.take_unused(usize::MAX, segment()).is_err());
        slots.boot_ended();
        assert!(slots.take_unused(usize::MAX, segment()).is_err());
        assert_eq!(slots.in_use(), 0);
    }
}

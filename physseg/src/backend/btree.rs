//! `btree`: the standard library's ordered map, as somebody would use it who needs an answer today.
//!
//! `alloc::collections::BTreeMap` from a segment's first frame to where its record lies; a frame is
//! looked for as the last key not above it (`range(..=pfn).next_back()`). Nodes of up to 11 keys
//! make a tree a third as deep as a binary one, and its comparisons are compiled in.
//!
//! # Slots, or records in the map?
//! A map from start to record needs no second place to look, but its handle could only be the start,
//! which a cut at the front changes. So records have slots with generations here, and a cut re-keys
//! the slot. That costs nothing that could be measured, since nodes are smaller for it: 19.9 ns a
//! random lookup against 19.8 with 32 segments, 62.6 against 67.6 with 8161 (minima of 75 rounds of a
//! million, on a 2-core x86-64 virtual machine).
//!
//! # When memory is exhausted
//! The map cannot report it: the standard library has no fallible insertion, and the process is
//! aborted. The slot is reserved with an answer, so that this can only happen for the node of a few
//! hundred bytes that a new key may need; but it can, in [`insert`](Backend::insert), and in
//! [`replace`](Backend::replace) where the front is cut. A kernel could not use it. Nor does the map
//! tell how much memory it has: [`bytes`](Backend::bytes) estimates that from the standard library's
//! node layout.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Backend, Capabilities, DEFAULT_CAPACITY, Refusal};
use crate::addr::Pfn;
use crate::page::PageId;
use crate::segment::Segment;

/// Names a segment in a [`BTree`] until that segment is removed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct BTreeHandle {
    slot: u32,
    generation: u32,
}

/// No slot.
const NONE: u32 = u32::MAX;

/// A place for a record: 80 bytes.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The record, or the one that was here last.
    record: Segment,
    /// Odd while in use. It grows by one whenever that changes.
    generation: u32,
    /// The free slot after this one, if this one is free, or [`NONE`].
    next_free: u32,
}

/// A map of segments by their first frame. See the [module](self).
#[derive(Debug)]
pub struct BTree {
    by_start: BTreeMap<Pfn, u32>,
    slots: Vec<Slot>,
    /// The slot freed last, or [`NONE`].
    free: u32,
    /// Until boot ends, how many segments there may be.
    boot_capacity: Option<usize>,
}

impl BTree {
    /// An empty map at boot, with room for [`DEFAULT_CAPACITY`] segments until boot ends.
    pub const fn new() -> Self {
        Self::with_boot_capacity(DEFAULT_CAPACITY)
    }

    /// An empty map at boot, with room for `segments` segments until boot ends. (Memory for them is
    /// taken as they come.)
    pub const fn with_boot_capacity(segments: usize) -> Self {
        Self {
            by_start: BTreeMap::new(),
            slots: Vec::new(),
            free: NONE,
            boot_capacity: Some(segments),
        }
    }

    /// The slot of the record that holds `pfn` or else of the nearest below, and that record.
    #[inline]
    fn at_or_below(&self, pfn: Pfn) -> Option<(u32, &Slot)> {
        let (_, &slot) = self.by_start.range(..=pfn).next_back()?;
        Some((slot, self.slots.get(slot as usize)?))
    }

    #[inline]
    fn holder(&self, pfn: Pfn) -> Option<(u32, &Slot)> {
        self.at_or_below(pfn).filter(|(_, slot)| pfn < slot.record.end())
    }

    /// The slot that `handle` names, if it is in use under that name.
    fn resolve(&self, handle: BTreeHandle) -> Option<&Slot> {
        let slot = self.slots.get(handle.slot as usize)?;
        (slot.generation == handle.generation && handle.generation % 2 == 1).then_some(slot)
    }

    fn handle_of(&self, slot: u32) -> Option<BTreeHandle> {
        let generation = self.slots.get(slot as usize)?.generation;
        Some(BTreeHandle { slot, generation })
    }

    /// Puts a record into a slot: the one freed last, else a new one.
    fn occupy(&mut self, record: Segment) -> Result<BTreeHandle, Refusal> {
        let number = self.free;
        if let Some(slot) = self.slots.get_mut(number as usize) {
            self.free = slot.next_free;
            *slot = Slot { record, generation: slot.generation + 1, next_free: NONE };
            return Ok(BTreeHandle { slot: number, generation: slot.generation });
        }
        let no_memory = Refusal::NoMemory { bytes: size_of::<Slot>() };
        let number = u32::try_from(self.slots.len()).ok().filter(|&number| number != NONE);
        let number = number.ok_or(no_memory)?;
        self.slots.try_reserve(1).map_err(|_| no_memory)?;
        self.slots.push(Slot { record, generation: 1, next_free: NONE });
        Ok(BTreeHandle { slot: number, generation: 1 })
    }

    /// Frees a slot. After its last generation it stays unused, or old handles would come to life.
    fn vacate(&mut self, number: u32) {
        if let Some(slot) = self.slots.get_mut(number as usize) {
            slot.generation = slot.generation.wrapping_add(1);
            if slot.generation != 0 {
                slot.next_free = self.free;
                self.free = number;
            }
        }
    }

    /// Bytes of the map's nodes, estimated. The standard library has 11 keys and values in a node,
    /// a parent pointer and two 16-bit numbers, and 12 children in those that are not leaves.
    /// Keys that arrive in ascending order, as those of boot and of a fragmented segment do, leave 6 in
    /// a node, and one above it. Beside what a counting allocator saw for 1 to 200,000 keys, slots
    /// included, this is exact for such and for descending ones, and up to 7 % too much for random ones.
    fn node_bytes(&self) -> usize {
        const KEYS: usize = 11;
        const KEYS_LEFT_BY_ASCENDING: usize = 6;
        const LEAF: usize = size_of::<usize>()
            + KEYS * (size_of::<Pfn>() + size_of::<u32>())
            + 2 * size_of::<u16>();
        const INNER: usize = LEAF + (KEYS + 1) * size_of::<usize>();
        let (mut keys, mut bytes, mut node) = (self.len(), 0, LEAF);
        while keys > 0 {
            let nodes = if keys <= KEYS { 1 } else { (keys / (KEYS_LEFT_BY_ASCENDING + 1)).max(2) };
            bytes += nodes * node;
            (keys, node) = (nodes - 1, INNER);
        }
        bytes
    }
}

impl Default for BTree {
    fn default() -> Self {
        Self::new()
    }
}

impl Backend for BTree {
    type Handle = BTreeHandle;

    const CAPABILITIES: Capabilities = Capabilities {
        plug_after_boot: true,
        split: true,
        stable_handles: true,
        reuses_boot_records: true,
        linear_updates: false,
    };

    #[inline]
    fn find(&self, pfn: Pfn) -> Option<(BTreeHandle, u64)> {
        let (slot, Slot { record, generation, .. }) = self.holder(pfn)?;
        let offset = pfn.get().wrapping_sub(record.start().get()); // not below the start
        Some((BTreeHandle { slot, generation: *generation }, offset))
    }

    #[inline]
    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        self.holder(pfn)?.1.record.page_of(pfn)
    }

    fn find_geq(&self, pfn: Pfn) -> Option<BTreeHandle> {
        let slot = match self.holder(pfn) {
            Some((slot, _)) => slot,
            None => *self.by_start.range(pfn..).next()?.1,
        };
        self.handle_of(slot)
    }

    fn find_leq(&self, pfn: Pfn) -> Option<BTreeHandle> {
        self.handle_of(self.at_or_below(pfn)?.0)
    }

    #[inline]
    fn get(&self, handle: BTreeHandle) -> Option<&Segment> {
        self.resolve(handle).map(|slot| &slot.record)
    }

    fn get_mut(&mut self, handle: BTreeHandle) -> Option<&mut Segment> {
        self.resolve(handle)?;
        Some(&mut self.slots.get_mut(handle.slot as usize)?.record)
    }

    /// Aborts the process where the map has no memory for a node. See the [module](self).
    fn insert(&mut self, segment: Segment) -> Result<BTreeHandle, Refusal> {
        if let Some(capacity) = self.boot_capacity
            && self.len() >= capacity
        {
            return Err(Refusal::Full { capacity });
        }
        let handle = self.occupy(segment)?;
        self.by_start.insert(segment.start(), handle.slot);
        Ok(handle)
    }

    fn remove(&mut self, handle: BTreeHandle) -> Option<Segment> {
        let record = self.resolve(handle)?.record;
        self.by_start.remove(&record.start());
        self.vacate(handle.slot);
        Some(record)
    }

    fn replace(&mut self, handle: BTreeHandle, segment: Segment) -> Option<BTreeHandle> {
        let start = self.resolve(handle)?.record.start();
        self.slots.get_mut(handle.slot as usize)?.record = segment;
        if start != segment.start() {
            self.by_start.remove(&start);
            self.by_start.insert(segment.start(), handle.slot);
        }
        Some(handle)
    }

    fn first(&self) -> Option<BTreeHandle> {
        self.handle_of(*self.by_start.first_key_value()?.1)
    }

    fn last(&self) -> Option<BTreeHandle> {
        self.handle_of(*self.by_start.last_key_value()?.1)
    }

    fn next(&self, handle: BTreeHandle) -> Option<BTreeHandle> {
        let end = self.resolve(handle)?.record.end();
        self.handle_of(*self.by_start.range(end..).next()?.1)
    }

    fn prev(&self, handle: BTreeHandle) -> Option<BTreeHandle> {
        let start = self.resolve(handle)?.record.start();
        self.handle_of(*self.by_start.range(..start).next_back()?.1)
    }

    fn len(&self) -> usize {
        self.by_start.len()
    }

    fn boot_ended(&mut self) {
        self.boot_capacity = None;
    }

    /// The slots, and an estimate of the map's nodes. See the [module](self).
    fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>() + self.node_bytes()
    }

    fn handle_word(handle: BTreeHandle) -> u64 {
        u64::from(handle.generation) << 32 | u64::from(handle.slot)
    }

    fn check(&self) -> Result<(), String> {
        let mut end = Pfn::ZERO;
        for (&start, &number) in &self.by_start {
            let Some(slot) = self.slots.get(number as usize) else {
                return Err(format!("key {start} leads to slot {number}, which there is not"));
            };
            if slot.record.start() != start || slot.generation.is_multiple_of(2) {
                return Err(format!("key {start} leads to slot {number} with {slot:?}"));
            }
            if start < end {
                return Err(format!("{} begins before {end}", slot.record.range()));
            }
            end = slot.record.end();
        }
        let in_use = self.slots.iter().filter(|slot| slot.generation % 2 == 1).count();
        if in_use == self.len() {
            Ok(())
        } else {
            Err(format!("{in_use} slots in use for {} keys", self.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::FrameRange;
    use crate::segment::FreeList;

    fn range(start: u64, end: u64) -> FrameRange {
        FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap()
    }

    fn segment(start: u64, end: u64) -> Segment {
        Segment::new(range(start, end), FreeList::Default)
    }

    #[test]
    fn a_cut_at_the_front_keeps_the_handle_and_is_undone_under_it() {
        let mut tree = BTree::new();
        let whole = segment(10, 20);
        let (at, above) = (tree.insert(whole).unwrap(), tree.insert(segment(20, 30)).unwrap());
        for cut in [range(15, 20), range(10, 12), range(19, 20)] {
            assert_eq!(tree.replace(at, whole.cut_to(cut)), Some(at));
            tree.check().unwrap();
            assert_eq!(tree.find(cut.start()), Some((at, 0)));
            assert_eq!(tree.next(at), Some(above));
            assert_eq!(tree.replace(at, whole), Some(at));
            assert_eq!(tree.find(Pfn::new(10)), Some((at, 0)));
        }
    }

    #[test]
    fn a_slot_is_used_again_under_another_name_until_its_names_run_out() {
        let mut tree = BTree::new();
        let old = tree.insert(segment(0, 1)).unwrap();
        tree.remove(old).unwrap();
        let new = tree.insert(segment(0, 1)).unwrap();
        assert_eq!((new.slot, tree.remove(old)), (old.slot, None));
        assert!(tree.get(old).is_none());
        assert!(tree.get(new).is_some());
        assert!(tree.get(BTreeHandle { slot: 7, generation: 1 }).is_none());
        tree.slots[0].generation = u32::MAX;
        tree.remove(BTreeHandle { slot: 0, generation: u32::MAX }).unwrap();
        assert_ne!(tree.insert(segment(0, 1)).unwrap().slot, 0);
        let free = BTreeHandle { slot: 0, generation: 0 };
        assert!(tree.get(free).is_none());
        tree.check().unwrap();
    }

    #[test]
    fn the_capacity_binds_until_boot_ends() {
        let mut tree = BTree::with_boot_capacity(2);
        let first = tree.insert(segment(0, 1)).unwrap();
        tree.insert(segment(1, 2)).unwrap();
        assert_eq!(tree.insert(segment(2, 3)), Err(Refusal::Full { capacity: 2 }));
        tree.remove(first).unwrap();
        tree.insert(segment(2, 3)).unwrap();
        tree.boot_ended();
        for start in 3..100 {
            tree.insert(segment(start, start + 1)).unwrap();
        }
        tree.check().unwrap();
        assert!(tree.bytes() >= 99 * (size_of::<Slot>() + size_of::<(Pfn, u32)>()));
    }

    #[test]
    fn the_ends_of_the_number_line_are_frames_like_others() {
        let mut tree = BTree::new();
        let (low, high) = (segment(0, 1), segment(u64::MAX - 1, u64::MAX));
        let (low, high) = (tree.insert(low).unwrap(), tree.insert(high).unwrap());
        assert_eq!(tree.find(Pfn::ZERO), Some((low, 0)));
        assert_eq!(tree.find(Pfn::new(u64::MAX - 1)), Some((high, 0)));
        assert_eq!(tree.find_geq(Pfn::new(u64::MAX)), None);
        assert_eq!((tree.next(low), tree.next(high)), (Some(high), None));
        assert_eq!((tree.prev(low), tree.prev(high)), (None, Some(low)));
        assert_eq!(tree.find_leq(Pfn::new(1)), Some(low));
    }
}

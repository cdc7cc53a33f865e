//! The records of a backend whose structure keeps nothing but an order: slots with a generation (the
//! crate `slotmap`), linked in the order of their frames.
//!
//! Generations notice a handle that has outlived its record. Links answer [`next`](Records::next) and
//! [`prev`](Records::prev) where the structure cannot: `rangemap` and `vm-memory` have no search for
//! the nearest element below. Lookups of pages and handles do not touch the links.

use physseg::Segment;
use physseg::backend::Refusal;
use slotmap::{DefaultKey, Key as _, SlotMap};

/// Names a record until it goes, and none afterwards.
pub type Key = DefaultKey;

#[derive(Debug)]
struct Record {
    segment: Segment,
    below: Option<Key>,
    above: Option<Key>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Records {
    slots: SlotMap<Key, Record>,
    lowest: Option<Key>,
    highest: Option<Key>,
    /// How many there may be before boot ends; `None` afterwards.
    boot_capacity: Option<usize>,
}

impl Records {
    /// No records, and room for so many before boot ends.
    pub(super) fn with_boot_capacity(capacity: usize) -> Self {
        Self { slots: SlotMap::new(), lowest: None, highest: None, boot_capacity: Some(capacity) }
    }

    /// From now on there may be any number.
    pub(super) fn boot_ended(&mut self) {
        self.boot_capacity = None;
    }

    /// Adds a record next below the record `above`, or on top of all, if there may be one more.
    pub(super) fn insert(&mut self, segment: Segment, above: Option<Key>) -> Result<Key, Refusal> {
        if let Some(capacity) = self.boot_capacity.filter(|&capacity| self.len() >= capacity) {
            return Err(Refusal::Full { capacity });
        }
        let below = above.map_or(self.highest, |above| self.slots[above].below);
        let key = self.slots.insert(Record { segment, below, above });
        *self.link_up(below) = Some(key);
        *self.link_down(above) = Some(key);
        Ok(key)
    }

    /// Takes a record out.
    pub(super) fn remove(&mut self, key: Key) -> Option<Segment> {
        let Record { segment, below, above } = self.slots.remove(key)?;
        *self.link_up(below) = above;
        *self.link_down(above) = below;
        Some(segment)
    }

    /// Where it is noted what lies next above the record, or lowest of all.
    fn link_up(&mut self, below: Option<Key>) -> &mut Option<Key> {
        match below {
            Some(key) => &mut self.slots[key].above,
            None => &mut self.lowest,
        }
    }

    /// Where it is noted what lies next below the record, or highest of all.
    fn link_down(&mut self, above: Option<Key>) -> &mut Option<Key> {
        match above {
            Some(key) => &mut self.slots[key].below,
            None => &mut self.highest,
        }
    }

    #[inline]
    pub(super) fn get(&self, key: Key) -> Option<&Segment> {
        self.slots.get(key).map(|record| &record.segment)
    }

    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut Segment> {
        self.slots.get_mut(key).map(|record| &mut record.segment)
    }

    pub(super) fn first(&self) -> Option<Key> {
        self.lowest
    }

    pub(super) fn last(&self) -> Option<Key> {
        self.highest
    }

    pub(super) fn next(&self, key: Key) -> Option<Key> {
        self.slots.get(key)?.above
    }

    pub(super) fn prev(&self, key: Key) -> Option<Key> {
        self.slots.get(key)?.below
    }

    /// The record next below `above`, or the highest of all: the answer to a search downwards whose
    /// search upwards ended at `above`.
    #[cfg(any(feature = "rangemap", feature = "vm-memory"))] // the third can search downwards
    pub(super) fn below(&self, above: Option<Key>) -> Option<Key> {
        above.map_or(self.highest, |above| self.prev(above))
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Bytes of all slots, used or not: a record and its generation, and one slot that is never used.
    pub(super) fn bytes(&self) -> usize {
        match self.slots.capacity() {
            0 => 0,
            slots => (slots + 1) * size_of::<(Record, u32)>(),
        }
    }

    pub(super) fn word(key: Key) -> u64 {
        key.data().as_ffi()
    }

    /// Walks up, looks at each record for the right link back down, and asks `holds` whether the
    /// structure, which has so many `elements`, has it under this key.
    pub(super) fn check(
        &self,
        elements: usize,
        holds: impl Fn(Key, &Segment) -> bool,
    ) -> Result<(), String> {
        if elements != self.len() {
            return Err(format!("the structure holds {elements} of {} records", self.len()));
        }
        let (mut at, mut below, mut end, mut seen) = (self.lowest, None, 0, 0);
        while let Some(key) = at {
            let record = self.slots.get(key).ok_or("a link to a record that has gone")?;
            let range = record.segment.range();
            if record.below != below {
                return Err(format!("{range} is not linked to what lies below it"));
            }
            if range.start().get() < end {
                return Err(format!("{range} begins before {end}"));
            }
            if !holds(key, &record.segment) {
                return Err(format!("the structure does not have {range} under its key"));
            }
            (at, below, end, seen) = (record.above, Some(key), range.end().get(), seen + 1);
            if seen > self.len() {
                return Err("the links go round in a circle".to_owned());
            }
        }
        if below != self.highest || seen != self.len() {
            return Err(format!("the walk meets {seen} of {} records", self.len()));
        }
        Ok(())
    }
}

/// Everything that a backend leaves to its field `records`, for the inside of its `impl Backend`, and
/// what it can do because of them; whether an update moves O(n) elements is up to the structure.
macro_rules! left_to_records {
    (linear_updates: $linear_updates:literal) => {
        const CAPABILITIES: physseg::backend::Capabilities = physseg::backend::Capabilities {
            plug_after_boot: true,
            split: true,
            stable_handles: true,
            reuses_boot_records: true,
            linear_updates: $linear_updates,
        };

        type Handle = $crate::backends::records::Key;

        fn get(&self, handle: Self::Handle) -> Option<&physseg::Segment> {
            self.records.get(handle)
        }

        fn get_mut(&mut self, handle: Self::Handle) -> Option<&mut physseg::Segment> {
            self.records.get_mut(handle)
        }

        fn first(&self) -> Option<Self::Handle> {
            self.records.first()
        }

        fn last(&self) -> Option<Self::Handle> {
            self.records.last()
        }

        fn next(&self, handle: Self::Handle) -> Option<Self::Handle> {
            self.records.next(handle)
        }

        fn prev(&self, handle: Self::Handle) -> Option<Self::Handle> {
            self.records.prev(handle)
        }

        fn len(&self) -> usize {
            self.records.len()
        }

        fn handle_word(handle: Self::Handle) -> u64 {
            $crate::backends::records::Records::word(handle)
        }
    };
}

pub(super) use left_to_records;

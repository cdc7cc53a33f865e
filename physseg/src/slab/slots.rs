//! Where slabs are kept: numbered places that are used again.

use alloc::vec::Vec;

use super::SlabId;
use crate::extent::Extent;

/// One slab: who uses it, and which of its pages are taken.
#[derive(Debug)]
pub(super) struct Slab {
    pub(super) extent: Extent,
    /// Segments that share it.
    pub(super) users: u32,
}

/// A place for a slab.
#[derive(Debug)]
enum Slot {
    Taken(Slab),
    /// Free, with the next free place.
    Free(SlabId),
}

/// All places.
#[derive(Debug)]
pub(super) struct Slots {
    places: Vec<Slot>,
    free: SlabId,
    taken: usize,
}

impl Slots {
    pub(super) const fn new() -> Self {
        Self {
            places: Vec::new(),
            free: SlabId::NONE,
            taken: 0,
        }
    }

    /// How many slabs there are.
    pub(super) const fn len(&self) -> usize {
        self.taken
    }

    /// The place that the next [`insert`](Self::insert) will take; `None` if there is no memory or
    /// no number for one more.
    pub(super) fn reserve(&mut self) -> Option<SlabId> {
        if self.free != SlabId::NONE {
            return Some(self.free);
        }
        let next = SlabId::new(u32::try_from(self.places.len()).ok()?);
        if next == SlabId::NONE {
            return None;
        }
        self.places.try_reserve(1).ok()?;
        Some(next)
    }

    /// Puts `slab` into the place that was reserved.
    pub(super) fn insert(&mut self, slab: Slab) {
        self.taken += 1;
        match self.places.get_mut(self.free.index()) {
            Some(slot) => {
                if let Slot::Free(next) = *slot {
                    self.free = next;
                }
                *slot = Slot::Taken(slab);
            }
            None => self.places.push(Slot::Taken(slab)),
        }
    }

    /// Ends a slab and frees its place.
    pub(super) fn remove(&mut self, id: SlabId) {
        if let Some(slot @ Slot::Taken(_)) = self.places.get_mut(id.index()) {
            *slot = Slot::Free(self.free);
            self.free = id;
            self.taken -= 1;
        }
    }

    pub(super) fn get(&self, id: SlabId) -> Option<&Slab> {
        match self.places.get(id.index()) {
            Some(Slot::Taken(slab)) => Some(slab),
            _ => None,
        }
    }

    pub(super) fn get_mut(&mut self, id: SlabId) -> Option<&mut Slab> {
        match self.places.get_mut(id.index()) {
            Some(Slot::Taken(slab)) => Some(slab),
            _ => None,
        }
    }

    /// All slabs, in no order that means anything.
    pub(super) fn iter(&self) -> impl Iterator<Item = (SlabId, &Slab)> {
        (0..)
            .map(SlabId::new)
            .zip(&self.places)
            .filter_map(|(id, slot)| match slot {
                Slot::Taken(slab) => Some((id, slab)),
                Slot::Free(_) => None,
            })
    }
}

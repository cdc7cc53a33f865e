//! The name of a record: a slot, and which of its occupants.

/// Names a segment in a [`Section`](super::Section) until that segment is removed.
///
/// A handle whose segment has gone names nothing, also when its slot is in use again: every occupant
/// of a slot has a generation of its own. Handles of different tables are not told apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SectionHandle {
    slot: u32,
    generation: u32,
}

impl SectionHandle {
    pub(super) const fn new(slot: u32, generation: u32) -> Self {
        Self { slot, generation }
    }

    /// Which slot, counted from 0.
    #[inline]
    pub const fn slot(self) -> u32 {
        self.slot
    }

    /// Which occupant of the slot, counted from 1.
    #[inline]
    pub const fn generation(self) -> u32 {
        self.generation
    }

    /// Slot and generation in one word, different for every record that is present.
    #[inline]
    pub const fn word(self) -> u64 {
        (self.generation as u64) << 32 | self.slot as u64
    }
}

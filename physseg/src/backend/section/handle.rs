//! The name of a record: a slot, and which of its occupants.

use core::fmt;

/// Names a segment in a [`Section`](super::Section) until that segment is removed.
///
/// A handle whose segment has gone names nothing, also when its slot is in use again: every occupant
/// of a slot has a generation of its own. Handles of different tables are not told apart.
///
/// One word, the generation in its upper half.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SectionHandle(u64);

impl SectionHandle {
    pub(super) const fn new(slot: u32, generation: u32) -> Self {
        Self((generation as u64) << 32 | slot as u64)
    }

    /// Which slot, counted from 0.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // the lower half is what is wanted
    pub const fn slot(self) -> u32 {
        self.0 as u32
    }

    /// Which occupant of the slot, counted from 1.
    #[inline]
    pub const fn generation(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Slot and generation in one word, different for every record that is present.
    #[inline]
    pub const fn word(self) -> u64 {
        self.0
    }
}

impl fmt::Debug for SectionHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SectionHandle({}, generation {})", self.slot(), self.generation())
    }
}

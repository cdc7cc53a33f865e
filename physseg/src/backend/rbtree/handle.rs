//! The name of a record of the tree: a slot of the pool, and which of its occupants.
//!
//! Upstream's handle is the node's address, and using one after its segment has gone reads freed
//! memory. A slot number with a generation costs one comparison more when a handle is used and
//! nothing when one is made: the pool writes both into the record's tag word, where a lookup finds
//! them beside the bounds that it has just compared.

/// Names a segment in an [`RbTree`](super::RbTree) until that segment is removed.
///
/// A handle whose segment has gone names nothing, also when its slot is in use again. Handles of
/// different trees are not told apart: given to another tree, one names nothing or one of that
/// tree's own segments, and never memory that has gone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RbHandle {
    slot: u32,
    generation: u32,
}

impl RbHandle {
    pub(super) const fn new(slot: u32, generation: u32) -> Self {
        Self { slot, generation }
    }

    /// The handle that a record's tag word spells.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // the two halves of the word are what is wanted
    pub(super) const fn from_word(word: u64) -> Self {
        Self::new(word as u32, (word >> 32) as u32)
    }

    /// Slot and generation in one word, different for every record that is present.
    #[inline]
    pub const fn word(self) -> u64 {
        (self.generation as u64) << 32 | self.slot as u64
    }

    /// Which slot of the pool, counted from 0.
    #[inline]
    pub const fn slot(self) -> u32 {
        self.slot
    }

    /// Odd for a slot in use, even for a free one; it grows by one whenever that changes.
    #[inline]
    pub(super) const fn generation(self) -> u32 {
        self.generation
    }

    /// Whether a slot whose tag says this is in use.
    #[inline]
    pub(super) const fn is_in_use(self) -> bool {
        self.generation % 2 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_holds_both_halves() {
        for (slot, generation) in [(0, 1), (7, 3), (u32::MAX, u32::MAX)] {
            let handle = RbHandle::new(slot, generation);
            assert_eq!(RbHandle::from_word(handle.word()), handle);
            assert!(handle.is_in_use());
        }
        assert!(!RbHandle::new(7, 2).is_in_use());
    }
}

//! How segments name their slab.

use core::fmt;

/// Which slab. A number is used again after its slab has gone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(transparent)]
pub struct SlabId(u32);

impl SlabId {
    /// No slab: the segment has no page descriptors yet.
    pub const NONE: Self = Self(u32::MAX);

    /// The slab with this number.
    pub(super) const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    pub(super) const fn number(self) -> u32 {
        self.0
    }

    /// The number, to index with.
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for SlabId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NONE => write!(f, "no slab"),
            Self(number) => write!(f, "slab {number}"),
        }
    }
}

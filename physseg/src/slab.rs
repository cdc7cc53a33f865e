//! Slabs of page descriptors: who owns which names, and, on request, their memory.

/// Which slab.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SlabId(u32);

impl SlabId {
    /// No slab: the segment has no page descriptors yet.
    pub const NONE: Self = Self(u32::MAX);
}

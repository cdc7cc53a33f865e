//! Looking at slabs: how many, who uses them, which names they own and which are free.

use super::{SlabId, Slabs};
use crate::extent::Extent;
use crate::page::PageId;

impl Slabs {
    /// How many slabs there are.
    pub fn slabs(&self) -> usize {
        self.slots.len()
    }

    /// How many segments share `slab`.
    pub fn users(&self, slab: SlabId) -> Option<u32> {
        self.slots.get(slab).map(|slab| slab.users)
    }

    /// First page and number of pages of `slab`.
    pub fn range(&self, slab: SlabId) -> Option<(PageId, u64)> {
        let extent = self.extent(slab)?;
        let first = PageId::new(extent.start())?;
        Some((first, extent.end() - extent.start() + 1))
    }

    /// How many pages of `slab` are free.
    pub fn free_pages(&self, slab: SlabId) -> Option<u64> {
        u64::try_from(self.extent(slab)?.free_units()).ok()
    }

    /// Which pages of `slab` are allocated.
    pub fn extent(&self, slab: SlabId) -> Option<&Extent> {
        self.slots.get(slab).map(|slab| &slab.extent)
    }
}

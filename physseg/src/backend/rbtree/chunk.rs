//! A piece of memory for a fixed number of records, which neither moves nor grows.
//!
//! Only the pool uses it. The memory is not initialised: which records have been written is the
//! pool's knowledge.
#![allow(unsafe_code)]

use alloc::alloc::{alloc, dealloc};
use core::alloc::Layout;
use core::ptr::NonNull;

use super::node::Record;

/// Room for records.
#[derive(Debug)]
pub(super) struct Chunk {
    base: NonNull<Record>,
    layout: Layout,
}

impl Chunk {
    /// Records are 1.5 cache lines. Starting a chunk on a line keeps it from depending on the
    /// allocator's mood how many of them a lookup touches.
    const ALIGNMENT_BYTES: usize = 64;

    /// Room for `capacity` records, at least one. The error is the number of bytes that could not
    /// be had.
    pub(super) fn allocate(capacity: usize) -> Result<Self, usize> {
        let bytes = capacity.max(1).saturating_mul(size_of::<Record>());
        let layout = Layout::from_size_align(bytes, Self::ALIGNMENT_BYTES).map_err(|_| bytes)?;
        // SAFETY: the size is not 0.
        let base = unsafe { alloc(layout) };
        #[allow(clippy::cast_ptr_alignment)] // aligned to ALIGNMENT_BYTES
        let base = NonNull::new(base.cast::<Record>()).ok_or(bytes)?;
        Ok(Self { base, layout })
    }

    pub(super) fn bytes(&self) -> usize {
        self.layout.size()
    }

    /// Where record `index` lies, or `None` if the chunk does not reach that far.
    #[inline]
    pub(super) fn place(&self, index: usize) -> Option<NonNull<Record>> {
        if index >= self.layout.size() / size_of::<Record>() {
            return None;
        }
        // SAFETY: `index` records and one more fit into the allocation, as just compared.
        Some(unsafe { self.base.add(index) })
    }
}

const _: () = assert!(Chunk::ALIGNMENT_BYTES.is_multiple_of(align_of::<Record>()));

impl Drop for Chunk {
    fn drop(&mut self) {
        // SAFETY: allocated in `allocate` with this layout, and not freed before. Records are plain
        // data: there is nothing to drop in them.
        unsafe { dealloc(self.base.as_ptr().cast(), self.layout) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_each_other_and_end_at_the_capacity() {
        let chunk = Chunk::allocate(3).unwrap();
        let places: alloc::vec::Vec<_> = (0..4).map(|index| chunk.place(index)).collect();
        let address = |index: usize| places[index].unwrap().addr().get();
        assert_eq!(address(0) % Chunk::ALIGNMENT_BYTES, 0);
        assert_eq!(address(1) - address(0), size_of::<Record>());
        assert_eq!(address(2) - address(1), size_of::<Record>());
        assert_eq!(places[3], None);
        assert_eq!(chunk.bytes(), 3 * size_of::<Record>());
    }

    #[test]
    fn what_cannot_be_had_is_an_error() {
        assert!(Chunk::allocate(usize::MAX).is_err());
        assert!(Chunk::allocate(usize::MAX / size_of::<Record>()).is_err());
    }
}

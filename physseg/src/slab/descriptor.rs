//! The memory of page descriptors, for those who want more than their names.

use alloc::vec::Vec;

use super::{SlabError, SlabId};
use crate::addr::{FrameRange, Pfn};
use crate::extent::rank::RankMap;
use crate::page::PageId;

/// A page descriptor: what a kernel keeps on each frame (`struct vm_page`, 120 to 136 bytes).
///
/// Only the frame number is real, in the first word; the rest is there so that descriptors lie as
/// far apart, and take as much cache, as the real ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct PageDescriptor {
    /// The frame number; all ones until the page is initialised.
    word: u64,
    rest: [u64; 15],
}

impl PageDescriptor {
    /// A descriptor that has memory but describes no frame yet.
    const BLANK: Self = Self { word: u64::MAX, rest: [0; 15] };

    /// The frame that this describes, or `None` if no segment has initialised it. After its
    /// segment has gone it names the frame that it last described.
    #[inline]
    pub const fn pfn(&self) -> Option<Pfn> {
        match self.word {
            u64::MAX => None,
            number => Some(Pfn::new(number)),
        }
    }

    /// The first word as stored, for loops that read a descriptor and look no further.
    #[inline]
    pub const fn word(&self) -> u64 {
        self.word
    }
}

/// The descriptors of all slabs.
#[derive(Debug)]
pub(super) struct Memory {
    /// First name of a slab -> the slab.
    by_name: RankMap,
    /// By slab; empty where there is none.
    slabs: Vec<Vec<PageDescriptor>>,
}

impl Memory {
    pub(super) const fn new() -> Self {
        Self { by_name: RankMap::new(), slabs: Vec::new() }
    }

    /// Gives `slab`, with `pages` pages from `first`, memory. Either all of it or nothing.
    ///
    /// All of it is written to, as an allocator of zeroed pages does in the kernel.
    pub(super) fn add(&mut self, slab: SlabId, first: u64, pages: u64) -> Result<(), SlabError> {
        let bytes = pages.saturating_mul(size_of::<PageDescriptor>() as u64);
        let short = SlabError::NoMemory { bytes: usize::try_from(bytes).unwrap_or(usize::MAX) };
        let count = usize::try_from(pages).map_err(|_| short)?;
        let mut descriptors = Vec::new();
        descriptors.try_reserve_exact(count).map_err(|_| short)?;
        let missing = (slab.index() + 1).saturating_sub(self.slabs.len());
        self.slabs.try_reserve(missing).map_err(|_| short)?;
        self.by_name.reserve_one().map_err(|_| short)?;
        descriptors.resize(count, PageDescriptor::BLANK);
        if missing > 0 {
            self.slabs.resize_with(slab.index() + 1, Vec::new);
        }
        self.slabs[slab.index()] = descriptors;
        self.by_name.insert(first, slab.index() as u64);
        Ok(())
    }

    /// Takes the memory of `slab`, whose first name is `first`, away.
    pub(super) fn remove(&mut self, slab: SlabId, first: u64) {
        self.slabs[slab.index()] = Vec::new();
        self.by_name.remove(first);
    }

    /// Initialises the descriptors of `frames`, the first of which is `first`.
    pub(super) fn describe(&mut self, first: PageId, frames: FrameRange) {
        let Some((slab, offset)) = self.locate(first) else {
            return;
        };
        let numbers = frames.start().get()..frames.end().get();
        for (descriptor, pfn) in self.slabs[slab].iter_mut().skip(offset).zip(numbers) {
            descriptor.word = pfn;
        }
    }

    pub(super) fn get(&self, page: PageId) -> Option<&PageDescriptor> {
        let (slab, offset) = self.locate(page)?;
        self.slabs[slab].get(offset)
    }

    /// The last slab that begins at or before `page`, and how far into it `page` would be.
    fn locate(&self, page: PageId) -> Option<(usize, usize)> {
        let slab = self.by_name.neighbours(page.index()).0?;
        let offset = usize::try_from(page.index() - slab.key).ok()?;
        Some((usize::try_from(slab.weight).ok()?, offset))
    }
}

//! Slabs of page descriptors: who owns which names, and, on request, their memory.
//!
//! A *slab* is a run of page descriptors that were made together: one for all segments when boot
//! ends, then one for each plug that finds none left over. Segments cut from each other share
//! their slab. Which of its descriptors are in use is an [`Extent`]; what an unplugged segment gave
//! back, the next plug takes. The slab goes with its last user.
//!
//! Descriptors have names from one namespace ([`PageId`]): a slab owns a run of it that no slab
//! had before and none will have again, so that a stale name never denotes another descriptor. The
//! numbers of slabs ([`SlabId`]) are used again. A slab without memory takes 88 bytes and, where
//! pages are free in it, about 16 to 53 for each free run, and as much for the index over slabs (the
//! same again for runs of 64 pages and more: see `extent::rank`).
//!
//! [`SegmentTable`](crate::SegmentTable) is the caller; every call takes time logarithmic in the
//! number of slabs and in the free runs of the slab concerned, and when it fails, nothing has
//! changed. (`create`, `allocate` and `materialise` also write the memory that they provide, and
//! vectors grow now and then: O(1) amortised.)

mod descriptor;
mod error;
mod id;
mod look;
mod slots;

use crate::addr::FrameRange;
use crate::extent::rank::{Entry, RankMap};
use crate::extent::{Extent, Flags, Storage};
use crate::page::PageId;

pub use descriptor::PageDescriptor;
pub use error::SlabError;
pub use id::SlabId;

use descriptor::Memory;
use slots::{Slab, Slots};

/// All slabs, and the namespace that they share.
#[derive(Debug)]
pub struct Slabs {
    slots: Slots,
    /// Slab -> length of its longest free run, for slabs that have one.
    roomy: RankMap,
    /// The first name that no slab has had.
    next_name: u64,
    /// Where the extents of new slabs keep their descriptors.
    storage: Storage,
    /// `None` while names are all there is.
    memory: Option<Memory>,
}

impl Default for Slabs {
    fn default() -> Self {
        Self::new()
    }
}

impl Slabs {
    /// No slabs; extents describe their regions on the heap.
    pub const fn new() -> Self {
        Self {
            slots: Slots::new(),
            roomy: RankMap::new(),
            next_name: 0,
            storage: Storage::Heap,
            memory: None,
        }
    }

    /// No slabs; each slab's extent can describe `max_regions_per_slab` regions and no more, so
    /// that freeing from the middle of one fails where a kernel would be out of memory.
    pub const fn with_fixed_storage(max_regions_per_slab: usize) -> Self {
        let mut slabs = Self::new();
        slabs.storage = Storage::Fixed(max_regions_per_slab);
        slabs
    }

    /// A new slab of `pages` pages, all of them free, without a user.
    ///
    /// # Errors
    /// [`SlabError::Empty`] for no pages, [`SlabError::OutOfNames`], [`SlabError::NoMemory`].
    pub fn create(&mut self, pages: u64) -> Result<SlabId, SlabError> {
        self.add(pages, Flags::NOWAIT, 0)
    }

    /// `pages` descriptors in a row for a new segment, and the slab that owns them, which gets one
    /// more user.
    ///
    /// They come from what is free in a slab: in the one whose longest free run is the shortest
    /// that suffices (of several, the one with the lowest number), by best fit. If there is none,
    /// or that slab can describe no further region, a new slab of exactly this size is made.
    ///
    /// # Errors
    /// As [`create`](Self::create), and [`SlabError::Extent`] if a new slab's fixed storage cannot
    /// describe even one region.
    pub fn allocate(&mut self, pages: u64) -> Result<(SlabId, PageId), SlabError> {
        let allocated = self.allocate_for_now(pages)?;
        self.settle(allocated.0);
        Ok(allocated)
    }

    /// As [`allocate`](Self::allocate), for whoever may have to [`revoke`](Self::revoke) it, which needs
    /// no memory. Who need not any more [settles](Self::settle) it.
    pub(crate) fn allocate_for_now(&mut self, pages: u64) -> Result<(SlabId, PageId), SlabError> {
        if pages == 0 {
            return Err(SlabError::Empty);
        }
        if let Some(roomy) = self.roomy.lightest(pages, 0)
            && let Ok(number) = u32::try_from(roomy.key)
            && let Ok(first) = self.take(SlabId::new(number), pages, Flags::NOWAIT)
        {
            return Ok((SlabId::new(number), first));
        }
        let first = PageId::new(self.next_name).ok_or(SlabError::OutOfNames { pages })?;
        let slab = self.add(pages, Flags::FILLED, 1)?;
        Ok((slab, first))
    }

    /// Gives back what is kept to [`revoke`](Self::revoke) the last allocation in `slab`.
    pub(crate) fn settle(&mut self, slab: SlabId) {
        if let Some(found) = self.slots.get_mut(slab) {
            found.extent.tidy();
        }
    }

    /// Undoes the last [`allocate_for_now`](Self::allocate_for_now): a slab that it made goes, in
    /// another one the pages are free again and it has one user less.
    pub(crate) fn revoke(&mut self, slab: SlabId, first: PageId, pages: u64) {
        if let Some(found) = self.slots.get_mut(slab).filter(|found| found.users > 1) {
            let before = longest(&found.extent);
            let undone = found.extent.undo_alloc(first.index(), pages);
            debug_assert!(undone.is_ok(), "{undone:?}");
            let after = longest(&found.extent);
            self.rank(slab, before, after);
        }
        self.release(slab);
    }

    /// `pages` descriptors in a row from `slab` alone, the lowest that are free; the slab gets one
    /// more user. Segments that ask in ascending order get ascending names.
    ///
    /// # Errors
    /// [`SlabError::Empty`] for no pages, [`SlabError::NoSuchSlab`], and [`SlabError::Extent`] if
    /// the slab does not have that many in a row, or cannot describe another region.
    pub fn allocate_from(&mut self, slab: SlabId, pages: u64) -> Result<PageId, SlabError> {
        if pages == 0 {
            return Err(SlabError::Empty);
        }
        let first = self.take(slab, pages, Flags::FAST)?;
        self.settle(slab);
        Ok(first)
    }

    /// Gives the `pages` descriptors from `first` back to `slab`, whose users stay as they are.
    ///
    /// # Errors
    /// [`SlabError::NoSuchSlab`]; [`SlabError::Empty`] for no pages; [`SlabError::Extent`] if they
    /// are not all allocated in this slab, or if what is left of a region cannot be described;
    /// [`SlabError::NoMemory`] likewise.
    pub fn free(&mut self, slab: SlabId, first: PageId, pages: u64) -> Result<(), SlabError> {
        if pages == 0 {
            return Err(SlabError::Empty);
        }
        self.roomy.reserve_one().map_err(|_| NO_MEMORY)?;
        let extent = &mut self.slots.get_mut(slab).ok_or(SlabError::NoSuchSlab(slab))?.extent;
        let before = longest(extent);
        extent.free(first.index(), pages, Flags::NOWAIT)?;
        let after = longest(extent);
        self.rank(slab, before, after);
        Ok(())
    }

    /// One more segment shares `slab` (it was split). A slab that is not there is left alone.
    pub fn acquire(&mut self, slab: SlabId) {
        if let Some(found) = self.slots.get_mut(slab) {
            found.users = found.users.saturating_add(1);
        }
    }

    /// One fewer segment shares `slab`; with the last one it goes, whatever is still allocated in
    /// it. So does a slab that never had a user. A slab that is not there is left alone.
    pub fn release(&mut self, slab: SlabId) {
        let Some(found) = self.slots.get_mut(slab) else {
            return;
        };
        if found.users > 1 {
            found.users -= 1;
            return;
        }
        let (first, room) = (found.extent.start(), longest(&found.extent));
        self.rank(slab, room, 0);
        if let Some(memory) = &mut self.memory {
            memory.remove(slab, first);
        }
        self.slots.remove(slab);
    }

    /// Gives every page descriptor memory, now and from now on. A second call does nothing.
    ///
    /// # Errors
    /// [`SlabError::NoMemory`]: then none has. (A system that promises more memory than it has may
    /// end the program instead.)
    pub fn materialise(&mut self) -> Result<(), SlabError> {
        if self.memory.is_some() {
            return Ok(());
        }
        let mut memory = Memory::new();
        for (id, slab) in self.slots.iter() {
            let (first, last) = (slab.extent.start(), slab.extent.end());
            memory.add(id, first, last - first + 1)?;
        }
        self.memory = Some(memory);
        Ok(())
    }

    /// Initialises the descriptors of a segment: the one named `first` gets the first of `frames`,
    /// and so on. What would lie beyond the slab is left out. Does nothing unless descriptors have
    /// memory. O(log slabs + frames).
    pub fn describe(&mut self, first: PageId, frames: FrameRange) {
        if let Some(memory) = &mut self.memory {
            memory.describe(first, frames);
        }
    }

    /// The descriptor named `page`; `None` if no slab has it, or if descriptors have no memory.
    /// O(log slabs).
    pub fn descriptor(&self, page: PageId) -> Option<&PageDescriptor> {
        self.memory.as_ref()?.get(page)
    }

    /// Makes a slab; `flags` say whether it is filled.
    fn add(&mut self, pages: u64, flags: Flags, users: u32) -> Result<SlabId, SlabError> {
        let last = pages.checked_sub(1).ok_or(SlabError::Empty)?;
        let first = self.next_name;
        // The sum fits exactly when the last name is one that a `PageId` can hold.
        let end = first.checked_add(pages).ok_or(SlabError::OutOfNames { pages })?;
        let extent = Extent::create_with("pages", first, first + last, self.storage, flags)?;
        let id = self.slots.reserve().ok_or(NO_MEMORY)?;
        self.roomy.reserve_one().map_err(|_| NO_MEMORY)?;
        if let Some(memory) = &mut self.memory {
            memory.add(id, first, pages)?;
        }
        // Nothing can fail any more.
        self.next_name = end;
        self.rank(id, 0, longest(&extent));
        self.slots.insert(Slab { extent, users });
        Ok(id)
    }

    /// Allocates in `slab`, which gets one more user. To be [settled](Self::settle).
    fn take(&mut self, slab: SlabId, pages: u64, flags: Flags) -> Result<PageId, SlabError> {
        let found = self.slots.get_mut(slab).ok_or(SlabError::NoSuchSlab(slab))?;
        let before = longest(&found.extent);
        let (start, end) = (found.extent.start(), found.extent.end());
        let first = found.extent.alloc_keeping_room(start, end, pages, 1, 0, flags)?;
        found.users = found.users.saturating_add(1);
        let after = longest(&found.extent);
        self.rank(slab, before, after);
        PageId::new(first).ok_or(SlabError::OutOfNames { pages })
    }

    /// Notes that the longest free run of `slab` has changed from `before` pages to `after`. Room
    /// for it has been reserved where it may be new.
    fn rank(&mut self, slab: SlabId, before: u64, after: u64) {
        let key = u64::from(slab.number());
        match (before, after) {
            (0, 0) => {}
            (0, _) => self.roomy.insert(key, after),
            (_, 0) => {
                self.roomy.remove(key);
            }
            _ => self.roomy.replace(key, Entry { key, weight: after }),
        }
    }
}

/// No memory for one of the small structures.
const NO_MEMORY: SlabError = SlabError::NoMemory { bytes: 0 };

/// Pages in the longest free run. A slab has fewer than 2^64.
fn longest(extent: &Extent) -> u64 {
    u64::try_from(extent.largest_free()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;

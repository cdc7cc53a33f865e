//! Giving units back.

use super::{Entry, Extent, ExtentError, Flags, reserve};

impl Extent {
    /// Frees the `size` units from `start`: any part of an allocated region, whichever calls
    /// allocated it. An extent that does not coalesce takes only whole regions back.
    ///
    /// Freeing from the middle leaves two regions where there was one, which takes a descriptor:
    /// freeing can fail, and callers must be ready for it.
    ///
    /// # Errors
    /// - [`ExtentError::Empty`], [`ExtentError::OutOfRange`]: the range is empty or not inside.
    /// - [`ExtentError::NotAllocated`]: some of it is free already.
    /// - [`ExtentError::NotOneRegion`]: only part of a region, or several, in an extent that does
    ///   not coalesce.
    /// - [`ExtentError::NoDescriptor`], [`ExtentError::NoMemory`]: the region cannot be split. With
    ///   [`Flags::WAITOK`], [`ExtentError::WouldBlock`].
    pub fn free(&mut self, start: u64, size: u64, flags: Flags) -> Result<(), ExtentError> {
        self.give_back(start, size, flags, true)
    }

    /// Undoes the last [`alloc_keeping_room`](Self::alloc_keeping_room), of these units: there is memory
    /// for the run that was free.
    ///
    /// # Errors
    /// If these units are not what was allocated.
    pub(crate) fn undo_alloc(&mut self, start: u64, size: u64) -> Result<(), ExtentError> {
        self.give_back(start, size, Flags::NOWAIT, false)
    }

    /// Frees; asks for memory first if it `may_need` any.
    fn give_back(
        &mut self,
        start: u64,
        size: u64,
        flags: Flags,
        may_need: bool,
    ) -> Result<(), ExtentError> {
        let last = self.last_of(start, size)?;
        let place = self.free.place(last);
        let (before, after) = (place.before, place.after);
        if before.is_some_and(|run| run.key + run.weight >= start) {
            return Err(ExtentError::NotAllocated { start, size });
        }
        let below = before.filter(|run| run.key + run.weight + 1 == start);
        let above = after.filter(|run| run.key - 1 == last);
        let regions = match &self.separate {
            Some(separate) if separate.get(start) != Some(last - start) => {
                return Err(ExtentError::NotOneRegion { start, size });
            }
            Some(_) => self.regions - 1,
            None => {
                let at_front = below.is_some() || start == self.start;
                let at_back = above.is_some() || last == self.end;
                // Cut out of the middle: one more. Cut off one end: as many. All of it: one less.
                self.regions.saturating_add(1) - u32::from(at_front) - u32::from(at_back)
            }
        };
        self.allow_regions(regions, flags)?;
        if may_need && below.is_none() && above.is_none() {
            reserve(&mut self.free, self.end - self.start, flags)?;
        }
        // The freed run, made one with its neighbours.
        let key = below.map_or(start, |run| run.key);
        let end = above.map_or(last, |run| run.key + run.weight);
        let run = Entry { key, weight: end - key };
        match (below, above) {
            (Some(below), Some(above)) => {
                self.free.remove(above.key);
                self.free.replace(below.key, run);
            }
            (Some(beside), None) | (None, Some(beside)) => self.free.replace(beside.key, run),
            (None, None) => self.free.insert_at(&place, run),
        }
        if let Some(separate) = &mut self.separate {
            separate.remove(start);
        }
        self.regions = regions;
        self.free_units = self.free_units.wrapping_add(size);
        Ok(())
    }
}

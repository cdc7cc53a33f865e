//! Allocation: choosing a place, and claiming it.

use super::{Entry, Extent, ExtentError, Flags, Request, reserve};

/// A free run, or the part of one that a subregion leaves, and the place found in it.
#[derive(Clone, Copy)]
struct Candidate {
    /// Length less one, then start: the order of best fit.
    rank: (u64, u64),
    /// The whole free run.
    run: Entry,
    /// Where the request goes.
    at: u64,
}

impl Extent {
    /// Allocates `size` units anywhere; says where they start. The same as
    /// [`alloc_subregion`](Self::alloc_subregion) over the whole extent.
    ///
    /// # Errors
    /// As `alloc_subregion`, without the cases of a bad subregion.
    pub fn alloc(
        &mut self,
        size: u64,
        alignment: u64,
        boundary: u64,
        flags: Flags,
    ) -> Result<u64, ExtentError> {
        let (start, end) = (self.start, self.end);
        self.alloc_subregion(start, end, size, alignment, boundary, flags)
    }

    /// Allocates `size` units inside `sub_start..=sub_end`; says where they start.
    ///
    /// They start at a multiple of `alignment` (a power of two; 1 for any), and do not cross a line
    /// where there is one every `boundary` units (0 for none), counted from the extent's start or,
    /// with [`Flags::BOUNDZERO`], from 0. A region may start on a line, or end just before one.
    ///
    /// With [`Flags::FAST`] the lowest place is taken. Otherwise: of the free runs that have a
    /// place the shortest, of equally short ones the lowest, and in it the lowest place. A run that
    /// sticks out of the subregion counts as long as what is inside.
    ///
    /// # Errors
    /// - [`ExtentError::Empty`]: `size` is 0, or `sub_end` lies before `sub_start`.
    /// - [`ExtentError::BadAlignment`], [`ExtentError::BadBoundary`]: see there.
    /// - [`ExtentError::OutOfRange`]: the subregion is not inside the extent.
    /// - [`ExtentError::NoSpace`]: no free run has a place. With [`Flags::WAITSPACE`],
    ///   [`ExtentError::WouldBlock`] if the request could be met in an unused extent.
    /// - [`ExtentError::NoDescriptor`], [`ExtentError::NoMemory`]: the region cannot be described.
    ///   With [`Flags::WAITOK`], [`ExtentError::WouldBlock`].
    pub fn alloc_subregion(
        &mut self,
        sub_start: u64,
        sub_end: u64,
        size: u64,
        alignment: u64,
        boundary: u64,
        flags: Flags,
    ) -> Result<u64, ExtentError> {
        let at = self.alloc_keeping_room(sub_start, sub_end, size, alignment, boundary, flags)?;
        self.tidy();
        Ok(at)
    }

    /// As [`alloc_subregion`](Self::alloc_subregion), and what memory is no longer needed is kept, until
    /// [`tidy`](Self::tidy): up to then [`undo_alloc`](Self::undo_alloc) needs none.
    pub(crate) fn alloc_keeping_room(
        &mut self,
        sub_start: u64,
        sub_end: u64,
        size: u64,
        alignment: u64,
        boundary: u64,
        flags: Flags,
    ) -> Result<u64, ExtentError> {
        let base = if flags.contains(Flags::BOUNDZERO) { 0 } else { self.start };
        let request = Request::new(size, alignment, boundary, base)?;
        let span = sub_end.checked_sub(sub_start).ok_or(ExtentError::Empty)?;
        if sub_start < self.start || self.end < sub_end {
            let (start, units) = (sub_start, span.saturating_add(1));
            return Err(ExtentError::OutOfRange { start, units });
        }
        let found = if flags.contains(Flags::FAST) {
            self.first_fit(&request, sub_start, sub_end)
        } else {
            self.best_fit(&request, sub_start, sub_end)
        };
        let Some(found) = found else {
            let some_day = request.place(sub_start, sub_end).is_some();
            return Err(no_space(size, some_day, flags));
        };
        self.claim(found.run, found.at, found.at + request.span(), flags)?;
        Ok(found.at)
    }

    /// Allocates exactly the `size` units from `start`.
    ///
    /// # Errors
    /// - [`ExtentError::Empty`], [`ExtentError::OutOfRange`]: the range is empty or not inside.
    /// - [`ExtentError::NoSpace`]: some of it is allocated. With [`Flags::WAITSPACE`],
    ///   [`ExtentError::WouldBlock`].
    /// - [`ExtentError::NoDescriptor`], [`ExtentError::NoMemory`]: the region cannot be described.
    ///   With [`Flags::WAITOK`], [`ExtentError::WouldBlock`].
    pub fn alloc_region(&mut self, start: u64, size: u64, flags: Flags) -> Result<(), ExtentError> {
        let last = self.last_of(start, size)?;
        match self.free.neighbours(start).0 {
            Some(run) if run.key + run.weight >= last => self.claim(run, start, last, flags)?,
            _ => return Err(no_space(size, true, flags)),
        }
        self.tidy();
        Ok(())
    }

    /// The lowest place in `first..=last`.
    fn first_fit(&self, request: &Request, first: u64, last: u64) -> Option<Candidate> {
        // A run that begins before the subregion; then those that begin in it.
        let before = self.free.neighbours(first).0;
        if let Some(found) = before.and_then(|run| try_run(request, run, first, last)) {
            return Some(found);
        }
        let mut from = first;
        loop {
            let run = self.free.first_heavy(from, request.span())?;
            if run.key > last {
                return None;
            }
            if let Some(found) = try_run(request, run, first, last) {
                return Some(found);
            }
            from = run.key.checked_add(1)?;
        }
    }

    /// The place in the shortest run, cut to `first..=last`, that has one.
    fn best_fit(&self, request: &Request, first: u64, last: u64) -> Option<Candidate> {
        // Runs that an end of the subregion cuts are shorter than the map says: they go first.
        let cut = |unit: u64| {
            let run = self.free.neighbours(unit).0?;
            let inside = first <= run.key && run.key + run.weight <= last;
            (!inside).then(|| try_run(request, run, first, last))?
        };
        let at_front = if first == self.start { None } else { cut(first) };
        let at_back = if last == self.end { None } else { cut(last) };
        let best = match (at_front, at_back) {
            (Some(a), Some(b)) => Some(if a.rank <= b.rank { a } else { b }),
            (a, b) => a.or(b),
        };
        // Then whole runs, by ascending length, and by address among equals.
        let (mut weight, mut from) = (request.span(), first);
        while let Some(run) = self.free.lightest(weight, from) {
            if best.is_some_and(|best| best.rank <= (run.weight, run.key)) {
                break;
            }
            if run.key < first {
                // The shortest of a new length lies below the subregion: skip to those inside.
                (weight, from) = (run.weight, first);
                continue;
            }
            if run.key > last || last - run.key < run.weight {
                // No more whole ones of this length.
                let Some(longer) = run.weight.checked_add(1) else {
                    break;
                };
                (weight, from) = (longer, first);
                continue;
            }
            if let Some(found) = try_run(request, run, first, last) {
                return Some(found);
            }
            // A run at the very end of the number line has no run after it of its length.
            (weight, from) = match run.key.checked_add(1) {
                Some(next) => (run.weight, next),
                None => (run.weight + 1, first),
            };
        }
        best
    }

    /// Takes `at..=last` out of the free `run` that holds it.
    fn claim(&mut self, run: Entry, at: u64, last: u64, flags: Flags) -> Result<(), ExtentError> {
        let run_last = run.key + run.weight;
        let (free_below, free_above) = (run.key < at, last < run_last);
        let joined = if self.coalesces() {
            u32::from(!free_below && at > self.start) + u32::from(!free_above && last < self.end)
        } else {
            0
        };
        let regions = self.regions.saturating_add(1) - joined;
        self.allow_regions(regions, flags)?;
        // All that can fail, before anything changes.
        if free_below && free_above {
            reserve(&mut self.free, self.end - self.start, flags)?;
        }
        if let Some(separate) = &mut self.separate {
            reserve(separate, self.end - self.start, flags)?;
            separate.insert(at, last - at);
        }
        let below = Entry { key: run.key, weight: at.wrapping_sub(run.key).wrapping_sub(1) };
        let above = Entry {
            key: last.wrapping_add(1),
            weight: run_last.wrapping_sub(last).wrapping_sub(1),
        };
        match (free_below, free_above) {
            (true, true) => {
                self.free.replace(run.key, below);
                self.free.insert(above.key, above.weight);
            }
            (true, false) => self.free.replace(run.key, below),
            (false, true) => self.free.replace(run.key, above),
            (false, false) => {
                self.free.remove(run.key);
            }
        }
        self.regions = regions;
        self.free_units = self.free_units.wrapping_sub((last - at).wrapping_add(1));
        Ok(())
    }
}

/// The place for `request` in the part of `run` inside `first..=last`, if there is one.
fn try_run(request: &Request, run: Entry, first: u64, last: u64) -> Option<Candidate> {
    let start = run.key.max(first);
    let end = (run.key + run.weight).min(last);
    let length = end.checked_sub(start)?;
    let at = request.place(start, end)?;
    Some(Candidate { rank: (length, start), run, at })
}

fn no_space(size: u64, some_day: bool, flags: Flags) -> ExtentError {
    if some_day && flags.contains(Flags::WAITSPACE) {
        return ExtentError::WouldBlock;
    }
    ExtentError::NoSpace { size }
}

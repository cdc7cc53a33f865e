//! What each operation does to the model, or the error with which it is refused.

use physseg::{Error, FreeList, PageSize, Pfn};

use super::frames::{Id, Model, Seen, Words};

impl Model {
    pub(crate) fn physload(
        &mut self,
        (start, end): (u64, u64),
        (avail_start, avail_end): (u64, u64),
        free_list: FreeList,
    ) -> Result<Id, Error> {
        if self.booted {
            return Err(Error::BootIsOver);
        }
        let segment = self.admit(start, end)?;
        if !(start <= avail_start && avail_start <= avail_end && avail_end <= end) {
            let [avail_start, avail_end] =
                [avail_start, avail_end].map(|avail| Pfn::new(self.bound(avail, end)));
            return Err(Error::AvailOutside { segment, avail_start, avail_end });
        }
        self.room()?;
        let words = Words { free_list, hinted: start, pmap: 0 };
        Ok(self.add(start, end, &(avail_start..avail_end), words))
    }

    pub(crate) fn plug(&mut self, start: u64, pages: u64) -> Result<Id, Error> {
        let end = end_of(start, pages)?;
        self.admit(start, end)?;
        if self.booted && !self.rules.plug_after_boot {
            return Err(Error::NoPlugAfterBoot);
        }
        self.room()?;
        let words = Words { free_list: FreeList::Default, hinted: start, pmap: 0 };
        Ok(self.add(start, end, &(start..end), words))
    }

    pub(crate) fn unplug(&mut self, start: u64, pages: u64) -> Result<(), Error> {
        let end = end_of(start, pages)?;
        let range = self.addressable(start, end)?;
        let id = self.id_of(start);
        if let Some(outside) = (start..end).find(|&f| id.is_none() || self.id_of(f) != id) {
            // The segment ends where its last frame does; the next may lie in another region.
            let outside =
                if outside == start { range.start().get() } else { self.ground.end(outside) };
            return Err(Error::NotInOneSegment { range, outside: Pfn::new(outside) });
        }
        let seen = self.around(start).unwrap();
        if (start, end) == (seen.start, seen.end) && self.words.len() == 1 {
            return Err(Error::LastSegment);
        }
        if seen.start < start && end < seen.end {
            if !self.rules.split {
                return Err(Error::NoSplit);
            }
            self.room()?;
        }
        self.take(seen, start, end);
        Ok(())
    }

    /// The frame stolen from the segment, if any; its frames are single ones of the table. By force,
    /// what lies below the first available frame goes too.
    pub(crate) fn physunload(
        &mut self,
        target: Option<Id>,
        free_list: FreeList,
        force: bool,
    ) -> Result<Option<u64>, Error> {
        if self.booted {
            return Err(Error::BootIsOver);
        }
        let seen = self.named(target)?;
        let avail = self.avail(seen);
        if self.words[&seen.id].free_list != free_list || avail.is_empty() {
            return Ok(None);
        }
        let (lowest, highest) = (avail[0], avail[avail.len() - 1]);
        let (frame, gone) = if force || lowest == seen.start {
            (lowest, (seen.start, lowest + 1))
        } else if highest + 1 == seen.end {
            (highest, (highest, seen.end))
        } else {
            return Ok(None);
        };
        if gone == (seen.start, seen.end) && self.words.len() == 1 {
            return Err(Error::LastSegment);
        }
        self.take(seen, gone.0, gone.1);
        Ok(Some(self.ground.start(frame)))
    }

    pub(crate) fn page_init(&mut self) -> Result<(), Error> {
        if self.booted {
            return Err(Error::AlreadyBooted);
        }
        if self.words.is_empty() {
            return Err(Error::NoSegments);
        }
        self.booted = true;
        Ok(())
    }

    pub(crate) fn set_start_hint(&mut self, target: Option<Id>, frame: u64) -> Result<(), Error> {
        let seen = self.named(target)?;
        if frame >= seen.end - seen.start {
            let frame = self.offset(seen, frame);
            return Err(Error::BeyondSegment { segment: seen.range, frame });
        }
        self.words.get_mut(&seen.id).unwrap().hinted = seen.start + frame;
        Ok(())
    }

    pub(crate) fn set_pmap(&mut self, target: Option<Id>, word: u64) -> Result<(), Error> {
        let seen = self.named(target)?;
        self.words.get_mut(&seen.id).unwrap().pmap = word;
        Ok(())
    }

    /// The segment that a handle names, if it does.
    pub(crate) fn named(&self, target: Option<Id>) -> Result<Seen, Error> {
        target.and_then(|id| self.seen(id)).ok_or(Error::InvalidHandle)
    }

    /// A bound of the available frames of a segment that ends at `end`, in frames of the table.
    pub(crate) fn bound(&self, avail: u64, end: u64) -> u64 {
        if avail < end { self.ground.start(avail) } else { self.ground.end(avail) }
    }

    /// How far into the segment its frame number `frame` is, or would be, in frames of the table.
    pub(crate) fn offset(&self, seen: Seen, frame: u64) -> u64 {
        let len = seen.end - seen.start;
        if frame < len {
            self.ground.start(seen.start + frame) - seen.range.start().get()
        } else {
            seen.range.frames() + (frame - len)
        }
    }
}

fn end_of(start: u64, pages: u64) -> Result<u64, Error> {
    start.checked_add(pages).ok_or(Error::BeyondAddressSpace {
        end: Pfn::new(u64::MAX),
        limit: PageSize::FOUR_KIB.frame_limit(),
    })
}

//! What each operation does to the model, or the error with which it is refused.

use physseg::{Error, FreeList, PageSize, Pfn};

use super::frames::{Id, Model, Seen, Words, addressable};

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
        let range = self.admit(start, end)?;
        if !(start <= avail_start && avail_start <= avail_end && avail_end <= end) {
            return Err(Error::AvailOutside {
                segment: range,
                avail_start: Pfn::new(avail_start),
                avail_end: Pfn::new(avail_end),
            });
        }
        self.room()?;
        let words = Words { free_list, hinted: start, pmap: 0 };
        Ok(self.add(range, avail_start..avail_end, words))
    }

    pub(crate) fn plug(&mut self, start: u64, pages: u64) -> Result<Id, Error> {
        let end = end_of(start, pages)?;
        let range = self.admit(start, end)?;
        if self.booted && !self.rules.plug_after_boot {
            return Err(Error::NoPlugAfterBoot);
        }
        self.room()?;
        let words = Words { free_list: FreeList::Default, hinted: start, pmap: 0 };
        Ok(self.add(range, start..end, words))
    }

    pub(crate) fn unplug(&mut self, start: u64, pages: u64) -> Result<(), Error> {
        let end = end_of(start, pages)?;
        let range = addressable(start, end)?;
        let id = self.id_of(start);
        if let Some(outside) = (start..end).find(|&f| id.is_none() || self.id_of(f) != id) {
            return Err(Error::NotInOneSegment { range, outside: Pfn::new(outside) });
        }
        let seen = self.seen(id.unwrap()).unwrap();
        if (start, end) == (seen.start, seen.end) && self.words.len() == 1 {
            return Err(Error::LastSegment);
        }
        if seen.start < start && end < seen.end {
            if !self.rules.split {
                return Err(Error::NoSplit);
            }
            self.room()?;
        }
        self.take(seen.id, start, end);
        Ok(())
    }

    /// The frame stolen from the segment, if any. By force, what lies below the first available
    /// frame goes too.
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
        let avail = self.avail(seen.id);
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
        self.take(seen.id, gone.0, gone.1);
        Ok(Some(frame))
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
            return Err(Error::BeyondSegment { segment: seen.range(), frame });
        }
        self.words.get_mut(&seen.id).unwrap().hinted = seen.start + frame;
        Ok(())
    }

    pub(crate) fn set_pmap(&mut self, target: Option<Id>, word: u64) -> Result<(), Error> {
        let seen = self.named(target)?;
        self.words.get_mut(&seen.id).unwrap().pmap = word;
        Ok(())
    }

    fn named(&self, target: Option<Id>) -> Result<Seen, Error> {
        target.and_then(|id| self.seen(id)).ok_or(Error::InvalidHandle)
    }
}

fn end_of(start: u64, pages: u64) -> Result<u64, Error> {
    start.checked_add(pages).ok_or(Error::BeyondAddressSpace {
        end: Pfn::new(u64::MAX),
        limit: PageSize::FOUR_KIB.frame_limit(),
    })
}

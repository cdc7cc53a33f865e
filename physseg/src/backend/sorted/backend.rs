//! The contract of a backend, kept by any index.

use alloc::format;
use alloc::string::String;

use super::{BootLimit, Index, Place, Sorted};
use crate::addr::Pfn;
use crate::backend::{Backend, Capabilities, Refusal};
use crate::page::PageId;
use crate::segment::Segment;

impl<I: Index> Backend for Sorted<I> {
    type Handle = Place;

    const CAPABILITIES: Capabilities = Capabilities {
        plug_after_boot: true,
        split: true,
        stable_handles: false,
        reuses_boot_records: true,
        linear_updates: true,
    };

    #[inline]
    fn find(&self, pfn: Pfn) -> Option<(Place, u64)> {
        let at = self.locate(pfn)?;
        Some((Place(at), pfn.get() - self.records[at].start().get()))
    }

    /// Before boot ends there are no descriptors, and the index is empty.
    #[inline]
    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        self.index.find_page(&self.records, pfn)
    }

    fn find_geq(&self, pfn: Pfn) -> Option<Place> {
        let above = self.at_or_below(pfn);
        match above.checked_sub(1) {
            Some(below) if self.records[below].end() > pfn => Some(Place(below)),
            _ => self.at(above),
        }
    }

    fn find_leq(&self, pfn: Pfn) -> Option<Place> {
        self.at_or_below(pfn).checked_sub(1).map(Place)
    }

    fn get(&self, handle: Place) -> Option<&Segment> {
        self.records.get(handle.0)
    }

    fn get_mut(&mut self, handle: Place) -> Option<&mut Segment> {
        self.records.get_mut(handle.0)
    }

    fn insert(&mut self, segment: Segment) -> Result<Place, Refusal> {
        let (present, mut most) = (self.records.len(), None);
        if let BootLimit::AtBoot(capacity) = self.limit {
            if present >= capacity {
                return Err(Refusal::Full { capacity });
            }
            most = Some(capacity);
        }
        self.index.reserve(&self.records, &segment, most)?;
        let at = self.at_or_below(segment.start());
        self.put(at, segment, most)?;
        if self.booted() {
            self.index.inserted(&self.records, at);
        }
        Ok(Place(at))
    }

    fn remove(&mut self, handle: Place) -> Option<Segment> {
        self.get(handle)?;
        let segment = self.take(handle.0);
        if self.booted() {
            self.index.removed(&self.records, handle.0);
        }
        Some(segment)
    }

    fn replace(&mut self, handle: Place, segment: Segment) -> Option<Place> {
        *self.records.get_mut(handle.0)? = segment;
        if self.booted() {
            self.index.replaced(&self.records, handle.0);
        }
        Some(handle)
    }

    fn first(&self) -> Option<Place> {
        self.at(0)
    }

    fn last(&self) -> Option<Place> {
        self.records.len().checked_sub(1).map(Place)
    }

    fn next(&self, handle: Place) -> Option<Place> {
        self.get(handle)?;
        self.at(handle.0 + 1)
    }

    fn prev(&self, handle: Place) -> Option<Place> {
        self.get(handle)?;
        handle.0.checked_sub(1).map(Place)
    }

    fn len(&self) -> usize {
        self.records.len()
    }

    fn boot_ended(&mut self) {
        self.limit = BootLimit::None;
        self.index.build(&self.records);
    }

    fn bytes(&self) -> usize {
        self.record_bytes() + self.index.bytes()
    }

    fn index_bytes(&self) -> usize {
        self.index.read_bytes(self.record_bytes())
    }

    fn handle_word(handle: Place) -> u64 {
        handle.0 as u64
    }

    fn check(&self) -> Result<(), String> {
        if let BootLimit::AtBoot(capacity) = self.limit
            && self.records.len() > capacity
        {
            return Err(format!("{} records, more than may be", self.records.len()));
        }
        for pair in self.records.windows(2) {
            if pair[0].end() > pair[1].start() {
                return Err(format!("{} begins before {}", pair[1].range(), pair[0].end()));
            }
        }
        if self.booted() { self.index.check(&self.records) } else { Ok(()) }
    }
}

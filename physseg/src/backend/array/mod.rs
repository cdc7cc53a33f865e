//! The static array: whole segment records side by side, found by one of four searches.
//!
//! This is what NetBSD had before segments could be plugged, and the reference that everything else
//! is compared to. Its handle is a position, so loading a lower segment shifts the handles above it
//! (BSEARCH); it takes no segment after boot and loses none from the middle, because the kernel
//! hands positions to code that keeps them.

mod strategy;

pub use strategy::{BigFirst, Bsearch, Contig, Linear, Strategy};

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::marker::PhantomData;

use super::{Backend, Capabilities, Refusal};
use crate::addr::Pfn;
use crate::page::PageId;
use crate::segment::Segment;

/// How many segments a static table holds unless said otherwise: `VM_PHYSSEG_MAX` of the load tests
/// in the paper. Kernels use 1 to 256.
pub const DEFAULT_CAPACITY: usize = 32;

/// Records for which memory is set aside at once, at most; an array with a higher limit grows on
/// demand beyond them. A slip in a limit must not ask for all the memory there is.
pub const RESERVED_MAX: usize = 1 << 20;

/// Names a record of an [`Array`] by its position.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Position(usize);

impl Position {
    /// The index in the array.
    pub fn index(self) -> usize {
        self.0
    }
}

/// An array of segment records, searched by `S`.
#[derive(Debug)]
pub struct Array<S = Bsearch> {
    records: Vec<Segment>,
    capacity: Option<usize>,
    strategy: PhantomData<S>,
}

impl<S: Strategy> Array<S> {
    /// An array for at most `capacity` segments; `None` for as many as memory holds.
    ///
    /// With a capacity the memory for all of them is taken here, as a kernel's static array takes it
    /// (of up to a million records). If there is not enough, the first insertion says so.
    pub fn new(capacity: Option<usize>) -> Self {
        let mut array = Self { records: Vec::new(), capacity, strategy: PhantomData };
        if capacity.is_some() {
            let _ = array.reserve();
        }
        array
    }

    /// Makes room for another record, if there is none: for all that the capacity allows, or twice as
    /// many as there are.
    fn reserve(&mut self) -> Result<(), Refusal> {
        let present = self.records.len();
        if present < self.records.capacity() {
            return Ok(());
        }
        let ahead = self.capacity.map_or(0, |limit| limit.min(RESERVED_MAX));
        let outcome = match ahead.saturating_sub(present) {
            0 if self.capacity == Some(0) => return Ok(()),
            0 => self.records.try_reserve(present.max(4)).map_err(|_| present.max(4)),
            more => self.records.try_reserve_exact(more).map_err(|_| more),
        };
        outcome.map_err(|more| Refusal::NoMemory { bytes: more * size_of::<Segment>() })
    }

    /// The neighbour in the order of frames, where storage has another: the best record by `better`
    /// among those that `fits`. O(n), for arrays of a few dozen records.
    fn scan(
        &self,
        fits: impl Fn(&Segment) -> bool,
        better: impl Fn(&Segment, &Segment) -> bool,
    ) -> Option<Position> {
        let mut best: Option<(usize, &Segment)> = None;
        for (index, record) in self.records.iter().enumerate().filter(|(_, r)| fits(r)) {
            if best.is_none_or(|(_, so_far)| better(record, so_far)) {
                best = Some((index, record));
            }
        }
        best.map(|(index, _)| Position(index))
    }

    /// The position after the last, unless the array is empty or `index` is there already.
    fn at(&self, index: usize) -> Option<Position> {
        (index < self.records.len()).then_some(Position(index))
    }
}

impl Default for Array<Bsearch> {
    fn default() -> Self {
        Self::new(Some(DEFAULT_CAPACITY))
    }
}

impl<S: Strategy> Backend for Array<S> {
    type Handle = Position;

    const CAPABILITIES: Capabilities = Capabilities {
        plug_after_boot: false,
        split: false,
        stable_handles: false,
        reuses_boot_records: true,
        linear_updates: true,
    };

    #[inline]
    fn find(&self, pfn: Pfn) -> Option<(Position, u64)> {
        let index = S::find(&self.records, pfn)?;
        Some((Position(index), pfn.get() - self.records[index].start().get()))
    }

    #[inline]
    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        self.records[S::find(&self.records, pfn)?].page_of(pfn)
    }

    fn find_geq(&self, pfn: Pfn) -> Option<Position> {
        if S::SORTED {
            self.at(self.records.partition_point(|record| record.end() <= pfn))
        } else {
            self.scan(|record| record.end() > pfn, |a, b| a.start() < b.start())
        }
    }

    fn find_leq(&self, pfn: Pfn) -> Option<Position> {
        if S::SORTED {
            self.records
                .partition_point(|record| record.start() <= pfn)
                .checked_sub(1)
                .map(Position)
        } else {
            self.scan(|record| record.start() <= pfn, |a, b| a.start() > b.start())
        }
    }

    fn get(&self, handle: Position) -> Option<&Segment> {
        self.records.get(handle.0)
    }

    fn get_mut(&mut self, handle: Position) -> Option<&mut Segment> {
        self.records.get_mut(handle.0)
    }

    fn insert(&mut self, segment: Segment) -> Result<Position, Refusal> {
        if let Some(capacity) = self.capacity
            && self.records.len() >= capacity
        {
            return Err(Refusal::Full { capacity });
        }
        self.reserve()?;
        let index = S::position(&self.records, &segment);
        self.records.insert(index, segment);
        Ok(Position(index))
    }

    fn remove(&mut self, handle: Position) -> Option<Segment> {
        self.get(handle)?;
        Some(self.records.remove(handle.0))
    }

    fn replace(&mut self, handle: Position, segment: Segment) -> Option<Position> {
        let record = self.records.get_mut(handle.0)?;
        *record = segment;
        if !S::BY_SIZE {
            return Some(handle);
        }
        // Its size may rank it elsewhere now. There is room: it was here a moment ago.
        let record = self.records.remove(handle.0);
        let index = S::position(&self.records, &record);
        self.records.insert(index, record);
        Some(Position(index))
    }

    fn first(&self) -> Option<Position> {
        self.find_geq(Pfn::ZERO)
    }

    fn last(&self) -> Option<Position> {
        self.find_leq(Pfn::new(u64::MAX))
    }

    fn next(&self, handle: Position) -> Option<Position> {
        let end = self.get(handle)?.end();
        if S::SORTED { self.at(handle.0 + 1) } else { self.find_geq(end) }
    }

    fn prev(&self, handle: Position) -> Option<Position> {
        let start = self.get(handle)?.start();
        if S::SORTED {
            handle.0.checked_sub(1).map(Position)
        } else {
            self.find_leq(start.checked_sub(1)?)
        }
    }

    fn len(&self) -> usize {
        self.records.len()
    }

    fn bytes(&self) -> usize {
        self.records.capacity() * size_of::<Segment>()
    }

    fn handle_word(handle: Position) -> u64 {
        handle.0 as u64
    }

    fn check(&self) -> Result<(), String> {
        if self.capacity.is_some_and(|capacity| self.records.len() > capacity) {
            return Err(format!("{} records, more than may be", self.records.len()));
        }
        let by_size = |a: &Segment, b: &Segment| a.frames() >= b.frames();
        if S::BY_SIZE && !self.records.is_sorted_by(by_size) {
            return Err("a record lies below a larger one".into());
        }
        let mut walk = self.first();
        let mut seen = 0;
        let mut end = Pfn::ZERO;
        while let Some(record) = walk.and_then(|handle| self.get(handle)) {
            if record.start() < end {
                return Err(format!("{} begins before {end}", record.range()));
            }
            (end, seen) = (record.end(), seen + 1);
            walk = walk.and_then(|handle| self.next(handle));
        }
        if seen == self.records.len() {
            Ok(())
        } else {
            Err(format!("the walk meets {seen} of {} records", self.records.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::FrameRange;
    use crate::segment::FreeList;

    fn segment(start: u64) -> Segment {
        let range = FrameRange::new(Pfn::new(start), Pfn::new(start + 1)).unwrap();
        Segment::new(range, FreeList::Default)
    }

    #[test]
    fn an_array_with_a_capacity_has_its_memory_from_the_start_and_takes_no_more() {
        let mut array = Array::<Bsearch>::new(Some(5));
        let bytes = 5 * size_of::<Segment>();
        assert_eq!(array.bytes(), bytes);
        for start in 0..5 {
            array.insert(segment(start)).unwrap();
            assert_eq!(array.bytes(), bytes);
        }
        assert_eq!(array.insert(segment(5)), Err(Refusal::Full { capacity: 5 }));
        let mut none = Array::<Bsearch>::new(Some(0));
        assert_eq!(none.insert(segment(0)), Err(Refusal::Full { capacity: 0 }));
    }

    #[test]
    fn an_array_without_a_sane_capacity_grows_on_demand() {
        let mut array = Array::<Bsearch>::new(None);
        assert_eq!(array.bytes(), 0);
        array.insert(segment(0)).unwrap();
        assert!(array.bytes() >= size_of::<Segment>());
        let vast = Array::<Bsearch>::new(Some(usize::MAX));
        assert!(vast.bytes() <= RESERVED_MAX * size_of::<Segment>());
    }
}

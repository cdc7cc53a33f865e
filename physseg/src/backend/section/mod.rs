//! `section`: hotplug for free, and lookups that do not know how many segments there are.
//!
//! A kernel asks for the descriptor of a frame all the time, and seldom which segment holds it. A search
//! tree or a sorted array answers both with one search over the segments. Here they are answered
//! apart, by what suits each:
//!
//! | part | answers | made of |
//! |---|---|---|
//! | `map` | `find_page` | a word and a validity bit a frame, in blocks of 64 frames and chunks of 2^15 |
//! | `order` | `find`, neighbours, ends | a B+-tree of first frames |
//! | `records` | `get` | slots with generations, which never move |
//! | `pool` | | the memory of all but the map's chunks |
//!
//! # Why a page map needs so little
//! "First descriptor minus first frame" stays the same when a segment is cut or split, as does that of
//! every part. So the map keeps that *bias* for a block of frames, and which of them are there: an
//! unplug clears bits, a plug sets them, and no part of a segment that stays is written. A chunk that
//! is there as a whole is one word in the root, like a huge page in a page table; the blocks of one
//! that is not take 12 KiB, 0.3 % of its descriptors (of 128 bytes). Where descriptors are
//! numbered through over holes, as for segments loaded at boot, a bias does not do, and a population
//! count takes its place; for descriptors in disorder there are tables (`map/block.rs`). The
//! layout of levels is that of Linux's SPARSEMEM and of every page table; the bits are
//! `pfn_valid`'s (`subsection_map`), refined to single frames.
//!
//! # What it costs
//! Nanoseconds a lookup, the least of several runs on a 2-core x86-64 virtual machine (Zen 4, 2.6 GHz),
//! addresses random over the span and drawn before, `array` being the binary search over records
//! with the same segments in the same run; "chain" where each address waits for the last answer:
//!
//! | layout | `array` | `section` | chain | told by |
//! |---|---|---|---|---|
//! | 32 segments of 8 frames | 17.9 | 1.6 | 4.7 | bias |
//! | 8,161 segments, 8 of 16 frames | 108 | 1.8 | 5.5 | bias |
//! | the same, loaded at boot | 108 | 4.3 | 9.7 | rank |
//! | 131,057 segments, 8 of 16 frames | 229 | 2.2 | 8.9 | bias |
//!
//! (The machine was shared, which is seen in the array's figures more than in the others.)
//!
//! The plug and unplug of a table come, extents included, to 290 to 330 ns a pair with 32 segments in
//! cache, where `rbtree` needs 250 to 275: keeping a map besides an order costs some 25 ns an
//! operation. From some thousand segments on both are equal, and with 262,144 the order's fewer cache
//! misses leave `section` ahead.
//!
//! Whether a frame is there must be a mask: as a branch, wrong every other time over a fragmented
//! layout, it would cost more than all the rest. That is how the code is written and how it is compiled
//! (a bit test and a conditional move).
//!
//! There is no `unsafe` code: the index of a block is masked and needs no check, and the one bounds
//! check that remains, of the root, is the answer for frames beyond it.

mod contract;
mod handle;
mod map;
mod order;
mod pool;
mod records;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod window_tests;

pub use handle::SectionHandle;

use self::map::PageMap;
use self::order::Order;
use self::records::Records;
use super::{DEFAULT_CAPACITY, Refusal};
use crate::addr::Pfn;
use crate::segment::Segment;

/// Segments with a page map. See the [module](self).
#[derive(Debug)]
pub struct Section {
    map: PageMap,
    order: Order,
    records: Records,
    boot_capacity: usize,
    boot_is_over: bool,
}

impl Section {
    /// Without segments, at boot, with room for [`DEFAULT_CAPACITY`] of them until boot ends.
    pub const fn new() -> Self {
        Self::with_boot_capacity(DEFAULT_CAPACITY)
    }

    /// Without segments, at boot, with room for `segments` at a time until boot ends.
    pub const fn with_boot_capacity(segments: usize) -> Self {
        Self {
            map: PageMap::new(),
            order: Order::new(),
            records: Records::new(),
            boot_capacity: segments,
            boot_is_over: false,
        }
    }

    /// Makes room for another record, but for its frames.
    fn make_room(&mut self) -> Result<(), Refusal> {
        if !self.boot_is_over && self.records.len() >= self.boot_capacity {
            return Err(Refusal::Full { capacity: self.boot_capacity });
        }
        self.order.reserve()?;
        self.records.reserve()
    }

    /// Adds a record, but for its frames. There is [room](Self::make_room).
    fn add(&mut self, segment: Segment) -> Option<SectionHandle> {
        let handle = self.records.add(segment)?;
        self.order.insert(segment.start().get(), handle.slot())?;
        Some(handle)
    }

    /// The record that holds `pfn`, or else the nearest one below it.
    #[inline]
    fn at_or_below(&self, pfn: Pfn) -> Option<(SectionHandle, &Segment)> {
        self.records.in_slot(self.order.at_or_below(pfn.get())?)
    }

    /// The name of the record in a slot.
    fn name(&self, slot: Option<u32>) -> Option<SectionHandle> {
        self.records.in_slot(slot?).map(|(handle, _)| handle)
    }
}

impl Default for Section {
    fn default() -> Self {
        Self::new()
    }
}

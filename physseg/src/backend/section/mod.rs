//! `section`: hotplug for free, and lookups that do not know how many segments there are.
//!
//! A kernel asks for the descriptor of a frame all the time, and seldom which segment holds it. A search
//! tree or a sorted array answers both with one search over the segments. Here they are answered
//! apart, by what suits each:
//!
//! | part | answers | made of |
//! |---|---|---|
//! | `map` | `find_page` | a word and a validity bit a frame, in blocks of 64 frames: side by side in a span of up to 2^16 frames, else in chunks of 2^15 |
//! | `order` | `find`, neighbours, ends | a B+-tree of first frames |
//! | `records` | `get` | slots with generations, which never move |
//! | `pool` | | the memory of all but the map's chunks |
//!
//! # Why a page map needs so little
//! "First descriptor minus first frame" stays the same when a segment is cut or split, as does that of
//! every part. So the map keeps that *bias* for a block of frames, and which of them are there: an
//! unplug clears bits, a plug sets them, and no part of a segment that stays is written. A chunk that
//! is there as a whole is one word in the root, like a huge page in a page table. Where descriptors are
//! numbered through over holes, as for segments loaded at boot, a bias does not do, and a population
//! count takes its place; for descriptors in disorder there are tables (`map/block.rs`). The
//! layout of levels is that of Linux's SPARSEMEM and of every page table; the bits are
//! `pfn_valid`'s (`subsection_map`), refined to single frames.
//!
//! # What it takes
//! Memory follows the chunks that are touched, not the frames in them. The blocks of a chunk of which
//! some frames are there and others not take 12 KiB: 0.3 % of the descriptors (of 128 bytes) of a chunk
//! that is nearly full, 1 % where three in ten frames are there, and at worst 12 KiB for a single frame
//! with 128 bytes of descriptor, and a directory of 16 KiB besides if nothing else is touched in the
//! same 2^25 frames. A whole chunk has blocks set aside, but for no more than two chunks a segment, so
//! that a cut needs no memory. In a window the blocks follow the span, 24 bytes for 64 frames. On the
//! layouts that `bench-harness` ships, up to a GiB and of real machines, all this stays below 1 %, which
//! is tested there.
//!
//! # What it costs
//! Nanoseconds a lookup, the least of 60 runs, on a 2-core x86-64 virtual machine (Zen 4, 2.6 GHz) that
//! others used as well; addresses random over the span and drawn before, `array` being the binary
//! search over records with the same segments in the same run; "chain" where each address waits for
//! the last answer. The loop alone takes 0.25, the chain's 0.81, which is included.
//!
//! | layout | `array` | `section` | chain | told by |
//! |---|---|---|---|---|
//! | 32 segments of 8 frames, a window | 16.8 to 17.4 | 1.16 | 3.3 | bias |
//! | 7,634 segments, 1 to 7 of 8 frames, a window | 64 | 1.16 | 3.4 | bias |
//! | the same, loaded at boot | 64 | 3.7 | 7.3 | rank |
//! | 131,042 segments, 8 of 16 frames, chunks | 123 to 135 | 4.1 to 7.1 | 12 to 23 | bias |
//!
//! (The last layout does not fit the cache that a core has for itself, hence the spread.)
//!
//! Updates are not paid for with that. Nanoseconds an operation, extents included, by
//! `bench-harness churn --backends rbtree,section --runs 40` on the same machine, and the change against
//! `rbtree` with its 95 % interval, of one process:
//!
//! | segments | `fragment` | `inflate` | `deflate` | `replug` |
//! |---|---|---|---|---|
//! | 32 | 100, -2 % [-4, +0] | 142, -19 % [-21, -17] | 160, -18 % [-27, -9] | 174, -18 % [-25, -9] |
//! | 33 to some 100 | 146, -27 % [-29, -25] | 161, -14 % [-17, -12] | 189, -0 % [-4, +3] | 184, -11 % [-12, -9] |
//! | 8161 | 181, -24 % [-25, -23] | 303, -12 % [-14, -10] | 349, -12 % [-14, -10] | 344, -14 % [-17, -12] |
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
mod table_tests;
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
    pub fn new() -> Self {
        Self::with_boot_capacity(DEFAULT_CAPACITY)
    }

    /// Without segments, at boot, with room for `segments` at a time until boot ends. Memory for
    /// their records, up to a chunk of it, is taken now, as a kernel has it before it can allocate.
    pub fn with_boot_capacity(segments: usize) -> Self {
        Self {
            map: PageMap::new(),
            order: Order::new(),
            records: Records::with_room(segments),
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

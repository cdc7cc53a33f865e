//! Memory, asked for before anything changes, so that a cut and its undoing never need any.
//!
//! # What may be needed without asking
//! As long as the map is one flat window, it has a block for every frame between its segments, and
//! only tables may be needed. The window is left for chunks when a segment is inserted, never when one
//! is cut. In chunks:
//!
//! Between two insertions segments are only cut, given descriptors (at the end of boot) or taken out,
//! and a refused split is undone. Blocks are needed by a chunk that is uniform, or expected to get
//! descriptors, and becomes mixed. A chunk that is mixed then has a segment's end strictly inside it:
//! without one, a single segment covers it, and it is uniform, or none does, and its blocks are free
//! again. (With one it may be uniform as well, as segments of boot that touch can make it, which takes
//! no blocks.) Every segment has two ends. So there are enough spares if there are twice as many as
//! segments, or as many as chunks that are uniform or expected.
//!
//! Tables are needed by a block whose descriptors are in disorder. Cutting brings none. What is
//! undone was there before, in the same way or by a table that is still there or free again. The
//! segments of boot get descriptors in the order of their frames, which a rank can tell, up to the
//! descriptor number 2^61: nobody comes there by numbering frames. (If slabs that have given out as
//! many before are used to boot, a free table is taken then, and if there is none, the frames have
//! no answer.)

use super::PageMap;
use super::block::{FRAMES, is_bias};
use super::chunk::{Blocks, Entry, SHIFT, blank_blocks, parts};
use crate::addr::FrameRange;
use crate::backend::Refusal;

impl PageMap {
    /// Makes room for the frames of a new segment, the one that makes it `segments`, and for what may
    /// become of all of them until the next one. `raw` is the word of its first descriptor, if it has
    /// any yet.
    ///
    /// # Errors
    /// No memory. What was had of it is kept for the next one.
    pub(in super::super) fn reserve(
        &mut self,
        range: FrameRange,
        raw: Option<u64>,
        segments: usize,
    ) -> Result<(), Refusal> {
        if let Some(raw) = raw {
            self.reserve_tables(range, raw)?;
        }
        if self.is_flat() {
            if self.flat.cover(range.start().get(), range.end().get())? {
                return Ok(());
            }
            self.leave_flat()?;
        }
        let (first, last) = (range.start().get() >> SHIFT, range.last().get() >> SHIFT);
        let in_use = (self.uniform + self.mixed + self.expected) as u64 + (last - first + 1);
        self.root.cover(first, last, in_use)?;
        let (now, later) = match raw {
            Some(raw) => self.for_pages(range, raw),
            None => (0, self.count(range, Entry::is_absent)),
        };
        let breakable = self.uniform + self.expected + later;
        self.reserve_blocks(now + breakable.min(segments.saturating_mul(2)))
    }

    /// Makes room for the hole `[start, end)` in the middle of a segment, by which there will be
    /// `segments` of them.
    ///
    /// # Errors
    /// As [`reserve`](Self::reserve).
    pub(in super::super) fn reserve_hole(
        &mut self,
        (start, end): (u64, u64),
        segments: usize,
    ) -> Result<(), Refusal> {
        if self.is_flat() {
            return Ok(());
        }
        let is_broken = |chunk| self.root.get(chunk).is_some_and(Entry::is_uniform);
        // Chunks inside the hole go whole.
        let broken = usize::from(is_broken(start >> SHIFT)) + usize::from(is_broken(end >> SHIFT));
        let breakable = self.uniform + self.expected;
        self.reserve_blocks(breakable.min(segments.saturating_mul(2).saturating_add(broken)))
    }

    /// How many chunks need blocks for `range`, and how many become uniform.
    fn for_pages(&self, range: FrameRange, raw: u64) -> (usize, usize) {
        let (start, end) = (range.start().get(), range.end().get());
        if !is_bias(raw.wrapping_sub(start)) {
            return (self.count(range, |entry| entry.blocks.is_none()), 0);
        }
        let whole = (end >> SHIFT).saturating_sub(start.div_ceil(1 << SHIFT));
        let mut partial = 0;
        // What is whole has nobody else in it. That leaves the ends.
        for pfn in ends(range, SHIFT) {
            let chunk = (pfn >> SHIFT) << SHIFT;
            let is_partial = start > chunk || end < chunk + (1 << SHIFT);
            let entry = self.root.get(pfn >> SHIFT);
            if is_partial && entry.is_some_and(|entry| entry.blocks.is_none()) {
                partial += 1;
            }
        }
        (partial, usize::try_from(whole).unwrap_or(usize::MAX))
    }

    /// Makes room for the tables that `range` needs.
    #[inline]
    fn reserve_tables(&mut self, range: FrameRange, raw: u64) -> Result<(), Refusal> {
        if !is_bias(raw.wrapping_sub(range.start().get())) {
            // No word for that: a table for every block.
            let blocks = (range.last().get() / FRAMES) - (range.start().get() / FRAMES) + 1;
            return self.tables.reserve(usize::try_from(blocks).unwrap_or(usize::MAX));
        }
        // A rank may do without, but whether it does is seen when the frames come, and to find out
        // twice costs more than two spare tables do.
        let bias = raw.wrapping_sub(range.start().get());
        let at_ends = ends(range, FRAMES.trailing_zeros());
        match at_ends.filter(|&pfn| self.may_need_table(bias, pfn)).count() {
            0 => Ok(()),
            tables => self.tables.reserve(tables),
        }
    }

    /// Whether the block of `pfn` may need a new table once frames with that bias are added.
    #[inline]
    fn may_need_table(&self, bias: u64, pfn: u64) -> bool {
        self.block(pfn)
            .is_some_and(|block| block.valid != 0 && block.word != bias && block.table().is_none())
    }

    /// How many chunks of `range` have an entry that `is` so.
    fn count(&self, range: FrameRange, is: impl Fn(&Entry) -> bool) -> usize {
        parts(range.start().get(), range.end().get(), SHIFT)
            .filter(|&(chunk, ..)| self.root.get(chunk).is_some_and(&is))
            .count()
    }

    pub(super) fn reserve_blocks(&mut self, spares: usize) -> Result<(), Refusal> {
        let more = spares.saturating_sub(self.spares.len());
        if more == 0 {
            return Ok(());
        }
        // Room for all, also for those in use: they come back without asking.
        let bytes = more.saturating_mul(size_of::<Blocks>());
        let room = more.saturating_add(self.mixed);
        self.spares.try_reserve(room).map_err(|_| Refusal::NoMemory { bytes })?;
        for _ in 0..more {
            self.spares.push(blank_blocks()?);
        }
        Ok(())
    }
}

/// A frame of each unit of `2^shift` frames in which `range` begins or ends.
#[inline]
fn ends(range: FrameRange, shift: u32) -> impl Iterator<Item = u64> {
    let (first, last) = (range.start().get(), range.last().get());
    let other = (first >> shift != last >> shift).then_some(last);
    core::iter::once(first).chain(other)
}

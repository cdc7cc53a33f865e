//! Memory, asked for before anything changes, so that a cut and its undoing never need any.
//!
//! # What may be needed without asking
//! Between two insertions segments are only cut, given descriptors (at the end of boot) or taken out,
//! and a refused split is undone. Blocks are needed by a chunk that is uniform, or expected to get
//! descriptors, and becomes mixed. Such a chunk has a segment's end strictly inside it (else one segment
//! covers it, and it is uniform, or none does, and its blocks are free again), and every segment
//! has two ends. So there are enough spares if there are twice as many as segments, or as many as such
//! chunks.
//!
//! Tables are needed by a block whose descriptors are in disorder. Cutting brings none. What is
//! undone was there before, in the same way or by a table that is still there or free again. The
//! segments of boot get descriptors in the order of their frames, which a rank can tell, up to the
//! descriptor number 2^61: nobody comes there by numbering frames. (If slabs that have given out
//! as many before are used to boot, a table is asked for then, and if it is refused, the frames have
//! no answer.)

use super::block::{Block, FRAMES, Run, is_bias};
use super::chunk::{Blocks, Entry, SHIFT, blank_blocks, parts};
use super::{PageMap, block_index};
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
        let (first, last) = (range.start().get() >> SHIFT, range.last().get() >> SHIFT);
        let in_use = (self.uniform + self.mixed + self.expected) as u64 + (last - first + 1);
        self.root.cover(first, last, in_use)?;
        let (now, later) = match raw {
            Some(raw) => self.for_pages(range, raw)?,
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
        let is_broken = |chunk| self.root.get(chunk).is_some_and(Entry::is_uniform);
        // Chunks inside the hole go whole.
        let broken = usize::from(is_broken(start >> SHIFT)) + usize::from(is_broken(end >> SHIFT));
        let breakable = self.uniform + self.expected;
        self.reserve_blocks(breakable.min(segments.saturating_mul(2).saturating_add(broken)))
    }

    /// How many chunks need blocks for `range`, and how many become uniform. Makes room for its
    /// tables.
    fn for_pages(&mut self, range: FrameRange, raw: u64) -> Result<(usize, usize), Refusal> {
        let (start, end) = (range.start().get(), range.end().get());
        if !is_bias(raw.wrapping_sub(start)) {
            // No word for that: a table for every block.
            let blocks = (range.last().get() / FRAMES) - (start / FRAMES) + 1;
            self.tables.reserve(usize::try_from(blocks).unwrap_or(usize::MAX))?;
            return Ok((self.count(range, |entry| entry.blocks.is_none()), 0));
        }
        let whole = (end >> SHIFT).saturating_sub(start.div_ceil(1 << SHIFT));
        let mut partial = 0;
        let mut tables = 0;
        // What is whole has nobody else in it. That leaves the ends.
        let ends = [start, range.last().get()];
        for (nth, pfn) in ends.into_iter().enumerate() {
            let first_of_two = nth == 0 || ends[0] / FRAMES != pfn / FRAMES;
            if first_of_two && self.needs_table(range, raw, pfn) {
                tables += 1;
            }
            let first_of_two = nth == 0 || ends[0] >> SHIFT != pfn >> SHIFT;
            let chunk = (pfn >> SHIFT) << SHIFT;
            let is_partial = start > chunk || end < chunk + (1 << SHIFT);
            let entry = self.root.get(pfn >> SHIFT);
            if first_of_two && is_partial && entry.is_some_and(|entry| entry.blocks.is_none()) {
                partial += 1;
            }
        }
        self.tables.reserve(tables)?;
        Ok((partial, usize::try_from(whole).unwrap_or(usize::MAX)))
    }

    /// Whether the block of `pfn` needs a new table once `range` is added.
    fn needs_table(&self, range: FrameRange, raw: u64, pfn: u64) -> bool {
        let entry = self.root.get(pfn >> SHIFT);
        let Some(blocks) = entry.and_then(|entry| entry.blocks.as_deref()) else {
            return false;
        };
        let Blocks { blocks, steps } = &blocks[0];
        let at = block_index(pfn);
        let (block, steps): (Block, u64) = (blocks[at], steps[at]);
        let block_start = pfn - pfn % FRAMES;
        let from = range.start().get().max(block_start);
        let to = range.end().get().min(block_start + FRAMES);
        let run = Run {
            low: from - block_start,
            high: to - block_start,
            block_start,
            raw: raw.wrapping_add(from - range.start().get()),
        };
        block.table().is_none() && block.with(steps, &run).is_none()
    }

    /// How many chunks of `range` have an entry that `is` so.
    fn count(&self, range: FrameRange, is: impl Fn(&Entry) -> bool) -> usize {
        parts(range.start().get(), range.end().get(), SHIFT)
            .filter(|&(chunk, ..)| self.root.get(chunk).is_some_and(&is))
            .count()
    }

    fn reserve_blocks(&mut self, spares: usize) -> Result<(), Refusal> {
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

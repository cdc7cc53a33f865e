//! The blocks of a small span, without chunks: one window of at most 2^16 frames.
//!
//! A chunk has memory for all of its 512 blocks or for none, which is little of what the descriptors
//! of 128 MiB take and far too much where there is 1 MiB in all. So a map begins as a window of blocks
//! that follows the span from its lowest to its highest segment, at 24 bytes for 64 frames. Once the
//! span outgrows it, its blocks move to chunks (`PageMap::leave_flat`), for good.
//!
//! A lookup needs no load to get to the block, and one in chunks pays a comparison for it that is
//! always guessed.

use alloc::vec::Vec;

use super::block::{Block, FRAMES};
use super::row::Row;
use crate::backend::Refusal;

/// Blocks of the window at most: 24 KiB, no more than the blocks of two chunks.
pub(super) const LIMIT: u64 = 1024;

/// A larger window gets this part of its length beyond what it needs when it grows, so that growing
/// block by block is not quadratic. More would be seen in the index's share of the descriptors.
const SLACK: usize = 8;

/// Blocks that it gets memory for at a time, at least.
const BLOCKS_MIN: usize = 4;

/// A window of blocks. See the [module](self).
#[derive(Debug)]
pub(super) struct Flat {
    /// The first frame of the first block.
    base: u64,
    blocks: Vec<Block>,
    /// Of a block told by rank, as in a chunk. As many as `blocks`.
    steps: Vec<u64>,
    /// Whether there may be segments that get their descriptors later.
    pub(super) expects: bool,
}

impl Flat {
    pub(super) const fn new() -> Self {
        Self { base: 0, blocks: Vec::new(), steps: Vec::new(), expects: false }
    }

    /// The block of a frame.
    #[inline(always)]
    #[allow(clippy::inline_always)] // the hot path
    pub(super) fn get(&self, pfn: u64) -> Option<Block> {
        self.blocks.get(self.place(pfn)?).copied()
    }

    /// The steps of a frame's block.
    #[inline]
    pub(super) fn steps(&self, pfn: u64) -> Option<u64> {
        self.steps.get(self.place(pfn)?).copied()
    }

    /// Where a frame's block is, if it is anywhere.
    #[inline(always)]
    #[allow(clippy::inline_always)] // the hot path
    fn place(&self, pfn: u64) -> Option<usize> {
        usize::try_from(pfn.wrapping_sub(self.base) / FRAMES).ok()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The frames that there are blocks for: `[start, end)`.
    #[inline]
    pub(super) fn span(&self) -> (u64, u64) {
        (self.base, self.base + self.blocks.len() as u64 * FRAMES)
    }

    pub(super) fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    #[inline]
    pub(super) fn row(&mut self) -> Row<'_> {
        Row { start: self.base, blocks: &mut self.blocks, steps: &mut self.steps }
    }

    /// Makes sure that the frames `[start, end)` have blocks. Whether they may is the answer.
    ///
    /// # Errors
    /// No memory, and then nothing has changed.
    #[inline]
    pub(super) fn cover(&mut self, start: u64, end: u64) -> Result<bool, Refusal> {
        let (low, high) = self.span();
        // Nothing is inside a window without blocks.
        if low <= start && end <= high { Ok(true) } else { self.grow(start, end) }
    }

    #[cold]
    #[allow(clippy::cast_possible_truncation)] // all are at most `LIMIT`
    fn grow(&mut self, start: u64, end: u64) -> Result<bool, Refusal> {
        let (first, last) = (start / FRAMES, (end - 1) / FRAMES);
        let len = self.blocks.len();
        let low = if len == 0 { first } else { self.base / FRAMES };
        let high = low + len as u64;
        let needed = high.max(last + 1) - low.min(first);
        if needed > LIMIT {
            return Ok(false);
        }
        // What is spare above is memory alone; below it is blocks, since the window begins there.
        let slack = len / SLACK;
        let down = match low.saturating_sub(first) {
            0 => 0,
            down => down.max((slack as u64).min(low).min(down + LIMIT - needed)),
        };
        let more = (down + (last + 1).saturating_sub(high)) as usize;
        let room = more.max(slack).max(BLOCKS_MIN).min(LIMIT as usize - len);
        let no_memory = Refusal::NoMemory { bytes: room * (size_of::<Block>() + size_of::<u64>()) };
        if self.blocks.capacity() < len + more {
            self.blocks.try_reserve_exact(room).map_err(|_| no_memory)?;
        }
        if self.steps.capacity() < len + more {
            self.steps.try_reserve_exact(room).map_err(|_| no_memory)?;
        }
        self.blocks.resize(len + more, Block::EMPTY);
        self.steps.resize(len + more, 0);
        if down > 0 {
            self.blocks.rotate_right(down as usize);
            self.steps.rotate_right(down as usize);
        }
        self.base = (low - down) * FRAMES;
        Ok(true)
    }

    pub(super) fn bytes(&self) -> usize {
        self.blocks.capacity() * size_of::<Block>() + self.steps.capacity() * size_of::<u64>()
    }
}

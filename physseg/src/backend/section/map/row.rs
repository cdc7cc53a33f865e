//! Frames that come to and go from blocks side by side: those of a chunk, or of the flat window.

use core::mem;

use super::block::{Block, FRAMES, Run, bits, is_bias};
use super::chunk::parts;
use super::tables::Tables;

/// Blocks of frames.
const BLOCK_SHIFT: u32 = FRAMES.trailing_zeros();

/// Blocks side by side, each with its steps.
pub(super) struct Row<'a> {
    /// The first frame of the first block.
    pub(super) start: u64,
    pub(super) blocks: &'a mut [Block],
    pub(super) steps: &'a mut [u64],
}

impl Row<'_> {
    /// Adds the frames `[start, end)`, none of them there, of which the first has the descriptor with
    /// the word `raw`. Answers how many there are more.
    #[inline(always)]
    #[allow(clippy::inline_always)] // what is counted is not asked for in the flat window
    pub(super) fn add(&mut self, start: u64, end: u64, raw: u64, tables: &mut Tables) -> u64 {
        let bias = raw.wrapping_sub(start);
        // What most small segments are, in short; `add_by_parts` would say the same.
        if let Some((block, come)) = self.single(start, end)
            && is_bias(bias)
            && (block.valid == 0 || block.word == bias)
        {
            *block = Block { valid: block.valid | come, word: bias };
            return end - start;
        }
        self.add_by_parts(start, end, bias, tables)
    }

    fn add_by_parts(&mut self, start: u64, end: u64, bias: u64, tables: &mut Tables) -> u64 {
        let mut came = 0;
        for (at, low, high) in parts(start - self.start, end - self.start, BLOCK_SHIFT) {
            let Some(block) = index(at).and_then(|at| self.blocks.get_mut(at)) else {
                continue;
            };
            // What nearly all are; `Block::with` would say the same.
            if is_bias(bias) && (block.valid == 0 || block.word == bias) {
                *block = Block { valid: block.valid | bits(low, high), word: bias };
                came += high - low;
            } else {
                let block_start = self.start + at * FRAMES;
                let raw = bias.wrapping_add(block_start + low);
                came += self.add_otherwise(at, &Run { low, high, block_start, raw }, tables);
            }
        }
        came
    }

    /// The block that all of `[start, end)` is in, if it is one, and the bits of these frames.
    #[inline]
    fn single(&mut self, start: u64, end: u64) -> Option<(&mut Block, u64)> {
        let (low, high) = (start - self.start, end - self.start);
        if low >= high || low / FRAMES != (high - 1) / FRAMES {
            return None;
        }
        let block = self.blocks.get_mut(index(low / FRAMES)?)?;
        Some((block, (u64::MAX >> (FRAMES - (high - low))) << (low % FRAMES)))
    }

    /// Adds a run that needs another way of telling descriptors than a bias.
    #[cold]
    fn add_otherwise(&mut self, at: u64, run: &Run, tables: &mut Tables) -> u64 {
        let at = index(at);
        let block = at.and_then(|at| self.blocks.get_mut(at));
        let (Some(block), Some(steps)) = (block, at.and_then(|at| self.steps.get_mut(at))) else {
            return 0;
        };
        let before = block.valid;
        if let Some(told) = block.with(*steps, run) {
            (*block, *steps) = told;
        } else if let Some(told) = tables.add(*block, *steps, run) {
            *block = told;
        }
        (block.valid & !before).count_ones().into()
    }

    /// Takes the frames `[start, end)`, all of them there, away. Answers how many there are less.
    #[inline(always)]
    #[allow(clippy::inline_always)] // what is counted is not asked for in the flat window
    pub(super) fn take(&mut self, start: u64, end: u64, tables: &mut Tables) -> u64 {
        if let Some((block, gone)) = self.single(start, end) {
            return take_bits(block, gone, tables);
        }
        self.take_by_parts(start, end, tables)
    }

    fn take_by_parts(&mut self, start: u64, end: u64, tables: &mut Tables) -> u64 {
        let mut went = 0;
        for (at, low, high) in parts(start - self.start, end - self.start, BLOCK_SHIFT) {
            if let Some(block) = index(at).and_then(|at| self.blocks.get_mut(at)) {
                went += take_bits(block, bits(low, high), tables);
            }
        }
        went
    }
}

#[inline(always)]
#[allow(clippy::inline_always)] // as above
fn take_bits(block: &mut Block, gone: u64, tables: &mut Tables) -> u64 {
    let before = block.valid;
    block.valid &= !gone;
    if block.valid == 0 {
        tables.release(mem::replace(block, Block::EMPTY));
    }
    (before & gone).count_ones().into()
}

/// The number of a block as an index, where it can be one.
#[inline]
fn index(at: u64) -> Option<usize> {
    usize::try_from(at).ok()
}

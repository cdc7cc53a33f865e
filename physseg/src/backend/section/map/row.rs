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
    #[inline]
    pub(super) fn add(&mut self, start: u64, end: u64, raw: u64, tables: &mut Tables) -> u64 {
        let bias = raw.wrapping_sub(start);
        let mut came = 0;
        for (at, low, high) in parts(start - self.start, end - self.start, BLOCK_SHIFT) {
            let Some(block) = index(at).and_then(|at| self.blocks.get_mut(at)) else {
                continue;
            };
            // What nearly all are, in short; `Block::with` would say the same.
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
    #[inline]
    pub(super) fn take(&mut self, start: u64, end: u64, tables: &mut Tables) -> u64 {
        let mut went = 0;
        for (at, low, high) in parts(start - self.start, end - self.start, BLOCK_SHIFT) {
            if let Some(block) = index(at).and_then(|at| self.blocks.get_mut(at)) {
                let gone = block.valid & bits(low, high);
                went += u64::from(gone.count_ones());
                block.valid &= !gone;
                if block.valid == 0 {
                    tables.release(mem::replace(block, Block::EMPTY));
                }
            }
        }
        went
    }
}

/// The number of a block as an index, where it can be one.
#[inline]
fn index(at: u64) -> Option<usize> {
    usize::try_from(at).ok()
}

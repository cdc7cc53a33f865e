//! From the flat window to chunks.

use core::mem;

use super::PageMap;
use super::block::{Block, FRAMES};
use super::chunk::{Entry, SHIFT, parts};
use super::flat::Flat;
use crate::backend::Refusal;

impl PageMap {
    /// Moves the blocks of the flat window to chunks. What the map says does not change.
    ///
    /// # Errors
    /// No memory; then the window is as it was.
    #[cold]
    pub(super) fn leave_flat(&mut self) -> Result<(), Refusal> {
        if self.flat.is_empty() {
            return Ok(());
        }
        let (start, end) = self.flat.span();
        let (first, last) = (start >> SHIFT, (end - 1) >> SHIFT);
        self.root.cover(first, last, last - first + 1)?;
        self.reserve_blocks(parts(start, end, SHIFT).count())?;
        // All memory is there: nothing is refused from here on.
        let mut flat = mem::replace(&mut self.flat, Flat::new());
        let expects = flat.expects;
        let (mut blocks, mut steps) = {
            let row = flat.row();
            (row.blocks, row.steps)
        };
        for (chunk, low, high) in parts(start, end, SHIFT) {
            let (low, len) = (index(low), index(high) - index(low));
            let (part, rest) = mem::take(&mut blocks).split_at_mut(len);
            let (part_steps, rest_steps) = mem::take(&mut steps).split_at_mut(len);
            (blocks, steps) = (rest, rest_steps);
            let present = part.iter().map(|block| u64::from(block.valid.count_ones())).sum();
            self.fill_chunk(chunk, low, part, part_steps, present, expects);
        }
        Ok(())
    }

    /// Gives a chunk that has an empty entry `blocks`, from the block `low` on, with `present` frames.
    fn fill_chunk(
        &mut self,
        chunk: u64,
        low: usize,
        blocks: &[Block],
        steps: &[u64],
        present: u64,
        expects: bool,
    ) {
        if present == 0 {
            if expects {
                self.put(chunk, Entry::EXPECTED);
            }
            return;
        }
        self.make_mixed(chunk);
        let Some((count, place)) = self.root.get_mut(chunk).and_then(Entry::parts_mut) else {
            return;
        };
        place.blocks[low..low + blocks.len()].copy_from_slice(blocks);
        place.steps[low..low + steps.len()].copy_from_slice(steps);
        *count = present;
        if present == 1 << SHIFT {
            self.make_uniform(chunk);
        }
    }
}

/// The number of a frame in its chunk as that of its block.
#[allow(clippy::cast_possible_truncation)] // below 2^10
fn index(frame: u64) -> usize {
    (frame / FRAMES) as usize
}

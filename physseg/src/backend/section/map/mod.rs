//! The page map: from a frame to its descriptor in one load of a block (of a small span), or two that
//! depend on each other: a chunk's entry, then the block. Three where chunks lie far apart, with the
//! directory of the entry first. That holds for any number of segments.
//!
//! | file | holds |
//! |---|---|
//! | `block.rs` | 64 frames: which are there, and how they become descriptors |
//! | `flat.rs` | blocks side by side, as long as the span is small |
//! | `chunk.rs` | 512 blocks, or one bias for all of them |
//! | `leave.rs` | from the one to the other |
//! | `root.rs` | where a chunk's entry is |
//! | `tables.rs` | answers frame by frame, for blocks in disorder |
//! | `update.rs` | frames that come and go |
//! | `row.rs` | the same within blocks side by side |
//! | `reserve.rs` | memory, asked for before anything changes |
//! | `check.rs` | the invariants |

mod block;
mod check;
mod chunk;
mod flat;
mod leave;
mod reserve;
mod root;
mod row;
mod tables;
mod update;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use self::block::{Block, is_bias};
use self::chunk::{BLOCKS, Blocks, BoxedBlocks};
use self::flat::Flat;
use self::root::Root;
use self::tables::Tables;
use crate::page::PageId;

/// Which descriptor each frame has. See the [module](self).
#[derive(Debug)]
pub(super) struct PageMap {
    /// All blocks, while the span is small. Empty from then on.
    flat: Flat,
    /// All chunks, from then on. (Before, it may have entries, in which there is nothing.)
    root: Root,
    tables: Tables,
    /// Blank blocks for chunks that stop being uniform, and for the segments of boot. There is always
    /// room in this vector for the blocks of all chunks.
    spares: Vec<BoxedBlocks>,
    /// How many chunks are uniform, mixed, or expected to get descriptors.
    uniform: usize,
    mixed: usize,
    expected: usize,
}

impl PageMap {
    pub(super) const fn new() -> Self {
        Self {
            flat: Flat::new(),
            root: Root::new(),
            tables: Tables::new(),
            spares: Vec::new(),
            uniform: 0,
            mixed: 0,
            expected: 0,
        }
    }

    /// Whether the blocks are in the flat window, or would be if there were any.
    #[inline]
    fn is_flat(&self) -> bool {
        !self.flat.is_empty() || self.root.is_empty()
    }

    /// The descriptor of frame `pfn`.
    ///
    /// Whether the frame is there becomes a mask and not a branch: over a fragmented map every other
    /// guess would be wrong.
    #[inline]
    pub(super) fn find(&self, pfn: u64) -> Option<PageId> {
        let Some(block) = self.flat.get(pfn) else {
            return self.find_in_chunk(pfn);
        };
        if is_bias(block.word) { by_bias(block, pfn) } else { self.find_in_flat_otherwise(pfn) }
    }

    #[inline]
    fn find_in_chunk(&self, pfn: u64) -> Option<PageId> {
        let entry = self.root.get(pfn >> chunk::SHIFT)?;
        let Some(blocks) = &entry.blocks else {
            let there = u64::from(is_bias(entry.word));
            return PageId::from_raw(entry.word.wrapping_add(pfn) & there.wrapping_neg());
        };
        let block = blocks[0].blocks[block_index(pfn)];
        if is_bias(block.word) {
            by_bias(block, pfn)
        } else {
            self.find_in_chunk_otherwise(&blocks[0], pfn)
        }
    }

    /// As [`find`](Self::find), in a block of the flat window told by rank or table. A function of
    /// its own, so that the registers it needs are not taken from the loop around
    /// [`find`](Self::find).
    #[inline(never)]
    fn find_in_flat_otherwise(&self, pfn: u64) -> Option<PageId> {
        self.otherwise(self.flat.get(pfn)?, self.flat.steps(pfn)?, pfn)
    }

    /// The same, in a block of a chunk.
    #[inline(never)]
    fn find_in_chunk_otherwise(&self, blocks: &Blocks, pfn: u64) -> Option<PageId> {
        let at = block_index(pfn);
        self.otherwise(blocks.blocks[at], blocks.steps[at], pfn)
    }

    #[inline]
    fn otherwise(&self, block: Block, steps: u64, pfn: u64) -> Option<PageId> {
        let index = pfn % block::FRAMES;
        let raw = match block.table() {
            Some(table) => self.tables.get(table, index),
            None => block.ranked(steps, index),
        };
        let there = block.valid >> index & 1;
        PageId::from_raw(raw & there.wrapping_neg())
    }

    /// The block of a frame, if it has one.
    #[inline]
    fn block(&self, pfn: u64) -> Option<Block> {
        if let Some(block) = self.flat.get(pfn) {
            return Some(block);
        }
        let blocks = &self.root.get(pfn >> chunk::SHIFT)?.blocks.as_deref()?[0];
        Some(blocks.blocks[block_index(pfn)])
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.flat.bytes()
            + self.root.bytes()
            + self.tables.bytes()
            + (self.mixed + self.spares.len()) * size_of::<Blocks>()
            + self.spares.capacity() * size_of::<BoxedBlocks>()
    }
}

/// The descriptor of a frame in a block told by bias.
#[inline(always)]
#[allow(clippy::inline_always)] // the hot path
fn by_bias(block: Block, pfn: u64) -> Option<PageId> {
    let there = block.valid >> (pfn % block::FRAMES) & 1;
    PageId::from_raw(block.word.wrapping_add(pfn) & there.wrapping_neg())
}

/// Which block of its chunk a frame is in.
#[inline]
#[allow(clippy::cast_possible_truncation)] // below 2^9
fn block_index(pfn: u64) -> usize {
    (pfn / block::FRAMES % BLOCKS as u64) as usize
}

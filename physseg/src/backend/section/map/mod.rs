//! The page map: from a frame to its descriptor in two loads, whatever the number of segments.
//!
//! | file | holds |
//! |---|---|
//! | `block.rs` | 64 frames: which are there, and how they become descriptors |
//! | `chunk.rs` | 512 blocks, or one bias for all of them |
//! | `root.rs` | where a chunk's entry is |
//! | `tables.rs` | answers frame by frame, for blocks in disorder |
//! | `update.rs` | frames that come and go |
//! | `reserve.rs` | memory, asked for before anything changes |
//! | `check.rs` | the invariants |

mod block;
mod check;
mod chunk;
mod reserve;
mod root;
mod tables;
mod update;

#[cfg(test)]
mod tests;

use alloc::vec::Vec;

use self::block::is_bias;
use self::chunk::{BLOCKS, Blocks, BoxedBlocks};
use self::root::Root;
use self::tables::Tables;
use crate::page::PageId;

/// Which descriptor each frame has. See the [module](self).
#[derive(Debug)]
pub(super) struct PageMap {
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
            root: Root::new(),
            tables: Tables::new(),
            spares: Vec::new(),
            uniform: 0,
            mixed: 0,
            expected: 0,
        }
    }

    /// The descriptor of frame `pfn`.
    ///
    /// Whether the frame is there becomes a mask and not a branch: over a fragmented map every other
    /// guess would be wrong.
    #[inline]
    pub(super) fn find(&self, pfn: u64) -> Option<PageId> {
        let entry = self.root.get(pfn >> chunk::SHIFT)?;
        let Some(blocks) = &entry.blocks else {
            let there = u64::from(is_bias(entry.word));
            return PageId::from_raw(entry.word.wrapping_add(pfn) & there.wrapping_neg());
        };
        let block = blocks[0].blocks[block_index(pfn)];
        if !is_bias(block.word) {
            return self.find_told_otherwise(&blocks[0], pfn);
        }
        let there = block.valid >> (pfn % block::FRAMES) & 1;
        PageId::from_raw(block.word.wrapping_add(pfn) & there.wrapping_neg())
    }

    /// As [`find`](Self::find), in a block told by rank or table. A function of its own, so that the
    /// registers it needs are not taken from the loop around [`find`](Self::find).
    #[inline(never)]
    fn find_told_otherwise(&self, Blocks { blocks, steps }: &Blocks, pfn: u64) -> Option<PageId> {
        let at = block_index(pfn);
        let (block, index) = (blocks[at], pfn % block::FRAMES);
        let raw = match block.table() {
            Some(table) => self.tables.get(table, index),
            None => block.ranked(steps[at], index),
        };
        let there = block.valid >> index & 1;
        PageId::from_raw(raw & there.wrapping_neg())
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.root.bytes()
            + self.tables.bytes()
            + (self.mixed + self.spares.len()) * size_of::<Blocks>()
            + self.spares.capacity() * size_of::<BoxedBlocks>()
    }
}

/// Which block of its chunk a frame is in.
#[inline]
#[allow(clippy::cast_possible_truncation)] // below 2^9
fn block_index(pfn: u64) -> usize {
    (pfn / block::FRAMES % BLOCKS as u64) as usize
}

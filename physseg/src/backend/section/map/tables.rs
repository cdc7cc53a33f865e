//! Tables of answers, for blocks in which descriptors are in disorder.

use super::super::pool::{Item, NONE, Pool};
use super::block::{Block, FRAMES, Run};
use crate::backend::Refusal;

/// Answers of the 64 frames of a block: raw words. What stands at a frame that is not there says
/// nothing. A free table's first word is the next free one.
#[derive(Debug)]
pub(super) struct Table([u64; FRAMES as usize]);

impl Item for Table {
    fn blank() -> Self {
        Self([NONE as u64; FRAMES as usize])
    }

    #[allow(clippy::cast_possible_truncation)] // a link has 32 bits
    fn link(&self) -> u32 {
        self.0[0] as u32
    }

    fn set_link(&mut self, link: u32) {
        self.0[0] = link.into();
    }
}

/// The tables of all blocks.
#[derive(Debug)]
pub(super) struct Tables {
    pool: Pool<Table, 16>,
}

impl Tables {
    pub(super) const fn new() -> Self {
        Self { pool: Pool::new() }
    }

    pub(super) fn bytes(&self) -> usize {
        self.pool.bytes()
    }

    pub(super) fn in_use(&self) -> usize {
        self.pool.in_use()
    }

    pub(super) fn reserve(&mut self, tables: usize) -> Result<(), Refusal> {
        self.pool.reserve(tables)
    }

    /// The raw word of frame `index` of a block told by `table`.
    #[inline]
    pub(super) fn get(&self, table: u32, index: u64) -> u64 {
        let entry = self.pool.get(table).and_then(|table| table.0.get(index as usize));
        entry.copied().unwrap_or(0)
    }

    /// The block with `run` added, told by a table: its own, or a new one. `None` if there is none.
    pub(super) fn add(&mut self, block: Block, steps: u64, run: &Run) -> Option<Block> {
        let number = match block.table() {
            Some(number) => number,
            None => {
                let number = self.pool.take()?;
                let mut left = block.valid;
                while left != 0 {
                    let index = u64::from(left.trailing_zeros());
                    let raw = block.told(steps, run.block_start, index);
                    self.pool.get_mut(number)?.0[index as usize] = raw;
                    left &= left - 1;
                }
                number
            }
        };
        let table = self.pool.get_mut(number)?;
        for (raw, place) in (run.raw..).zip(table.0.get_mut(run.low as usize..run.high as usize)?) {
            *place = raw;
        }
        Some(Block::with_table(block.valid | run.bits(), number))
    }

    /// Gives the table of a block back, if it has one.
    pub(super) fn release(&mut self, block: Block) {
        if let Some(table) = block.table() {
            self.pool.give(table);
        }
    }

    /// Whether the free tables are chained as they should be.
    pub(super) fn is_sound(&self) -> bool {
        self.pool.count_free().is_some()
    }
}

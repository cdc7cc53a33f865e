//! Tables of answers, for blocks in which descriptors are in disorder.

use super::super::pool::{Item, NONE, Pool};
use super::block::{Block, Run, is_bias};
use crate::backend::Refusal;

/// Frames of a block.
const LEN: usize = 64;

/// Tables that the first memory is for: 2 KiB.
const FIRST_TABLES: usize = 4;

/// Answers of the 64 frames of a block: raw words. What stands at a frame that is not there says
/// nothing. A free table's first word is the next free one.
#[derive(Debug)]
pub(super) struct Table([u64; LEN]);

impl Item for Table {
    fn blank() -> Self {
        Self([NONE.into(); LEN])
    }

    #[allow(clippy::cast_possible_truncation)] // a link has 32 bits
    fn link(&self) -> u32 {
        self.0[0] as u32
    }

    fn set_link(&mut self, link: u32) {
        self.0[0] = link.into();
    }
}

impl Table {
    /// Writes what a bias or a rank tells, of all frames: to ask which are there would take longer.
    /// A bias is the rank with a step after every frame. (One loop, that few lines of code have to be
    /// fetched for: it runs seldom.)
    fn fill(&mut self, block: Block, steps: u64, block_start: u64) {
        let mut raw = block.told(steps, block_start, 0);
        let mut steps = if is_bias(block.word) { u64::MAX } else { steps };
        for place in &mut self.0 {
            *place = raw;
            raw = raw.wrapping_add(steps & 1);
            steps >>= 1;
        }
    }
}

/// The tables of all blocks.
#[derive(Debug)]
pub(super) struct Tables {
    pool: Pool<Table, 16>,
}

impl Tables {
    pub(super) const fn new() -> Self {
        Self { pool: Pool::new(FIRST_TABLES) }
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
        self.pool.get(table).map_or(0, |table| table.0[place(index)])
    }

    /// The block with `run` added, told by a table: its own, or a new one. `None` if there is none.
    pub(super) fn add(&mut self, block: Block, steps: u64, run: &Run) -> Option<Block> {
        let own = block.table();
        let number = own.or_else(|| self.pool.take())?;
        let table = self.pool.get_mut(number)?;
        if own.is_none() {
            table.fill(block, steps, run.block_start);
        }
        for index in run.low..run.high {
            table.0[place(index)] = run.raw.wrapping_add(index - run.low);
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

/// The entry of a block's frame number `index`.
#[inline]
#[allow(clippy::cast_possible_truncation)] // below 64
fn place(index: u64) -> usize {
    index as usize % LEN
}

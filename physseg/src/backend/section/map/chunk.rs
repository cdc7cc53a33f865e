//! 2^15 frames of the page map (128 MiB of 4 KiB pages): absent, uniform, or mixed.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::block::{Block, FRAMES, is_bias, mark};
use super::row::Row;
use crate::backend::Refusal;

/// Frames of a chunk, as a power of two.
pub(super) const SHIFT: u32 = 15;

/// Blocks of a chunk.
pub(super) const BLOCKS: usize = 1 << (SHIFT - FRAMES.trailing_zeros());

/// The words of an [`Entry`] without blocks that are no bias.
const ABSENT: u64 = mark(0);
const EXPECTED: u64 = mark(1);

/// The blocks of a mixed chunk: 12 KiB. What most lookups read lies together, and apart from the
/// steps, which only blocks told by rank have.
#[derive(Debug)]
pub(super) struct Blocks {
    pub(super) blocks: [Block; BLOCKS],
    /// Of a block told by rank: bit `i` where the descriptor advances from its frame `i` to the next.
    pub(super) steps: [u64; BLOCKS],
}

impl Blocks {
    /// The blocks as those of the chunk with the first frame `start`.
    pub(super) fn row(&mut self, start: u64) -> Row<'_> {
        Row { start, blocks: &mut self.blocks, steps: &mut self.steps }
    }
}

/// Blocks on the heap: one, as an array so that safe code can make it there and be refused.
pub(super) type BoxedBlocks = Box<[Blocks; 1]>;

/// Blocks without a frame.
///
/// # Errors
/// No memory.
pub(super) fn blank_blocks() -> Result<BoxedBlocks, Refusal> {
    let no_memory = Refusal::NoMemory { bytes: size_of::<Blocks>() };
    let mut blocks = Vec::new();
    blocks.try_reserve_exact(1).map_err(|_| no_memory)?;
    blocks.push(Blocks { blocks: [Block::EMPTY; BLOCKS], steps: [0; BLOCKS] });
    // Neither step asks for memory: length and capacity are one.
    blocks.into_boxed_slice().try_into().map_err(|_| no_memory)
}

/// What the map knows of a chunk: 16 bytes.
#[derive(Debug)]
pub(super) struct Entry {
    /// Without blocks: the bias if the chunk is uniform, else one of two marks. With blocks: how many
    /// of its frames are there.
    pub(super) word: u64,
    pub(super) blocks: Option<BoxedBlocks>,
}

impl Entry {
    /// No frame there.
    pub(super) const ABSENT: Self = Self { word: ABSENT, blocks: None };

    /// No frame there, but a segment that has no descriptors yet.
    pub(super) const EXPECTED: Self = Self { word: EXPECTED, blocks: None };

    /// All frames there, with one bias.
    pub(super) const fn uniform(bias: u64) -> Self {
        Self { word: bias, blocks: None }
    }

    /// How many frames of a mixed chunk are there, and its blocks.
    pub(super) fn parts_mut(&mut self) -> Option<(&mut u64, &mut Blocks)> {
        let blocks = self.blocks.as_deref_mut()?;
        Some((&mut self.word, &mut blocks[0]))
    }

    pub(super) fn is_uniform(&self) -> bool {
        self.blocks.is_none() && is_bias(self.word)
    }

    pub(super) fn is_absent(&self) -> bool {
        self.blocks.is_none() && self.word == ABSENT
    }

    pub(super) fn is_expected(&self) -> bool {
        self.blocks.is_none() && self.word == EXPECTED
    }
}

/// The parts of `[start, end)` in units of `2^shift` frames: which unit, and the frames `[low, high)`
/// of it.
pub(super) fn parts(start: u64, end: u64, shift: u32) -> impl Iterator<Item = (u64, u64, u64)> {
    let units = if start < end { (start >> shift)..((end - 1) >> shift) + 1 } else { 0..0 };
    units.map(move |unit| {
        let base = unit << shift;
        (unit, start.max(base) - base, (end - base).min(1 << shift))
    })
}

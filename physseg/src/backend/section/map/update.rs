//! Frames that come and go.

use core::mem;

use super::block::{Block, FRAMES, Run, is_bias};
use super::chunk::{Blocks, BoxedBlocks, Entry, SHIFT, blank_blocks, parts};
use super::{PageMap, Tables};
use crate::addr::FrameRange;
use crate::page::PageId;
use crate::segment::Segment;

/// Frames of a chunk.
const CHUNK: u64 = 1 << SHIFT;

/// Blocks of frames.
const BLOCK_SHIFT: u32 = FRAMES.trailing_zeros();

impl PageMap {
    /// Marks the chunks of a segment that gets its descriptors later.
    pub(in super::super) fn expect(&mut self, range: FrameRange) {
        for (chunk, ..) in parts(range.start().get(), range.end().get(), SHIFT) {
            if let Some(entry) = self.root.get_mut(chunk)
                && entry.is_absent()
            {
                *entry = Entry::EXPECTED;
                self.expected += 1;
            }
        }
    }

    /// Adds the frames `[start, end)`, none of them there, of which the first has the descriptor with
    /// the word `raw`.
    ///
    /// A chunk whose frames come piece by piece stays mixed when it is full, or a page plugged and
    /// unplugged again and again would cost 512 blocks each time. `restores` is said by whoever puts
    /// back what was cut away a moment ago: then it becomes uniform, as it was.
    pub(in super::super) fn set(&mut self, start: u64, end: u64, raw: u64, restores: bool) {
        for (chunk, low, high) in parts(start, end, SHIFT) {
            let first = (chunk << SHIFT) + low;
            let raw = raw.wrapping_add(first - start);
            let bias = raw.wrapping_sub(first);
            if high - low == CHUNK && is_bias(bias) {
                self.empty(chunk);
                self.put(chunk, Entry::uniform(bias));
            } else {
                self.set_part(chunk, low, high, raw, restores);
            }
        }
    }

    /// Takes the frames `[start, end)`, all of them there, away.
    pub(in super::super) fn clear(&mut self, start: u64, end: u64) {
        for (chunk, low, high) in parts(start, end, SHIFT) {
            if high - low == CHUNK {
                self.empty(chunk);
            } else {
                self.clear_part(chunk, low, high);
            }
        }
    }

    /// Follows a record that was `old` and is `new`. Where both have the same distance between frames
    /// and descriptors, only what is not common to them changes.
    pub(in super::super) fn replace(&mut self, old: &Segment, new: &Segment) {
        let [was, is] = [old, new].map(|record| (record.start().get(), record.end().get()));
        let raws = (old.pages().map(PageId::raw), new.pages().map(PageId::raw));
        match raws {
            (Some(old), Some(new)) if old.wrapping_sub(was.0) == new.wrapping_sub(is.0) => {
                self.clear(was.0, was.1.min(is.0));
                self.clear(was.0.max(is.1), was.1);
                self.set(is.0, is.1.min(was.0), new, true);
                let above = is.0.max(was.1);
                self.set(above, is.1, new.wrapping_add(above - is.0), true);
            }
            (old, new) => {
                if old.is_some() {
                    self.clear(was.0, was.1);
                }
                if let Some(raw) = new {
                    self.set(is.0, is.1, raw, true);
                }
            }
        }
    }

    fn set_part(&mut self, chunk: u64, low: u64, high: u64, raw: u64, restores: bool) {
        self.make_mixed(chunk);
        let Some((present, blocks)) = self.root.get_mut(chunk).and_then(Entry::parts_mut) else {
            return;
        };
        for (at, from, to) in parts(low, high, BLOCK_SHIFT) {
            let offset = (at << BLOCK_SHIFT) + from - low;
            let block_start = (chunk << SHIFT) + (at << BLOCK_SHIFT);
            let run = Run { low: from, high: to, block_start, raw: raw.wrapping_add(offset) };
            let Some((block, steps)) = blocks.at(at) else {
                continue;
            };
            let before = block.valid;
            if let Some(told) = block.with(*steps, &run) {
                (*block, *steps) = told;
            } else if let Some(told) = self.tables.add(*block, *steps, &run) {
                *block = told;
            }
            *present += u64::from((block.valid & !before).count_ones());
        }
        if restores && *present == CHUNK {
            self.make_uniform(chunk);
        }
    }

    fn clear_part(&mut self, chunk: u64, low: u64, high: u64) {
        if self.root.get(chunk).is_some_and(Entry::is_uniform) {
            self.make_mixed(chunk);
        }
        let Some((present, blocks)) = self.root.get_mut(chunk).and_then(Entry::parts_mut) else {
            return;
        };
        for (at, from, to) in parts(low, high, BLOCK_SHIFT) {
            if let Some((block, _)) = blocks.at(at) {
                let gone = block.valid & super::block::bits(from, to);
                *present -= u64::from(gone.count_ones());
                block.valid &= !gone;
                if block.valid == 0 {
                    self.tables.release(mem::replace(block, Block::EMPTY));
                }
            }
        }
        if *present == 0 {
            self.empty(chunk);
        }
    }

    /// Takes all frames of a chunk away.
    fn empty(&mut self, chunk: u64) {
        if let Some(mut blocks) = self.put(chunk, Entry::ABSENT) {
            wipe(&mut blocks[0], &mut self.tables);
            self.spares.push(blocks);
        }
    }

    /// Gives a chunk blocks, if it has none. They say what its entry said.
    fn make_mixed(&mut self, chunk: u64) {
        let Some(entry) = self.root.get(chunk) else {
            return;
        };
        if entry.blocks.is_some() {
            return;
        }
        let (uniform, word) = (entry.is_uniform(), entry.word);
        // There is a spare, see `reserve`. Should there ever be none, nor memory, the frames of the
        // chunk have no answer any more, which is better than a wrong one.
        let spare = self.spares.pop().or_else(|| blank_blocks().ok());
        let Some(mut blocks) = spare else {
            self.put(chunk, Entry::ABSENT);
            return;
        };
        if uniform {
            blocks[0].blocks.fill(Block::full(word));
        }
        let present = if uniform { CHUNK } else { 0 };
        self.put(chunk, Entry { word: present, blocks: Some(blocks) });
    }

    /// Makes a full chunk uniform if its blocks are.
    fn make_uniform(&mut self, chunk: u64) {
        let Some(blocks) = self.root.get(chunk).and_then(|entry| entry.blocks.as_deref()) else {
            return;
        };
        let [first, rest @ ..] = &blocks[0].blocks;
        if is_bias(first.word) && rest.iter().all(|block| block == first) {
            let bias = first.word;
            self.empty(chunk);
            self.put(chunk, Entry::uniform(bias));
        }
    }

    /// Sets a chunk's entry, and counts. The blocks it had are returned.
    fn put(&mut self, chunk: u64, entry: Entry) -> Option<BoxedBlocks> {
        let new = kinds(&entry);
        let place = self.root.get_mut(chunk)?;
        let old = mem::replace(place, entry);
        let counts = [&mut self.uniform, &mut self.mixed, &mut self.expected];
        for (count, (was, is)) in counts.into_iter().zip(kinds(&old).into_iter().zip(new)) {
            *count = *count + is - was;
        }
        old.blocks
    }
}

/// 1 for what an entry is: uniform, mixed, expected.
fn kinds(entry: &Entry) -> [usize; 3] {
    [entry.is_uniform(), entry.blocks.is_some(), entry.is_expected()].map(usize::from)
}

fn wipe(blocks: &mut Blocks, tables: &mut Tables) {
    for block in &mut blocks.blocks {
        tables.release(mem::replace(block, Block::EMPTY));
    }
}

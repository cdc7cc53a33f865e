//! Frames that come and go.

use core::mem;

use super::block::{Block, is_bias};
use super::chunk::{Blocks, BoxedBlocks, Entry, SHIFT, blank_blocks, parts};
use super::{PageMap, Tables};
use crate::addr::FrameRange;
use crate::page::PageId;
use crate::segment::Segment;

/// Frames of a chunk.
const CHUNK: u64 = 1 << SHIFT;

impl PageMap {
    /// Marks the chunks of a segment that gets its descriptors later.
    pub(in super::super) fn expect(&mut self, range: FrameRange) {
        if self.is_flat() {
            self.flat.expects = true;
            return;
        }
        for (chunk, ..) in parts(range.start().get(), range.end().get(), SHIFT) {
            if let Some(entry) = self.root.get_mut(chunk)
                && entry.is_absent()
            {
                *entry = Entry::EXPECTED;
                self.expected += 1;
            }
        }
    }

    /// No segment gets its descriptors later any more.
    pub(in super::super) fn boot_ended(&mut self) {
        self.flat.expects = false;
    }

    /// Adds the frames `[start, end)`, none of them there, of which the first has the descriptor with
    /// the word `raw`.
    ///
    /// A chunk whose frames come piece by piece stays mixed when it is full, or a page plugged and
    /// unplugged again and again would cost 512 blocks each time. `restores` is said by whoever puts
    /// back what was cut away a moment ago: then it becomes uniform, as it was.
    #[inline]
    pub(in super::super) fn set(&mut self, start: u64, end: u64, raw: u64, restores: bool) {
        if self.is_flat() {
            self.flat.row().add(start, end, raw, &mut self.tables);
        } else {
            self.set_in_chunks(start, end, raw, restores);
        }
    }

    #[inline(never)]
    fn set_in_chunks(&mut self, start: u64, end: u64, raw: u64, restores: bool) {
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
    #[inline]
    pub(in super::super) fn clear(&mut self, start: u64, end: u64) {
        if self.is_flat() {
            self.flat.row().take(start, end, &mut self.tables);
        } else {
            self.clear_in_chunks(start, end);
        }
    }

    #[inline(never)]
    fn clear_in_chunks(&mut self, start: u64, end: u64) {
        for (chunk, low, high) in parts(start, end, SHIFT) {
            if high - low == CHUNK {
                self.empty(chunk);
            } else {
                self.clear_part(chunk, low, high);
            }
        }
    }

    /// Follows a record that was `old` and is `new`. Where both have the same distance between frames
    /// and descriptors, only what is not common to them changes: mostly one end has been cut.
    #[inline]
    pub(in super::super) fn replace(&mut self, old: &Segment, new: &Segment) {
        let [was, is] = [old, new].map(|record| (record.start().get(), record.end().get()));
        let raws = (old.pages().map(PageId::raw), new.pages().map(PageId::raw));
        match raws {
            (Some(old), Some(new)) if old.wrapping_sub(was.0) == new.wrapping_sub(is.0) => {
                if was.0 < is.0 {
                    self.clear(was.0, was.1.min(is.0));
                }
                if is.1 < was.1 {
                    self.clear(was.0.max(is.1), was.1);
                }
                if is.0 < was.0 || was.1 < is.1 {
                    self.put_back(was, is, new);
                }
            }
            (None, Some(raw)) => self.set(is.0, is.1, raw, true),
            (old, new) => self.replace_all(old.map(|_| was), new.map(|raw| (is, raw))),
        }
    }

    /// Adds what of `is` is not in `was`, where `raw` is the word of the first descriptor of `is`.
    /// Something that was refused is undone.
    #[cold]
    fn put_back(&mut self, was: (u64, u64), is: (u64, u64), raw: u64) {
        if is.0 < was.0 {
            self.set(is.0, is.1.min(was.0), raw, true);
        }
        if was.1 < is.1 {
            let above = is.0.max(was.1);
            self.set(above, is.1, raw.wrapping_add(above - is.0), true);
        }
    }

    /// Takes the frames of `old` away and adds those of `new`, of which the first has that word.
    #[cold]
    fn replace_all(&mut self, old: Option<(u64, u64)>, new: Option<((u64, u64), u64)>) {
        if let Some((start, end)) = old {
            self.clear(start, end);
        }
        if let Some(((start, end), raw)) = new {
            self.set(start, end, raw, true);
        }
    }

    fn set_part(&mut self, chunk: u64, low: u64, high: u64, raw: u64, restores: bool) {
        self.make_mixed(chunk);
        let Some((present, blocks)) = self.root.get_mut(chunk).and_then(Entry::parts_mut) else {
            return;
        };
        let base = chunk << SHIFT;
        *present += blocks.row(base).add(base + low, base + high, raw, &mut self.tables);
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
        let base = chunk << SHIFT;
        *present -= blocks.row(base).take(base + low, base + high, &mut self.tables);
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
    pub(super) fn make_mixed(&mut self, chunk: u64) {
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
    pub(super) fn make_uniform(&mut self, chunk: u64) {
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
    pub(super) fn put(&mut self, chunk: u64, entry: Entry) -> Option<BoxedBlocks> {
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

//! The page map's own invariants, and that it says what the records say.

use alloc::format;
use alloc::string::String;

use super::block::{Block, is_bias};
use super::chunk::{SHIFT, parts};
use super::{PageMap, block};
use crate::page::PageId;
use crate::segment::Segment;

impl PageMap {
    /// Every frame of `records` has the descriptor that its record says, no other frame has one, and
    /// nothing is lost. Reads the frames of mixed chunks one by one.
    pub(in super::super) fn check<'a>(
        &self,
        records: impl Iterator<Item = &'a Segment>,
    ) -> Result<(), String> {
        let mut frames = 0;
        for record in records {
            if record.pages().is_some() {
                frames += record.frames();
                self.check_record(record)?;
            }
        }
        let flat = self.flat.blocks().iter();
        let count = |block: &Block| u64::from(block.valid.count_ones());
        let mut present = flat.clone().map(count).sum::<u64>();
        let mut tables = flat.clone().filter(|block| block.table().is_some()).count();
        if flat.clone().any(|block| block.valid == 0 && *block != Block::EMPTY) {
            return Err("an empty block of the window is not blank".into());
        }
        let (mut uniform, mut mixed, mut expected) = (0, 0, 0);
        for (chunk, entry) in self.root.entries() {
            if let Some(blocks) = entry.blocks.as_deref() {
                let blocks = blocks[0].blocks.iter();
                if self.is_flat() {
                    return Err(format!("chunk {chunk} beside the window"));
                }
                let valid = blocks.clone().map(|block| u64::from(block.valid.count_ones())).sum();
                if entry.word != valid || valid == 0 {
                    return Err(format!("chunk {chunk} has {valid} frames, not {}", entry.word));
                }
                if blocks.clone().any(|block| block.valid == 0 && *block != Block::EMPTY) {
                    return Err(format!("an empty block of chunk {chunk} is not blank"));
                }
                mixed += 1;
                present += valid;
                tables += blocks.filter(|block| block.table().is_some()).count();
            } else if entry.is_uniform() {
                uniform += 1;
                present += 1 << SHIFT;
            } else if entry.is_expected() {
                expected += 1;
            } else if !entry.is_absent() {
                return Err(format!("chunk {chunk} has the word {:#x}", entry.word));
            }
        }
        if present != frames {
            return Err(format!("{present} frames in the map, {frames} in the records"));
        }
        let counted = (self.uniform, self.mixed, self.expected, self.tables.in_use());
        let met = (uniform, mixed, expected, tables);
        if counted != met || !self.tables.is_sound() {
            return Err(format!("counted {counted:?}, met {met:?}"));
        }
        if self.spares.iter().any(|spare| spare[0].blocks.iter().any(|b| *b != Block::EMPTY)) {
            return Err("a spare is not blank".into());
        }
        if self.spares.capacity() < self.spares.len() + self.mixed {
            return Err("no room for the blocks of all chunks".into());
        }
        Ok(())
    }

    fn check_record(&self, record: &Segment) -> Result<(), String> {
        let (start, end) = (record.start().get(), record.end().get());
        for (chunk, low, high) in parts(start, end, SHIFT) {
            let base = chunk << SHIFT;
            let entry = self.root.get(chunk);
            // One bias is one comparison. The counts above say that no frame is there beside these.
            let entry = entry.filter(|_| !self.is_flat());
            let frames = match entry.filter(|entry| entry.blocks.is_none()) {
                Some(entry) if !is_bias(entry.word) => 0..0,
                Some(_) => base + low..base + low + 1,
                None => base + low..base + high,
            };
            if frames.is_empty() {
                return Err(format!("chunk {chunk} misses frames of {}", record.range()));
            }
            for pfn in frames {
                let expected = record.page_of(crate::addr::Pfn::new(pfn)).map(PageId::raw);
                let found = self.find(pfn).map(PageId::raw);
                if found != expected {
                    let at = pfn % block::FRAMES;
                    return Err(format!("frame {pfn} ({at}): {found:?}, not {expected:?}"));
                }
            }
        }
        Ok(())
    }
}

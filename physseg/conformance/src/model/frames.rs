//! The naive model: for each frame, which segment it belongs to and whether it is available. All
//! questions are answered by looking at frames; `rules.rs` says what operations do.
//!
//! A frame of the model stands for one of the table or for several (`ground.rs`). What is compared
//! with the table, errors included, is said in the table's.

#![allow(clippy::cast_possible_truncation)] // frame numbers as indices, all of them small

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use physseg::{Error, FrameRange, FreeList, PageSize, Pfn};

use super::ground::Ground;

/// Names a segment for good.
pub(crate) type Id = u32;

/// What the backend at hand may do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Segments that fit at boot, or (without `plug_after_boot`) at all.
    pub(crate) capacity: usize,
    pub(crate) plug_after_boot: bool,
    pub(crate) split: bool,
    pub(crate) reuses_boot_records: bool,
}

/// What goes with a segment and not with a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) free_list: FreeList,
    /// The frame that the start hint points to.
    pub(crate) hinted: u64,
    pub(crate) pmap: u64,
}

/// A segment as it is read off the frames.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) id: Id,
    /// In frames of the model, as `end`.
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// In frames of the table.
    pub(crate) range: FrameRange,
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) rules: Rules,
    pub(crate) ground: Rc<Ground>,
    pub(crate) booted: bool,
    /// Segment, and whether available.
    pub(crate) frames: Vec<Option<(Id, bool)>>,
    pub(crate) words: BTreeMap<Id, Words>,
    /// How many records were taken at boot, and so the name of the next segment.
    pub(crate) next_id: Id,
}

impl Model {
    pub(crate) fn new(rules: Rules, ground: Ground) -> Self {
        Self {
            rules,
            booted: false,
            frames: vec![None; ground.frames() as usize],
            ground: Rc::new(ground),
            words: BTreeMap::new(),
            next_id: 0,
        }
    }

    pub(crate) fn id_of(&self, frame: u64) -> Option<Id> {
        self.frames.get(usize::try_from(frame).ok()?)?.map(|f| f.0)
    }

    fn read(&self, id: Id, start: u64, end: u64) -> Seen {
        let (low, high) = self.ground.bounds(start, end);
        Seen { id, start, end, range: FrameRange::new(Pfn::new(low), Pfn::new(high)).unwrap() }
    }

    /// All segments by frame: the runs of frames with the same name.
    pub(crate) fn segments(&self) -> Vec<Seen> {
        let mut seen: Vec<(Id, u64, u64)> = Vec::new();
        for (frame, entry) in (0..).zip(&self.frames) {
            let Some((id, _)) = *entry else { continue };
            match seen.last_mut() {
                Some((last, _, end)) if *last == id => *end = frame + 1,
                _ => seen.push((id, frame, frame + 1)),
            }
        }
        seen.into_iter().map(|(id, start, end)| self.read(id, start, end)).collect()
    }

    pub(crate) fn seen(&self, id: Id) -> Option<Seen> {
        let is = |entry: &Option<(Id, bool)>| entry.is_some_and(|entry| entry.0 == id);
        self.around(self.frames.iter().position(is)? as u64)
    }

    /// The segment that a frame belongs to.
    pub(crate) fn around(&self, frame: u64) -> Option<Seen> {
        let id = self.id_of(frame)?;
        let (mut start, mut end) = (frame, frame + 1);
        while start > 0 && self.id_of(start - 1) == Some(id) {
            start -= 1;
        }
        while self.id_of(end) == Some(id) {
            end += 1;
        }
        Some(self.read(id, start, end))
    }

    /// The frames of a segment that are available.
    pub(crate) fn avail(&self, seen: Seen) -> Vec<u64> {
        let available = |&frame: &u64| self.frames[frame as usize] == Some((seen.id, true));
        (seen.start..seen.end).filter(available).collect()
    }

    /// How many frames of the table are present.
    pub(crate) fn present(&self) -> u64 {
        let present = (0..).zip(&self.frames).filter(|(_, entry)| entry.is_some());
        present.map(|(frame, _)| self.ground.length(frame)).sum()
    }

    /// Whether one more record can be had.
    pub(crate) fn room(&self) -> Result<(), Error> {
        let capacity = self.rules.capacity;
        let taken =
            if self.rules.reuses_boot_records { self.words.len() } else { self.next_id as usize };
        if (self.booted && self.rules.plug_after_boot) || taken < capacity {
            Ok(())
        } else {
            Err(Error::NoRoom { capacity })
        }
    }

    /// Whether `[start, end)` can become a segment.
    pub(crate) fn admit(&self, start: u64, end: u64) -> Result<FrameRange, Error> {
        let range = self.addressable(start, end)?;
        match (start..end).find(|&frame| self.id_of(frame).is_some()) {
            None => Ok(range),
            Some(frame) => {
                Err(Error::Overlap { range, present: self.around(frame).unwrap().range })
            }
        }
    }

    /// Adds the segment `[start, end)` with the available frames `avail`.
    pub(crate) fn add(&mut self, start: u64, end: u64, avail: &Range<u64>, words: Words) -> Id {
        let id = self.next_id;
        self.next_id += 1;
        for frame in start..end {
            self.frames[frame as usize] = Some((id, avail.contains(&frame)));
        }
        self.words.insert(id, words);
        id
    }

    /// Takes frames of a segment away. Those of it that lie above them are the tail of a split, and
    /// become a segment of their own.
    pub(crate) fn take(&mut self, seen: Seen, start: u64, end: u64) {
        let words = self.words[&seen.id];
        for frame in start..end {
            self.frames[frame as usize] = None;
        }
        if seen.start < start && end < seen.end {
            let tail = self.next_id;
            self.next_id += 1;
            for frame in end..seen.end {
                let available = self.frames[frame as usize].unwrap().1;
                self.frames[frame as usize] = Some((tail, available));
            }
            self.words.insert(tail, words);
            self.settle_hint(end);
        }
        if (start, end) == (seen.start, seen.end) {
            self.words.remove(&seen.id);
        } else {
            self.settle_hint(if seen.start < start { seen.start } else { end });
        }
    }

    /// A hint that points to no frame of its segment points to the first one. The segment is that of
    /// `frame`.
    fn settle_hint(&mut self, frame: u64) {
        let seen = self.around(frame).unwrap();
        let words = self.words.get_mut(&seen.id).unwrap();
        if !(seen.start..seen.end).contains(&words.hinted) {
            words.hinted = seen.start;
        }
    }

    /// Whether `[start, end)` holds frames that have addresses.
    pub(crate) fn addressable(&self, start: u64, end: u64) -> Result<FrameRange, Error> {
        let limit = PageSize::FOUR_KIB.frame_limit();
        let (start, end) = self.ground.bounds(start, end);
        let (start, end) = (Pfn::new(start), Pfn::new(end));
        match FrameRange::new(start, end) {
            None => Err(Error::EmptyRange { start, end }),
            Some(_) if end > limit => Err(Error::BeyondAddressSpace { end, limit }),
            Some(range) => Ok(range),
        }
    }
}

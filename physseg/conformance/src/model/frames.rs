//! The naive model: for each frame, which segment it belongs to and whether it is available. All
//! questions are answered by looking at every frame; `rules.rs` says what operations do.

#![allow(clippy::cast_possible_truncation)] // frame numbers as indices, all of them small

use std::collections::BTreeMap;
use std::ops::Range;

use physseg::{Error, FrameRange, FreeList, PageSize, Pfn};

use super::operation::FRAMES;

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
    pub(crate) start: u64,
    pub(crate) end: u64,
}

impl Seen {
    pub(crate) fn range(self) -> FrameRange {
        FrameRange::new(Pfn::new(self.start), Pfn::new(self.end)).unwrap()
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) rules: Rules,
    pub(crate) booted: bool,
    /// Segment, and whether available.
    pub(crate) frames: Vec<Option<(Id, bool)>>,
    pub(crate) words: BTreeMap<Id, Words>,
    /// How many records were taken at boot, and so the name of the next segment.
    pub(crate) next_id: Id,
}

impl Model {
    pub(crate) fn new(rules: Rules) -> Self {
        Self {
            rules,
            booted: false,
            frames: vec![None; FRAMES as usize],
            words: BTreeMap::new(),
            next_id: 0,
        }
    }

    pub(crate) fn id_of(&self, frame: u64) -> Option<Id> {
        self.frames.get(usize::try_from(frame).ok()?)?.map(|f| f.0)
    }

    /// All segments by frame: the runs of frames with the same name.
    pub(crate) fn segments(&self) -> Vec<Seen> {
        let mut seen: Vec<Seen> = Vec::new();
        for (frame, entry) in (0..).zip(&self.frames) {
            let Some((id, _)) = *entry else { continue };
            match seen.last_mut() {
                Some(last) if last.id == id => last.end = frame + 1,
                _ => seen.push(Seen { id, start: frame, end: frame + 1 }),
            }
        }
        seen
    }

    pub(crate) fn seen(&self, id: Id) -> Option<Seen> {
        self.segments().into_iter().find(|seen| seen.id == id)
    }

    /// The frames of a segment that are available.
    pub(crate) fn avail(&self, id: Id) -> Vec<u64> {
        (0..FRAMES).filter(|&frame| self.frames[frame as usize] == Some((id, true))).collect()
    }

    /// How many frames are present.
    pub(crate) fn present(&self) -> u64 {
        self.frames.iter().flatten().count() as u64
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
        let range = addressable(start, end)?;
        match (start..end).find_map(|frame| self.id_of(frame)) {
            None => Ok(range),
            Some(id) => Err(Error::Overlap { range, present: self.seen(id).unwrap().range() }),
        }
    }

    /// Adds a segment with the available frames `avail`.
    pub(crate) fn add(&mut self, range: FrameRange, avail: Range<u64>, words: Words) -> Id {
        let id = self.next_id;
        self.next_id += 1;
        for frame in range.start().get()..range.end().get() {
            let available = avail.contains(&frame);
            self.frames[frame as usize] = Some((id, available));
        }
        self.words.insert(id, words);
        id
    }

    /// Takes frames away. Those of the segment that lie above them are the tail of a split, and
    /// become a segment of their own.
    pub(crate) fn take(&mut self, id: Id, start: u64, end: u64) {
        let seen = self.seen(id).unwrap();
        let words = self.words[&id];
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
            self.settle_hint(tail);
        }
        self.settle_hint(id);
    }

    /// A hint that points to no frame of its segment points to the first one. A segment without
    /// frames is gone.
    fn settle_hint(&mut self, id: Id) {
        let Some(seen) = self.seen(id) else {
            self.words.remove(&id);
            return;
        };
        let words = self.words.get_mut(&id).unwrap();
        if !(seen.start..seen.end).contains(&words.hinted) {
            words.hinted = seen.start;
        }
    }
}

/// Whether `[start, end)` holds frames that have addresses.
pub(crate) fn addressable(start: u64, end: u64) -> Result<FrameRange, Error> {
    let limit = PageSize::FOUR_KIB.frame_limit();
    let (start, end) = (Pfn::new(start), Pfn::new(end));
    match FrameRange::new(start, end) {
        None => Err(Error::EmptyRange { start, end }),
        Some(_) if end > limit => Err(Error::BeyondAddressSpace { end, limit }),
        Some(range) => Ok(range),
    }
}

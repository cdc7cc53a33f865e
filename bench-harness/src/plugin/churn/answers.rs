//! What a plugin's table answers after a script, held against the model.
//!
//! A plugin cannot list its segments, so it is asked: how many there are, and of frames which segment they are in and which
//! page is theirs. Of a table of up to [`EVERY`] frames that is every one of them; of a larger one the first and
//! last of each segment, and frames inside it that are drawn anew for each of them. In either case the frames around
//! each segment are asked too, where there is no other, and of what was unplugged and is not there again the first,
//! the last and a drawn frame, or every frame where the table is asked about every frame. Everything by `find_batch`, and the boundaries by `find` too:
//! the two have to agree.

use physseg::{FrameRange, PageId, Pfn};

use crate::layout::Operation;
use crate::measure::beacon::{self, Doing};
use crate::measure::churn::{Expected, Work};
use crate::plugin::{Answer, Table};
use crate::workload::{Generator, Xoshiro};

/// A table of no more frames is asked about all of them.
const EVERY: u64 = 1 << 18;

/// Frames inside each segment that a larger table is asked about.
const INSIDE: u64 = 8;

/// So many frames are asked at once.
const BLOCK: usize = 2048;

/// After so many answers a sign of life is given.
const NOTED: usize = 1 << 16;

/// Holds what `table` answers against what must come of `work`; `seed` is of the frames that are drawn.
///
/// # Errors
/// The first difference, in words.
pub(super) fn hold(table: &Table, work: &Work, seed: u64) -> Result<(), String> {
    let mut asking =
        Asking { table, work, is_null: table.library().is_null(), asked: Vec::new(), answers: 0 };
    if !asking.is_null {
        let (given, expected) = (table.segments(), work.end.len() as u64);
        if given != expected {
            return Err(format!("segments() returned {given}, and must return {expected}"));
        }
    }
    let whole = work.frames() <= EVERY;
    let mut draw = Xoshiro::seeded(seed);
    let mut below: Option<&Expected> = None;
    for segment in &work.end {
        let (start, last, end) =
            (segment.frames.start(), segment.frames.last(), segment.frames.end());
        // The hole below it, from either end.
        let hole = below.map(|below| below.frames.end());
        if let Some(hole) = hole.filter(|&hole| hole < start) {
            asking.both(hole, None)?;
        }
        if let Some(before) = start.get().checked_sub(1).map(Pfn::new)
            && hole.is_none_or(|hole| hole <= before)
        {
            asking.both(before, None)?;
        }
        asking.both(start, Some(segment))?;
        asking.both(last, Some(segment))?;
        if whole {
            for pfn in start.get()..end.get() {
                asking.one(Pfn::new(pfn), Some(segment))?;
            }
        } else {
            for _ in 0..INSIDE.min(segment.frames.frames()) {
                let pfn = start.get() + draw.below(segment.frames.frames());
                asking.one(Pfn::new(pfn), Some(segment))?;
            }
        }
        below = Some(segment);
    }
    if let Some(highest) = below {
        asking.both(highest.frames.end(), None)?;
    }
    let gone: u64 = unplugged(work).map(FrameRange::frames).sum();
    for range in unplugged(work) {
        let (start, last) = (range.start().get(), range.last().get());
        if whole && gone <= EVERY {
            (start..=last).try_for_each(|pfn| asking.absent(Pfn::new(pfn)))?;
        } else {
            let inside = start + draw.below(range.frames());
            [start, last, inside].into_iter().try_for_each(|pfn| asking.absent(Pfn::new(pfn)))?;
        }
    }
    asking.ask()
}

/// What was unplugged on the way, some of which may be there again.
fn unplugged(work: &Work) -> impl Iterator<Item = FrameRange> {
    let all = work.script.before.iter().chain(&work.script.timed);
    all.filter_map(|operation| match *operation {
        Operation::Unplug(range) => Some(range),
        _ => None,
    })
}

/// Frames that are asked about, a block at a time.
struct Asking<'a> {
    table: &'a Table,
    work: &'a Work,
    is_null: bool,
    /// Each with the segment that it is in.
    asked: Vec<(Pfn, Option<&'a Expected>)>,
    /// How many answers have been held since the last sign of life.
    answers: usize,
}

impl<'a> Asking<'a> {
    /// By either way of asking.
    fn both(&mut self, pfn: Pfn, segment: Option<&'a Expected>) -> Result<(), String> {
        self.compare("find", pfn, segment, self.table.find(pfn))?;
        self.one(pfn, segment)
    }

    /// As one of a block.
    fn one(&mut self, pfn: Pfn, segment: Option<&'a Expected>) -> Result<(), String> {
        self.asked.push((pfn, segment));
        if self.asked.len() < BLOCK { Ok(()) } else { self.ask() }
    }

    /// Asks about a frame, unless it is in a segment: those are asked about on their own account.
    fn absent(&mut self, pfn: Pfn) -> Result<(), String> {
        let above = self.work.end.partition_point(|segment| segment.frames.start() <= pfn);
        let below = above.checked_sub(1).and_then(|index| self.work.end.get(index));
        if below.is_some_and(|segment| segment.frames.contains(pfn)) {
            return Ok(());
        }
        self.one(pfn, None)
    }

    /// Asks what is still to be asked.
    fn ask(&mut self) -> Result<(), String> {
        let pfns: Vec<Pfn> = self.asked.iter().map(|&(pfn, _)| pfn).collect();
        let mut answers = vec![Answer::MISS; pfns.len()];
        self.table.find_batch(&pfns, &mut answers);
        self.answers += pfns.len();
        if self.answers >= NOTED {
            beacon::doing(Doing::Check);
            self.answers = 0;
        }
        for ((pfn, segment), given) in std::mem::take(&mut self.asked).into_iter().zip(answers) {
            self.compare("find_batch", pfn, segment, given)?;
        }
        Ok(())
    }

    fn compare(
        &self,
        function: &str,
        pfn: Pfn,
        segment: Option<&Expected>,
        given: Answer,
    ) -> Result<(), String> {
        let page = segment.and_then(|segment| segment.first).map(PageId::raw);
        let expected = match segment.zip(page) {
            _ if self.is_null => Answer { segment_start: 0, page: pfn.get() },
            Some((segment, first)) => {
                let start = segment.frames.start().get();
                Answer { segment_start: start, page: first + (pfn.get() - start) }
            }
            None => Answer::MISS,
        };
        if given == expected || given.is_miss() && expected.is_miss() {
            return Ok(());
        }
        let last = self.last_change(pfn);
        Err(format!("{function}({pfn}) answered {given}, and must answer {expected}{last}"))
    }

    /// The last operation that had to do with a frame or one beside it, in words.
    fn last_change(&self, pfn: Pfn) -> String {
        let touches = |operation: &Operation| match *operation {
            Operation::Load(range) | Operation::Plug(range) | Operation::Unplug(range) => {
                range.start() <= pfn && pfn <= range.end()
            }
            Operation::Boot => false,
        };
        let timed = &self.work.script.timed;
        match timed.iter().rposition(touches) {
            None => String::new(),
            Some(index) => {
                let (name, range) = match timed[index] {
                    Operation::Load(range) => ("physload", range),
                    Operation::Plug(range) => ("plug", range),
                    Operation::Unplug(range) => ("unplug", range),
                    Operation::Boot => return String::new(),
                };
                let (start, end, all) = (range.start(), range.end(), timed.len());
                format!(
                    " (after {all} operations, of which number {}, {name}({start}, {end}), was the last one there)",
                    index + 1
                )
            }
        }
    }
}

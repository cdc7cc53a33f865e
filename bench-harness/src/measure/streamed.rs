//! The control `oracle`: answers found before the clock starts and read one after the other, so that a
//! lookup costs what handing over its answer costs. It is no floor: reading eight bytes an answer takes longer
//! than computing one that is already at hand.
//!
//! Answers are found a million at a time, so that memory does not grow with the lookups: longer batches
//! are timed in parts.

use std::cell::Cell;
use std::hint::black_box;
use std::time::Instant;

use physseg::{FrameRange, PageSize, Pfn};

use super::batch::{Batch, TRACE_BLOCK, Timed};
use super::descriptors::touched;
use super::kind::Target;
use super::lookup::{Lookup, Twin};
use super::oracle::{Oracle, Run};
use super::runs::{NoRuns, room_for};
use super::subject::{Facts, Subject};
use crate::layout::build::{BuiltBy, Plan};
use crate::workload::Draw;

/// A layout's answers. Descriptors are named in the order of the frames.
#[derive(Debug)]
pub struct Streamed {
    pages: Oracle,
    /// What target `touch` reads.
    words: Oracle,
    page_size: PageSize,
    facts: Facts,
}

impl Streamed {
    /// The answers of `plan`'s layout.
    ///
    /// # Errors
    /// There is no memory for them.
    pub fn new(plan: &Plan<'_>) -> Result<Self, NoRuns> {
        let began = Instant::now();
        let mut named = 1; // 0 is no answer
        let name = |&frames: &FrameRange| {
            let first_answer = named;
            named += frames.frames();
            Run { frames, first_answer }
        };
        let mut pages = room_for(plan.segments.len())?;
        pages.extend(plan.segments.iter().map(name));
        let words = Oracle::new(touched(&pages)?);
        let facts = Facts {
            built_by: BuiltBy::Final,
            build_s: began.elapsed().as_secs_f64(),
            bytes_total: Some(0),
            index_bytes: Some(0),
            segments: pages.len() as u64,
            frames: named - 1,
        };
        Ok(Self { pages: Oracle::new(pages), words, page_size: plan.layout.page_size, facts })
    }

    fn oracle(&self, target: Target) -> &Oracle {
        match target {
            Target::Page | Target::Handle => &self.pages,
            Target::Touch => &self.words,
        }
    }

    fn stream(&self, batch: &Batch<'_>) -> Stream<'_> {
        Stream::new(self.oracle(batch.target), batch.lookups)
    }
}

impl Subject for Streamed {
    fn run(&self, batch: &Batch<'_>) -> Timed {
        timed_alone(batch).run(&self.stream(batch))
    }

    fn run_twin(&self, batch: &Batch<'_>) -> Timed {
        timed_alone(batch).run(&Twin(self.stream(batch)))
    }

    fn is_bare(&self) -> bool {
        false // answers are found between the parts that are timed
    }

    fn answer(&self, _target: Target, pfn: Pfn) -> u64 {
        self.pages.answer(pfn)
    }

    fn answer_by_address(&self, pfn: Pfn) -> Option<u64> {
        Some(self.pages.answer(pfn.to_paddr(self.page_size)?.to_pfn(self.page_size)))
    }

    fn walk(&self, target: Target) -> Result<Vec<Run>, NoRuns> {
        let runs = self.oracle(target).runs();
        let mut copy = room_for(runs.len())?;
        copy.extend_from_slice(runs);
        Ok(copy)
    }

    /// It has none to violate; what it answers is compared with the layout like everybody's.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    fn facts(&self) -> Facts {
        self.facts
    }
}

/// The batch without lookups that are not timed: there is an answer for each of the others, and no more.
fn timed_alone<'a>(batch: &Batch<'a>) -> Batch<'a> {
    Batch { restoring: 0, ..*batch }
}

/// Answers found at once: 8 MiB of them.
const ROOM: usize = 1 << 20;

/// The next answer, whatever is asked. The address goes into it, masked with a 0 that nobody knows of:
/// a loop that had no use for its addresses would not draw them, nor wait for them.
struct Stream<'a> {
    oracle: &'a Oracle,
    answers: Vec<Cell<u64>>,
    at: Cell<usize>,
    zero: u64,
}

impl<'a> Stream<'a> {
    /// For a batch of so many `lookups`.
    fn new(oracle: &'a Oracle, lookups: u64) -> Self {
        let room = usize::try_from(lookups).map_or(ROOM, |lookups| lookups.min(ROOM));
        let answers = vec![Cell::new(0); room];
        Self { oracle, answers, at: Cell::new(0), zero: black_box(0) }
    }
}

impl Lookup for Stream<'_> {
    const AT_ONCE: u64 = ROOM as u64;

    fn make_ready(&self, draw: &mut dyn Draw, lookups: u64) {
        let room = self.answers.len();
        let length = usize::try_from(lookups).map_or(room, |lookups| lookups.min(room));
        let mut pfns = [Pfn::ZERO; TRACE_BLOCK];
        for answers in self.answers[..length].chunks(TRACE_BLOCK) {
            let pfns = &mut pfns[..answers.len()];
            draw.fill(pfns);
            for (answer, &pfn) in answers.iter().zip(&*pfns) {
                answer.set(self.oracle.answer(pfn));
            }
        }
        self.at.set(0);
    }

    #[inline(always)]
    #[allow(clippy::inline_always)] // the body of the timed loop
    fn answer(&self, pfn: Pfn) -> u64 {
        let at = self.at.get();
        self.at.set(at + 1);
        self.answers.get(at).map_or(0, Cell::get).wrapping_add(pfn.get() & self.zero)
    }
}

#[cfg(test)]
mod tests {
    use super::{Oracle, ROOM, Stream};

    #[test]
    fn the_answers_of_no_batch_take_more_than_there_is_room_for() {
        let oracle = Oracle::new(Vec::new());
        for (lookups, room) in [(0, 0), (7, 7), (1 << 21, ROOM), (u64::MAX, ROOM)] {
            assert_eq!(Stream::new(&oracle, lookups).answers.len(), room);
        }
    }
}

//! A plugin's table among those that are measured: the same batches, the same loops, the same oracle.
//!
//! Where lookups come in blocks (modes `trace` and `cold`), a block is one call of `find_batch`, so that the
//! cost of the call is spread; where each waits for the one before or is drawn by itself (`chain`, `inline`)
//! every lookup is a call of `find`. [`Ways::single`] asks for `find` everywhere, so that the two ways of
//! calling can be told apart.

use std::cell::RefCell;

use physseg::{FrameRange, Pfn};

use super::abi::Answer;
use super::build::{self, BuiltPlugin};
use super::library::Library;
use super::table::Table;
use crate::layout::build::{Build, Plan};
use crate::measure::beacon::{self, Doing};
use crate::measure::{
    Answers, Batch, Descriptor, Facts, Lookup, Mode, NO_PAGE, NoRuns, Outcome, Run, Subject,
    TRACE_BLOCK, Target, Timed, Twin, handle_answer, room_for, start_of_answer, touched,
};

/// In which ways a plugin is asked and built, apart from the batch.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Ways {
    /// How its table is built.
    pub build: Build,
    /// Whether every lookup is a call of `find`, also where blocks could be handed over.
    pub single: bool,
}

/// A plugin's table that is measured.
#[derive(Debug)]
pub struct PluginSubject {
    table: Table,
    single: bool,
    /// Its segments, and the page identities that it was told; sorted by frame.
    pages: Vec<Run>,
    facts: Facts,
    /// Where `find_batch` puts its answers; there before any clock runs.
    answers: RefCell<Vec<Answer>>,
}

impl PluginSubject {
    /// Builds a table of `library` on a layout.
    ///
    /// # Errors
    /// As the plugin's calls have it.
    pub fn outcome(library: &'static Library, plan: &Plan<'_>, ways: Ways) -> Outcome {
        let BuiltPlugin { table, by, took, pages, frames } =
            build::build(library, plan, ways.build)?;
        beacon::doing(Doing::Check);
        let bytes = table.bytes();
        let facts = Facts {
            built_by: by,
            build_s: took.as_secs_f64(),
            bytes_total: bytes,
            index_bytes: bytes, // which of them answer lookups nobody says
            segments: pages.len() as u64,
            frames,
        };
        let answers = RefCell::new(vec![Answer::MISS; TRACE_BLOCK]);
        Ok(Box::new(Self { table, single: ways.single, pages, facts, answers }))
    }

    fn ask<W: Word>(&self, word: W) -> Asking<'_, W> {
        Asking { table: &self.table, single: self.single, answers: &self.answers, word }
    }
}

impl Subject for PluginSubject {
    fn run(&self, batch: &Batch<'_>) -> Timed {
        match batch.target {
            Target::Page => batch.run(&self.ask(Page)),
            Target::Handle => batch.run(&self.ask(Handle)),
            Target::Touch => batch.run(&self.ask(Touch(batch.descriptors))),
        }
    }

    fn run_twin(&self, batch: &Batch<'_>) -> Timed {
        match batch.target {
            Target::Page => batch.run(&Twin(self.ask(Page))),
            Target::Handle => batch.run(&Twin(self.ask(Handle))),
            Target::Touch => batch.run(&Twin(self.ask(Touch(batch.descriptors)))),
        }
    }

    fn doing(&self, batch: &Batch<'_>) -> Doing {
        let library = self.table.library();
        match batch.mode {
            Mode::Trace | Mode::Cold(_) if !self.single && library.finds_batches() => {
                Doing::FindBatch
            }
            _ if library.finds_one() => Doing::Find,
            _ => Doing::FindBatch,
        }
    }

    /// By `find`; where `find_batch` is measured too the two have to agree, or the answer is none that could
    /// be right.
    fn answer(&self, target: Target, pfn: Pfn) -> u64 {
        let one = self.table.find(pfn);
        let mut of_batch = [one];
        if !self.single && self.table.library().finds_batches() {
            self.table.find_batch(&[pfn], &mut of_batch);
        }
        let word = |answer| self.as_word(target, pfn, answer);
        let (by_find, by_batch) = (word(one), word(of_batch[0]));
        let is_right = |word: u64| word == self.expected(target, pfn);
        if is_right(by_find) { by_batch } else { by_find }
    }

    fn answers(&self, batch: &Batch<'_>, block: &[Pfn]) -> Vec<u64> {
        let mut answers = vec![Answer::MISS; block.len()];
        match batch.mode {
            Mode::Trace | Mode::Cold(_) if !self.single => {
                self.table.find_batch(block, &mut answers);
            }
            _ => {
                for (answer, &pfn) in answers.iter_mut().zip(block) {
                    *answer = self.table.find(pfn);
                }
            }
        }
        let words = block.iter().zip(answers);
        words.map(|(&pfn, answer)| self.as_word(batch.target, pfn, answer)).collect()
    }

    /// The interface knows of frames alone.
    fn answer_by_address(&self, _pfn: Pfn) -> Option<u64> {
        None
    }

    fn answers_everything(&self) -> bool {
        self.table.library().is_null()
    }

    /// What it was told: it cannot list its segments. That it has so many [`check`](Self::check) says, and
    /// that it answers for each of their frames is found out by asking.
    fn walk(&self, target: Target) -> Result<Vec<Run>, NoRuns> {
        if self.answers_everything() {
            return Ok(everything(target).into_iter().collect());
        }
        if target == Target::Touch {
            return touched(&self.pages);
        }
        let mut runs = room_for(self.pages.len())?;
        runs.extend(self.pages.iter().map(|run| match target {
            Target::Handle => Run { first_answer: handle_answer(run.frames.start().get()), ..*run },
            Target::Page | Target::Touch => *run,
        }));
        Ok(runs)
    }

    fn segment_in_words(&self, pfn: Pfn, answer: u64) -> Option<String> {
        Some(match answer {
            0 => "a miss".to_owned(),
            NO_PAGE => "page 0, which there is not".to_owned(),
            _ => {
                let start = start_of_answer(pfn, answer)?;
                match pfn.get().checked_sub(start) {
                    Some(offset) => format!("segment {start:#x} and offset {offset:#x} in it"),
                    None => format!("segment {start:#x}, which begins above it"),
                }
            }
        })
    }

    fn check(&self) -> Result<(), String> {
        if self.answers_everything() {
            return Ok(()); // it holds nothing, and keeps no count
        }
        let (given, expected) = (self.table.segments(), self.pages.len() as u64);
        if given == expected {
            return Ok(());
        }
        Err(format!("segments() returned {given} where the layout has {expected} segments"))
    }

    fn facts(&self) -> Facts {
        self.facts
    }
}

impl PluginSubject {
    /// The word of an answer where nothing is timed, and of target `touch` the page's.
    fn as_word(&self, target: Target, pfn: Pfn, answer: Answer) -> u64 {
        let is_no_page = answer.page == 0 && !self.answers_everything();
        match (answer.is_miss(), target) {
            (false, _) if is_no_page => NO_PAGE, // found, with a page that there is not: no miss
            (_, Target::Handle) => Handle.of(pfn, answer),
            (_, Target::Page | Target::Touch) => Page.of(pfn, answer),
        }
    }

    /// The right answer, from what the table was told.
    fn expected(&self, target: Target, pfn: Pfn) -> u64 {
        if self.answers_everything() {
            let named = if target == Target::Handle { handle_answer(0) } else { 0 };
            return named.wrapping_add(pfn.get());
        }
        let above = self.pages.partition_point(|run| run.frames.start() <= pfn);
        let run = above.checked_sub(1).and_then(|index| self.pages.get(index));
        let Some(run) = run.filter(|run| run.frames.contains(pfn)) else { return 0 };
        let start = run.frames.start().get();
        let first = if target == Target::Handle { handle_answer(start) } else { run.first_answer };
        first.wrapping_add(pfn.get() - start)
    }
}

/// Every frame there is in one run, the page its own number, as `PHYSSEG_FLAG_NULL` has it: a miss in frame 0 alone.
fn everything(target: Target) -> Option<Run> {
    let first_answer = if target == Target::Handle { handle_answer(0) } else { 0 };
    let frames = FrameRange::new(Pfn::ZERO, Pfn::new(u64::MAX))?;
    Some(Run { frames, first_answer })
}

/// Makes one word of an answer, as the loops want it: 0 for a miss.
trait Word {
    fn of(&self, pfn: Pfn, answer: Answer) -> u64;
}

/// The page identity.
struct Page;

impl Word for Page {
    #[inline(always)]
    #[allow(clippy::inline_always)] // the body of the timed loop
    fn of(&self, _pfn: Pfn, answer: Answer) -> u64 {
        if answer.is_miss() { 0 } else { answer.page }
    }
}

/// The segment, named by its start, and the offset in it.
struct Handle;

impl Word for Handle {
    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn of(&self, pfn: Pfn, answer: Answer) -> u64 {
        if answer.is_miss() {
            return 0;
        }
        let offset = pfn.get().wrapping_sub(answer.segment_start);
        handle_answer(answer.segment_start).wrapping_add(offset)
    }
}

/// The first word of the page's descriptor.
struct Touch<'a>(&'a [Descriptor]);

impl Word for Touch<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn of(&self, _pfn: Pfn, answer: Answer) -> u64 {
        if answer.is_miss() {
            return 0;
        }
        let index = usize::try_from(answer.page.wrapping_sub(1)).unwrap_or(usize::MAX);
        self.0.get(index).map_or(0, Descriptor::word)
    }
}

/// A table that is asked in the timed loops.
struct Asking<'a, W> {
    table: &'a Table,
    single: bool,
    answers: &'a RefCell<Vec<Answer>>,
    word: W,
}

impl<W: Word> Lookup for Asking<'_, W> {
    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn answer(&self, pfn: Pfn) -> u64 {
        self.word.of(pfn, self.table.find(pfn))
    }

    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn answer_block(&self, block: &[Pfn], answers: &mut Answers) {
        if self.single {
            for &pfn in block {
                answers.take(self.answer(pfn));
            }
            return;
        }
        let mut found = self.answers.borrow_mut();
        for part in block.chunks(TRACE_BLOCK) {
            self.table.find_batch(part, &mut found);
            for (&pfn, &answer) in part.iter().zip(found.iter()) {
                answers.take(self.word.of(pfn, answer));
            }
        }
    }
}

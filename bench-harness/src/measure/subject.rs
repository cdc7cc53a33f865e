//! A backend built on a layout, ready to be measured: the one place where the choice of backend is
//! made at run time, once a batch and never inside a timed loop.

use physseg::backend::Backend;
use physseg::{FrameRange, PageId, Pfn};

use super::batch::{Batch, Timed};
use super::beacon::Doing;
use super::descriptors::touched;
use super::kind::Target;
use super::lookup::{HandleOf, Lookup, PageOf, TouchOf, Twin, handle_answer};
use super::oracle::Run;
use super::runs::{NoRuns, room_for};
use crate::layout::build::{BuildError, Built, BuiltBy};

/// What is known of a table once it is built.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// How it was built.
    pub built_by: BuiltBy,
    /// How long that took, in seconds.
    pub build_s: f64,
    /// Bytes of the structure, page descriptors not counted; `None` of a plugin that does not say.
    pub bytes_total: Option<u64>,
    /// How many of those bytes answer `page` lookups.
    pub index_bytes: Option<u64>,
    /// Segments in it.
    pub segments: u64,
    /// Page frames present in it.
    pub frames: u64,
}

/// A backend built on a layout, or why not.
pub type Outcome = Result<Box<dyn Subject>, BuildError>;

/// A built table behind whatever backend.
pub trait Subject {
    /// Runs a timed batch.
    fn run(&self, batch: &Batch<'_>) -> Timed;

    /// The same in the second copy of the timed loop, see [`Twin`].
    fn run_twin(&self, batch: &Batch<'_>) -> Timed;

    /// Whether running a batch that [is bare](Batch::is_bare) runs nothing else either.
    fn is_bare(&self) -> bool {
        true
    }

    /// What it is noted to do while it runs a batch, see [`beacon`](super::beacon).
    fn doing(&self, _batch: &Batch<'_>) -> Doing {
        Doing::Lookups
    }

    /// Answers one lookup, not timed: for [`Target::Touch`] which descriptor would be read, as for
    /// [`Target::Page`].
    fn answer(&self, target: Target, pfn: Pfn) -> u64;

    /// Answers a block of the batch as a timed loop has it answered, each as [`answer`](Self::answer) says it.
    /// Not timed: it is asked once a batch has gone wrong, to find out where.
    fn answers(&self, batch: &Batch<'_>, block: &[Pfn]) -> Vec<u64> {
        block.iter().map(|&pfn| self.answer(batch.target, pfn)).collect()
    }

    /// The page that `phys_to_page` finds at the frame's physical address, as
    /// [`answer`](Self::answer) of [`Target::Page`] says it. `None` for a frame beyond the
    /// addresses. Not timed.
    fn answer_by_address(&self, pfn: Pfn) -> Option<u64>;

    /// All segments by the ordered walk, with the answer for their first frame.
    ///
    /// # Errors
    /// A segment has no page descriptors, or there is no memory for so many.
    fn walk(&self, target: Target) -> Result<Vec<Run>, NoRuns>;

    /// Whether it is no table but finds every frame there is, which its own [`walk`](Self::walk) says and no
    /// layout does: it shows what calls cost, and has no pages to touch.
    fn answers_everything(&self) -> bool {
        false
    }

    /// Which segment, and which frame in it, an answer of [`Target::Handle`] for a frame is about, for people; `None`
    /// where that does not show.
    fn segment_in_words(&self, _pfn: Pfn, _answer: u64) -> Option<String> {
        None
    }

    /// Checks the data structure's own invariants.
    ///
    /// # Errors
    /// The violated invariant.
    fn check(&self) -> Result<(), String>;

    /// What is known of it.
    fn facts(&self) -> Facts;
}

impl<B: Backend> Subject for Built<B> {
    fn run(&self, batch: &Batch<'_>) -> Timed {
        let backend = self.table.backend();
        match batch.target {
            Target::Page => batch.run(&PageOf(backend)),
            Target::Handle => batch.run(&HandleOf(backend)),
            Target::Touch => batch.run(&TouchOf { backend, descriptors: batch.descriptors }),
        }
    }

    fn run_twin(&self, batch: &Batch<'_>) -> Timed {
        let backend = self.table.backend();
        match batch.target {
            Target::Page => batch.run(&Twin(PageOf(backend))),
            Target::Handle => batch.run(&Twin(HandleOf(backend))),
            Target::Touch => batch.run(&Twin(TouchOf { backend, descriptors: batch.descriptors })),
        }
    }

    fn answer(&self, target: Target, pfn: Pfn) -> u64 {
        match target {
            Target::Page | Target::Touch => PageOf(self.table.backend()).answer(pfn),
            Target::Handle => HandleOf(self.table.backend()).answer(pfn),
        }
    }

    fn answer_by_address(&self, pfn: Pfn) -> Option<u64> {
        let paddr = pfn.to_paddr(self.table.page_size()?)?;
        Some(self.table.phys_to_page(paddr).map_or(0, PageId::raw))
    }

    fn walk(&self, target: Target) -> Result<Vec<Run>, NoRuns> {
        // The room at once: growing step by step would copy gigabytes.
        let mut runs = room_for(self.table.len())?;
        for (handle, segment) in self.table.segments() {
            let frames: FrameRange = segment.range();
            let first_answer = match target {
                Target::Page | Target::Touch => segment.pages().map(PageId::raw),
                Target::Handle => handle.segment().map(|it| handle_answer(B::handle_word(it))),
            };
            let first_answer = first_answer.ok_or(NoRuns::NoDescriptors)?;
            runs.push(Run { frames, first_answer });
        }
        if target == Target::Touch { touched(&runs) } else { Ok(runs) }
    }

    fn check(&self) -> Result<(), String> {
        self.table.backend().check()
    }

    fn facts(&self) -> Facts {
        Facts {
            built_by: self.by,
            build_s: self.took.as_secs_f64(),
            bytes_total: Some(self.table.backend().bytes() as u64),
            index_bytes: Some(self.table.backend().index_bytes() as u64),
            segments: self.table.len() as u64,
            frames: self.table.pages(),
        }
    }
}

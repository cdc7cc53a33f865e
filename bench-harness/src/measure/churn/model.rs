//! What must come of a script: an interval set, kept without any table.
//!
//! A map from starts to ends, and beside each segment the run of page descriptors that it has. The
//! descriptors come from slabs of the model's own, which is how the steps of the control are found.

use std::collections::BTreeMap;

use physseg::slab::Slabs;
use physseg::{FrameRange, PageId};

use super::ChurnError;
use super::step::{Run, Step};
use crate::layout::Operation;

/// A segment that must be there, and its first page descriptor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expected {
    /// Its frames.
    pub frames: FrameRange,
    /// Its first descriptor; none before boot ends.
    pub first: Option<PageId>,
}

/// What the model keeps for a segment, about: a place in the leaf of a B-tree, of which little more than
/// half is used where segments come in ascending order, and its share of the nodes above.
pub(super) const BYTES_PER_SEGMENT: u64 = size_of::<(u64, Piece)>() as u64 * 5 / 2;

/// What a script asks for that not every backend can do.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Needs {
    pub plug_after_boot: bool,
    pub split: bool,
}

/// The segments, by their starts.
#[derive(Default)]
pub(super) struct Model {
    segments: BTreeMap<u64, Piece>,
    slabs: Slabs,
    booted: bool,
    pub needs: Needs,
}

#[derive(Clone, Copy)]
struct Piece {
    frames: FrameRange,
    run: Option<Run>,
}

impl Model {
    /// The segments that `operations` lead to.
    pub(super) fn segments_after(operations: &[Operation]) -> Result<Vec<FrameRange>, ChurnError> {
        let mut model = Self::default();
        for &operation in operations {
            model.apply(operation)?;
        }
        Ok(model.segments.into_values().map(|piece| piece.frames).collect())
    }

    /// What is there, ascending.
    pub(super) fn expected(&self) -> impl ExactSizeIterator<Item = Expected> + '_ {
        self.segments
            .values()
            .map(|piece| Expected { frames: piece.frames, first: piece.run.map(|run| run.first) })
    }

    /// How many segments there are.
    pub(super) fn len(&self) -> usize {
        self.segments.len()
    }

    /// Carries out an operation; what it asks of the slabs, and the word that they answer.
    pub(super) fn apply(
        &mut self,
        operation: Operation,
    ) -> Result<Option<(Step, u64)>, ChurnError> {
        match operation {
            Operation::Load(frames) => {
                self.add(operation, Piece { frames, run: None })?;
                Ok(None)
            }
            Operation::Boot => self.boot().map(Some),
            Operation::Plug(frames) => self.plug(operation, frames),
            Operation::Unplug(frames) => self.unplug(operation, frames),
        }
    }

    fn boot(&mut self) -> Result<(Step, u64), ChurnError> {
        let pages = self.segments.values().map(|piece| piece.frames.frames()).sum();
        let step = Step::Boot { pages, segments: self.segments.len() };
        let given = step.take(&mut self.slabs)?;
        if let Some((slab, first)) = given {
            let mut next = first;
            for piece in self.segments.values_mut() {
                let pages = piece.frames.frames();
                piece.run = Some(Run { slab, first: next, pages });
                next = next.offset(pages);
            }
        }
        self.booted = true;
        Ok((step, Step::word(given)))
    }

    fn plug(
        &mut self,
        operation: Operation,
        frames: FrameRange,
    ) -> Result<Option<(Step, u64)>, ChurnError> {
        if !self.booted {
            self.add(operation, Piece { frames, run: None })?;
            return Ok(None);
        }
        self.needs.plug_after_boot = true;
        let pages = frames.frames();
        let step = Step::Plug { pages };
        let given = step.take(&mut self.slabs)?;
        let run = given.map(|(slab, first)| Run { slab, first, pages });
        self.add(operation, Piece { frames, run })?;
        Ok(Some((step, Step::word(given))))
    }

    fn unplug(
        &mut self,
        operation: Operation,
        gone: FrameRange,
    ) -> Result<Option<(Step, u64)>, ChurnError> {
        let start = gone.start().get();
        let below = self.segments.range(..=start).next_back().map(|(&key, &piece)| (key, piece));
        let (key, piece) = below
            .filter(|(_, piece)| piece.frames.covers(gone))
            .ok_or(ChurnError::Impossible(operation))?;
        self.segments.remove(&key);
        let head = FrameRange::new(piece.frames.start(), gone.start());
        let tail = FrameRange::new(gone.end(), piece.frames.end());
        for rest in [head, tail].into_iter().flatten() {
            let run = piece.run.map(|run| run.part(piece.frames, rest));
            self.segments.insert(rest.start().get(), Piece { frames: rest, run });
        }
        self.needs.split |= head.is_some() && tail.is_some();
        let Some(run) = piece.run.map(|run| run.part(piece.frames, gone)) else {
            return Ok(None);
        };
        let step = match (head, tail) {
            (Some(_), Some(_)) => Step::Split(run),
            (None, None) => Step::Whole(run),
            _ => Step::Cut(run),
        };
        step.take(&mut self.slabs)?;
        Ok(Some((step, 0)))
    }

    /// Adds a segment that shares no frames with those around it.
    fn add(&mut self, operation: Operation, piece: Piece) -> Result<(), ChurnError> {
        let start = piece.frames.start().get();
        let below = self.segments.range(..=start).next_back().map(|(_, piece)| piece.frames);
        let above = self.segments.range(start..).next().map(|(_, piece)| piece.frames);
        if [below, above].into_iter().flatten().any(|near| near.overlaps(piece.frames)) {
            return Err(ChurnError::Impossible(operation));
        }
        self.segments.insert(start, piece);
        Ok(())
    }
}

impl Run {
    /// The descriptors of `part`, which lies inside `frames`, whose descriptors these are.
    fn part(self, frames: FrameRange, part: FrameRange) -> Self {
        let before = part.start().get() - frames.start().get();
        Self { slab: self.slab, first: self.first.offset(before), pages: part.frames() }
    }
}

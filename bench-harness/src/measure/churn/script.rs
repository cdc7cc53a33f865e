//! A scenario on a layout: the operations that lead to where it begins, and those that are timed.

use physseg::{FrameRange, Pfn};

use super::model::Model;
use super::{ChurnError, Scenario};
use crate::layout::build::Plan;
use crate::layout::{Every, Operation, StepKind};
use crate::workload::{Generator, Xoshiro};

/// Frames in a block of a balloon, and in a piece that is fragmented.
pub(super) const BLOCK: u64 = 8;

/// Operations on a table, in order.
#[derive(Clone, Debug)]
pub struct Script {
    /// What they are.
    pub scenario: Scenario,
    /// They lead from an empty table to where the scenario begins; never timed.
    pub before: Vec<Operation>,
    /// The scenario itself.
    pub timed: Vec<Operation>,
}

impl Script {
    /// The script of a scenario with at most `limit` operations where it can be cut short, which
    /// is anywhere but in `build`. All that is random in it follows from `seed`.
    ///
    /// # Errors
    /// [`ChurnError::NothingToDo`] where the layout leaves the scenario nothing to do.
    pub fn new(
        scenario: Scenario,
        plan: &Plan<'_>,
        seed: u64,
        limit: usize,
    ) -> Result<Self, ChurnError> {
        let mut draw = Xoshiro::seeded(seed);
        let (before, timed) = match scenario {
            Scenario::Build => (Vec::new(), load(plan.segments)),
            Scenario::Replug => {
                let chosen = chosen(plan.segments.to_vec(), limit / 2, &mut draw);
                let (gone, back) = there_and_back(chosen, &mut draw);
                (load(plan.segments), gone.chain(back).collect())
            }
            Scenario::Fragment => {
                let before = whole(plan);
                let span = Model::segments_after(&before)?;
                let timed = span.into_iter().flat_map(|range| fragments(range, seed));
                (before, timed.take(limit).collect())
            }
            Scenario::Inflate | Scenario::Deflate => {
                let mut before = whole(plan);
                let span = Model::segments_after(&before)?;
                let chosen = chosen(all_blocks(&span), limit, &mut draw);
                let (gone, back) = there_and_back(chosen, &mut draw);
                if scenario == Scenario::Inflate {
                    (before, gone.collect())
                } else {
                    before.extend(gone);
                    (before, back.collect())
                }
            }
        };
        if timed.is_empty() {
            return Err(ChurnError::NothingToDo(match scenario {
                Scenario::Build => "the layout has no segments",
                Scenario::Fragment => "every segment is a single frame",
                Scenario::Inflate | Scenario::Deflate => {
                    "there are fewer than two aligned blocks of 8 frames"
                }
                Scenario::Replug => "the only segment cannot go",
            }));
        }
        Ok(Self { scenario, before, timed })
    }

    /// How many operations a time is divided by: those that are timed, or the segments of a table
    /// that is built.
    pub fn operations(&self) -> usize {
        match self.scenario {
            Scenario::Build => self.timed.len() - 1,
            _ => self.timed.len(),
        }
    }
}

/// The segments loaded, and the end of boot.
fn load(segments: &[FrameRange]) -> Vec<Operation> {
    segments.iter().map(|&range| Operation::Load(range)).chain([Operation::Boot]).collect()
}

/// The layout's history until it is first fragmented: its memory in one piece.
pub(super) fn whole(plan: &Plan<'_>) -> Vec<Operation> {
    let is_whole = |kind: &StepKind| !matches!(kind, StepKind::Unplug { every: Some(_), .. });
    let steps = plan.layout.steps.iter().map(|step| step.kind).take_while(is_whole);
    let mut operations: Vec<Operation> = steps.flat_map(StepKind::operations).collect();
    if !operations.contains(&Operation::Boot) {
        operations.push(Operation::Boot);
    }
    operations
}

/// The unplugs that fragment a segment, as layouts do it.
fn fragments(range: FrameRange, seed: u64) -> impl Iterator<Item = Operation> {
    let seed = seed.wrapping_add(range.start().get());
    let every = Every { every: BLOCK, frames: (1, BLOCK - 1), seed };
    StepKind::Unplug { range, every: Some(every) }.operations()
}

/// The aligned blocks of a segment.
fn blocks(range: FrameRange) -> impl Iterator<Item = FrameRange> {
    let first = range.start().get().next_multiple_of(BLOCK);
    let count = range.end().get().saturating_sub(first) / BLOCK;
    (0..count).filter_map(move |n| FrameRange::with_len(Pfn::new(first + n * BLOCK), BLOCK))
}

/// The aligned blocks of all segments, in memory taken once: of a large layout they are half a GiB.
fn all_blocks(segments: &[FrameRange]) -> Vec<FrameRange> {
    let count: u64 = segments.iter().map(|range| range.frames() / BLOCK).sum();
    let mut all = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
    all.extend(segments.iter().copied().flat_map(blocks));
    all
}

/// Half of `all`, at most `limit` of them, in random order.
fn chosen(mut all: Vec<FrameRange>, limit: usize, draw: &mut Xoshiro) -> Vec<FrameRange> {
    let count = (all.len() / 2).min(limit);
    shuffle(&mut all, count, draw);
    all.truncate(count);
    all
}

/// The unplugs of all ranges in their order, and the plugs of them in another.
fn there_and_back(
    ranges: Vec<FrameRange>,
    draw: &mut Xoshiro,
) -> (impl Iterator<Item = Operation>, impl Iterator<Item = Operation>) {
    let mut back = ranges.clone();
    let count = back.len();
    shuffle(&mut back, count, draw);
    (ranges.into_iter().map(Operation::Unplug), back.into_iter().map(Operation::Plug))
}

/// Puts `count` of the ranges, drawn at random, at the front in random order (Fisher and Yates).
fn shuffle(ranges: &mut [FrameRange], count: usize, draw: &mut Xoshiro) {
    for at in 0..count {
        let left = (ranges.len() - at) as u64;
        ranges.swap(at, at + usize::try_from(draw.below(left)).unwrap_or(0));
    }
}

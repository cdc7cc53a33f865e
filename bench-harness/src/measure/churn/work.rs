//! A script with everything that the participants need of it and are held against.

use physseg::{FrameRange, PageSize};

use super::model::{Expected, Model, Needs};
use super::step::Step;
use super::{ChurnError, Script};
use crate::layout::Operation;
use crate::layout::build::Plan;

/// A script, and what must come of it.
#[derive(Debug)]
pub struct Work {
    /// The operations.
    pub script: Script,
    /// The segments that must be there in the end, ascending.
    pub end: Vec<Expected>,
    pub(super) page_size: PageSize,
    /// Records that a backend has to hold before boot ends.
    pub(super) boot_room: usize,
    /// Segments where it begins or ends, whichever are more.
    pub(super) segments_most: usize,
    /// The most segments that there are at a time.
    peak: usize,
    /// Segments, and frames in them, where the timed phase begins.
    before: (u64, u64),
    /// What is asked of the slabs before the timed phase, and in it.
    pub(super) steps_before: Vec<Step>,
    pub(super) steps: Vec<Step>,
    /// Sum of what the slabs answer in it.
    pub(super) checksum: u64,
    pub(super) needs: Needs,
}

impl Work {
    /// Finds out what must come of `script`, by a model that has no table in it.
    ///
    /// # Errors
    /// [`ChurnError::Impossible`], [`ChurnError::Slabs`].
    pub fn new(script: Script, plan: &Plan<'_>) -> Result<Self, ChurnError> {
        let mut model = Model::default();
        let mut steps_before = Vec::new();
        let mut peak = 0;
        for &operation in &script.before {
            steps_before.extend(model.apply(operation)?.map(|(step, _)| step));
            peak = peak.max(model.len());
        }
        let segments_before = model.len();
        let frames_before = model.expected().map(|segment| segment.frames.frames()).sum();
        let mut steps = Vec::with_capacity(script.timed.len());
        let mut checksum = 0_u64;
        for &operation in &script.timed {
            if let Some((step, word)) = model.apply(operation)? {
                steps.push(step);
                checksum = checksum.wrapping_add(word);
            }
            peak = peak.max(model.len());
        }
        let all = script.before.iter().chain(&script.timed);
        let at_boot = all.take_while(|&&operation| operation != Operation::Boot).count();
        Ok(Self {
            page_size: plan.layout.page_size,
            boot_room: plan.layout.physseg_max.max(at_boot),
            segments_most: segments_before.max(model.len()),
            peak,
            before: (segments_before as u64, frames_before),
            end: model.expected().collect(),
            needs: model.needs,
            script,
            steps_before,
            steps,
            checksum,
        })
    }

    /// Bytes of a page.
    pub fn page_size(&self) -> PageSize {
        self.page_size
    }

    /// The most segments that there are at a time on the way.
    pub fn peak(&self) -> usize {
        self.peak
    }

    /// How many segments there are where the timed phase begins, and how many frames in them.
    pub fn before(&self) -> (u64, u64) {
        self.before
    }

    /// What is asked of the slabs before the timed phase: one step for each operation, but for those before boot
    /// ends, which take none and come first.
    pub fn steps_before(&self) -> &[Step] {
        &self.steps_before
    }

    /// The same in the timed phase.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The segments that are there when boot ends, ascending.
    ///
    /// # Errors
    /// [`ChurnError::Impossible`], which [`new`](Self::new) has found already.
    pub fn at_boot(&self) -> Result<Vec<FrameRange>, ChurnError> {
        let all = self.script.before.iter().chain(&self.script.timed);
        let loads: Vec<Operation> =
            all.take_while(|&&operation| operation != Operation::Boot).copied().collect();
        Model::segments_after(&loads)
    }

    /// How many frames must be present in the end.
    pub fn frames(&self) -> u64 {
        self.end.iter().map(|segment| segment.frames.frames()).sum()
    }
}

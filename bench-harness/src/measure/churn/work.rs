//! A script with everything that the participants need of it and are held against.

use physseg::PageSize;

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
        for &operation in &script.before {
            steps_before.extend(model.apply(operation)?.map(|(step, _)| step));
        }
        let segments_before = model.expected().len();
        let mut steps = Vec::with_capacity(script.timed.len());
        let mut checksum = 0_u64;
        for &operation in &script.timed {
            if let Some((step, word)) = model.apply(operation)? {
                steps.push(step);
                checksum = checksum.wrapping_add(word);
            }
        }
        let all = script.before.iter().chain(&script.timed);
        let at_boot = all.take_while(|&&operation| operation != Operation::Boot).count();
        Ok(Self {
            page_size: plan.layout.page_size,
            boot_room: plan.layout.physseg_max.max(at_boot),
            segments_most: segments_before.max(model.expected().len()),
            end: model.expected().collect(),
            needs: model.needs,
            script,
            steps_before,
            steps,
            checksum,
        })
    }

    /// How many frames must be present in the end.
    pub fn frames(&self) -> u64 {
        self.end.iter().map(|segment| segment.frames.frames()).sum()
    }
}

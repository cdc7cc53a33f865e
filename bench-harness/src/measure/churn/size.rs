//! What a scenario takes on a layout, estimated before anything of it is made.
//!
//! Scripts and models of tebibytes are gigabytes of the standard library's collections, which end the
//! program when they get no memory. So whoever makes tables is asked first whether there is room for
//! all of it, see [`Churn::room`](super::Churn::room).

use std::borrow::Cow;

use physseg::FrameRange;

use super::model::{self, Expected, Model};
use super::script;
use super::step::Step;
use super::{ChurnError, Scenario};
use crate::layout::Operation;
use crate::layout::build::Plan;

/// What a scenario takes, at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// Segments in a table at a time.
    pub segments: u64,
    /// Frames from the first segment to the last, present or not.
    pub frames: u64,
    /// Bytes of the script, of the model, and of what must come of them.
    pub bytes: u64,
}

impl Size {
    /// The size of a scenario with at most `limit` operations where it can be cut short.
    ///
    /// # Errors
    /// [`ChurnError::Impossible`], [`ChurnError::Slabs`].
    pub fn of(scenario: Scenario, plan: &Plan<'_>, limit: usize) -> Result<Self, ChurnError> {
        let start = match scenario {
            Scenario::Build | Scenario::Replug => Cow::Borrowed(plan.segments),
            // Not long: it is what there is before a layout falls to pieces.
            _ => Cow::Owned(Model::segments_after(&script::whole(plan))?),
        };
        let (there, limit) = (start.len() as u64, limit as u64);
        let frames: u64 = start.iter().map(|range| range.frames()).sum();
        let pieces = frames.div_ceil(script::BLOCK) + there;
        let half = limit.min(pieces / 2); // of all blocks, in a balloon
        // What is drawn from, the operations, and the segments that come on top.
        let (drawn, operations, more) = match scenario {
            Scenario::Build => (0, there + 1, 0),
            Scenario::Replug => (2 * there, there + 1 + limit.min(there), 0),
            Scenario::Fragment => (0, 2 * there + 1 + limit.min(pieces), limit.min(pieces)),
            Scenario::Inflate => (2 * pieces, 2 * there + 1 + half, half),
            Scenario::Deflate => (2 * pieces, 2 * (there + 1 + half), 2 * half),
        };
        let segments = there + more;
        let bytes = drawn * bytes_of::<FrameRange>()
            + operations * (bytes_of::<Operation>() + bytes_of::<Step>())
            + segments * (model::BYTES_PER_SEGMENT + bytes_of::<Expected>());
        Ok(Self { segments, frames: span(&start), bytes })
    }
}

fn bytes_of<T>() -> u64 {
    size_of::<T>() as u64
}

/// Frames from the first to the last.
fn span(segments: &[FrameRange]) -> u64 {
    match (segments.first(), segments.last()) {
        (Some(first), Some(last)) => last.end().get() - first.start().get(),
        _ => 0,
    }
}

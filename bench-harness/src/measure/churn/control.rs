//! The participant that is no backend: what a table asks of its slabs, and nothing else.
//!
//! Its time is the extent's share of everybody's: the same allocations and returns of page
//! descriptors in the same order, without the table around them and the data structure below.

use std::ops::Range;
use std::time::Instant;

use physseg::backend::Capabilities;
use physseg::slab::Slabs;

use super::step::Step;
use super::{Cause, Churn, Occupied, Stopped, Work};

/// The slabs alone.
#[derive(Debug, Default)]
pub(super) struct Control {
    slabs: Slabs,
    /// Sum of what they answered in the timed phase.
    checksum: u64,
}

impl Churn for Control {
    fn capabilities(&self) -> Option<Capabilities> {
        None
    }

    fn begin(&mut self, work: &Work) -> Result<(), Stopped> {
        *self = Self::default();
        self.take(&work.steps_before, 0).map(drop)
    }

    /// `part` counts operations. An operation without a step (a load before boot ends) takes none, and
    /// steps are then fewer; the end of the part is the end of the steps all the same.
    fn run(&mut self, work: &Work, part: Range<usize>) -> Result<u64, Stopped> {
        let missing = work.script.timed.len() - work.steps.len();
        let from = part.start.saturating_sub(missing);
        let to = part.end.saturating_sub(missing);
        let Some(steps) = work.steps.get(from..to) else {
            return Ok(0);
        };
        let start = Instant::now();
        let sum = self.take(steps, from);
        let elapsed = start.elapsed();
        self.checksum = self.checksum.wrapping_add(sum?);
        Ok(u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX))
    }

    fn verify(&self, work: &Work) -> Result<(), String> {
        if self.checksum == work.checksum {
            return Ok(());
        }
        Err(format!("descriptors add up to {:#x}, not {:#x}", self.checksum, work.checksum))
    }

    fn occupied(&self) -> Option<Occupied> {
        None
    }

    fn end(&mut self) {
        *self = Self::default();
    }
}

impl Control {
    fn take(&mut self, steps: &[Step], first: usize) -> Result<u64, Stopped> {
        let mut sum = 0_u64;
        for (index, step) in steps.iter().enumerate() {
            match step.take(&mut self.slabs) {
                Ok(given) => sum = sum.wrapping_add(Step::word(given)),
                Err(error) => {
                    let operation = first + index;
                    return Err(Stopped { operation, cause: Cause::Slabs(error) });
                }
            }
        }
        Ok(sum)
    }

    /// The slabs as they are now.
    #[cfg(test)]
    pub(super) fn slabs(&self) -> &Slabs {
        &self.slabs
    }
}

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

    fn begin(&mut self, _work: &Work) -> Result<(), Stopped> {
        *self = Self::default();
        Ok(())
    }

    fn prepare(&mut self, work: &Work, part: Range<usize>) -> Result<u64, Stopped> {
        let (steps, first) = of_part(&work.steps_before, work.script.before.len(), &part);
        self.timed(steps, first).map(|(elapsed_ns, _)| elapsed_ns)
    }

    fn run(&mut self, work: &Work, part: Range<usize>) -> Result<u64, Stopped> {
        let (steps, first) = of_part(&work.steps, work.script.timed.len(), &part);
        let (elapsed_ns, sum) = self.timed(steps, first)?;
        self.checksum = self.checksum.wrapping_add(sum);
        Ok(elapsed_ns)
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

/// The steps of a part, which counts operations, and the number of the first. An operation without a step (a
/// load before boot ends) takes none, and steps are then fewer; the end of the part is the end of the steps
/// all the same.
fn of_part<'a>(steps: &'a [Step], operations: usize, part: &Range<usize>) -> (&'a [Step], usize) {
    let missing = operations - steps.len();
    let from = part.start.saturating_sub(missing);
    (steps.get(from..part.end.saturating_sub(missing)).unwrap_or_default(), from)
}

impl Control {
    /// How many nanoseconds the steps took, and the sum of what the slabs answered.
    fn timed(&mut self, steps: &[Step], first: usize) -> Result<(u64, u64), Stopped> {
        let start = Instant::now();
        let sum = self.take(steps, first);
        let elapsed = start.elapsed();
        Ok((u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX), sum?))
    }

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

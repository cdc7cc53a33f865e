//! One process of a run that has several: measures everything once and tells the process that
//! started it. Nothing here writes a file or prints.

use std::time::Duration;

use super::checks::Checked;
use super::measuring::Measuring;
use super::messages::{Job, Message};
use super::part::Part;
use super::plan::Plan;
use super::sink::Sink;
use crate::cmd::Failure;
use crate::cmd::worker::Parent;
use crate::machine::{self, Disturbance};
use crate::record::{BatchEnd, Configuration, SampleRow, SummaryRow};

/// Works for the process at the other end of standard input and output. `plan` is what this process
/// makes of the arguments of the run.
///
/// # Errors
/// Standard input holds no job: somebody typed the hidden command.
pub(in crate::cmd) fn work(plan: Result<Plan, Failure>) -> Result<(), Failure> {
    let (mut parent, job) = Parent::meet::<Job>().map_err(|error| {
        Failure::input(anyhow::anyhow!(
            "`worker` is what the program starts itself with, not for the command line ({error})"
        ))
    })?;
    if let Err(failure) = measure(&mut parent, plan, job) {
        parent.tell(&Message::Failed { why: failure.to_string() });
        return Err(failure);
    }
    parent.tell(&Message::Done);
    Ok(())
}

fn measure(parent: &mut Parent, plan: Result<Plan, Failure>, job: Job) -> Result<(), Failure> {
    let mut plan = plan?;
    plan.settle_as(&job.plan);
    if plan.to_json() != job.plan {
        return Err(Failure::running(anyhow::anyhow!(
            "its plan is not that of the run: a layout file was changed meanwhile, or the program was \
             replaced by another build"
        )));
    }
    take_heap(&job.heap_bytes);
    let pinned = machine::pin_to_one_core();
    parent.tell(&Message::Began { pinned: machine::pinning_in_words(&pinned) });
    let time = job.time_s.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let mut pipe = Pipe { parent, checked: job.checked };
    Measuring::new(&plan, job.run_id, job.process, time, &mut pipe).run(pinned.ok())
}

/// Takes memory and never gives it back, so that what is allocated from now on lies elsewhere than in
/// the process before, also within its page and within the sets of a cache.
fn take_heap(sizes: &[usize]) {
    for &bytes in sizes {
        std::hint::black_box(Vec::leak(vec![1_u8; bytes]));
    }
}

/// Everything goes to the process that has the folder.
struct Pipe<'a> {
    parent: &'a mut Parent,
    /// Layouts that an earlier process has checked.
    checked: Vec<String>,
}

impl Sink for Pipe<'_> {
    fn take_part(&mut self, rows: Vec<SummaryRow>) -> Result<(), Failure> {
        self.parent.tell(&Message::TakePart { rows });
        Ok(())
    }

    fn prepare(&mut self, what: String) {
        self.parent.tell(&Message::Prepare { what });
    }

    fn say(&mut self, what: String) {
        self.parent.tell(&Message::Say { what });
    }

    fn round(&mut self, rows: Vec<SampleRow>) -> Result<(), Failure> {
        self.parent.tell(&Message::Round { rows });
        Ok(())
    }

    fn ended(&mut self, end: BatchEnd) -> Result<(), Failure> {
        self.parent.tell(&Message::Ended { end });
        Ok(())
    }

    fn wants_checks(&self, part: &Part) -> bool {
        !self.checked.contains(&part.layout.name)
    }

    fn checked(&mut self, checked: Checked) -> Result<(), Failure> {
        self.parent.tell(&Message::Checked { checked });
        Ok(())
    }

    fn beside(&mut self, took: Duration) {
        self.parent.tell(&Message::Beside { took_s: took.as_secs_f64() });
    }

    fn disturbed(&mut self, by: Disturbance) {
        self.parent.tell(&Message::Disturbed { by });
    }

    /// It measures everything itself and has nothing from before.
    fn count(&self, _: &Configuration) -> usize {
        0
    }

    fn samples(&self, _: &Configuration) -> Vec<SampleRow> {
        Vec::new()
    }

    fn is_over(&self, _: &Configuration, _: u32) -> bool {
        false
    }

    /// The process that has the folder listens to signals, and ends this one.
    fn interrupted(&self) -> Failure {
        Failure::running(anyhow::anyhow!("interrupted"))
    }
}

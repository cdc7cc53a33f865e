//! A process that measures and tells the one that started it: one of a run of several, or the one in which plugins
//! are measured. Nothing here writes a file but the note of who is in charge, nor prints.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;

use super::auto;
use super::barred::Barred;
use super::checks::Checked;
use super::measuring::Measuring;
use super::messages::{Earlier, Job, Message, Task};
use super::part::Part;
use super::plan::Plan;
use super::sink::Sink;
use crate::cmd::Failure;
use crate::cmd::worker::Parent;
use crate::layout::build::BuildError;
use crate::machine::{self, Disturbance};
use crate::measure::beacon::{self, Doing};
use crate::measure::churn::ChurnError;
use crate::measure::{Clockwork, MeasureError};
use crate::record::{self, BatchEnd, Configuration, SampleRow, Stopping, SummaryRow};
use crate::registry::Entry;

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
    if let Err(failure) = carry_out(&mut parent, plan, job) {
        let blamed = blamed(&failure);
        parent.tell(&Message::Failed { why: failure.to_string(), blamed });
        return Err(failure);
    }
    parent.tell(&Message::Done);
    Ok(())
}

/// The backend that is to blame for a failure, if one is, and what it did.
pub(in crate::cmd) fn blamed(failure: &Failure) -> Option<(String, String)> {
    failure.error().chain().find_map(|cause| {
        if let Some(error) = cause.downcast_ref::<MeasureError>() {
            return Some((error.backend().to_owned(), error.what()));
        }
        let (backend, what) = cause.downcast_ref::<ChurnError>()?.blamed()?;
        Some((backend.to_owned(), what))
    })
}

fn carry_out(parent: &mut Parent, plan: Result<Plan, Failure>, job: Job) -> Result<(), Failure> {
    let mut plan = plan?;
    plan.settle_as(&job.plan);
    if plan.to_json() != job.plan {
        return Err(Failure::running(anyhow::anyhow!(
            "its plan is not that of the run: a layout file was changed meanwhile, or the program was \
             replaced by another build"
        )));
    }
    plan.barred = job.barred;
    if let Some(path) = &job.beacon {
        let names = plan.backends.iter().map(|entry| entry.name).collect();
        watch(parent, path, names, &plan.backends, &plan.barred)?;
    }
    match job.task {
        Task::Load => Ok(()),
        Task::Settle => {
            let timer = machine::measure_timer();
            let clock =
                Clockwork { resolution_ns: timer.resolution_ns, overhead_ns: timer.overhead_ns };
            auto::settle(&mut plan, clock);
            parent.tell(&Message::Settled { plan: plan.to_json() });
            Ok(())
        }
        Task::Measure => {
            take_heap(&job.heap_bytes);
            let pinned = machine::pin_to_one_core();
            parent.tell(&Message::Began { pinned: machine::pinning_in_words(&pinned) });
            let time = job.time_s.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
            let mut pipe = Pipe::new(parent, &plan, job.checked, job.earlier)?;
            Measuring::new(&plan, job.run_id, job.process, time, &mut pipe).run(pinned.ok())
        }
    }
}

/// Makes this process one that is watched: it notes who is in charge in the file at `path` from here on, by place
/// in `names`, ends when the one that watches it ends, and loads all plugins that have not failed yet.
///
/// # Errors
/// The file cannot be written; a plugin is none.
pub(in crate::cmd) fn watch(
    parent: &mut Parent,
    path: &Path,
    names: Vec<&'static str>,
    backends: &[&'static Entry],
    barred: &[Barred],
) -> Result<(), Failure> {
    machine::end_with_parent(); // which alone knows when a plugin hangs
    let kept = parent.keep_output().context("standard output cannot be kept apart");
    kept.map_err(Failure::running)?;
    let opened = File::options().write(true).open(path);
    let file = opened
        .with_context(|| format!("{} cannot be written", path.display()))
        .map_err(Failure::running)?;
    beacon::light(file, names);
    load(backends, barred)
}

/// Loads all plugins that have not failed yet.
fn load(backends: &[&'static Entry], barred: &[Barred]) -> Result<(), Failure> {
    let is_barred = |entry: &Entry| barred.iter().any(|one| one.backend == entry.name);
    for entry in backends.iter().filter(|entry| !is_barred(entry)) {
        beacon::begin(entry.name, Doing::Load);
        let loaded = entry.load().map_err(|error| MeasureError::Build {
            backend: entry.name.to_owned(),
            error: BuildError::Plugin(error.to_string()),
        });
        loaded.map_err(Failure::running)?;
    }
    beacon::nobody();
    Ok(())
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
    /// What an earlier process measured, without those that failed since.
    earlier: Vec<SampleRow>,
    /// How batch sizes ended there.
    stopping: Stopping,
    /// Layouts of which nothing is missing.
    complete: Vec<String>,
}

impl<'a> Pipe<'a> {
    fn new(
        parent: &'a mut Parent,
        plan: &Plan,
        checked: Vec<String>,
        earlier: Option<Earlier>,
    ) -> Result<Self, Failure> {
        let mut pipe = Self {
            parent,
            checked,
            earlier: Vec::new(),
            stopping: Stopping::default(),
            complete: Vec::new(),
        };
        if let Some(Earlier { samples, stopping, layouts }) = earlier {
            pipe.earlier = record::read_samples(&samples).map_err(Failure::running)?;
            pipe.earlier.retain(|row| plan.barred(&row.backend).is_none());
            (pipe.stopping, pipe.complete) = (stopping, layouts);
        }
        Ok(pipe)
    }
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

    fn is_complete(&self, part: &Part) -> bool {
        self.complete.contains(&part.layout.name)
    }

    fn count(&self, configuration: &Configuration) -> usize {
        self.earlier.iter().filter(|row| row.is_of(configuration)).count()
    }

    fn samples(&self, configuration: &Configuration) -> Vec<SampleRow> {
        self.earlier.iter().filter(|row| row.is_of(configuration)).cloned().collect()
    }

    fn is_over(&self, configuration: &Configuration, done: u32) -> bool {
        let ended = self.stopping.of(configuration);
        ended.is_some_and(|end| u64::from(done) >= end.rounds)
    }

    /// The process that has the folder listens to signals, and ends this one.
    fn interrupted(&self) -> Failure {
        Failure::running(anyhow::anyhow!("interrupted"))
    }
}

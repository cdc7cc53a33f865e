//! A run of several processes, seen from the one that has the folder.
//!
//! A process has one placement of code, stack and heap in memory, and that alone can make one backend
//! faster than the other by percents, in every round alike (T. Mytkowicz, A. Diwan, M. Hauswirth,
//! P. F. Sweeney, "Producing wrong data without doing anything obviously wrong!", ASPLOS 2009, who
//! moved the stack by environment variables and found it). So the program starts itself anew, one
//! process after the other, with what randomisation of the address space may leave alone moved on
//! purpose: the size of the environment, which lies above the stack, and the heap's beginning.

use std::ffi::OsString;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, anyhow};

use super::interrupt;
use super::messages::{Job, Message};
use super::plan::Plan;
use super::sink::{Recorder, Sink};
use super::width::widest;
use crate::cmd::Failure;
use crate::cmd::worker::{Worker, WorkerError};
use crate::measure::order_seed;
use crate::record::{BASELINE, BatchEnd, Configuration, Stopping};
use crate::stats::processes_needed;
use crate::workload::{Generator, Xoshiro};

/// The variable whose length moves the stack; nobody reads it.
const PADDING: &str = "BENCH_HARNESS_PADDING";

/// The environment grows by up to a page: what lies further away only repeats the same offsets.
const PADDING_MAX_BYTES: u64 = 4096;

/// Heap taken before anything else: blocks that the allocator takes from its heap, and one that it
/// maps by itself.
const HEAP_MAX_BYTES: [u64; 3] = [1 << 10, 1 << 16, 1 << 21];

/// Lets the processes that are left measure, one after the other.
pub(super) fn measure(plan: &Plan, recorder: &mut Recorder<'_>) -> Result<(), Failure> {
    let began = std::time::Instant::now();
    let first = recorder.folder.process();
    for process in first..plan.processes {
        let spent = began.elapsed().saturating_sub(recorder.beside);
        let left = plan.time.map(|time| time.saturating_sub(spent));
        let share = left.map(|left| left / (plan.processes - process));
        let ends = one(plan, recorder, process, share)?;
        let folder = &mut recorder.folder;
        let stopping = &mut folder.environment.stopping;
        for end in ends {
            let end = together(stopping, end);
            stopping.put(end);
        }
        let samples = folder.samples().len() as u64;
        folder.environment.stopping.process_ends.push(samples);
        folder.write_environment()?;
    }
    conclude(plan, recorder);
    recorder.folder.write_environment()
}

/// Lets one process measure everything once.
fn one(
    plan: &Plan,
    recorder: &mut Recorder<'_>,
    process: u32,
    time: Option<Duration>,
) -> Result<Vec<BatchEnd>, Failure> {
    let run_id = recorder.folder.environment.run_id.clone();
    let mut generator = Xoshiro::seeded(order_seed(plan.seed, &run_id, u64::from(process)));
    let mut below = |end: u64| usize::try_from(generator.below(end)).unwrap_or(0);
    let padding = "x".repeat(below(PADDING_MAX_BYTES));
    let job = Job {
        plan: plan.to_json(),
        run_id,
        process,
        time_s: time.map(|time| time.as_secs_f64()),
        checked: recorder.folder.checked_layouts(plan),
        heap_bytes: HEAP_MAX_BYTES.map(|most| 1 + below(most)).to_vec(),
    };
    let mut command = myself()?;
    command.env(PADDING, padding);
    let who = format!("process {process} of the run ({} in all)", plan.processes);
    let failed = |recorder: &Recorder<'_>, error: WorkerError| in_terms_of_run(recorder, &error);
    let mut worker =
        Worker::start(who.clone(), &mut command, &job).map_err(|error| failed(recorder, error))?;
    let mut ends = Vec::new();
    loop {
        let message = worker.next(interrupt::asked).map_err(|error| failed(recorder, error))?;
        let Some(message) = message else { return Err(recorder.interrupted()) };
        match message {
            Message::Began { pinned } => recorder.folder.set_pinned(pinned, process)?,
            Message::TakePart { rows } => recorder.take_part(rows)?,
            Message::Prepare { what } => {
                recorder.prepare(format!("process {} of {}, {what}", process + 1, plan.processes));
            }
            Message::Say { what } => {
                recorder.say(format!("process {} of {}, {what}", process + 1, plan.processes));
            }
            Message::Checked { checked } => recorder.checked(checked)?,
            Message::Beside { took_s } => {
                recorder.beside(Duration::try_from_secs_f64(took_s).unwrap_or_default());
            }
            Message::Disturbed { by } => recorder.disturbed(by),
            Message::Round { rows } => recorder.round(rows)?,
            Message::Ended { end } => {
                recorder.progress.batch_ended(&end);
                ends.push(end);
            }
            Message::Failed { why } => {
                return Err(Failure::running(anyhow!("{who}: {why}")));
            }
            Message::Done => {
                // Whether it hears that or has ended already does not matter: all is on disk.
                let _ = worker.go_on();
                return Ok(ends);
            }
        }
        worker.go_on().map_err(|error| failed(recorder, error))?;
    }
}

/// The program and the arguments of this process, as the hidden command.
fn myself() -> Result<Command, Failure> {
    let program = std::env::current_exe()
        .context("--processes: where this program lies cannot be told")
        .map_err(Failure::running)?;
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let mut command = Command::new(program);
    command.arg("worker").arg("--").args(words);
    Ok(command)
}

fn in_terms_of_run(recorder: &Recorder<'_>, error: &WorkerError) -> Failure {
    Failure::running(anyhow!(
        "{error}. {} samples are in {}; the same command with --resume measures that process again",
        recorder.folder.samples().len(),
        recorder.folder.dir().display()
    ))
}

/// How a batch size ended in one more process, together with those before.
fn together(earlier: &Stopping, end: BatchEnd) -> BatchEnd {
    match earlier.batches.iter().find(|before| before.is_same(&end)) {
        None => end,
        Some(before) => BatchEnd {
            limit: end.limit.max(before.limit),
            rounds: end.rounds + before.rounds,
            elapsed_s: end.elapsed_s + before.elapsed_s,
            ..end
        },
    }
}

/// How precise all processes together are, each one piece of evidence, and how many it would take.
fn conclude(plan: &Plan, recorder: &mut Recorder<'_>) {
    let mut known: Vec<(Configuration, u64, Option<f64>)> = Vec::new();
    for (configuration, _) in plan.configurations().filter(|(_, of)| !of.rounds.is_fixed()) {
        let samples = recorder.samples(&configuration);
        let width = widest(&samples, &plan.judging());
        let rounds = samples.iter().filter(|row| row.backend == BASELINE).count() as u64;
        known.push((configuration, rounds, width.map(|width| 100.0 * width)));
    }
    let processes = u64::from(plan.processes);
    for end in &mut recorder.folder.environment.stopping.batches {
        let Some(&(_, rounds, width)) = known.iter().find(|(of, ..)| end.is_of(of)) else {
            continue;
        };
        let missing = width.zip(end.wanted_half_width_pct).filter(|(width, wanted)| width > wanted);
        let more = missing.and_then(|(width, wanted)| processes_needed(processes, width, wanted));
        end.rounds = rounds;
        end.half_width_pct = width;
        end.more_rounds = None;
        end.more_processes = more.map(|needed| needed.saturating_sub(processes));
        end.more_s =
            end.more_processes.map(|more| end.elapsed_s * more as f64 / f64::from(plan.processes));
    }
}

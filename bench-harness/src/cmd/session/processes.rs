//! A run of several processes, seen from the one that has the folder; or of one process that is watched, because
//! plugins are measured in it.
//!
//! A process has one placement of code, stack and heap in memory, and that alone can make one backend
//! faster than the other by percents, in every round alike (T. Mytkowicz, A. Diwan, M. Hauswirth,
//! P. F. Sweeney, "Producing wrong data without doing anything obviously wrong!", ASPLOS 2009, who
//! moved the stack by environment variables and found it). So the program starts itself anew, one
//! process after the other, with what randomisation of the address space may leave alone moved on
//! purpose: the size of the environment, which lies above the stack, and the heap's beginning.

use std::ffi::OsString;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use super::barred::Barred;
use super::messages::{Earlier, Job, Message, Task};
use super::plan::Plan;
use super::sink::{Recorder, Sink};
use super::supervised::{BeaconFile, Next, Supervised};
use super::width::widest;
use crate::cmd::Failure;
use crate::cmd::worker::WorkerError;
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

/// Lets the processes that are left measure, one after the other; a run of one process, whose plugins are watched, in
/// that one.
pub(super) fn measure(plan: &Plan, recorder: &mut Recorder<'_>) -> Result<(), Failure> {
    let began = Instant::now();
    let first = if plan.processes == 1 { 0 } else { recorder.folder.process() };
    for process in first..plan.processes {
        let ends = loop {
            if plan.watched().is_deserted(&recorder.barred) {
                return recorder.folder.write_environment(); // nobody is left to measure
            }
            let spent = began.elapsed().saturating_sub(recorder.beside);
            let left = plan.time.map(|time| time.saturating_sub(spent));
            let share = left.map(|left| left / (plan.processes - process));
            let which = if plan.processes == 1 { recorder.folder.process() } else { process };
            match one(plan, recorder, which, share)? {
                Ended::Done(ends) => break ends,
                Ended::Barred(barred) => {
                    if plan.processes == 1 {
                        recorder.folder.next_process();
                    } else {
                        recorder.folder.drop_process()?;
                    }
                    recorder.bar(barred)?;
                }
            }
        };
        if plan.processes == 1 {
            return Ok(()); // which files everything as it comes
        }
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

/// How a process ended.
enum Ended {
    /// With all its work done, and so ended its batch sizes.
    Done(Vec<BatchEnd>),
    /// A plugin failed, and took it down or was ended with it.
    Barred(Barred),
}

/// Lets one process measure everything once.
fn one(
    plan: &Plan,
    recorder: &mut Recorder<'_>,
    process: u32,
    time: Option<Duration>,
) -> Result<Ended, Failure> {
    let several = plan.processes > 1;
    let run_id = recorder.folder.environment.run_id.clone();
    let mut generator = Xoshiro::seeded(order_seed(plan.seed, &run_id, u64::from(process)));
    let mut below = |end: u64| usize::try_from(generator.below(end)).unwrap_or(0);
    let padding = "x".repeat(below(PADDING_MAX_BYTES));
    let watched = plan.watched();
    let beacon = watched.beacon()?;
    let earlier = (!several).then(|| Earlier {
        samples: recorder.folder.samples_file(),
        stopping: recorder.folder.environment.stopping.clone(),
        layouts: recorder.complete_layouts(),
    });
    let job = Job {
        task: Task::Measure,
        plan: plan.to_json(),
        run_id,
        process,
        time_s: time.map(|time| time.as_secs_f64()),
        checked: recorder.folder.checked_layouts(plan),
        heap_bytes: if several {
            HEAP_MAX_BYTES.map(|most| 1 + below(most)).to_vec()
        } else {
            Vec::new()
        },
        barred: recorder.barred.clone(),
        beacon: beacon.as_ref().and_then(BeaconFile::path),
        earlier,
    };
    let mut command = myself()?;
    if several {
        command.env(PADDING, padding);
    }
    let who = if several {
        format!("process {process} of the run ({} in all)", plan.processes)
    } else {
        "the process that measures".to_owned()
    };
    let of_it = |what: String| {
        if several {
            format!("process {} of {}, {what}", process + 1, plan.processes)
        } else {
            what
        }
    };
    let suspects = watched.suspects(&recorder.barred);
    let failed =
        |recorder: &Recorder<'_>, error: WorkerError| in_terms_of_run(recorder, &error, &suspects);
    let mut worker = Supervised::start(watched, who.clone(), &mut command, &job, beacon)
        .map_err(|error| failed(recorder, error))?;
    let mut ends = Vec::new();
    loop {
        let message = match worker.next().map_err(|error| failed(recorder, error))? {
            Next::Message(message) => message,
            Next::Interrupted => return Err(recorder.interrupted()),
            Next::Barred(barred) => return Ok(Ended::Barred(barred)),
        };
        match message {
            Message::Began { pinned } => recorder.folder.set_pinned(pinned, process)?,
            Message::TakePart { rows } => recorder.take_part(rows)?,
            Message::Prepare { what } => recorder.prepare(of_it(what)),
            Message::Say { what } => recorder.say(of_it(what)),
            Message::Checked { checked } => recorder.checked(checked)?,
            Message::Beside { took_s } => {
                recorder.beside(Duration::try_from_secs_f64(took_s).unwrap_or_default());
            }
            Message::Disturbed { by } => recorder.disturbed(by),
            Message::Round { rows } => recorder.round(rows)?,
            Message::Ended { end } if several => {
                recorder.progress.batch_ended(&end);
                ends.push(end);
            }
            Message::Ended { end } => recorder.ended(end)?,
            Message::Failed { why, blamed } => {
                return match worker.barred(blamed) {
                    Some(barred) => Ok(Ended::Barred(barred)),
                    None => Err(Failure::running(anyhow!("{who}: {why}{suspects}"))),
                };
            }
            Message::Settled { .. } => {} // another task's
            Message::Done => {
                // Whether it hears that or has ended already does not matter: all is on disk.
                let _ = worker.go_on();
                return Ok(Ended::Done(ends));
            }
        }
        if let Some(barred) = worker.go_on().map_err(|error| failed(recorder, error))? {
            return Ok(Ended::Barred(barred));
        }
    }
}

/// The program and the arguments of this process, as the hidden command.
pub(in crate::cmd) fn myself() -> Result<Command, Failure> {
    let program = std::env::current_exe()
        .context("processes that measure: where this program lies cannot be told")
        .map_err(Failure::running)?;
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let mut command = Command::new(program);
    command.arg("worker").arg("--").args(words);
    Ok(command)
}

fn in_terms_of_run(recorder: &Recorder<'_>, error: &WorkerError, suspects: &str) -> Failure {
    let again = if recorder.plan.processes > 1 { "measures that process again" } else { "goes on" };
    Failure::running(anyhow!(
        "{error}{suspects}. {} samples are in {}; the same command with --resume {again}",
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

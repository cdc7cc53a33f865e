//! What is found out about plugins before anything is written: whether they can be loaded, and, where the timer decides
//! how many lookups a batch has, how many that are. Both run foreign code, and so in a process of its own.

use std::fs;

use anyhow::anyhow;

use super::barred::{self, Barred};
use super::messages::{Job, Message, Task};
use super::plan::Plan;
use super::processes::myself;
use super::supervised::{BeaconFile, Next, Supervised, Watched};
use crate::cli::Output;
use crate::cmd::Failure;
use crate::console;
use crate::record::{self, RunDir};
use crate::registry::Entry;

/// Loads the plugins of `plan`, and settles what the timer decides; leaves out those that fail, and says so. Of a run
/// that goes on those are left out that failed in it before, and nothing is settled anew.
///
/// # Errors
/// No backend is left; the program was asked to end; a process cannot be started.
pub(super) fn try_plugins(plan: &mut Plan, output: &Output) -> Result<(), Failure> {
    if !plan.has_plugins() {
        return Ok(());
    }
    let files = RunDir::at(&output.out);
    let resumes = output.resume && files.holds_run();
    if resumes && let Ok(rows) = record::read_summary(&files.summary()) {
        let rows = rows.iter().map(|row| (row.backend.as_str(), &row.status));
        plan.barred = barred::recorded(rows);
        say_earlier(&plan.barred, output.quiet);
    }
    let settles = !resumes && plan.parts.iter().any(|part| !part.auto.is_empty());
    if settles && !output.quiet {
        eprintln!("timing lookups, to see how many suit a batch; that takes a table a layout");
    }
    let mut barred = std::mem::take(&mut plan.barred);
    let task = if settles { Task::Settle } else { Task::Load };
    let settled = without_failing(&plan.watched(), &mut barred, output.quiet, |barred| {
        one(plan, barred, task)
    });
    plan.barred = barred;
    if let Some(settled) = settled? {
        plan.settle_as(&settled);
    }
    Ok(())
}

/// Says which backends of a run that goes on are left out, because they failed in it.
pub(in crate::cmd) fn say_earlier(barred: &[Barred], quiet: bool) {
    for Barred { backend, why, .. } in barred.iter().filter(|_| !quiet) {
        eprintln!(
            "{backend} failed in this run before ({why}) and is not tried again; a run in a new folder \
             (--out) tries it"
        );
    }
}

/// Tries as often as `one` fails of some backend, each time without it, and says so; those that failed are added to
/// `barred`.
///
/// # Errors
/// No backend is left; those of `one`.
pub(in crate::cmd) fn without_failing<T>(
    watched: &Watched,
    barred: &mut Vec<Barred>,
    quiet: bool,
    mut one: impl FnMut(&[Barred]) -> Result<Tried<T>, Failure>,
) -> Result<T, Failure> {
    let mut died = !barred.is_empty(); // earlier in this run
    loop {
        if watched.is_deserted(barred) {
            return Err(nobody_left(barred, died));
        }
        match one(barred)? {
            Tried::Fine(found) => return Ok(found),
            Tried::Failed { barred: failed, is_plugin, is_file } => {
                died |= is_plugin;
                if !quiet {
                    console::warning(failed.in_words());
                }
                // What cannot be loaded cannot under another name either, and would take its time again.
                let others =
                    if is_file { of_same_file(watched, barred, &failed) } else { Vec::new() };
                barred.push(failed);
                barred.extend(others);
            }
        }
    }
}

/// A file that is no plugin is bad input, as a layout that is not there; one that crashes is not.
fn nobody_left(barred: &[Barred], is_running: bool) -> Failure {
    let lines: Vec<String> = barred.iter().map(Barred::failed).collect();
    let error = anyhow!("no backend is left to measure\n       {}", lines.join("\n       "));
    if is_running { Failure::running(error) } else { Failure::input(error) }
}

/// What came of a trial.
pub(in crate::cmd) enum Tried<T> {
    /// All could be loaded; what was found out beyond that.
    Fine(T),
    /// One could not, or failed later on.
    Failed {
        barred: Barred,
        /// Whether it is a plugin at least.
        is_plugin: bool,
        /// Whether nothing more than loading its file was too much.
        is_file: bool,
    },
}

impl<T> Tried<T> {
    /// The process died, or hung.
    pub(in crate::cmd) fn died(barred: Barred, worker: &Supervised) -> Self {
        Self::Failed { barred, is_plugin: true, is_file: worker.is_loading() }
    }

    /// The process says that it is none.
    pub(in crate::cmd) fn no_plugin(barred: Barred) -> Self {
        Self::Failed { barred, is_plugin: false, is_file: false }
    }
}

/// The same failure of all other backends that are made of the same file.
fn of_same_file(watched: &Watched, earlier: &[Barred], barred: &Barred) -> Vec<Barred> {
    let file = |entry: &Entry| entry.plugin_file().and_then(|file| fs::canonicalize(file).ok());
    let mut backends = watched.backends.iter();
    let Some(failed) = backends.find(|entry| entry.name == barred.backend).and_then(|it| file(it))
    else {
        return Vec::new();
    };
    let others = watched.backends.iter().filter(|entry| {
        entry.name != barred.backend
            && !earlier.iter().any(|one| one.backend == entry.name)
            && file(entry).as_ref() == Some(&failed)
    });
    others.map(|entry| Barred::new(entry.name, barred.why.clone())).collect()
}

fn one(
    plan: &Plan,
    barred: &[Barred],
    task: Task,
) -> Result<Tried<Option<serde_json::Value>>, Failure> {
    let watched = plan.watched();
    let beacon = watched.beacon()?;
    let job = Job {
        task,
        plan: plan.to_json(),
        run_id: String::new(),
        process: 0,
        time_s: None,
        checked: Vec::new(),
        heap_bytes: Vec::new(),
        barred: barred.to_vec(),
        beacon: beacon.as_ref().and_then(BeaconFile::path),
        earlier: None,
    };
    let who = "the process that tries the plugins".to_owned();
    let mut worker = Supervised::start(watched, who.clone(), &mut myself()?, &job, beacon)
        .map_err(Failure::running)?;
    let mut settled = None;
    loop {
        match worker.next().map_err(Failure::running)? {
            Next::Interrupted => {
                return Err(Failure::running(anyhow!("interrupted before anything was measured")));
            }
            Next::Barred(barred) => return Ok(Tried::died(barred, &worker)),
            Next::Message(Message::Settled { plan }) => settled = Some(plan),
            Next::Message(Message::Failed { why, blamed: whom }) => {
                let Some(failed) = worker.barred(whom) else {
                    return Err(Failure::running(anyhow!("{who}: {why}")));
                };
                return Ok(Tried::no_plugin(failed));
            }
            Next::Message(_) => return Ok(Tried::Fine(settled)), // it is done
        }
        if let Some(barred) = worker.go_on().map_err(Failure::running)? {
            return Ok(Tried::died(barred, &worker));
        }
    }
}

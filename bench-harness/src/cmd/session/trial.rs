//! What is found out about plugins before anything is written: whether they can be loaded, and, where the timer decides
//! how many lookups a batch has, how many that are. Both run foreign code, and so in a process of its own.

use std::fs;

use anyhow::anyhow;

use super::barred::{self, Barred};
use super::messages::{Job, Message, Task};
use super::plan::Plan;
use super::processes::{barred as blamed, beacon_for, myself};
use super::supervised::{BeaconFile, Next, Supervised};
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
        plan.barred = barred::recorded(&rows);
        for Barred { backend, why, .. } in plan.barred.iter().filter(|_| !output.quiet) {
            eprintln!(
                "{backend} failed in this run before ({why}) and is not tried again; a run in a new folder \
                 (--out) tries it"
            );
        }
    }
    let settles = !resumes && plan.parts.iter().any(|part| !part.auto.is_empty());
    if settles && !output.quiet {
        eprintln!("timing lookups, to see how many suit a batch; that takes a table a layout");
    }
    let mut died = false;
    loop {
        if plan.is_deserted(&plan.barred) {
            return Err(nobody_left(&plan.barred, died));
        }
        match one(plan, if settles { Task::Settle } else { Task::Load })? {
            Tried::Fine(settled) => {
                if let Some(settled) = settled {
                    plan.settle_as(&settled);
                }
                return Ok(());
            }
            Tried::Failed { barred, is_plugin, is_file } => {
                died |= is_plugin;
                if !output.quiet {
                    console::warning(barred.in_words());
                }
                // What cannot be loaded cannot under another name either, and would take its time again.
                let others = if is_file { of_same_file(plan, &barred) } else { Vec::new() };
                plan.barred.push(barred);
                plan.barred.extend(others);
            }
        }
    }
}

/// A file that is no plugin is bad input, as a layout that is not there; one that crashes is not.
fn nobody_left(barred: &[Barred], is_running: bool) -> Failure {
    let lines: Vec<String> =
        barred.iter().map(|one| format!("{} failed: {}", one.backend, one.why)).collect();
    let error = anyhow!("no backend is left to measure\n       {}", lines.join("\n       "));
    if is_running { Failure::running(error) } else { Failure::input(error) }
}

/// What came of a trial.
enum Tried {
    /// All could be loaded; the plan with what the timer decides, if that was asked for.
    Fine(Option<serde_json::Value>),
    /// One could not, or failed later on.
    Failed {
        barred: Barred,
        /// Whether it is a plugin at least.
        is_plugin: bool,
        /// Whether nothing more than loading its file was too much.
        is_file: bool,
    },
}

impl Tried {
    fn died(barred: Barred, worker: &Supervised<'_>) -> Self {
        Self::Failed { barred, is_plugin: true, is_file: worker.is_loading() }
    }
}

/// The same failure of all other backends that are made of the same file.
fn of_same_file(plan: &Plan, barred: &Barred) -> Vec<Barred> {
    let file = |entry: &Entry| entry.plugin_file().and_then(|file| fs::canonicalize(file).ok());
    let mut backends = plan.backends.iter();
    let Some(failed) = backends.find(|entry| entry.name == barred.backend).and_then(|it| file(it))
    else {
        return Vec::new();
    };
    let others = plan.backends.iter().filter(|entry| {
        entry.name != barred.backend
            && plan.barred(entry.name).is_none()
            && file(entry).as_ref() == Some(&failed)
    });
    others.map(|entry| Barred::new(entry.name, barred.why.clone())).collect()
}

fn one(plan: &Plan, task: Task) -> Result<Tried, Failure> {
    let beacon = beacon_for(plan)?;
    let job = Job {
        task,
        plan: plan.to_json(),
        run_id: String::new(),
        process: 0,
        time_s: None,
        checked: Vec::new(),
        heap_bytes: Vec::new(),
        barred: plan.barred.clone(),
        beacon: beacon.as_ref().and_then(BeaconFile::path),
        earlier: None,
    };
    let who = "the process that tries the plugins".to_owned();
    let mut worker = Supervised::start(plan, who.clone(), &mut myself()?, &job, beacon)
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
                let Some(failed) = blamed(plan, &worker, whom) else {
                    return Err(Failure::running(anyhow!("{who}: {why}")));
                };
                return Ok(Tried::Failed { barred: failed, is_plugin: false, is_file: false });
            }
            Next::Message(_) => return Ok(Tried::Fine(settled)), // it is done
        }
        if let Some(barred) = worker.go_on().map_err(Failure::running)? {
            return Ok(Tried::died(barred, &worker));
        }
    }
}

//! Plugins among the backends: everybody is measured in a process that is watched, and started again without the one
//! that failed.
//!
//! As for lookups (`cmd::session::supervised`): the process that reads the command line has the folder and never loads
//! a plugin.

use anyhow::anyhow;

use super::files::Files;
use super::messages::{Job, Message};
use super::plan::Plan;
use super::sink::{Recorder, Sink};
use crate::cli::Churn;
use crate::cmd::session::Barred;
use crate::cmd::session::barred;
use crate::cmd::session::supervised::{BeaconFile, Next, Supervised};
use crate::cmd::session::trial::{self, Tried};
use crate::cmd::{Failure, session};
use crate::machine::Disturbance;
use crate::record::{self, ChurnRun};

/// Loads the plugins of `plan` in a process of their own; leaves out those that fail, and says so. Of a run that goes on
/// those are left out that failed in it before.
///
/// # Errors
/// No backend is left; the program was asked to end; a process cannot be started.
pub(super) fn try_plugins(plan: &mut Plan, args: &Churn) -> Result<(), Failure> {
    if args.resume
        && ChurnRun::is_in(&args.out)
        && let Ok(rows) = record::read_churn_summary(&ChurnRun::summary(&args.out))
    {
        let rows = rows.iter().map(|row| (row.backend.as_str(), &row.status));
        plan.barred = barred::recorded(rows);
        trial::say_earlier(&plan.barred, args.quiet);
    }
    let mut barred = std::mem::take(&mut plan.barred);
    let tried = trial::without_failing(&plan.watched(), &mut barred, args.quiet, |barred| {
        let who = "the process that tries the plugins";
        let mut worker = start(plan, who, barred, None)?;
        match worker.next::<Message>().map_err(Failure::running)? {
            Next::Interrupted => {
                Err(Failure::running(anyhow!("interrupted before anything was measured")))
            }
            Next::Barred(barred) => Ok(Tried::died(barred, &worker)),
            Next::Message(Message::Failed { why, blamed }) => match worker.barred(blamed) {
                Some(failed) => Ok(Tried::no_plugin(failed)),
                None => Err(Failure::running(anyhow!("{who}: {why}"))),
            },
            Next::Message(_) => Ok(Tried::Fine(())), // it is done
        }
    });
    plan.barred = barred;
    tried
}

/// Lets processes measure, one after the other, until one comes to the end. Who failed on the way is in `plan`, and what
/// others did on the machine in `by`.
///
/// # Errors
/// As [`measuring::measure`](super::measuring::measure); a process that ends and no plugin is to blame.
pub(super) fn measure(
    plan: &mut Plan,
    files: &mut Files,
    shown: bool,
    by: &mut Disturbance,
) -> Result<(), Failure> {
    let mut recorder = Recorder::new(plan, files, shown);
    loop {
        if plan.watched().is_deserted(&plan.barred) {
            recorder.progress.finish_and_clear();
            return recorder.files.desert(plan); // nobody is left to measure
        }
        recorder.progress.set_position(0);
        let Some(failed) = one(plan, &mut recorder, by)? else {
            recorder.progress.finish_and_clear();
            return Ok(());
        };
        let Recorder { files, progress } = &mut recorder;
        progress.suspend(|| files.bar(&failed, plan.rounds))?;
        plan.barred.push(failed);
    }
}

/// Lets one process measure what there is not yet; the plugin that it failed at, if it did.
fn one(
    plan: &Plan,
    recorder: &mut Recorder<'_>,
    by: &mut Disturbance,
) -> Result<Option<Barred>, Failure> {
    let who = "the process that measures";
    let suspects = plan.watched().suspects(&plan.barred);
    let mut worker = start(plan, who, &plan.barred, Some(recorder.files))?;
    let in_terms_of_run = |files: &Files, error: &dyn std::fmt::Display| {
        Failure::running(anyhow!(
            "{error}{suspects}. {} timed phases are in {}; the same command with --resume goes on",
            files.phases(),
            files.dir().display()
        ))
    };
    loop {
        let message = match worker.next() {
            Ok(Next::Message(message)) => message,
            Ok(Next::Barred(barred)) => return Ok(Some(barred)),
            Ok(Next::Interrupted) => {
                recorder.interrupted()?;
                return Err(Failure::running(anyhow!("interrupted")));
            }
            Err(error) => return Err(in_terms_of_run(recorder.files, &error)),
        };
        match message {
            Message::Began { pinned } => recorder.files.set_pinned(pinned)?,
            Message::Say { what } => recorder.say(what),
            Message::Declare { rows } => recorder.declare(rows)?,
            Message::Round { round } => recorder.round(round)?,
            Message::Skip { rounds } => recorder.skip(rounds),
            Message::Disturbed { by: seen } => *by = seen.worse(*by),
            Message::Failed { why, blamed } => {
                return match worker.barred(blamed) {
                    Some(barred) => Ok(Some(barred)),
                    None => Err(Failure::running(anyhow!("{who}: {why}{suspects}"))),
                };
            }
            Message::Done => {
                // Whether it hears that or has ended already does not matter: all is on disk.
                let _ = worker.go_on();
                return Ok(None);
            }
        }
        match worker.go_on() {
            Ok(None) => {}
            Ok(Some(barred)) => return Ok(Some(barred)),
            Err(error) => return Err(in_terms_of_run(recorder.files, &error)),
        }
    }
}

/// Starts a process that measures what `files` have not yet; without them, one that loads the plugins.
fn start(
    plan: &Plan,
    who: &str,
    barred: &[Barred],
    files: Option<&Files>,
) -> Result<Supervised, Failure> {
    let watched = plan.watched();
    let beacon = watched.beacon()?;
    let of = |files: &Files| {
        let each = plan.layouts.iter().flat_map(|part| {
            let layout = part.layout.name.as_str();
            plan.scenarios.iter().map(move |scenario| (layout, scenario.as_str()))
        });
        let recorded = each.map(|(layout, scenario)| {
            (layout.to_owned(), scenario.to_owned(), files.recorded(layout, scenario))
        });
        recorded.filter(|(.., recorded)| !recorded.declared.is_empty()).collect()
    };
    let job = Job {
        measures: files.is_some(),
        plan: plan.to_json(),
        run_id: files.map(|files| files.run_id().to_owned()).unwrap_or_default(),
        barred: barred.to_vec(),
        beacon: beacon.as_ref().and_then(BeaconFile::path).unwrap_or_default(),
        begun: files.map(of).unwrap_or_default(),
    };
    Supervised::start(watched, who.to_owned(), &mut session::myself()?, &job, beacon)
        .map_err(Failure::running)
}

//! One run, from its plan to its report: the way that `reproduce` and `compare` share.
//!
//! Everything that can be wrong with the arguments is found before anything is written. Samples are on
//! disk after each round; summary and comparison follow from them and are written whole, so that a run
//! cut off at any moment leaves nothing half-written and can be resumed.

mod alike;
mod announcement;
mod auto;
pub(super) mod barred;
mod checks;
mod claim;
mod folder;
mod forecast;
mod gate;
pub(super) mod interrupt;
pub(super) mod libraries;
mod limits;
mod measuring;
mod messages;
mod part;
mod place;
mod plan;
mod processes;
mod progress;
mod question;
pub(super) mod resume;
mod rounds;
mod rows;
mod sink;
mod steps;
mod stopping;
pub(super) mod supervised;
pub(super) mod trial;
mod warnings;
mod watched;
mod width;
mod words;
mod worker;

pub(super) use alike::{Warning, together};
pub(super) use barred::{Barred, conclude};
pub(super) use claim::{Claimed, claim, name_beside};
pub(super) use folder::{disturbance_of, note_pinned, warn};
pub(super) use part::Part;
pub(super) use place::{command_line, now, report_folder, run_id};
pub(super) use plan::Plan;
pub(super) use processes::myself;
pub(super) use question::{Planned, Question};
pub(super) use rounds::{Limits, Rounds};
pub(super) use steps::digest;
pub(super) use stopping::Stopping;
pub(super) use worker::{blamed, watch, work};

use std::time::Duration;

use anyhow::anyhow;

use self::folder::Folder;
use self::measuring::Measuring;
use self::progress::Progress;
use self::sink::Recorder;
use super::report::{announce, not_rendered};
use super::{Failure, results};
use crate::cli::{Format, Output};
use crate::{machine, report};

/// Measures `plan`, files it, renders it and prints it; then holds it against the gate, the percentage
/// by which a backend may be slower than the reference.
///
/// # Errors
/// [`Failure`]; also where backends failed, after the others have been measured and everything is filed and shown.
pub(super) fn run(plan: Plan, output: &Output, gate: Option<f64>) -> Result<(), Failure> {
    let (barred, outcome) = run_and_judge(plan, output, gate, Some(output.format))?;
    conclude(&barred, outcome)
}

/// As [`run`], with results only `shown` so if at all, and with the backends that failed on the way, and what the gate says of the others.
///
/// # Errors
/// [`Failure`]; not where only backends failed.
pub(super) fn run_and_judge(
    mut plan: Plan,
    output: &Output,
    gate: Option<f64>,
    shown: Option<Format>,
) -> Result<(Vec<Barred>, Result<(), Failure>), Failure> {
    plan.check()?;
    if gate.is_some() && plan.backends.len() < 2 {
        return Err(Failure::input(anyhow!(
            "--gate: a single backend is compared with nothing; name another with --backends"
        )));
    }
    if !output.quiet {
        for note in &plan.notes {
            eprintln!("{note}");
        }
    }
    interrupt::listen();
    trial::try_plugins(&mut plan, output)?;
    let mut folder = Folder::open(&mut plan, output)?;
    let plan = &plan;
    let mut barred = plan.barred.clone();
    if folder.is_complete(plan) {
        if !output.quiet {
            eprintln!("nothing is left to measure");
        }
    } else {
        (folder, barred) = measure(plan, folder, output)?;
    }

    let run = folder.read()?;
    folder.say_warnings(&folder.warnings_of(&run));
    let printed = shown.map_or(Ok(()), |format| results::of_run(&run, format));
    if run.samples.is_empty() {
        folder.withdraw();
        printed?;
        let nothing = Failure::running(anyhow!(
            "nothing was measured: no backend can do any of the layouts, for the reasons above"
        ));
        return Ok((barred, Err(nothing)));
    }
    let rendered = report::render(&run, folder.report())
        .map_err(|error| not_rendered(folder.dir(), &error))?;
    printed?;
    if !output.quiet {
        let ended = limits::in_words(&run.environment.stopping);
        for sentence in ended.into_iter().chain(words::mixed(&run.summary)) {
            eprintln!("{sentence}");
        }
        eprintln!("samples, summary, comparison: {}", folder.dir().display());
        announce(&rendered, folder.report());
    }
    let judged = gate.map_or(Ok(Vec::new()), |allowed_pct| gate::judge(&run, allowed_pct));
    let outcome = judged.map(|notes| {
        for note in notes.iter().filter(|_| !output.quiet) {
            eprintln!("{note}");
        }
    });
    Ok((barred, outcome))
}

/// Measures what is not there yet and files it: in this process, or in others that it starts. Which backends failed
/// on the way comes back with the folder.
fn measure(
    plan: &Plan,
    mut folder: Folder,
    output: &Output,
) -> Result<(Folder, Vec<Barred>), Failure> {
    let mut core = None;
    let is_here = plan.processes == 1 && !plan.has_plugins();
    if is_here {
        let pinned = machine::pin_to_one_core();
        let process = folder.process();
        folder.set_pinned(machine::pinning_in_words(&pinned), process)?;
        core = pinned.ok();
    }
    folder.begin()?;
    for barred in &plan.barred {
        folder.note_earlier_failure(barred);
    }
    let known = folder.environment.warnings.clone();
    folder.say_warnings(&known);
    let forecast = folder.forecast(plan);
    if !output.quiet {
        eprintln!("{}", announcement::before(plan, &forecast));
    }
    let shown = !output.quiet && !output.no_progress;
    let progress = Progress::new(plan, forecast, shown, !output.quiet);
    let rows = folder.take_recorded_rows();
    let (run_id, process) = (folder.environment.run_id.clone(), folder.process());
    let barred = plan.barred.clone();
    let mut recorder = Recorder { plan, folder, progress, rows, beside: Duration::ZERO, barred };
    let outcome = if is_here {
        Measuring::new(plan, run_id, process, plan.time, &mut recorder).run(core)
    } else {
        processes::measure(plan, &mut recorder)
    };
    recorder.progress.finish();
    let Recorder { mut folder, rows, barred, .. } = recorder;
    let filed = folder.finish(plan, &rows, outcome.is_ok());
    outcome?;
    filed?;
    Ok((folder, barred))
}

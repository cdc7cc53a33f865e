//! `churn`: what plugging and unplugging cost, per backend, and how much of it is the extent's.
//!
//! Layout by layout and scenario by scenario: a trial says who can do it and how many operations a
//! phase may have, then rounds are measured and filed one by one. Figures and page are made of the
//! files alone, as by `report`.

mod files;
mod measuring;
mod messages;
mod plan;
mod recorded;
mod resume;
mod sink;
mod supervised;
mod warnings;
mod worker;

pub(super) use worker::work;

use anyhow::anyhow;

use self::files::Files;
use self::plan::Plan;
use self::sink::Recorder;
use super::report::{announce, not_rendered};
use super::session::{conclude, interrupt, report_folder};
use super::{Failure, results};
use crate::cli::Churn;
use crate::machine::Disturbance;
use crate::record::ChurnRun;
use crate::{machine, report};

pub(super) fn run(args: &Churn) -> Result<(), Failure> {
    let mut plan = Plan::new(args)?;
    for note in plan.notes.iter().filter(|_| !args.quiet) {
        eprintln!("{note}");
    }
    let is_watched = plan.watched().has_plugins();
    if is_watched {
        interrupt::listen();
        supervised::try_plugins(&mut plan, args)?;
    }
    let mut files = Files::open(args, &plan)?;
    if files.is_complete() {
        if !args.quiet {
            eprintln!("nothing is left to measure");
        }
    } else if is_watched {
        watched(&mut plan, &mut files, args)?;
    } else {
        here(&plan, &mut files, args)?;
    }
    conclude(&plan.barred, show(&mut files, args))
}

/// Measures in this process.
fn here(plan: &Plan, files: &mut Files, args: &Churn) -> Result<(), Failure> {
    interrupt::listen();
    let pinned = machine::pin_to_one_core();
    files.begin(Some(machine::pinning_in_words(&pinned)))?;
    files.say_warnings();
    let watch = machine::Watch::start(pinned.ok());
    let run_id = files.run_id().to_owned();
    let mut recorder = Recorder::new(plan, files, !args.quiet && !args.no_progress);
    let outcome = measuring::measure(plan, &run_id, &mut recorder);
    recorder.progress.finish_and_clear();
    files.finish(watch.finish(), outcome.is_ok())?;
    outcome?;
    files.say_warnings();
    Ok(())
}

/// Measures in processes that are watched.
fn watched(plan: &mut Plan, files: &mut Files, args: &Churn) -> Result<(), Failure> {
    files.begin(None)?;
    for barred in &plan.barred {
        files.note_earlier(barred);
    }
    files.say_warnings();
    let mut by = Disturbance::default();
    let shown = !args.quiet && !args.no_progress;
    let outcome = supervised::measure(plan, files, shown, &mut by);
    files.finish(by, outcome.is_ok())?;
    outcome?;
    files.say_warnings();
    Ok(())
}

/// Prints and renders what there is.
fn show(files: &mut Files, args: &Churn) -> Result<(), Failure> {
    let run = ChurnRun::read(files.dir()).map_err(Failure::running)?;
    let printed = results::of_churn(&run, args.format);
    let out = report_folder(files.dir());
    if run.rows.is_empty() {
        files.withdraw();
        printed?;
        return Err(Failure::running(anyhow!(
            "nothing was measured: no backend can do any of the scenarios, for the reasons above"
        )));
    }
    let rendered =
        report::churn::render(&run, &out).map_err(|error| not_rendered(files.dir(), &error))?;
    printed?;
    if !args.quiet {
        eprintln!("every phase, summary: {}", files.dir().display());
        announce(&rendered, &out);
    }
    Ok(())
}

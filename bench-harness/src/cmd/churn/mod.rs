//! `churn`: what plugging and unplugging cost, per backend, and how much of it is the extent's.
//!
//! Layout by layout and scenario by scenario: a trial says who can do it and how many operations a
//! phase may have, then rounds are measured and filed one by one. Figures and page are made of the
//! files alone, as by `report`.

mod files;
mod measuring;
mod plan;
mod resume;
mod warnings;

use anyhow::anyhow;

use self::files::Files;
use self::plan::Plan;
use super::report::{announce, not_rendered};
use super::session::{interrupt, report_folder};
use super::{Failure, results};
use crate::cli::Churn;
use crate::record::ChurnRun;
use crate::{machine, report};

pub(super) fn run(args: &Churn) -> Result<(), Failure> {
    let plan = Plan::new(args)?;
    let mut files = Files::open(args, &plan)?;
    if files.is_complete() {
        if !args.quiet {
            eprintln!("nothing is left to measure");
        }
    } else {
        interrupt::listen();
        let pinned = machine::pin_to_one_core();
        files.begin(machine::pinning_in_words(&pinned))?;
        files.say_warnings();
        let watch = machine::Watch::start(pinned.ok());
        let outcome = measuring::measure(&plan, &mut files, args);
        files.finish(watch.finish(), outcome.is_ok())?;
        outcome?;
        files.say_warnings();
    }

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

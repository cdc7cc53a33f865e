//! `report`: renders a recorded run again, from its files alone.

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::session::report_folder;
use super::{Failure, results};
use crate::cli::{Format, Report};
use crate::record::{ChurnRun, RunDir, SelftestRun};
use crate::report::{self, ReportError};

pub(super) fn run(args: &Report) -> Result<(), Failure> {
    if SelftestRun::is_in(&args.dir) {
        return of_selftest(args);
    }
    if ChurnRun::is_in(&args.dir) {
        return of_churn(args);
    }
    let dir = RunDir::open(&args.dir).map_err(Failure::input)?;
    if args.refile && dir.refile().map_err(Failure::input)? {
        eprintln!("{}: computed anew from samples.csv", dir.comparison().display());
    }
    let run = dir.read().map_err(Failure::input)?;
    let out = args.report.clone().unwrap_or_else(|| report_folder(&args.dir));
    results::of_run(&run, args.format)?;
    let files = report::render(&run, &out).map_err(|error| match error {
        ReportError::Draw { .. } | ReportError::Page(_) => Failure::running(error),
        ReportError::Write(_) | ReportError::NothingMeasured => {
            Failure::input(anyhow!(in_terms_of_report(&error)))
        }
    })?;
    announce(&files, &out);
    Ok(())
}

/// Says where the files of a report went: its figures, and its pages by name.
pub(super) fn announce(files: &[PathBuf], out: &Path) {
    let is = |path: &&PathBuf, kind: &str| path.extension().is_some_and(|found| found == kind);
    let figures = files.iter().filter(|path| is(path, "svg")).count();
    let noun = if figures == 1 { "figure" } else { "figures" };
    let pages = files.iter().filter(|path| is(path, "html") || is(path, "md"));
    let pages: Vec<_> = pages.filter_map(|path| path.file_name()?.to_str()).collect();
    eprintln!("{figures} {noun}, {}: {}", pages.join(" and "), out.display());
}

/// The same for the folder of a self-test, whose page stands beside its records.
fn of_selftest(args: &Report) -> Result<(), Failure> {
    if args.refile {
        return Err(Failure::input(anyhow!(
            "--refile: {} is a self-test, whose intervals are what was said then; `selftest` makes another",
            args.dir.display()
        )));
    }
    if args.format != Format::Table {
        return Err(Failure::input(anyhow!(
            "--format: {} is a self-test, which has tables only; selftest.csv is there to be read",
            args.dir.display()
        )));
    }
    let run = SelftestRun::read(&args.dir).map_err(Failure::input)?;
    let out = args.report.clone().unwrap_or_else(|| args.dir.clone());
    results::tables(&report::selftest::terminal(&run, 80))?;
    let files = report::selftest::render(&run, &out)
        .map_err(|error| Failure::input(anyhow!(in_terms_of_report(&error))))?;
    eprintln!("{} figure and selftest.md: {}", files.len().saturating_sub(1), out.display());
    Ok(())
}

/// The same for the folder of `churn`.
fn of_churn(args: &Report) -> Result<(), Failure> {
    if args.refile && ChurnRun::refile(&args.dir).map_err(Failure::input)? {
        eprintln!("{}: computed anew", ChurnRun::summary(&args.dir).display());
    }
    let run = ChurnRun::read(&args.dir).map_err(Failure::input)?;
    let out = args.report.clone().unwrap_or_else(|| report_folder(&args.dir));
    results::of_churn(&run, args.format)?;
    let files = report::churn::render(&run, &out)
        .map_err(|error| Failure::input(anyhow!(in_terms_of_report(&error))))?;
    announce(&files, &out);
    Ok(())
}

/// That a run in `dir` was measured and filed, but its report was not.
pub(super) fn not_rendered(dir: &Path, error: &ReportError) -> Failure {
    let dir = dir.display();
    Failure::running(anyhow!(
        "{}; the measurements are safe in {dir}; `bench-harness report {dir} --report OTHER` \
         renders them",
        in_terms_of_report(error)
    ))
}

/// The error with the flag that says where a report goes; records name the one for runs.
fn in_terms_of_report(error: &ReportError) -> String {
    error.to_string().replace("`--out`", "`--report`")
}

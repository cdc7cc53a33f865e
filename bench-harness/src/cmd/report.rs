//! `report`: renders a recorded run again, from its files alone.

use super::session::report_folder;
use super::{Failure, print};
use crate::cli::Report;
use crate::record::RunDir;
use crate::report;

pub(super) fn run(args: &Report) -> Result<(), Failure> {
    let run = RunDir::open(&args.dir).and_then(|dir| dir.read()).map_err(Failure::input)?;
    let out = args.report.clone().unwrap_or_else(|| report_folder(&args.dir));
    let files = report::render(&run, &out).map_err(Failure::running)?;
    print(report::terminal::tables(&run, 80))?;
    eprintln!("{} figures and report.md: {}", files.len().saturating_sub(1), out.display());
    Ok(())
}

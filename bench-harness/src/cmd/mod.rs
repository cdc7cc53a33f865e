//! One file per command. Only here are layouts, measurement, statistics, records and reports joined.

mod check;
mod churn;
mod compare;
mod doctor;
mod failure;
mod from;
mod layout;
mod list;
mod man;
mod new_file;
mod plugin;
mod record;
mod record_addresses;
mod report;
mod reproduce;
mod results;
mod selftest;
mod session;
mod worker;
mod workload;

pub use failure::Failure;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{CommandFactory, Parser};

use crate::cli::{Cli, Command};

/// Runs the command.
///
/// # Errors
/// [`Failure`], with the exit status that goes with it.
pub fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Reproduce(args) => reproduce::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Churn(args) => churn::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Record { action } => record::run(&action),
        Command::Selftest(args) => selftest::run(&args),
        Command::Busy => selftest::busy(),
        Command::Worker { words } => work(words),
        Command::List { what, format } => list::run(what, format),
        Command::Layout { action } => layout::run(&action),
        Command::Plugin { action } => plugin::run(&action),
        Command::Workload { action } => workload::run(&action),
        Command::RecordAddresses(args) => record_addresses::run(&args),
        Command::Doctor { format } => doctor::run(format),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "bench-harness", &mut script);
            print(&script)
        }
        Command::Man => print(man::page().map_err(Failure::running)?),
    }
}

/// What a process does that the program started, with `words` as the run's arguments.
fn work(words: Vec<OsString>) -> Result<(), Failure> {
    let words = std::iter::once(OsString::from("bench-harness")).chain(words);
    let plan = match Cli::try_parse_from(words).map(|cli| cli.command) {
        Ok(Command::Churn(args)) => return churn::work(&args),
        Ok(Command::Selftest(args)) => return selftest::work(&args),
        Ok(Command::Reproduce(args)) => reproduce::plan(&args),
        Ok(Command::Compare(args)) => compare::plan(&args),
        Ok(Command::Check(args)) => check::plan(&args),
        Ok(_) => Err(Failure::input(anyhow::anyhow!(
            "only `compare`, `check`, `churn`, `reproduce` and `selftest` measure"
        ))),
        Err(error) => Err(Failure::input(error)),
    };
    session::work(plan)
}

/// Writes to standard output. A reader that has gone away (`| head`) is not an error.
fn print(text: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::running(error)),
        _ => Ok(()),
    }
}

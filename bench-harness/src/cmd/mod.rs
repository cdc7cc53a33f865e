//! One file per command. Only here are layouts, measurement, statistics, records and reports joined.

mod check;
mod compare;
mod failure;
mod from;
mod layout;
mod list;
mod man;
mod report;
mod reproduce;
mod session;

pub use failure::Failure;

use std::io::{self, Write};

use clap::CommandFactory;

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
        Command::Report(args) => report::run(&args),
        Command::List { what } => list::run(what),
        Command::Layout { action } => layout::run(&action),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "bench-harness", &mut script);
            print(&script)
        }
        Command::Man => print(man::page().map_err(Failure::running)?),
    }
}

/// Writes to standard output. A reader that has gone away (`| head`) is not an error.
fn print(text: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::running(error)),
        _ => Ok(()),
    }
}

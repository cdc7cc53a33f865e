//! The program: parses the command line, runs one command, turns its outcome into an exit status.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;

use bench_harness::cli::Cli;
use bench_harness::{cmd, console};

fn main() -> ExitCode {
    // clap ends the program itself on bad arguments, with status 2.
    match cmd::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console::error(&failure);
            ExitCode::from(failure.status())
        }
    }
}

//! `plugin new` begins one, see [`new`]. `plugin check`: a shared object tried case by case, each case in a process of its own.
//!
//! The process that prints never loads the plugin: what crashes, aborts, hangs or writes on standard output
//! is a case that failed, and the next one begins with a new process.

mod case;
mod messages;
mod new;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use super::worker::{Worker, WorkerError};
use super::{Failure, print};
use crate::cli::PluginAction;
use crate::plugin::check::{Outcome, Wrong, cases};
use messages::{Job, Loaded, Message};

/// How long a single call may take, or a block of lookups, unless `--patience` says otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// The same once a case has hung: so will others.
const PATIENCE_AFTER: Duration = Duration::from_secs(2);

pub(super) fn run(action: &PluginAction) -> Result<(), Failure> {
    match action {
        PluginAction::Check { as_worker: true, .. } => case::work(),
        PluginAction::Check { file, seed, patience, .. } => check(file, *seed, *patience),
        PluginAction::New { folder } => new::new(folder),
    }
}

fn check(file: &Path, seed: u64, asked: Option<Duration>) -> Result<(), Failure> {
    let job = |case| Job { file: file.to_owned(), seed, case };
    let shown = file.display().to_string().escape_debug().to_string();
    let mut patience = asked.unwrap_or(PATIENCE);
    let loaded = match one(&job(None), patience)? {
        Ended::Loaded(loaded) => loaded,
        // Nothing could be tried: as with a layout file that is none.
        Ended::NoPlugin(why) => return Err(Failure::input(anyhow!("plugin {why}"))),
        Ended::Case(_) => return Err(Failure::running(anyhow!("a case ended that was not begun"))),
        Ended::Died { how, .. } => {
            return Err(Failure::running(anyhow!("plugin {shown}: while it was loaded, it {how}")));
        }
    };
    print(format!("{shown}: {loaded}\n"))?;
    let cases = cases(loaded.is_null);
    let (mut passed, mut skipped, mut failed) = (0, 0, 0);
    for (index, case) in cases.iter().enumerate() {
        let name = case.name;
        let text = match one(&job(Some(index)), patience)? {
            Ended::Case(Outcome::Passed) => {
                passed += 1;
                format!("ok       {name}\n")
            }
            Ended::Case(Outcome::Skipped { why }) => {
                skipped += 1;
                format!("skipped  {name}: {why}\n")
            }
            Ended::Case(Outcome::Failed(wrong)) => {
                failed += 1;
                format!("FAILED   {name}\n{}", in_words(&wrong))
            }
            Ended::Died { during, how, hung } => {
                failed += 1;
                if hung {
                    patience = asked.unwrap_or(PATIENCE_AFTER);
                }
                format!("FAILED   {name}\n         called:   {during}\n         it {how}\n")
            }
            Ended::NoPlugin(why) => {
                failed += 1;
                format!("FAILED   {name}\n         it could not be loaded again: {why}\n")
            }
            Ended::Loaded(_) => {
                return Err(Failure::running(anyhow!("a case was not played")));
            }
        };
        print(text)?;
    }
    print(format!(
        "{passed} ok, {skipped} skipped, {failed} FAILED (random operations: --seed {seed})\n"
    ))?;
    if failed > 0 {
        return Err(Failure::running(anyhow!(
            "plugin {shown}: {failed} of {} cases FAILED",
            cases.len()
        )));
    }
    Ok(())
}

fn in_words(wrong: &Wrong) -> String {
    let mut text = String::new();
    for (index, call) in wrong.before.iter().enumerate() {
        let label = if index == 0 { "after:   " } else { "         " };
        text.extend(["         ", label, " ", call, "\n"]);
    }
    let Wrong { called, expected, given, .. } = wrong;
    text.extend(["         called:   ", called, "\n"]);
    text.extend(["         expected: ", expected, "\n"]);
    text.extend(["         given:    ", given, "\n"]);
    text
}

/// How a process ended that was given a job.
enum Ended {
    /// It loaded the plugin, which is all that was asked.
    Loaded(Loaded),
    /// The file is no plugin, for this reason.
    NoPlugin(String),
    /// The case came to an end.
    Case(Outcome),
    /// The process did not.
    Died { during: String, how: String, hung: bool },
}

/// Lets a process of its own do a job.
fn one(job: &Job, patience: Duration) -> Result<Ended, Failure> {
    let program = std::env::current_exe()
        .context("where this program lies cannot be told")
        .map_err(Failure::running)?;
    let mut command = Command::new(program);
    command.args(["plugin", "check", "--as-worker", "-"]);
    let mut worker = match Worker::start("it".to_owned(), &mut command, job) {
        Ok(worker) => worker,
        Err(error) => return Err(Failure::running(error)),
    };
    let mut during = "nothing yet: loading the plugin".to_owned();
    loop {
        let began = Instant::now();
        let ended = |how, hung| Ok(Ended::Died { during: during.clone(), how, hung });
        match worker.next(|| began.elapsed() > patience) {
            Ok(Some(Message::Calling { call })) => during = call,
            Ok(Some(Message::Loaded { loaded })) => return Ok(Ended::Loaded(loaded)),
            Ok(Some(Message::NoPlugin { why })) => return Ok(Ended::NoPlugin(why)),
            Ok(Some(Message::Ended { outcome })) => return Ok(Ended::Case(outcome)),
            Ok(None) => {
                let limit = humantime::format_duration(patience);
                let how = format!(
                    "did not return within {limit}; it was ended (--patience gives it longer)"
                );
                return ended(how, true);
            }
            Err(error) => return ended(how(&error), false),
        }
        if let Err(error) = worker.go_on() {
            return Ok(Ended::Died { during, how: how(&error), hung: false });
        }
    }
}

/// How a process died, to go on a sentence that begins with "it".
fn how(error: &WorkerError) -> String {
    let said = error.to_string();
    match error {
        WorkerError::Garbage { line, .. } => {
            format!("wrote to standard output, which is in use: `{line}`; standard error is free")
        }
        _ => said.strip_prefix("it ").unwrap_or(&said).to_owned(),
    }
}

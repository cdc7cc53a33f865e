//! A self-test of a plugin: in a process that is watched, as a measurement with plugins is.
//!
//! That process does all of it, the folder included, which is written whole or not at all; this one shows how far it is,
//! and knows what it died of. There is one backend, so nothing goes on without it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::anyhow;
use serde::{Deserialize, Serialize};

use super::{Seen, interrupted};
use crate::cli::Selftest;
use crate::cmd::session::Barred;
use crate::cmd::session::supervised::{BeaconFile, Next, Supervised, Watched};
use crate::cmd::worker::Parent;
use crate::cmd::{Failure, session};
use crate::record::read_selftest;

/// How long a plugin may go without a sign of life, unless `--patience` says otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the process notes when the plugin is measured a second time, as its own twin.
const NAMES_BESIDE: [&str; 2] = ["itself", "twin"];

/// What the process is to do: what the arguments say.
#[derive(Serialize, Deserialize)]
struct Job {
    /// The file to note in who is in charge.
    beacon: PathBuf,
}

/// What it tells.
#[derive(Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
enum Message {
    /// How far it is.
    Seen { seen: Seen },
    /// It gives up, with this exit status.
    Failed { why: String, status: u8, blamed: Option<(String, String)> },
    /// Everything is measured, and in this folder.
    Done { dir: PathBuf },
}

/// Measures in a process that is watched; in which folder it is.
///
/// # Errors
/// Those of the measurement; what the plugin did.
pub(super) fn measure(args: &Selftest, heed: &mut dyn FnMut(Seen)) -> Result<PathBuf, Failure> {
    let watched = Watched {
        // One and the same, by whatever name it is noted.
        backends: vec![args.backend; 1 + NAMES_BESIDE.len()],
        layouts: vec![args.layout.clone()],
        patience: args.patience,
        usual: PATIENCE,
    };
    let beacon = watched.beacon()?;
    let job = Job { beacon: beacon.as_ref().and_then(BeaconFile::path).unwrap_or_default() };
    let who = "the process that measures".to_owned();
    let mut worker = Supervised::start(watched, who, &mut session::myself()?, &job, beacon)
        .map_err(Failure::running)?;
    let mut folder: Option<PathBuf> = None;
    let measured = |folder: Option<PathBuf>| -> Option<(usize, PathBuf)> {
        let dir = folder?;
        Some((read_selftest(&dir.join("selftest.csv")).ok()?.len(), dir))
    };
    let failed = |folder: Option<PathBuf>, barred: &Barred| {
        let kept = measured(folder).map_or_else(String::new, |(comparisons, dir)| {
            format!(" ({comparisons} comparisons before that are in {})", dir.display())
        });
        Err(Failure::running(anyhow!("{}{kept}", barred.failed())))
    };
    loop {
        match worker.next().map_err(Failure::running)? {
            Next::Message(Message::Seen { seen }) => {
                if let Seen::Began { dir } = &seen {
                    folder = Some(dir.clone());
                }
                heed(seen);
            }
            Next::Message(Message::Done { dir }) => {
                let _ = worker.go_on(); // all is on disk
                return Ok(dir);
            }
            Next::Message(Message::Failed { why, status, blamed }) => {
                return match worker.barred(blamed) {
                    Some(barred) if status == 2 => Err(Failure::input(anyhow!(barred.failed()))),
                    Some(barred) => failed(folder, &barred),
                    None if status == 2 => Err(Failure::input(anyhow!(why))),
                    None => Err(Failure::running(anyhow!(why))),
                };
            }
            Next::Barred(barred) => return failed(folder, &barred),
            Next::Interrupted => {
                return Err(match measured(folder) {
                    Some((comparisons, dir)) => interrupted(comparisons, &dir),
                    None => Failure::running(anyhow!("interrupted before anything was measured")),
                });
            }
        }
        if let Some(barred) = worker.go_on().map_err(Failure::running)? {
            return failed(folder, &barred);
        }
    }
}

/// Measures for the process at the other end of standard input and output.
///
/// # Errors
/// Standard input holds no job: somebody typed the hidden command.
pub(in crate::cmd) fn work(args: &Selftest) -> Result<(), Failure> {
    let (mut parent, job) = Parent::meet::<Job>().map_err(|error| {
        Failure::input(anyhow!(
            "`worker` is what the program starts itself with, not for the command line ({error})"
        ))
    })?;
    let mut names = vec![args.backend.name];
    names.extend(NAMES_BESIDE);
    // A file that is no plugin is bad input.
    let watched =
        session::watch(&mut parent, &job.beacon, names, &[args.backend], &[]).map_err(|failure| {
            match failure {
                Failure::Running(error) => Failure::Input(error),
                other => other,
            }
        });
    let measured = watched
        .and_then(|()| super::measure(args, &mut |seen| parent.tell(&Message::Seen { seen })));
    match measured {
        Ok(dir) => {
            parent.tell(&Message::Done { dir });
            Ok(())
        }
        Err(failure) => {
            let (why, status) = (failure.to_string(), failure.status());
            let blamed = session::blamed(&failure).map(|(name, what)| {
                let is_it = NAMES_BESIDE.contains(&name.as_str());
                (if is_it { args.backend.name.to_owned() } else { name }, what)
            });
            parent.tell(&Message::Failed { why, status, blamed });
            Err(failure)
        }
    }
}

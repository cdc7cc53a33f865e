//! How a worker can fail its parent.

use std::io;
use std::process::ExitStatus;

/// What went wrong with a worker. `who` names it, to begin a sentence with.
#[derive(Debug, thiserror::Error)]
pub(in crate::cmd) enum WorkerError {
    /// The program could not be started anew.
    #[error("{who} could not be started: {source}")]
    Start {
        /// Which worker.
        who: String,
        /// Why.
        source: io::Error,
    },
    /// It ended before its work was done: it crashed, was killed, or gave up.
    #[error("{who} {}{}", in_words(*status), quoted(said))]
    Died {
        /// Which worker.
        who: String,
        /// How it ended.
        status: ExitStatus,
        /// The end of what it wrote to standard error.
        said: String,
    },
    /// It closed its output and yet goes on.
    #[error("{who} fell silent before its work was done; it was ended{}", quoted(said))]
    Silent {
        /// Which worker.
        who: String,
        /// The end of what it wrote to standard error.
        said: String,
    },
    /// It wrote something that is no message.
    #[error("{who} sent what is no message ({why}): `{line}`; it was ended{}", quoted(said))]
    Garbage {
        /// Which worker.
        who: String,
        /// The beginning of the line.
        line: String,
        /// What is wrong with it.
        why: String,
        /// The end of what it wrote to standard error.
        said: String,
    },
}

impl WorkerError {
    /// What foreign code did that was in charge when it happened, as "crashed (SIGSEGV: invalid memory access)";
    /// `None` where that code cannot be blamed: it could not be started, or somebody asked it to end.
    pub(in crate::cmd) fn fault(&self) -> Option<String> {
        match self {
            Self::Start { .. } => None,
            Self::Died { status, .. } => fault(*status),
            Self::Silent { .. } => Some("closed files that are not its own".to_owned()),
            Self::Garbage { .. } => Some("wrote to a file that is not its own".to_owned()),
        }
    }

    /// The end of what it wrote to standard error.
    pub(in crate::cmd) fn said(&self) -> &str {
        match self {
            Self::Start { .. } => "",
            Self::Died { said, .. } | Self::Silent { said, .. } | Self::Garbage { said, .. } => {
                said
            }
        }
    }
}

/// How a process died, as what its code did.
fn fault(status: ExitStatus) -> Option<String> {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        use rustix::process::Signal;
        let asked = [Signal::TERM, Signal::INT, Signal::HUP, Signal::QUIT];
        return match (Signal::from_named_raw(signal), signal_name(signal)) {
            (Some(named), _) if asked.contains(&named) => None,
            (Some(Signal::KILL), name) => Some(format!("was ended by signal {signal}{name}")),
            (_, "") => Some(format!("crashed (signal {signal})")),
            (_, name) => Some(format!("crashed{name}")),
        };
    }
    Some(match status.code() {
        Some(code) => format!("ended its process with status {code}"),
        None => "ended its process".to_owned(),
    })
}

/// What a signal is called and mostly means, in brackets; nothing where that is not known.
#[cfg(unix)]
fn signal_name(signal: i32) -> &'static str {
    use rustix::process::Signal;
    // Their numbers differ from system to system.
    match Signal::from_named_raw(signal) {
        Some(Signal::ABORT) => " (SIGABRT: abort, or a failed assertion)",
        Some(Signal::BUS) => " (SIGBUS: invalid memory access)",
        Some(Signal::FPE) => " (SIGFPE: division by zero)",
        Some(Signal::ILL) => " (SIGILL: invalid instruction)",
        Some(Signal::KILL) => " (killed, perhaps because memory ran out)",
        Some(Signal::SEGV) => " (SIGSEGV: invalid memory access)",
        Some(Signal::TERM) => " (asked to end)",
        Some(Signal::TRAP) => " (SIGTRAP)",
        _ => "",
    }
}

fn in_words(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let name = signal_name(signal);
        return format!("was ended by signal {signal}{name} before its work was done");
    }
    match status.code() {
        Some(code) => format!("ended with status {code} before its work was done"),
        None => "ended before its work was done".to_owned(),
    }
}

fn quoted(said: &str) -> String {
    let said = said.trim();
    if said.is_empty() { String::new() } else { format!("; it said: {said}") }
}

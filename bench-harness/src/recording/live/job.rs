//! The command that is recorded, and when a recording is over.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use super::{LiveError, Order, Whom};

/// A recording under way.
pub(super) struct Job<'a> {
    order: &'a Order<'a>,
    began: Instant,
    child: Option<Child>,
    /// Whether it was asked to stop.
    pub(super) stopped: bool,
}

impl<'a> Job<'a> {
    /// Begins now, with the command that `start` makes of the order's words.
    pub(super) fn begin(
        order: &'a Order<'a>,
        start: impl FnOnce(&[OsString]) -> Command,
    ) -> Result<Self, LiveError> {
        let child = match &order.whom {
            Whom::Command(words) => {
                let name = words.first().cloned().unwrap_or_default();
                let refused = |why| {
                    LiveError::NotStarted(name.to_string_lossy().escape_debug().to_string(), why)
                };
                // A shell in between would be started in any case.
                if !is_there(&name) {
                    return Err(refused("there is no such program".to_owned()));
                }
                Some(start(words).spawn().map_err(|error| refused(error.to_string()))?)
            }
            _ => None,
        };
        Ok(Self { order, began: Instant::now(), child, stopped: false })
    }

    /// The process that is recorded, if it is one.
    pub(super) fn pid(&self) -> Option<u32> {
        match self.order.whom {
            Whom::Process(pid) => Some(pid),
            _ => self.child.as_ref().map(Child::id),
        }
    }

    /// Whether it is over; tells how far it has come.
    pub(super) fn is_over(&mut self, addresses: u64) -> bool {
        let spent = self.began.elapsed();
        (self.order.tell)(spent, addresses);
        self.stopped = (self.order.stop)();
        let is_gone = match &mut self.child {
            // Nothing to wait for counts as ended.
            Some(child) => !matches!(child.try_wait(), Ok(None)),
            None => self.pid().is_some_and(|pid| !Path::new(&format!("/proc/{pid}")).exists()),
        };
        self.stopped || is_gone || self.order.time.is_some_and(|time| spent >= time)
    }

    /// How long it has gone on.
    pub(super) fn spent(&self) -> Duration {
        self.began.elapsed()
    }

    /// That the command goes on, if it does.
    pub(super) fn remark(&mut self) -> Option<String> {
        let child = self.child.as_mut()?;
        let goes_on = matches!(child.try_wait(), Ok(None));
        goes_on.then(|| format!("  the command goes on, as process {}", child.id()))
    }

    /// How the command ended, if it failed.
    pub(super) fn failure(&mut self) -> Option<ExitStatus> {
        let ended = self.child.as_mut()?.try_wait().ok()?;
        ended.filter(|status| !status.success())
    }
}

/// Whether a command of that name is found, as a shell looks for it.
fn is_there(name: &OsStr) -> bool {
    let path = Path::new(name);
    if path.components().count() > 1 || path.is_absolute() {
        return path.is_file();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    !name.is_empty() && std::env::split_paths(&folders).any(|folder| folder.join(path).is_file())
}

#[cfg(test)]
mod tests {
    use super::is_there;

    #[test]
    fn commands_are_looked_for_as_a_shell_does() {
        assert!(is_there("sh".as_ref()) && is_there("/bin/sh".as_ref()));
        for name in ["", "no-such-command", "/no/such", "/", "./src"] {
            assert!(!is_there(name.as_ref()), "{name}");
        }
    }
}

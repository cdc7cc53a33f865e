//! The command that is recorded, and when a recording is over.

use std::process::{Child, Command};
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
        start: impl FnOnce(&[std::ffi::OsString]) -> Command,
    ) -> Result<Self, LiveError> {
        let child = match &order.whom {
            Whom::Command(words) => {
                let refused = |error: std::io::Error| {
                    let word =
                        words.first().map(|word| word.to_string_lossy().escape_debug().to_string());
                    LiveError::NotStarted(word.unwrap_or_default(), error.to_string())
                };
                Some(start(words).spawn().map_err(refused)?)
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
            None => self
                .pid()
                .is_some_and(|pid| !std::path::Path::new(&format!("/proc/{pid}")).exists()),
        };
        self.stopped || is_gone || self.order.time.is_some_and(|time| spent >= time)
    }

    /// How long it has gone on.
    pub(super) fn spent(&self) -> Duration {
        self.began.elapsed()
    }

    /// What became of the command, if that is worth saying.
    pub(super) fn remark(&mut self) -> Option<String> {
        let child = self.child.as_mut()?;
        match child.try_wait() {
            Ok(Some(status)) if status.success() => None,
            Ok(Some(status)) => Some(format!("  warning: the command ended with {status}")),
            Ok(None) => Some(format!("  the command goes on, as process {}", child.id())),
            Err(_) => None,
        }
    }
}

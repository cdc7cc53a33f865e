//! Keeping the measuring thread on one core, where the system lets it.

use std::io;

/// Why the thread is not pinned. The measurement goes on without; its spread may be larger.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PinError {
    /// This system has no call for it, or not one that the program knows.
    #[error("not pinned: this system has no way to ask for a core")]
    Unsupported,
    /// The system says that the thread may run nowhere.
    #[error("not pinned: the system lists no core for this thread")]
    NoCore,
    /// The system refused.
    #[error("not pinned: the system refused ({0})")]
    Refused(#[source] io::Error),
}

/// Pins the calling thread to the last core that it may run on, and returns that core's number.
///
/// The last, because the first is where most systems handle interrupts. Threads started afterwards
/// inherit the pin and would compete for the core: start those for signals and progress first.
///
/// # Errors
/// [`PinError`] with the reason, in words that fit environment.json.
pub fn pin_to_one_core() -> Result<u32, PinError> {
    pin()
}

/// Pins the calling thread to the first core that it may run on, away from the one that
/// [`pin_to_one_core`] takes.
///
/// # Errors
/// [`PinError`]; also where there is one core only.
pub fn pin_away_from_last_core() -> Result<u32, PinError> {
    pin_away()
}

/// What environment.json says about the outcome: `core 3`, or the reason.
pub fn pinning_in_words(outcome: &Result<u32, PinError>) -> String {
    match outcome {
        Ok(core) => format!("core {core}"),
        Err(reason) => reason.to_string(),
    }
}

#[cfg(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "dragonfly"
))]
fn pin() -> Result<u32, PinError> {
    use rustix::thread::{CpuSet, sched_getaffinity};

    let refused = |errno: rustix::io::Errno| PinError::Refused(errno.into());
    let allowed = sched_getaffinity(None).map_err(refused)?;
    let last = (0..CpuSet::MAX_CPU).rev().find(|&core| allowed.is_set(core));
    pin_to(last.ok_or(PinError::NoCore)?)
}

#[cfg(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "dragonfly"
))]
fn pin_away() -> Result<u32, PinError> {
    use rustix::thread::{CpuSet, sched_getaffinity};

    let allowed = sched_getaffinity(None).map_err(|errno| PinError::Refused(errno.into()))?;
    let mut cores = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core));
    let first = cores.next().filter(|_| cores.next().is_some());
    pin_to(first.ok_or(PinError::NoCore)?)
}

#[cfg(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "dragonfly"
))]
fn pin_to(core: usize) -> Result<u32, PinError> {
    use rustix::thread::{CpuSet, sched_setaffinity};

    let mut only = CpuSet::new();
    only.set(core);
    sched_setaffinity(None, &only).map_err(|errno| PinError::Refused(errno.into()))?;
    u32::try_from(core).map_err(|_| PinError::NoCore)
}

#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "dragonfly"
)))]
fn pin() -> Result<u32, PinError> {
    Err(PinError::Unsupported)
}

#[cfg(not(any(
    target_os = "linux",
    target_os = "android",
    target_os = "freebsd",
    target_os = "dragonfly"
)))]
fn pin_away() -> Result<u32, PinError> {
    Err(PinError::Unsupported)
}

#[cfg(test)]
mod tests {
    use super::{PinError, pin_to_one_core, pinning_in_words};

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pinned_thread_may_run_on_one_core_only() {
        use rustix::thread::sched_getaffinity;

        // On a thread of its own, so that the other tests keep all cores.
        let pinned = std::thread::spawn(|| (pin_to_one_core(), sched_getaffinity(None)));
        let (outcome, allowed) = pinned.join().expect("no panic");
        let (core, allowed) = (outcome.expect("pinned"), allowed.expect("told"));
        assert_eq!(allowed.count(), 1);
        assert!(allowed.is_set(core as usize));
    }

    #[cfg(not(any(
        target_os = "linux",
        target_os = "android",
        target_os = "freebsd",
        target_os = "dragonfly"
    )))]
    #[test]
    fn elsewhere_the_reason_is_given() {
        assert!(matches!(pin_to_one_core(), Err(PinError::Unsupported)));
    }

    #[test]
    fn outcomes_in_words() {
        assert_eq!(pinning_in_words(&Ok(3)), "core 3");
        let refused = PinError::Refused(std::io::ErrorKind::PermissionDenied.into());
        assert_eq!(
            pinning_in_words(&Err(refused)),
            "not pinned: the system refused (permission denied)"
        );
    }
}

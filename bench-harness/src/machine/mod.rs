//! The machine under the measurement: what it is, what it is set to, and what is wrong with that.
//!
//! Everything that only one system offers is in here, and is "unknown" elsewhere, so that the rest
//! of the program is the same on all. `cmd` calls [`capture`] and [`warnings`] once before a run and
//! [`load_average`] after it; the commands pin themselves with [`pin_to_one_core`], and wrap what
//! they measure in a [`Watch`]. [`doctor`] puts all of it into words.

mod available;
mod build;
mod capture;
mod counters;
pub mod doctor;
mod facts;
mod fingerprint;
mod host;
#[cfg(target_os = "linux")]
mod linux;
mod pin;
mod timer;
mod warnings;
mod watch;

pub use available::{Available, beside_available, bytes_in_words};
pub use build::{commit, compiler, compiler_flags};
pub use capture::capture;
pub use counters::{CounterError, Counters, Counts, Event};
pub use fingerprint::fingerprint;
pub use host::host_name;
pub use pin::{PinError, pin_away_from_last_core, pin_to_one_core, pinning_in_words};
pub use timer::{Timer, measure_timer};
pub use warnings::warnings;
pub use watch::{Disturbance, Watch};

/// Which signals this process ignored when it was asked, as a mask with bit `n - 1` for signal `n`;
/// `None` where the system does not tell. A signal ignored at the start (nohup, a job in the
/// background) is meant to stay so.
pub fn ignored_signals() -> Option<u64> {
    #[cfg(target_os = "linux")]
    return linux::ignored_signals();
    #[cfg(not(target_os = "linux"))]
    None
}

/// Has the system end this process when the thread that started it ends, however it ends. Elsewhere than on Linux
/// nothing comes of it: a process notices that nobody is left when it next has something to tell.
pub fn end_with_parent() {
    #[cfg(target_os = "linux")]
    linux::end_with_parent();
}

/// The page size of the running system, in bytes; `None` where it does not tell.
pub fn page_size() -> Option<u64> {
    facts::page_size()
}

/// Bytes of a core's second-level cache; `None` where the system does not tell.
pub fn level2_bytes() -> Option<u64> {
    facts::level2_bytes(&facts::Facts::read().caches)
}

/// Load average over the last minute, in runnable threads; `None` where the system does not tell.
pub fn load_average() -> Option<f64> {
    #[cfg(target_os = "linux")]
    return linux::load_average();
    #[cfg(not(target_os = "linux"))]
    None
}

/// The logical processors that share a physical core with `core`, itself among them; `None` where the
/// system does not tell.
#[cfg(target_os = "linux")]
fn siblings(core: u32) -> Option<Vec<u32>> {
    linux::siblings(core)
}

#[cfg(not(target_os = "linux"))]
fn siblings(_: u32) -> Option<Vec<u32>> {
    None
}

#[cfg(test)]
mod tests {
    use super::load_average;

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_tells_its_load() {
        assert!(load_average().is_some_and(|load| load >= 0.0));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_core_is_among_its_siblings() {
        assert!(super::siblings(0).is_none_or(|siblings| siblings.contains(&0)));
        assert_eq!(super::siblings(u32::MAX), None);
    }

    #[cfg(not(target_os = "linux"))]
    #[test]
    fn elsewhere_the_load_is_unknown() {
        assert_eq!(load_average(), None);
    }
}

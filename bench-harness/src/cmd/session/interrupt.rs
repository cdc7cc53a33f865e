//! The interrupt key, and the signals that ask a program to end.
//!
//! The first one is noted and honoured between two batches: what was measured stays, and the message
//! says how to go on. The second ends the program at once, which loses no more than the round under
//! way. A signal that was ignored at the start stays ignored, and the others are listened to.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Begins to listen, on a thread of its own: call it before pinning, whose core that thread would
/// share. Without it (a system without signals) the program simply ends when asked to.
#[cfg(unix)]
pub(in crate::cmd) fn listen() {
    use signal_hook::iterator::Signals;

    let Ok(mut signals) = Signals::new(wanted(crate::machine::ignored_signals())) else {
        return;
    };
    // Without a thread nobody would answer; the handle gone, signals would be swallowed.
    let handle = signals.handle();
    let thread = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for _ in signals.forever() {
            if ASKED.swap(true, Ordering::Relaxed) {
                std::process::exit(1);
            }
            eprintln!(
                "\ninterrupted: the batch under way is finished, then its unfinished round is \
                 dropped (again to end at once)"
            );
        }
    });
    if thread.is_err() {
        handle.close();
    }
}

#[cfg(not(unix))]
pub(in crate::cmd) fn listen() {}

/// The signals to listen to: those that are not ignored. Where the system does not tell, SIGHUP is
/// left alone, since nohup has most likely set it.
#[cfg(unix)]
fn wanted(ignored: Option<u64>) -> Vec<std::ffi::c_int> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    match ignored {
        None => vec![SIGINT, SIGTERM],
        Some(mask) => {
            let heeded = |signal: &std::ffi::c_int| mask & (1 << (signal - 1)) == 0;
            [SIGINT, SIGTERM, SIGHUP].into_iter().filter(heeded).collect()
        }
    }
}

/// Whether the program was asked to end.
pub(in crate::cmd) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

#[cfg(all(test, unix))]
mod tests {
    use super::wanted;
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

    #[test]
    fn ignored_signals_stay_ignored() {
        assert_eq!(wanted(Some(0)), [SIGINT, SIGTERM, SIGHUP]);
        assert_eq!(wanted(Some(0b10)), [SIGTERM, SIGHUP]);
        assert_eq!(wanted(Some(0b01)), [SIGINT, SIGTERM]);
        assert_eq!(wanted(None), [SIGINT, SIGTERM]);
    }
}

//! The interrupt key, and the signals that ask a program to end.
//!
//! The first one is noted and honoured between two batches: what was measured stays, and the message
//! says how to go on. The second ends the program at once, which loses no more than the round under
//! way.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Begins to listen. Without it (a second call, a system without signals) the program simply ends
/// when asked to.
pub(super) fn listen() {
    let _ = ctrlc::try_set_handler(|| {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(1);
        }
        eprintln!("\ninterrupted: the batch under way is finished first (again to end at once)");
    });
}

/// Whether the program was asked to end.
pub(super) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

//! An allocator that refuses memory when it is told to, and counts how often it is asked. Both concern
//! the thread that tells it: tests run side by side.
//!
//! `unsafe` code cannot be avoided here: it is the only way for a program to have an allocator of its
//! own, and without one no test would ever see memory refused.

#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::panic::{set_hook, take_hook};
use std::ptr::null_mut;
use std::sync::Once;

/// Which requests for memory are refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Refuse {
    /// None.
    Nothing,
    /// The one with this number alone, counted from 0.
    One(usize),
    /// That one and all after it.
    From(usize),
}

thread_local! {
    /// What is refused at present, and how many requests there were so far; `None`: nobody asks.
    static WATCH: Cell<Option<(Refuse, usize)>> = const { Cell::new(None) };
}

/// Carries `action` out, refuses memory meanwhile, and says how often it asked for any. If it panics,
/// there is memory again to say so.
pub(crate) fn watched<T>(refuse: Refuse, action: impl FnOnce() -> T) -> (T, usize) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            relent();
            usual(panic);
        }));
    });
    WATCH.set(Some((refuse, 0)));
    let outcome = action();
    (outcome, WATCH.take().map_or(0, |(_, asked)| asked))
}

/// How often the action under way has asked for memory so far.
pub(crate) fn asked() -> usize {
    WATCH.get().map_or(0, |(_, asked)| asked)
}

/// Refuses nothing any more: to say what is wrong takes memory.
pub(crate) fn relent() {
    WATCH.set(None);
}

/// Counts a request, and says whether it is granted.
fn granted() -> bool {
    // When a thread ends, memory may still be asked for when its variables have gone.
    let answer = WATCH.try_with(|watch| {
        let Some((refuse, number)) = watch.get() else {
            return true;
        };
        watch.set(Some((refuse, number + 1)));
        match refuse {
            Refuse::Nothing => true,
            Refuse::One(refused) => number != refused,
            Refuse::From(first) => number < first,
        }
    });
    answer.unwrap_or(true)
}

/// The system's allocator behind [`granted`].
struct Reluctant;

#[global_allocator]
static ALLOCATOR: Reluctant = Reluctant;

// SAFETY: what is granted goes to the system's allocator as it came, so that its promises hold, and the
// caller's are the ones it asks for; what is refused is answered with the null pointer, which is how
// an allocator refuses. `granted` neither unwinds nor allocates: its variable is made when the program
// is compiled, and nothing is to be done when it goes.
unsafe impl GlobalAlloc for Reluctant {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the layout is the caller's, who promises that its size is not 0.
        if granted() { unsafe { System.alloc(layout) } } else { null_mut() }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: all memory given out here is the system allocator's, of the same layout.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, new_bytes: usize) -> *mut u8 {
        // To give some back is no request for memory.
        if new_bytes <= layout.size() || granted() {
            // SAFETY: as for `dealloc`; the new size is the caller's, who promises that it is not 0.
            unsafe { System.realloc(place, layout, new_bytes) }
        } else {
            null_mut()
        }
    }
}

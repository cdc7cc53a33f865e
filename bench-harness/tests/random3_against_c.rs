//! `random3` draw by draw against the C library's `random()`.
//!
//! Only on glibc, where the algorithm is known to be the same for every seed. macOS and NetBSD use
//! the same recurrence with a slightly different treatment of seeds, FreeBSD changed its seeding,
//! and OpenBSD and musl have something else under the name.
#![cfg(target_env = "gnu")]
#![allow(unsafe_code)] // the C library cannot be called otherwise

use std::ffi::{c_long, c_uint};

use bench_harness::workload::{Generator, Random3};

// Declared here because the libc crate has them for few systems, and not for Linux.
unsafe extern "C" {
    fn srandom(seed: c_uint);
    fn random() -> c_long;
}

/// One test, because `random()` has one state for the whole process.
#[test]
fn random3_is_the_c_librarys_random() {
    let seeds =
        [0, 1, 2, 42, 127_773, 0x7fff_fffe, 0x7fff_ffff, 0x8000_0000, 0xdead_beef, u32::MAX];
    for seed in seeds {
        let mut ours = Random3::seeded(seed.into());
        // SAFETY: srandom takes any unsigned int and touches only the C library's own state, under
        // its own lock; nothing else in this process calls it.
        unsafe { srandom(seed) };
        for draw in 0..100_000 {
            // SAFETY: random takes no arguments and touches only the C library's own state.
            let theirs = unsafe { random() };
            assert_eq!(i128::from(ours.next()), i128::from(theirs), "seed {seed}, draw {draw}");
        }
    }
}

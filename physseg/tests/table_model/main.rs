//! Model tests: random sequences of operations on a table, and the same on a list of frames.
//!
//! | file | holds |
//! |---|---|
//! | `operation.rs` | what can be done, and how sequences of it are drawn |
//! | `model.rs` | the naive model: one entry for each frame |
//! | `rules.rs` | what each operation does to the model, or why it is refused |
//! | `driver.rs` | carries an operation out on both and compares the outcome |
//! | `aim.rs` | which segment, hole or frames an operation means when its turn comes |
//! | `agreement.rs` | compares everything that can be asked, after every step |
//! | `reach.rs` | makes sure that the sequences drawn reach what there is to reach |
//!
//! A sequence makes 23 operations on average (a step like "steal eight frames" is several), and
//! after each everything that can be asked is compared. A failure is shrunk to the shortest sequence
//! that still fails, and printed.
//!
//! To look longer: `PHYSSEG_MODEL_CASES=N` draws so many sequences for each backend,
//! `PHYSSEG_MODEL_OPERATIONS=N` as many as it takes to carry out at least so many operations. Ten
//! million for each, with a line from each backend that says how many there were:
//!
//! ```text
//! PHYSSEG_MODEL_OPERATIONS=10000000 cargo test --release -p physseg --test table_model -- --nocapture
//! ```

mod agreement;
mod aim;
mod driver;
mod model;
mod operation;
mod reach;
mod rules;

use std::cell::Cell;
use std::fmt::Debug;
use std::str::FromStr;

use physseg::backend::{
    Array, BTree, Backend, BigFirst, Bsearch, Contig, Dense, Direct, LastHit, Linear, RbTree,
};
use proptest::test_runner::{Config, TestRunner};

use crate::driver::Driver;

/// How many segments fit at boot: few enough to be used up now and then.
const CAPACITY: usize = 8;

/// Draws `cases` sequences (or as many as the environment says) and lets table and model agree on
/// each. Says under `name` how many operations that were.
fn agree<B: Backend>(
    name: &str,
    cases: u32,
    backend: impl Fn() -> B,
    capacity: usize,
    regions: Option<usize>,
) {
    let cases = asked_for("PHYSSEG_MODEL_CASES").unwrap_or(cases).max(1);
    let least = asked_for("PHYSSEG_MODEL_OPERATIONS").unwrap_or(0_u64);
    let (mut sequences, operations) = (0, Cell::new(0));
    // Runners that are made anew draw anew.
    while sequences == 0 || operations.get() < least {
        let config = Config { failure_persistence: None, ..Config::with_cases(cases) };
        let outcome = TestRunner::new(config).run(&operation::sequences(), |sequence| {
            let mut driver = Driver::new(backend(), capacity, regions);
            driver.agree()?;
            for operation in sequence {
                driver.step(&operation)?;
            }
            operations.set(operations.get() + driver.operations);
            Ok(())
        });
        if let Err(failure) = outcome {
            panic!("{name}: {failure}");
        }
        sequences += u64::from(cases);
    }
    let operations = operations.get();
    println!("{name}: {sequences} sequences, {operations} operations, no difference");
}

/// A number from the environment.
fn asked_for<N: FromStr<Err: Debug>>(variable: &str) -> Option<N> {
    let value = std::env::var(variable).ok()?;
    Some(value.parse().expect(variable))
}

/// A test for each line: name, cases, backend, how many segments fit at boot, and how many runs of
/// descriptors each slab can describe if not as many as it likes.
macro_rules! models {
    ($($test:ident: $cases:expr, $backend:expr, $capacity:expr, $regions:expr;)*) => {$(
        #[test]
        fn $test() {
            agree(stringify!($test), $cases, || $backend, $capacity, $regions);
        }
    )*};
}

models! {
    array: 10_000, Array::<Bsearch>::new(Some(CAPACITY)), CAPACITY, None;
    array_linear: 2_000, Array::<Linear>::new(Some(CAPACITY)), CAPACITY, None;
    array_bigfirst: 2_000, Array::<BigFirst>::new(Some(CAPACITY)), CAPACITY, None;
    array_contig: 1_000, Array::<Contig>::new(Some(1)), 1, None;
    array_without_limit: 1_000, Array::<Bsearch>::new(None), usize::MAX, None;
    rbtree: 10_000, RbTree::with_boot_capacity(CAPACITY), CAPACITY, None;
    // Giving descriptors back often fails.
    rbtree_with_scarce_descriptors: 2_000, RbTree::with_boot_capacity(CAPACITY), CAPACITY, Some(2);
    btree: 5_000, BTree::with_boot_capacity(CAPACITY), CAPACITY, None;
    dense: 2_000, Dense::new(), 1, None;
    direct: 5_000, Direct::with_span_limit(CAPACITY, u64::MAX), CAPACITY, None;
    // Splits are undone after both halves were written.
    direct_with_scarce_descriptors: 2_000, Direct::with_span_limit(CAPACITY, u64::MAX), CAPACITY,
        Some(2);
    last_hit_array: 2_000, LastHit::new(Array::<Bsearch>::new(Some(CAPACITY))), CAPACITY, None;
    last_hit_bigfirst: 2_000, LastHit::new(Array::<BigFirst>::new(Some(CAPACITY))), CAPACITY, None;
    last_hit_rbtree: 5_000, LastHit::new(RbTree::with_boot_capacity(CAPACITY)), CAPACITY, None;
}

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
//! `PHYSSEG_MODEL_CASES=1000000 cargo test --release --test table_model` looks longer. A failure is
//! shrunk to the shortest sequence that still fails, and printed.

mod agreement;
mod aim;
mod driver;
mod model;
mod operation;
mod reach;
mod rules;

use std::cell::Cell;

use physseg::backend::{
    Array, BTree, Backend, BigFirst, Bsearch, Contig, Dense, Direct, LastHit, Linear, RbTree,
};
use proptest::test_runner::{Config, TestRunner};

use crate::driver::Driver;
use crate::operation::sequences;

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
    let cases = std::env::var("PHYSSEG_MODEL_CASES")
        .ok()
        .map_or(cases, |number| number.parse().expect("PHYSSEG_MODEL_CASES"));
    let config = Config { failure_persistence: None, ..Config::with_cases(cases) };
    let operations = Cell::new(0);
    let outcome = TestRunner::new(config).run(&sequences(), |sequence| {
        let mut driver = Driver::new(backend(), capacity, regions);
        driver.agree()?;
        for operation in sequence {
            driver.step(&operation)?;
        }
        operations.set(operations.get() + driver.operations);
        Ok(())
    });
    match outcome {
        Ok(()) => {
            let operations = operations.get();
            println!("{name}: {cases} sequences, {operations} operations, no difference");
        }
        Err(failure) => panic!("{name}: {failure}"),
    }
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

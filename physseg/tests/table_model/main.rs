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

use physseg::backend::{Array, Backend, BigFirst, Bsearch, Contig, Linear, RbTree, Section};
use proptest::test_runner::{Config, TestRunner};

use crate::driver::Driver;
use crate::operation::sequences;

/// How many segments fit at boot: few enough to be used up now and then.
const CAPACITY: usize = 8;

/// Draws `cases` sequences (or as many as the environment says) and lets table and model agree on
/// each.
fn agree<B: Backend>(cases: u32, backend: impl Fn() -> B, capacity: usize, regions: Option<usize>) {
    let cases = std::env::var("PHYSSEG_MODEL_CASES")
        .ok()
        .map_or(cases, |number| number.parse().expect("PHYSSEG_MODEL_CASES"));
    let config = Config { failure_persistence: None, ..Config::with_cases(cases) };
    let outcome = TestRunner::new(config).run(&sequences(), |operations| {
        let mut driver = Driver::new(backend(), capacity, regions);
        driver.agree()?;
        for operation in operations {
            driver.step(&operation)?;
        }
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn array_agrees_with_the_model() {
    let backend = || Array::<Bsearch>::new(Some(CAPACITY));
    agree(10_000, backend, CAPACITY, None);
}

#[test]
fn array_linear_agrees_with_the_model() {
    let backend = || Array::<Linear>::new(Some(CAPACITY));
    agree(2_000, backend, CAPACITY, None);
}

#[test]
fn array_bigfirst_agrees_with_the_model() {
    let backend = || Array::<BigFirst>::new(Some(CAPACITY));
    agree(2_000, backend, CAPACITY, None);
}

#[test]
fn array_contig_agrees_with_the_model() {
    agree(1_000, || Array::<Contig>::new(Some(1)), 1, None);
}

#[test]
fn array_without_limit_agrees_with_the_model() {
    let backend = || Array::<Bsearch>::new(None);
    agree(1_000, backend, usize::MAX, None);
}

#[test]
fn rbtree_agrees_with_the_model() {
    let backend = || RbTree::with_boot_capacity(CAPACITY);
    agree(10_000, backend, CAPACITY, None);
}

/// Each slab can describe two runs of descriptors, so that giving some back often fails.
#[test]
fn rbtree_agrees_with_the_model_when_descriptors_are_scarce() {
    let backend = || RbTree::with_boot_capacity(CAPACITY);
    agree(2_000, backend, CAPACITY, Some(2));
}

#[test]
fn section_agrees_with_the_model() {
    let backend = || Section::with_boot_capacity(CAPACITY);
    agree(10_000, backend, CAPACITY, None);
}

/// Each slab can describe two runs of descriptors, so that giving some back often fails.
#[test]
fn section_agrees_with_the_model_when_descriptors_are_scarce() {
    let backend = || Section::with_boot_capacity(CAPACITY);
    agree(2_000, backend, CAPACITY, Some(2));
}

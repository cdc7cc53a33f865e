//! The model test of `physseg-conformance` on the backends of this crate: random sequences of
//! operations on a table, and the same on a list of frames.
//!
//! `PHYSSEG_MODEL_CASES=1000000 cargo test --release --test table_model` looks longer. A failure is
//! shrunk to the shortest sequence that still fails, and printed.

use physseg::backend::{Array, Backend, BigFirst, Bsearch, Contig, Linear, RbTree};
use physseg_conformance::model::{self, CAPACITY};

/// Draws `cases` sequences (or as many as the environment says) and lets table and model agree on
/// each.
fn agree<B: Backend>(cases: u32, backend: impl Fn() -> B, capacity: usize, regions: Option<usize>) {
    if let Err(disagreement) = model::agree(model::asked_for(cases), backend, capacity, regions) {
        panic!("{disagreement}");
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

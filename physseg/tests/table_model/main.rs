//! The model test of `physseg-conformance` on the backends of this crate: random sequences of
//! operations on a table, and the same on a list of frames.
//!
//! A sequence has some 70 operations, refused ones included; after each, everything that can be asked of the
//! table is compared. `PHYSSEG_MODEL_CASES=200000 cargo test --release -p physseg --test table_model --
//! --nocapture` carries out more than ten million operations on each backend, and says how many. A
//! failure is shrunk to the shortest sequence that still fails, and printed.

use physseg::backend::{
    Array, BTree, Backend, BigFirst, Bsearch, Contig, Dense, Direct, LastHit, Linear, RbTree,
};
use physseg_conformance::model::{self, CAPACITY};

/// Draws `cases` sequences (or as many as the environment says) and lets table and model agree on
/// each. Says under `name` how many operations that were.
fn agree<B: Backend>(
    name: &str,
    cases: u32,
    backend: impl Fn() -> B,
    capacity: usize,
    regions: Option<usize>,
) {
    match model::agree(model::asked_for(cases), backend, capacity, regions) {
        Ok(done) => println!(
            "{name}: {} sequences, {} operations, no difference",
            done.sequences, done.operations
        ),
        Err(disagreement) => panic!("{name}: {disagreement}"),
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
    array: 4_000, Array::<Bsearch>::new(Some(CAPACITY)), CAPACITY, None;
    array_linear: 1_000, Array::<Linear>::new(Some(CAPACITY)), CAPACITY, None;
    array_bigfirst: 1_000, Array::<BigFirst>::new(Some(CAPACITY)), CAPACITY, None;
    array_contig: 1_000, Array::<Contig>::new(Some(1)), 1, None;
    array_without_limit: 1_000, Array::<Bsearch>::new(None), usize::MAX, None;
    rbtree: 4_000, RbTree::with_boot_capacity(CAPACITY), CAPACITY, None;
    // Giving descriptors back often fails.
    rbtree_with_scarce_descriptors: 2_000, RbTree::with_boot_capacity(CAPACITY), CAPACITY, Some(2);
    btree: 2_000, BTree::with_boot_capacity(CAPACITY), CAPACITY, None;
    dense: 2_000, Dense::new(), 1, None;
    direct: 2_000, Direct::with_span_limit(CAPACITY, u64::MAX), CAPACITY, None;
    // Splits are undone after both halves were written.
    direct_with_scarce_descriptors: 2_000, Direct::with_span_limit(CAPACITY, u64::MAX), CAPACITY,
        Some(2);
    last_hit_array: 1_000, LastHit::new(Array::<Bsearch>::new(Some(CAPACITY))), CAPACITY, None;
    last_hit_bigfirst: 1_000, LastHit::new(Array::<BigFirst>::new(Some(CAPACITY))), CAPACITY, None;
    last_hit_rbtree: 1_000, LastHit::new(RbTree::with_boot_capacity(CAPACITY)), CAPACITY, None;
}

//! The model test of `physseg-conformance` on the backends of this crate: random sequences of
//! operations on a table, and the same on a list of frames.
//!
//! A sequence makes some 45 operations on average (most about 23, and a few, in which crowds of segments
//! come and go, up to thousands), refused ones included, and after each everything that can be asked is
//! compared; among many segments, at first what lies nearby. A failure is shrunk to the shortest
//! sequence that still fails, and printed.
//!
//! To look longer: `PHYSSEG_MODEL_CASES=N` draws so many sequences for each backend,
//! `PHYSSEG_MODEL_OPERATIONS=N` as many as it takes to carry out at least so many operations. Ten
//! million for each, with a line from each backend that says how many there were:
//!
//! ```text
//! PHYSSEG_MODEL_OPERATIONS=10000000 cargo test --release -p physseg --test table_model -- --nocapture
//! ```

use physseg::backend::sorted::Kernel;
use physseg::backend::{
    Array, ArrayBranchless, ArrayRebuild, BTree, Backend, BigFirst, Bsearch, Contig, Dense, Direct,
    Eytzinger, LastHit, Linear, RbTree, STree, Section,
};
use physseg_conformance::model::{self, CAPACITY, Effort};

/// Lets table and model agree on `cases` random sequences (or as many as the environment says). Says
/// under `name` how many operations that were.
fn agree<B: Backend>(
    name: &str,
    cases: u32,
    backend: impl Fn() -> B,
    capacity: usize,
    regions: Option<usize>,
) {
    match model::agree(Effort::asked_for(cases), backend, capacity, regions) {
        Ok(agreement) => println!("{name}: {agreement}"),
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
    array_rebuild: 1_000, ArrayRebuild::with_boot_capacity(CAPACITY), CAPACITY, None;
    array_branchless: 1_000, ArrayBranchless::with_boot_capacity(CAPACITY), CAPACITY, None;
    eytzinger: 1_000, Eytzinger::with_boot_capacity(CAPACITY), CAPACITY, None;
    s_tree: 1_000, STree::with_boot_capacity(CAPACITY), CAPACITY, None;
    // The tail that was inserted goes again, and the head is made whole.
    s_tree_with_scarce_descriptors: 1_000, STree::with_boot_capacity(CAPACITY), CAPACITY, Some(2);
    section: 4_000, Section::with_boot_capacity(CAPACITY), CAPACITY, None;
    section_with_scarce_descriptors: 2_000, Section::with_boot_capacity(CAPACITY), CAPACITY,
        Some(2);
    btree: 2_000, BTree::with_boot_capacity(CAPACITY), CAPACITY, None;
    dense: 2_000, Dense::new(), 1, None;
    direct: 2_000, Direct::with_span_limit(CAPACITY, u64::MAX), CAPACITY, None;
    // Splits are undone after both halves were written.
    direct_with_scarce_descriptors: 2_000, Direct::with_span_limit(CAPACITY, u64::MAX), CAPACITY,
        Some(2);
    last_hit_array: 1_000, LastHit::new(Array::<Bsearch>::new(Some(CAPACITY))), CAPACITY, None;
    last_hit_bigfirst: 1_000, LastHit::new(Array::<BigFirst>::new(Some(CAPACITY))), CAPACITY, None;
    last_hit_rbtree: 1_000, LastHit::new(RbTree::with_boot_capacity(CAPACITY)), CAPACITY, None;
    // Handles that shift when segments are plugged, and handles that stay.
    last_hit_s_tree: 1_000, LastHit::new(STree::with_boot_capacity(CAPACITY)), CAPACITY, None;
    last_hit_eytzinger: 1_000, LastHit::new(Eytzinger::with_boot_capacity(CAPACITY)), CAPACITY,
        None;
    last_hit_section: 1_000, LastHit::new(Section::with_boot_capacity(CAPACITY)), CAPACITY, None;
}

/// With every kernel that this processor has.
#[test]
fn s_tree_with_each_kernel() {
    for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.available()) {
        let name = format!("s_tree ({})", kernel.name());
        let empty = || STree::with_kernel(CAPACITY, kernel).expect("available");
        agree(&name, 1_000, empty, CAPACITY, None);
    }
}

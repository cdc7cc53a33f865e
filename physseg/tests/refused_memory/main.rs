//! Memory that is refused: whatever a table asks for, at whatever time, it is told that there is none.
//!
//! The contract of a backend says that an insertion refused for lack of memory has changed nothing, and
//! that taking records out, cutting them and undoing that need none. `trial` refuses each request of a
//! whole history in turn; `counted` watches what must not ask. (`BTree` is left out: the standard
//! library's B-tree ends the program, as its documentation says.)

mod allocator;
mod counted;
mod script;
mod trial;

use physseg::backend::{
    Array, ArrayBranchless, ArrayRebuild, Backend, BigFirst, Bsearch, Direct, Eytzinger, LastHit,
    RbTree, STree, Section,
};

use script::{CHUNK, Step, boot, boot_with_splits, large, small};
use trial::{Refusals, Trial};

/// Segments that fit at boot.
const CAPACITY: usize = 40;

/// Where chunks are plugged: beyond the small window of `section`, then so far away that its map needs
/// directories and the keys of sorted starts 64 bits.
const PLACES: [u64; 3] = [8 * CHUNK, 1 << 33, 1 << 36];

/// Boot within few frames, many small segments, and then large ones far away.
fn from_near_to_far(count: u64, places: &[u64]) -> Vec<Step> {
    [boot_with_splits(50, 100, None), small(10_048, count), large(places)].concat()
}

/// Boot across many chunks, large segments, and then many small ones.
fn from_far_to_near(count: u64, places: &[u64]) -> Vec<Step> {
    let whole_chunks = Some((4 * CHUNK, 6 * CHUNK));
    [boot_with_splits(3000, 5000, whole_chunks), large(places), small(100_032, count)].concat()
}

fn run<B: Backend>(make: impl Fn() -> B, steps: &[Step]) -> Refusals {
    Trial { make, removal_copies: false, steps }.run()
}

/// For a structure that cannot do with less than it asks for.
fn is_refused<B: Backend>(make: impl Fn() -> B, steps: &[Step]) {
    let refusals = run(make, steps);
    let Refusals { after_one, for_good, of_slabs } = refusals;
    assert!(after_one > 0 && for_good > 0 && of_slabs > 0, "{refusals:?}");
}

/// For one that asks for more than it needs, and then for what it needs.
fn does_with_less<B: Backend>(make: impl Fn() -> B, steps: &[Step]) {
    let refusals = run(make, steps);
    assert_eq!(refusals.after_one, 0, "it had what it needed: {refusals:?}");
    assert!(refusals.for_good > 0 && refusals.of_slabs > 0, "{refusals:?}");
}

#[test]
fn section() {
    let make = || Section::with_boot_capacity(CAPACITY);
    is_refused(make, &from_near_to_far(300, &PLACES));
    is_refused(make, &from_far_to_near(90, &PLACES));
}

#[test]
fn rbtree() {
    is_refused(|| RbTree::with_boot_capacity(CAPACITY), &from_near_to_far(300, &PLACES));
}

#[test]
fn direct() {
    let make = || Direct::with_boot_capacity(CAPACITY);
    is_refused(make, &from_near_to_far(160, &PLACES[..1]));
    is_refused(make, &from_far_to_near(160, &PLACES[..1]));
}

#[test]
fn array_branchless() {
    let make = || ArrayBranchless::with_boot_capacity(CAPACITY);
    does_with_less(make, &from_near_to_far(100, &PLACES));
    does_with_less(make, &from_far_to_near(100, &PLACES));
}

#[test]
fn eytzinger() {
    let make = || Eytzinger::with_boot_capacity(CAPACITY);
    does_with_less(make, &from_near_to_far(100, &PLACES));
    does_with_less(make, &from_far_to_near(100, &PLACES));
}

#[test]
fn s_tree() {
    let make = || STree::with_boot_capacity(CAPACITY);
    does_with_less(make, &from_near_to_far(100, &PLACES));
    does_with_less(make, &from_far_to_near(100, &PLACES));
}

#[test]
fn array_rebuild() {
    let steps = from_near_to_far(60, &PLACES);
    let make = || ArrayRebuild::with_boot_capacity(CAPACITY);
    let refusals = Trial { make, removal_copies: true, steps: &steps }.run();
    assert_eq!(refusals.after_one, 0, "it asks a second time: {refusals:?}");
    assert!(refusals.for_good > 0 && refusals.of_slabs > 0, "{refusals:?}");
}

#[test]
fn last_hit() {
    let steps = from_near_to_far(60, &PLACES);
    is_refused(|| LastHit::new(Section::with_boot_capacity(CAPACITY)), &steps);
    does_with_less(|| LastHit::new(STree::with_boot_capacity(CAPACITY)), &steps);
}

/// Before boot ends alone: they take no segment afterwards.
#[test]
fn static_arrays() {
    let steps = boot(50, 100, None);
    // Memory for all is taken at first, and there is no other time to be refused it.
    for refusals in [
        run(|| Array::<Bsearch>::new(Some(CAPACITY)), &steps),
        run(|| Array::<BigFirst>::new(Some(CAPACITY)), &steps),
    ] {
        assert_eq!((refusals.after_one, refusals.for_good), (0, 0));
    }
    is_refused(|| Array::<Bsearch>::new(None), &steps);
    is_refused(|| Array::<BigFirst>::new(None), &steps);
}

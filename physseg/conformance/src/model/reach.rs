//! Model tests prove nothing about what their draws never reach: that they do is tested here.

use std::collections::HashSet;
use std::mem::discriminant;

use physseg::backend::{Array, Backend, Bsearch, Direct, RbTree, Section};
use physseg::{Error, FrameRange, Pfn};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::driver::Driver;
use super::ground::Ground;
use super::met::Met;
use super::operation::sequences;
use super::{CAPACITY, follows_the_span};

/// Which errors come at boot and which after it, and the extremes of the tables, in 1,000 sequences
/// that are always the same.
fn reached<B: Backend>(backend: impl Fn() -> B) -> ([Vec<Error>; 2], Met) {
    let mut runner = TestRunner::deterministic();
    let (mut outcomes, mut all) = (HashSet::new(), Met::default());
    let near = follows_the_span(&backend);
    for _ in 0..1_000 {
        let sequence = sequences().new_tree(&mut runner).unwrap().current();
        let ground = Ground::new(&sequence.plan, near);
        let mut driver = Driver::new(backend(), ground, CAPACITY, None);
        driver.run(&sequence.operations).unwrap();
        outcomes.extend(driver.outcomes);
        all = all.and(driver.met);
    }
    let met = |booted| {
        let mut errors = errors();
        errors.retain(|error| outcomes.contains(&(booted, Some(discriminant(error)))));
        assert!(outcomes.contains(&(booted, None)), "nothing succeeds");
        errors
    };
    ([met(false), met(true)], all)
}

/// One of each of the errors that a sequence can meet on some backend.
fn errors() -> Vec<Error> {
    let (start, end) = (Pfn::new(0), Pfn::new(1));
    let range = FrameRange::new(start, end).unwrap();
    vec![
        Error::EmptyRange { start, end },
        Error::BeyondAddressSpace { end, limit: end },
        Error::Overlap { range, present: range },
        Error::NotInOneSegment { range, outside: start },
        Error::LastSegment,
        Error::InvalidHandle,
        Error::BeyondSegment { segment: range, frame: 0 },
        Error::AvailOutside { segment: range, avail_start: start, avail_end: end },
        Error::NoSegments,
        Error::NoRoom { capacity: 0 },
        Error::NoSplit,
        Error::BootIsOver,
        Error::AlreadyBooted,
        Error::NoPlugAfterBoot,
    ]
}

fn same_kinds(met: &[Error], expected: impl Fn(&Error) -> bool) {
    let kinds = |errors: &[Error]| errors.iter().map(discriminant).collect::<HashSet<_>>();
    let mut all = errors();
    all.retain(expected);
    assert_eq!(kinds(met), kinds(&all), "{met:?}, not {all:?}");
}

#[test]
fn the_draws_reach_every_refusal_of_the_tree_and_trees_of_some_depth() {
    let ([at_boot, after_boot], met) = reached(|| RbTree::with_boot_capacity(CAPACITY));
    same_kinds(&at_boot, |error| {
        use Error::{AlreadyBooted, BootIsOver, NoPlugAfterBoot, NoSplit};
        !matches!(error, BootIsOver | AlreadyBooted | NoPlugAfterBoot | NoSplit)
    });
    same_kinds(&after_boot, |error| {
        use Error::{AvailOutside, NoPlugAfterBoot, NoRoom, NoSegments, NoSplit};
        !matches!(
            error,
            AvailOutside { .. } | NoPlugAfterBoot | NoRoom { .. } | NoSegments | NoSplit
        )
    });
    assert_far(met);
}

/// More segments than any small form of a structure takes, that go and come again; frames farther apart
/// than 32 bits count; segments longer than any block of a page map.
fn assert_far(met: Met) {
    assert!(met.most_segments >= 1_000 && met.grown_again >= 10, "{met:?}");
    assert!(met.widest > 1 << 39 && met.longest >= 1 << 17, "{met:?}");
}

#[test]
fn the_draws_reach_large_sections_and_small_ones_after_them() {
    assert_far(reached(|| Section::with_boot_capacity(CAPACITY)).1);
}

#[test]
fn a_span_that_takes_memory_is_kept_small() {
    let (_, met) = reached(|| Direct::with_span_limit(CAPACITY, u64::MAX));
    assert!(met.most_segments >= 1_000 && met.grown_again >= 10, "{met:?}");
    assert!(met.widest < 1 << 20, "{met:?}");
}

#[test]
fn the_draws_reach_every_refusal_of_the_array_and_its_capacity() {
    let ([at_boot, after_boot], met) = reached(|| Array::<Bsearch>::new(Some(CAPACITY)));
    same_kinds(&at_boot, |error| {
        use Error::{AlreadyBooted, BootIsOver, NoPlugAfterBoot};
        !matches!(error, BootIsOver | AlreadyBooted | NoPlugAfterBoot)
    });
    same_kinds(&after_boot, |error| {
        !matches!(error, Error::AvailOutside { .. } | Error::NoRoom { .. } | Error::NoSegments)
    });
    assert_eq!(met.most_segments, CAPACITY);
}

//! Model tests prove nothing about what their draws never reach: that they do is tested here.

use std::collections::HashSet;
use std::mem::discriminant;

use physseg::backend::{Array, Backend, Bsearch, RbTree};
use physseg::{Error, FrameRange, Pfn};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::CAPACITY;
use super::driver::Driver;
use super::operation::sequences;

/// Which errors come at boot and which after it, and how many segments there are at most, in 1,000
/// sequences that are always the same.
fn reached<B: Backend>(backend: impl Fn() -> B) -> ([Vec<Error>; 2], usize) {
    let mut runner = TestRunner::deterministic();
    let (mut outcomes, mut largest) = (HashSet::new(), 0);
    for _ in 0..1_000 {
        let operations = sequences().new_tree(&mut runner).unwrap().current();
        let mut driver = Driver::new(backend(), CAPACITY, None);
        for operation in operations {
            driver.step(&operation).unwrap();
        }
        outcomes.extend(driver.outcomes);
        largest = largest.max(driver.most_segments);
    }
    let met = |booted| {
        let mut errors = errors();
        errors.retain(|error| outcomes.contains(&(booted, Some(discriminant(error)))));
        assert!(outcomes.contains(&(booted, None)), "nothing succeeds");
        errors
    };
    ([met(false), met(true)], largest)
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
    let ([at_boot, after_boot], largest) = reached(|| RbTree::with_boot_capacity(CAPACITY));
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
    assert!(largest >= 16, "{largest}");
}

#[test]
fn the_draws_reach_every_refusal_of_the_array_and_its_capacity() {
    let ([at_boot, after_boot], largest) = reached(|| Array::<Bsearch>::new(Some(CAPACITY)));
    same_kinds(&at_boot, |error| {
        use Error::{AlreadyBooted, BootIsOver, NoPlugAfterBoot};
        !matches!(error, BootIsOver | AlreadyBooted | NoPlugAfterBoot)
    });
    same_kinds(&after_boot, |error| {
        !matches!(error, Error::AvailOutside { .. } | Error::NoRoom { .. } | Error::NoSegments)
    });
    assert_eq!(largest, CAPACITY);
}

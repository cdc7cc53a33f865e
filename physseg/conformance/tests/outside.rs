//! A backend that lives outside `physseg` passes everything; with any one of several mistakes in it, it
//! does not. A suite that lets a wrong backend through would be worth nothing.

use physseg::backend::{Backend, Capabilities, Refusal};
use physseg::{PageId, Pfn, Segment};
use physseg_conformance::model::{self, CAPACITY, Effort};
use physseg_conformance::{Case, ROOM, Subject, cases, find, stamp};

/// None.
const RIGHT: u8 = 0;
/// The frame after a segment's last belongs to it.
const END_INCLUDED: u8 = 1;
/// A hole is found where the next lower segment ends.
const HOLE_FOUND: u8 = 2;
/// Descriptors are counted from frame 0.
const PAGE_FROM_ZERO: u8 = 3;
/// Before boot ends there is room without end.
const NO_LIMIT: u8 = 4;
/// The walk begins at the second segment.
const FIRST_IS_SECOND: u8 = 5;
/// A cut does not reach the record.
const CUT_FORGOTTEN: u8 = 6;
/// Handles are said to be stable, and move.
const SAID_STABLE: u8 = 7;

/// A sorted vector of records, its handles positions, with one mistake.
#[derive(Debug, Default)]
struct Sorted<const MISTAKE: u8> {
    records: Vec<Segment>,
    booted: bool,
    room: usize,
}

impl<const MISTAKE: u8> Sorted<MISTAKE> {
    fn with_room(room: usize) -> Self {
        Self { records: Vec::new(), booted: false, room }
    }
}

impl<const MISTAKE: u8> Subject for Sorted<MISTAKE> {
    const BOOT_ROOM: usize = ROOM;
    const LOADING_LOWER_SHIFTS: bool = true;

    fn fresh() -> Self {
        Self::with_room(ROOM)
    }
}

impl<const MISTAKE: u8> Backend for Sorted<MISTAKE> {
    type Handle = usize;

    const CAPABILITIES: Capabilities = Capabilities {
        plug_after_boot: true,
        split: true,
        stable_handles: MISTAKE == SAID_STABLE,
        reuses_boot_records: true,
        linear_updates: true,
    };

    fn find(&self, pfn: Pfn) -> Option<(usize, u64)> {
        let at = self.find_leq(pfn)?;
        let record = &self.records[at];
        let inside = match MISTAKE {
            END_INCLUDED => pfn <= record.end(),
            HOLE_FOUND => true,
            _ => pfn < record.end(),
        };
        inside.then(|| (at, pfn.get() - record.start().get()))
    }

    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        let (at, offset) = self.find(pfn)?;
        let offset = if MISTAKE == PAGE_FROM_ZERO { pfn.get() } else { offset };
        Some(self.records[at].pages()?.offset(offset))
    }

    fn find_geq(&self, pfn: Pfn) -> Option<usize> {
        let at = self.records.partition_point(|record| record.end() <= pfn);
        (at < self.records.len()).then_some(at)
    }

    fn find_leq(&self, pfn: Pfn) -> Option<usize> {
        self.records.partition_point(|record| record.start() <= pfn).checked_sub(1)
    }

    fn get(&self, handle: usize) -> Option<&Segment> {
        self.records.get(handle)
    }

    fn get_mut(&mut self, handle: usize) -> Option<&mut Segment> {
        self.records.get_mut(handle)
    }

    fn insert(&mut self, segment: Segment) -> Result<usize, Refusal> {
        if !self.booted && self.records.len() >= self.room && MISTAKE != NO_LIMIT {
            return Err(Refusal::Full { capacity: self.room });
        }
        let at = self.records.partition_point(|record| record.start() < segment.start());
        self.records.insert(at, segment);
        Ok(at)
    }

    fn remove(&mut self, handle: usize) -> Option<Segment> {
        self.get(handle)?;
        Some(self.records.remove(handle))
    }

    fn replace(&mut self, handle: usize, segment: Segment) -> Option<usize> {
        let record = self.records.get_mut(handle)?;
        if MISTAKE != CUT_FORGOTTEN || record.frames() <= segment.frames() {
            *record = segment;
        }
        Some(handle)
    }

    fn first(&self) -> Option<usize> {
        let at = usize::from(MISTAKE == FIRST_IS_SECOND && self.records.len() > 1);
        (at < self.records.len()).then_some(at)
    }

    fn last(&self) -> Option<usize> {
        self.records.len().checked_sub(1)
    }

    fn next(&self, handle: usize) -> Option<usize> {
        (handle + 1 < self.records.len()).then_some(handle + 1)
    }

    fn prev(&self, handle: usize) -> Option<usize> {
        handle.checked_sub(1)
    }

    fn len(&self) -> usize {
        self.records.len()
    }

    fn boot_ended(&mut self) {
        self.booted = true;
    }

    fn bytes(&self) -> usize {
        self.records.capacity() * size_of::<Segment>()
    }

    fn handle_word(handle: usize) -> u64 {
        handle as u64
    }

    fn check(&self) -> Result<(), String> {
        let sorted = self.records.is_sorted_by(|a, b| a.end() <= b.start());
        sorted.then_some(()).ok_or_else(|| "out of order".to_owned())
    }
}

stamp!(sorted: Sorted<RIGHT>);

#[test]
fn sorted_agrees_with_the_model() {
    let agreement = model::agree(
        Effort::sequences(200),
        || Sorted::<RIGHT>::with_room(CAPACITY),
        CAPACITY,
        None,
    );
    let agreed = agreement.expect("no mistake");
    assert_eq!(agreed.sequences, 200);
    assert!(agreed.operations > 200, "{agreed:?}");
}

/// The cases that a backend fails, and that the model test fails it too.
fn failed<const MISTAKE: u8>() -> Vec<String> {
    let empty = || Sorted::<MISTAKE>::with_room(CAPACITY);
    let disagreement =
        model::agree(Effort::sequences(500), empty, CAPACITY, None).expect_err("a mistake");
    assert!(disagreement.to_string().contains("minimal failing input"), "{disagreement}");
    let failing = cases::<Sorted<MISTAKE>>().into_iter().filter(|case| case.check().is_err());
    failing.map(|case| format!("{}::{}", case.group, case.name)).collect()
}

#[test]
fn every_mistake_is_found_by_suite_and_model() {
    for (mistake, failed, expected) in [
        ("end included", failed::<END_INCLUDED>(), "accessors::find_of_a_missing_frame_is_none"),
        ("hole found", failed::<HOLE_FOUND>(), "accessors::find_of_a_missing_frame_is_none"),
        (
            "page from zero",
            failed::<PAGE_FROM_ZERO>(),
            "slabs::a_materialised_descriptor_names_its_frame",
        ),
        (
            "no limit",
            failed::<NO_LIMIT>(),
            "node_allocation::boot_takes_its_capacity_and_not_one_more",
        ),
        (
            "first is second",
            failed::<FIRST_IS_SECOND>(),
            "neighbours::first_is_the_lowest_whatever_the_order_of_loading",
        ),
        (
            "cut forgotten",
            failed::<CUT_FORGOTTEN>(),
            "hotplug::unplug_from_the_back_keeps_the_front",
        ),
        (
            "said stable",
            failed::<SAID_STABLE>(),
            "neighbours::an_old_handle_after_loading_below_it",
        ),
    ] {
        assert!(failed.iter().any(|case| case == expected), "{mistake}: {failed:?}");
    }
}

#[test]
fn cases_are_found_by_name_and_run_one_by_one() {
    let all = cases::<Sorted<RIGHT>>();
    let mut names: Vec<_> = all.iter().map(|case| (case.group, case.name)).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all.len(), "names that two cases share");
    assert_eq!(all.iter().map(Case::check).find(Result::is_err), None);
    assert!(find::<Sorted<RIGHT>>("accessors", "start_is_the_first_frame").is_some());
    assert!(find::<Sorted<RIGHT>>("accessors", "boot_takes_its_capacity").is_none());
}

//! What the original gets wrong, and this must not: each case is named after the right behaviour.

use physseg::{Error, FrameRange, Handle};

use super::support::{
    A, B, C, D, Subject, booted, descriptors, empty, load, load_besides, pfn, picture, plug, range,
    ranges, try_load, unplug,
};

/// The original's array answers position 0.
pub(crate) fn first_and_last_of_an_empty_table_are_empty<S: Subject>() {
    let table = empty::<S>();
    assert_eq!(table.first(), Handle::Empty);
    assert_eq!(table.last(), Handle::Empty);
    assert!(!table.valid(table.first()));
}

/// The original's array answers the frame after it.
pub(crate) fn highest_frame_is_inclusive_and_none_when_empty<S: Subject>() {
    let mut table = empty::<S>();
    assert_eq!(table.highest_frame(), None);
    load(&mut table, range(7, 8));
    assert_eq!(table.highest_frame(), Some(pfn(7)));
    assert!(table.find(table.highest_frame().unwrap()).is_some());
}

/// The original lowers the number of pages when a segment is cut from the back at boot, where none
/// have been counted.
pub(crate) fn cutting_at_boot_leaves_pages_at_zero<S: Subject>() {
    let mut table = empty::<S>();
    load(&mut table, A);
    unplug(&mut table, range(200, 256)).unwrap();
    assert_eq!(table.pages(), 0);
    unplug(&mut table, range(0, 100)).unwrap();
    assert_eq!(table.pages(), 0);
    if load_besides(&mut table, B).is_some() {
        unplug(&mut table, B).unwrap();
        assert_eq!(table.pages(), 0);
    }
    table.page_init().unwrap();
    assert_eq!(table.pages(), 100);
}

/// Ranges that share frames with `[256, 512)` or `[768, 1024)`, and what is in the way of each. The
/// original looks at the first frame only.
const OVERLAPS: [(FrameRange, FrameRange); 8] = [
    (B, B),
    (range(511, 512), B),
    (range(256, 257), B),
    (range(0, 257), B),
    (range(511, 600), B),
    (range(100, 600), B),
    (range(100, 2000), B),
    (range(600, 769), D),
];

fn with_b_and_d<S: Subject>() -> (physseg::SegmentTable<S>, bool) {
    let mut table = empty::<S>();
    load(&mut table, B);
    let both = load_besides(&mut table, D).is_some();
    (table, both)
}

pub(crate) fn overlap_of_any_frame_is_refused_at_boot<S: Subject>() {
    let (mut table, both) = with_b_and_d::<S>();
    let before = picture(&table);
    for (range, present) in OVERLAPS {
        if present == D && !both {
            continue;
        }
        let overlap = Error::Overlap { range, present };
        assert_eq!(try_load(&mut table, range), Err(overlap));
        assert_eq!(plug(&mut table, range), Err(overlap));
    }
    assert_eq!(picture(&table), before);
    // Touching is not overlapping.
    if both {
        load(&mut table, C);
        load(&mut table, A);
        assert_eq!(ranges(&table), [A, B, C, D]);
    }
}

pub(crate) fn overlap_of_any_frame_is_refused_after_boot<S: Subject>() {
    let (mut table, both) = with_b_and_d::<S>();
    table.page_init().unwrap();
    let before = picture(&table);
    for (range, present) in OVERLAPS {
        if present == D && !both {
            continue;
        }
        let overlap = Error::Overlap { range, present };
        assert_eq!(plug(&mut table, range), Err(overlap));
    }
    assert_eq!(picture(&table), before, "nothing plugged, nothing leaked");
}

/// Descriptors taken for a plug that is then refused are given back, however often that happens.
pub(crate) fn refused_plugs_leak_no_descriptors<S: Subject>() {
    let mut table = booted::<S>(&[A, C]);
    unplug(&mut table, range(0, 16)).unwrap();
    let before = descriptors(&table);
    for _ in 0..100 {
        assert!(plug(&mut table, range(10, 40)).is_err(), "overlaps A");
        assert!(table.plug(pfn(0), 0).is_err());
        assert!(table.plug(pfn(0), u64::MAX).is_err());
        if !S::CAPABILITIES.plug_after_boot {
            assert_eq!(plug(&mut table, B), Err(Error::NoPlugAfterBoot));
        }
    }
    assert_eq!(descriptors(&table), before);
}

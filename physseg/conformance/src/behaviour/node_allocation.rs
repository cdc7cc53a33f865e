//! Where records come from, as seen through the table: what fits at boot, and what a segment that
//! goes at boot leaves behind.

use physseg::{Error, FrameRange};

use super::support::{Subject, empty, load, picture, plug, range, ranges, try_load, unplug};

/// Segments of 8 frames with holes of 8 between them.
fn nth(number: usize) -> FrameRange {
    let start = 16 * number as u64;
    range(start, start + 8)
}

fn full<S: Subject>() -> physseg::SegmentTable<S> {
    let mut table = empty::<S>();
    for number in 0..S::BOOT_ROOM {
        load(&mut table, nth(number));
    }
    table
}

pub(crate) fn boot_takes_its_capacity_and_not_one_more<S: Subject>() {
    let mut table = full::<S>();
    let capacity = S::BOOT_ROOM;
    let before = picture(&table);
    let refused = Error::NoRoom { capacity };
    assert_eq!(try_load(&mut table, nth(capacity)), Err(refused));
    assert_eq!(plug(&mut table, nth(capacity)), Err(refused));
    assert_eq!(picture(&table), before);
    assert_eq!(table.len(), capacity);
}

pub(crate) fn after_boot_the_capacity_binds_only_the_array<S: Subject>() {
    let mut table = full::<S>();
    table.page_init().unwrap();
    let more: Vec<_> = (S::BOOT_ROOM..=3 * S::BOOT_ROOM).map(nth).collect();
    if S::CAPABILITIES.plug_after_boot {
        for &range in &more {
            plug(&mut table, range).unwrap();
        }
        assert_eq!(table.len(), 3 * S::BOOT_ROOM + 1);
        table.backend().check().unwrap();
    } else {
        let before = picture(&table);
        assert_eq!(plug(&mut table, more[0]), Err(Error::NoPlugAfterBoot));
        assert_eq!(picture(&table), before);
    }
}

/// A tree counts how many nodes of the boot array are gone and never takes one back; an array has
/// the place again at once.
pub(crate) fn a_record_freed_at_boot<S: Subject>() {
    let mut table = full::<S>();
    let capacity = S::BOOT_ROOM;
    if capacity == 1 {
        // The only segment cannot go, so that nothing is ever freed.
        assert_eq!(unplug(&mut table, nth(0)), Err(Error::LastSegment));
        return;
    }
    unplug(&mut table, nth(3)).unwrap();
    let again = try_load(&mut table, nth(capacity));
    if S::CAPABILITIES.reuses_boot_records {
        assert_eq!(table.start(again.unwrap()), Some(nth(capacity).start()));
        assert_eq!(table.len(), capacity);
        assert_eq!(try_load(&mut table, nth(3)), Err(Error::NoRoom { capacity }));
    } else {
        assert_eq!(again, Err(Error::NoRoom { capacity }));
        assert_eq!(table.len(), capacity - 1);
        table.page_init().unwrap();
        plug(&mut table, nth(3)).unwrap();
        assert_eq!(table.len(), capacity);
    }
}

/// Splitting at boot needs a node of the boot array; when there is none, the segment is whole.
pub(crate) fn a_split_at_boot_takes_a_record_or_leaves_the_segment_whole<S: Subject>() {
    let mut table = full::<S>();
    let capacity = S::BOOT_ROOM;
    let before = picture(&table);
    let refused = if S::CAPABILITIES.split { Error::NoRoom { capacity } } else { Error::NoSplit };
    assert_eq!(unplug(&mut table, range(2, 6)), Err(refused));
    assert_eq!(picture(&table), before);
    assert_eq!(ranges(&table)[0], nth(0));
}

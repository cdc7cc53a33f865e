//! A table whose lowest memory goes and comes again in smaller pieces, as a balloon's does: whole leaves
//! of the order, and whole subtrees, go at the low end.

use alloc::vec::Vec;

use super::Section;
use crate::addr::{PageSize, Pfn};
use crate::backend::Backend;
use crate::error::Error;
use crate::table::SegmentTable;

/// Segments of 100 frames, 1,000 apart, plugged from the lowest to the highest.
fn table(segments: u64) -> SegmentTable<Section> {
    let mut table = SegmentTable::init(Section::new());
    table.set_page_size(PageSize::FOUR_KIB).unwrap();
    table.plug(Pfn::new(1_000), 100).unwrap();
    table.page_init().unwrap();
    for nth in 2..=segments {
        table.plug(Pfn::new(nth * 1_000), 100).unwrap();
    }
    table
}

/// The walk, the searches and the invariants say that the segments begin at `starts`, and nowhere
/// else.
fn assert_begins(table: &SegmentTable<Section>, starts: &[u64]) {
    table.backend().check().unwrap();
    assert_eq!(table.len(), starts.len());
    let walked = |(_, segment): (_, &crate::Segment)| segment.start().get();
    assert_eq!(table.segments().map(walked).collect::<Vec<_>>(), starts);
    let mut backwards: Vec<u64> = table.segments().rev().map(walked).collect();
    backwards.reverse();
    assert_eq!(backwards, starts);
    for &start in starts {
        let (at, offset) = table.find(Pfn::new(start)).unwrap();
        assert_eq!((table.start(at), offset), (Some(Pfn::new(start)), 0));
        assert!(table.find_page(Pfn::new(start)).is_some());
    }
}

#[test]
fn small_segments_come_where_the_lowest_ones_went() {
    for (segments, gone) in [(100, 32), (100, 40), (1_500, 1_100), (1_500, 1_440), (3_000, 2_000)] {
        let mut table = table(segments);
        for nth in 1..=gone {
            table.unplug(Pfn::new(nth * 1_000), 100).unwrap();
        }
        let mut starts: Vec<u64> = (gone + 1..=segments).map(|nth| nth * 1_000).collect();
        assert_begins(&table, &starts);
        for nth in 0..60 {
            table.plug(Pfn::new(nth * 3), 2).unwrap();
            starts.insert(usize::try_from(nth).unwrap(), nth * 3);
        }
        assert_begins(&table, &starts);
        // What is there is seen: it is not plugged again, and goes.
        for nth in 0..60 {
            let again = table.plug(Pfn::new(nth * 3 + 1), 1);
            assert!(matches!(again, Err(Error::Overlap { .. })), "{again:?}");
            table.unplug(Pfn::new(nth * 3), 2).unwrap();
        }
        assert_begins(&table, &starts[60..]);
    }
}

#[test]
fn splits_and_front_cuts_go_on_where_the_lowest_segments_went() {
    let mut table = table(200);
    for nth in 2..=150 {
        table.unplug(Pfn::new(nth * 1_000), 100).unwrap();
    }
    // The lowest segment, in fifty pieces, each of which loses its first frame.
    for frame in (1..99).step_by(2) {
        table.unplug(Pfn::new(1_000 + frame), 1).unwrap();
    }
    let mut starts: Vec<u64> = (0..50).map(|nth| 1_000 + nth * 2).collect();
    starts.extend((151..=200).map(|nth| nth * 1_000));
    assert_begins(&table, &starts);
    // What lies below the lowest piece: a segment that is cut until only its last frame is left.
    table.plug(Pfn::new(0), 600).unwrap();
    for frame in 0..599 {
        table.unplug(Pfn::new(frame), 1).unwrap();
    }
    starts.insert(0, 599);
    assert_begins(&table, &starts);
}

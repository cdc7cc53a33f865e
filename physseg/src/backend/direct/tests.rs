//! What only a table of entries can get wrong: the span, its ends, and entries left behind.

use super::*;
use crate::PageSize;
use crate::error::Error;
use crate::segment::FreeList;
use crate::table::SegmentTable;

fn segment(start: u64, end: u64) -> Segment {
    let range = FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap();
    Segment::new(range, FreeList::Default)
}

/// `[1000, 1100)` after boot.
fn booted(span_limit: u64) -> SegmentTable<Direct> {
    let mut table = SegmentTable::init(Direct::with_span_limit(4, span_limit));
    table.set_page_size(PageSize::FOUR_KIB).unwrap();
    table.plug(Pfn::new(1_000), 100).unwrap();
    assert_eq!(table.find_page(Pfn::new(1_000)), None);
    table.page_init().unwrap();
    table
}

#[test]
fn a_span_beyond_the_limit_is_refused_before_and_after_boot() {
    let mut direct = Direct::with_span_limit(4, 1_000);
    assert!(direct.insert(segment(5_000, 6_001)).is_err());
    direct.insert(segment(5_000, 5_001)).unwrap();
    let refused = Err(Refusal::Span { frames: 1_001, limit: 1_000 });
    assert_eq!(direct.insert(segment(6_000, 6_001)), refused);
    assert_eq!(
        direct.insert(segment(4_000, 4_001)).map(drop),
        Err(Refusal::Span { frames: 1_001, limit: 1_000 })
    );
    assert_eq!(direct.len(), 1);
    direct.insert(segment(5_999, 6_000)).unwrap();
    direct.check().unwrap();

    let mut table = booted(1_000);
    let before = (table.len(), table.pages(), table.slabs().slabs());
    let too_wide = Error::SpanTooWide { frames: 1_001, limit: 1_000 };
    assert_eq!(table.plug(Pfn::new(2_000), 1).map(drop), Err(too_wide));
    assert_eq!(table.plug(Pfn::new(99), 1).map(drop), Err(too_wide));
    assert_eq!((table.len(), table.pages(), table.slabs().slabs()), before);
    table.plug(Pfn::new(1_999), 1).unwrap();
    // The span is that of what is there: when the lower end goes, there is room above.
    table.unplug(Pfn::new(1_000), 100).unwrap();
    table.plug(Pfn::new(2_998), 1).unwrap();
    table.backend().check().unwrap();
}

#[test]
fn the_span_grows_to_both_sides_down_to_frame_zero() {
    let mut table = booted(DEFAULT_SPAN_LIMIT);
    let page = table.find_page(Pfn::new(1_050));
    for start in [990, 500, 1_100, 0, 5_000, 10] {
        table.plug(Pfn::new(start), 10).unwrap();
        table.backend().check().unwrap();
        assert_eq!(table.find_page(Pfn::new(1_050)), page);
    }
    assert!(table.find_page(Pfn::ZERO).is_some());
    for hole in [20, 499, 989, 1_110, 4_999, 5_010, u64::MAX] {
        assert_eq!(table.find_page(Pfn::new(hole)), None, "{hole}");
    }
}

#[test]
fn the_highest_frames_need_no_more_entries_than_the_lowest() {
    let mut table = SegmentTable::init(Direct::new());
    table.set_page_size(PageSize::FOUR_KIB).unwrap();
    let limit = PageSize::FOUR_KIB.frame_limit().get();
    table.plug(Pfn::new(limit - 64), 64).unwrap();
    table.page_init().unwrap();
    table.plug(Pfn::new(limit - 100), 8).unwrap();
    assert_eq!(table.find_page(Pfn::new(limit - 64)).map(PageId::index), Some(0));
    assert_eq!(table.find_page(Pfn::new(limit - 1)).map(PageId::index), Some(63));
    for outside in [0, limit - 92, limit, limit - 64 - (1 << 20)] {
        assert_eq!(table.find_page(Pfn::new(outside)), None);
    }
    assert!(table.backend().index_bytes() <= 2 * 100 * 8);
    let far = Error::SpanTooWide { frames: limit, limit: DEFAULT_SPAN_LIMIT };
    assert_eq!(table.plug(Pfn::ZERO, 1).map(drop), Err(far));
}

#[test]
fn a_cut_at_any_place_leaves_no_entry_behind() {
    for (start, pages) in [(1_000, 1), (1_099, 1), (1_050, 1), (1_001, 98)] {
        let mut table = booted(DEFAULT_SPAN_LIMIT);
        table.unplug(Pfn::new(start), pages).unwrap();
        table.backend().check().unwrap();
        assert_eq!(table.find_page(Pfn::new(start)), None);
        table.plug(Pfn::new(start), pages).unwrap();
        table.backend().check().unwrap();
        assert!(table.find_page(Pfn::new(start)).is_some());
    }
}

#[test]
fn putting_back_what_was_cut_brings_its_entries_back() {
    let mut direct = Direct::new();
    let whole = segment(10, 30).with_pages(PageId::new(5).unwrap(), crate::slab::SlabId::NONE);
    let at = direct.insert(whole).unwrap();
    let part = FrameRange::new(Pfn::new(14), Pfn::new(20)).unwrap();
    direct.replace(at, whole.cut_to(part)).unwrap();
    direct.check().unwrap();
    assert_eq!(direct.find_page(Pfn::new(13)), None);
    direct.replace(at, whole).unwrap();
    direct.check().unwrap();
    // Other descriptors for the same frames.
    let other = segment(10, 30).with_pages(PageId::new(90).unwrap(), crate::slab::SlabId::NONE);
    direct.replace(at, other).unwrap();
    direct.check().unwrap();
    assert_eq!(direct.find_page(Pfn::new(10)).map(PageId::index), Some(90));
}

#[test]
fn a_split_refused_for_want_of_a_record_leaves_the_entries() {
    let mut direct = Direct::with_boot_capacity(1);
    let whole = segment(0, 30).with_pages(PageId::new(0).unwrap(), crate::slab::SlabId::NONE);
    let at = direct.insert(whole).unwrap();
    let part = |start, end| FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap();
    let outcome = direct.split(at, whole.cut_to(part(0, 10)), whole.cut_to(part(20, 30)));
    assert_eq!(outcome, Err(Refusal::Full { capacity: 1 }));
    direct.check().unwrap();
    assert!(direct.find_page(Pfn::new(15)).is_some());
}

#[test]
fn when_boot_ends_no_more_is_held_than_the_span_needs() {
    let mut direct = Direct::new();
    for start in 0..20 {
        direct.insert(segment(100 * start, 100 * start + 10)).unwrap();
    }
    direct.boot_ended();
    assert_eq!(direct.index_bytes(), 8 * 1_910);
    assert!(direct.bytes() > direct.index_bytes());
}

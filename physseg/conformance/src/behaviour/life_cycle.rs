//! Init, loading, and the end of boot.

use physseg::{Error, FreeList, Pfn, SegmentTable};

use super::support::{
    A, B, C, D, Subject, empty, load, load_besides, pfn, picture, plug, ranges, try_load,
};

pub(crate) fn init_gives_a_table_without_segments<S: Subject>() {
    let table = SegmentTable::init(S::fresh());
    assert_eq!((table.len(), table.pages()), (0, 0));
    assert!(table.is_empty() && !table.booted());
    assert_eq!(table.segments().count(), 0);
}

pub(crate) fn physload_at_boot_adds_a_segment_without_pages<S: Subject>() {
    let mut table = empty::<S>();
    let a = load(&mut table, A);
    assert!(table.valid(a));
    assert_eq!((table.len(), table.pages()), (1, 0));
    let Some(b) = load_besides(&mut table, B) else {
        return;
    };
    assert!(table.valid(b));
    assert_eq!((table.len(), table.pages()), (2, 0));
    assert!(table.segments().all(|(_, seg)| seg.pages().is_none()));
}

pub(crate) fn physload_after_boot_is_refused<S: Subject>() {
    let mut table = empty::<S>();
    let a = load(&mut table, A);
    table.page_init().unwrap();
    let before = picture(&table);
    assert_eq!(try_load(&mut table, B), Err(Error::BootIsOver));
    let list = FreeList::Default;
    assert_eq!(table.physunload(a, list), Err(Error::BootIsOver));
    assert_eq!(table.physunload_force(a, list), Err(Error::BootIsOver));
    assert_eq!(table.page_init(), Err(Error::AlreadyBooted));
    assert_eq!(picture(&table), before);
}

pub(crate) fn the_end_of_boot_counts_the_pages<S: Subject>() {
    let mut table = empty::<S>();
    load(&mut table, A);
    assert_eq!(table.pages(), 0);
    let both = load_besides(&mut table, C).is_some();
    table.page_init().unwrap();
    assert!(table.booted());
    assert_eq!(table.pages(), if both { 512 } else { 256 });
}

/// One slab holds the descriptors of all segments, in the order of their frames.
pub(crate) fn the_end_of_boot_gives_every_segment_its_descriptors<S: Subject>() {
    let mut table = empty::<S>();
    load(&mut table, C);
    if load_besides(&mut table, A).is_some() {
        load(&mut table, D);
        load(&mut table, B);
    }
    table.page_init().unwrap();
    let mut next = 0;
    for (handle, segment) in table.segments() {
        assert!(table.valid(handle));
        assert_eq!(segment.slab(), table.segments().next().unwrap().1.slab());
        for frame in segment.start().get()..segment.end().get() {
            let page = table.find_page(pfn(frame));
            assert_eq!(page.map(physseg::PageId::index), Some(next), "frame {frame}");
            next += 1;
        }
    }
    assert_eq!(next, table.pages());
}

pub(crate) fn boot_cannot_end_without_segments_or_page_size<S: Subject>() {
    let mut table = SegmentTable::init(S::fresh());
    assert_eq!(table.page_init(), Err(Error::PageSizeUnset));
    let mut table = empty::<S>();
    assert_eq!(table.page_init(), Err(Error::NoSegments));
    assert!(!table.booted());
    load(&mut table, A);
    assert_eq!(table.page_init(), Ok(()));
}

pub(crate) fn nothing_is_loaded_before_the_page_size_is_set<S: Subject>() {
    let mut table = SegmentTable::init(S::fresh());
    assert_eq!(try_load(&mut table, A), Err(Error::PageSizeUnset));
    assert_eq!(plug(&mut table, A), Err(Error::PageSizeUnset));
    let size = physseg::PageSize::FOUR_KIB;
    table.set_page_size(size).unwrap();
    load(&mut table, A);
    assert_eq!(table.set_page_size(size), Err(Error::PageSizeFixed));
}

/// Empty and reversed ranges, addresses that do not exist, and an available part outside.
pub(crate) fn ranges_that_make_no_segment_are_refused<S: Subject>() {
    let mut table = empty::<S>();
    let limit = physseg::PageSize::FOUR_KIB.frame_limit();
    let past = Pfn::new(limit.get() + 1);
    let mut load = |start: Pfn, end: Pfn, avail: [u64; 2]| {
        let [avail_start, avail_end] = avail.map(pfn);
        table.physload(start, end, avail_start, avail_end, FreeList::Default)
    };
    let (start, end) = (pfn(8), pfn(8));
    let empty = Error::EmptyRange { start, end };
    assert_eq!(load(start, end, [8, 8]), Err(empty));
    let (start, end) = (pfn(9), pfn(8));
    let reversed = Error::EmptyRange { start, end };
    assert_eq!(load(start, end, [8, 8]), Err(reversed));
    let beyond = Error::BeyondAddressSpace { end: past, limit };
    assert_eq!(load(pfn(0), past, [0, 8]), Err(beyond));
    for avail in [[0, 9], [7, 16], [12, 11], [16, 17]] {
        let [avail_start, avail_end] = avail.map(pfn);
        let outside =
            Error::AvailOutside { segment: super::support::range(8, 16), avail_start, avail_end };
        assert_eq!(load(pfn(8), pfn(16), avail), Err(outside));
    }
    assert_eq!(table.plug(pfn(5), 0).unwrap_err(), {
        let (start, end) = (pfn(5), pfn(5));
        Error::EmptyRange { start, end }
    });
    let end = pfn(u64::MAX);
    let beyond = Error::BeyondAddressSpace { end, limit };
    assert_eq!(table.plug(pfn(5), u64::MAX), Err(beyond));
    assert!(table.is_empty() && ranges(&table).is_empty());
    // The last frame that has an address is a frame like any other.
    let last = Pfn::new(limit.get() - 1);
    let handle = table.plug(last, 1).unwrap();
    assert_eq!(table.end(handle), Some(limit));
    assert_eq!(table.highest_frame(), Some(last));
}

/// What was kept to plug and unplug goes; the answers stay.
pub(crate) fn a_frozen_table_answers_and_does_not_change<S: Subject>() {
    let mut table = empty::<S>();
    load(&mut table, A);
    assert_eq!(table.freeze(), Err(Error::NoPages), "boot is not over");
    table.page_init().unwrap();
    let page = table.find_page(pfn(200));
    assert!(page.is_some());
    table.freeze().unwrap();
    assert_eq!((table.find_page(pfn(200)), table.slabs().slabs()), (page, 0));
    assert_eq!(table.plug(pfn(512), 8).map(drop), Err(Error::Frozen));
    assert_eq!(table.unplug(pfn(0), 8), Err(Error::Frozen));
    // The words beside a segment are nobody else's business.
    let first = table.first();
    table.set_start_hint(first, 9).unwrap();
    *table.pmap_data_mut(first).unwrap() = 5;
    assert_eq!((table.start_hint(first), table.pmap_data(first)), (Ok(9), Ok(5)));
    assert_eq!((ranges(&table), table.pages()), (vec![A], 256));
}

//! Plug and unplug, before and after boot.

use physseg::{Error, FreeList};

use super::support::{
    A, B, C, D, Subject, booted, empty, holder, load, load_besides, pfn, picture, plug, range,
    ranges, unplug,
};

pub(crate) fn plug_at_boot_leaves_pages_at_zero<S: Subject>() {
    let mut table = empty::<S>();
    let a = plug(&mut table, A).unwrap();
    assert_eq!((table.len(), table.pages()), (1, 0));
    assert_eq!(table.start(a), Some(pfn(0)));
    assert_eq!(table.find_page(pfn(0)), None);
    let room = S::BOOT_ROOM > 1;
    match plug(&mut table, B) {
        Ok(_) => assert!(room),
        Err(refusal) => assert_eq!((refusal, room), (Error::NoRoom { capacity: 1 }, false)),
    }
    assert_eq!(table.pages(), 0);
    table.page_init().unwrap();
    assert_eq!(table.pages(), if room { 512 } else { 256 });
}

/// What an unplug gave back to its slab serves the next plug; when that is used up, the next after
/// it gets a slab of its own. The array refuses either.
pub(crate) fn plug_after_boot_fills_the_old_slab_before_a_new_one<S: Subject>() {
    let mut table = booted::<S>(&[A, B, C]);
    let boot_slab = table.segments().next().unwrap().1.slab();
    let boot_pages = table.pages();
    if !S::CAPABILITIES.plug_after_boot {
        let before = picture(&table);
        assert_eq!(plug(&mut table, D), Err(Error::NoPlugAfterBoot));
        assert_eq!(picture(&table), before);
        return;
    }
    let freed = table.find_page(B.start()).unwrap();
    unplug(&mut table, B).unwrap();
    assert_eq!((table.len(), table.pages()), (2, 512));
    let b = plug(&mut table, B).unwrap();
    assert_eq!((table.len(), table.pages()), (3, 768));
    assert_eq!(table.segment(b).unwrap().slab(), boot_slab);
    assert_eq!(table.get_page(b, 0), Ok(freed));
    let d = plug(&mut table, D).unwrap();
    assert_eq!((table.len(), table.pages()), (4, 1024));
    assert_ne!(table.segment(d).unwrap().slab(), boot_slab);
    assert!(table.get_page(d, 0).unwrap().index() >= boot_pages);
    assert_eq!(table.free_list(d), Ok(FreeList::Default));
}

/// A hole in the middle makes two segments of one, which share the slab; frames, descriptors and
/// avail on both sides stay what they were. The array refuses.
pub(crate) fn unplug_from_the_middle_splits<S: Subject>() {
    for after_boot in [false, true] {
        let mut table = empty::<S>();
        let a = load(&mut table, A);
        if after_boot {
            table.page_init().unwrap();
        }
        assert_eq!(table.find(pfn(64)), Some((a, 64)));
        let (low, high) = (table.find_page(pfn(63)), table.find_page(pfn(192)));
        let before = picture(&table);
        let outcome = unplug(&mut table, range(64, 192));
        if !S::CAPABILITIES.split {
            assert_eq!(outcome, Err(Error::NoSplit));
            assert_eq!(picture(&table), before);
            continue;
        }
        assert_eq!(outcome, Ok(()));
        assert_eq!(ranges(&table), [range(0, 64), range(192, 256)]);
        assert_eq!(table.find(pfn(64)), None);
        assert_eq!(table.find(pfn(191)), None);
        assert_eq!(table.pages(), if after_boot { 128 } else { 0 });
        assert_eq!(table.find_page(pfn(63)), low);
        assert_eq!(table.find_page(pfn(192)), high);
        let (head, tail) = (holder(&table, 0), holder(&table, 192));
        assert_eq!(table.avail_end(head), Some(pfn(64)));
        assert_eq!(table.avail_start(tail), Some(pfn(192)));
        let slab_of = |handle| table.segment(handle).unwrap().slab();
        assert_eq!(slab_of(head), slab_of(tail));
    }
}

/// Swallowing a whole segment takes its handle out of use, and its descriptors go back.
pub(crate) fn unplug_of_a_whole_segment_invalidates_its_handle<S: Subject>() {
    let mut table = booted::<S>(&[A, B, C]);
    if S::BOOT_ROOM == 1 {
        assert_eq!(unplug(&mut table, A), Err(Error::LastSegment));
        return;
    }
    let c = holder(&table, 600);
    assert_eq!(unplug(&mut table, C), Ok(()));
    assert!(!table.valid(c));
    assert_eq!((table.len(), table.pages()), (2, 512));
    assert_eq!(ranges(&table), [A, B]);
    assert_eq!(table.find(pfn(512)), None);
}

pub(crate) fn unplug_from_the_back_keeps_the_front<S: Subject>() {
    let mut table = booted::<S>(&[A]);
    let page = table.find_page(pfn(100));
    unplug(&mut table, range(128, 256)).unwrap();
    assert_eq!((table.len(), table.pages()), (1, 128));
    assert_eq!(ranges(&table), [range(0, 128)]);
    assert_eq!(table.avail_end(table.first()), Some(pfn(128)));
    assert_eq!(table.find_page(pfn(100)), page);
    assert_eq!(table.find_page(pfn(128)), None);
}

pub(crate) fn unplug_from_the_front_keeps_the_back<S: Subject>() {
    let mut table = booted::<S>(&[A]);
    let page = table.find_page(pfn(100));
    unplug(&mut table, range(0, 64)).unwrap();
    assert_eq!((table.len(), table.pages()), (1, 192));
    assert_eq!(ranges(&table), [range(64, 256)]);
    assert_eq!(table.avail_start(table.first()), Some(pfn(64)));
    assert_eq!(table.find_page(pfn(100)), page);
    assert_eq!(table.find(pfn(64)), Some((table.first(), 0)));
    assert_eq!(table.find(pfn(63)), None);
}

pub(crate) fn the_only_segment_cannot_be_unplugged<S: Subject>() {
    let mut table = empty::<S>();
    load(&mut table, A);
    assert_eq!(unplug(&mut table, A), Err(Error::LastSegment));
    table.page_init().unwrap();
    let before = picture(&table);
    assert_eq!(unplug(&mut table, A), Err(Error::LastSegment));
    assert_eq!(picture(&table), before);
}

pub(crate) fn unplug_of_what_is_not_in_one_segment_is_refused<S: Subject>() {
    let mut table = empty::<S>();
    load(&mut table, B);
    let _ = load_besides(&mut table, C);
    table.page_init().unwrap();
    let before = picture(&table);
    let cases = [
        (range(0, 8), 0),       // a hole
        (range(250, 260), 250), // begins in a hole
        (range(500, 520), 512), // runs over the end of its segment
        (range(2000, 2001), 2000),
    ];
    for (range, outside) in cases {
        let refused = Error::NotInOneSegment { range, outside: pfn(outside) };
        assert_eq!(unplug(&mut table, range), Err(refused));
    }
    let (start, end) = (pfn(300), pfn(300));
    let empty = Error::EmptyRange { start, end };
    assert_eq!(table.unplug(start, 0), Err(empty));
    assert_eq!(picture(&table), before);
}

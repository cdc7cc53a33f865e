//! Failures put in on purpose: an operation that fails half-way leaves everything as it was.

use std::cell::Cell;
use std::rc::Rc;

use physseg::slab::Slabs;
use physseg::{Error, PageSize, SegmentTable};

use super::stubborn::{REFUSAL, Stubborn};
use super::support::{
    A, B, C, D, Subject, descriptors, load, pfn, picture, plug, range, ranges, try_load, unplug,
};

/// A table whose slabs can describe `regions` runs of allocated descriptors, and no more.
fn with_regions<S: Subject>(regions: usize) -> SegmentTable<S> {
    let mut table = SegmentTable::with_slabs(S::fresh(), Slabs::with_fixed_storage(regions));
    table.set_page_size(PageSize::FOUR_KIB).unwrap();
    for range in [A, B, C].into_iter().take(S::BOOT_ROOM) {
        load(&mut table, range);
    }
    table
}

/// All descriptors are one run at first. Giving back some from its middle makes two of it.
pub(crate) fn unplug_changes_nothing_when_descriptors_cannot_go_back<S: Subject>() {
    let mut table = with_regions::<S>(1);
    table.page_init().unwrap();
    let before = picture(&table);
    let cases: &[_] = match (S::BOOT_ROOM, S::CAPABILITIES.split) {
        (1, _) => &[], // nothing but the run's ends can go
        (_, false) => &[range(200, 256), range(256, 300), B],
        (_, true) => &[range(200, 256), range(256, 300), B, range(300, 400)],
    };
    for &range in cases {
        let refused = Err(Error::NoMemory { bytes: 0 });
        assert_eq!(unplug(&mut table, range), refused, "{range}");
        assert_eq!(picture(&table), before, "{range}");
    }
    // The ends of the run go back without another descriptor.
    assert_eq!(unplug(&mut table, range(0, 10)), Ok(()));
    let last = table.highest_frame().unwrap();
    assert_eq!(table.unplug(last, 1), Ok(()));
    table.backend().check().unwrap();
}

/// With one descriptor more the same is possible, once.
pub(crate) fn unplug_works_as_soon_as_descriptors_can_go_back<S: Subject>() {
    let mut table = with_regions::<S>(2);
    table.page_init().unwrap();
    if S::BOOT_ROOM == 1 {
        assert_eq!(ranges(&table), [A]);
        return;
    }
    unplug(&mut table, range(200, 256)).unwrap();
    let before = picture(&table);
    let refused = Err(Error::NoMemory { bytes: 0 });
    assert_eq!(unplug(&mut table, range(500, 512)), refused);
    assert_eq!(picture(&table), before);
    // Beside the hole that is there it needs none.
    assert_eq!(unplug(&mut table, range(256, 300)), Ok(()));
    assert_eq!(ranges(&table), [range(0, 200), range(300, 512), C]);
    assert_eq!(table.pages(), 768 - 56 - 44);
}

pub(crate) fn boot_goes_on_when_descriptors_cannot_be_had<S: Subject>() {
    let mut table = with_regions::<S>(0);
    let before = picture(&table);
    let pages = if S::BOOT_ROOM == 1 { 256 } else { 768 };
    assert_eq!(table.page_init(), Err(Error::NoDescriptors { pages }));
    assert!(!table.booted());
    assert_eq!(picture(&table), before);
    assert_eq!(table.slabs().slabs(), 0, "the slab that was no use is gone");
    assert!(table.segments().all(|(_, seg)| seg.pages().is_none()));
}

/// A table on a backend that refuses to insert while the switch is set, with A and, where there is
/// room, C.
fn stubborn<S: Subject>() -> (SegmentTable<Stubborn<S>>, Rc<Cell<bool>>) {
    let (backend, refuses) = Stubborn::<S>::new();
    let mut table = SegmentTable::init(backend);
    table.set_page_size(PageSize::FOUR_KIB).unwrap();
    load(&mut table, A);
    if S::BOOT_ROOM > 1 {
        load(&mut table, C);
    }
    (table, refuses)
}

pub(crate) fn loading_changes_nothing_when_the_backend_refuses<S: Subject>() {
    let (mut table, refuses) = stubborn::<S>();
    refuses.set(true);
    let before = picture(&table);
    let no_memory = Error::NoMemory { bytes: 4711 };
    assert_eq!(Error::from(REFUSAL), no_memory);
    assert_eq!(try_load(&mut table, B), Err(no_memory));
    assert_eq!(plug(&mut table, D), Err(no_memory));
    assert_eq!(picture(&table), before);
    refuses.set(false);
    assert_eq!(try_load(&mut table, B).is_ok(), S::BOOT_ROOM > 1);
}

/// The descriptors were there already when the backend refused: those of a new slab, and those that
/// an unplug had given back, are free again.
pub(crate) fn a_refused_plug_gives_its_descriptors_back<S: Subject>() {
    let (mut table, refuses) = stubborn::<S>();
    table.page_init().unwrap();
    unplug(&mut table, range(0, 16)).unwrap();
    refuses.set(true);
    let before = picture(&table);
    let expected =
        if S::CAPABILITIES.plug_after_boot { Error::from(REFUSAL) } else { Error::NoPlugAfterBoot };
    for range in [range(0, 8), range(0, 16), B, D] {
        assert_eq!(plug(&mut table, range), Err(expected), "{range}");
        assert_eq!(picture(&table), before, "{range}");
    }
    refuses.set(false);
    if S::CAPABILITIES.plug_after_boot {
        let slab = table.segments().next().unwrap().1.slab();
        let handle = plug(&mut table, range(0, 16)).unwrap();
        assert_eq!(table.segment(handle).unwrap().slab(), slab);
        assert_eq!(table.slabs().free_pages(slab), Some(0));
    }
}

/// The head was cut already when the tail found no place: it is whole again, under its handle.
pub(crate) fn a_refused_split_leaves_the_segment_whole<S: Subject>() {
    for after_boot in [false, true] {
        let (mut table, refuses) = stubborn::<S>();
        if after_boot {
            table.page_init().unwrap();
        }
        let first = table.first();
        table.set_start_hint(first, 77).unwrap();
        *table.pmap_data_mut(first).unwrap() = 5;
        refuses.set(true);
        let before = picture(&table);
        let expected = if S::CAPABILITIES.split { Error::from(REFUSAL) } else { Error::NoSplit };
        assert_eq!(unplug(&mut table, range(64, 128)), Err(expected));
        assert_eq!(picture(&table), before);
        assert_eq!(table.start_hint(first), Ok(77));
        assert_eq!(table.find(pfn(100)), Some((first, 100)));
        // What needs no new record goes through all the same.
        assert_eq!(unplug(&mut table, range(64, 256)), Ok(()));
        assert_eq!(ranges(&table)[0], range(0, 64));
        assert!(descriptors(&table).contains(if after_boot { "users" } else { "0 slabs" }));
    }
}

//! Slabs of page descriptors, as the table uses them.

use physseg::slab::Slabs;

use super::support::{A, B, C, D, Subject, booted, pfn, plug, range, unplug};

const HALF: u64 = 128;

/// The extent of the slab made at the end of boot follows what is unplugged and plugged.
pub(crate) fn the_boot_slab_follows_unplug_and_plug<S: Subject>() {
    let mut table = booted::<S>(&[A, B]);
    let slab = table.segments().next().unwrap().1.slab();
    let (_, all) = table.slabs().range(slab).unwrap();
    assert_eq!(all, table.pages());
    assert_eq!(table.slabs().free_pages(slab), Some(0));
    assert_eq!(table.slabs().users(slab), u32::try_from(table.len()).ok());
    unplug(&mut table, range(0, 16)).unwrap();
    assert_eq!(table.slabs().free_pages(slab), Some(16));
    for _ in 0..HALF {
        if S::CAPABILITIES.plug_after_boot {
            plug(&mut table, range(0, 16)).unwrap();
            assert_eq!(table.slabs().free_pages(slab), Some(0));
            assert_eq!(table.slabs().users(slab), Some(3));
            unplug(&mut table, range(0, 16)).unwrap();
        }
        assert_eq!(table.slabs().free_pages(slab), Some(16));
    }
    assert_eq!(table.slabs().users(slab), u32::try_from(table.len()).ok());
}

/// A plug larger than what is free in any slab gets a slab of its own, of just its size, and takes
/// that along when it is unplugged.
pub(crate) fn a_plug_beyond_the_old_slab_makes_a_new_one<S: Subject>() {
    let mut table = booted::<S>(&[A, B]);
    let boot = table.segments().next().unwrap().1.slab();
    unplug(&mut table, range(0, 128)).unwrap();
    assert_eq!(table.slabs().slabs(), 1);
    if !S::CAPABILITIES.plug_after_boot {
        assert!(plug(&mut table, D).is_err());
        assert_eq!(table.slabs().slabs(), 1);
        return;
    }
    let c = plug(&mut table, C).unwrap();
    let new = table.segment(c).unwrap().slab();
    assert_ne!(new, boot);
    assert_eq!(table.slabs().slabs(), 2);
    assert_eq!(table.slabs().range(new).unwrap().1, C.frames());
    assert_eq!(table.slabs().free_pages(boot), Some(128));
    // Split, it has two users; the slab goes with the last one.
    unplug(&mut table, range(600, 700)).unwrap();
    assert_eq!(table.slabs().users(new), Some(2));
    unplug(&mut table, range(512, 600)).unwrap();
    assert_eq!(table.slabs().users(new), Some(1));
    unplug(&mut table, range(700, 768)).unwrap();
    assert_eq!(table.slabs().slabs(), 1);
    assert_eq!(table.slabs().users(new), None);
    assert_eq!(table.find(pfn(700)), None);
}

/// With memory behind them, descriptors say which frame they describe, after any cut and split.
pub(crate) fn a_materialised_descriptor_names_its_frame<S: Subject>() {
    let mut slabs = Slabs::new();
    slabs.materialise().unwrap();
    let mut table = physseg::SegmentTable::with_slabs(S::fresh(), slabs);
    table.set_page_size(physseg::PageSize::FOUR_KIB).unwrap();
    for range in [B, C].into_iter().take(S::BOOT_ROOM) {
        super::support::load(&mut table, range);
    }
    table.page_init().unwrap();
    unplug(&mut table, range(256, 260)).unwrap();
    if S::CAPABILITIES.plug_after_boot {
        plug(&mut table, D).unwrap();
        unplug(&mut table, range(800, 900)).unwrap();
        plug(&mut table, range(850, 860)).unwrap();
    }
    let mut seen = 0;
    for (_, segment) in table.segments() {
        for frame in segment.start().get()..segment.end().get() {
            let page = table.find_page(pfn(frame)).unwrap();
            let descriptor = table.slabs().descriptor(page).unwrap();
            assert_eq!(descriptor.pfn(), Some(pfn(frame)));
            seen += 1;
        }
    }
    assert_eq!(seen, table.pages());
}

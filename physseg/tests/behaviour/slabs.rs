//! Slabs of page descriptors: by themselves, and as the table uses them.

use physseg::slab::{SlabError, Slabs};

use crate::support::{A, B, C, D, ROOM, Subject, booted, pfn, plug, range, unplug};

/// Pages of the slab that the cases by itself use, and of each allocation from it.
const SLAB: u64 = 256;
const HALF: u64 = 128;

/// A run of descriptors becomes an extent, which allocates from it and frees, again and again, with
/// fixed storage for its regions as well as on the heap.
#[test]
fn a_slab_allocates_and_frees() {
    for mut slabs in [Slabs::with_fixed_storage(ROOM), Slabs::new()] {
        let slab = slabs.create(SLAB).unwrap();
        let (first, pages) = slabs.range(slab).unwrap();
        assert_eq!(pages, SLAB);
        assert_eq!(slabs.free_pages(slab), Some(SLAB));
        for _ in 0..HALF {
            let page = slabs.allocate_from(slab, 1).unwrap();
            assert_eq!(page, first);
            assert_eq!(slabs.free_pages(slab), Some(SLAB - 1));
            slabs.free(slab, page, 1).unwrap();
            assert_eq!(slabs.free_pages(slab), Some(SLAB));
        }
    }
}

#[test]
fn allocation_beyond_a_slab_is_refused() {
    for mut slabs in [Slabs::with_fixed_storage(ROOM), Slabs::new()] {
        let slab = slabs.create(SLAB).unwrap();
        let (first, _) = slabs.range(slab).unwrap();
        assert_eq!(slabs.allocate_from(slab, HALF), Ok(first));
        assert_eq!(slabs.allocate_from(slab, HALF), Ok(first.offset(HALF)));
        let beyond = slabs.allocate_from(slab, HALF);
        assert!(matches!(beyond, Err(SlabError::Extent(_))), "{beyond:?}");
        assert_eq!(slabs.free_pages(slab), Some(0));
        let one = slabs.allocate_from(slab, 1);
        assert!(matches!(one, Err(SlabError::Extent(_))), "{one:?}");
    }
}

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
        crate::support::load(&mut table, range);
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

//! What slabs promise, case by case. Random sequences: `tests/slab_model.rs`.

use super::{PageDescriptor, SlabError, SlabId, Slabs};
use crate::addr::{FrameRange, Pfn};
use crate::extent::ExtentError;
use crate::page::PageId;

fn page(index: u64) -> PageId {
    PageId::new(index).unwrap()
}

fn frames(start: u64, end: u64) -> FrameRange {
    FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap()
}

#[test]
fn chomp_slab_a_slab_becomes_an_extent_that_allocates_and_frees() {
    let mut slabs = Slabs::new();
    let slab = slabs.create(256).unwrap();
    assert_eq!(slabs.range(slab), Some((page(0), 256)));
    assert_eq!((slabs.users(slab), slabs.free_pages(slab)), (Some(0), Some(256)));
    let first = slabs.allocate_from(slab, 256).unwrap();
    assert_eq!((first, slabs.free_pages(slab)), (page(0), Some(0)));
    slabs.free(slab, page(10), 20).unwrap();
    assert_eq!(slabs.free_pages(slab), Some(20));
    assert_eq!(slabs.extent(slab).unwrap().region_count(), 2);
}

#[test]
fn alloc_from_slab_stops_at_the_end_of_the_extent() {
    let mut slabs = Slabs::new();
    let slab = slabs.create(256).unwrap();
    assert_eq!(slabs.allocate_from(slab, 128), Ok(page(0)));
    assert_eq!(slabs.allocate_from(slab, 127), Ok(page(128)));
    let refused = SlabError::Extent(ExtentError::NoSpace { size: 2 });
    assert_eq!(slabs.allocate_from(slab, 2), Err(refused));
    assert_eq!(slabs.users(slab), Some(2), "a refused request is no user");
    assert_eq!(slabs.allocate_from(slab, 1), Ok(page(255)));
}

#[test]
fn init_seg_descriptors_learn_their_frames() {
    let mut slabs = Slabs::new();
    slabs.materialise().unwrap();
    let slab = slabs.create(300).unwrap();
    slabs.allocate_from(slab, 100).unwrap();
    let first = slabs.allocate_from(slab, 200).unwrap();
    slabs.describe(first, frames(0x1000, 0x1000 + 200));
    for offset in 0..200 {
        let descriptor = slabs.descriptor(first.offset(offset)).unwrap();
        assert_eq!(descriptor.pfn(), Some(Pfn::new(0x1000 + offset)));
        assert_eq!(descriptor.word(), 0x1000 + offset);
    }
    assert_eq!(slabs.descriptor(page(99)).unwrap().pfn(), None, "not its segment");
    assert_eq!(slabs.descriptor(page(300)), None, "not its slab");
}

#[test]
fn without_memory_there_is_nothing_to_describe() {
    let mut slabs = Slabs::new();
    let (_, first) = slabs.allocate(16).unwrap();
    slabs.describe(first, frames(0, 16));
    assert_eq!(slabs.descriptor(first), None);
    slabs.materialise().unwrap();
    assert_eq!(slabs.descriptor(first).unwrap().pfn(), None, "memory, but nobody described it");
    slabs.describe(first, frames(0, 1 << 40));
    slabs.materialise().unwrap();
    assert_eq!(slabs.descriptor(page(15)).unwrap().pfn(), Some(Pfn::new(15)));
}

#[test]
fn a_descriptor_is_as_large_as_the_kernels() {
    assert_eq!(size_of::<PageDescriptor>(), 128);
}

#[test]
fn a_re_plug_reuses_what_was_freed_and_what_does_not_fit_gets_a_new_slab() {
    let mut slabs = Slabs::new();
    let (slab, first) = slabs.allocate(256).unwrap();
    slabs.acquire(slab);
    slabs.free(slab, first.offset(64), 64).unwrap();
    assert_eq!(slabs.allocate(32), Ok((slab, page(64))));
    assert_eq!(slabs.users(slab), Some(3));
    assert_eq!(slabs.allocate(33), Ok((SlabId::new(1), page(256))));
    assert_eq!(slabs.slabs(), 2);
}

#[test]
fn the_slab_with_the_tightest_room_is_chosen() {
    let mut slabs = Slabs::new();
    let [wide, tight, tiny] = [100, 100, 100].map(|pages| slabs.allocate(pages).unwrap());
    for ((slab, first), room) in [(wide, 50), (tight, 20), (tiny, 5)] {
        slabs.free(slab, first, room).unwrap();
    }
    assert_eq!(slabs.allocate(10), Ok(tight));
    assert_eq!(slabs.allocate(15), Ok(wide));
    assert_eq!(slabs.allocate(5), Ok(tiny));
}

#[test]
fn a_slab_goes_with_its_last_user_and_its_names_are_never_used_again() {
    let mut slabs = Slabs::new();
    slabs.materialise().unwrap();
    let (slab, first) = slabs.allocate(8).unwrap();
    slabs.acquire(slab);
    slabs.free(slab, first, 4).unwrap();
    slabs.release(slab);
    assert_eq!(slabs.users(slab), Some(1));
    slabs.release(slab);
    assert_eq!((slabs.users(slab), slabs.slabs()), (None, 0));
    assert_eq!(slabs.descriptor(first), None);
    // The number comes back, the names do not; nor is the room of the old one remembered.
    assert_eq!(slabs.allocate(4), Ok((slab, page(8))));
    assert_eq!(slabs.descriptor(first), None);
}

#[test]
fn a_slab_that_nobody_came_to_use_can_be_released() {
    let mut slabs = Slabs::new();
    let slab = slabs.create(8).unwrap();
    slabs.release(slab);
    assert_eq!((slabs.slabs(), slabs.range(slab)), (0, None));
}

#[test]
fn a_free_that_fails_changes_nothing() {
    let mut slabs = Slabs::with_fixed_storage(1);
    let (slab, first) = slabs.allocate(100).unwrap();
    let refused = SlabError::Extent(ExtentError::NoDescriptor { max_regions: 1 });
    assert_eq!(slabs.free(slab, first.offset(10), 10), Err(refused));
    assert_eq!((slabs.free_pages(slab), slabs.users(slab)), (Some(0), Some(1)));
    assert_eq!(slabs.allocate(10), Ok((SlabId::new(1), page(100))));
    slabs.free(slab, first, 10).unwrap();
    assert_eq!(slabs.allocate(10), Ok((slab, first)));
}

#[test]
fn a_slab_out_of_descriptors_is_passed_over() {
    let mut slabs = Slabs::with_fixed_storage(1);
    let (slab, first) = slabs.allocate(100).unwrap();
    slabs.free(slab, first, 50).unwrap();
    // 10 of the 50 from below would be a second region.
    assert_eq!(slabs.allocate(10), Ok((SlabId::new(1), page(100))));
    assert_eq!(slabs.users(slab), Some(1));
}

#[test]
fn a_failed_creation_leaves_neither_slab_nor_names_behind() {
    let mut slabs = Slabs::new();
    assert_eq!(slabs.create(0), Err(SlabError::Empty));
    assert_eq!(slabs.allocate(0), Err(SlabError::Empty));
    slabs.materialise().unwrap();
    let pages = 1 << 57;
    let no_memory = SlabError::NoMemory { bytes: usize::MAX };
    assert_eq!(slabs.create(pages), Err(no_memory));
    assert_eq!(slabs.allocate(pages), Err(no_memory));
    let mut none = Slabs::with_fixed_storage(0);
    let refused = SlabError::Extent(ExtentError::NoDescriptor { max_regions: 0 });
    assert_eq!(none.allocate(4), Err(refused));
    for slabs in [&mut slabs, &mut none] {
        assert_eq!(slabs.slabs(), 0);
        let slab = slabs.create(4).unwrap();
        assert_eq!(slabs.range(slab), Some((page(0), 4)));
    }
}

#[test]
fn materialising_more_than_there_is_changes_nothing() {
    let mut slabs = Slabs::new();
    let small = slabs.create(16).unwrap();
    let large = slabs.create(1 << 57).unwrap();
    let no_memory = SlabError::NoMemory { bytes: usize::MAX };
    assert_eq!(slabs.materialise(), Err(no_memory));
    assert_eq!(slabs.descriptor(page(0)), None);
    slabs.release(large);
    slabs.materialise().unwrap();
    assert_eq!(slabs.range(small), Some((page(0), 16)));
    assert!(slabs.descriptor(page(15)).is_some());
}

#[test]
fn the_namespace_ends_where_page_ids_do() {
    let mut slabs = Slabs::new();
    let (slab, first) = slabs.allocate(u64::MAX - 1).unwrap();
    assert_eq!(slabs.free_pages(slab), Some(0));
    assert_eq!(slabs.create(2), Err(SlabError::OutOfNames { pages: 2 }));
    let (_, last) = slabs.allocate(1).unwrap();
    assert_eq!((first, last), (page(0), page(u64::MAX - 1)));
    assert_eq!(slabs.allocate(1), Err(SlabError::OutOfNames { pages: 1 }));
}

#[test]
fn unknown_slabs_and_foreign_pages_are_refused() {
    let mut slabs = Slabs::new();
    let nobody = SlabId::NONE;
    assert_eq!(slabs.free(nobody, page(0), 1), Err(SlabError::NoSuchSlab(nobody)));
    assert_eq!(slabs.allocate_from(nobody, 1), Err(SlabError::NoSuchSlab(nobody)));
    slabs.acquire(nobody);
    slabs.release(nobody);
    let (slab, _) = slabs.allocate(4).unwrap();
    let (_, foreign) = slabs.allocate(4).unwrap();
    let (start, units) = (foreign.index(), 1);
    let refused = SlabError::Extent(ExtentError::OutOfRange { start, units });
    assert_eq!(slabs.free(slab, foreign, 1), Err(refused));
    assert_eq!(slabs.free(slab, page(0), 0), Err(SlabError::Empty));
}

#[test]
fn a_million_full_slabs_own_no_memory_but_their_records() {
    let mut slabs = Slabs::new();
    let slab = slabs.allocate(1).unwrap().0;
    for _ in 1..1_000_000 {
        slabs.allocate(1).unwrap();
    }
    assert_eq!(slabs.slabs(), 1_000_000);
    assert_eq!(size_of_val(slabs.slots.get(slab).unwrap()), 88);
    assert!(slabs.roomy.is_empty());
}

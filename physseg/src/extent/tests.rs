//! The contract of extent(9), told case by case. Random sequences: `tests/extent_model.rs`.

use super::{Extent, ExtentError, Flags, Region, Storage};
use alloc::format;
use alloc::vec::Vec;

const ANY: Flags = Flags::NOWAIT;

fn extent(start: u64, end: u64) -> Extent {
    Extent::create("test", start, end, Storage::Heap).unwrap()
}

fn regions(extent: &Extent) -> Vec<(u64, u64)> {
    extent.regions().map(|r| (r.start, r.last)).collect()
}

#[test]
fn a_new_extent_is_unused_and_a_filled_one_is_full() {
    let empty = extent(10, 19);
    assert!(empty.is_unused());
    assert_eq!((empty.free_units(), empty.largest_free()), (10, 10));
    assert_eq!(regions(&empty), []);
    let full = Extent::create_with("full", 10, 19, Storage::Heap, Flags::FILLED).unwrap();
    assert_eq!((full.free_units(), full.largest_free()), (0, 0));
    assert_eq!((regions(&full), full.region_count()), ([(10, 19)].into(), 1));
    empty.destroy();
    full.destroy();
}

#[test]
fn an_end_before_the_start_is_refused() {
    let refused = Extent::create("test", 5, 4, Storage::Heap).unwrap_err();
    assert_eq!(refused, ExtentError::Empty);
}

#[test]
fn best_fit_takes_the_shortest_run_and_first_fit_the_lowest() {
    let mut extent = extent(0, 99);
    for (start, size) in [(20, 10), (34, 6), (44, 56)] {
        extent.alloc_region(start, size, ANY).unwrap();
    }
    // Free now: 0-19, 30-33, 40-43.
    assert_eq!(extent.alloc(4, 1, 0, ANY), Ok(30));
    assert_eq!(extent.alloc(4, 1, 0, Flags::FAST), Ok(0));
    assert_eq!(extent.alloc(3, 1, 0, ANY), Ok(40));
    assert_eq!(extent.alloc(5, 1, 0, ANY), Ok(4));
}

#[test]
fn a_run_that_sticks_out_of_the_subregion_counts_as_what_is_inside() {
    let mut extent = extent(0, 99);
    extent.alloc_region(50, 10, ANY).unwrap();
    extent.alloc_region(66, 10, ANY).unwrap();
    // Of 0-49 only 45-49 is inside, which makes it shorter than 60-65.
    assert_eq!(extent.alloc_subregion(45, 99, 5, 1, 0, ANY), Ok(45));
    // Of 76-99 only 76-77 is.
    assert_eq!(extent.alloc_subregion(60, 77, 2, 1, 0, ANY), Ok(76));
}

#[test]
fn neighbours_become_one_region_unless_told_otherwise() {
    let mut one = extent(0, 9);
    let flags = Flags::NOCOALESCE;
    let mut many = Extent::create_with("apart", 0, 9, Storage::Heap, flags).unwrap();
    for extent in [&mut one, &mut many] {
        extent.alloc_region(2, 2, ANY).unwrap();
        extent.alloc_region(6, 2, ANY).unwrap();
        extent.alloc_region(4, 2, ANY).unwrap();
    }
    assert_eq!(regions(&one), [(2, 7)]);
    assert_eq!(regions(&many), [(2, 3), (4, 5), (6, 7)]);
    one.free(3, 4, ANY).unwrap();
    assert_eq!(regions(&one), [(2, 2), (7, 7)]);
    let (start, size) = (3, 4);
    assert_eq!(many.free(start, size, ANY), Err(ExtentError::NotOneRegion { start, size }));
    many.free(4, 2, ANY).unwrap();
    assert_eq!(regions(&many), [(2, 3), (6, 7)]);
}

#[test]
fn only_what_is_allocated_can_be_freed() {
    let mut extent = extent(0, 9);
    extent.alloc_region(2, 4, ANY).unwrap();
    for (start, size) in [(0, 1), (1, 2), (5, 2), (0, 10), (6, 1)] {
        let refused = Err(ExtentError::NotAllocated { start, size });
        assert_eq!(extent.free(start, size, ANY), refused);
    }
    assert_eq!(extent.free(2, 0, ANY), Err(ExtentError::Empty));
    let (start, units) = (5, 6);
    assert_eq!(extent.free(start, units, ANY), Err(ExtentError::OutOfRange { start, units }));
    assert_eq!(regions(&extent), [(2, 5)]);
}

#[test]
fn a_split_needs_a_descriptor_and_joining_frees_one() {
    let mut extent = Extent::create("fixed", 0, 99, Storage::Fixed(1)).unwrap();
    extent.alloc_region(10, 20, ANY).unwrap();
    let refused = ExtentError::NoDescriptor { max_regions: 1 };
    assert_eq!(extent.free(15, 5, ANY), Err(refused));
    assert_eq!(extent.free(15, 5, Flags::WAITOK), Err(ExtentError::WouldBlock));
    assert_eq!(extent.alloc_region(50, 1, ANY), Err(refused));
    assert_eq!(regions(&extent), [(10, 29)]);
    // At the ends no split, and beside the region no new one.
    extent.free(10, 5, ANY).unwrap();
    extent.alloc_region(30, 5, ANY).unwrap();
    assert_eq!(regions(&extent), [(15, 34)]);
    // The heap may help out; what it gave goes back first.
    extent.free(20, 5, Flags::MALLOCOK).unwrap();
    assert_eq!(extent.region_count(), 2);
    extent.free(15, 5, ANY).unwrap();
    assert_eq!(extent.free(30, 1, ANY), Err(refused));
    extent.free(25, 10, ANY).unwrap();
    assert!(extent.is_unused());
}

#[test]
fn fixed_storage_is_had_on_creation_or_not_at_all() {
    let storage = Storage::Fixed(usize::MAX);
    let huge = Extent::create("huge", 0, u64::MAX, storage).unwrap_err();
    assert_eq!(huge, ExtentError::NoMemory);
    let waits = Extent::create_with("huge", 0, u64::MAX, storage, Flags::WAITOK).unwrap_err();
    assert_eq!(waits, ExtentError::WouldBlock);
    // No more regions than units.
    let small = Extent::create("small", 0, 9, storage).unwrap();
    assert!(matches!(small.storage(), Storage::Fixed(_)));
    let filled = Extent::create_with("none", 0, 9, Storage::Fixed(0), Flags::FILLED);
    assert!(matches!(filled, Err(ExtentError::NoDescriptor { max_regions: 0 })));
}

#[test]
fn waiting_for_space_makes_sense_only_for_what_could_fit_some_day() {
    let mut extent = extent(0, 9);
    extent.alloc_region(0, 8, ANY).unwrap();
    assert_eq!(extent.alloc(4, 1, 0, ANY), Err(ExtentError::NoSpace { size: 4 }));
    let wait = Flags::WAITSPACE | Flags::CATCH;
    assert_eq!(extent.alloc(4, 1, 0, wait), Err(ExtentError::WouldBlock));
    assert_eq!(extent.alloc_region(7, 2, wait), Err(ExtentError::WouldBlock));
    assert_eq!(extent.alloc(11, 1, 0, wait), Err(ExtentError::NoSpace { size: 11 }));
    let nowhere = extent.alloc_subregion(1, 9, 1, 16, 0, wait);
    assert_eq!(nowhere, Err(ExtentError::NoSpace { size: 1 }));
}

#[test]
fn boundary_lines_count_from_the_start_or_from_zero() {
    let mut extent = extent(3, 40);
    extent.alloc_region(3, 2, ANY).unwrap();
    // From 5 on: lines at 3, 11, 19, ... leave 5-10; lines at 0, 8, 16, ... leave 5-7 and 8-15.
    assert_eq!(extent.alloc(6, 1, 8, ANY), Ok(5));
    extent.free(5, 6, ANY).unwrap();
    assert_eq!(extent.alloc(6, 1, 8, Flags::BOUNDZERO), Ok(8));
    let (boundary, size) = (8, 9);
    assert_eq!(
        extent.alloc(size, 1, boundary, ANY),
        Err(ExtentError::BadBoundary { boundary, size })
    );
    for alignment in [0, 3, 6] {
        let refused = Err(ExtentError::BadAlignment(alignment));
        assert_eq!(extent.alloc(1, alignment, 0, ANY), refused);
    }
}

#[test]
fn the_whole_number_line_is_an_extent() {
    let mut extent = extent(0, u64::MAX);
    assert_eq!((extent.free_units(), extent.largest_free()), (1 << 64, 1 << 64));
    extent.alloc_region(u64::MAX, 1, ANY).unwrap();
    assert_eq!(extent.alloc(u64::MAX, 1, 0, ANY), Ok(0));
    assert_eq!((extent.free_units(), extent.region_count()), (0, 1));
    let whole = Region { start: 0, last: u64::MAX };
    assert_eq!(extent.regions().collect::<Vec<_>>(), [whole]);
    assert_eq!(whole.units(), 1 << 64);
    extent.free(u64::MAX, 1, ANY).unwrap();
    assert_eq!(extent.alloc(1, 1 << 63, 0, ANY).unwrap_err(), ExtentError::NoSpace { size: 1 });
    assert_eq!(extent.alloc(1, 1, 0, Flags::FAST), Ok(u64::MAX));
    assert_eq!(
        extent.alloc_region(u64::MAX, 2, ANY),
        Err(ExtentError::OutOfRange { start: u64::MAX, units: 2 })
    );
    extent.free(0, u64::MAX, ANY).unwrap();
    extent.free(u64::MAX, 1, ANY).unwrap();
    assert_eq!(extent.free_units(), 1 << 64);
}

#[test]
fn a_subregion_lies_inside_the_extent() {
    let mut extent = extent(10, 19);
    let (start, units) = (9, 5);
    assert_eq!(
        extent.alloc_subregion(9, 13, 1, 1, 0, ANY),
        Err(ExtentError::OutOfRange { start, units })
    );
    assert!(extent.alloc_subregion(13, 20, 1, 1, 0, ANY).is_err());
    assert_eq!(extent.alloc_subregion(13, 12, 1, 1, 0, ANY), Err(ExtentError::Empty));
    assert_eq!(extent.alloc(0, 1, 0, ANY), Err(ExtentError::Empty));
    assert_eq!(extent.alloc_subregion(13, 13, 1, 1, 0, ANY), Ok(13));
}

#[test]
fn it_prints_its_regions() {
    let mut extent = extent(0, 0xff);
    extent.alloc_region(0x10, 0x10, ANY).unwrap();
    extent.alloc_region(0x80, 1, ANY).unwrap();
    assert_eq!(
        format!("{extent}"),
        "extent \"test\" (0x0 - 0xff), 239 of 256 units free\n    0x10 - 0x1f\n    0x80 - 0x80"
    );
}

#[test]
fn first_fit_among_a_million_short_runs_and_one_long_does_not_walk() {
    // A walk over the short runs would make this 10^11 steps.
    let runs = 1_000_000;
    let mut extent =
        Extent::create_with("comb", 0, 2 * runs + 9, Storage::Heap, Flags::FILLED).unwrap();
    for run in 0..runs {
        extent.free(2 * run, 1, ANY).unwrap();
    }
    extent.free(2 * runs, 10, ANY).unwrap();
    for flags in [Flags::FAST, ANY] {
        for _ in 0..100_000 {
            assert_eq!(extent.alloc(5, 1, 0, flags), Ok(2 * runs));
            extent.free(2 * runs, 5, flags).unwrap();
        }
    }
}

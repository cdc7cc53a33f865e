//! A slab of page descriptors by itself. These cases have no backend to be stamped on.

use physseg::slab::{SlabError, Slabs};
use physseg_conformance::ROOM;

/// Pages of the slab that the cases use, and of each allocation from it.
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

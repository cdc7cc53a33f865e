//! The tree's supply of nodes, asked in bytes as the original's allocator is. These cases have no
//! other backend to run on: an array takes records one by one, inside `insert`.

use physseg::backend::rbtree::pool::{Pool, PoolError};
use physseg_conformance::ROOM;

const NODE: usize = Pool::NODE_BYTES;

fn odd(bytes: usize) -> PoolError {
    PoolError::OddSize { bytes, node_bytes: NODE }
}

#[test]
fn an_odd_size_is_refused_at_boot() {
    let mut pool = Pool::new(ROOM);
    for bytes in [0, 1, NODE - 1, NODE + 1, 2 * NODE - 1] {
        assert_eq!(pool.alloc(bytes), Err(odd(bytes)));
    }
    assert_eq!(pool.in_use(), 0);
    assert!(pool.alloc(ROOM * NODE).is_ok(), "nothing was lost");
}

#[test]
fn more_than_the_boot_array_holds_is_refused() {
    let mut pool = Pool::new(ROOM);
    let full = PoolError::Full { capacity: ROOM };
    assert_eq!(pool.alloc((ROOM + 1) * NODE), Err(full));
    pool.alloc(NODE).unwrap();
    assert_eq!(pool.alloc(ROOM * NODE), Err(full));
    assert!(pool.alloc((ROOM - 1) * NODE).is_ok());
    assert_eq!(pool.alloc(NODE), Err(full));
}

#[test]
fn all_of_the_boot_array_at_boot_and_any_size_afterwards() {
    let mut pool = Pool::new(ROOM);
    let boot = pool.alloc(ROOM * NODE).unwrap();
    assert_eq!(boot.slots(), 0..32);
    assert_eq!(pool.in_use(), ROOM);
    pool.boot_ended();
    let odd = pool.alloc(NODE - 1).unwrap();
    assert_eq!(odd.slots().len(), 1);
    let many = pool.alloc(2 * ROOM * NODE).unwrap();
    assert_eq!(many.slots().len(), 2 * ROOM);
    assert_eq!(pool.in_use(), 3 * ROOM + 1);
    let blocks = [boot, odd, many];
    assert!(blocks.iter().all(|&block| pool.is_allocated(block)));
    let slots: std::collections::HashSet<_> = blocks.iter().flat_map(|b| b.slots()).collect();
    assert_eq!(slots.len(), pool.in_use(), "no node is handed out twice");
}

#[test]
fn giving_an_odd_size_back_is_refused_at_boot() {
    let mut pool = Pool::new(ROOM);
    let node = pool.alloc(NODE).unwrap();
    assert_eq!(pool.free(node, NODE - 1), Err(odd(NODE - 1)));
    assert!(pool.is_allocated(node));
    assert_eq!(pool.free(node, NODE), Ok(()));
}

#[test]
fn what_was_handed_out_goes_back_once() {
    let mut pool = Pool::new(ROOM);
    let most = pool.alloc((ROOM - 1) * NODE).unwrap();
    assert_eq!(
        pool.free(most, NODE),
        Err(PoolError::WrongSize { bytes: NODE, expected_bytes: (ROOM - 1) * NODE })
    );
    assert_eq!(pool.free(most, (ROOM - 1) * NODE), Ok(()));
    assert_eq!(pool.free(most, (ROOM - 1) * NODE), Err(PoolError::NotAllocated));
    pool.boot_ended();
    for bytes in [NODE - 1, 2 * ROOM * NODE] {
        let block = pool.alloc(bytes).unwrap();
        assert_eq!(pool.free(block, bytes), Ok(()));
        assert_eq!(pool.free(block, bytes), Err(PoolError::NotAllocated));
    }
    assert_eq!(pool.in_use(), 0);
}

#[test]
fn nodes_freed_at_boot_are_not_handed_out_again() {
    let mut pool = Pool::new(ROOM);
    let nodes: Vec<_> = (0..ROOM).map(|_| pool.alloc(NODE).unwrap()).collect();
    pool.free(nodes[0], NODE).unwrap();
    pool.free(nodes[ROOM - 1], NODE).unwrap();
    let full = PoolError::Full { capacity: ROOM };
    assert_eq!(pool.alloc(NODE), Err(full));
    // Not after boot either: from then on nodes come from the heap, and those are reused.
    pool.boot_ended();
    let heap = pool.alloc(NODE).unwrap();
    assert!(heap.slots().start >= 32);
    pool.free(heap, NODE).unwrap();
    let again = pool.alloc(NODE).unwrap();
    assert_eq!(again.slots(), heap.slots());
    assert!(!pool.is_allocated(heap), "an old block names nothing");
}

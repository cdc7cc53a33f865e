//! What only shows below the backend's interface: the tree with its nodes in hand.

use alloc::vec::Vec;

use super::node::{NodePtr, Side};
use super::*;
use crate::addr::FrameRange;
use crate::segment::FreeList;

fn segment(start: u64, end: u64) -> Segment {
    let range = FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap();
    Segment::new(range, FreeList::Default)
}

/// A booted tree with segments `[8i, 8i + 4)` for every `i` of `order`.
fn tree_of(order: impl IntoIterator<Item = u64>) -> RbTree {
    let mut tree = RbTree::new();
    tree.boot_ended();
    for i in order {
        tree.insert(segment(8 * i, 8 * i + 4)).unwrap();
        tree.check().unwrap();
    }
    tree
}

fn walk(tree: &RbTree, direction: Side) -> Vec<u64> {
    let from = direction.other();
    core::iter::successors(tree.tree.iterate(None, from), |&node| {
        tree.tree.iterate(Some(node), direction)
    })
    .map(|node| node.start().get() / 8)
    .collect()
}

#[test]
fn a_duplicate_is_answered_with_the_node_that_is_there() {
    let mut tree = tree_of(0..20);
    let there = tree.tree.find_node(&Pfn::new(81)).unwrap();
    for overlapping in [segment(80, 84), segment(81, 82), segment(83, 88)] {
        let node = tree.slots.take(overlapping).unwrap();
        assert_eq!(tree.tree.insert_node(node), there);
        tree.slots.release(node.handle()).unwrap();
        tree.check().unwrap();
    }
    assert_eq!(tree.len(), 20);
    let new = tree.slots.take(segment(84, 88)).unwrap();
    assert_eq!(tree.tree.insert_node(new), new);
    tree.check().unwrap();
}

#[test]
fn the_shape_counts_levels() {
    assert_eq!(RbTree::new().shape(), Shape::default());
    // Seven nodes inserted in this order make a perfect tree: one, two and four in three levels.
    let shape = tree_of([4, 2, 6, 1, 3, 5, 7].map(|n| 10 * n)).shape();
    assert_eq!(shape, Shape { height: 3, comparisons: 1 + 2 * 2 + 4 * 3 });
    // In ascending order the right side is the deeper one, but no deeper than colours allow.
    let shape = tree_of((0..1_000).map(|n| 10 * n)).shape();
    assert!((11..=19).contains(&shape.height), "{shape:?}");
    assert!(shape.comparisons > 8_987, "a perfect tree of a thousand has 8987: {shape:?}");
}

#[test]
fn iteration_without_a_node_starts_at_the_ends() {
    let tree = tree_of([5, 1, 9, 3, 7]);
    assert_eq!(walk(&tree, Side::Right), [1, 3, 5, 7, 9]);
    assert_eq!(walk(&tree, Side::Left), [9, 7, 5, 3, 1]);
    assert_eq!(walk(&tree_of([]), Side::Right), []);
}

/// Removal relinks: all that remains is at the address where it was, with what it held.
#[test]
fn removing_moves_no_record() {
    let order = |i: u64| i * 37 % 101;
    let mut tree = tree_of((0..101).map(order));
    let mut nodes: Vec<(u64, NodePtr)> =
        (0..101).map(|i| (i, tree.tree.find_node(&Pfn::new(8 * i)).unwrap())).collect();
    for i in (0..101).map(|i| i * 53 % 101) {
        let at = nodes.iter().position(|&(key, _)| key == i).unwrap();
        let (_, node) = nodes.swap_remove(at);
        tree.remove(node.handle()).unwrap();
        tree.check().unwrap();
        for &(key, node) in &nodes {
            assert_eq!(tree.tree.find_node(&Pfn::new(8 * key + 3)), Some(node));
        }
    }
    assert!(tree.is_empty() && tree.first().is_none());
}

/// Every shape that a small tree can have, and every removal from it.
#[test]
fn all_orders_of_six_and_every_removal() {
    let mut order = [0, 1, 2, 3, 4, 5];
    permutations(&mut order, 0, &mut |order| {
        for gone in 0..6 {
            let mut tree = tree_of(order.iter().copied());
            let (handle, _) = tree.find(Pfn::new(8 * gone)).unwrap();
            tree.remove(handle).unwrap();
            tree.check().unwrap();
            let left: Vec<u64> = (0..6).filter(|&i| i != gone).collect();
            assert_eq!(walk(&tree, Side::Right), left);
        }
    });
}

fn permutations(items: &mut [u64; 6], fixed: usize, visit: &mut impl FnMut(&[u64; 6])) {
    if fixed == items.len() {
        return visit(items);
    }
    for i in fixed..items.len() {
        items.swap(fixed, i);
        permutations(items, fixed + 1, visit);
        items.swap(fixed, i);
    }
}

type Damage<'a> = &'a dyn Fn(&mut RbTree);

#[test]
fn the_check_sees_what_is_wrong() {
    let damaged = |damage: Damage<'_>| {
        let mut tree = tree_of(0..8);
        damage(&mut tree);
        tree.check().unwrap_err()
    };
    let expected: [(&str, Damage<'_>); 8] = [
        ("the root", &|tree| tree.tree.root().unwrap().set_red(true)),
        ("are red", &|tree| {
            let leaf = tree.tree.end(Side::Right).unwrap();
            leaf.set_red(true);
            leaf.parent().unwrap().set_red(true);
        }),
        ("black levels", &|tree| {
            tree.tree.end(Side::Right).unwrap().set_red(false);
        }),
        ("hangs on", &|tree| {
            let leaf = tree.tree.end(Side::Left).unwrap();
            leaf.set_parent(leaf.parent(), Side::Right);
        }),
        ("cached first", &|tree| tree.tree.set_end(Side::Left, None)),
        ("cached last", &|tree| {
            tree.tree.set_end(Side::Right, tree.tree.root());
        }),
        ("counted as", &|tree| tree.tree.set_len(9)),
        ("another or none", &|tree| {
            let handle = tree.first().unwrap();
            tree.get_mut(handle).unwrap().set_tag(7);
        }),
    ];
    for (words, damage) in expected {
        let message = damaged(damage);
        assert!(message.contains(words), "{message:?} lacks {words:?}");
    }
    let swapped = damaged(&|tree| {
        let handle = tree.first().unwrap();
        let mut high = segment(800, 804);
        high.set_tag(handle.word());
        *tree.get_mut(handle).unwrap() = high;
    });
    assert!(swapped.contains("comes before"), "{swapped}");
}

#[test]
fn a_tree_can_be_read_by_many_threads_and_sent() {
    fn assert_send_and_sync<T: Send + Sync>(_: &T) {}
    assert_send_and_sync(&RbTree::new());
    assert_send_and_sync(&pool::Pool::new(1));
}

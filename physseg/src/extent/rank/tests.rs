//! The map against two ordered sets of the standard library, and the trees' own rules.

use super::few::FEW;
use super::node::{Child, Item, LONG, MIN, Node, Pair, ROOM, Summary};
use super::tree::Tree;
use super::{Entries, Entry as Run, RankMap};
use alloc::collections::btree_map::{BTreeMap, Entry};
use alloc::vec::Vec;
use proptest::prelude::*;

/// Walks the subtree under `node`, `level` levels above the leaves; asserts what is known of it and
/// how full its nodes are; adds its pairs in order, and its nodes to `used`.
fn check(
    tree: &Tree,
    node: u32,
    level: usize,
    on_edge: bool,
    pairs: &mut Vec<Pair>,
    used: &mut [u32; 2],
) -> Summary {
    used[usize::from(level > 0)] += 1;
    let is_root = level == tree.height;
    let full_enough = |len: usize| (MIN..=ROOM).contains(&len) || (on_edge && len > 0);
    if level == 0 {
        let leaf = tree.leaves.get(node);
        assert!(full_enough(leaf.len()), "a leaf of {} pairs", leaf.len());
        pairs.extend_from_slice(leaf.items());
        return leaf.summary();
    }
    let children = tree.inner.get(node).items();
    assert!(full_enough(children.len()), "{} children", children.len());
    assert!(!is_root || children.len() > 1, "a root for one child");
    let mut all = Summary::EMPTY;
    for (slot, child) in children.iter().enumerate() {
        let first = pairs.len();
        let last = on_edge && slot + 1 == children.len();
        let summary = check(tree, child.node, level - 1, last, pairs, used);
        assert_eq!((child.low, child.summary), (pairs[first], summary));
        all = all.and(summary);
    }
    all
}

/// The pairs of a tree in order, once its rules have been checked.
fn pairs(tree: &Tree) -> Vec<Pair> {
    let (mut pairs, mut used) = (Vec::new(), [0; 2]);
    if !tree.is_empty() {
        let summary = check(tree, tree.root, tree.height, true, &mut pairs, &mut used);
        assert_eq!(tree.summary, summary);
    }
    assert!(pairs.is_sorted_by(|a, b| a.rank() < b.rank()));
    assert_eq!([tree.leaves.used(), tree.inner.used()], used, "nodes are lost");
    pairs
}

fn assert_same(map: &RankMap, model: &BTreeMap<u64, u64>) {
    let by_key = |pairs: &[Pair]| {
        assert!(pairs.iter().map(|p| (p.major, p.minor)).eq(model.iter().map(|(k, w)| (*k, *w))));
    };
    match &map.entries {
        Entries::Few(pairs) => by_key(pairs),
        Entries::Many(many) => {
            by_key(&pairs(&many[0].by_key));
            assert_eq!(many[0].len as usize, model.len());
            let mut long: Vec<_> =
                model.iter().filter(|(_, w)| **w >= LONG).map(|(k, w)| (*w, *k)).collect();
            long.sort_unstable();
            assert!(pairs(&many[0].long).iter().map(|p| (p.major, p.minor)).eq(long));
        }
    }
}

fn entry((key, weight): (&u64, &u64)) -> Run {
    Run { key: *key, weight: *weight }
}

#[derive(Clone, Debug)]
enum Step {
    Insert(u64, u64),
    Remove(u64),
    Replace(u64, u64, u64),
    Ask(u64, u64),
    /// From this key on, so many entries in a row: what makes a tree grow or shrink by levels.
    InsertAll(u64, u64, u64),
    RemoveAll(u64, u64),
}

fn weights() -> impl Strategy<Value = u64> + Clone {
    prop_oneof![0..12_u64, 58..70_u64, Just(u64::MAX)]
}

/// Keys up to `keys`.
fn steps(keys: u64) -> impl Strategy<Value = Vec<Step>> {
    let (key, weight) = (0..keys, weights());
    let step = prop_oneof![
        4 => (key.clone(), weight.clone()).prop_map(|(k, w)| Step::Insert(k, w)),
        3 => key.clone().prop_map(Step::Remove),
        2 => (key.clone(), 0..3_u64, weight.clone()).prop_map(|(k, n, w)| Step::Replace(k, k + n, w)),
        3 => (key.clone(), weight.clone()).prop_map(|(k, w)| Step::Ask(k, w)),
        2 => (key.clone(), key.clone(), weight).prop_map(|(k, n, w)| Step::InsertAll(k, n, w)),
        1 => (key.clone(), key).prop_map(|(k, n)| Step::RemoveAll(k, n)),
    ];
    proptest::collection::vec(step, 0..100)
}

fn insert(map: &mut RankMap, model: &mut BTreeMap<u64, u64>, key: u64, weight: u64) {
    if let Entry::Vacant(place) = model.entry(key) {
        let found = map.place(key);
        map.reserve_one().unwrap();
        if weight.is_multiple_of(2) {
            map.insert_at(&found, Run { key, weight });
        } else {
            map.insert(key, weight);
        }
        place.insert(weight);
    }
}

fn behaves(steps: Vec<Step>) {
    let mut map = RankMap::new();
    let mut model = BTreeMap::new();
    for step in steps {
        match step {
            Step::Insert(key, weight) => insert(&mut map, &mut model, key, weight),
            Step::InsertAll(first, keys, weight) => {
                for key in first..first + keys {
                    insert(&mut map, &mut model, key, weight.saturating_sub(key % 5));
                }
            }
            Step::Remove(key) => assert_eq!(map.remove(key), model.remove(&key)),
            Step::RemoveAll(first, keys) => {
                for key in first..first + keys {
                    assert_eq!(map.remove(key), model.remove(&key));
                }
            }
            Step::Replace(key, new, weight) => {
                let between = model.range(key.min(new)..=key.max(new));
                if model.contains_key(&key) && between.count() == 1 {
                    map.replace(key, Run { key: new, weight });
                    model.remove(&key);
                    model.insert(new, weight);
                }
            }
            Step::Ask(key, weight) => {
                assert_eq!(map.get(key), model.get(&key).copied());
                let before = model.range(..=key).next_back().map(entry);
                assert_eq!(map.neighbours(key), (before, model.range(key + 1..).next().map(entry)));
                let heavy = model.range(key..).find(|(_, w)| **w >= weight).map(entry);
                assert_eq!(map.first_heavy(key, weight), heavy);
                let least = model.iter().map(|(k, w)| (*w, *k)).filter(|e| *e >= (weight, key));
                assert_eq!(map.lightest(weight, key).map(|e| (e.weight, e.key)), least.min());
                assert_eq!(map.heaviest(), model.values().copied().max());
                assert_eq!(map.is_empty(), model.is_empty());
            }
        }
        assert_same(&map, &model);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn few_entries_behave_as_ordered_sets_do(steps in steps(80)) {
        behaves(steps);
    }

    #[test]
    fn many_entries_behave_as_ordered_sets_do(steps in steps(2_500)) {
        behaves(steps);
    }
}

/// Nodes in use, and levels above the leaves.
fn size(map: &RankMap) -> (u32, usize) {
    let Entries::Many(many) = &map.entries else { panic!("few entries") };
    let tree = &many[0].by_key;
    (tree.leaves.used(), tree.height)
}

#[test]
fn keys_in_ascending_order_leave_full_nodes_and_a_flat_tree() {
    let mut map = RankMap::new();
    for key in 0..100_000 {
        map.reserve_one().unwrap();
        map.insert(key, key % 7);
    }
    assert_eq!(size(&map), (100_000 / 32, 3));
    for key in (0..100_000).filter(|key| key % 1_000 != 0) {
        assert_eq!(map.remove(key), Some(key % 7));
    }
    let (leaves, height) = size(&map);
    assert!(leaves <= 100 / 12 + 1 && height == 1, "{leaves} leaves, {height} levels");
}

#[test]
fn what_was_reserved_is_enough_in_whatever_order() {
    // Multiples of 7,919 modulo a prime: all numbers below it, far apart in time.
    let entries = 10_007_u32;
    let mut map = RankMap::with_room(entries as usize, u64::MAX).unwrap();
    let entries = u64::from(entries);
    for round in 0..3 {
        for key in (0..entries).map(|n| n * 7_919 % entries) {
            map.insert(key, LONG + key % 3);
        }
        for key in (0..entries).filter(|key| key % 4 != round) {
            map.remove(key);
        }
        for key in (0..entries).filter(|key| key % 4 != round).rev() {
            map.insert(key, LONG);
        }
        for key in 0..entries {
            map.remove(key);
        }
        assert!(map.is_empty());
    }
}

#[test]
fn short_entries_may_all_grow_long_without_further_memory() {
    let entries = 5_000;
    let mut map = RankMap::new();
    for key in 0..entries {
        map.reserve_within(entries * (LONG + 1)).unwrap();
        map.insert(key * 1_000, 0);
    }
    for key in (0..entries).map(|n| n * 1_789 % entries) {
        map.replace(key * 1_000, Run { key: key * 1_000, weight: LONG + key % 2 });
    }
    let lightest = Run { key: 0, weight: LONG };
    assert_eq!(map.lightest(1, 0), Some(lightest));
}

#[test]
fn nodes_are_small_and_an_emptied_map_owns_nothing() {
    assert_eq!(size_of::<Node<Pair>>(), 8 + 16 * ROOM);
    assert_eq!(size_of::<Node<Child>>(), 8 + 40 * ROOM);
    assert_eq!(Summary::of(LONG).weights, Pair { major: 0, minor: LONG + 1 }.summary().weights);
    let capacity = |map: &RankMap| match &map.entries {
        Entries::Few(pairs) => pairs.capacity(),
        Entries::Many(_) => usize::MAX,
    };
    for room in [10, FEW, FEW + 1] {
        let mut map = RankMap::with_room(room, u64::MAX).unwrap();
        map.insert(1, 1);
        map.release_if_empty();
        assert!(capacity(&map) >= room);
        assert_eq!(map.remove(1), Some(1));
        map.release_if_empty();
        assert_eq!(capacity(&map), 0);
    }
    assert!(RankMap::with_room(usize::MAX, u64::MAX).is_err());
}

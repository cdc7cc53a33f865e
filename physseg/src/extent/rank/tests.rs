//! The map against two ordered sets of the standard library, and the trees' own rules.

use super::{Entry as Pair, KEY, LEFT, NIL, Node, RIGHT, RankMap, WEIGHT};
use alloc::collections::btree_map::{BTreeMap, Entry};
use alloc::vec::Vec;
use proptest::prelude::*;

/// Walks one tree; asserts order, balance, heights and heaviest weights; says its entries in order.
fn check<const BY: usize>(map: &RankMap, at: u32, entries: &mut Vec<(u64, u64)>) -> (u8, u64) {
    if at == NIL {
        return (0, 0);
    }
    let node = &map.nodes[at as usize];
    let Node { key, weight, .. } = *node;
    let (low, low_heaviest) = check::<BY>(map, node.links[BY].child[LEFT], entries);
    entries.push(if BY == KEY { (key, weight) } else { (weight, key) });
    let (high, high_heaviest) = check::<BY>(map, node.links[BY].child[RIGHT], entries);
    assert!(low.abs_diff(high) <= 1, "unbalanced at {key}");
    let height = 1 + low.max(high);
    assert_eq!(node.links[BY].height, height);
    let heaviest = weight.max(low_heaviest).max(high_heaviest);
    if BY == KEY {
        assert_eq!(node.heaviest, heaviest, "at {key}");
    }
    (height, heaviest)
}

fn assert_same(map: &RankMap, model: &BTreeMap<u64, u64>) {
    let mut by_key = Vec::new();
    check::<KEY>(map, map.roots[KEY], &mut by_key);
    assert!(by_key.iter().copied().eq(model.iter().map(|(k, w)| (*k, *w))));
    let mut by_weight = Vec::new();
    check::<WEIGHT>(map, map.roots[WEIGHT], &mut by_weight);
    assert!(by_weight.is_sorted());
    assert_eq!(by_weight.len(), model.len());
    assert!(by_weight.iter().all(|(w, k)| model.get(k) == Some(w)));
}

fn entry((key, weight): (&u64, &u64)) -> Pair {
    Pair { key: *key, weight: *weight }
}

#[derive(Clone, Debug)]
enum Step {
    Insert(u64, u64),
    Remove(u64),
    Replace(u64, u64, u64),
    Ask(u64, u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (key, weight) = (0..64_u64, 0..12_u64);
    let step = prop_oneof![
        4 => (key.clone(), weight.clone()).prop_map(|(k, w)| Step::Insert(k, w)),
        3 => key.clone().prop_map(Step::Remove),
        2 => (key.clone(), key.clone(), weight.clone()).prop_map(|(k, n, w)| Step::Replace(k, n, w)),
        3 => (key, weight).prop_map(|(k, w)| Step::Ask(k, w)),
    ];
    proptest::collection::vec(step, 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn behaves_as_ordered_sets_do(steps in steps()) {
        let mut map = RankMap::new();
        let mut model = BTreeMap::new();
        for step in steps {
            match step {
                Step::Insert(key, weight) => {
                    if let Entry::Vacant(place) = model.entry(key) {
                        map.reserve_one().unwrap();
                        map.insert(key, weight);
                        place.insert(weight);
                    }
                }
                Step::Remove(key) => prop_assert_eq!(map.remove(key), model.remove(&key)),
                Step::Replace(key, new, weight) => {
                    let between = model.range(key.min(new)..=key.max(new));
                    if model.contains_key(&key) && between.count() == 1 {
                        map.replace(key, Pair { key: new, weight });
                        model.remove(&key);
                        model.insert(new, weight);
                    }
                }
                Step::Ask(key, weight) => {
                    prop_assert_eq!(map.get(key), model.get(&key).copied());
                    prop_assert_eq!(map.neighbours(key), (
                        model.range(..=key).next_back().map(entry),
                        model.range(key + 1..).next().map(entry),
                    ));
                    prop_assert_eq!(
                        map.first_heavy(key, weight),
                        model.range(key..).find(|(_, w)| **w >= weight).map(entry)
                    );
                    let least = model.iter().map(|(k, w)| (*w, *k)).filter(|e| *e >= (weight, key));
                    prop_assert_eq!(map.lightest(weight, key).map(|e| (e.weight, e.key)), least.min());
                    prop_assert_eq!(map.heaviest(), model.values().copied().max());
                }
            }
            assert_same(&map, &model);
        }
    }
}

#[test]
fn keys_in_ascending_order_leave_a_flat_tree() {
    let mut map = RankMap::new();
    for key in 0..10_000 {
        map.reserve_one().unwrap();
        map.insert(key, key % 7);
    }
    for by_height in [map.height::<KEY>(map.roots[KEY]), map.height::<WEIGHT>(map.roots[WEIGHT])] {
        assert!(by_height <= 19, "1.4405 log2(10,002) = 19.1, not {by_height}");
    }
}

#[test]
fn a_node_is_48_bytes_and_an_emptied_map_owns_nothing() {
    assert_eq!(size_of::<Node>(), 48);
    let mut map = RankMap::with_room(10).unwrap();
    map.insert(1, 1);
    map.release_if_empty();
    assert!(map.nodes.capacity() >= 10);
    assert_eq!(map.remove(1), Some(1));
    map.release_if_empty();
    assert_eq!(map.nodes.capacity(), 0);
    assert!(RankMap::with_room(usize::MAX).is_err());
}

//! The order by itself, against a map of the standard library.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::*;

fn slot_of(key: u64) -> u32 {
    u32::try_from(key).unwrap()
}

fn of(keys: impl IntoIterator<Item = u64>) -> Order {
    let mut order = Order::new();
    for key in keys {
        order.reserve().unwrap();
        order.insert(key, slot_of(key)).unwrap();
    }
    order
}

#[test]
fn ascending_keys_leave_full_leaves() {
    let order = of(0..32_000);
    order.check(32_000, |key, slot| u64::from(slot) == key).unwrap();
    let nodes = order.nodes.in_use();
    assert!((1000..1040).contains(&nodes), "{nodes}");
}

#[test]
fn neighbours_are_found_across_leaves_and_at_the_ends() {
    for keys in [(0..2000).collect::<Vec<u64>>(), (0..2000).rev().collect()] {
        let order = of(keys.iter().map(|key| key * 3 + 5));
        for key in 0..2000 {
            assert_eq!(order.at_or_below(key * 3 + 7), Some(slot_of(key * 3 + 5)));
            assert_eq!(order.above(key * 3 + 4), Some(slot_of(key * 3 + 5)));
        }
        assert_eq!((order.at_or_below(4), order.above(6002)), (None, None));
        assert_eq!(order.at_or_below(u64::MAX), Some(6002));
    }
}

#[test]
fn keys_that_come_and_go_agree_with_a_map() {
    let mut state = 0x1234_5678_9ABC_DEF1_u64;
    let (mut order, mut model) = (Order::new(), BTreeMap::new());
    for step in 0..60_000_u32 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let key = state >> 20 & 0xFFF;
        // Phases of growing and shrinking, to the last key.
        let grows = step / 5000 % 2 == 0;
        match model.get(&key).copied() {
            None if grows => {
                order.reserve().unwrap();
                order.insert(key, step).unwrap();
                model.insert(key, step);
            }
            Some(slot) if !grows => {
                assert_eq!(order.remove(key), Some(slot));
                model.remove(&key);
            }
            _ => assert_eq!(order.remove(key + 0x1000), None),
        }
        assert_eq!(order.at_or_below(key), model.range(..=key).next_back().map(|(_, &slot)| slot));
        assert_eq!(order.above(key), model.range(key + 1..).next().map(|(_, &slot)| slot));
        if step % 500 == 0 {
            order.check(model.len(), |key, slot| model.get(&key) == Some(&slot)).unwrap();
        }
    }
    for (key, slot) in core::mem::take(&mut model) {
        assert_eq!(order.remove(key), Some(slot));
    }
    assert_eq!((order.nodes.in_use(), order.height, order.root), (0, 0, NONE));
    order.check(0, |_, _| false).unwrap();
}

/// Whether an order is one array, and that it holds the keys below `keys`, each with its slot.
fn is_small_with(order: &Order, keys: u64) -> bool {
    order.check(usize::try_from(keys).unwrap(), |key, slot| slot == slot_of(key)).unwrap();
    for key in 0..keys {
        let above = (key + 1 < keys).then(|| slot_of(key + 1));
        assert_eq!(order.around(key), (Some(slot_of(key)), above));
    }
    assert_eq!(order.above(keys), None);
    order.is_small()
}

#[test]
fn the_array_becomes_a_tree_with_one_key_too_many() {
    let small = SMALL as u64;
    for count in [1, FAN as u64, FAN as u64 + 1, small - 1, small] {
        let order = of((0..count).rev());
        assert!(is_small_with(&order, count));
        assert_eq!(order.bytes(), 0, "no node for {count} keys");
    }
    for order in [of(0..=small), of((0..=small).rev())] {
        assert!(!is_small_with(&order, small + 1));
        assert_eq!(order.height, 1);
        assert!(order.bytes() < 8 * size_of::<Node>(), "{}", order.bytes());
    }
    // Between any two of them, and at the ends.
    for new in 0..=small {
        let mut order = of((0..small).map(|key| key * 2 + 1));
        order.reserve().unwrap();
        order.insert(new * 2, 7).unwrap();
        let expected =
            |key: u64, slot| slot == if key.is_multiple_of(2) { 7 } else { slot_of(key) };
        order.check(SMALL + 1, expected).unwrap();
        assert_eq!(order.remove(new * 2), Some(7));
        assert_eq!(order.remove(new * 2), None);
        order.check(SMALL, expected).unwrap();
    }
}

#[test]
fn the_tree_becomes_an_array_again_when_one_leaf_is_left() {
    for from_below in [true, false] {
        let small = SMALL as u64;
        let mut order = of(0..small + 10);
        let all: Vec<u64> =
            if from_below { (0..small + 10).collect() } else { (0..small + 10).rev().collect() };
        let mut was_small = false;
        for (gone, key) in all.into_iter().enumerate() {
            assert_eq!(order.remove(key), Some(slot_of(key)));
            order.check(SMALL + 9 - gone, |key, slot| slot == slot_of(key)).unwrap();
            assert!(order.is_small() || !was_small, "it does not come and go");
            was_small = order.is_small();
            assert!(!was_small || order.small.len() <= FAN);
        }
        assert!(was_small);
        assert_eq!(order.nodes.in_use(), 0);
        // What was freed is used again.
        let bytes = order.bytes();
        for key in 0..=small {
            order.reserve().unwrap();
            order.insert(key, slot_of(key)).unwrap();
        }
        assert!(!is_small_with(&order, small + 1));
        assert_eq!(order.bytes(), bytes);
    }
}

#[test]
fn a_key_moves_between_its_neighbours_in_an_array_and_in_a_tree() {
    for count in [1, 2, SMALL as u64, SMALL as u64 + 1, 5000] {
        let mut order = of((0..count).map(|nth| nth * 10));
        for key in (0..count).map(|nth| nth * 10) {
            for (old, new) in [(key, key + 9), (key + 9, key + 1)] {
                order.rekey(old, new).unwrap();
                assert_eq!(order.at_or_below(new), Some(slot_of(key)));
                assert_eq!(
                    order.at_or_below(new - 1),
                    key.checked_sub(9).map(|_| slot_of(key - 10))
                );
                assert_eq!(order.rekey(old, new), None, "it has gone from there");
            }
        }
        order.check(usize::try_from(count).unwrap(), |key, slot| slot_of(key - 1) == slot).unwrap();
    }
}

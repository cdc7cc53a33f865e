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

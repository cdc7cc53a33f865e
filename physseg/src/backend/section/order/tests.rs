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

/// Both neighbours of `key` are those of the map.
fn agree(order: &Order, model: &BTreeMap<u64, u32>, key: u64) {
    let below = model.range(..=key).next_back().map(|(_, &slot)| slot);
    let above = model.range(key + 1..).next().map(|(_, &slot)| slot);
    assert_eq!((order.at_or_below(key), order.above(key)), (below, above), "{key:#x}");
    assert_eq!(order.around(key), (below, above), "{key:#x}");
}

/// A number below `bound`, from a generator of our own (Marsaglia's xorshift).
fn draw(state: &mut u64, bound: u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 20) % bound
}

/// Moves a key to somewhere between its neighbours.
fn move_between(order: &mut Order, model: &mut BTreeMap<u64, u32>, near: u64, state: &mut u64) {
    let Some((&old, &slot)) = model.range(..=near).next_back() else {
        return;
    };
    let low = model.range(..old).next_back().map_or(0, |(key, _)| key + 1);
    let high = model.range(old + 1..).next().map_or(old + 100, |(&key, _)| key);
    let new = low + draw(state, high - low);
    order.rekey(old, new).unwrap();
    model.remove(&old);
    model.insert(new, slot);
    agree(order, model, new);
    agree(order, model, old);
}

/// Grows and shrinks by turns, each time down to a handful of keys or none, so that whole leaves and
/// whole subtrees go at either end and in the middle, and come again there.
#[test]
fn keys_that_come_and_go_agree_with_a_map() {
    const END: u64 = 1 << 20;
    // Where keys come.
    const PLACES: [(u64, u64); 4] =
        [(0, END), (0, END / 16), (END / 16 * 15, END), (END / 16 * 7, END / 16 * 8)];
    let mut heights = [0; 4];
    for seed in 1..=6_u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let (mut order, mut model) = (Order::new(), BTreeMap::new());
        let mut next_slot = 0;
        for phase in 0..24 {
            let (low, high) = PLACES[usize::try_from(draw(&mut state, 4)).unwrap()];
            // Once a tree of three levels above the leaves, else small ones.
            let most = match phase {
                12 if seed < 3 => 40_000,
                _ => [60, 90, 300, 2000][usize::try_from(draw(&mut state, 4)).unwrap()],
            };
            let step = (high - low) / (most + 1);
            let way = draw(&mut state, 3);
            for nth in 0..most {
                let key = match way {
                    0 => low + draw(&mut state, high - low),
                    1 => low + nth * step,
                    _ => high - 1 - nth * step,
                };
                model.entry(key).or_insert_with(|| {
                    next_slot += 1;
                    order.reserve().unwrap();
                    order.insert(key, next_slot).unwrap();
                    next_slot
                });
                agree(&order, &model, key);
                agree(&order, &model, draw(&mut state, END));
                if nth % 8 == 0 {
                    let near = draw(&mut state, END);
                    move_between(&mut order, &mut model, near, &mut state);
                }
            }
            heights[order.height] += 1;
            order.check(model.len(), |key, slot| model.get(&key) == Some(&slot)).unwrap();
            let left = usize::try_from(draw(&mut state, 40)).unwrap();
            let way = draw(&mut state, 4);
            // All but a few, at times no more than a half.
            let left = if phase % 5 == 4 { model.len() / 2 } else { left };
            while model.len() > left {
                let key = match way {
                    0 => *model.keys().next().unwrap(),
                    1 => *model.keys().next_back().unwrap(),
                    2 => {
                        let from = draw(&mut state, END);
                        *model.range(from..).next().or(model.iter().next_back()).unwrap().0
                    }
                    // From the middle to the top, and then from the bottom.
                    _ => *model.range(END / 2..).next().or(model.iter().next()).unwrap().0,
                };
                assert_eq!(order.remove(key), model.remove(&key));
                assert_eq!(order.remove(key), None);
                agree(&order, &model, key);
                agree(&order, &model, draw(&mut state, END));
                if (model.len() as u64).is_multiple_of(1 + most / 20) {
                    order.check(model.len(), |key, slot| model.get(&key) == Some(&slot)).unwrap();
                }
            }
            order.check(model.len(), |key, slot| model.get(&key) == Some(&slot)).unwrap();
        }
        for (key, slot) in core::mem::take(&mut model) {
            assert_eq!(order.remove(key), Some(slot));
        }
        assert_eq!((order.nodes.in_use(), order.height, order.root), (0, 0, NONE));
        order.check(0, |_, _| false).unwrap();
    }
    assert!(heights.iter().all(|&times| times > 0), "{heights:?}");
}

/// An order of keys from 1,000,000 on, ten apart, without the lowest `gone` of them.
fn without_the_lowest(keys: u64, gone: u64) -> Order {
    const FIRST: u64 = 1_000_000;
    let mut order = of((0..keys).map(|nth| FIRST + nth * 10));
    for nth in 0..gone {
        assert_eq!(order.remove(FIRST + nth * 10), Some(slot_of(FIRST + nth * 10)));
    }
    order
}

#[test]
fn what_comes_where_whole_leaves_went_at_the_low_end_is_found() {
    // Of one, two and three levels above the leaves. What is left is as high, or lower.
    for (keys, height) in [(100_u64, 1), (1_500, 2), (40_000, 3)] {
        let mut lowered = 0;
        for left in [keys - 32, keys - 33, keys / 2, 600, 65, 32, 1] {
            let gone = keys.saturating_sub(left);
            for downwards in [false, true] {
                let mut order = without_the_lowest(keys, gone);
                assert!(order.height <= height);
                lowered += usize::from(order.height < height);
                let mut count = usize::try_from(keys - gone).unwrap();
                order.check(count, |key, slot| slot == slot_of(key)).unwrap();
                for nth in 0..600 {
                    let key = if downwards { 599 - nth } else { nth };
                    order.reserve().unwrap();
                    order.insert(key, slot_of(key)).unwrap();
                    count += 1;
                    let below = if downwards { None } else { key.checked_sub(1).map(slot_of) };
                    assert_eq!(order.at_or_below(key), Some(slot_of(key)));
                    assert_eq!(key.checked_sub(1).and_then(|key| order.at_or_below(key)), below);
                }
                order.check(count, |key, slot| slot == slot_of(key)).unwrap();
                for key in 0..600 {
                    assert_eq!(order.remove(key), Some(slot_of(key)));
                }
                order.check(count - 600, |key, slot| slot == slot_of(key)).unwrap();
            }
        }
        assert!(lowered > 0, "{keys} keys");
    }
}

/// Half full at least, which is what splits leave behind, and a node on each level besides.
fn assert_half_full(order: &Order, keys: usize) {
    let most = keys.div_ceil(FAN / 2 - 1) + 4;
    assert!(order.nodes.in_use() <= most, "{} nodes for {keys} keys", order.nodes.in_use());
}

#[test]
fn keys_that_come_in_order_between_others_leave_nodes_half_full() {
    let wide = |nth: u64| nth * 100_000;
    for (others, gap) in [(96, 31), (96, 32), (96, 63), (1024, 511), (1024, 1000), (3200, 1023)] {
        for downwards in [false, true] {
            // Full leaves throughout, and the gap above one of them or inside it.
            let mut order = of((0..others).map(wide));
            let before = order.nodes.in_use();
            for nth in 0..2000 {
                let key = wide(gap) + if downwards { 2000 - nth } else { nth + 1 };
                order.reserve().unwrap();
                order.insert(key, slot_of(key)).unwrap();
            }
            order
                .check(usize::try_from(others).unwrap() + 2000, |key, slot| slot == slot_of(key))
                .unwrap();
            let more = order.nodes.in_use() - before;
            assert!(more <= 2000 / 14 + 4, "{more} nodes, {downwards}, gap {gap} of {others}");
        }
    }
    // A balloon that takes the upper half but for the last key, and lets go from the top.
    let mut order = of(0..4000);
    for key in 2000..3999 {
        order.remove(key).unwrap();
    }
    for key in (2000..3999).rev() {
        order.reserve().unwrap();
        order.insert(key, slot_of(key)).unwrap();
    }
    order.check(4000, |key, slot| slot == slot_of(key)).unwrap();
    assert_half_full(&order, 4000);
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

#[test]
fn a_key_moves_below_where_its_leaf_was_bounded() {
    for count in [SMALL as u64, SMALL as u64 + 1, 5000, 40_000] {
        let mut order = of((1..=count).map(|nth| nth * 10));
        for key in (1..=count).map(|nth| nth * 10) {
            order.rekey(key, key - 9).unwrap();
            assert_eq!(order.at_or_below(key - 9), Some(slot_of(key)));
            let below = (key > 10).then(|| slot_of(key - 10));
            assert_eq!(order.at_or_below(key - 10), below, "the one before");
        }
        let len = usize::try_from(count).unwrap();
        order.check(len, |key, slot| slot_of(key + 9) == slot).unwrap();
        for key in (1..=count).map(|nth| nth * 10 - 9) {
            assert_eq!(order.remove(key), Some(slot_of(key + 9)));
        }
    }
}

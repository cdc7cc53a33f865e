//! The order within rounds: balanced over every cycle, and drawn anew for each.
//!
//! Whoever runs first, or after a backend that leaves the caches full, may be timed otherwise than the
//! rest. A shuffled order evens that out only in the long run; a Williams design (E. J. Williams,
//! "Experimental designs balanced for the estimation of residual effects of treatments", Australian
//! Journal of Scientific Research A 2, 1949) does so within one cycle of k rounds for an even number
//! k of items and 2k for an odd one: every item stands in every position equally often, and directly
//! follows every other equally often.
//!
//! Who is who in a cycle's design, and where in it the cycle begins, is drawn anew for each cycle. That
//! is what makes the test exact (R. A. Fisher, *The Design of Experiments*, 1935, on randomisation):
//! if two backends cost the same, exchanging their names in any one cycle was as likely as not, whatever the machine
//! did meanwhile, so a cycle's change is as likely to be +d as -d.
//!
//! Only `bench` asks for orders; the seed is also made by whoever plans batches, and `cycle` is what
//! the statistics cut rounds by.

use crate::workload::{Generator, Xoshiro};

/// The seed of the order of a layout's batches of one size: another for each, so that no backend is
/// at the same places everywhere, and all determined by the seed of the run.
pub fn order_seed(run_seed: u64, layout: &str, lookups: u64) -> u64 {
    // FNV-1a (Fowler, Noll, Vo), since the standard library's hash may change between versions.
    let hash = layout.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    [hash, lookups].into_iter().fold(run_seed, |seed, part| Xoshiro::seeded(seed ^ part).next())
}

/// The order of `items` items, named from 0, in round `round`.
pub(super) fn order(items: usize, order_seed: u64, round: u32) -> Vec<usize> {
    let length = cycle(items).max(1);
    // Rounds beyond the address space do not happen; they would only repeat an order.
    let round = usize::try_from(round).unwrap_or(0);
    // Seeded apart from the addresses, and apart for each cycle.
    let which = ((round / length) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut generator = Xoshiro::seeded(!order_seed.wrapping_add(which));
    let mut below = |end: usize| usize::try_from(generator.below(end as u64)).unwrap_or(0);
    let mut label: Vec<usize> = (0..items).collect();
    for end in (1..items).rev() {
        label.swap(end, below(end + 1)); // Fisher and Yates
    }
    let start = below(length);
    row(items, start, round % length).into_iter().map(|letter| label[letter]).collect()
}

/// Rounds of one cycle of `items` items (the backends and the baseline), after which everything is
/// balanced.
pub fn cycle(items: usize) -> usize {
    if items.is_multiple_of(2) { items } else { 2 * items }
}

/// A row of the design. For an odd number of items there is a second half, the first half's rows
/// read backwards; the start says with which half and where in both to begin.
fn row(items: usize, start: usize, round: usize) -> Vec<usize> {
    let shift = start + round;
    let mut row: Vec<usize> =
        (0..items).map(|position| (zigzag(items, position) + shift) % items).collect();
    if !items.is_multiple_of(2) && !(start / items + round / items).is_multiple_of(2) {
        row.reverse();
    }
    row
}

/// 0, 1, k-1, 2, k-2, ...: neighbours differ by each distance (modulo k) once.
fn zigzag(items: usize, position: usize) -> usize {
    if position.is_multiple_of(2) { (items - position / 2) % items } else { position.div_ceil(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds(items: usize, seed: u64, count: usize) -> Vec<Vec<usize>> {
        (0..u32::try_from(count).expect("few")).map(|round| order(items, seed, round)).collect()
    }

    #[test]
    fn over_a_cycle_every_item_is_everywhere_equally_often() {
        for (items, seed) in (2..8).flat_map(|items| (0..20).map(move |seed| (items, seed))) {
            for rounds in [rounds(items, seed, items), rounds(items, seed, cycle(items))] {
                for (item, position) in (0..items).flat_map(|i| (0..items).map(move |p| (i, p))) {
                    let times = rounds.iter().filter(|round| round[position] == item).count();
                    assert_eq!(times, rounds.len() / items, "{item} of {items} at {position}");
                }
            }
        }
    }

    #[test]
    fn over_a_cycle_every_item_follows_every_other_equally_often() {
        for (items, seed) in (2..8).flat_map(|items| (0..20).map(move |seed| (items, seed))) {
            let rounds = rounds(items, seed, cycle(items));
            for (before, after) in (0..items).flat_map(|i| (0..items).map(move |p| (i, p))) {
                let pairs = rounds.iter().flat_map(|round| round.windows(2));
                let times = pairs.filter(|pair| **pair == [before, after]).count();
                let wanted = if before == after { 0 } else { rounds.len() / items };
                assert_eq!(times, wanted, "{before} before {after} of {items}");
            }
        }
    }

    #[test]
    fn the_order_follows_from_the_seed_alone() {
        for items in 1..8 {
            let once = rounds(items, 7, 3 * cycle(items));
            assert_eq!(once, rounds(items, 7, 3 * cycle(items)));
        }
        assert_eq!(order(1, 3, 9), [0], "the baseline alone");
        assert!((0..20).any(|seed| order(4, seed, 0) != order(4, 0, 0)));
    }

    #[test]
    fn every_cycle_is_balanced_and_drawn_anew() {
        for items in 2..8 {
            let length = cycle(items);
            let rounds = rounds(items, 11, 40 * length);
            let cycles: Vec<_> = rounds.chunks(length).collect();
            for (cycle, item) in cycles.iter().flat_map(|cycle| (0..items).map(move |i| (cycle, i)))
            {
                let first = cycle.iter().filter(|round| round[0] == item).count();
                assert_eq!(first, length / items);
            }
            assert!(cycles.windows(2).any(|pair| pair[0] != pair[1]));
        }
    }

    #[test]
    fn which_of_two_equal_items_comes_first_in_a_cycle_is_a_fair_coin() {
        // 4,000 cycles: the count of heads has a standard deviation of 32.
        let heads = (0..4_000_u32)
            .filter(|which| {
                let order = order(3, 5, which * 6);
                order.iter().position(|&item| item == 0) < order.iter().position(|&item| item == 1)
            })
            .count();
        assert!((1_900..=2_100).contains(&heads), "{heads} of 4000");
    }

    #[test]
    fn seeds_differ_by_run_layout_and_size() {
        let seed = order_seed(1, "paper-32x8", 1_000);
        assert_eq!(seed, order_seed(1, "paper-32x8", 1_000));
        assert_ne!(seed, order_seed(2, "paper-32x8", 1_000));
        assert_ne!(seed, order_seed(1, "paper-32x9", 1_000));
        assert_ne!(seed, order_seed(1, "paper-32x8", 1_001));
    }
}

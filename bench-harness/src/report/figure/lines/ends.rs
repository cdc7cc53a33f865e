//! Names at the ends of lines: as near to them as they go without touching each other.

/// Distance of two names, from middle to middle.
pub(super) const GAP: i32 = 40;
/// Room between the panel and the names, for the lines that lead there.
pub(super) const LEADER: i32 = 56;
/// Room that the mark before a name takes.
pub(super) const MARK: i32 = 36;

/// Heights for names that want to stand at `wanted`, [`GAP`] apart, within `top` and `bottom` where
/// there is room for all.
pub(super) fn spread(wanted: &[i32], top: i32, bottom: i32) -> Vec<i32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|index| wanted[*index]); // stable: equals stay in the order of the backends
    let mut heights = wanted.to_vec();
    let mut free = top;
    for index in &order {
        heights[*index] = wanted[*index].max(free);
        free = heights[*index] + GAP;
    }
    let mut limit = bottom;
    for index in order.iter().rev() {
        heights[*index] = heights[*index].min(limit);
        limit = heights[*index] - GAP;
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_touch_and_stay_in_order() {
        for wanted in [vec![], vec![5], vec![100, 100, 100], vec![0, 600, 599, 1], vec![900; 15]] {
            let heights = spread(&wanted, 0, 600);
            let mut sorted = heights.clone();
            sorted.sort_unstable();
            assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] >= GAP), "{heights:?}");
            assert!(sorted.iter().all(|height| (0..=600).contains(height)), "{heights:?}");
        }
        assert_eq!(spread(&[100, 300], 0, 600), [100, 300], "what has room stays");
    }
}

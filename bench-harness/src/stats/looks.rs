//! When to look at an interval that is to become narrow enough.
//!
//! Looking repeatedly and stopping at the first narrow interval favours intervals that are narrow by
//! chance. The fewer looks, the less of that; and the first has to come late enough for the width to be
//! worth something. What remains is measured: by `selftest`, and in simulations.

/// Fewest rounds at which a look is taken.
const FIRST: usize = 60;
/// Each look has so many times the rounds of the one before.
const GROWTH: f64 = 1.25;

/// The number of rounds at which to look next, after a look at `rounds` (0: none yet): whole cycles of the order,
/// ten of them at the least.
pub fn next_look(rounds: usize, cycle: usize) -> usize {
    let cycle = cycle.max(1);
    let wanted = if rounds == 0 {
        FIRST.max(10 * cycle)
    } else {
        // Rounds are counted in u32; far from where the float ends.
        ((rounds as f64 * GROWTH).ceil() as usize).max(rounds + cycle)
    };
    wanted.div_ceil(cycle) * cycle
}

#[cfg(test)]
mod tests {
    use super::next_look;

    #[test]
    fn looks_are_sparse_and_at_whole_cycles() {
        let looks: Vec<usize> =
            std::iter::successors(Some(next_look(0, 6)), |&at| Some(next_look(at, 6)))
                .take(6)
                .collect();
        assert_eq!(looks, [60, 78, 102, 132, 168, 210]);
        assert_eq!(next_look(0, 14), 140);
    }
}

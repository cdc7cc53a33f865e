//! Rounds that resemble their neighbours in the log ratio itself, where pairing does not help:
//! first-order autoregressive, rho = 0.5. One value says as much as a third of an independent one.

use super::{Machine, Noise, holds};

/// The promise, from 100 rounds on, is 93 %.
///
/// Fails with: t over single rounds (75 %), groups of five rounds (92.2 % at 100), the normal
/// quantile (87 %), the population's variance (92.9 %).
#[test]
fn from_a_hundred_rounds_on_resemblance_is_covered() {
    for (rounds, experiments) in [(100, 4_000), (200, 2_000), (300, 2_000), (1_000, 1_000)] {
        for ratio in [1.0, 1.01] {
            let machine = Machine::new(Noise::Resembling(0.5), rounds, ratio);
            holds(machine.coverage(|c| c.gross, ratio - 1.0, experiments), 93.0..=97.0, machine);
        }
    }
}

/// What is reached with fewer rounds, where neither the resemblance can be seen nor groups be made long:
/// no promise, but a floor. Under 20 rounds, which stand for themselves, the 95 % are 77 to 92 %.
///
/// Fails with: groups of two rounds at 20 (85 %).
#[test]
fn few_rounds_that_resemble_each_other_are_covered_less() {
    for (rounds, floor) in [
        (2, 90.0),
        (3, 85.0),
        (5, 75.5),
        (12, 75.0),
        (19, 76.0),
        (20, 90.5),
        (30, 91.5),
        (60, 92.5),
    ] {
        let machine = Machine::new(Noise::Resembling(0.5), rounds, 1.003);
        holds(machine.coverage(|c| c.gross, 0.003, 2_000), floor..=97.0, machine);
    }
}

#[test]
fn net_and_means_are_covered_alike() {
    for rounds in [100, 300] {
        let machine = Machine::new(Noise::Resembling(0.5), rounds, 1.01);
        let net = 0.01 / (1.0 - super::SHARE);
        holds(machine.coverage(|c| c.net, net, 2_000), 93.0..=97.0, machine);
        holds(machine.coverage(|c| c.means, 0.01, 2_000), 92.5..=97.0, machine);
    }
}

/// At rho = 0.98, where 50 rounds in a row are nearly one, groups of 20 resemble each other and are merged.
/// That is no rescue, 400 rounds being too few for such a machine, but a difference.
///
/// Fails with: groups never merged (57 %).
#[test]
fn groups_that_resemble_each_other_are_merged_to_good_effect() {
    let machine = Machine::new(Noise::Resembling(0.98), 400, 1.0);
    holds(machine.coverage(|c| c.gross, 0.0, 2_000), 72.0..=97.0, machine);
}

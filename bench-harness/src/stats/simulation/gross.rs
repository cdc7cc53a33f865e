//! The gross change: does its interval hold the true ratio, whatever single batches do?

use super::{Machine, Moment, Noise, holds};

const RATIOS: [f64; 4] = [1.0, 1.003, 1.01, 1.5];

/// Where Student's t is exact but for the middles of groups, no more than the noise of 4,000
/// experiments is allowed.
///
/// Fails with: the normal quantile (70 % at two rounds, 88 % at five), the population's variance
/// (93.4 % at two), unpaired means (over 99 %).
#[test]
fn log_normal_noise_is_covered_from_two_rounds_on() {
    for rounds in [2, 3, 5, 12, 20, 60] {
        for ratio in RATIOS {
            let machine = Machine::new(Noise::LogNormal(0.05), rounds, ratio);
            holds(machine.coverage(|c| c.gross, ratio - 1.0, 4_000), 94.0..=96.0, machine);
        }
    }
}

/// Noise of half the time, too, as the ratio is taken in logarithms; x / r - 1 in place of the logarithm
/// fails already at 2 % (81 % at two rounds).
#[test]
fn other_symmetric_noise_keeps_the_promise_at_any_number_of_rounds() {
    for noise in [Noise::Normal, Noise::LogNormal(0.5)] {
        for rounds in [2, 3, 5, 12, 19, 30, 100, 300] {
            for ratio in [1.003, 1.5] {
                let machine = Machine::new(noise, rounds, ratio);
                holds(machine.coverage(|c| c.gross, ratio - 1.0, 2_000), 93.0..=97.0, machine);
            }
        }
    }
}

#[test]
fn a_thousand_rounds_are_covered_as_ten_are() {
    for noise in [Noise::LogNormal(0.05), Noise::Bimodal, Noise::Spikes] {
        let machine = Machine::new(noise, 1_000, 1.003);
        holds(machine.coverage(|c| c.gross, 0.003, 1_000), 93.0..=97.0, machine);
    }
}

/// Two clusters are three or fewer distinct log ratios. Two rounds say nothing about that
/// (a quarter of the time both differ by the whole gap: 88 %), and are not promised; a few more are
/// covered a little too well.
#[test]
fn two_clusters_keep_the_promise_from_three_rounds_on() {
    for rounds in [3, 5, 12, 20, 60] {
        let machine = Machine::new(Noise::Bimodal, rounds, 1.01);
        holds(machine.coverage(|c| c.gross, 0.01, 2_000), 93.0..=98.0, machine);
    }
    for rounds in [100, 300] {
        let machine = Machine::new(Noise::Bimodal, rounds, 1.01);
        holds(machine.coverage(|c| c.gross, 0.01, 2_000), 93.0..=97.0, machine);
    }
}

/// Until groups are large enough to leave spikes out, a spike stretches the interval more than it
/// moves the middle, so that it errs on the safe side.
#[test]
fn spikes_are_survived() {
    for rounds in [2, 3, 5, 12, 19, 20, 30] {
        let machine = Machine::new(Noise::Spikes, rounds, 1.01);
        holds(machine.coverage(|c| c.gross, 0.01, 2_000), 93.0..=99.0, machine);
    }
    for rounds in [60, 100, 300] {
        let machine = Machine::new(Noise::Spikes, rounds, 1.01);
        holds(machine.coverage(|c| c.gross, 0.01, 2_000), 93.0..=97.0, machine);
    }
}

/// The median width of a thousand intervals of so many spiky rounds.
fn median_width(seed: u64, rounds: usize) -> f64 {
    let mut draws = super::Draws::new(seed);
    let mut widths: Vec<f64> = (0..1_000)
        .map(|_| {
            let gross = Machine::new(Noise::Spikes, rounds, 1.0).compared(&mut draws).gross;
            gross.and_then(|gross| Some(gross.high? - gross.low?)).expect("bounds")
        })
        .collect();
    widths.sort_by(f64::total_cmp);
    widths[500]
}

/// With one batch in twenty up to twenty times too long, on either side, the interval at 60 rounds is as
/// narrow as a percent.
///
/// Fails with: means in place of midmeans (48 %), single rounds in place of groups (38 %), the pairing
/// forgotten (8 %).
#[test]
fn spikes_do_not_widen_the_interval() {
    let width = median_width(5, 60);
    assert!(width < 0.01, "{width}");
}

/// Of ten rounds of two batches each, one in twenty of which is preempted, on average one is spoilt.
///
/// Fails with: nothing left out of rounds that stand for themselves (0.97).
#[test]
fn a_spike_among_ten_rounds_does_not_widen_the_interval() {
    let width = median_width(6, 10);
    assert!(width < 0.02, "{width}");
}

/// A drift or a lasting disturbance of 10 % that both sides of a round share is gone from their ratio.
///
/// Fails with: the pairing forgotten, as the disturbance is several times the noise (over 99 %).
#[test]
fn what_a_round_shares_falls_out() {
    for moment in [Moment::Lasting, Moment::Drift] {
        for rounds in [5, 12, 30, 100, 300] {
            let machine = Machine { moment, ..Machine::new(Noise::Normal, rounds, 1.01) };
            holds(machine.coverage(|c| c.gross, 0.01, 2_000), 93.0..=97.0, machine);
        }
    }
}

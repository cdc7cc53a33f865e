//! What is reported of a series' behaviour: resemblance, drift, outliers.

use crate::stats::{Behaviour, behaviour};

use super::{Draws, Resembling};

const EXPERIMENTS: u32 = 1_000;

/// Behaviours of series of `rounds` times made by `time` from the round.
fn behaviours(
    rounds: usize,
    seed: u64,
    time: impl Fn(usize, f64, &mut Draws) -> f64,
    rho: f64,
) -> Vec<Behaviour> {
    let mut draws = Draws::new(seed);
    let series = (0..EXPERIMENTS).map(|_| {
        let mut memory = Resembling::new(rho);
        let values: Vec<f64> = (0..rounds)
            .map(|round| {
                let noise = memory.next(&mut draws);
                time(round, noise, &mut draws)
            })
            .collect();
        behaviour(&values).expect("times")
    });
    series.collect()
}

fn mean(of: impl Iterator<Item = f64>) -> f64 {
    of.sum::<f64>() / f64::from(EXPERIMENTS)
}

/// (1 - rho) / (1 + rho) of 300 is 100 at rho = 0.5. Fails with: 1 - rho (154).
#[test]
fn a_third_of_the_rounds_count_at_rho_one_half() {
    let found = behaviours(300, 1, |_, noise, _| (0.05 * noise).exp(), 0.5);
    let effective = mean(found.iter().map(|one| one.effective));
    assert!((95.0..110.0).contains(&effective), "{effective}");
    let rho = mean(found.iter().filter_map(|one| one.autocorrelation));
    assert!((0.47..0.51).contains(&rho), "{rho}");
}

#[test]
fn independent_rounds_nearly_all_count() {
    let found = behaviours(300, 2, |_, noise, _| (0.05 * noise).exp(), 0.0);
    let effective = mean(found.iter().map(|one| one.effective));
    assert!((280.0..=300.0).contains(&effective), "{effective}");
}

/// Fails with: two standard errors in place of four (6 % of steady series, 20 % of those that resemble
/// themselves).
#[test]
fn a_drift_of_ten_percent_is_found_and_none_is_not() {
    let drifting = |round: usize, noise: f64, _: &mut Draws| {
        (1.0 + 0.1 * round as f64 / 100.0) * (0.02 * noise).exp()
    };
    let found = behaviours(100, 3, drifting, 0.0);
    assert!(found.iter().filter(|one| one.drifted).count() >= 990);
    // From the middle of the first third to that of the last: 0.0667 / 1.0167.
    let drift = mean(found.iter().filter_map(|one| one.drift));
    assert!((drift - 0.0656).abs() < 0.001, "{drift}");
    for (seed, sigma) in [(4, 0.002), (5, 0.02), (6, 0.2)] {
        let still = behaviours(100, seed, |_, noise, _| (sigma * noise).exp(), 0.0);
        let alarms = still.iter().filter(|one| one.drifted).count();
        assert!(alarms <= 10, "{alarms} of {EXPERIMENTS} at sigma {sigma}");
    }
}

/// Resemblance makes thirds differ by more than their spread says.
#[test]
fn a_drift_is_seldom_seen_in_resemblance_alone() {
    let still = behaviours(300, 7, |_, noise, _| (0.05 * noise).exp(), 0.5);
    let alarms = still.iter().filter(|one| one.drifted).count();
    assert!(alarms <= 10, "{alarms} of {EXPERIMENTS}");
}

/// One in twenty, 3 to 20 times as long; beyond Tukey's outer fences lie 2 in a million normal values.
///
/// Fails with: the inner fences (11.0 of 10), three standard deviations in place of the quartiles (6.6).
#[test]
fn as_many_outliers_are_counted_as_were_put_in() {
    let spiked = |round: usize, noise: f64, draws: &mut Draws| {
        let spike = if round % 20 == 7 { 3.0 + 17.0 * draws.uniform() } else { 1.0 };
        spike * (0.01 * noise).exp()
    };
    let found = behaviours(200, 8, spiked, 0.0);
    let outliers = mean(found.iter().map(|one| one.outliers as f64));
    assert!((10.0..10.1).contains(&outliers), "{outliers}");
}

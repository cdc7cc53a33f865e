//! What the samples themselves say about the machine: do rounds resemble each other, did it drift, how
//! many are far out. Reported, and never a reason to drop a sample.

use super::{groups::lag1, location::quantile, paired::log_ratios};

/// How far out, in interquartile ranges beyond the quartiles, a value is an outlier: Tukey's outer
/// fences (*Exploratory Data Analysis*, 1977).
const FENCE: f64 = 3.0;

/// A drift is called one beyond this fraction...
const DRIFT_MIN: f64 = 0.01;
/// ...and this many standard errors of the difference of two medians.
const DRIFT_ERRORS: f64 = 4.0;

/// How one series behaved over its rounds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Behaviour {
    /// Values beyond Tukey's outer fences, on either side.
    pub outliers: u64,
    /// First-order autocorrelation, outliers drawn in to the fences; `None` with fewer than three
    /// values or no spread.
    pub autocorrelation: Option<f64>,
    /// How many independent values would say as much about the mean: n (1 - r) / (1 + r) for
    /// first-order autocorrelation r above 0 (G. V. Bayley and J. M. Hammersley 1946), else n.
    pub effective: f64,
    /// Median of the last third over that of the first, less 1; `None` with fewer than nine values.
    pub drift: Option<f64>,
    /// The drift is more than noise and more than 1 %.
    pub drifted: bool,
}

/// Describes how `values`, in the order measured, behaved; `None` for an empty series or a value that
/// is not finite.
pub fn behaviour(values: &[f64]) -> Option<Behaviour> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let fences = Fences::of(values);
    let drawn_in: Vec<f64> =
        values.iter().map(|value| value.clamp(fences.low, fences.high)).collect();
    let outliers = values.iter().filter(|&&value| value < fences.low || value > fences.high);
    let autocorrelation = lag1(&drawn_in);
    let resemblance = autocorrelation.unwrap_or(0.0).max(0.0);
    let (drift, drifted) = drift(values).unzip();
    Some(Behaviour {
        outliers: outliers.count() as u64,
        autocorrelation,
        effective: values.len() as f64 * (1.0 - resemblance) / (1.0 + resemblance),
        drift,
        drifted: drifted.unwrap_or(false),
    })
}

/// The same of value over reference, round by round: what pairing did not take away. Each process's
/// ratios are taken relative to its own mean logarithm, so that a step from one process to the next is not taken for
/// rounds that resemble each other.
pub fn paired_behaviour(values: &[f64], reference: &[f64], processes: &[u32]) -> Option<Behaviour> {
    let logs = log_ratios(values, reference)?;
    if processes.len() != logs.len() {
        return None;
    }
    let mut ratios = Vec::with_capacity(logs.len());
    for run in processes.chunk_by(|a, b| a == b) {
        let of_it = &logs[ratios.len()..ratios.len() + run.len()];
        let mean = of_it.iter().sum::<f64>() / run.len() as f64;
        ratios.extend(of_it.iter().map(|log| (log - mean).exp()));
    }
    behaviour(&ratios)
}

struct Fences {
    low: f64,
    high: f64,
}

impl Fences {
    fn of(values: &[f64]) -> Self {
        let sorted = sorted(values);
        let (lower, upper) = (quantile(&sorted, 0.25), quantile(&sorted, 0.75));
        let reach = FENCE * (upper - lower);
        Self { low: lower - reach, high: upper + reach }
    }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// From the first third to the last: how far the median went, and whether that is more than noise.
fn drift(values: &[f64]) -> Option<(f64, bool)> {
    let third = values.len() / 3;
    if third < 3 {
        return None;
    }
    let (first, last) = (sorted(&values[..third]), sorted(&values[values.len() - third..]));
    let before = quantile(&first, 0.5);
    let drift = quantile(&last, 0.5) / before - 1.0;
    // The standard error of a median is 1.253 sigma / sqrt(n) for normal values; sigma from the
    // interquartile range, which is 1.349 sigma.
    let variance = |third: &[f64]| {
        let sigma = (quantile(third, 0.75) - quantile(third, 0.25)) / 1.349;
        (1.253 * sigma / before).powi(2) / third.len() as f64
    };
    let error = (variance(&first) + variance(&last)).sqrt();
    drift.is_finite().then_some((drift, drift.abs() > DRIFT_MIN.max(DRIFT_ERRORS * error)))
}

#[cfg(test)]
mod tests {
    use super::{behaviour, paired_behaviour};

    /// 100 values around 10 that repeat every seven.
    fn steady() -> Vec<f64> {
        (0..100).map(|i| 10.0 + f64::from(i * 3 % 7) / 100.0).collect()
    }

    #[test]
    fn a_steady_series_has_nothing_to_report() {
        let steady = behaviour(&steady()).expect("values");
        assert_eq!((steady.outliers, steady.drifted), (0, false));
        assert!(steady.drift.expect("thirds").abs() < 0.003);
        assert!((steady.effective - 100.0).abs() < 30.0, "{steady:?}");
    }

    #[test]
    fn outliers_are_counted_and_do_not_hide_the_resemblance() {
        let mut values: Vec<f64> = (0..100).map(|i| 10.0 + (f64::from(i) / 10.0).sin()).collect();
        values[10] = 2000.0;
        values[60] = 0.001;
        let two = behaviour(&values).expect("values");
        assert_eq!(two.outliers, 2);
        assert!(two.autocorrelation.expect("spread") > 0.6, "{two:?}");
    }

    #[test]
    fn a_drift_is_found_in_times_and_gone_in_their_ratio() {
        let slowing: Vec<f64> =
            steady().iter().zip(0..).map(|(x, i)| x * (1.0 + 0.0005 * f64::from(i))).collect();
        let found = behaviour(&slowing).expect("values");
        assert!(found.drifted && (found.drift.expect("thirds") - 0.033).abs() < 0.003, "{found:?}");
        assert!(found.autocorrelation.expect("spread") > 0.8 && found.effective < 15.0);
        let wobble = |i: usize| 1.0 + (i * 5 % 11) as f64 / 1_000.0;
        let other: Vec<f64> =
            slowing.iter().enumerate().map(|(i, x)| 2.0 * x * wobble(i)).collect();
        let ratio = paired_behaviour(&other, &slowing, &[0; 100]).expect("values");
        assert!(!ratio.drifted && ratio.outliers == 0);
    }

    #[test]
    fn few_values_leave_fields_empty() {
        let two = behaviour(&[1.0, 2.0]).expect("two");
        assert_eq!((two.autocorrelation, two.drift, two.drifted), (None, None, false));
        assert_eq!((behaviour(&[]), behaviour(&[f64::NAN])), (None, None));
    }
}

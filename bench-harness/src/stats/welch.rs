//! A change from printed tables, where only mean, spread and number of runs are known.
//!
//! Our own measurements are paired and go through [`super::change`]; a published table is not, so
//! this is what puts an interval on a figure that was printed without one. `report` calls it.

use super::{Change, student};

/// What a table says about one series.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Moments {
    /// Number of runs.
    pub runs: u64,
    /// Mean.
    pub mean: f64,
    /// Sample standard deviation (n - 1).
    pub stddev_sample: f64,
}

impl Moments {
    /// From a table that gives the *population* standard deviation, as the paper does; `None` with
    /// fewer than two runs, which have no spread to convert.
    pub fn from_population(runs: u64, mean: f64, stddev_population: f64) -> Option<Self> {
        let n = runs as f64;
        (runs >= 2).then(|| Self {
            runs,
            mean,
            stddev_sample: stddev_population * (n / (n - 1.0)).sqrt(),
        })
    }
}

/// Change of one independent series against another, with Welch's unequal-variances t interval (Welch
/// 1947) of the difference of the means, divided by the reference's mean.
///
/// That mean is taken as exact. For the published tables, where it is known to half a percent, that
/// narrows the interval by about a hundredth of a percentage point. `None` with fewer than
/// two runs on either side, a reference whose mean is not above zero, or no finite result.
pub fn welch_change(values: &Moments, reference: &Moments) -> Option<Change> {
    if values.runs < 2 || reference.runs < 2 || reference.mean <= 0.0 {
        return None;
    }
    let variance = |side: &Moments| side.stddev_sample * side.stddev_sample / side.runs as f64;
    let share = |side: &Moments| variance(side) * variance(side) / (side.runs - 1) as f64;
    let total = variance(values) + variance(reference);
    let difference = values.mean - reference.mean;
    let point = difference / reference.mean;
    if !point.is_finite() || !total.is_finite() {
        return None;
    }
    if total <= 0.0 {
        let p_value = Some(if difference == 0.0 { 1.0 } else { 0.0 });
        return Some(Change { point, low: Some(point), high: Some(point), p_value });
    }
    // Welch-Satterthwaite.
    let degrees_of_freedom = total * total / (share(values) + share(reference));
    let margin = student::quantile_975(degrees_of_freedom)? * total.sqrt() / reference.mean;
    Some(Change {
        point,
        low: Some(point - margin),
        high: Some(point + margin),
        p_value: student::two_sided_p(difference, total.sqrt(), degrees_of_freedom),
    })
}

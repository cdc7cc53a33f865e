//! One series by itself: the paper's figures, and beside them the ones for a sample.

use super::{centred::Centred, student};

/// What a series of timings says by itself, in the unit of the values given.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Description {
    /// Number of values.
    pub runs: u64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Median; of an even number, the middle of the two in the middle.
    pub median: f64,
    /// sigma = sqrt(sum (x - mean)^2 / n), as the paper has it; 0 for a single value.
    pub stddev_population: f64,
    /// s = sqrt(sum (x - mean)^2 / (n - 1)); `None` for a single value.
    pub stddev_sample: Option<f64>,
    /// The paper's margin of error, see [`margin95_z`]. `None` for a single value: the formula
    /// would give 0, which claims certainty where nothing is known.
    pub margin95_z: Option<f64>,
    /// t(0.975, n - 1) s / sqrt(n) (Student 1908), which is honest for few runs too; `None` for a
    /// single value.
    pub margin95_t: Option<f64>,
}

/// Describes a series; `None` if it is empty or holds a value that is not finite.
pub fn describe(values: &[f64]) -> Option<Description> {
    let centred = Centred::new(values)?;
    let n = centred.count();
    let squares = centred.sum_of_squares();
    let stddev_population = (squares / n).sqrt();
    let stddev_sample = (n >= 2.0).then(|| (squares / (n - 1.0)).sqrt());
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let median = if sorted.len() % 2 == 1 {
        sorted[middle]
    } else {
        f64::midpoint(sorted[middle - 1], sorted[middle])
    };
    let runs = values.len() as u64;
    Some(Description {
        runs,
        mean: centred.mean,
        min: sorted[0],
        max: sorted[sorted.len() - 1],
        median,
        stddev_population,
        stddev_sample,
        margin95_z: margin95_z(stddev_population, runs),
        margin95_t: stddev_sample
            .and_then(|s| Some(student::quantile_975(n - 1.0)? * s / n.sqrt())),
    })
}

/// The paper's 95 % margin of error, 1.96 sigma / sqrt(n), from the *population* standard deviation
/// and the number of runs (Mathew and Raju 2017); `None` with fewer than two.
///
/// It takes the spread as known, so it is too narrow for few runs: at five it is 37 % narrower than
/// Student's t. Reported for comparison with the paper's tables.
pub fn margin95_z(stddev_population: f64, runs: u64) -> Option<f64> {
    (runs >= 2).then(|| 1.96 * stddev_population / (runs as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn a_single_run_has_no_margin_of_either_kind() {
        let one = describe(&[2.5]).expect("one value");
        assert_eq!(one.runs, 1);
        assert_eq!((one.mean, one.min, one.max, one.median), (2.5, 2.5, 2.5, 2.5));
        assert!(one.stddev_population <= 0.0);
        assert_eq!((one.stddev_sample, one.margin95_z, one.margin95_t), (None, None, None));
    }

    #[test]
    fn equal_runs_have_margins_of_nothing() {
        let same = describe(&[0.1; 10]).expect("ten values");
        assert_eq!((same.margin95_z, same.margin95_t), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn the_median_of_an_even_number_is_the_middle_of_two() {
        let median = |values: &[f64]| describe(values).map(|described| described.median);
        assert_eq!(median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
        assert_eq!(median(&[9.0, 1.0, 3.0]), Some(3.0));
    }

    #[test]
    fn nothing_and_what_is_not_a_number_are_not_described() {
        assert_eq!(describe(&[]), None);
        assert_eq!(describe(&[1.0, f64::NAN]), None);
        assert_eq!(describe(&[f64::INFINITY]), None);
    }
}

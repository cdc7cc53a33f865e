//! A share and how far it can be trusted.

use statrs::distribution::{Beta, ContinuousCDF};

/// A count out of a number of trials, with its interval.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Share {
    /// How often it happened.
    pub count: u64,
    /// Out of how many.
    pub of: u64,
    /// The fraction.
    pub point: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The share of `count` out of `of` with the exact interval of C. J. Clopper and E. S. Pearson (1934),
/// which covers at least 95 %; `None` without trials or with more successes than trials.
pub fn share(count: u64, of: u64) -> Option<Share> {
    if of == 0 || count > of {
        return None;
    }
    let (k, n) = (count as f64, of as f64);
    let quantile = |a: f64, b: f64, p: f64| Beta::new(a, b).ok().map(|beta| beta.inverse_cdf(p));
    let low = if count == 0 { 0.0 } else { quantile(k, n - k + 1.0, 0.025)? };
    let high = if count == of { 1.0 } else { quantile(k + 1.0, n - k, 0.975)? };
    Some(Share { count, of, point: k / n, low, high })
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn intervals_as_scipy_has_them() {
        // scipy 1.17.1: binomtest(k, n).proportion_ci(method="exact").
        for (count, of, low, high) in EXACT {
            let share = share(count, of).expect("trials");
            assert!((share.low - low).abs() < 1e-8, "{share:?}");
            assert!((share.high - high).abs() < 1e-8, "{share:?}");
        }
        assert_eq!((share(1, 0), share(3, 2)), (None, None));
    }
    const EXACT: [(u64, u64, f64, f64); 4] = [
        (50, 1000, 0.037_335_398, 0.065_390_488),
        (0, 60, 0.0, 0.059_629_492),
        (60, 60, 0.940_370_508, 1.0),
        (7, 40, 0.073_382_729, 0.327_790_133),
    ];
}

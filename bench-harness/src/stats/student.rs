//! Student's t: the quantile that makes a 95 % interval, and the two-sided p-value.
//!
//! A thin door to statrs, so that a change of library is a change of this file; [`super::golden`]
//! holds both against values from scipy. Only `stats` uses this.
//!
//! statrs 0.19 works from v / (v + t^2), which rounds to 1 for many degrees of freedom v or a small t,
//! and what is left of t is noise (its quantile is off by 6e-5 at a million). Both functions
//! therefore take another way there.

use statrs::{
    distribution::{ContinuousCDF, StudentsT},
    function::beta::beta_reg,
};

/// From here on the expansion of the quantile is closer than the library, to about 1e-13.
const EXPANSION_FROM: f64 = 10_000.0;

/// The 97.5 % quantile of Student's t, which bounds a two-sided 95 % interval; `None` unless
/// `degrees_of_freedom` is positive and finite.
pub(super) fn quantile_975(degrees_of_freedom: f64) -> Option<f64> {
    let distribution = distribution(degrees_of_freedom)?;
    let t = if degrees_of_freedom < EXPANSION_FROM {
        distribution.inverse_cdf(0.975)
    } else {
        expanded_quantile_975(degrees_of_freedom)
    };
    t.is_finite().then_some(t)
}

/// The normal quantile and the first corrections in 1 / v (Abramowitz and Stegun 1964, 26.7.5).
fn expanded_quantile_975(degrees_of_freedom: f64) -> f64 {
    let z = 1.959_963_984_540_054_f64;
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    z + (first + second / degrees_of_freedom) / degrees_of_freedom
}

/// Probability of a statistic at least as far from zero as `estimate / standard_error`, if the true
/// value is zero.
///
/// With no spread at all the statistic is 0 / 0 or infinite; then an estimate of zero is no evidence
/// (1) and any other is certain (0). `None` unless `degrees_of_freedom` is positive and finite.
pub(super) fn two_sided_p(
    estimate: f64,
    standard_error: f64,
    degrees_of_freedom: f64,
) -> Option<f64> {
    let distribution = distribution(degrees_of_freedom)?;
    if estimate == 0.0 {
        return Some(1.0);
    }
    if standard_error <= 0.0 {
        return Some(0.0);
    }
    let t = (estimate / standard_error).abs();
    let p = if t < 1.0 {
        // The other side of the incomplete beta function's symmetry, whose argument is small here.
        let inside = t * t / (degrees_of_freedom + t * t);
        1.0 - beta_reg(0.5, degrees_of_freedom / 2.0, inside)
    } else {
        // The upper tail, not one minus the lower: small p-values keep their digits.
        2.0 * distribution.sf(t)
    };
    p.is_finite().then(|| p.min(1.0))
}

fn distribution(degrees_of_freedom: f64) -> Option<StudentsT> {
    if !degrees_of_freedom.is_finite() {
        return None;
    }
    StudentsT::new(0.0, 1.0, degrees_of_freedom).ok()
}

//! By what fraction a backend is slower than the reference, with an interval that knows both sides
//! were measured.

use super::{
    centred::{Centred, compensated_sum, paired_differences},
    student,
};

/// A change of time from the reference, as a fraction: 0.06 is 6 % slower, -0.06 is 6 % faster.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Change {
    /// The ratio, less 1: of the means, or of what is typical, as the function that made it says.
    pub point: f64,
    /// Lower end of the 95 % interval; `None` with fewer than two rounds, or where the data do not
    /// bound the ratio.
    pub low: Option<f64>,
    /// Upper end; there exactly when `low` is.
    pub high: Option<f64>,
    /// Two-sided p-value of "no change"; `None` with fewer than two rounds. Where there is an
    /// interval, it leaves out 0 exactly when this is below 0.05.
    pub p_value: Option<f64>,
}

/// Change of `values` against `reference`, paired: `values[i]` and `reference[i]` belong to the same
/// round.
///
/// The interval is Fieller's (Fieller 1954, in the paired form): every ratio rho for which a paired t
/// test at 5 % would not reject mean(x) = rho mean(r), that is
/// (mean(x) - rho mean(r))^2 <= t^2 Var(mean(x) - rho mean(r)). It is exact for normal data, needs no
/// linearisation of the ratio, and is not symmetric. If the reference's own mean cannot be told
/// from zero, the set is not an interval and there are no bounds. The p-value is that of the paired t
/// test of x - r, which is the same test at rho = 1.
///
/// `None` if the series are empty, differ in length, hold a value that is not finite, or the mean of
/// the reference is not above zero, so that there is nothing to be a fraction of.
pub fn change(values: &[f64], reference: &[f64]) -> Option<Change> {
    let differences = Centred::new(&paired_differences(values, reference)?)?;
    let values = Centred::new(values)?;
    let reference = Centred::new(reference)?;
    if reference.mean <= 0.0 {
        return None;
    }
    // The mean of the differences over the mean of the reference, and not a ratio less one: a
    // change of 1e-9 would otherwise keep only half of its digits.
    let point = differences.mean / reference.mean;
    if !point.is_finite() {
        return None;
    }
    let degrees_of_freedom = reference.count() - 1.0;
    let p_value = differences.variance_of_mean().and_then(|variance| {
        student::two_sided_p(differences.mean, variance.sqrt(), degrees_of_freedom)
    });
    let (below, above) = fieller(&values, &reference, 1.0 + point).unzip();
    Some(Change {
        point,
        low: below.map(|below| point + below),
        high: above.map(|above| point + above),
        p_value,
    })
}

/// Change net of the generator: the same on (x - b) against (r - b), round by round.
///
/// The paired differences are those of [`change`], hence also the p-value: taking away the generator
/// changes what the difference is a fraction of, not whether there is one. `None` as there, and
/// where the reference's own mean net of the generator is not above zero.
pub fn net_change(values: &[f64], reference: &[f64], baseline: &[f64]) -> Option<Change> {
    change(&paired_differences(values, baseline)?, &paired_differences(reference, baseline)?)
}

/// Distances from the ratio of the means to the ends of Fieller's interval: (not positive, not
/// negative). `None` with fewer than two rounds or where the set is unbounded.
///
/// Written in the distance d = rho - ratio and the residuals e = x - ratio r, whose mean is zero, the
/// condition is d^2 (m^2 - t^2 Vrr) + 2 d t^2 Ver - t^2 Vee <= 0 with m the reference's mean and V
/// (co)variances of means. In this form nothing large cancels, and the discriminant cannot be negative
/// while the set is bounded.
fn fieller(values: &Centred, reference: &Centred, ratio: f64) -> Option<(f64, f64)> {
    let n = reference.count();
    let t = student::quantile_975(n - 1.0)?;
    let residuals: Vec<f64> =
        values.deviations.iter().zip(&reference.deviations).map(|(x, r)| x - ratio * r).collect();
    let scale = t * t / (n * (n - 1.0));
    let squares = scale * compensated_sum(residuals.iter().map(|e| e * e));
    let products =
        scale * compensated_sum(residuals.iter().zip(&reference.deviations).map(|(e, r)| e * r));
    let leading = reference.mean * reference.mean - scale * reference.sum_of_squares();
    if leading <= 0.0 {
        return None;
    }
    let root = (products * products + leading * squares).sqrt();
    // Of the two roots one is a sum of like signs; the other follows from their product, so that
    // neither is a difference of nearly equal numbers.
    let ends = if root <= 0.0 {
        (0.0, 0.0)
    } else if products >= 0.0 {
        (-(products + root) / leading, squares / (products + root))
    } else {
        (squares / (products - root), (root - products) / leading)
    };
    (ends.0.is_finite() && ends.1.is_finite()).then_some(ends)
}

#[cfg(test)]
mod tests {
    use super::{change, net_change};

    #[test]
    fn one_round_gives_a_point_and_claims_no_more() {
        let change = change(&[1.06], &[1.0]).expect("one round");
        assert!((change.point - 0.06).abs() < 1e-15);
        assert_eq!((change.low, change.high, change.p_value), (None, None, None));
    }

    #[test]
    fn no_spread_is_certainty_and_never_nan() {
        let same = change(&[5.0, 5.0, 5.0], &[5.0, 5.0, 5.0]).expect("three rounds");
        assert_eq!((same.point, same.low, same.high), (0.0, Some(0.0), Some(0.0)));
        assert_eq!(same.p_value, Some(1.0));
        let slower = change(&[6.0, 6.0], &[5.0, 5.0]).expect("two rounds");
        assert_eq!((slower.low, slower.high), (Some(0.2), Some(0.2)));
        assert_eq!(slower.p_value, Some(0.0));
    }

    #[test]
    fn equal_differences_of_a_noisy_pair_are_certain_and_agree_with_the_interval() {
        // x = r + 1 in every round: the difference is certain, its share of the reference is not.
        let change = change(&[11.0, 13.0, 15.0], &[10.0, 12.0, 14.0]).expect("three rounds");
        assert_eq!(change.p_value, Some(0.0));
        assert!(change.low.is_some_and(|low| low > 0.0));
        assert!(change.low < change.high);
    }

    #[test]
    fn a_reference_that_may_be_zero_bounds_nothing() {
        // Mean 1, but its own interval holds zero: the ratio could be anything.
        let change = change(&[3.0, 2.0, 4.0], &[-9.0, 2.0, 10.0]).expect("mean above zero");
        assert!((change.point - 2.0).abs() < 1e-12);
        assert_eq!((change.low, change.high), (None, None));
        assert!(change.p_value.is_some_and(|p| p > 0.05));
    }

    #[test]
    fn nothing_can_be_a_fraction_of_nothing() {
        assert_eq!(change(&[1.0, 1.0], &[0.0, 0.0]), None);
        assert_eq!(change(&[1.0, 1.0], &[-1.0, -2.0]), None);
        assert_eq!(net_change(&[5.0], &[2.0], &[3.0]), None);
        assert_eq!(change(&[1.0], &[]), None);
        assert_eq!(change(&[], &[]), None);
        assert_eq!(change(&[f64::NAN], &[1.0]), None);
    }

    #[test]
    fn taking_the_generator_away_changes_the_fraction_but_not_the_evidence() {
        let (x, r, b) = ([9.0, 9.2, 8.9], [8.5, 8.4, 8.6], [2.0, 2.1, 2.0]);
        let gross = change(&x, &r).expect("gross");
        let net = net_change(&x, &r, &b).expect("net");
        assert!(net.point > gross.point);
        let (gross, net) = (gross.p_value.expect("p"), net.p_value.expect("p"));
        assert!((gross - net).abs() < 1e-12);
    }
}

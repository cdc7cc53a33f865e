//! The change net of the generator: a change of the whole time, as a fraction of the part of it that is
//! the lookup's.
//!
//! [`paired`](super::paired) comes to it with the two ingredients, in logarithms and in shares; nobody else does.

use super::{Change, student, trimmed::Trimmed};

/// How finely the way from the point to an end is gone before the end is bracketed: in parts of the
/// margin there, or of the gross change's where that is larger.
const STEPS_A_MARGIN: f64 = 16.0;
/// So many steps are 600 margins. Who is not rejected by then is taken for one who never is.
const STEPS_MAX: u32 = 10_000;
/// Halvings of a bracket of one step: the last bit is reached sooner.
const HALVINGS: u32 = 64;

/// Net of the generator, where `logs` are the units' ln(value / reference), `shares` those of the
/// lookup in the reference's time, and `gross` the change that the logs say.
///
/// With D the mean of the logs and S that of the shares the point is `gross / S`. The interval is every q that a
/// t test does not reject: if q is the net change, the gross ratio is 1 + q S, and
///
/// |D - ln(1 + q S)| <= t se(D - a S), with a = q / (1 + q S), how much ln(1 + q S) rises with S.
///
/// That is the thought of E. C. Fieller (1954), an interval of a ratio from the tests of its values, on the scale
/// on which the gross change is tested. At q = 0 it *is* the test of the gross change: the net interval leaves
/// out 0 exactly where the gross one does, however noisy (what passes is joined with 0 if that passes and the
/// two lie apart, which takes two units).
///
/// What it takes for straight is ln(1 + q S) in S: across the error of S, and also across the spread of S from round to
/// round, as D is a mean of single rounds' logarithms. A baseline that is noisy by itself, beside a backend that takes
/// hardly longer, therefore moves the point, by about half of `a`^2 times the variance of S in its logarithm, however many
/// rounds there are: METHODOLOGY has figures.
///
/// Towards a net time of nothing a = q / (1 + q S) has no bounds, and there may be no q from which on
/// all are rejected: then the lower end is -1 / S, where not even the generator's time would be left.
/// There is no interval where S cannot be told from zero, and no change where it is not above zero.
pub(super) fn net_ratio(logs: &Trimmed, shares: &Trimmed, gross: Change) -> Option<Change> {
    let share = shares.mean;
    let point = gross.point / share;
    if share <= 0.0 || !point.is_finite() {
        return None;
    }
    let ends = Errors::new(logs, shares).filter(Errors::knows_the_share).map(|errors| {
        let net = |log: f64| log.exp_m1() / share;
        let low = errors.end(-1.0).map_or(-1.0 / share, net);
        (low, errors.end(1.0).map(net))
    });
    let (low, high) = ends.and_then(|(low, high)| Some((low, high?))).unzip();
    Some(Change { point, low, high, p_value: gross.p_value })
}

/// What is needed to test a gross ratio that a net change would lead to.
struct Errors {
    log: f64,
    share: f64,
    /// t(0.975), squared, times the (co)variances of the two means.
    logs: f64,
    both: f64,
    shares: f64,
}

impl Errors {
    fn new(logs: &Trimmed, shares: &Trimmed) -> Option<Self> {
        let squared = student::quantile_975(logs.freedom())?.powi(2);
        Some(Self {
            log: logs.mean,
            share: shares.mean,
            logs: squared * logs.variance_of_mean()?,
            both: squared * logs.covariance_of_means(shares)?,
            shares: squared * shares.variance_of_mean()?,
        })
    }

    fn knows_the_share(&self) -> bool {
        self.share * self.share > self.shares
    }

    /// The margin of D - a S if the logarithm of the gross ratio is `log`.
    fn margin(&self, log: f64) -> f64 {
        // q / (1 + q S) with 1 + q S = exp(log).
        let a = -(-log).exp_m1() / self.share;
        (self.logs - 2.0 * a * self.both + a * a * self.shares).max(0.0).sqrt()
    }

    /// By how much the logarithm of a gross ratio at this `distance` from the middle, up (1) or down (-1), is
    /// beyond what the test lets pass; negative where it passes.
    fn beyond(&self, side: f64, distance: f64) -> f64 {
        distance - self.margin(self.log + side * distance)
    }

    /// The logarithm of the gross ratio at the end to this side; `None` if nothing is rejected.
    ///
    /// Downwards `beyond` is concave in the ratio's inverse: it rises to one summit. Once it falls again without
    /// having been above zero, it never will be.
    ///
    /// With two units the errors of D and S can cancel at the point, and what passes there be an island. No change at
    /// all is passed or rejected as the gross test has it, so the way goes out from there where it passes, and stops
    /// there where it does not.
    fn end(&self, side: f64) -> Option<f64> {
        let at_zero = -side * self.log;
        let zero_passes = at_zero > 0.0 && self.beyond(side, at_zero) <= 0.0;
        let mut inside = if zero_passes { at_zero } else { 0.0 };
        let step = self.margin(self.log).max(self.logs.sqrt()) / STEPS_A_MARGIN;
        if step <= 0.0 {
            return Some(self.log);
        }
        let start = inside;
        for count in 1..=STEPS_MAX {
            let mut outside = start + f64::from(count) * step;
            if inside < at_zero && at_zero < outside {
                outside = at_zero;
            }
            let beyond = self.beyond(side, outside);
            if beyond > 0.0 {
                return Some(self.log + side * self.halved(side, inside, outside));
            }
            if side < 0.0 && beyond <= self.beyond(side, inside) {
                return None;
            }
            inside = outside;
        }
        None
    }

    /// The distance between one that passes and one that does not.
    fn halved(&self, side: f64, mut inside: f64, mut outside: f64) -> f64 {
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(inside, outside);
            if self.beyond(side, middle) > 0.0 { outside = middle } else { inside = middle }
        }
        inside
    }
}

#[cfg(test)]
mod tests {
    use super::net_ratio;
    use crate::stats::{Change, paired::typical, trimmed::Trimmed};

    fn net(logs: &[f64], shares: &[f64]) -> (Change, Change) {
        let [logs, shares] = [logs, shares].map(|v| Trimmed::new(v, 0).expect("values"));
        let gross = typical(&logs);
        (gross, net_ratio(&logs, &shares, gross).expect("a share above zero"))
    }

    #[test]
    fn a_share_without_error_only_scales() {
        let (gross, net) = net(&[0.1, 0.3, 0.2, 0.5], &[0.8; 4]);
        let scaled = |end: Option<f64>| end.expect("end") / 0.8;
        assert!((net.point - gross.point / 0.8).abs() < 1e-15);
        assert!((net.low.expect("low") - scaled(gross.low)).abs() < 1e-14);
        assert!((net.high.expect("high") - scaled(gross.high)).abs() < 1e-14);
        assert_eq!(net.p_value, gross.p_value);
    }

    /// However wide: Fieller's interval of the same along a tangent disagreed here.
    #[test]
    fn the_interval_leaves_out_nothing_exactly_where_the_gross_one_does() {
        for middle in [-3.0, -0.9, -0.5, 0.5, 0.9, 3.0] {
            for spread in [0.2, 0.3, 0.4, 0.5, 1.0, 3.0] {
                let logs = [-1.0, -0.5, 0.0, 0.5, 1.0].map(|part| middle + spread * part);
                let (gross, net) = net(&logs, &[0.90, 0.93, 0.91, 0.95, 0.92]);
                let off = |change: Change| (change.low > Some(0.0), change.high < Some(0.0));
                assert_eq!(off(gross), off(net), "{gross:?} {net:?}");
                assert!(net.low < Some(net.point) && Some(net.point) < net.high, "{net:?}");
            }
        }
    }

    /// The backend takes 9 % of the reference's time and the generator 8 +- 1 %: how much of it is the lookup's
    /// is open, down to nothing at all.
    #[test]
    fn where_next_to_nothing_is_left_there_is_no_lower_end_but_the_last() {
        let logs = [-2.41, -2.40, -2.42, -2.41, -2.40];
        let (_, net) = net(&logs, &[0.92, 0.90, 0.94, 0.93, 0.91]);
        assert!(net.low < Some(-1.0) && net.high < Some(-0.95), "{net:?}");
        let (_, lost) = super::tests::net(&logs, &[0.9, 0.6, 1.2, 0.7, 1.3]);
        assert!((lost.low.expect("low") + 1.0 / 0.94).abs() < 1e-12, "{lost:?}");
    }

    /// Two rounds: array 100 and 100, backend 68 and 72, baseline 36 and 44. The errors cancel at the point.
    #[test]
    fn errors_that_cancel_at_the_point_do_not_leave_out_what_the_gross_test_passes() {
        let (gross, net) = net(&[0.68_f64.ln(), 0.72_f64.ln()], &[0.64, 0.56]);
        assert!(gross.high > Some(0.0) && gross.low < Some(-0.5), "{gross:?}");
        assert!(net.low < Some(net.point) && net.high > Some(0.0), "{net:?}");
        // What passes around the point ends before what passes around 0 begins.
        let (gross, island) = super::tests::net(&[-1.87, -1.46], &[0.61, 0.53]);
        assert!(gross.high > Some(0.0) && island.high > Some(0.0), "{gross:?} {island:?}");
        let (_, cancelled) = super::tests::net(&[-2.4, -1.6], &[0.85, 0.75]);
        assert!(cancelled.low.is_some() && cancelled.high > Some(0.0), "{cancelled:?}");
    }

    #[test]
    fn a_share_that_may_be_nothing_bounds_nothing() {
        let (_, net) = net(&[0.1, 0.2, 0.3], &[0.9, -0.4, 0.2]);
        assert_eq!((net.low, net.high), (None, None));
        let [logs, none] = [[0.1, 0.2], [-0.1, 0.1]].map(|v| Trimmed::new(&v, 0).expect("two"));
        assert_eq!(net_ratio(&logs, &none, typical(&logs)), None);
    }
}

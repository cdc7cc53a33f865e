//! What remains of a backend's time once the generator's is taken away.

use super::{
    centred::{Centred, paired_differences},
    student,
};

/// Time net of the generator, in the unit of the values given.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Net {
    /// Mean of the paired differences x - b. Never clamped.
    pub mean: f64,
    /// Student's 95 % margin of that mean; `None` with fewer than two rounds.
    pub margin95_t: Option<f64>,
    /// The generator alone took longer than generator and lookup together. On an out-of-order core
    /// costs need not add, so this can be true of the machine and not only of the noise; whoever
    /// shows the figure has to say so.
    pub negative: bool,
}

/// Net of the baseline, round by round: `values[i]` and `baseline[i]` belong to the same round.
///
/// The spread is taken over the differences, which is Var x + Var b - 2 Cov(x, b) and so gains from
/// whatever slowed down or sped up both. `None` if the series are empty, differ in length, or hold a
/// value that is not finite.
pub fn net(values: &[f64], baseline: &[f64]) -> Option<Net> {
    let differences = Centred::new(&paired_differences(values, baseline)?)?;
    let margin95_t = differences.variance_of_mean().and_then(|variance| {
        Some(student::quantile_975(differences.count() - 1.0)? * variance.sqrt())
    });
    Some(Net { mean: differences.mean, margin95_t, negative: differences.mean < 0.0 })
}

#[cfg(test)]
mod tests {
    use super::net;

    #[test]
    fn noise_common_to_both_sides_falls_out() {
        // The machine is 10 % slower in every second round; the lookup costs 3 in all of them.
        let baseline = [20.0, 22.0, 20.0, 22.0];
        let values = [23.0, 25.0, 23.0, 25.0];
        let net = net(&values, &baseline).expect("four rounds");
        assert_eq!((net.mean, net.margin95_t, net.negative), (3.0, Some(0.0), false));
    }

    #[test]
    fn a_negative_net_time_is_kept_and_flagged() {
        let net = net(&[10.0, 11.0], &[12.0, 12.0]).expect("two rounds");
        assert_eq!((net.mean, net.negative), (-1.5, true));
        assert!(net.margin95_t.is_some_and(|margin| margin > 0.0));
    }

    #[test]
    fn one_round_has_a_mean_and_no_margin() {
        let single = net(&[5.0], &[2.0]).expect("one round");
        assert_eq!((single.mean, single.margin95_t), (3.0, None));
    }

    #[test]
    fn series_that_do_not_pair_are_refused() {
        assert_eq!(net(&[1.0, 2.0], &[1.0]), None);
        assert_eq!(net(&[], &[]), None);
        assert_eq!(net(&[f64::NAN], &[1.0]), None);
    }
}

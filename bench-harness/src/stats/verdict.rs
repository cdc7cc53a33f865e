//! From a change to a word: slower, faster, equivalent or inconclusive, corrected for looking at
//! several backends at once.

use super::Change;

/// Below this corrected p-value a change is taken for real.
pub const SIGNIFICANCE: f64 = 0.05;

/// Changes within this fraction of the reference count as the same, 1 %.
pub const EQUIVALENCE_FRACTION: f64 = 0.01;

/// What can be said about a backend against the reference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It takes longer than the reference.
    Slower,
    /// It takes less time than the reference.
    Faster,
    /// No change was shown, and whatever there is lies within the equivalence bounds.
    Equivalent,
    /// Neither a change nor its absence was shown: more rounds or a quieter machine are needed.
    Inconclusive,
}

impl Verdict {
    /// The word, as it stands in comparison.csv.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Slower => "slower",
            Self::Faster => "faster",
            Self::Equivalent => "equivalent",
            Self::Inconclusive => "inconclusive",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.pad(self.as_str())
    }
}

/// Judges a change by its p-value after Holm's correction and its interval.
///
/// - `Slower` or `Faster` where `p_holm` is below [`SIGNIFICANCE`]; the sign of the point says which.
/// - else `Equivalent` where the 95 % interval lies strictly within `equivalence_fraction` on both
///   sides. That is two one-sided tests at 2.5 % each (Schuirmann 1987), stricter than the customary
///   90 % interval. Whichever side is called the reference: 1 % slower seen from the other side is
///   0.99 % faster, and that is the lower bound.
/// - else `Inconclusive`.
///
/// A change can be both, certain and small: +0.5 % to +0.7 %. Then the change wins. It was found, its
/// size stands beside the word, and the other way round no effect below the bounds could ever be
/// reported, however long the measurement. So `equivalent` always means that no change was shown.
/// Equivalence is judged by the uncorrected interval: the correction guards against false
/// alarms, which equivalence cannot raise.
pub fn verdict(change: &Change, p_holm: f64, equivalence_fraction: f64) -> Verdict {
    if p_holm < SIGNIFICANCE && change.point != 0.0 {
        return if change.point > 0.0 { Verdict::Slower } else { Verdict::Faster };
    }
    let furthest_below = -equivalence_fraction / (1.0 + equivalence_fraction);
    match (change.low, change.high) {
        (Some(low), Some(high)) if furthest_below < low && high < equivalence_fraction => {
            Verdict::Equivalent
        }
        _ => Verdict::Inconclusive,
    }
}

/// Judges several changes as one family: of each that has a p-value, that value after [`holm`]'s correction and the
/// [`verdict`]. The order is that of the argument.
pub fn judge(changes: &[Option<Change>], equivalence_fraction: f64) -> Vec<Option<(f64, Verdict)>> {
    let tested = |change: &Option<Change>| change.and_then(|change| change.p_value);
    let p_values: Vec<f64> = changes.iter().filter_map(tested).collect();
    let mut corrected = holm(&p_values).into_iter();
    changes
        .iter()
        .map(|change| {
            let change = change.filter(|change| change.p_value.is_some())?;
            let p_holm = corrected.next()?;
            Some((p_holm, verdict(&change, p_holm, equivalence_fraction)))
        })
        .collect()
}

/// Holm's step-down correction (Holm 1979): p-values so raised that calling everything below alpha a
/// change gives one false alarm or more, among all of them, with probability at most alpha.
///
/// The i-th smallest of m, counted from 0, is multiplied by m - i, never falls below the one before
/// it, and never exceeds 1. The order of the result is that of the argument. What is not a number
/// counts as 1, no evidence.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let evidence = |index: usize| {
        if p_values[index].is_nan() { 1.0 } else { p_values[index] }
    };
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| evidence(a).total_cmp(&evidence(b)));
    let mut corrected = vec![1.0; p_values.len()];
    let mut largest = 0.0_f64;
    for (rank, &index) in order.iter().enumerate() {
        let factor = (p_values.len() - rank) as f64;
        largest = largest.max(evidence(index) * factor).min(1.0);
        corrected[index] = largest;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::{EQUIVALENCE_FRACTION, Verdict, holm, verdict};
    use crate::stats::Change;

    fn judge(low: f64, high: f64, p: f64) -> Verdict {
        let change = Change {
            point: f64::midpoint(low, high),
            low: Some(low),
            high: Some(high),
            p_value: Some(p),
        };
        verdict(&change, p, EQUIVALENCE_FRACTION)
    }

    #[test]
    fn the_four_words() {
        assert_eq!(judge(0.02, 0.04, 0.001), Verdict::Slower);
        assert_eq!(judge(-0.04, -0.02, 0.001), Verdict::Faster);
        assert_eq!(judge(-0.004, 0.006, 0.7), Verdict::Equivalent);
        assert_eq!(judge(-0.004, 0.02, 0.2), Verdict::Inconclusive);
        assert_eq!(format!("{:>7}", Verdict::Slower), " slower");
    }

    #[test]
    fn a_change_that_is_certain_and_small_is_a_change() {
        assert_eq!(judge(0.005, 0.007, 1e-6), Verdict::Slower);
    }

    #[test]
    fn an_interval_off_zero_is_not_enough_once_corrected() {
        assert_eq!(judge(0.001, 0.03, 0.12), Verdict::Inconclusive);
        assert_eq!(judge(0.001, 0.009, 0.12), Verdict::Equivalent);
    }

    #[test]
    fn an_interval_that_touches_the_bound_is_not_inside() {
        assert_eq!(judge(-0.002, 0.01, 0.3), Verdict::Inconclusive);
        assert_eq!(judge(-0.01, 0.002, 0.3), Verdict::Inconclusive);
    }

    #[test]
    fn equivalence_does_not_depend_on_which_side_is_the_reference() {
        // 0.995 % faster is 1.005 % slower from the other side.
        let (low, high) = (-0.009_95, 0.004);
        let mirrored = |end: f64| 1.0 / (1.0 + end) - 1.0;
        assert_eq!(judge(low, high, 0.3), Verdict::Inconclusive);
        assert_eq!(judge(mirrored(high), mirrored(low), 0.3), Verdict::Inconclusive);
        assert_eq!(judge(-0.009_8, 0.009_9, 0.3), Verdict::Equivalent);
    }

    #[test]
    fn without_an_interval_only_the_test_speaks() {
        let change = Change { point: 0.3, low: None, high: None, p_value: Some(0.01) };
        assert_eq!(verdict(&change, 0.01, EQUIVALENCE_FRACTION), Verdict::Slower);
        assert_eq!(verdict(&change, 0.4, EQUIVALENCE_FRACTION), Verdict::Inconclusive);
    }

    #[test]
    fn holm_of_a_worked_example() {
        // By hand: 0.005 x 4, 0.01 x 3, max(0.03 x 2, 0.03), max(0.04 x 1, 0.06).
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (got, want) in corrected.iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert!((got - want).abs() < 1e-15, "{corrected:?}");
        }
    }

    #[test]
    fn holm_is_capped_keeps_the_order_and_leaves_one_value_alone() {
        assert_eq!(holm(&[0.9, 0.6]), [1.0, 1.0]);
        assert_eq!(holm(&[0.03]), [0.03]);
        assert_eq!(holm(&[]), [0.0; 0]);
        assert_eq!(holm(&[f64::NAN, 0.01]), [1.0, 0.02]);
    }
}

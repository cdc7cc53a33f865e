//! Means of a few numbers that one wild value among them does not move.
//!
//! Twenty rounds and more are averaged in groups, whose midmeans leave wild rounds out. Of fewer each
//! stands for itself, and a preempted batch is then one of the numbers that are tested. So a share of
//! the numbers is left out at either end, and the error is that of what is left.
//!
//! Only `stats` uses this.

use super::{
    centred::{Centred, compensated_sum},
    location::middle_mean,
};

/// A trimmed mean with what its error is computed from.
///
/// The error of a trimmed mean is not that of a sample from which the ends are missing, for which ends
/// are left out depends on the sample. J. W. Tukey and D. H. `McLaughlin` (*Less vulnerable confidence and
/// significance procedures for location based on a single sample*, Sankhya A 25, 1963) have Student's t with
/// the Winsorized deviations: what was left out counts as the nearest value that was kept, the sum of the
/// squares is divided by h (h - 1), h being the number kept, and there are h - 1 degrees of freedom.
/// With nothing left out it is the plain mean and Student's own t. Covariances of two trimmed means are
/// the same with products (K. K. Yuen, Biometrika 61, 1974; for paired values R. R. Wilcox, *Introduction to Robust
/// Estimation and Hypothesis Testing*, 3rd ed. 2012, sec. 5.9.5).
pub(super) struct Trimmed {
    /// The mean of the values kept.
    pub(super) mean: f64,
    /// Winsorized values less their own mean, in the order given.
    deviations: Vec<f64>,
    /// How many values were kept.
    kept: f64,
}

impl Trimmed {
    /// Leaves `cut` values out at either end; `None` if that is all of them, or one is not finite.
    pub(super) fn new(values: &[f64], cut: usize) -> Option<Self> {
        let all = Centred::new(values)?;
        if cut == 0 {
            return Some(Self { mean: all.mean, kept: all.count(), deviations: all.deviations });
        }
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let kept =
            sorted.get(cut..values.len().checked_sub(cut)?).filter(|kept| !kept.is_empty())?;
        let (lowest, highest) = (kept[0], kept[kept.len() - 1]);
        let drawn_in: Vec<f64> = values.iter().map(|value| value.clamp(lowest, highest)).collect();
        Some(Self {
            mean: middle_mean(kept),
            deviations: Centred::new(&drawn_in)?.deviations,
            kept: kept.len() as f64,
        })
    }

    /// Degrees of freedom of the error.
    pub(super) fn freedom(&self) -> f64 {
        self.kept - 1.0
    }

    /// The square of the standard error of the mean; `None` where fewer than two values were kept.
    pub(super) fn variance_of_mean(&self) -> Option<f64> {
        self.covariance_of_means(self)
    }

    /// Covariance of two means over the same units, as many left out of each; `None` as above.
    pub(super) fn covariance_of_means(&self, other: &Self) -> Option<f64> {
        let products = self.deviations.iter().zip(&other.deviations).map(|(a, b)| a * b);
        (self.kept >= 2.0).then(|| compensated_sum(products) / (self.kept * self.freedom()))
    }
}

#[cfg(test)]
mod tests {
    use super::Trimmed;

    #[test]
    fn a_wild_value_moves_neither_the_mean_nor_the_error() {
        let quiet = Trimmed::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 1).expect("six");
        let wild = Trimmed::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6e9], 1).expect("six");
        for trimmed in [&quiet, &wild] {
            // By hand: 2, 3, 4, 5 kept; Winsorized 2, 2, 3, 4, 5, 5 deviate by 1.5, 1.5, 0.5, ...
            assert!((trimmed.mean - 3.5).abs() < 1e-15);
            let variance = trimmed.variance_of_mean().expect("four kept");
            assert!((variance - 9.5 / 12.0).abs() < 1e-15, "{variance}");
            assert!((trimmed.freedom() - 3.0).abs() < 1e-15);
        }
    }

    #[test]
    fn nothing_left_out_is_students_own() {
        let plain = Trimmed::new(&[3.0, 1.0, 2.0], 0).expect("three");
        assert!((plain.mean - 2.0).abs() < 1e-15);
        assert!((plain.variance_of_mean().expect("three") - 1.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn two_means_that_rise_together_covary() {
        let up = Trimmed::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 1).expect("six");
        let down = Trimmed::new(&[12.0, 10.0, 8.0, 6.0, 4.0, 2.0], 1).expect("six");
        let both = up.covariance_of_means(&down).expect("four kept");
        assert!((both + 2.0 * up.variance_of_mean().expect("four kept")).abs() < 1e-15);
    }

    #[test]
    fn what_is_left_of_nothing_is_nothing() {
        assert!(Trimmed::new(&[1.0, 2.0], 1).is_none());
        assert!(Trimmed::new(&[1.0, 2.0], 2).is_none());
        assert!(Trimmed::new(&[], 0).is_none());
        assert!(Trimmed::new(&[1.0, f64::NAN, 2.0], 1).is_none());
        let one = Trimmed::new(&[5.0], 0).expect("one");
        assert_eq!(one.variance_of_mean(), None);
    }
}

//! Where the middle of a few numbers is, without letting the wildest of them decide.
//!
//! Only `stats` uses this.

/// Mean of the middle half: a quarter of the values (rounded down) is left out at either end.
///
/// The interquartile mean (J. W. Tukey's midmean, *Exploratory Data Analysis*, 1977). A preempted batch, which takes
/// ten times as long as its neighbours, does not move it; nor does it jump, as the median does,
/// where times come in two clusters. Of fewer than four values it is the plain mean. Negating all values negates it
/// exactly, which the randomised test needs. `None` if there are none or one is not finite.
pub(super) fn midmean(values: &[f64]) -> Option<f64> {
    if values.is_empty() || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let cut = sorted.len() / 4;
    Some(middle_mean(&sorted[cut..sorted.len() - cut]))
}

/// The mean of sorted values, added up from the outside in, two by two: of the values mirrored it is
/// the mirrored mean to the last bit. NaN of none.
pub(super) fn middle_mean(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    let pairs = sorted.iter().zip(sorted.iter().rev()).take(half).map(|(low, high)| low + high);
    let odd = if sorted.len().is_multiple_of(2) { 0.0 } else { sorted[half] };
    (pairs.sum::<f64>() + odd) / sorted.len() as f64
}

/// The value below which the fraction `part` of the sorted `values` lies, interpolated linearly (type
/// 7 of Hyndman and Fan 1996, as numpy and R have it by default). 0 for none.
pub(super) fn quantile(sorted: &[f64], part: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let place = part * last as f64;
    // `part` is within 0 and 1, hence the place within the slice.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let below = place.floor() as usize;
    let above = sorted[(below + 1).min(last)];
    sorted[below] + (place - place.floor()) * (above - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::{midmean, quantile};

    #[test]
    fn the_middle_half_is_averaged() {
        assert_eq!(midmean(&[4.0, 1.0, 1000.0, 2.0]), Some(3.0));
        assert_eq!(midmean(&[1.0, 2.0, 6.0]), Some(3.0));
        assert_eq!(midmean(&[7.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, -99.0]), Some(3.5));
        assert_eq!((midmean(&[]), midmean(&[f64::NAN])), (None, None));
    }

    #[test]
    fn a_mirrored_series_has_the_mirrored_middle() {
        let values = [0.3, -1.2, 0.7, 0.11, 5.0, -0.4, 0.9];
        let mirrored = values.map(|value| -value);
        assert_eq!(midmean(&mirrored), midmean(&values).map(|middle| -middle));
    }

    #[test]
    fn quartiles_as_numpy_has_them() {
        // numpy.quantile([1, 2, 4, 8], [0.25, 0.75]) = [1.75, 5.0].
        let sorted = [1.0, 2.0, 4.0, 8.0];
        assert_eq!((quantile(&sorted, 0.25), quantile(&sorted, 0.75)), (1.75, 5.0));
        assert_eq!((quantile(&sorted, 0.0), quantile(&sorted, 1.0)), (1.0, 8.0));
    }
}

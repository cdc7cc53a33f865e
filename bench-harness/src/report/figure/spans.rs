//! What a scale has to hold where single runs may lie far out, and a median that follows the runs.
//!
//! One batch that lost its core for a while takes several times as long as any other, and on a scale that held
//! it nobody would see the rest. Used by the figures of single runs, [`distribution`](super::distribution) and
//! [`rounds`](super::rounds), which mark what lies beyond with arrows and say how much it is.

use super::axis::{Axis, Fit};

/// Share of the runs at either end that sets no scale.
const ENDS: f64 = 0.05;
/// How far beyond the rest a run may lie and still be shown in its place, in widths of the rest.
const BEYOND: f64 = 1.0;

/// From where to where most of `values` lie, with those not far beyond; none without values.
pub(super) fn span(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let mut sorted: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    // A share of a length.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let skipped = (ENDS * last as f64).ceil() as usize;
    // Of a few runs the middle ones set the scale.
    let skipped = skipped.min(last / 2);
    let (low, high) = (sorted[skipped], sorted[last - skipped]);
    let room = (high - low) * BEYOND;
    Some((sorted[0].max(low - room), sorted[last].min(high + room)))
}

/// The least stretch that holds both.
pub(super) fn union(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0.min(b.0), a.1.max(b.1))
}

/// A linear scale of a stretch, with a margin.
pub(super) fn scale((low, high): (f64, f64)) -> Axis {
    Axis::fitted([low, high], Fit::Close(u32::MAX))
}

/// How many values a running median of `n` is of: an eighth, odd, from 5 to 101.
pub(super) fn window(n: usize) -> usize {
    (n / 8).clamp(5, 101) | 1
}

/// The median of the values around `at`, at most `window` of them, fewer at the ends.
pub(super) fn median_around(values: &[f64], at: usize, window: usize) -> Option<f64> {
    let half = window / 2;
    let end = (at + half + 1).min(values.len());
    let mut near = values.get(at.saturating_sub(half)..end)?.to_vec();
    near.sort_unstable_by(f64::total_cmp);
    let upper = *near.get(near.len() / 2)?;
    let lower = *near.get((near.len() - 1) / 2)?;
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_far_out_sets_no_scale() {
        let mut values: Vec<f64> = (0..40).map(|n| 100.0 + f64::from(n % 5)).collect();
        values[7] = 900.0;
        let (low, high) = span(values.iter().copied()).unwrap();
        assert!(low >= 100.0 && (104.0..=108.0).contains(&high), "{low} {high}");
        // What lies within is not cut short.
        assert_eq!(span([1.0, 2.0, 3.0, 4.0, 5.0]), Some((1.0, 5.0)));
        assert_eq!(span([2.0; 6]), Some((2.0, 2.0)));
        assert_eq!(span([f64::NAN]), None);
        let five = [1.0, 1.1, 1.2, 1.1, 50.0];
        assert!(span(five).unwrap().1 < 2.0, "nor one of five");
    }

    #[test]
    fn a_median_follows_a_step_and_not_a_spike() {
        let mut values: Vec<f64> = (0..40).map(|n| if n < 20 { 1.0 } else { 2.0 }).collect();
        values[10] = 90.0;
        let medians: Vec<f64> =
            (0..40).map(|at| median_around(&values, at, window(40)).unwrap()).collect();
        assert!(medians.iter().all(|median| (1.0..=2.0).contains(median)), "{medians:?}");
        assert_eq!((medians[0], medians[10], medians[39]), (1.0, 1.0, 2.0));
        assert_eq!(median_around(&[], 0, 5), None);
        assert_eq!([0, 40, 100, 100_000].map(window), [5, 5, 13, 101]);
    }
}

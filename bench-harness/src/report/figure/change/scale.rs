//! The scale of changes: linear in percent, or of ratios where changes span too much for that.
//!
//! On a linear scale -98 % and -50 % lie side by side below +1500 %, though one is a factor of 50 and
//! the other of 2.

use super::marks::Mark;
use crate::report::figure::axis::{Axis, Fit};

/// How many times the usual size a change may have and still set a linear scale. At 100 lookups an
/// interval may reach hundreds of percent, and would flatten all others.
const FAR: f64 = 5.0;
/// How far beyond the outermost mark an interval may stretch a scale of ratios, as a factor.
const BEYOND: f64 = 3.0;
/// A mark this many times slower or faster than the reference asks for a scale of ratios.
const WIDE: f64 = 3.0;

/// From changes in percent to places.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    pub axis: Axis,
    ratios: bool,
}

/// Whether changes span so much that ratios show them better. What an interval leaves open between
/// slower and faster has no say: at few lookups noise alone makes any factor.
pub(super) fn is_wide<'m>(marks: impl IntoIterator<Item = &'m Mark>) -> bool {
    marks.into_iter().any(|mark| {
        let told = mark.bounds.is_none_or(|(low, high)| low > 0.0 || high < 0.0);
        let ratio = ratio(mark.value);
        told && !(1.0 / WIDE..=WIDE).contains(&ratio)
    })
}

/// Time as a multiple of the reference's, for a change in percent. A net time below zero gives less
/// than nothing, which has no place on a scale of ratios.
fn ratio(change: f64) -> f64 {
    1.0 + change / 100.0
}

impl Scale {
    /// A scale that holds no change at all and the marks, as far as they go together.
    pub(super) fn fitted(marks: &[Mark], ratios: bool) -> Self {
        let axis = if ratios { of_ratios(marks) } else { of_percent(marks) };
        Self { axis, ratios }
    }

    /// Where a change lies on the axis.
    pub(super) fn of(&self, change: f64) -> f64 {
        if self.ratios { ratio(change) } else { change }
    }

    /// Whether a change lies beyond the axis.
    pub(super) fn is_beyond(&self, change: f64) -> bool {
        let at = self.of(change);
        at < self.axis.low || at > self.axis.high
    }

    /// Whether something reaches beyond the axis.
    pub(super) fn clips(&self, marks: &[Mark]) -> bool {
        let beyond = |(low, high)| self.is_beyond(low) || self.is_beyond(high);
        marks.iter().any(|mark| self.is_beyond(mark.value) || mark.bounds.is_some_and(beyond))
    }

    /// Whether a change below the axis stands beside its arrow in figures. On a scale of ratios it may be
    /// no time at all, and its percent say nothing more.
    pub(super) fn names_below(&self) -> bool {
        !self.ratios
    }

    /// What arrows mean.
    pub(super) fn arrows(&self) -> &'static str {
        if self.ratios {
            "Arrows: goes on beyond the panel; downwards as far as no time at all."
        } else {
            "Arrows: goes on beyond the panel."
        }
    }

    /// What stands along it.
    pub(super) fn title(&self) -> &'static str {
        if self.ratios { "time / the reference's" } else { "change (%)" }
    }

    /// How it is read.
    pub(super) fn words(&self) -> &'static str {
        if self.ratios {
            "Scales of ratios: at 2x twice the time of the reference, at 1/2x half of it; above 1x: \
             slower."
        } else {
            "Linear scales in percent; above zero: slower than the reference."
        }
    }
}

/// Zero, all usual changes, and of the others what fits.
fn of_percent(marks: &[Mark]) -> Axis {
    let mut usual: Vec<f64> = marks.iter().map(|mark| mark.value.abs()).collect();
    usual.sort_by(f64::total_cmp);
    let limit = usual.get(usual.len() / 2).map_or(0.0, |middle| middle.max(1.0) * FAR);
    let ends = |mark: &Mark| {
        let (low, high) = mark.bounds.unwrap_or((mark.value, mark.value));
        [mark.value, low, high].map(|v| v.clamp(-limit, limit))
    };
    let values: Vec<f64> = marks.iter().flat_map(ends).chain([0.0]).collect();
    Axis::fitted(values, Fit::Close(u32::MAX))
}

/// 1, all marks told from no time at all, and of the intervals what does not flatten them.
fn of_ratios(marks: &[Mark]) -> Axis {
    // A net time that may be nothing can be any small share of the reference's.
    let told = |mark: &&Mark| {
        let low = mark.bounds.map_or(mark.value, |(low, _)| low);
        ratio(low) > 0.0 || ratio(mark.value) >= 1.0
    };
    let centres = || marks.iter().filter(told).map(|mark| ratio(mark.value));
    let least = centres().fold(1.0, f64::min) / BEYOND;
    let most = centres().fold(1.0, f64::max) * BEYOND;
    let ends = marks.iter().filter_map(|mark| mark.bounds).flat_map(|(low, high)| [low, high]);
    let ends = ends.map(|change| ratio(change).clamp(least, most));
    Axis::times(ends.chain(centres()).chain([1.0]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figure::style::ANY_LOOK;

    fn mark(value: f64, low: f64, high: f64) -> Mark {
        let bounds = Some((low, high));
        Mark { column: 0, series: 0, look: ANY_LOOK, value, bounds, published: false }
    }

    #[test]
    fn only_what_is_told_and_large_asks_for_ratios() {
        assert!(!is_wide(&[mark(150.0, 100.0, 190.0), mark(-60.0, -65.0, -50.0)]));
        assert!(is_wide(&[mark(5.0, 4.0, 6.0), mark(210.0, 200.0, 220.0)]));
        assert!(is_wide(&[mark(-70.0, -75.0, -60.0)]));
        assert!(!is_wide(&[mark(400.0, -900.0, 1700.0)]), "noise has no say");
        assert!(is_wide(&[mark(-120.0, -130.0, -110.0)]), "no time at all is less than a third");
    }

    #[test]
    fn ratios_are_as_far_from_one_either_way() {
        let marks = [mark(-98.0, -98.2, -97.8), mark(1500.0, 1400.0, 1600.0)];
        let scale = Scale::fitted(&marks, true);
        let place = |change| scale.axis.place(scale.of(change));
        let (up, down) = (place(100.0) - place(0.0), place(0.0) - place(-50.0));
        assert!((up - down).abs() < 1e-9);
        assert!(!scale.clips(&marks));
        let scale = Scale::fitted(&[mark(-105.0, -110.0, -99.0), mark(0.0, -1.0, 1.0)], true);
        assert!(scale.is_beyond(-105.0) && !scale.is_beyond(0.0));
        let near = [mark(-99.99, -100.2, -99.8), mark(-90.0, -91.0, -89.0)];
        let low = Scale::fitted(&near, true).axis.low;
        assert!(low > 0.02, "what may be nothing does not stretch the scale: {low}");
    }
}

//! Scales: from figures to places, and the round figures worth a label.
//!
//! Every scale copes with what data may do: no spread at all, one point, eleven decades, negative
//! values, none. Used by the figures only.

use super::super::numbers::{decimals, fixed};
use super::times;

/// A round figure on a scale.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Tick {
    pub value: f64,
    pub label: String,
}

/// A scale from `low` to `high`, both finite, `low < high`; on all but a linear one both are positive.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Axis {
    pub low: f64,
    pub high: f64,
    kind: Kind,
}

/// Where figures lie on a scale, and which have labels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Linear,
    Logarithmic,
    /// Logarithmic, labelled as ratios.
    Times,
}

/// How a scale is fitted to data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// The data and a margin; logarithmic when they span more than this factor.
    Close(u32),
    /// From zero; logarithmic when they span more than this factor.
    FromZero(u32),
}

impl Axis {
    /// Fits a scale to values; what is not finite is left out, and no value at all gives 0 to 1.
    pub(super) fn fitted(values: impl IntoIterator<Item = f64>, fit: Fit) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|v| v.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            return Self::linear(0.0, 1.0);
        }
        let (Fit::Close(limit) | Fit::FromZero(limit)) = fit;
        if low > 0.0 && high / low > f64::from(limit) {
            return Self { low: low / 1.25, high: high * 1.25, kind: Kind::Logarithmic };
        }
        let spread = high - low;
        // All alike: a twentieth around them, or a unit around zero.
        let margin = if spread > high.abs() * 1e-9 { spread * 0.08 } else { high.abs() * 0.05 };
        let margin = if margin > 0.0 { margin } else { 1.0 };
        match fit {
            Fit::FromZero(_) if low >= 0.0 => {
                Self::linear(0.0, high + high.abs() * 0.06 + f64::MIN_POSITIVE)
            }
            _ => Self::linear(low - margin, high + margin),
        }
    }

    /// Numbers of lookups, logarithmic, with room at both ends.
    pub(super) fn counts(counts: &[u64]) -> Self {
        let low = counts.iter().min().copied().unwrap_or(1).max(1) as f64;
        let high = counts.iter().max().copied().unwrap_or(1).max(1) as f64;
        let room = (high / low).powf(0.05).max(1.6);
        Self { low: low / room, high: high * room, kind: Kind::Logarithmic }
    }

    /// A logarithmic scale for values above zero, whatever they span; others are left out, and no
    /// value at all gives 1 to 10.
    pub(super) fn logarithmic(values: impl IntoIterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for value in values.into_iter().filter(|v| v.is_finite() && *v > 0.0) {
            low = low.min(value);
            high = high.max(value);
        }
        let (low, high) = if low > high { (1.0, 10.0) } else { (low, high) };
        Self { low: low / 1.25, high: high * 1.25, kind: Kind::Logarithmic }
    }

    /// The same scale from `factor` times lower.
    pub(super) fn lowered(self, factor: f64) -> Self {
        Self { low: self.low / factor, ..self }
    }

    pub(super) fn linear(low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, kind: Kind::Linear }
    }

    /// A scale of ratios, as [`logarithmic`](Self::logarithmic), but labelled as such: `1/2x`, `2x`.
    pub(super) fn times(values: impl IntoIterator<Item = f64>) -> Self {
        Self { kind: Kind::Times, ..Self::logarithmic(values) }
    }

    pub(super) fn is_logarithmic(&self) -> bool {
        self.kind != Kind::Linear
    }

    /// The same stretch in another unit, `factor` of which make one of this.
    pub(super) fn scaled(&self, factor: f64) -> Self {
        Self { low: self.low * factor, high: self.high * factor, ..*self }
    }

    /// Where a figure lies: 0 at `low`, 1 at `high`, kept inside.
    pub(super) fn place(&self, value: f64) -> f64 {
        let place = if self.is_logarithmic() {
            (value.max(f64::MIN_POSITIVE) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        if place.is_nan() { 0.0 } else { place.clamp(0.0, 1.0) }
    }

    /// Round figures, about `wanted` of them; of ratios as many as have room.
    pub(super) fn ticks(&self, wanted: u32) -> Vec<Tick> {
        match self.kind {
            Kind::Linear => self.steps(wanted),
            Kind::Logarithmic => self.decades(wanted),
            Kind::Times => times::ticks(self.low, self.high),
        }
    }

    fn steps(&self, wanted: u32) -> Vec<Tick> {
        let rough = (self.high - self.low) / f64::from(wanted.max(1));
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|m| m * power).into_iter().find(|step| *step >= rough);
        let step = step.unwrap_or(rough);
        if !(step.is_finite() && step > 0.0) {
            return Vec::new();
        }
        let places = if step >= 1.0 { 0 } else { decimals(step * 1.000_001, 1) };
        let first = (self.low / step).ceil();
        (0..=wanted.saturating_mul(3))
            .map(|n| (first + f64::from(n)) * step)
            .take_while(|value| *value <= self.high + step * 1e-9)
            .map(|value| Tick { value, label: fixed(value, places) })
            .collect()
    }

    fn decades(&self, wanted: u32) -> Vec<Tick> {
        let (first, last) = (self.low.log10().floor(), self.high.log10().ceil());
        let decades = last - first;
        let mantissas: &[f64] = match (self.high / self.low).log10() {
            d if d < 1.7 => &[1.0, 2.0, 3.0, 5.0, 7.0],
            d if d < 3.5 => &[1.0, 2.0, 5.0],
            _ => &[1.0],
        };
        let stride = (decades / f64::from(wanted.max(1))).ceil().max(1.0);
        let mut ticks = Vec::new();
        let mut exponent = first;
        while exponent <= last && ticks.len() < 100 {
            for mantissa in mantissas {
                let value = mantissa * 10_f64.powf(exponent);
                if value >= self.low * 0.999_999 && value <= self.high * 1.000_001 {
                    let label = if exponent < -4.0 {
                        format!("{value:e}")
                    } else {
                        fixed(value, decimals(value * 1.000_001, 1))
                    };
                    ticks.push(Tick { value, label });
                }
            }
            exponent += stride;
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Axis, wanted: u32) -> Vec<String> {
        axis.ticks(wanted).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round_figures() {
        assert_eq!(labels(Axis::linear(0.0, 1.0), 5), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(Axis::linear(-3.0, 9.0), 4), ["0", "5"]);
        assert_eq!(labels(Axis::linear(8.43, 8.94), 4), ["8.6", "8.8"]);
        assert_eq!(labels(Axis::counts(&[1, 100_000_000_000]), 4).len(), 3);
    }

    #[test]
    fn nothing_that_data_do_breaks_a_scale() {
        let cases: [&[f64]; 9] = [
            &[],
            &[0.0],
            &[5.0],
            &[5.0, 5.0],
            &[-3.0],
            &[f64::NAN, f64::INFINITY],
            &[1e-300, 1e300],
            &[-1e-9, 1e9],
            &[f64::MIN_POSITIVE, f64::MAX / 4.0],
        ];
        for values in cases {
            for fit in [Fit::Close(10), Fit::FromZero(10)] {
                let axis = Axis::fitted(values.iter().copied(), fit);
                assert!(axis.low < axis.high && axis.high.is_finite(), "{values:?} {axis:?}");
                assert!(axis.ticks(5).len() <= 40, "{values:?}");
                for value in values {
                    assert!((0.0..=1.0).contains(&axis.place(*value)), "{values:?}");
                }
            }
        }
    }

    #[test]
    fn a_wide_spread_becomes_logarithmic() {
        assert!(Axis::fitted([1.0, 30.0], Fit::Close(20)).is_logarithmic());
        assert!(!Axis::fitted([1.0, 15.0], Fit::Close(20)).is_logarithmic());
        assert!(!Axis::fitted([0.0, 1e9], Fit::Close(20)).is_logarithmic());
    }
}

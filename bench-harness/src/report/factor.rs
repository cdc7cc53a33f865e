//! Changes as factors: "17.2x faster" where "-94.2 %" says little.
//!
//! Percent suit small changes; beyond half or double of a time a factor is read more easily. It
//! follows from the change and has the interval of that. Used by the sentences and matrices.

use super::numbers::{decimals, finite, fixed};

/// A time divided by another, with bounds.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Factor {
    pub value: f64,
    /// Bounds of 95 %; an upper one that does not exist is infinite.
    pub bounds: Option<(f64, f64)>,
}

/// How many times as fast as the reference something is, by its change in percent and the bounds of
/// that: 2 takes half of the time. `None` where it takes no time at all, or less, or nothing is known.
pub(super) fn speed(change: Option<f64>, low: Option<f64>, high: Option<f64>) -> Option<Factor> {
    let of = |change: f64| {
        let share = 1.0 + change / 100.0;
        if share > 0.0 { 1.0 / share } else { f64::INFINITY }
    };
    let value = of(finite(change)?);
    let bounds = finite(high).zip(finite(low)).map(|(high, low)| (of(high), of(low)));
    value.is_finite().then_some(Factor { value, bounds })
}

impl Factor {
    /// The factor the other way round: how many times as slow.
    fn inverse(self) -> Self {
        let over = |value: f64| if value > 0.0 { 1.0 / value } else { f64::INFINITY };
        Self {
            value: over(self.value),
            bounds: self.bounds.map(|(low, high)| (over(high), over(low))),
        }
    }

    /// Whether the interval leaves it open which of the two is faster.
    pub(super) fn is_open(self) -> bool {
        self.bounds.is_none_or(|(low, high)| low <= 1.0 && high >= 1.0)
    }

    /// `17.2`; `≥5.0` where the interval has no upper end: of so uncertain a factor only the lower one is
    /// known.
    pub(super) fn number(self) -> String {
        match self.bounds {
            Some((low, high)) if high.is_infinite() && low > 1.0 => {
                format!("≥{}", fixed(low, decimals(self.value, 3)))
            }
            _ => fixed(self.value, decimals(self.value, 3)),
        }
    }

    /// `[16.9, 17.5]`.
    pub(super) fn bracket(self) -> String {
        let show = |bound: f64| match bound {
            b if b.is_finite() => fixed(b, decimals(self.value, 3)),
            _ => "∞".to_owned(),
        };
        match self.bounds {
            Some((low, high)) => format!("[{}, {}]", show(low), show(high)),
            None => "[no interval]".to_owned(),
        }
    }

    /// `17.2x faster` or `2.10x slower`, and the bracket to it.
    pub(super) fn in_words(self) -> (String, String) {
        let (factor, word) =
            if self.value >= 1.0 { (self, "faster") } else { (self.inverse(), "slower") };
        (format!("{}x {word}", factor.number()), factor.bracket())
    }
}

/// `17.2x faster [16.9, 17.5]` for a change below -50 % or above +100 %; smaller ones are read in
/// percent.
pub(super) fn large(change: Option<f64>, low: Option<f64>, high: Option<f64>) -> Option<String> {
    let factor = speed(change, low, high)?;
    let (words, bracket) = factor.in_words();
    (factor.value > 2.0 || factor.value < 0.5).then(|| format!("{words} {bracket}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_beyond_half_and_double_have_a_factor() {
        let large = |change, low, high| large(Some(change), Some(low), Some(high));
        assert_eq!(large(-90.0, -92.0, -80.0).as_deref(), Some("10.0x faster [5.0, 12.5]"));
        assert_eq!(large(150.0, 100.0, 300.0).as_deref(), Some("2.50x slower [2.00, 4.00]"));
        assert_eq!(large(-90.0, -130.0, -50.0).as_deref(), Some("≥2.0x faster [2.0, ∞]"));
        assert_eq!(large(-50.0, -51.0, -49.0), None);
        assert_eq!(large(100.0, 99.0, 101.0), None);
        assert_eq!(large(-100.0, -101.0, -99.0), None, "no time at all is no factor");
        assert_eq!(
            super::large(Some(400.0), None, None).as_deref(),
            Some("5.00x slower [no interval]")
        );
        assert_eq!(super::large(None, None, None), None);
    }

    #[test]
    fn an_interval_with_one_in_it_leaves_it_open() {
        let open = |low, high| speed(Some(5.0), low, high).map(Factor::is_open);
        assert_eq!(open(Some(-1.0), Some(11.0)), Some(true));
        assert_eq!(open(Some(4.0), Some(6.0)), Some(false));
        assert_eq!(open(None, None), Some(true));
    }
}

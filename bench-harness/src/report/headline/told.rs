//! Whether a backend is told from the reference, and its factor in words accordingly.
//!
//! Of few rounds a mean may lie far below another and mean nothing. A factor that stands in a sentence
//! without that being said is taken for a result; so a backend that is not told from the reference
//! has no "times faster", but what was seen in brackets, with its interval.

use crate::record::ComparisonRow;
use crate::report::factor::{Factor, speed};
use crate::report::field::Member;
use crate::stats::{SIGNIFICANCE, Verdict};

/// What is known of a backend against the reference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::report) enum Told {
    /// One is faster than the other, with and without the baseline.
    Apart,
    /// They take the same time.
    Equivalent,
    /// Neither is known.
    Not,
}

/// A factor against the reference, and whether it is to be believed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::report) struct Against {
    pub factor: Factor,
    pub told: Told,
    /// Whether it would be told, were it not one of several that are compared.
    corrected_away: bool,
}

/// What the verdict says; nothing is told where there is none.
pub(super) fn verdict(row: &ComparisonRow) -> Told {
    let is = |verdict: Verdict| row.verdict.as_deref() == Some(verdict.as_str());
    if is(Verdict::Faster) || is(Verdict::Slower) {
        Told::Apart
    } else if is(Verdict::Equivalent) {
        Told::Equivalent
    } else {
        Told::Not
    }
}

impl Against {
    /// How a backend does against the reference on a layout, net; `None` for the reference itself, and
    /// where nothing was compared.
    pub(in crate::report) fn of(member: &Member<'_, '_>, backend: &str) -> Option<Self> {
        let row = member.comparison(backend)?;
        let factor = speed(row.net_change_pct, row.net_low_pct, row.net_high_pct)?;
        let told = match verdict(row) {
            // The verdict is on the gross change; the factor has to stand by itself.
            Told::Apart if factor.is_open() => Told::Not,
            told => told,
        };
        let corrected_away = told == Told::Not
            && row.p_value.is_some_and(|p| p < SIGNIFICANCE)
            && row.p_value_holm.is_some_and(|p| p >= SIGNIFICANCE);
        Some(Self { factor, told, corrected_away })
    }

    /// `19.8x faster than array on paper-32x8 [19.5, 20.2]`; without a reference as one of several.
    pub(super) fn on(self, layout: &str, reference: Option<&str>) -> String {
        let (words, bracket) = self.factor.in_words();
        let bare = self.bare();
        match (self.told, reference) {
            (Told::Apart, Some(reference)) => {
                format!("{words} than {reference} on {layout} {bracket}")
            }
            (Told::Apart, None) => format!("{words} on {layout} {bracket}"),
            (Told::Equivalent, Some(reference)) => {
                format!("equivalent to {reference} on {layout} ({bare})")
            }
            (Told::Not, Some(reference)) => {
                let why = if self.corrected_away { "; told but for Holm's correction" } else { "" };
                format!("not told from {reference} on {layout} ({bare}{why})")
            }
            (Told::Equivalent | Told::Not, None) => format!("{layout} ({bare})"),
        }
    }

    /// `17.6x [17.0, 18.3]`.
    pub(super) fn bare(self) -> String {
        format!("{}x {}", self.factor.number(), self.factor.bracket())
    }
}

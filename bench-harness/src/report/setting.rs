//! How lookups were made and timed, apart from the layout and their number.
//!
//! What differs in any of it is not comparable; the [`View`](super::view::View) keeps it apart.

use std::fmt;

use super::text::clean;
use crate::record::{ComparisonRow, SampleRow, SummaryRow};

/// How lookups were made and timed: the part of a configuration that is neither layout nor number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Setting<'a> {
    pub workload: &'a str,
    pub mode: &'a str,
    pub target: &'a str,
    pub rng: &'a str,
}

impl fmt::Display for Setting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { workload, mode, target, rng } = self;
        write!(f, "{}, {}, {}, {}", clean(workload), clean(mode), clean(target), clean(rng))
    }
}

impl Setting<'_> {
    /// What the baseline times in this mode.
    pub(super) fn baseline(self) -> &'static str {
        if self.mode == "inline" { "the generator" } else { "the empty loop" }
    }

    /// Without the generator, which is rarely chosen, for titles.
    pub(super) fn short(self) -> String {
        let Self { workload, mode, target, .. } = self;
        format!("{}, {}, {}", clean(workload), clean(mode), clean(target))
    }

    /// Its words in one, for a file name; not yet made safe.
    pub(super) fn joined(self) -> String {
        let Self { workload, mode, target, rng } = self;
        format!("{workload}-{mode}-{target}-{rng}")
    }
}

impl<'a> From<&'a SampleRow> for Setting<'a> {
    fn from(row: &'a SampleRow) -> Self {
        let SampleRow { workload, mode, target, rng, .. } = row;
        Self { workload, mode, target, rng }
    }
}

impl<'a> From<&'a SummaryRow> for Setting<'a> {
    fn from(row: &'a SummaryRow) -> Self {
        let SummaryRow { workload, mode, target, rng, .. } = row;
        Self { workload, mode, target, rng }
    }
}

impl<'a> From<&'a ComparisonRow> for Setting<'a> {
    fn from(row: &'a ComparisonRow) -> Self {
        let ComparisonRow { workload, mode, target, rng, .. } = row;
        Self { workload, mode, target, rng }
    }
}

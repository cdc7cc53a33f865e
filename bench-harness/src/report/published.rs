//! What the paper published, and what follows from its own numbers.
//!
//! C. G. Mathew, S. N. Raju, "Portable Hotplugging: NetBSD's `uvm_hotplug(9)` API development", 2017,
//! Tables 1 to 4, kept as data in `data/published/`. Only ratios and changes leave this module:
//! seconds of another machine compare with nothing. Used by the tables beside ours, the headline and
//! the figure of changes.

mod claims;

pub(super) use claims::{Claim, Subject, claims};

use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::stats::{Moments, welch_change};

/// The layout of the paper's first experiment.
pub(super) const LAYOUT: &str = "paper-32x8";
/// The backend that the paper started from.
pub(super) const ARRAY: &str = "array";
/// The backend that the paper moved to.
pub(super) const TREE: &str = "rbtree";
/// Lookups in the batch that the paper's headline is about.
pub(super) const HEADLINE_LOOKUPS: u64 = 100_000_000;
/// The layouts that measure what the rows of Table 4 measured, by label. The row labelled 64 MB was
/// run on a chunk of 1 MiB.
const TABLE4_LAYOUTS: [(u32, &str); 4] =
    [(1, "frag-1mb"), (64, "frag-64mb-as-run"), (128, "frag-128mb"), (256, "frag-256mb")];

/// A row of Tables 1, 2 and 4.
#[derive(Deserialize)]
struct Timing {
    lookups: u64,
    average_s: f64,
    maximum_s: f64,
    /// Table 4 only.
    label_mb: Option<u32>,
}

/// A figure that stands in the text and in no table.
#[derive(Deserialize)]
struct Said {
    what: String,
    value: f64,
}

/// A row of Table 3.
#[derive(Deserialize)]
pub(super) struct Spread {
    backend: String,
    pub runs: u64,
    average_s: f64,
    stddev_population_s: f64,
    margin_of_error_95_s: f64,
}

impl Spread {
    /// Population standard deviation in percent of the mean.
    pub(super) fn deviation_pct(&self) -> f64 {
        self.stddev_population_s / self.average_s * 100.0
    }

    /// Margin of error in percent of the mean.
    pub(super) fn margin_pct(&self) -> f64 {
        self.margin_of_error_95_s / self.average_s * 100.0
    }
}

/// One row of Table 4 as it can be compared.
pub(super) struct Fragmented {
    pub label_mb: u32,
    /// The layout that measures the same.
    pub layout: &'static str,
    /// Mean relative to the row labelled 1 MB.
    pub ratio: f64,
    /// Slowest run relative to the mean.
    pub slowest: f64,
}

static TABLE1: LazyLock<Vec<Timing>> =
    LazyLock::new(|| parse(include_str!("../../data/published/table1-rbtree.csv")));
static TABLE2: LazyLock<Vec<Timing>> =
    LazyLock::new(|| parse(include_str!("../../data/published/table2-array.csv")));
static TABLE3: LazyLock<Vec<Spread>> =
    LazyLock::new(|| parse(include_str!("../../data/published/table3-100M.csv")));
static TABLE4: LazyLock<Vec<Timing>> =
    LazyLock::new(|| parse(include_str!("../../data/published/table4-fragmented.csv")));

static TEXT: LazyLock<Vec<Said>> =
    LazyLock::new(|| parse(include_str!("../../data/published/text.csv")));

/// A figure of the text. One that is not there would be no number; a test looks for each.
fn said(what: &str) -> f64 {
    TEXT.iter().find(|said| said.what == what).map_or(f64::NAN, |said| said.value)
}

/// The change that the paper prints, in percent. No computation from its tables gives it.
pub(super) fn printed_change_pct() -> f64 {
    said("printed_change")
}

/// What 100M calls of `random()` alone took on the paper's machine, in seconds.
fn generator_s() -> f64 {
    said("generator_100M")
}

/// The rows of an embedded table. A row that does not parse is left out; a test counts the rows.
fn parse<T: DeserializeOwned>(text: &'static str) -> Vec<T> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().filter_map(Result::ok).collect()
}

/// The change from array to tree at every published number of lookups, in percent of the array.
pub(super) fn changes() -> Vec<(u64, f64)> {
    let change = |tree: &Timing| {
        let array = TABLE2.iter().find(|array| array.lookups == tree.lookups)?;
        Some((tree.lookups, (tree.average_s / array.average_s - 1.0) * 100.0))
    };
    TABLE1.iter().filter_map(change).collect()
}

/// Seconds a lookup in a published batch, for ratios.
pub(super) fn cost_per_lookup(backend: &str, lookups: u64) -> Option<f64> {
    let table = match backend {
        ARRAY => &TABLE2,
        TREE => &TABLE1,
        _ => return None,
    };
    let row = table.iter().find(|row| row.lookups == lookups)?;
    Some(row.average_s / lookups as f64)
}

/// The layout that measures what the row of Table 4 with this label measured.
pub(super) fn layout_of(label_mb: u32) -> Option<&'static str> {
    TABLE4_LAYOUTS.into_iter().find(|(label, _)| *label == label_mb).map(|(_, layout)| layout)
}

/// The slowest run relative to the mean, array and tree, at a number of lookups.
pub(super) fn slowest(lookups: u64) -> Option<(f64, f64)> {
    let of = |table: &[Timing]| {
        table.iter().find(|row| row.lookups == lookups).map(|row| row.maximum_s / row.average_s)
    };
    Some((of(&TABLE2)?, of(&TABLE1)?))
}

/// The row of Table 3 of a backend.
pub(super) fn spread(backend: &str) -> Option<&'static Spread> {
    TABLE3.iter().find(|row| row.backend == backend)
}

/// Table 4.
pub(super) fn fragmented() -> Vec<Fragmented> {
    let Some(first) = TABLE4.first() else {
        return Vec::new();
    };
    let row = |row: &Timing| {
        let (label_mb, layout) =
            TABLE4_LAYOUTS.into_iter().find(|(l, _)| Some(*l) == row.label_mb)?;
        let ratio = row.average_s / first.average_s;
        Some(Fragmented { label_mb, layout, ratio, slowest: row.maximum_s / row.average_s })
    };
    TABLE4.iter().filter_map(row).collect()
}

/// Lookups in a batch of Table 4.
pub(super) fn fragmented_lookups() -> u64 {
    TABLE4.first().map_or(0, |row| row.lookups)
}

/// The change at 100M lookups, recomputed.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "the unit is the last word of every name")]
pub(super) struct Recomputed {
    /// In percent of the array's mean.
    pub change_pct: f64,
    /// Its 95 % bounds by Welch's standard error.
    pub low_pct: f64,
    pub high_pct: f64,
    /// The same difference in percent of the tree's mean.
    pub of_tree_pct: f64,
    /// In percent of the array's mean net of the generator.
    pub net_pct: f64,
}

/// What Table 3 says about the change when it is worked out again.
///
/// Bounds: Welch's, from [`welch_change`].
pub(super) fn recomputed() -> Option<Recomputed> {
    let (array, tree) = (spread(ARRAY)?, spread(TREE)?);
    let moments =
        |row: &Spread| Moments::from_population(row.runs, row.average_s, row.stddev_population_s);
    let change = welch_change(&moments(tree)?, &moments(array)?)?;
    let difference = tree.average_s - array.average_s;
    Some(Recomputed {
        change_pct: change.point * 100.0,
        low_pct: change.low? * 100.0,
        high_pct: change.high? * 100.0,
        of_tree_pct: difference / tree.average_s * 100.0,
        net_pct: difference / (array.average_s - generator_s()) * 100.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64, within: f64) {
        assert!((a - b).abs() <= within, "{a} is not {b}");
    }

    #[test]
    fn the_tables_are_whole() {
        assert_eq!((TABLE1.len(), TABLE2.len(), TABLE3.len(), TABLE4.len()), (7, 7, 2, 4));
        assert_eq!((TEXT.len(), printed_change_pct(), generator_s()), (2, 5.59, 2.03));
        assert_eq!(fragmented().len(), 4);
        assert_eq!(fragmented_lookups(), 10_000_000);
    }

    #[test]
    fn changes_by_count_are_those_of_the_tables() {
        let expected = [-2.4, -0.5, -2.6, 3.8, 8.3, 5.9, 5.9];
        for ((_, change), expected) in changes().into_iter().zip(expected) {
            close(change, expected, 0.05);
        }
    }

    #[test]
    fn the_headline_follows_from_table_3() {
        let r = recomputed().unwrap();
        close(r.change_pct, 5.9016, 0.0001);
        close(r.of_tree_pct, 5.5727, 0.0001);
        close(r.net_pct, 7.7720, 0.0001);
        close(r.low_pct, 4.82, 0.01);
        close(r.high_pct, 6.98, 0.01);
        close(spread(TREE).unwrap().margin_pct(), 0.08144 / 8.93254 * 100.0, 1e-9);
    }

    #[test]
    fn the_64_mb_row_is_faster_than_the_1_mb_row() {
        let rows = fragmented();
        close(rows[1].ratio, 0.9437, 0.0001);
        assert_eq!(rows[1].layout, "frag-64mb-as-run");
        close(slowest(HEADLINE_LOOKUPS).unwrap().1, 1.3005, 0.0001);
    }
}

//! Tables of lookups, from one run or several.

use std::cell::OnceCell;

use super::figures::{bytes, change, factor, significant, trimmed, with_margin};
use super::grid::{self, Axis, Figures, Place};
use super::request::Value;
use super::{Data, ExcerptError, Request, Source};
use crate::record::{BASELINE, ComparisonRow, Run, SummaryRow};
use crate::report::interface::own_change;
use crate::report::numbers::{change_cells, finite};
use crate::report::setting::Setting;
use crate::report::table::bracketed;
use crate::report::view::View;

const AXES: [Axis; 5] = [Axis::Layout, Axis::Mode, Axis::Workload, Axis::Target, Axis::Backend];

/// The table that is asked for.
pub(super) fn table(request: &Request, sources: &[Source<'_>]) -> Result<String, ExcerptError> {
    grid::table(request, &Lookups::of(sources)?)
}

/// The runs of lookups among which figures are looked for, the first that has one first.
pub(super) struct Lookups<'a> {
    runs: Vec<(&'a str, &'a Run)>,
    /// The runs sorted for reading, where a figure takes that.
    views: OnceCell<Vec<View<'a>>>,
}

impl<'a> Lookups<'a> {
    pub(super) fn of(sources: &[Source<'a>]) -> Result<Self, ExcerptError> {
        let run = |source: &Source<'a>| match source.data {
            Data::Lookups(run) => Ok((source.name, &**run)),
            Data::Churn(_) => Err(ExcerptError::Kind {
                source_name: source.name.to_owned(),
                is: "`churn`",
                wanted: "lookups",
            }),
        };
        Ok(Self {
            runs: sources.iter().map(run).collect::<Result<_, _>>()?,
            views: OnceCell::new(),
        })
    }

    fn summary(&self) -> impl Iterator<Item = &'a SummaryRow> {
        let rows = self.runs.iter().flat_map(|(_, run)| &run.summary);
        rows.filter(|row| row.backend != BASELINE)
    }

    /// The first run that has a time for a place, and its row there, of the largest number of lookups. Whatever
    /// else is shown of the place comes from that run: what two runs measured is not mixed.
    fn found(&self, place: &Place) -> Option<Found<'a>> {
        let named = |row: &SummaryRow| AXES.iter().all(|axis| along(*axis, row) == place.at(*axis));
        let of = |(at, (_, run)): (usize, &(&'a str, &'a Run))| {
            let rows = run.summary.iter().filter(|row| named(row));
            Some(Found { at, run, row: rows.max_by_key(|row| (has_time(row), row.lookups))? })
        };
        let all = || self.runs.iter().enumerate().filter_map(of);
        // What was measured nowhere may still have been built.
        let best = all().map(|found| has_time(found.row)).max()?;
        all().find(|found| has_time(found.row) == best)
    }

    /// Net nanoseconds that a lookup by `backend` takes more than one by `other`: both of the first run that has
    /// both in one configuration, at the largest number of lookups of the first such setting.
    pub(super) fn more(
        &self,
        layout: &str,
        [backend, other]: [&str; 2],
        request: &Request,
    ) -> Option<f64> {
        let settings = [Axis::Mode, Axis::Workload, Axis::Target];
        let asked = |axis: Axis| request.names.iter().find(|(of, _)| *of == axis);
        let fits = |row: &&SummaryRow| {
            let same = |axis: &Axis| {
                asked(*axis).is_none_or(|(_, names)| names.contains(&along(*axis, row).to_owned()))
            };
            [&row.layout, &row.backend] == [layout, backend] && settings.iter().all(same)
        };
        let of = |run: &'a Run| {
            let both: Vec<(&SummaryRow, f64)> = run
                .summary
                .iter()
                .filter(fits)
                .filter_map(|row| Some((row, net_more(run, row, other)?)))
                .collect();
            let (first, _) = both.first()?;
            let alike = |row: &SummaryRow| Setting::from(row) == Setting::from(*first);
            let rows = both.iter().filter(|(row, _)| alike(row));
            rows.max_by_key(|(row, _)| row.lookups).map(|(_, more)| *more)
        };
        self.runs.iter().find_map(|(_, run)| of(run))
    }

    /// How what a plugin takes itself differs from the reference's time: the one figure that takes the samples.
    fn own(&self, found: &Found<'_>) -> Option<String> {
        let views = self
            .views
            .get_or_init(|| self.runs.iter().map(|(_, run)| View::new(run)).collect::<Vec<_>>());
        let (view, row) = (views.get(found.at)?, found.row);
        let group = view
            .groups
            .iter()
            .find(|group| group.layout == row.layout && group.setting == Setting::from(row))?;
        let batch = group.batches.iter().find(|batch| batch.lookups == row.lookups)?;
        let [value, low, high] = own_change(batch, &row.backend, view.backends.first()?)?;
        finite(value)?;
        Some(bracketed(change_cells(value, low, high)))
    }
}

/// Where the figures of a place come from.
struct Found<'a> {
    /// Which of the runs it is.
    at: usize,
    run: &'a Run,
    row: &'a SummaryRow,
}

impl<'a> Found<'a> {
    fn comparison(&self) -> Option<&'a ComparisonRow> {
        self.run.comparison.iter().find(|other| {
            other.backend == self.row.backend && other.configuration() == self.row.configuration()
        })
    }

    fn net_change(&self) -> Option<[Option<f64>; 3]> {
        let row = self.comparison()?;
        Some([row.net_change_pct, row.net_low_pct, row.net_high_pct])
    }

    /// Net nanoseconds that it takes more than what it is compared to.
    fn difference(&self) -> Option<f64> {
        net_more(self.run, self.row, &self.comparison()?.reference)
    }
}

/// How much of a time a row has: net of the baseline, as measured only, or none.
fn has_time(row: &SummaryRow) -> u8 {
    let has = |ns| u8::from(finite(ns).is_some());
    2 * has(row.net_ns_per_lookup) + has(row.ns_per_lookup)
}

/// Net nanoseconds that a lookup takes more than one by `other` in the same run and configuration.
fn net_more(run: &Run, row: &SummaryRow, other: &str) -> Option<f64> {
    let other = run
        .summary
        .iter()
        .find(|known| known.backend == other && known.configuration() == row.configuration())?;
    Some(finite(row.net_ns_per_lookup)? - finite(other.net_ns_per_lookup)?)
}

/// The name of a row along an axis.
fn along(axis: Axis, row: &SummaryRow) -> &str {
    match axis {
        Axis::Layout => &row.layout,
        Axis::Mode => &row.mode,
        Axis::Workload => &row.workload,
        Axis::Target => &row.target,
        Axis::Backend => &row.backend,
        Axis::Scenario => "",
    }
}

impl Figures for Lookups<'_> {
    fn source_names(&self) -> String {
        grid::joined(self.runs.iter().map(|(name, _)| *name))
    }

    fn axes(&self) -> &'static [Axis] {
        &AXES
    }

    fn all(&self, axis: Axis) -> Vec<String> {
        grid::each_once(self.summary().map(|row| along(axis, row)))
    }

    fn figure(&self, place: &Place, value: Value) -> Option<String> {
        let found = self.found(place)?;
        let row = found.row;
        match value {
            Value::Ns => {
                let each = |seconds: f64| seconds * 1e9 / row.lookups.max(1) as f64;
                with_margin(row.net_ns_per_lookup, row.net_margin95_s.map(each))
            }
            Value::Factor => factor(found.net_change()?),
            Value::Change => change(found.net_change()?, 1),
            Value::Gross => {
                let row = found.comparison()?;
                change([row.gross_change_pct, row.gross_low_pct, row.gross_high_pct], 1)
            }
            Value::Difference => {
                let ns = found.difference()?;
                let sign = if ns < 0.0 { "" } else { "+" };
                Some(format!("{sign}{}", significant(ns, 3)))
            }
            // A million lookups a second: a nanosecond more is a thousandth of the core.
            Value::CoreShare => Some(format!("{} %", significant(found.difference()? / 10.0, 2))),
            Value::Index => index(row),
            Value::Own => self.own(&found),
            Value::ChurnTime | Value::ChurnChange => None,
        }
    }

    fn segments(&self, layout: &str) -> Option<u64> {
        self.summary().find(|row| row.layout == layout && row.segments.is_some())?.segments
    }
}

/// `24 KiB, 3 B, 0.74 B, 0.58 %`: in all, a segment, a present frame, of the page descriptors.
fn index(row: &SummaryRow) -> Option<String> {
    let total = row.index_bytes? as f64;
    let each = |count: Option<u64>, digits| {
        let count = count.filter(|count| *count > 0)? as f64;
        Some(trimmed(total / count, digits))
    };
    // Bytes a segment are whole: fractions of a byte come from rounding up to powers of two.
    let segment = row.segments.filter(|n| *n > 0).map(|n| format!("{:.0}", total / n as f64))?;
    let frame = each(row.frames, 2)?;
    let share = trimmed(finite(row.index_share_pct)?, 2);
    Some(format!("{}, {segment} B, {frame} B, {share} %", bytes(total)))
}

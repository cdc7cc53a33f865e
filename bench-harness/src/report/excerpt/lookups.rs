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

    /// The row of a place, of its largest number of lookups.
    fn row(&self, place: &Place) -> Option<&'a SummaryRow> {
        let named = |row: &SummaryRow| AXES.iter().all(|axis| along(*axis, row) == place.at(*axis));
        // The first run that has it: runs are not mixed within a cell.
        let of = |run: &'a Run| {
            let rows = run.summary.iter().filter(|row| named(row));
            rows.max_by_key(|row| (row.net_ns_per_lookup.is_some(), row.lookups))
        };
        self.runs.iter().find_map(|(_, run)| of(run))
    }

    fn comparison(&self, place: &Place) -> Option<&'a ComparisonRow> {
        let row = self.row(place)?;
        let rows = self.runs.iter().flat_map(|(_, run)| &run.comparison);
        rows.filter(|other| other.backend == row.backend)
            .find(|other| other.configuration() == row.configuration())
    }

    fn net_change(&self, place: &Place) -> Option<[Option<f64>; 3]> {
        let row = self.comparison(place)?;
        Some([row.net_change_pct, row.net_low_pct, row.net_high_pct])
    }

    /// Net nanoseconds a lookup.
    pub(super) fn net(&self, layout: &str, backend: &str, request: &Request) -> Option<f64> {
        let asked = |axis: Axis| request.names.iter().find(|(of, _)| *of == axis);
        let fits = |row: &&SummaryRow| {
            let same = |axis: &Axis| {
                asked(*axis).is_none_or(|(_, names)| names.contains(&along(*axis, row).to_owned()))
            };
            (row.layout.as_str(), row.backend.as_str()) == (layout, backend)
                && [Axis::Mode, Axis::Workload, Axis::Target].iter().all(same)
        };
        self.summary().filter(fits).find_map(|row| finite(row.net_ns_per_lookup))
    }

    /// How what a plugin takes itself differs from the reference's time: the one figure that takes the samples.
    fn own(&self, place: &Place) -> Option<String> {
        let row = self.row(place)?;
        let views = self
            .views
            .get_or_init(|| self.runs.iter().map(|(_, run)| View::new(run)).collect::<Vec<_>>());
        let holds =
            |view: &&View<'_>| view.run.summary.iter().any(|known| std::ptr::eq(known, row));
        let view = views.iter().find(holds)?;
        let group = view
            .groups
            .iter()
            .find(|group| group.layout == row.layout && group.setting == Setting::from(row))?;
        let batch = group.batches.iter().find(|batch| batch.lookups == row.lookups)?;
        let [value, low, high] = own_change(batch, &row.backend, view.backends.first()?)?;
        finite(value)?;
        Some(bracketed(change_cells(value, low, high)))
    }

    /// Net nanoseconds that a place takes more than what it is compared to.
    fn difference(&self, place: &Place) -> Option<f64> {
        let (row, against) = (self.row(place)?, self.comparison(place)?);
        let reference = self.summary().find(|other| {
            other.backend == against.reference && other.configuration() == row.configuration()
        })?;
        Some(finite(row.net_ns_per_lookup)? - finite(reference.net_ns_per_lookup)?)
    }
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
        self.runs.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    fn axes(&self) -> &'static [Axis] {
        &AXES
    }

    fn all(&self, axis: Axis) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for name in self.summary().map(|row| along(axis, row)) {
            if !all.iter().any(|known| known == name) {
                all.push(name.to_owned());
            }
        }
        all
    }

    fn figure(&self, place: &Place, value: Value) -> Option<String> {
        let row = self.row(place)?;
        match value {
            Value::Ns => {
                let each = |seconds: f64| seconds * 1e9 / row.lookups.max(1) as f64;
                with_margin(row.net_ns_per_lookup, row.net_margin95_s.map(each))
            }
            Value::Factor => factor(self.net_change(place)?),
            Value::Change => change(self.net_change(place)?, 1),
            Value::Gross => {
                let row = self.comparison(place)?;
                change([row.gross_change_pct, row.gross_low_pct, row.gross_high_pct], 1)
            }
            Value::Difference => {
                let ns = self.difference(place)?;
                let sign = if ns < 0.0 { "" } else { "+" };
                Some(format!("{sign}{}", significant(ns, 3)))
            }
            // A million lookups a second: a nanosecond more is a thousandth of the core.
            Value::CoreShare => {
                Some(format!("{} %", significant(self.difference(place)? / 10.0, 2)))
            }
            Value::Index => index(row),
            Value::Own => self.own(place),
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

//! Tables of plugging and unplugging, from one run or several.

use super::figures::{change, time_of_ns};
use super::grid::{self, Axis, Figures, Place};
use super::request::Value;
use super::{Data, ExcerptError, Request, Source};
use crate::record::{ChurnRun, ChurnSummaryRow, EXTENT};
use crate::report::numbers::finite;

const AXES: [Axis; 3] = [Axis::Layout, Axis::Scenario, Axis::Backend];

/// The table that is asked for.
pub(super) fn table(request: &Request, sources: &[Source<'_>]) -> Result<String, ExcerptError> {
    grid::table(request, &Phases::of(sources)?)
}

/// The runs among which figures are looked for, the first that has one first.
pub(super) struct Phases<'a> {
    runs: Vec<(&'a str, &'a ChurnRun)>,
}

impl<'a> Phases<'a> {
    pub(super) fn of(sources: &[Source<'a>]) -> Result<Self, ExcerptError> {
        let run = |source: &Source<'a>| match source.data {
            Data::Churn(run) => Ok((source.name, &**run)),
            Data::Lookups(_) => Err(ExcerptError::Kind {
                source_name: source.name.to_owned(),
                is: "lookups",
                wanted: "`churn`",
            }),
        };
        Ok(Self { runs: sources.iter().map(run).collect::<Result<_, _>>()? })
    }

    fn rows(&self) -> impl Iterator<Item = &'a ChurnSummaryRow> {
        self.runs.iter().flat_map(|(_, run)| &run.summary)
    }

    /// Typical nanoseconds of an operation by each of `backends`, of the first run that has all of them.
    pub(super) fn ns<const N: usize>(
        &self,
        layout: &str,
        scenario: &str,
        backends: [&str; N],
    ) -> Option<[f64; N]> {
        let of = |run: &ChurnRun, backend: &str| {
            let is = |row: &&ChurnSummaryRow| {
                [&row.layout, &row.scenario, &row.backend] == [layout, scenario, backend]
            };
            finite(run.summary.iter().find(is)?.ns_per_operation)
        };
        self.runs.iter().find_map(|(_, run)| {
            let found: Vec<f64> = backends.iter().filter_map(|name| of(run, name)).collect();
            found.try_into().ok()
        })
    }
}

fn along(axis: Axis, row: &ChurnSummaryRow) -> &str {
    match axis {
        Axis::Layout => &row.layout,
        Axis::Scenario => &row.scenario,
        Axis::Backend => &row.backend,
        Axis::Mode | Axis::Workload | Axis::Target => "",
    }
}

impl Figures for Phases<'_> {
    fn source_names(&self) -> String {
        grid::joined(self.runs.iter().map(|(name, _)| *name))
    }

    fn axes(&self) -> &'static [Axis] {
        &AXES
    }

    fn all(&self, axis: Axis) -> Vec<String> {
        let shown = |name: &&str| axis != Axis::Backend || *name != EXTENT;
        grid::each_once(self.rows().map(|row| along(axis, row)).filter(shown))
    }

    fn figure(&self, place: &Place, value: Value) -> Option<String> {
        let is =
            |row: &&ChurnSummaryRow| AXES.iter().all(|axis| along(*axis, row) == place.at(*axis));
        // The first run that has a time; what is compared is in the same row.
        let row = self.rows().filter(is).find(|row| finite(row.ns_per_operation).is_some())?;
        match value {
            Value::ChurnTime => finite(row.ns_per_operation).map(time_of_ns),
            Value::ChurnChange => {
                change([row.change_pct, row.change_low_pct, row.change_high_pct], 0)
            }
            _ => None,
        }
    }

    fn segments(&self, layout: &str) -> Option<u64> {
        // Before anything is unplugged the table is as the layout has it.
        self.rows().filter(|row| row.layout == layout).find_map(|row| row.segments_before)
    }
}

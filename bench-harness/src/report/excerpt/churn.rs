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

    /// Typical nanoseconds of an operation.
    pub(super) fn ns(&self, layout: &str, scenario: &str, backend: &str) -> Option<f64> {
        let is = |row: &&ChurnSummaryRow| {
            [&row.layout, &row.scenario, &row.backend] == [layout, scenario, backend]
        };
        finite(self.rows().find(is)?.ns_per_operation)
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
        self.runs.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    fn axes(&self) -> &'static [Axis] {
        &AXES
    }

    fn all(&self, axis: Axis) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for row in self.rows() {
            let name = along(axis, row);
            let shown = axis != Axis::Backend || name != EXTENT;
            if shown && !all.iter().any(|known| known == name) {
                all.push(name.to_owned());
            }
        }
        all
    }

    fn figure(&self, place: &Place, value: Value) -> Option<String> {
        let is =
            |row: &&ChurnSummaryRow| AXES.iter().all(|axis| along(*axis, row) == place.at(*axis));
        let row = self.rows().find(is)?;
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

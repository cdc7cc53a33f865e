//! The rounds of a backend relative to its median, and the scales on which they are drawn.

use super::FEWEST;
use crate::record::{BASELINE, SummaryRow};
use crate::report::figure::axis::Axis;
use crate::report::figure::lane::thinned;
use crate::report::figure::looks::look;
use crate::report::figure::spans::{median_around, scale, span, union, window};
use crate::report::figure::style::{BASELINE_LOOK, Look};
use crate::report::numbers::finite;
use crate::report::view::{Batch, View, mean};

/// Points of one backend.
const MOST_POINTS: usize = 400;
/// A strip that spans so many times as much as the middle one has a scale of its own.
const WILD: f64 = 2.0;
/// The least that a scale spans to either side, in percent.
const LEAST_PCT: f64 = 0.05;

/// A backend's strip.
pub(super) struct Trace<'a> {
    pub name: &'a str,
    pub look: Look,
    pub row: &'a SummaryRow,
    pub points: Vec<Point>,
    pub measured: usize,
    /// What most of its points span.
    pub span: (f64, f64),
}

/// A round of a backend.
pub(super) struct Point {
    /// Among all rounds of the figure, from 0.
    pub place: usize,
    pub process: u32,
    pub round: u32,
    pub seconds: f64,
    /// From the backend's median.
    pub change_pct: f64,
    /// The running median there.
    pub running_pct: Option<f64>,
}

/// The trace of a row, or `None` of fewer than [`FEWEST`] runs.
pub(super) fn trace<'a>(
    view: &View<'_>,
    batch: &Batch<'_>,
    row: &'a SummaryRow,
    all: &[(u32, u32)],
) -> Option<Trace<'a>> {
    mean(row)?;
    let median = finite(row.median_s).filter(|median| *median > 0.0)?;
    let (samples, rounds) = (batch.samples(&row.backend), batch.rounds(&row.backend));
    if samples.len() < FEWEST {
        return None;
    }
    let changes: Vec<f64> =
        samples.iter().map(|seconds| (seconds - median) / median * 100.0).collect();
    let window = window(samples.len());
    let point = |(index, seconds): (usize, f64)| {
        let (process, round) = *rounds.get(index)?;
        // Another process is another machine, as far as a median can tell.
        let from = rounds.partition_point(|(other, _)| *other < process);
        let to = rounds.partition_point(|(other, _)| *other <= process);
        Some(Point {
            place: all.binary_search(&(process, round)).ok()?,
            process,
            round,
            seconds,
            change_pct: *changes.get(index)?,
            running_pct: median_around(changes.get(from..to)?, index - from, window),
        })
    };
    let name = row.backend.as_str();
    Some(Trace {
        name,
        look: if name == BASELINE { BASELINE_LOOK } else { look(name, &view.backends) },
        row,
        points: thinned(samples, MOST_POINTS).into_iter().filter_map(point).collect(),
        measured: samples.len(),
        span: span(changes.iter().copied())?,
    })
}

/// The scale that strips share, and those for which it would be too narrow.
pub(super) fn scales<'a>(traces: &[Trace<'a>]) -> (Axis, Vec<&'a str>) {
    let width = |trace: &Trace<'_>| trace.span.1 - trace.span.0;
    let mut widths: Vec<f64> = traces.iter().map(width).collect();
    widths.sort_unstable_by(f64::total_cmp);
    let limit = widths.get((widths.len().max(1) - 1) / 2).map_or(0.0, |middle| middle * WILD);
    let limit = limit.max(2.0 * LEAST_PCT);
    let wild = |trace: &&Trace<'_>| width(trace) > limit;
    let shared = traces.iter().filter(|trace| !wild(trace)).map(|trace| trace.span);
    let shared = shared.fold((-LEAST_PCT, LEAST_PCT), union);
    (scale(shared), traces.iter().filter(wild).map(|trace| trace.name).collect())
}

/// Whether a round lies beyond a scale.
pub(super) fn is_beyond(axis: Axis, point: &Point) -> bool {
    point.change_pct < axis.low || point.change_pct > axis.high
}

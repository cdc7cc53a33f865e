//! The marks of the figure of changes: ours, the paper's, and the scale that holds them.
//!
//! Used by the [figure of changes](super::change) only.

use super::super::numbers::finite;
use super::super::published::{self, HEADLINE_LOOKUPS, TREE};
use super::super::view::{Group, View};
use super::axis::{Axis, Fit};
use super::shape::Shape;
use super::style::{INK, Look, look};
use crate::record::ComparisonRow;

/// How many times the usual size a figure may have and still set the scale. At 100 lookups an interval
/// may reach hundreds of percent, and would flatten all others.
const FAR: f64 = 5.0;

/// A figure of one backend at one number of lookups, in percent.
pub(super) struct Mark {
    /// Index of the number of lookups.
    pub column: usize,
    /// Index of the series, for the shift.
    pub series: usize,
    pub look: Look,
    pub value: f64,
    pub bounds: Option<(f64, f64)>,
    pub published: bool,
}

/// A change and its bounds, in percent.
type Triple = (Option<f64>, Option<f64>, Option<f64>);

/// The marks of one panel, ours and, with `paper`, the published ones.
pub(super) fn marks(
    view: &View<'_>,
    group: &Group<'_>,
    backends: &[&str],
    paper: bool,
    pick: fn(&ComparisonRow) -> Triple,
) -> Vec<Mark> {
    let mut marks = Vec::new();
    let published = published::changes();
    for (column, batch) in group.batches.iter().enumerate() {
        if let Some((_, value)) = published.iter().find(|(n, _)| paper && *n == batch.lookups) {
            marks.push(hollow(view, column, *value));
        }
        for row in &batch.comparisons {
            let (value, low, high) = pick(row);
            let series = backends.iter().position(|name| *name == row.backend);
            if let (Some(value), Some(series)) = (finite(value), series) {
                marks.push(Mark {
                    column,
                    series: series + usize::from(paper),
                    look: look(view.slot(&row.backend)),
                    value,
                    bounds: finite(low).zip(finite(high)),
                    published: false,
                });
            }
        }
    }
    marks
}

/// The paper's own net change, which it could have printed, at the one number it is known for.
pub(super) fn with_recomputed(
    view: &View<'_>,
    group: &Group<'_>,
    backends: &[&str],
    mut marks: Vec<Mark>,
) -> Vec<Mark> {
    debug_assert!(backends.contains(&TREE));
    for mark in &mut marks {
        mark.series += 1; // the paper's mark stands first, as above
    }
    let column = group.batches.iter().position(|batch| batch.lookups == HEADLINE_LOOKUPS);
    if let (Some(column), Some(recomputed)) = (column, published::recomputed()) {
        marks.push(hollow(view, column, recomputed.net_pct));
    }
    marks
}

fn hollow(view: &View<'_>, column: usize, value: f64) -> Mark {
    let look = paper_look(view);
    Mark { column, series: 0, look, value, bounds: None, published: true }
}

/// How the paper's marks look.
pub(super) fn paper_look(view: &View<'_>) -> Look {
    let ours = look(view.slot(TREE));
    Look { colour: INK, shape: Shape::Diamond, ..ours }
}

/// A scale that holds zero, all usual figures, and of the others what fits.
pub(super) fn scale(marks: &[Mark]) -> Axis {
    let mut usual: Vec<f64> = marks.iter().map(|mark| mark.value.abs()).collect();
    usual.sort_by(f64::total_cmp);
    let limit = usual.get(usual.len() / 2).map_or(0.0, |middle| middle.max(1.0) * FAR);
    let ends = |mark: &Mark| {
        let (low, high) = mark.bounds.unwrap_or((mark.value, mark.value));
        [mark.value, low, high].map(|v| v.clamp(-limit, limit))
    };
    let values: Vec<f64> = marks.iter().flat_map(ends).chain([0.0]).collect();
    Axis::fitted(values, Fit::Close(u32::MAX))
}

/// Whether something reaches beyond the scale.
pub(super) fn clipped(marks: &[Mark], scale: Axis) -> bool {
    let outside = |value: f64| value < scale.low || value > scale.high;
    marks.iter().any(|mark| {
        outside(mark.value) || mark.bounds.is_some_and(|(low, high)| outside(low) || outside(high))
    })
}

//! The marks of the figure of changes: ours, and the paper's.

use super::paper::of_paper;
use crate::record::ComparisonRow;
use crate::report::figure::looks::look;
use crate::report::figure::shape::Shape;
use crate::report::figure::style::{ANY_LOOK, Look};
use crate::report::numbers::finite;
use crate::report::published::{self, HEADLINE_LOOKUPS};
use crate::report::view::{Group, View};

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
    for (column, batch) in group.batches.iter().enumerate() {
        let found = batch.comparisons.iter().find_map(|row| of_paper(view, group, row));
        if let Some(found) = found.filter(|_| paper) {
            marks.push(hollow(column, found.change_pct, found.bounds));
        }
        for row in &batch.comparisons {
            let (value, low, high) = pick(row);
            let series = backends.iter().position(|name| *name == row.backend);
            if let (Some(value), Some(series)) = (finite(value), series) {
                marks.push(Mark {
                    column,
                    series: series + usize::from(paper),
                    look: look(&row.backend, &view.backends),
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
    mut marks: Vec<Mark>,
) -> Vec<Mark> {
    for mark in &mut marks {
        mark.series += 1; // the paper's mark stands first, as above
    }
    let column = group.batches.iter().position(|batch| {
        batch.lookups == HEADLINE_LOOKUPS
            && batch.comparisons.iter().any(|row| of_paper(view, group, row).is_some())
    });
    if let (Some(column), Some(recomputed)) = (column, published::recomputed()) {
        marks.push(hollow(column, recomputed.net_pct, None));
    }
    marks
}

fn hollow(column: usize, value: f64, bounds: Option<(f64, f64)>) -> Mark {
    let look = paper_look();
    Mark { column, series: 0, look, value, bounds, published: true }
}

/// How the paper's marks look.
pub(super) fn paper_look() -> Look {
    Look { shape: Shape::Diamond, ..ANY_LOOK }
}

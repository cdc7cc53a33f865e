//! Where the paper's change stands beside ours: one answer for every figure of changes.

use crate::record::ComparisonRow;
use crate::report::headline::{is_papers, paired};
use crate::report::published::{self, HEADLINE_LOOKUPS};
use crate::report::view::{Group, View};

/// A published change.
#[derive(Clone, Copy)]
pub(super) struct Published {
    /// Of the time as timed, in percent.
    pub change_pct: f64,
    /// Between which bounds, in percent, where the paper's numbers give any.
    pub bounds: Option<(f64, f64)>,
}

/// The paper's change where it measured the same: backends, layout, target, how lookups were made, and their number.
pub(super) fn of_paper(
    view: &View<'_>,
    group: &Group<'_>,
    row: &ComparisonRow,
) -> Option<Published> {
    // The paper drew addresses of the whole range, all alike, inside the loop; what another mode times holds less
    // beside the lookup, and another workload asks for other pages.
    let asked_alike = row.mode == "inline" && row.workload == "uniform";
    if !asked_alike || !paired(row) || !is_papers(view, group) {
        return None;
    }
    let recomputed = published::recomputed().filter(|_| row.lookups == HEADLINE_LOOKUPS);
    if let Some(recomputed) = recomputed {
        let bounds = Some((recomputed.low_pct, recomputed.high_pct));
        return Some(Published { change_pct: recomputed.change_pct, bounds });
    }
    let changes = published::changes();
    let change = changes.into_iter().find(|(lookups, _)| *lookups == row.lookups);
    change.map(|(_, change_pct)| Published { change_pct, bounds: None })
}

//! The layouts of the paper's experiments, a line each.
//!
//! Apart from the sentence above it, which chooses words; here are figures alone. For the block of `reproduce`.

use super::super::figures::{cell, whole};
use super::super::grid::{code, line};
use crate::record::{Run, SummaryRow};
use crate::report::conditions::planned;
use crate::report::headline::paired;
use crate::report::numbers::{change_cells, count, finite, fixed};
use crate::report::published::{ARRAY, TREE};
use crate::report::table::bracketed;
use crate::report::view::{Group, View};

/// A line for each layout at its largest number of lookups, in the order of the run.
pub(super) fn table(view: &View<'_>, run: &Run) -> String {
    let mut groups: Vec<&Group<'_>> = view.groups.iter().collect();
    let place = |group: &&Group<'_>| {
        run.summary.iter().position(|row| row.layout == group.layout).unwrap_or(usize::MAX)
    };
    groups.sort_by_key(place);
    let mut text = line(
        &[
            "layout",
            "segments",
            "lookups × rounds",
            &format!("{}, net ns a lookup", code(ARRAY)),
            &format!("{}, net ns a lookup", code(TREE)),
            "change, gross % [95 %]",
            "change, net % [95 %]",
            "twin, %",
        ]
        .map(String::from),
    );
    text += "|---|---:|---:|---:|---:|---:|---:|---:|\n";
    for group in groups {
        let Some(batch) = group.largest() else { continue };
        let Some(row) = batch.comparisons.iter().copied().find(|row| paired(row)) else { continue };
        let net = |name| cell(batch.row(name).and_then(net_ns));
        text += &line(&[
            code(group.layout),
            cell(segments(run, group).map(whole)),
            format!("{} × {}", count(batch.lookups), row.rounds),
            net(ARRAY),
            net(TREE),
            bracketed(change_cells(row.gross_change_pct, row.gross_low_pct, row.gross_high_pct)),
            bracketed(change_cells(row.net_change_pct, row.net_low_pct, row.net_high_pct)),
            cell(finite(row.floor_pct).map(|floor| fixed(floor, 2))),
        ]);
    }
    text
}

/// How many segments a layout has: by its tables, of older records by the plan.
pub(super) fn segments(run: &Run, group: &Group<'_>) -> Option<u64> {
    let rows = group.batches.iter().flat_map(|batch| &batch.rows);
    let planned = || planned(run, group.layout)?.get("segments")?.as_u64();
    rows.into_iter().find_map(|row| row.segments).or_else(planned)
}

/// Net nanoseconds and their margin, two decimals as all of the table.
fn net_ns(row: &SummaryRow) -> Option<String> {
    let ns = fixed(finite(row.net_ns_per_lookup)?, 2);
    let margin = finite(row.net_margin95_s).map(|s| s * 1e9 / row.lookups.max(1) as f64);
    Some(margin.map_or(ns.clone(), |margin| format!("{ns} ± {}", fixed(margin, 2))))
}

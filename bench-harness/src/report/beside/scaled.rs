//! Tables 1 and 2 of the paper beside this run, on one scale: what a lookup costs in a batch by what it costs in
//! the largest batch that both have. Seconds of two machines do not compare; shapes do.

use crate::report::numbers::{NONE, count, significant};
use crate::report::published::{ARRAY, TREE, cost_per_lookup};
use crate::report::table::{Table, heads};
use crate::report::view::{Group, mean};

/// The table of a group that measured what the paper did; nothing where fewer than two numbers of lookups are the
/// paper's.
pub(super) fn table(group: &Group<'_>) -> Option<Table> {
    let ours = |name: &str, lookups: u64| {
        let batch = group.batches.iter().find(|batch| batch.lookups == lookups)?;
        Some(mean(batch.row(name)?)? / lookups as f64)
    };
    let counts: Vec<u64> = group
        .batches
        .iter()
        .map(|batch| batch.lookups)
        .filter(|lookups| cost_per_lookup(ARRAY, *lookups).is_some())
        .filter(|lookups| [ARRAY, TREE].iter().all(|name| ours(name, *lookups).is_some()))
        .collect();
    let base = *counts.last().filter(|_| counts.len() > 1)?;
    let ratio = |value: Option<f64>, base: Option<f64>| {
        let ratio = || Some(value? / base.filter(|base| *base > 0.0)?);
        ratio().map_or_else(|| NONE.to_owned(), |ratio| significant(ratio, 3))
    };
    let row = |lookups: &u64| {
        let mut cells = vec![count(*lookups)];
        for name in [ARRAY, TREE] {
            cells.push(ratio(cost_per_lookup(name, *lookups), cost_per_lookup(name, base)));
            cells.push(ratio(ours(name, *lookups), ours(name, base)));
        }
        cells
    };
    let columns = [ARRAY, TREE].map(|name| ["paper", "ours"].map(|of| format!("{name}\n{of}")));
    Some(Table {
        title: format!(
            "Tables 1 and 2 of the paper and this run: cost of a lookup, by that in a batch of {} ({})",
            count(base),
            group.setting
        ),
        heads: heads(&["lookups"]).into_iter().chain(columns.into_iter().flatten()).collect(),
        names: 1,
        rows: counts.iter().map(row).collect(),
        notes: vec![
            "1 at every number of lookups would be a batch that is nothing but lookups.".to_owned(),
        ],
    })
}

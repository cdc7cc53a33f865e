//! The layouts of a run in a small table: how many segments each has, and what share of its lookups find a
//! page.
//!
//! Both decide what a time means, and a reader who meets them forty tables further down has read forty
//! tables without. At the top of the page.

use super::field::{Field, Member, fields};
use super::numbers::{NONE, finite, fixed};
use super::table::{Table, heads};
use super::text::clean;
use super::view::View;
use crate::record::{BASELINE, Status};

/// The table; none where nothing of that was recorded.
pub(super) fn table(view: &View<'_>) -> Option<Table> {
    let fields = fields(view);
    let mut layouts: Vec<&str> = Vec::new();
    let mut workloads: Vec<&str> = Vec::new();
    for group in &view.groups {
        if !layouts.contains(&group.layout) {
            layouts.push(group.layout);
        }
    }
    for field in &fields {
        if !workloads.contains(&field.setting.workload) {
            workloads.push(field.setting.workload);
        }
    }
    let mut known = false;
    let mut cell = |text: Option<String>| {
        known |= text.is_some();
        text.unwrap_or_else(|| NONE.to_owned())
    };
    let row = |layout: &&str| {
        let segments = members(&fields, layout).find_map(|(_, member)| member.segments());
        let rate = |workload: &&str| {
            let mut those =
                members(&fields, layout).filter(|(field, _)| field.setting.workload == *workload);
            let rate = those.find_map(|(_, member)| hit_rate(member))?;
            Some(fixed(100.0 * rate, 1))
        };
        let mut cells = vec![clean(layout), cell(segments.map(|n| n.to_string()))];
        cells.extend(workloads.iter().map(|workload| cell(rate(workload))));
        cells
    };
    let rows = layouts.iter().map(row).collect();
    let rates = workloads.iter().map(|workload| format!("{} (%)", clean(workload)));
    known.then(|| Table {
        title: "Segments, and lookups that find a page".to_owned(),
        heads: heads(&["layout", "segments"]).into_iter().chain(rates).collect(),
        names: 1,
        rows,
        notes: Vec::new(),
    })
}

/// A layout under every setting, in the order of the questions.
fn members<'f, 'a, 'r>(
    fields: &'f [Field<'a, 'r>],
    layout: &str,
) -> impl Iterator<Item = (&'f Field<'a, 'r>, &'f Member<'a, 'r>)> {
    let all =
        fields.iter().flat_map(|field| field.members.iter().map(move |member| (field, member)));
    all.filter(move |(_, member)| member.group.layout == layout)
}

/// What share of lookups find a page: the same for all backends, or it would be no result.
fn hit_rate(member: &Member<'_, '_>) -> Option<f64> {
    let rows = member.batch.rows.iter();
    let mut measured = rows.filter(|row| row.backend != BASELINE && row.status == Status::Ok);
    measured.find_map(|row| finite(row.hit_rate))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::synthetic::{Cost, Maker};

    #[test]
    fn every_layout_has_its_segments_and_a_share_for_each_workload() {
        let mut maker = Maker::new();
        let pair = [Cost("array", 7.0, 0.02), Cost("rbtree", 12.0, 0.02)];
        for (layout, workloads) in [("y", ["uniform", "hits"]), ("x", ["uniform", "zipf:1"])] {
            for workload in workloads {
                maker.batch(layout, 1000, 3, 1.5, &pair).asked([workload, "trace", "page"]);
            }
        }
        for row in &mut maker.run.summary {
            row.hit_rate = Some(if row.workload == "uniform" { 0.002 } else { 1.0 });
            row.segments = (row.layout == "y").then_some(8161);
            if row.layout == "x" {
                (row.bytes_total, row.bytes_per_segment) = (None, None);
            }
        }
        let table = table(&View::new(&maker.run)).expect("a table");
        assert_eq!(table.heads, ["layout", "segments", "hits (%)", "uniform (%)", "zipf:1 (%)"]);
        assert_eq!(
            table.rows,
            [["x", "–", "–", "0.2", "100.0"], ["y", "8161", "100.0", "0.2", "–"]]
        );
        // A record that tells nothing of it has no table.
        for row in &mut maker.run.summary {
            (row.hit_rate, row.segments, row.bytes_total) = (None, None, None);
        }
        assert!(super::table(&View::new(&maker.run)).is_none());
    }
}

//! What a table takes: memory in all, a segment and a present frame, its index beside the page
//! descriptors, and the time to build it.

use std::collections::BTreeSet;

use super::field::{is_crowd, unvaried};
use super::numbers::{NONE, bytes, finite, significant, time};
use super::table::{Room, Table, heads};
use super::text::clean;
use super::view::{Group, View};
use crate::record::{PAGE_DESCRIPTOR_BYTES, SummaryRow};

/// Backends whose bytes are estimates: the maps inside them do not tell what they have taken, and it is
/// worked out from how many keys their nodes hold.
const ESTIMATED: [&str; 2] = ["btree", "rangemap"];

/// Says whose bytes are estimates, of the backends given; `None` where nobody's are.
pub(super) fn estimates<'n>(backends: impl Iterator<Item = &'n str>) -> Option<String> {
    let those = backends.filter(|name| ESTIMATED.contains(&unvaried(name))).map(clean);
    let those: Vec<String> = those.collect();
    (!those.is_empty()).then(|| format!("Bytes are estimates of: {}.", those.join(", ")))
}

/// A table a layout for the page. A terminal has room for the last one, and for none where few
/// backends have it in a sentence.
pub(super) fn tables(view: &View<'_>, room: Room) -> Vec<Table> {
    let mut seen = BTreeSet::new();
    let layouts = view.groups.iter().filter_map(|group| Some((group, of_layout(group, room)?)));
    // Tables are the same whatever was looked up in them.
    let mut tables: Vec<Table> =
        layouts.filter(|(group, _)| seen.insert(group.layout)).map(|(_, table)| table).collect();
    if room == Room::Terminal {
        let kept = usize::from(is_crowd(view));
        tables.drain(..tables.len().saturating_sub(kept));
    }
    tables
}

fn of_layout(group: &Group<'_>, room: Room) -> Option<Table> {
    let rows: Vec<&SummaryRow> = group
        .batches
        .last()?
        .rows
        .iter()
        .copied()
        .filter(|row| row.bytes_total.or(row.segments).is_some()) // a plugin may not say its bytes
        .collect();
    let known = |pick: fn(&SummaryRow) -> Option<u64>| rows.iter().find_map(|row| pick(row));
    let names: &[&str] = match room {
        Room::Page => &[
            "backend",
            "built by",
            "time to build",
            "ns a segment",
            "bytes",
            "bytes a segment",
            "bytes a frame",
            "index",
            "index a segment",
            "index a frame",
            "index (% of descriptors)",
        ],
        Room::Terminal => &[
            "backend",
            "built",
            "build\ntime",
            "ns a\nsegm.",
            "bytes",
            "B a\nsegm.",
            "B a\nframe",
            "index",
            "index\n%",
        ],
    };
    let size = [
        known(|row| row.segments).map(|n| format!("{n} segments")),
        known(|row| row.frames).map(|n| format!("{n} frames present")),
    ];
    let size: Vec<String> = size.into_iter().flatten().collect();
    let index = format!(
        "index: what answers page lookups; % of the descriptors of the frames present, \
         {PAGE_DESCRIPTOR_BYTES} B each."
    );
    let estimates = estimates(rows.iter().map(|row| row.backend.as_str()));
    let of = if size.is_empty() { String::new() } else { format!(": {}", size.join(", ")) };
    (!rows.is_empty()).then(|| Table {
        title: format!("Memory and building, {}{of}", clean(group.layout)),
        heads: heads(names),
        names: 2,
        rows: rows.iter().map(|row| cells(row, room)).collect(),
        notes: std::iter::once(index).chain(estimates).collect(),
    })
}

fn cells(row: &SummaryRow, room: Room) -> Vec<String> {
    let none = || NONE.to_owned();
    let figure =
        |value: Option<f64>| finite(value).map_or_else(none, |value| significant(value, 3));
    let each = |seconds: f64| Some(seconds * 1e9 / row.segments.filter(|n| *n > 0)? as f64);
    // No column has these two: they follow from others of the row.
    let index = |among: Option<u64>| {
        figure(row.index_bytes.zip(among.filter(|n| *n > 0)).map(|(b, n)| b as f64 / n as f64))
    };
    let shares = match room {
        Room::Page => vec![index(row.segments), index(row.frames)],
        Room::Terminal => Vec::new(),
    };
    let mut cells = vec![
        clean(&row.backend),
        row.build.as_deref().map_or_else(none, clean),
        finite(row.build_s).map_or_else(none, time),
        figure(row.build_s.and_then(each)),
        row.bytes_total.map_or_else(none, bytes),
        figure(row.bytes_per_segment),
        figure(row.bytes_per_frame),
        row.index_bytes.map_or_else(none, bytes),
    ];
    cells.extend(shares);
    cells.push(figure(row.index_share_pct));
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_are_said_to_be_such() {
        let words = |names: &[&'static str]| estimates(names.iter().copied());
        let all = ["array", "btree", "last-hit:rangemap@final", "section"];
        assert_eq!(
            words(&all).as_deref(),
            Some("Bytes are estimates of: btree, last-hit:rangemap@final.")
        );
        assert_eq!(words(&["array", "section"]), None);
    }
}

//! The tables of a run of `churn`.

use crate::record::{ChurnSummaryRow, EXTENT, Status};
use crate::report::churn::Group;
use crate::report::numbers::{self, NONE, change_cells, count, finite, fixed, significant};
use crate::report::table::{Room, Table, heads, p_value, unsupported, verdict};
use crate::report::text::clean;

/// The columns in a few sentences.
pub(super) const LEGEND: &str = "ns: typical time of an operation (of build: a segment), over all rounds of \
    a backend by itself; low, high: 95 %. extent: its share of the time; change: of time against the \
    reference, positive = slower; both from pairs, backend and other in the same round. So what rounds \
    have in common widens the bounds of times and not those of changes, and times whose bounds overlap \
    may differ. index: bytes that answer a page lookup; share: of 128-byte page descriptors; – does not exist.";

/// The tables of a layout: what operations cost, scenario by scenario, then what tables occupy.
pub(super) fn of_group(group: &Group<'_>, room: Room) -> Vec<Table> {
    let costs = group.scenarios.iter().map(|rows| costs(group.layout, rows, room));
    costs.chain(memory(group, room)).collect()
}

fn costs(layout: &str, rows: &[ChurnSummaryRow], room: Room) -> Table {
    let measured = rows.iter().find(|row| row.status.is_ok() && row.operations.is_some());
    let scenario = rows.first().map_or("", |row| row.scenario.as_str());
    let mut title = format!("{}, {}", clean(layout), clean(scenario));
    if let Some(row) = measured {
        let what = if scenario == "build" { "segments" } else { "operations" };
        let operations = count(row.operations.unwrap_or(0));
        title += &format!(": {operations} {what} × {} rounds", row.rounds);
    }
    if let Some(reference) =
        rows.iter().find(|row| row.change_pct.is_some()).and_then(|row| row.reference.as_deref())
    {
        title += &format!("; change against {}", clean(reference));
    }
    let names: &[&str] = match room {
        Room::Terminal => &[
            "backend",
            "ns",
            "low",
            "high",
            "extent\n%",
            "change\n%",
            "low\n%",
            "high\n%",
            "verdict",
        ],
        Room::Page => &[
            "backend",
            "ns an operation",
            "low",
            "high",
            "phase (ms)",
            "extent (%)",
            "low",
            "high",
            "change (%)",
            "low",
            "high",
            "verdict",
            "p",
            "p (Holm)",
        ],
    };
    Table {
        title,
        heads: heads(names),
        names: 1,
        rows: rows
            .iter()
            .filter(|row| row.status == Status::Ok)
            .map(|row| cost(row, room))
            .collect(),
        notes: notes(rows),
    }
}

/// Who is missing and why, and that nothing is compared where that was the reference.
fn notes(rows: &[ChurnSummaryRow]) -> Vec<String> {
    let mut notes: Vec<String> =
        rows.iter().filter_map(|row| unsupported(&row.backend, &row.status)).collect();
    let reference = rows.iter().find_map(|row| row.reference.as_deref());
    let failed = |row: &&ChurnSummaryRow| {
        Some(row.backend.as_str()) == reference && matches!(row.status, Status::Failed(_))
    };
    if let Some(row) = rows.iter().find(failed) {
        let name = clean(&row.backend);
        notes.push(format!("nothing is compared, because {name}, the reference, failed there"));
    }
    notes
}

fn cost(row: &ChurnSummaryRow, room: Room) -> Vec<String> {
    // Bounds with the decimals of the figure between them.
    let own = finite(row.ns_per_operation).unwrap_or(0.0);
    let decimals = numbers::decimals(own, 4).min(2);
    let ns = |value| finite(value).map_or_else(|| NONE.to_owned(), |ns| fixed(ns, decimals));
    let share = |value| finite(value).map_or_else(|| NONE.to_owned(), |share| fixed(share, 1));
    let change = change_cells(row.change_pct, row.change_low_pct, row.change_high_pct);
    let mut cells = vec![clean(&row.backend)];
    cells.extend([row.ns_per_operation, row.low_ns, row.high_ns].map(ns));
    if room == Room::Page {
        let ms = finite(row.phase_s).map(|seconds| significant(1e3 * seconds, 4));
        cells.push(ms.unwrap_or_else(|| NONE.to_owned()));
    }
    cells.push(share(row.extent_share_pct));
    if room == Room::Page {
        cells.extend([row.extent_low_pct, row.extent_high_pct].map(share));
    }
    cells.extend(change);
    cells.push(verdict(row.verdict.as_deref()));
    if room == Room::Page {
        cells.extend([row.p_value, row.p_value_holm].map(p_value));
    }
    cells
}

/// What tables occupy. A page has all scenarios, before and after; a terminal has room for one
/// moment: the layout as built, or where the first scenario ended.
fn memory(group: &Group<'_>, room: Room) -> Option<Table> {
    let known = |row: &&ChurnSummaryRow| {
        row.status.is_ok() && row.segments_after.is_some() && row.backend != EXTENT
    };
    let mut rows = Vec::new();
    for scenario in &group.scenarios {
        for row in scenario.iter().filter(known) {
            for moment in moments(row) {
                if room == Room::Page || moment.name == "after" {
                    rows.push((row.scenario.as_str(), moment.cells(row, room)));
                }
            }
        }
    }
    let first = rows.first()?.0;
    if room == Room::Terminal {
        rows.retain(|(scenario, _)| *scenario == first);
    }
    let title = match room {
        Room::Page => format!("{}: memory", clean(group.layout)),
        Room::Terminal => format!("{}: memory after {}", clean(group.layout), clean(first)),
    };
    let mut names = vec!["backend"];
    if room == Room::Page {
        names.extend(["scenario", "moment"]);
    }
    names.extend([
        "segments",
        "KiB",
        "index\nKiB",
        "bytes a\nsegment",
        "index B\na frame",
        "share\n%",
    ]);
    Some(Table {
        title,
        heads: heads(&names),
        names: if room == Room::Page { 3 } else { 1 },
        rows: rows.into_iter().map(|(_, cells)| cells).collect(),
        notes: Vec::new(),
    })
}

/// What a table held and took at one moment.
struct Moment {
    name: &'static str,
    segments: Option<u64>,
    total: Option<u64>,
    index: Option<u64>,
    per_segment: Option<f64>,
    per_frame: Option<f64>,
    share: Option<f64>,
}

fn moments(row: &ChurnSummaryRow) -> [Moment; 2] {
    [
        Moment {
            name: "before",
            segments: row.segments_before,
            total: row.bytes_total_before,
            index: row.bytes_index_before,
            per_segment: row.bytes_per_segment_before,
            per_frame: row.index_bytes_per_frame_before,
            share: row.index_share_pct_before,
        },
        Moment {
            name: "after",
            segments: row.segments_after,
            total: row.bytes_total_after,
            index: row.bytes_index_after,
            per_segment: row.bytes_per_segment_after,
            per_frame: row.index_bytes_per_frame_after,
            share: row.index_share_pct_after,
        },
    ]
}

impl Moment {
    fn cells(&self, row: &ChurnSummaryRow, room: Room) -> Vec<String> {
        let number = |value: Option<f64>, digits| {
            finite(value).map_or_else(|| NONE.to_owned(), |value| significant(value, digits))
        };
        let kib = |bytes: Option<u64>| number(bytes.map(|bytes| bytes as f64 / 1024.0), 4);
        let mut cells = vec![clean(&row.backend)];
        if room == Room::Page {
            cells.extend([clean(&row.scenario), self.name.to_owned()]);
        }
        cells.push(self.segments.map_or_else(|| NONE.to_owned(), |segments| segments.to_string()));
        cells.extend([kib(self.total), kib(self.index)]);
        cells.extend([self.per_segment, self.per_frame, self.share].map(|value| number(value, 3)));
        cells
    }
}

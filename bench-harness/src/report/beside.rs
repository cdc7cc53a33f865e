//! The paper's tables beside this run's.
//!
//! Only changes and ratios are compared; the paper's seconds belong to its machine. A table appears
//! when the run holds its layout and the paper's backends.

mod claims;
mod scaled;

use super::headline::{is_papers, paired};
use super::numbers::{NONE, change, change_cells, count, finite, fixed};
use super::published::{self, ARRAY, HEADLINE_LOOKUPS, TREE};
use super::table::{Room, Table, bracketed, heads};
use super::view::{Batch, Group, View, mean};
use crate::record::SummaryRow;

/// The tables that this run allows.
pub(super) fn tables(view: &View<'_>, room: Room) -> Vec<Table> {
    let paper = view.groups.iter().filter(|group| is_papers(view, group));
    let first = paper.flat_map(|group| [changes(group, room), scaled::table(group), spread(group)]);
    first.flatten().chain(fragmented(view)).chain(claims::table(view, room)).collect()
}

/// Tables 1 and 2: the change by number of lookups.
fn changes(group: &Group<'_>, room: Room) -> Option<Table> {
    let find = |lookups| {
        let batch = group.batches.iter().find(|batch| batch.lookups == lookups)?;
        batch.comparisons.iter().copied().find(|row| paired(row))
    };
    group.batches.iter().find_map(|batch| batch.comparisons.iter().find(|row| paired(row)))?;
    let mut counts: Vec<u64> = published::changes().into_iter().map(|(count, _)| count).collect();
    if !counts.iter().any(|count| find(*count).is_some()) {
        return None; // nothing to set beside anything
    }
    counts.extend(group.batches.iter().map(|b| b.lookups).filter(|n| find(*n).is_some()));
    counts.sort_unstable();
    counts.dedup();
    let rows = counts.into_iter().map(|lookups| {
        let paper = published::changes().into_iter().find(|(count, _)| *count == lookups);
        let paper = paper.map_or_else(|| NONE.to_owned(), |(_, pct)| change(pct, pct));
        let ours = find(lookups);
        let gross =
            ours.map_or([None; 3], |r| [r.gross_change_pct, r.gross_low_pct, r.gross_high_pct]);
        let net = ours.map_or([None; 3], |r| [r.net_change_pct, r.net_low_pct, r.net_high_pct]);
        let [gross, net] = [gross, net].map(|[value, low, high]| change_cells(value, low, high));
        let mut cells = vec![count(lookups), paper];
        match room {
            Room::Page => cells.extend([bracketed(gross), bracketed(net)]),
            Room::Terminal => cells.extend(gross.into_iter().chain(net)),
        }
        cells
    });
    let recomputed = published::recomputed()?;
    let pct = |value| change(value, 1.0);
    Some(Table {
        title: format!("Tables 1 and 2 of the paper: {TREE} against {ARRAY} ({})", group.setting),
        heads: match room {
            Room::Page => heads(&[
                "lookups",
                "paper (%)",
                "this run, gross (%) [low, high]",
                "this run, net (%) [low, high]",
            ]),
            Room::Terminal => heads(&[
                "lookups", "paper\n%", "gross\n%", "low\n%", "high\n%", "net\n%", "low\n%",
                "high\n%",
            ]),
        },
        names: 1,
        rows: rows.collect(),
        notes: vec![
            format!(
                "The paper prints {:.2} % for {}; its Table 3 gives {} % [{}, {}] \
                 of the array (Welch), {} % of the tree, and {} % of the array net of the generator.",
                published::printed_change_pct(),
                count(HEADLINE_LOOKUPS),
                pct(recomputed.change_pct),
                pct(recomputed.low_pct),
                pct(recomputed.high_pct),
                pct(recomputed.of_tree_pct),
                pct(recomputed.net_pct),
            ),
            "The paper timed whole test cases: below 100K lookups its figures are mostly set-up."
                .to_owned(),
        ],
    })
}

/// Fewest lookups in a batch whose spread is set beside that of the paper's 100M.
const SPREAD_LOOKUPS: u64 = 10_000_000;

/// Table 3: how much runs vary, relative to their mean.
fn spread(group: &Group<'_>) -> Option<Table> {
    // One run has no spread, and short batches have another one.
    let both = |batch: &&Batch<'_>| {
        let rows = [ARRAY, TREE].map(|name| batch.row(name).filter(|row| row.runs >= 2));
        batch.lookups >= SPREAD_LOOKUPS && rows.into_iter().all(|row| row.and_then(mean).is_some())
    };
    let asked = group.batches.iter().find(|batch| batch.lookups == HEADLINE_LOOKUPS).filter(both);
    let batch = asked.or_else(|| group.batches.iter().rev().find(both))?;
    let slowest = published::slowest(HEADLINE_LOOKUPS)?;
    let percent = |value: f64| format!("{value:.2}");
    let rows = [(ARRAY, slowest.0), (TREE, slowest.1)].map(|(name, slowest)| {
        let theirs = published::spread(name);
        let ours = batch.row(name);
        let of_mean = |pick: fn(&SummaryRow) -> Option<f64>| {
            let ratio = ours.and_then(|row| Some(finite(pick(row))? / mean(row)? * 100.0));
            finite(ratio).map_or_else(|| NONE.to_owned(), percent)
        };
        let none = || NONE.to_owned();
        vec![
            name.to_owned(),
            theirs.map_or_else(none, |row| row.runs.to_string()),
            ours.map_or_else(none, |row| row.runs.to_string()),
            theirs.map_or_else(none, |row| percent(row.deviation_pct())),
            of_mean(|row| row.stddev_population_s),
            theirs.map_or_else(none, |row| percent(row.margin_pct())),
            of_mean(|row| row.margin95_z_s),
            percent((slowest - 1.0) * 100.0),
            of_mean(|row| Some(row.max_s? - row.mean_s?)),
        ]
    });
    Some(Table {
        title: format!(
            "Table 3 of the paper ({}) and this run ({} lookups), in percent of the mean ({})",
            count(HEADLINE_LOOKUPS),
            count(batch.lookups),
            group.setting
        ),
        heads: heads(&[
            "backend",
            "runs\npaper",
            "runs\nours",
            "σ %\npaper",
            "σ %\nours",
            "±z %\npaper",
            "±z %\nours",
            "max %\npaper",
            "max %\nours",
        ]),
        names: 1,
        rows: rows.to_vec(),
        notes: vec!["max: how far the slowest run lies above the mean.".to_owned()],
    })
}

/// Fewest lookups in a batch that are set beside the paper's 10M.
const FRAGMENTED_LOOKUPS: u64 = 1_000_000;

/// Table 4: how the tree's cost grows with the fragmented chunk.
fn fragmented(view: &View<'_>) -> Option<Table> {
    let published = published::fragmented();
    let first = published.first()?;
    let groups = || view.groups.iter().filter(|group| tree_measured(group));
    let base = groups().find(|group| group.layout == first.layout)?;
    // The paper's count if it was measured, else the largest that the first layout has.
    let counts = || base.batches.iter().filter(|batch| cost(batch).is_some()).map(|b| b.lookups);
    let lookups =
        counts().find(|n| *n == published::fragmented_lookups()).or(counts().next_back())?;
    let at = |layout: &str| {
        let group = groups().find(|g| g.layout == layout && g.setting == base.setting)?;
        let batch = group.batches.iter().find(|batch| batch.lookups == lookups)?;
        let row = batch.row(TREE)?;
        Some((cost(batch)?, finite(row.net_mean_s), finite(row.max_s)))
    };
    let measured = published.iter().filter(|row| at(row.layout).is_some()).count();
    if measured < 2 || lookups < FRAGMENTED_LOOKUPS {
        return None;
    }
    let (base_mean, base_net, _) = at(first.layout)?;
    let ratio = |value: Option<f64>| finite(value).map_or_else(|| NONE.to_owned(), |v| fixed(v, 3));
    let row = |name: &str, label: String, theirs: Option<(f64, f64)>| {
        let ours = at(name);
        let net = ours.and_then(|(_, net, _)| Some(net? / base_net.filter(|b| *b > 0.0)?));
        vec![
            name.to_owned(),
            label,
            ratio(theirs.map(|(ratio, _)| ratio)),
            ratio(ours.map(|(mean, _, _)| mean / base_mean)),
            ratio(net),
            ratio(theirs.map(|(_, slowest)| slowest)),
            ratio(ours.and_then(|(mean, _, max)| Some(max? / mean))),
        ]
    };
    let mut rows = Vec::new();
    for theirs in &published {
        let figures = Some((theirs.ratio, theirs.slowest));
        rows.push(row(theirs.layout, theirs.label_mb.to_string(), figures));
        // What the label promises, next to what was run under it.
        if theirs.label_mb == 64 && at("frag-64mb").is_some() {
            rows.push(row("frag-64mb", NONE.to_owned(), None));
        }
    }
    Some(Table {
        title: format!(
            "Table 4 of the paper and this run: {TREE} after fragmentation, {} lookups ({}), \
             mean relative to {}",
            count(lookups),
            base.setting,
            first.layout
        ),
        heads: heads(&[
            "layout",
            "label\nMB",
            "mean\npaper",
            "mean\nours",
            "net\nours",
            "max/mean\npaper",
            "max/mean\nours",
        ]),
        names: 1,
        rows,
        notes: fragmented_notes(base.setting.workload),
    })
}

/// What the paper's rows were, where they differ from their labels or from this run.
fn fragmented_notes(workload: &str) -> Vec<String> {
    let mut notes = vec![
        "The paper's row labelled 64 MB ran on a chunk of 1 MiB: frag-64mb-as-run.".to_owned(),
    ];
    if workload != "atf" {
        notes.push(
            "The paper drew folded addresses, a third of them beyond the chunk in that row; \
             --workload atf repeats that."
                .to_owned(),
        );
    }
    notes
}

fn tree_measured(group: &Group<'_>) -> bool {
    group.batches.iter().any(|batch| cost(batch).is_some())
}

fn cost(batch: &Batch<'_>) -> Option<f64> {
    batch.row(TREE).and_then(mean).filter(|mean| *mean > 0.0)
}

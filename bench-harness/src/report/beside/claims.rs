//! What the paper's own numbers say of each other, and what this run measured of the same.

use crate::record::{BASELINE, ComparisonRow};
use crate::report::headline::{is_papers, paired};
use crate::report::numbers::{NONE, change_cells, fixed, significant};
use crate::report::published::{ARRAY, Claim, Subject, TREE, claims, layout_of};
use crate::report::table::{Room, Table, heads};
use crate::report::view::{Batch, Group, View, mean};

/// With fewer counterparts in a run the table stays away from a terminal.
const ENOUGH: usize = 10;

/// The table; nothing for a run that has no counterpart of anything in it.
pub(super) fn table(view: &View<'_>, room: Room) -> Option<Table> {
    let group = view.groups.iter().find(|group| is_papers(view, group))?;
    let claims = claims();
    let ours: Vec<Option<String>> =
        claims.iter().map(|claim| counterpart(view, group, claim.subject)).collect();
    let there = ours.iter().flatten().count();
    if there == 0 || room == Room::Terminal && there < ENOUGH {
        return None;
    }
    let row = |(Claim { what, arithmetic, figure, .. }, ours): (Claim, Option<String>)| {
        vec![what, arithmetic, figure, ours.unwrap_or_else(|| NONE.to_owned())]
    };
    Some(Table {
        title: format!("What the paper's own numbers say, and this run ({})", group.setting),
        heads: heads(&["what", "arithmetic of the paper's seconds", "paper", "this run"]),
        names: 2,
        rows: claims.into_iter().zip(ours).map(row).collect(),
        notes: notes(view, group),
    })
}

fn notes(view: &View<'_>, group: &Group<'_>) -> Vec<String> {
    let mut notes = vec![
        "Not lookups: what is left of a batch when every lookup is taken off at what it costs in the largest \
         batch; in the paper the start of the process and the building of the table are in it, here they are \
         not timed, and a part below 0 says that lookups cost less in this batch than in the largest. All of this \
         run's are quotients of means, as the paper's; the changes in other tables are typical ones, with intervals. \
         Brackets: 95 %."
            .to_owned(),
    ];
    let whole = ["frag-64mb", "frag-1mb"].map(|layout| cost(view, group, layout));
    if let [Some((ours, lookups)), Some((base, other))] = whole
        && lookups == other
    {
        notes.push(format!(
            "The chunk labelled 64 MB was of 1 MiB, as the other; what differs is that a third of its folded \
             addresses lay beyond it (--workload atf), the holes that were drawn, and noise. One of 64 MiB (frag-64mb) \
             takes {} % more here than one of 1 MiB.",
            significant(100.0 * (ours / base - 1.0), 3)
        ));
    }
    notes
}

/// What this run measured of something that the paper's numbers say.
fn counterpart(view: &View<'_>, group: &Group<'_>, subject: Subject) -> Option<String> {
    match subject {
        // Quotients of means, as the paper's: the typical changes are in the tables of the changes.
        Subject::OfArray | Subject::OfTree | Subject::Net => {
            let batch = of_lookups(group, largest(group)?.lookups)?;
            let (array, tree) = (mean(batch.row(ARRAY)?)?, mean(batch.row(TREE)?)?);
            let whole = match subject {
                Subject::OfArray => array,
                Subject::OfTree => tree,
                _ => array - mean(batch.row(BASELINE)?)?,
            };
            (whole > 0.0).then(|| percent(100.0 * (tree - array) / whole))
        }
        Subject::Generator => {
            let batch = of_lookups(group, largest(group)?.lookups)?;
            let share = mean(batch.row(BASELINE)?)? / mean(batch.row(ARRAY)?)?;
            Some(format!("{} %", significant(100.0 * share, 3)))
        }
        Subject::Batches([few, more]) => {
            let [a, b] = [few, more].map(|lookups| of_lookups(group, lookups));
            let (a, b) = (a?, b?);
            each(|name| Some(significant(mean(a.row(name)?)? / mean(b.row(name)?)?, 3)))
        }
        Subject::SetUp(lookups) => {
            let (here, largest) =
                (of_lookups(group, lookups)?, of_lookups(group, largest(group)?.lookups)?);
            if here.lookups >= largest.lookups {
                return None;
            }
            each(|name| {
                let part = here.lookups as f64 / largest.lookups as f64;
                let of_lookups = part * mean(largest.row(name)?)? / mean(here.row(name)?)?;
                Some(format!("{} %", fixed(100.0 * (1.0 - of_lookups), 1)))
            })
        }
        Subject::Chunks(labels) => {
            let [a, b] = labels.map(|label| cost(view, group, layout_of(label)?));
            let ((a, lookups), (b, other)) = (a?, b?);
            (lookups == other).then(|| percent(100.0 * (a / b - 1.0)))
        }
    }
}

/// The row with the change at the largest number of lookups.
fn largest<'r>(group: &Group<'r>) -> Option<&'r ComparisonRow> {
    let mut rows = group.batches.iter().rev().flat_map(|batch| batch.comparisons.iter().copied());
    rows.find(|row| paired(row))
}

fn of_lookups<'a, 'r>(group: &'a Group<'r>, lookups: u64) -> Option<&'a Batch<'r>> {
    group.batches.iter().find(|batch| batch.lookups == lookups)
}

/// The tree's time on a fragmented layout, asked as the paper's layout was, and the number of lookups.
fn cost(view: &View<'_>, asked: &Group<'_>, layout: &str) -> Option<(f64, u64)> {
    let mut groups = view.groups.iter();
    let group = groups.find(|group| group.layout == layout && group.setting == asked.setting)?;
    let batch = group.largest()?;
    Some((mean(batch.row(TREE)?).filter(|mean| *mean > 0.0)?, batch.lookups))
}

/// A figure for array and tree.
fn each(figure: impl Fn(&str) -> Option<String>) -> Option<String> {
    Some(format!("{}, {}", figure(ARRAY)?, figure(TREE)?))
}

/// `+49.0 %`.
fn percent(value: f64) -> String {
    let [value, ..] = change_cells(Some(value), None, None);
    format!("{value} %")
}

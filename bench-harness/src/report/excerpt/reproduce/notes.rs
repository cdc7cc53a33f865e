//! What has to be known to read the table of the paper's experiments.
//!
//! Chosen from how the run was made: one process or several, which tables were built how. For the block of
//! `reproduce`.

use super::super::grid::code;
use crate::record::ComparisonRow;
use crate::report::conditions::planned;
use crate::report::headline::{is_papers, paired};
use crate::report::numbers::{finite, fixed};
use crate::report::published::{ARRAY, TREE};
use crate::report::view::{Group, View};

/// How to read the table.
pub(super) fn notes(view: &View<'_>, row: &ComparisonRow, method: Option<&str>) -> String {
    let method =
        method.map_or_else(|| "METHODOLOGY".to_owned(), |link| format!("[METHODOLOGY]({link})"));
    let placed = if row.unit == "process" {
        "The intervals count processes as evidence, so that where the loader puts things is in them; what the linker \
         does to another build is not"
    } else {
        "The intervals speak of one process of one build: where loader and linker put things is in the figures and in \
         no interval"
    };
    let largest = view.groups.iter().filter_map(Group::largest);
    let floors = largest.flat_map(|batch| &batch.comparisons).filter(|row| paired(row));
    let floors: Vec<f64> = floors.filter_map(|row| finite(row.floor_pct)).collect();
    let twin = match floors.iter().copied().reduce(f64::max) {
        None => String::new(),
        Some(most) => format!(
            " Twin: by how much {} and its own second compilation may differ here, at most {} %.",
            code(ARRAY),
            fixed(most, 2)
        ),
    };
    format!(
        "{placed}; {method} says how far that reaches, and what to do about it (`--processes`).{twin} Net: the time \
         of {} in the same round taken off. ±: Student's 95 % margin.{}",
        view.settings.first().map_or("the baseline", |setting| setting.baseline()),
        built(view)
    )
}

/// How the tables of the other layouts were made, and how many lookups meet a hole there.
fn built(view: &View<'_>) -> String {
    let of = |name: &str, how: &str| {
        let others = view.groups.iter().filter(|group| !is_papers(view, group));
        let rows: Vec<_> = others.filter_map(|group| group.largest()?.row(name)).collect();
        !rows.is_empty() && rows.iter().all(|row| row.build.as_deref() == Some(how))
    };
    let others = view.groups.iter().filter(|group| !is_papers(view, group));
    let misses: Vec<f64> = others
        .filter_map(|group| finite(group.largest()?.row(TREE)?.hit_rate))
        .map(|rate| 100.0 - 100.0 * rate)
        .collect();
    let [least, most] = [f64::min, f64::max].map(|pick| misses.iter().copied().reduce(pick));
    let (Some(least), Some(most)) = (least, most) else { return String::new() };
    let how = if of(ARRAY, "final") && of(TREE, "replay") {
        let unlimited = |group: &Group<'_>| {
            let capacity =
                planned(view.run, group.layout).and_then(|plan| plan.get("array_capacity"));
            capacity.is_some_and(|capacity| capacity == "unlimited")
        };
        let others = view.groups.iter().filter(|group| !is_papers(view, group));
        let limit = if others.clone().all(unlimited) { "has no limit and " } else { "" };
        format!(
            "{} {limit}is loaded at boot with the final map and {} was built step by step; ",
            code(ARRAY),
            code(TREE)
        )
    } else {
        String::new()
    };
    let [least, most] = [least, most].map(|pct| format!("{pct:.0}"));
    let share = if least == most { least } else { format!("{least} to {most}") };
    format!(" On the other layouts {how}{share} % of the lookups meet a hole.")
}

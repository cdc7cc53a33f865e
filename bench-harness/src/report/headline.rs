//! The result in a sentence.
//!
//! Printed at the end of a run and on top of the page. It says gross and net, always with the
//! interval, and puts the paper's figure beside ours where the paper measured the same.

use super::conditions::{nothing_to_compare, planned, reference};
use super::factor::{Factor, large, speed};
use super::field::{Field, fields, is_control, is_crowd};
use super::numbers::{change, count, finite, significant};
use super::published::{self, ARRAY, HEADLINE_LOOKUPS, LAYOUT, PRINTED_CHANGE_PCT, TREE};
use super::setting::Setting;
use super::text::clean;
use super::view::{Group, View};
use crate::record::{ComparisonRow, Run};

/// The change measured, gross and net, with 95 % intervals.
///
/// On `paper-32x8` with `array` as reference and `rbtree` beside it: one sentence on the largest
/// number of lookups measured, and one with the paper's figures. Otherwise a line per layout, at its
/// largest number of lookups. Of many backends, before that, which is the fastest on which layout.
/// `None` where nothing was compared.
pub fn headline(run: &Run) -> Option<String> {
    of(&View::new(run))
}

pub(super) fn of(view: &View<'_>) -> Option<String> {
    let mut lines: Vec<String> = match (is_crowd(view), paper(view)) {
        (true, paper) => {
            let fields = fields(view);
            fields.iter().filter_map(|field| fastest(view, field)).chain(paper).collect()
        }
        (false, Some(line)) => vec![line],
        (false, None) => view.groups.iter().filter_map(layout).collect(),
    };
    for missing in view.groups.iter().filter_map(|group| nothing_to_compare(group, view)) {
        // A layout says it once, however many settings it was measured under.
        if !lines.contains(&missing) {
            lines.push(missing);
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Which backend is the fastest where, and how many times as fast as the reference: one sentence a
/// setting. Neighbouring layouts with the same winner share its name.
fn fastest(view: &View<'_>, field: &Field<'_, '_>) -> Option<String> {
    let reference = reference(view)?;
    let mut winners: Vec<(&str, Vec<String>)> = Vec::new();
    for member in &field.members {
        let Some((name, net)) = member.fastest(&view.backends) else { continue };
        let layout = clean(member.group.layout);
        let factor = member
            .comparison(name)
            .and_then(|row| speed(row.net_change_pct, row.net_low_pct, row.net_high_pct));
        let mut earlier = winners.iter().filter(|(winner, _)| *winner == name);
        let earlier = earlier.next().map_or(&[][..], |(_, layouts)| layouts.as_slice());
        let words = match factor.map(Factor::in_words) {
            Some((words, bracket)) if earlier.is_empty() => {
                format!("{words} than {} on {layout} {bracket}", clean(reference))
            }
            Some((words, bracket)) => format!("{words} on {layout} {bracket}"),
            None => {
                let first = if earlier.is_empty() { "the fastest on " } else { "" };
                let unclear = if net.is_clear() { "" } else { ", not told from 0" };
                format!("{first}{layout} ({} ns{unclear})", significant(net.ns, 3))
            }
        };
        match winners.iter_mut().find(|(earlier, _)| *earlier == name) {
            Some((_, layouts)) => layouts.push(words),
            None => winners.push((name, vec![words])),
        }
    }
    let clauses: Vec<String> = winners
        .into_iter()
        .map(|(name, layouts)| format!("{} is {}", clean(name), layouts.join(", ")))
        .collect();
    let controls: Vec<String> =
        view.backends.iter().filter(|name| is_control(name)).map(|name| clean(name)).collect();
    let apart = if controls.is_empty() {
        String::new()
    } else {
        format!("; controls left out: {}", controls.join(", "))
    };
    (!clauses.is_empty()).then(|| {
        let net = format!("net of {}", field.setting.baseline());
        format!("{} ({net}; {}{apart}).", clauses.join("; "), field.setting)
    })
}

/// Whether a group measured what the paper did: its layout (a file may bear the name), and pages.
pub(super) fn is_papers(view: &View<'_>, group: &Group<'_>) -> bool {
    let is = |key: &str, number: u64| {
        let plan = planned(view.run, group.layout).and_then(|plan| plan.get(key)?.as_u64());
        plan.is_none_or(|planned| planned == number)
    };
    group.layout == LAYOUT
        && group.setting.target == "page"
        && is("segments", 32)
        && is("frames", 256)
        && is("lookups_end", 256)
}

/// The row on which the paper's headline has its counterpart: the mode that the paper used first.
fn paper(view: &View<'_>) -> Option<String> {
    let mut groups: Vec<_> = view.groups.iter().filter(|group| is_papers(view, group)).collect();
    groups.sort_by_key(|group| group.setting.mode != "inline");
    let (group, lookups, row) = groups.into_iter().find_map(|group| {
        let batch = group
            .batches
            .iter()
            .rev()
            .find(|batch| batch.comparisons.iter().any(|row| paired(row)))?;
        let row = batch.comparisons.iter().copied().find(|row| paired(row))?;
        Some((group, batch.lookups, row))
    })?;
    let asked = if lookups == HEADLINE_LOOKUPS {
        String::new()
    } else {
        format!(
            " (the largest number measured; the paper's headline is about {})",
            count(HEADLINE_LOOKUPS)
        )
    };
    let ours = format!(
        "Degradation on {LAYOUT} at {} lookups{asked}: {TREE} against {ARRAY}, {} ({}).",
        count(lookups),
        both(row, group.setting),
        group.setting
    );
    let Some(theirs) = published::recomputed() else {
        return Some(ours);
    };
    let p = |value: f64| change(value, 1.0);
    Some(format!(
        "{ours} The paper prints {PRINTED_CHANGE_PCT:.2} % for {} lookups; its own Table 3 gives \
         {} % [{}, {}], and {} % net of its generator.",
        count(HEADLINE_LOOKUPS),
        p(theirs.change_pct),
        p(theirs.low_pct),
        p(theirs.high_pct),
        p(theirs.net_pct),
    ))
}

/// Whether a comparison is the paper's and has a result.
pub(super) fn paired(row: &ComparisonRow) -> bool {
    row.reference == ARRAY && row.backend == TREE && finite(row.gross_change_pct).is_some()
}

fn layout(group: &Group<'_>) -> Option<String> {
    let batch =
        group.batches.iter().rev().find(|batch| {
            batch.comparisons.iter().any(|row| finite(row.gross_change_pct).is_some())
        })?;
    let changes: Vec<String> = batch
        .comparisons
        .iter()
        .filter(|row| finite(row.gross_change_pct).is_some())
        .map(|row| {
            let result = both(row, group.setting);
            format!("{} against {} {result}", clean(&row.backend), clean(&row.reference))
        })
        .collect();
    Some(format!(
        "{} at {} lookups ({}): {}.",
        clean(group.layout),
        count(batch.lookups),
        group.setting,
        changes.join("; ")
    ))
}

/// `+5.90 % gross [+4.80, +7.00], +7.77 % net of the generator [+6.40, +9.10], slower`.
fn both(row: &ComparisonRow, setting: Setting<'_>) -> String {
    let gross = interval(row.gross_change_pct, row.gross_low_pct, row.gross_high_pct);
    let net = interval(row.net_change_pct, row.net_low_pct, row.net_high_pct);
    let large = |value, low, high| {
        large(value, low, high).map_or_else(String::new, |factor| format!(" ({factor})"))
    };
    let mut text = String::new();
    if let Some((value, bounds)) = gross {
        let factor = large(row.gross_change_pct, row.gross_low_pct, row.gross_high_pct);
        text = format!("{value} % gross {bounds}{factor}");
    }
    match net {
        Some((value, bounds)) => {
            let factor = large(row.net_change_pct, row.net_low_pct, row.net_high_pct);
            text += &format!(", {value} % net of {} {bounds}{factor}", setting.baseline());
        }
        None => text += &format!(", net of {} unknown", setting.baseline()),
    }
    match &row.verdict {
        Some(verdict) if !verdict.is_empty() => text + ", verdict " + &clean(verdict),
        _ => text + ", no verdict from so few rounds",
    }
}

fn interval(value: Option<f64>, low: Option<f64>, high: Option<f64>) -> Option<(String, String)> {
    let value = finite(value)?;
    let bounds = match (finite(low), finite(high)) {
        (Some(low), Some(high)) => format!("[{}, {}]", change(low, value), change(high, value)),
        _ => "[no interval]".to_owned(),
    };
    Some((change(value, value), bounds))
}

//! What few backends come to: a line for each layout, or, of many, for each setting.

use std::cmp::Ordering;

use super::told::{Told, verdict};
use super::{FEW_LAYOUTS, both, bypass, interval};
use crate::record::ComparisonRow;
use crate::report::asked::why_hits;
use crate::report::factor::large;
use crate::report::field::{Field, fields_by_distance};
use crate::report::numbers::{count, finite};
use crate::report::text::clean;
use crate::report::view::{Group, View};

/// How many layouts, of all settings together, get a line of their own.
const MOST_LINES: usize = 4;
/// How many settings get a line where layouts do not.
const MOST_SETTINGS: usize = 4;

pub(super) fn sentences(view: &View<'_>) -> Vec<String> {
    let fields = fields_by_distance(view);
    let mut lines: Vec<String> = view.groups.iter().filter_map(layout).collect();
    let many = lines.len() > MOST_LINES;
    let mut more = 0;
    if many {
        lines = fields.iter().filter_map(setting).collect();
        more = lines.len().saturating_sub(MOST_SETTINGS);
        lines.truncate(MOST_SETTINGS);
    }
    if lines.is_empty() {
        return lines;
    }
    lines.extend(fields.first().and_then(|field| why_hits(view.run, field.setting)));
    lines.extend(bypass::sentence(view, &lines));
    if many {
        let besides = match more {
            0 => String::new(),
            more => format!(", {more} more settings"),
        };
        lines.push(format!("Gross{besides}, verdicts: the tables \"Change of time\"."));
    }
    lines
}

/// Whether a backend is there beside plugins to show what calls cost: nothing that anybody would choose.
fn shows_calls(backend: &str) -> bool {
    backend.starts_with("abi:null")
}

/// A layout at its largest number of lookups, gross and net.
fn layout(group: &Group<'_>) -> Option<String> {
    let batch = group.batches.iter().rev().find(|batch| {
        let told = |row: &&ComparisonRow| finite(row.gross_change_pct).is_some();
        batch.comparisons.iter().copied().filter(told).any(|row| !shows_calls(&row.backend))
    })?;
    let changes: Vec<String> = batch
        .comparisons
        .iter()
        .filter(|row| finite(row.gross_change_pct).is_some() && !shows_calls(&row.backend))
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

/// All layouts of a setting, net.
fn setting(field: &Field<'_, '_>) -> Option<String> {
    let mut pairs: Vec<(&ComparisonRow, Vec<(&ComparisonRow, String)>)> = Vec::new();
    for member in &field.members {
        let rows = member.batch.comparisons.iter().copied();
        for row in rows.filter(|row| !shows_calls(&row.backend)) {
            let Some(words) = words(row) else { continue };
            let here = (row, format!("{words} on {}", clean(member.group.layout)));
            let same = |earlier: &ComparisonRow| {
                (&earlier.backend, &earlier.reference) == (&row.backend, &row.reference)
            };
            match pairs.iter_mut().find(|(earlier, _)| same(earlier)) {
                Some((_, layouts)) => layouts.push(here),
                None => pairs.push((row, vec![here])),
            }
        }
    }
    let clauses: Vec<String> = pairs
        .into_iter()
        .map(|(row, layouts)| {
            let (backend, reference) = (clean(&row.backend), clean(&row.reference));
            format!("{backend} against {reference} {}", listed(layouts))
        })
        .collect();
    (!clauses.is_empty()).then(|| {
        format!("{}; net of {}: {}.", field.setting, field.setting.baseline(), clauses.join("; "))
    })
}

/// `+44.1 % [+42.0, +46.3]`, or a factor where that is read more easily, and that it is no result where it
/// is none.
fn words(row: &ComparisonRow) -> Option<String> {
    let (value, bounds) = interval(row.net_change_pct, row.net_low_pct, row.net_high_pct)?;
    if verdict(row) == Told::Not {
        return Some(format!("not told apart ({value} % {bounds})"));
    }
    let factor = large(row.net_change_pct, row.net_low_pct, row.net_high_pct);
    Some(factor.unwrap_or_else(|| format!("{value} % {bounds}")))
}

/// A few layouts one by one; of many the least and the largest change.
fn listed(mut layouts: Vec<(&ComparisonRow, String)>) -> String {
    let all = layouts.len();
    if all > FEW_LAYOUTS {
        layouts.sort_by(|(a, _), (b, _)| {
            a.net_change_pct.partial_cmp(&b.net_change_pct).unwrap_or(Ordering::Equal)
        });
        if let [(_, least), .., (_, most)] = layouts.as_slice() {
            return format!("on {all} layouts from {least} to {most}");
        }
    }
    layouts.into_iter().map(|(_, words)| words).collect::<Vec<_>>().join(", ")
}

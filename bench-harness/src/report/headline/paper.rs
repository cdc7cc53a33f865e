//! The paper's headline, measured again: array and tree on `paper-32x8`.

use super::both;
use crate::record::ComparisonRow;
use crate::report::conditions::planned;
use crate::report::numbers::{change, count, finite};
use crate::report::published::{self, ARRAY, HEADLINE_LOOKUPS, LAYOUT, TREE};
use crate::report::setting::Setting;
use crate::report::view::{Group, View};

/// Whether a group measured what the paper did: its layout (a file may bear the name), and pages.
pub(in crate::report) fn is_papers(view: &View<'_>, group: &Group<'_>) -> bool {
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

/// The row on which the paper's headline has its counterpart: what comes nearest to what the paper did
/// first, which drew addresses of its whole range inside the loop.
pub(super) fn sentence(view: &View<'_>) -> Option<String> {
    let mut groups: Vec<_> = view.groups.iter().filter(|group| is_papers(view, group)).collect();
    let far = |setting: Setting<'_>| (setting.mode != "inline", setting.distance());
    groups.sort_by_key(|group| far(group.setting));
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
        "{ours} The paper prints {:.2} % for {} lookups; its own Table 3 gives \
         {} % [{}, {}], and {} % net of its generator.",
        published::printed_change_pct(),
        count(HEADLINE_LOOKUPS),
        p(theirs.change_pct),
        p(theirs.low_pct),
        p(theirs.high_pct),
        p(theirs.net_pct),
    ))
}

/// Whether a comparison is the paper's and has a result.
pub(in crate::report) fn paired(row: &ComparisonRow) -> bool {
    row.reference == ARRAY && row.backend == TREE && finite(row.gross_change_pct).is_some()
}

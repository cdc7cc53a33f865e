//! After how many lookups a copy of the array that is made anew at every change has caught up with the tree.
//!
//! The one table that joins runs of lookups with runs of `churn`: L lookups between two changes pay for the copy
//! when L times what the tree's lookup takes more is what its change takes less.

use super::churn::Phases;
use super::figures::{significant, time_of_ns};
use super::grid::{Axis, MISSING, code, line};
use super::lookups::Lookups;
use super::{Data, ExcerptError, Request, Source};
use crate::report::published::{ARRAY, TREE};

/// The array that is copied.
const COPIED: &str = "array-rebuild";
/// The change that is looked at: a segment taken away and given back.
const SCENARIO: &str = "replug";

/// The table of the layouts asked for; all that `churn` has, if none is named.
pub(super) fn table(request: &Request, sources: &[Source<'_>]) -> Result<String, ExcerptError> {
    let (lookups, churn): (Vec<_>, Vec<_>) =
        sources.iter().cloned().partition(|source| matches!(source.data, Data::Lookups(_)));
    let (lookups, phases) = (Lookups::of(&lookups)?, Phases::of(&churn)?);
    let asked = request.names.iter().find(|(axis, _)| *axis == Axis::Layout);
    let mut layouts: Vec<String> = Vec::new();
    if let Some((_, names)) = asked {
        layouts.clone_from(names);
    } else {
        for source in &churn {
            let Data::Churn(run) = source.data else { continue };
            for row in &run.summary {
                if !layouts.contains(&row.layout) {
                    layouts.push(row.layout.clone());
                }
            }
        }
    }
    let mut text = line(
        &[
            "layout",
            "one `replug`, copied",
            "in the tree",
            "lookup: tree − array",
            "break-even, lookups a change",
        ]
        .map(String::from),
    );
    text += "|---|---:|---:|---:|---:|\n";
    let mut rows = 0;
    for layout in &layouts {
        let figures = || {
            let [copied, in_tree] = phases.ns(layout, SCENARIO, [COPIED, TREE])?;
            let more = lookups.more(layout, [TREE, ARRAY], request)?;
            Some((copied, in_tree, more))
        };
        let Some((copied, in_tree, more)) = figures() else { continue };
        // Where the tree is no slower to look up, or the copy no dearer, there is nothing to catch up with.
        let lookups = (more > 0.0 && copied > in_tree).then(|| (copied - in_tree) / more);
        text += &line(&[
            code(layout),
            time_of_ns(copied),
            time_of_ns(in_tree),
            time_of_ns(more),
            lookups.map_or_else(|| MISSING.to_owned(), |n| significant(n, 2)),
        ]);
        rows += 1;
    }
    if rows == 0 {
        let names: Vec<_> = sources.iter().map(|source| source.name).collect();
        return Err(ExcerptError::Nothing { source_names: names.join(", ") });
    }
    Ok(text)
}

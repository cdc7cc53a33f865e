//! What a sentence about one batch size calls it.

use std::collections::HashSet;

use crate::record::Configuration;

/// Layout and number of lookups; with `several`, workload, mode and target too.
pub(super) fn place(configuration: &Configuration, several: bool) -> String {
    let Configuration { layout, workload, mode, target, lookups, .. } = configuration;
    if several {
        return format!("{layout}, {workload}, {mode}, {target}, {lookups} lookups");
    }
    format!("{layout}, {lookups} lookups")
}

/// Whether they are of more than one workload, mode and target.
pub(super) fn are_several(configurations: impl Iterator<Item = Configuration>) -> bool {
    let what = |it: Configuration| (it.workload, it.mode, it.target);
    configurations.map(what).collect::<HashSet<_>>().len() > 1
}

//! Which rows of a run's files a figure shows, in words, for those who want to check it.
//!
//! A figure's own numbers stand beside it; these words lead from there to summary.csv, comparison.csv and
//! samples.csv. The pages write them under each figure.

use super::figure::{Figure, source_files};
use super::setting::Setting;
use super::text::clean;
use super::view::{Group, View};

/// More layouts than this are counted.
const NAMED: usize = 4;

/// Files and filter of a figure's rows; none where it has no numbers of its own.
pub(super) fn sources(view: &View<'_>, figure: &Figure) -> Option<String> {
    let groups: Vec<&Group<'_>> =
        view.groups.iter().filter(|group| figure.groups.contains(&group.stem)).collect();
    let first = groups.first().filter(|_| figure.data.is_some())?;
    let names: Vec<String> = groups.iter().take(NAMED).map(|group| clean(group.layout)).collect();
    let others = match groups.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" or one of {more} more"),
    };
    let Setting { workload, mode, target, rng } = first.setting;
    let [workload, mode, target, rng] = [workload, mode, target, rng].map(clean);
    let files = source_files(&figure.file);
    Some(format!(
        "rows of {files} with layout {}{others}, workload {workload}, mode {mode}, target {target}, rng {rng}",
        names.join(", ")
    ))
}

//! What the top of the page says in words.

use crate::record::{BASELINE, UNKNOWN};
use crate::report::headline;
use crate::report::machine::or_unknown;
use crate::report::text::clean;
use crate::report::view::{Group, View};

/// How many warnings stand at the top; a wall of them is read by nobody, and the rest is one click away.
pub(super) const FIRST_WARNINGS: usize = 2;

/// The headline, a sentence or a few each.
pub(super) fn verdict(view: &View<'_>) -> Vec<String> {
    match headline::of(view) {
        Some(headline) => {
            // Those tables come next on this page, under another name; and a figure stays with its unit.
            let fit = |line: String| {
                line.replace("the tables \"Times as fast\"", "below").replace(" %", "\u{a0}%")
            };
            let lines = headline
                .lines()
                .filter(|line| !line.starts_with("Every backend, layout and setting:"));
            lines.flat_map(first_apart).map(fit).collect()
        }
        None => vec!["Nothing was compared: the figures are of single backends.".to_owned()],
    }
}

/// A line with its first sentence by itself, where another begins with a capital letter after it.
fn first_apart(line: &str) -> Vec<String> {
    let ends = line.match_indices(". ").map(|(at, _)| at + 1);
    let mut ends = ends.filter(|end| line[*end..].trim_start().starts_with("The "));
    match ends.next() {
        Some(end) => vec![line[..end].to_owned(), line[end..].trim_start().to_owned()],
        None => vec![line.to_owned()],
    }
}

/// What was measured where and when, in a few words.
pub(super) fn facts(view: &View<'_>) -> Vec<(&'static str, String)> {
    let environment = &view.run.environment;
    let mut layouts: Vec<&str> = view.groups.iter().map(|group| group.layout).collect();
    layouts.sort_unstable();
    layouts.dedup();
    let batches = view.run.samples.iter().filter(|row| row.backend != BASELINE).count();
    let cores = environment.cores.map_or_else(|| UNKNOWN.to_owned(), |cores| cores.to_string());
    vec![
        ("Measured", or_unknown(&environment.started)),
        ("Processor", format!("{}, {cores} logical", or_unknown(&environment.cpu_model))),
        ("Backends", view.backends.len().to_string()),
        ("Layouts", layouts.len().to_string()),
        ("Timed batches", batches.to_string()),
        (
            "Program",
            format!(
                "{} ({})",
                or_unknown(&environment.tool_version),
                or_unknown(&environment.tool_commit)
            ),
        ),
    ]
}

/// A layout and a question.
pub(super) fn group(group: &Group<'_>) -> String {
    format!("{} ({})", clean(group.layout), group.setting)
}

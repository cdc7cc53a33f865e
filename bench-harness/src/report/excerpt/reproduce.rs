//! The paper's experiments in short: what the README begins with.
//!
//! One sentence with its interval, the figure of the runs, a line for each layout, and what has to be known to
//! read them. Words that depend on how the run was made (one process or several, what the array was loaded
//! with) are chosen from its records.

mod notes;
mod table;

use notes::notes;
use table::{segments, table};

use super::figures::whole;
use super::grid::code;
use super::{Data, ExcerptError, Source};
use crate::record::{ComparisonRow, Environment, Run, UNKNOWN};
use crate::report::headline::{is_papers, paired};
use crate::report::machine::or_unknown;
use crate::report::markdown::escape;
use crate::report::numbers::{change_cells, count, finite, fixed};
use crate::report::published::{self, ARRAY, HEADLINE_LOOKUPS, TREE};
use crate::report::view::{Group, View};

/// Columns of a line of prose.
const WIDTH: usize = 110;
const COMMAND: &str = "reproduce";

/// Whether a run is of `reproduce`, and has a result for the paper's layout.
pub fn is_reproduction(run: &Run) -> bool {
    run.environment.command_line.get(1).is_some_and(|word| word == COMMAND)
        && headline(&View::new(run)).is_some()
}

/// The block of the first run that is one of `reproduce`.
pub(super) fn block(sources: &[Source<'_>], method: Option<&str>) -> Result<String, ExcerptError> {
    let none = || {
        let names: Vec<_> = sources.iter().map(|source| source.name).collect();
        ExcerptError::NoReproduction { source_names: names.join(", ") }
    };
    let run = |source: &Source<'_>| match source.data {
        Data::Lookups(run) => is_reproduction(run),
        Data::Churn(_) => false,
    };
    let source = sources.iter().find(|source| run(source)).ok_or_else(none)?;
    let Data::Lookups(run) = source.data else { return Err(none()) };
    let view = View::new(run);
    let (group, row) = headline(&view).ok_or_else(none)?;
    let figure = figure(source, group);
    let parts = [origin(source, &run.environment), sentence(run, group, row)]
        .into_iter()
        .map(|text| wrapped(&text))
        .chain(figure)
        .chain([table(&view, run), wrapped(&notes(&view, row, method))]);
    Ok(parts.collect::<Vec<_>>().join("\n"))
}

/// The paper's layout at its largest number of lookups that both were measured at.
fn headline<'a, 'r>(view: &'a View<'r>) -> Option<(&'a Group<'r>, &'r ComparisonRow)> {
    let group = view.groups.iter().find(|group| is_papers(view, group))?;
    let rows = group.batches.iter().rev().flat_map(|batch| batch.comparisons.iter().copied());
    Some((group, rows.into_iter().find(|row| paired(row))?))
}

/// When, where and by which program.
fn origin(source: &Source<'_>, environment: &Environment) -> String {
    let words = &environment.command_line;
    let after = words.iter().position(|word| word == "--profile").and_then(|at| words.get(at + 1));
    let joined = words.iter().find_map(|word| word.strip_prefix("--profile="));
    let profile = after.map(String::as_str).or(joined).unwrap_or("figure");
    let date = environment.started.get(..10).unwrap_or(UNKNOWN);
    let cores = environment.cores.map_or_else(String::new, |cores| format!("{cores}-core "));
    let machine = match environment.hypervisor.as_str() {
        "none" | UNKNOWN => "machine",
        _ => "virtual machine",
    };
    let caches = environment.caches.iter().filter(|cache| !cache.starts_with("L1"));
    let parts: Vec<String> =
        std::iter::once(&environment.cpu_model).chain(caches).map(|text| known(text)).collect();
    let readme =
        if source.files.iter().any(|file| file == "README.md") { "/README.md" } else { "" };
    let name = source.name;
    format!(
        "Profile {}, recorded {} on a {cores}{machine} ({}), program {} at commit {}; everything is in \
         [{}]({}{readme}).",
        code(profile),
        known(date),
        parts.join(", "),
        known(&environment.tool_version),
        known(&environment.tool_commit),
        escape(name),
        source.link,
    )
}

fn known(text: &str) -> String {
    escape(&or_unknown(text))
}

/// The result, beside what the paper says.
fn sentence(run: &Run, group: &Group<'_>, row: &ComparisonRow) -> String {
    let place = segments(run, group)
        .map_or_else(|| code(group.layout), |n| format!("{} segments", whole(n)));
    let pct = row.gross_change_pct.unwrap_or_default();
    let more = if pct < 0.0 { "less time" } else { "longer" };
    let [_, low, high] = change_cells(row.gross_change_pct, row.gross_low_pct, row.gross_high_pct);
    let decimals = if pct.abs() < 10.0 { 2 } else { 1 };
    let interval = match (finite(row.gross_low_pct), finite(row.gross_high_pct)) {
        (Some(_), Some(_)) => format!(", 95 % interval [{low}, {high}]{}", evidence(row)),
        _ => ", from too little for an interval".to_owned(),
    };
    let net = change_cells(row.net_change_pct, row.net_low_pct, row.net_high_pct);
    let net = match finite(row.net_change_pct) {
        Some(value) => {
            let more = if value < 0.0 { "less" } else { "more" };
            let [_, low, high] = net;
            let size = fixed(value.abs(), if value.abs() < 10.0 { 2 } else { 1 });
            format!("; net of {} {size} % {more} [{low}, {high}]", group.setting.baseline())
        }
        None => String::new(),
    };
    let verdict = match row.verdict.as_deref() {
        Some("slower" | "faster") | None => String::new(),
        Some(other) => format!("; verdict: {}", escape(other)),
    };
    let ours = format!(
        "**{} lookups in {place}: {} takes {} % {more} than {}{interval}{net}{verdict}.**",
        count(row.lookups),
        code(TREE),
        fixed(pct.abs(), decimals),
        code(ARRAY),
    );
    let Some(paper) = published::recomputed() else { return ours };
    format!(
        "{ours} The paper prints {:.2} % for {} lookups on its machine; its own Table 3 gives \
         {:.2} %, and {:.2} % net of its generator.",
        published::printed_change_pct(),
        count(HEADLINE_LOOKUPS),
        paper.change_pct,
        paper.net_pct,
    )
}

/// What the interval speaks of.
fn evidence(row: &ComparisonRow) -> String {
    if row.unit == "process" {
        format!(" over {} processes", row.units)
    } else {
        " within this one process".to_owned()
    }
}

/// The figure of the runs, if it is kept rendered.
fn figure(source: &Source<'_>, group: &Group<'_>) -> Option<String> {
    let file = format!("report/figure1-runs-{}.svg", group.stem);
    source.files.contains(&file).then(|| {
        format!(
            "![Every run of the largest batch on {}: {ARRAY} and {TREE}, with mean, 95 % interval, minimum and \
             maximum]({}/{file})\n",
            escape(group.layout),
            source.link
        )
    })
}

/// Prose in lines of about [`WIDTH`] columns; words, and so links, stay whole.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        // Alone at the start of a line these would begin a list.
        let marks_list = matches!(word, "-" | "+" | "*");
        if used > 0 && used + 1 + length > WIDTH && !marks_list {
            out.push('\n');
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out.push('\n');
    out
}

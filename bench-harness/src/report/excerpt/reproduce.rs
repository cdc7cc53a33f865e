//! The paper's experiments in short: what the README begins with.
//!
//! One sentence with its interval, the figure of the runs, a line for each layout, and what has to be known to
//! read them. Words that depend on how the run was made (one process or several, what the array was loaded
//! with) are chosen from its records.

use super::figures::{cell, whole};
use super::grid::{code, line};
use super::{Data, ExcerptError, Source};
use crate::record::{ComparisonRow, Environment, Run, SummaryRow, UNKNOWN};
use crate::report::conditions::planned;
use crate::report::headline::{is_papers, paired};
use crate::report::machine::or_unknown;
use crate::report::markdown::escape;
use crate::report::numbers::{change_cells, count, finite, fixed};
use crate::report::published::{self, ARRAY, HEADLINE_LOOKUPS, TREE};
use crate::report::table::bracketed;
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

/// A line for each layout at its largest number of lookups, in the order of the run.
fn table(view: &View<'_>, run: &Run) -> String {
    let mut groups: Vec<&Group<'_>> = view.groups.iter().collect();
    let place = |group: &&Group<'_>| {
        run.summary.iter().position(|row| row.layout == group.layout).unwrap_or(usize::MAX)
    };
    groups.sort_by_key(place);
    let mut text = line(
        &[
            "layout",
            "segments",
            "lookups × rounds",
            &format!("{}, net ns a lookup", code(ARRAY)),
            &format!("{}, net ns a lookup", code(TREE)),
            "change, gross % [95 %]",
            "change, net % [95 %]",
            "twin, %",
        ]
        .map(String::from),
    );
    text += "|---|---:|---:|---:|---:|---:|---:|---:|\n";
    for group in groups {
        let Some(batch) = group.largest() else { continue };
        let Some(row) = batch.comparisons.iter().copied().find(|row| paired(row)) else { continue };
        let net = |name| cell(batch.row(name).and_then(net_ns));
        text += &line(&[
            code(group.layout),
            cell(segments(run, group).map(whole)),
            format!("{} × {}", count(batch.lookups), row.rounds),
            net(ARRAY),
            net(TREE),
            bracketed(change_cells(row.gross_change_pct, row.gross_low_pct, row.gross_high_pct)),
            bracketed(change_cells(row.net_change_pct, row.net_low_pct, row.net_high_pct)),
            cell(finite(row.floor_pct).map(|floor| fixed(floor, 2))),
        ]);
    }
    text
}

/// How many segments a layout has: by its tables, of older records by the plan.
fn segments(run: &Run, group: &Group<'_>) -> Option<u64> {
    let rows = group.batches.iter().flat_map(|batch| &batch.rows);
    let planned = || planned(run, group.layout)?.get("segments")?.as_u64();
    rows.into_iter().find_map(|row| row.segments).or_else(planned)
}

/// Net nanoseconds and their margin, two decimals as all of the table.
fn net_ns(row: &SummaryRow) -> Option<String> {
    let ns = fixed(finite(row.net_ns_per_lookup)?, 2);
    let margin = finite(row.net_margin95_s).map(|s| s * 1e9 / row.lookups.max(1) as f64);
    Some(margin.map_or(ns.clone(), |margin| format!("{ns} ± {}", fixed(margin, 2))))
}

/// How to read the table.
fn notes(view: &View<'_>, row: &ComparisonRow, method: Option<&str>) -> String {
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

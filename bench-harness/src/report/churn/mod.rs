//! The report of a run of `churn`: what an operation costs by scenario and backend, how much of it is
//! the extent's, and what the tables occupy.
//!
//! Reads the records and nothing else. The command and `report` call it.

mod tables;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use super::markdown::{escape, pictures, section};
use super::names::Stems;
use super::table::{Room, Table};
use super::terminal::{push_wrapped, shaped};
use super::{HTML_PAGE, PAGE, ReportError, again, figure, html, page, write};
use crate::record::{ChurnRun, ChurnSummaryRow};

/// The scenarios of one layout, in order.
pub(in crate::report) struct Group<'a> {
    pub layout: &'a str,
    /// The rows of a scenario, backends in the order in which they were named.
    pub scenarios: Vec<&'a [ChurnSummaryRow]>,
}

/// The layouts of a run, in order.
fn groups(run: &ChurnRun) -> Vec<Group<'_>> {
    let by_layout = run.summary.chunk_by(|a, b| a.layout == b.layout);
    by_layout
        .filter_map(|rows| {
            let layout = rows.first()?.layout.as_str();
            let scenarios = rows.chunk_by(|a, b| a.scenario == b.scenario).collect();
            Some(Group { layout, scenarios })
        })
        .collect()
}

/// Tables for a terminal of `width` columns.
pub fn terminal(run: &ChurnRun, width: usize) -> String {
    let mut text = String::new();
    for group in groups(run) {
        for table in tables::of_group(&group, Room::Terminal) {
            text += &shaped(&table, width);
            text.push('\n');
        }
    }
    push_wrapped(&mut text, tables::LEGEND, width);
    if is_called(run) {
        push_wrapped(&mut text, BESIDE, width);
    }
    if let Some(line) = unfinished(run) {
        push_wrapped(&mut text, &line, width);
    }
    text
}

/// The tables of the page alone.
pub fn markdown(run: &ChurnRun) -> String {
    let tables = |group| tables::of_group(group, Room::Page);
    let groups = groups(run);
    let text = section("Costs and changes", &groups.iter().flat_map(tables).collect::<Vec<_>>());
    format!("{}\n{}\n", text.trim_start(), escape(tables::LEGEND))
}

/// Writes the pages and a figure for each layout into `dir` and returns their paths, the pages last.
///
/// # Errors
/// [`ReportError`]: nothing declared, drawing failed, the folder cannot be written.
pub fn render(run: &ChurnRun, dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    if run.summary.is_empty() {
        return Err(ReportError::NothingMeasured);
    }
    let groups = groups(run);
    let mut stems = Stems::default();
    // A layout of that name would have its numbers in churn-summary.csv, which is the run's.
    stems.stem("summary");
    let mut figures = Vec::new();
    for group in &groups {
        let file = format!("churn-{}.svg", stems.stem(group.layout));
        figures.extend(figure::churn(group, &backends(run), file).transpose()?);
    }
    let mut text = page::title("Plug and unplug", &run.environment, unfinished(run));
    text += &page::about(&run.environment, &method(run));
    text += &pictures(&figures, |_| Some("rows of churn-summary.csv".to_owned()));
    let tables = |group| tables::of_group(group, Room::Page);
    text += &section("Costs and changes", &groups.iter().flat_map(tables).collect::<Vec<_>>());
    text += &format!("\n{}\n", escape(tables::LEGEND));
    text += &again::section(&run.environment.command_line);
    let tables: Vec<Table> = groups.iter().flat_map(tables).collect();
    let content = html::Content {
        what: "Plug and unplug",
        title: "What plugging and unplugging costs, by scenario and backend",
        unfinished: unfinished(run),
        figures: &figures,
        tables: &tables,
        legend: tables::LEGEND,
        method: &METHOD,
    };
    let html = html::plain(&run.environment, content)?;
    write(dir, &figures, &[(HTML_PAGE, html), (PAGE, text)])
}

/// Backends in the order in which they were named, by which they keep their looks.
fn backends(run: &ChurnRun) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for row in &run.summary {
        if !names.contains(&row.backend.as_str()) {
            names.push(&row.backend);
        }
    }
    names
}

/// That the run did not come to its end.
pub(in crate::report) fn unfinished(run: &ChurnRun) -> Option<String> {
    run.environment.ended.is_none().then(|| {
        format!(
            "This run was cut off or is still under way: {} timed phases are what there is of it.",
            run.rows.len()
        )
    })
}

/// How a run was measured and is read, a paragraph each; what stands between backticks is code.
const METHOD: [&str; 4] = [
    "A scenario is a script of operations on a table. In a round every backend carries out the same script \
     from the same state, on a table made anew, in an order that changes from round to round; each round has \
     a script of its own. A trial before the first is thrown away.",
    "A phase is timed as a whole, with two readings of the clock. What came of it, every segment and its \
     page descriptors, was held against a model that has no table in it; a wrong table stops a run (of a plugin: \
     its part in the run) and is never a figure.",
    "`extent` is a participant like the backends: the same allocations and returns of page descriptors in \
     the same order, without the table and the data structure. Its share is its time over the backend's, \
     round by round.",
    "Typical times and changes are of logarithms: means of the midmeans of groups of rounds, with 95 % bounds \
     by Student's t. Times are of all rounds of a backend by itself, changes and the extent's share of pairs \
     in the same round: what makes a whole round slow is in the bounds of times and not in those of changes. \
     A change is of time against the reference, positive = slower.",
];

/// What is said beside [`METHOD`] where something is called through the plugins' interface.
const CALLED: &str = "A plugin (and `abi:null`, `abi:array`, which are called as one) gets its page identities from the \
    same slabs, in the same timed phase, by the code that `extent` is. `abi:null` does nothing else: its time less that \
    of `extent` is what the calls cost, and a plugin's less that of `abi:null` is the plugin's own. A built-in backend \
    has the table around it too, which finds the segment, refuses what makes no sense, and keeps its record; a plugin \
    does for itself what it needs of that.";

/// The same on a terminal, which has no section about methods.
const BESIDE: &str = "Plugins and abi: have no table of ours around them, which finds the segment, checks and records: \
    hold a plugin against abi:null and other plugins before a built-in backend (report.md, Method).";

/// Whether something is called through the plugins' interface.
fn is_called(run: &ChurnRun) -> bool {
    backends(run).iter().any(|name| name.starts_with("plugin:") || name.starts_with("abi:"))
}

/// How this run was measured.
fn method(run: &ChurnRun) -> Vec<&'static str> {
    METHOD.into_iter().chain(is_called(run).then_some(CALLED)).collect()
}

//! `list`: what can be named on the command line.

mod abilities;

use comfy_table::{ContentArrangement, Table, presets};

use super::{Failure, results};
use crate::cli::{Format, Listed};
use crate::registry;
use crate::report::formats::Rows;
use crate::workload::{RngKind, WorkloadKind};
use crate::{layout, measure, recording};

pub(super) fn run(what: Option<Listed>, format: Format) -> Result<(), Failure> {
    // Only what is printed is looked up: trying what backends can do takes a moment.
    match format {
        Format::Table => results::of_rows(&Rows::new(&[]), &text(what), format),
        _ => results::of_rows(&rows(what), "", format),
    }
}

/// Whether `what` was asked for asks for `which`.
fn asks(what: Option<Listed>, which: Listed) -> bool {
    what.is_none_or(|what| what == which || what == Listed::Workloads && of_lookups(which))
}

/// Everything as one table: of what kind it is, its name, what it is, and of backends what they can do.
fn rows(what: Option<Listed>) -> Rows {
    let mut heads = vec!["kind", "name", "description"];
    heads.extend(abilities::COLUMNS);
    let mut rows = Rows::new(&heads);
    if asks(what, Listed::Backends) {
        for entry in registry::ENTRIES {
            let named = ["backend", entry.name, entry.description].map(str::to_owned);
            let able = abilities::row(entry).into_iter().skip(1);
            let able = abilities::COLUMNS.into_iter().zip(able).map(|(column, cell)| {
                match (column, cell.as_str()) {
                    // Without others there is nothing that a handle could do; our own are of no crate.
                    ("handles" | "crate", "-") => String::new(),
                    (_, "-") => "no".to_owned(),
                    _ => cell,
                }
            });
            rows.push(named.into_iter().chain(able));
        }
    }
    let mut all = |which: Listed, kind: &str, pairs: Vec<(String, String)>| {
        for (name, description) in pairs.into_iter().filter(|_| asks(what, which)) {
            rows.push([kind.to_owned(), name, description]);
        }
    };
    let kinds = registry::kinds().map(|(name, what)| pair(name, &what));
    all(Listed::Backends, "backend", kinds.to_vec());
    if asks(what, Listed::Layouts) {
        all(Listed::Layouts, "layout", layouts());
    }
    let workloads = WorkloadKind::ALL.iter().map(|(name, what)| pair(name, what));
    all(Listed::Workloads, "workload", workloads.collect());
    let recordings = recording::shipped().map(|one| pair(one.name, one.description));
    all(Listed::Workloads, "recording", recordings.collect());
    let generators = RngKind::ALL.iter().map(|kind| pair(kind.as_str(), kind.description()));
    all(Listed::Workloads, "generator", generators.collect());
    let modes = measure::Mode::ALL.iter().map(|(name, what)| pair(name, what));
    all(Listed::Modes, "mode", modes.collect());
    let targets = measure::Target::ALL.iter().map(|one| pair(one.as_str(), one.description()));
    all(Listed::Targets, "target", targets.collect());
    rows
}

/// All sections for people.
fn text(what: Option<Listed>) -> String {
    let mut text = String::new();
    let mut section = |which: Listed, title: &str, body: &str| {
        if asks(what, which) {
            text.extend([title, "\n", body, "\n"]);
        }
    };
    let backends = registry::ENTRIES.iter().map(|entry| pair(entry.name, entry.description));
    let backends = backends.chain(registry::kinds().map(|(name, what)| pair(name, &what)));
    section(Listed::Backends, "Backends", &table(backends.collect()));
    section(Listed::Backends, "What they can do", &abilities::of(registry::ENTRIES));
    section(Listed::Layouts, "Layouts (or any TOML file)", &table(layouts()));
    let workloads = WorkloadKind::ALL.iter().map(|(name, what)| pair(name, what));
    section(Listed::Workloads, "Workloads", &table(workloads.collect()));
    let recordings = recording::shipped().map(|one| pair(one.name, one.description));
    section(
        Listed::Workloads,
        "Recordings (or any file of `workload import`)",
        &table(recordings.collect()),
    );
    let generators = RngKind::ALL.iter().map(|kind| pair(kind.as_str(), kind.description()));
    section(Listed::Workloads, "Generators", &table(generators.collect()));
    let modes = measure::Mode::ALL.iter().map(|(name, what)| pair(name, what));
    section(Listed::Modes, "Modes", &table(modes.collect()));
    let targets = measure::Target::ALL.iter().map(|one| pair(one.as_str(), one.description()));
    section(Listed::Targets, "Targets", &table(targets.collect()));
    text
}

/// Whether it is about how lookups are made, all of which is listed with the workloads.
fn of_lookups(which: Listed) -> bool {
    matches!(which, Listed::Modes | Listed::Targets)
}

fn layouts() -> Vec<(String, String)> {
    layout::names()
        .into_iter()
        .map(|name| match layout::open(name) {
            Ok(layout) => pair(name, &layout.description),
            // Only the live one can fail, and why is worth knowing here.
            Err(error) => pair(name, &error.to_string()),
        })
        .collect()
}

fn pair(name: &str, description: &str) -> (String, String) {
    (name.to_owned(), description.to_owned())
}

/// Two columns that line up, without the padding behind the second.
fn table(rows: Vec<(String, String)>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(80);
    for (name, description) in rows {
        table.add_row([format!("  {name}"), description]);
    }
    table.lines().flat_map(|line| [line.trim_end().to_owned(), "\n".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::measure::churn::Scenario;

    /// The first cells of the rows of a document's tables: what the rows are about.
    fn first_cells(document: &str) -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(document);
        let text = fs::read_to_string(path).expect("a document of this repository");
        let rows = text.lines().filter_map(|line| line.strip_prefix("| "));
        rows.filter_map(|row| Some(row.split_once(" |")?.0.to_owned())).collect()
    }

    /// What is added to the lists and forgotten in the documents fails here.
    #[test]
    fn what_can_be_named_is_in_the_documents() {
        let (formats, glossary) = (first_cells("FORMATS.md"), first_cells("GLOSSARY.md"));
        let has = |cells: &[String], name: &str| cells.iter().any(|cell| cell.contains(name));
        let backends = registry::ENTRIES.iter().map(|entry| entry.name);
        let modes = measure::Mode::ALL.iter().map(|(name, _)| *name);
        let targets = measure::Target::ALL.iter().map(|target| target.as_str());
        let named: Vec<&str> = backends.chain(modes).chain(targets).collect();
        for name in named.iter().copied().chain(layout::names()) {
            assert!(has(&formats, &format!("`{name}`")), "FORMATS.md: {name}");
        }
        let scenarios = Scenario::ALL.iter().map(|scenario| scenario.as_str());
        for name in named.iter().copied().chain(scenarios) {
            assert!(has(&glossary, &format!("**`{name}`**")), "GLOSSARY.md: {name}");
        }
    }
}

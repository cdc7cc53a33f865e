//! The page of a run as one HTML file that needs nothing beside it: no network, no other file, no program but a
//! browser.
//!
//! It shows what report.md shows, drawn from the same tables, and answers back: the overview sorts and filters, and
//! every sample can be pointed at. Templates stand in `templates/`; each part has its own, filled by the module
//! of its name, and askama escapes whatever they show, because names of layouts and plugins are anybody's. What is inserted
//! as it is (`|safe`) are the figures, which escape for themselves, the samples as JSON, our own style and script, and parts
//! rendered before. [`render`](super::render) calls it.

mod compact;
mod figures;
mod frame;
mod grid;
mod heat;
mod overview;
mod plain;
mod prose;
mod samples;
#[cfg(test)]
pub(super) mod tests;
mod words;

pub(super) use plain::{Content, plain};

use askama::Template;

use self::figures::Picture;
use self::frame::{Chapter, Frame};
use self::grid::Grid;
use self::overview::Overview;
use self::prose::Prose;
use self::samples::Explorer;
use super::figure::{self, Figure};
use super::table::{self, Room};
use super::view::View;
use super::{ReportError, again, beside, conditions, interface, layouts, machine, memory, page};

/// Of more groups than these all but the first are closed at first: nobody reads as many tables one behind the other.
const OPEN_GROUPS: usize = 3;

/// The page of a run.
#[derive(Template)]
#[template(path = "report.html")]
struct Report {
    frame: Frame,
    /// The first sentence of the headline, and the others.
    lead: String,
    further: Vec<String>,
    unfinished: Option<String>,
    /// Warnings shown at once, and all of them.
    first_warnings: Vec<Prose>,
    warnings: Vec<Prose>,
    facts: Vec<(&'static str, String)>,
    overview: Overview,
    unsupported: Vec<Prose>,
    layouts: Option<Grid>,
    figures: Vec<Picture>,
    left_out: Option<String>,
    explorer: Option<Explorer>,
    groups: Vec<Rows>,
    memory: Vec<Grid>,
    plugins: Vec<Grid>,
    paper: Vec<Grid>,
    papers_words: &'static str,
    method: Vec<Prose>,
    machine: Vec<(Prose, String)>,
    again: String,
}

/// The tables of a layout and question, which figures refer to.
struct Rows {
    stem: String,
    title: String,
    open: bool,
    tables: Vec<Grid>,
}

/// The page as HTML: the same bytes for the same records.
///
/// # Errors
///
/// [`ReportError::Page`] where a template refuses.
pub(super) fn page(view: &View<'_>, figures: &[Figure]) -> Result<String, ReportError> {
    let environment = &view.run.environment;
    let grids = |tables: Vec<table::Table>| tables.iter().map(Grid::of).collect::<Vec<_>>();
    let warnings = || environment.warnings.iter().map(|line| Prose::of(line));
    let again = again::again(view.run);
    let link = |stem: &str| view.groups.iter().find(|group| group.stem == stem).map(words::group);
    let mut verdict = words::verdict(view).into_iter();
    let mut report = Report {
        frame: Frame::new("Benchmark report", environment),
        lead: verdict.next().unwrap_or_default(),
        further: verdict.collect(),
        unfinished: conditions::unfinished(view.run),
        first_warnings: warnings().take(words::FIRST_WARNINGS).collect(),
        warnings: warnings().collect(),
        facts: words::facts(view),
        overview: Overview::of(view),
        unsupported: conditions::unsupported(view).iter().map(|line| Prose::of(line)).collect(),
        layouts: layouts::table(view).as_ref().map(Grid::of),
        left_out: figure::left_out(view),
        figures: figures::pictures(figures, &again, link),
        explorer: Explorer::of(view),
        groups: rows(view),
        memory: grids(memory::tables(view, Room::Page)),
        plugins: grids(interface::tables(view, Room::Page)),
        paper: grids(beside::tables(view, Room::Page)),
        papers_words: page::PAPER,
        method: page::METHOD.iter().map(|line| Prose::of(line)).collect(),
        machine: frame::machine(&machine::rows(environment)),
        again: again.clone(),
    };
    report.frame.chapters = report.chapters();
    Ok(report.render()?)
}

impl Report {
    /// What the table of contents names: the parts that are there.
    fn chapters(&self) -> Vec<Chapter> {
        let parts = [
            ("overview", "Overview", !self.overview.fields.is_empty()),
            ("figures", "Figures", !self.figures.is_empty()),
            ("samples", "Samples", self.explorer.is_some()),
            ("rows", "Tables", !self.groups.is_empty()),
            ("memory", "Memory", !self.memory.is_empty()),
            ("plugins", "Plugins", !self.plugins.is_empty()),
            ("paper", "Paper", !self.paper.is_empty()),
            ("method", "Method", true),
            ("machine", "Machine", true),
            ("warnings", "Warnings", !self.warnings.is_empty()),
            ("again", "Again", true),
        ];
        Chapter::those(&parts)
    }
}

fn rows(view: &View<'_>) -> Vec<Rows> {
    let few = view.groups.len() <= OPEN_GROUPS;
    let rows = view.groups.iter().enumerate().map(|(at, group)| Rows {
        stem: group.stem.clone(),
        title: words::group(group),
        open: few || at == 0,
        tables: table::of_group(view, group, Room::Page).iter().map(Grid::of).collect(),
    });
    rows.collect()
}

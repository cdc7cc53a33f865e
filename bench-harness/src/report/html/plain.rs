//! The page of a command whose records are no batches of lookups: figures and tables in the same frame.

use askama::Template;

use super::figures::{self, Picture};
use super::frame::{self, Chapter, Frame};
use super::grid::Grid;
use super::prose::Prose;
use super::words;
use crate::record::Environment;
use crate::report::figure::Figure;
use crate::report::table::Table;
use crate::report::{ReportError, again, machine};

/// What such a page shows beside what the environment says.
pub(in crate::report) struct Content<'c> {
    /// What was run, in a word or two.
    pub what: &'static str,
    /// The question that it answers.
    pub title: &'static str,
    pub unfinished: Option<String>,
    pub figures: &'c [Figure],
    pub tables: &'c [Table],
    /// The columns in words.
    pub legend: &'static str,
    /// Paragraphs; what stands between backticks is code.
    pub method: &'c [&'c str],
}

#[derive(Template)]
#[template(path = "plain.html")]
struct Plain {
    frame: Frame,
    title: &'static str,
    unfinished: Option<String>,
    first_warnings: Vec<Prose>,
    warnings: Vec<Prose>,
    figures: Vec<Picture>,
    left_out: Option<String>,
    tables: Vec<Grid>,
    legend: Prose,
    method: Vec<Prose>,
    machine: Vec<(Prose, String)>,
    again: String,
}

/// The page as HTML: the same bytes for the same records.
///
/// # Errors
///
/// [`ReportError::Page`] where a template refuses.
pub(in crate::report) fn plain(
    environment: &Environment,
    content: Content<'_>,
) -> Result<String, ReportError> {
    let again = again::command(&environment.command_line);
    let warnings = || environment.warnings.iter().map(|line| Prose::of(line));
    let mut frame = Frame::new(content.what, environment);
    let parts = [
        ("figures", "Figures", !content.figures.is_empty()),
        ("rows", "Tables", true),
        ("method", "Method", true),
        ("machine", "Machine", true),
        ("warnings", "Warnings", !environment.warnings.is_empty()),
        ("again", "Again", true),
    ];
    frame.chapters = Chapter::those(&parts);
    let page = Plain {
        frame,
        title: content.title,
        unfinished: content.unfinished,
        first_warnings: warnings().take(words::FIRST_WARNINGS).collect(),
        warnings: warnings().collect(),
        left_out: None,
        figures: figures::pictures(content.figures, &again, |_| None),
        tables: content.tables.iter().map(Grid::of).collect(),
        legend: Prose::of(content.legend),
        method: content.method.iter().map(|line| Prose::of(line)).collect(),
        machine: frame::machine(&machine::rows(environment)),
        again,
    };
    Ok(page.render()?)
}

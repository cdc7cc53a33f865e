//! Results in the shape that was asked for, on standard output; everything else goes to standard error.

use super::{Failure, print};
use crate::cli::Format;
use crate::console;
use crate::record::{self, Across, ChurnRun, Run};
use crate::report;
use crate::report::formats::{self, Rows};

/// Columns of a terminal.
pub(super) const WIDTH: usize = 80;

/// A run of lookups.
pub(super) fn of_run(run: &Run, format: Format) -> Result<(), Failure> {
    match format {
        Format::Table => tables(&report::terminal::tables(run, WIDTH)),
        Format::Markdown => print(formats::markdown(run)),
        Format::Csv => print(record::joined(run).map_err(Failure::running)?),
        Format::Json => print(formats::lookups(run)),
    }
}

/// A run of `churn`.
pub(super) fn of_churn(run: &ChurnRun, format: Format) -> Result<(), Failure> {
    match format {
        Format::Table => tables(&report::churn::terminal(run, WIDTH)),
        Format::Markdown => print(report::churn::markdown(run)),
        Format::Csv => print(record::churn_summary(&run.summary).map_err(Failure::running)?),
        Format::Json => print(formats::churn(run)),
    }
}

/// Runs against the first of them, of which `text` is what a terminal gets and `pages` the page.
pub(super) fn of_across(
    runs: &[&Run],
    across: &[Across],
    [text, pages]: [&str; 2],
    format: Format,
) -> Result<(), Failure> {
    match format {
        Format::Table => tables(text),
        Format::Markdown => print(pages),
        Format::Csv => {
            let rows: Vec<_> =
                across.iter().flat_map(|across| across.rows.iter().cloned()).collect();
            print(record::across_text(&rows).map_err(Failure::running)?)
        }
        Format::Json => print(formats::across(runs, across)),
    }
}

/// Tables for people, with verdicts in colour where that is wanted.
pub(super) fn tables(text: &str) -> Result<(), Failure> {
    if console::is_coloured() { print(console::verdicts(text)) } else { print(text) }
}

/// Rows of text, `text` of which is what a terminal gets.
pub(super) fn of_rows(rows: &Rows, text: &str, format: Format) -> Result<(), Failure> {
    print(match format {
        Format::Table => text.to_owned(),
        Format::Markdown => rows.markdown(),
        Format::Csv => rows.csv(),
        Format::Json => rows.json(),
    })
}

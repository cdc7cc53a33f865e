//! `--format`: in which shape results are printed.

use clap::ValueEnum;

/// The shape of results on standard output.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    /// Tables for a terminal of 80 columns, and sentences
    #[default]
    Table,
    /// The tables of report.md
    Markdown,
    /// One table with one line of heads, full precision
    Csv,
    /// One document, full precision
    Json,
}

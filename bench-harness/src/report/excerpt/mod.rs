//! Pieces of documents that are made from recorded runs: the tables and sentences between
//! `<!-- record:begin ... -->` and `<!-- record:end -->` in a Markdown file.
//!
//! It exists so that no figure in README or FINDINGS is typed by hand: prose stands here as a template or in
//! the document, every number comes from a record's files, and `record splice --check` fails where the two
//! differ. [`blocks`] finds the markers, [`Request`] is what one asks for, [`excerpt`] answers it. Which folders
//! are meant, and reading and writing, is for the command that calls it.

mod break_even;
mod churn;
mod error;
mod figures;
mod grid;
mod lookups;
mod marker;
mod reproduce;
mod request;

#[cfg(test)]
mod tests;

pub use error::ExcerptError;
pub use marker::{Block, MarkerError, blocks};
pub use reproduce::is_reproduction;
pub use request::{Request, Table};

use crate::record::{ChurnRun, Run};

/// What a recorded run holds.
#[derive(Debug)]
pub enum Data {
    /// Lookups, of `compare`, `reproduce` or `check`.
    Lookups(Box<Run>),
    /// Plugging and unplugging, of `churn`.
    Churn(Box<ChurnRun>),
}

/// A recorded run as a document quotes it.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// Its name in a marker: the folder of the record, and of the run in it.
    pub name: &'a str,
    /// Its folder as a link from the document, without a slash at the end.
    pub link: &'a str,
    /// Files in that folder, with `/` between folder and file.
    pub files: &'a [String],
    /// What was read from it.
    pub data: &'a Data,
}

/// The text that a marker asks for, whole lines, made from `sources` in the order in which it names them.
/// `method` is the link from the document to docs/METHODOLOGY.md, where there is one.
///
/// # Errors
/// [`ExcerptError`] where the runs do not hold what is asked for.
pub fn excerpt(
    request: &Request,
    sources: &[Source<'_>],
    method: Option<&str>,
) -> Result<String, ExcerptError> {
    match request.table() {
        Table::Reproduce => reproduce::block(sources, method),
        Table::Lookups => lookups::table(request, sources),
        Table::Churn => churn::table(request, sources),
        Table::BreakEven => break_even::table(request, sources),
    }
}

//! Turns a recorded run into figures, pages and tables that people read.
//!
//! It exists so that a run can be looked at again, from its records alone, long after the machine is
//! gone: it reads a [`Run`], never measures, never looks at a clock, and gives the same bytes for
//! the same records. Figures that were computed already (means, margins, intervals) are shown, not
//! computed again. The commands call it; nothing below it does.

// A page is put together once and a `String` cannot fail to grow: `write!` would only add results to
// throw away.
#![allow(clippy::format_push_string)]

pub mod across;
mod again;
mod asked;
mod beside;
mod blocks;
pub mod churn;
mod conditions;
mod evidence;
pub mod excerpt;
mod factor;
mod field;
mod figure;
pub mod formats;
mod headline;
mod html;
mod interface;
pub mod kept;
mod layouts;
mod machine;
mod markdown;
mod matrix;
mod memory;
mod names;
mod numbers;
pub mod page;
mod published;
pub mod selftest;
mod setting;
mod sources;
mod stale;
mod table;
pub mod terminal;
mod text;
mod view;

#[cfg(test)]
mod synthetic;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::record::{RecordError, Run, RunDir, write_atomically};

/// The figure of a memory map as SVG: `segments` are page frames, sorted and apart, of `page_bytes` each.
///
/// # Errors
///
/// Without a segment, or where the drawing library refuses.
pub fn memory_map(
    name: &str,
    page_bytes: u64,
    segments: &[std::ops::Range<u64>],
) -> Result<String, ReportError> {
    figure::map(name, page_bytes, segments)
}

pub use headline::headline;
pub use setting::baseline;

/// Name of the page that [`render`] writes beside the figures.
pub const PAGE: &str = "report.md";

/// Name of the same page as HTML, which needs nothing beside it.
pub const HTML_PAGE: &str = "index.html";

/// Why a report could not be made.
#[derive(Debug, Error)]
pub enum ReportError {
    /// summary.csv holds no row.
    #[error("the run holds no summary rows: there is nothing to report; measure first")]
    NothingMeasured,
    /// The drawing library refused.
    #[error("drawing {figure} failed: {reason}")]
    Draw {
        /// File name of the figure.
        figure: String,
        /// The library's words.
        reason: String,
    },
    /// A template refused to be filled.
    #[error("making the page failed: {0}")]
    Page(#[from] askama::Error),
    /// A file or the folder could not be written; nothing half-written is left.
    #[error(transparent)]
    Write(#[from] RecordError),
}

/// Writes figures, the numbers of each as CSV, [`HTML_PAGE`] and [`PAGE`] into the folder `out` (made if missing) and
/// returns their paths, the pages last.
///
/// Everything is rendered in memory first, and every file comes into place whole, by a rename: a
/// page never names a figure that is not there. Figures of an earlier report that this run does not
/// have are removed; files that are not ours are left alone.
///
/// # Errors
/// [`ReportError`]: nothing measured, drawing failed, or the folder cannot be written.
pub fn render(run: &Run, out: &Path) -> Result<Vec<PathBuf>, ReportError> {
    if run.summary.is_empty() {
        return Err(ReportError::NothingMeasured);
    }
    let view = view::View::new(run);
    let figures = figure::draw_all(&view)?;
    let pages = [(HTML_PAGE, html::page(&view, &figures)?), (PAGE, page::page(&view, &figures))];
    let written = write(out, &figures, &pages)?;
    stale::remove(out, &written);
    Ok(written)
}

/// Writes figures, their numbers and their pages, name and text, into a folder, made if missing; returns the paths, the
/// pages last.
fn write(
    out: &Path,
    figures: &[figure::Figure],
    pages: &[(&str, String)],
) -> Result<Vec<PathBuf>, ReportError> {
    RunDir::create(out)?;
    let pictures = figures.iter().map(|figure| (figure.file.clone(), figure.svg.as_str()));
    let data =
        figures.iter().filter_map(|figure| Some((figure.data_file()?, figure.data.as_deref()?)));
    let pages = pages.iter().map(|(name, text)| ((*name).to_owned(), text.as_str()));
    let mut written = Vec::with_capacity(2 * figures.len() + pages.len());
    for (name, text) in pictures.chain(data).chain(pages) {
        let path = out.join(name);
        write_atomically(&path, text.as_bytes())?;
        written.push(path);
    }
    Ok(written)
}

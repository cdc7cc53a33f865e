//! Turns a recorded run into figures, pages and tables that people read.
//!
//! It exists so that a run can be looked at again, from its records alone, long after the machine is
//! gone: it reads a [`Run`], never measures, never looks at a clock, and gives the same bytes for
//! the same records. Figures that were computed already (means, margins, intervals) are shown, not
//! computed again. The commands call it; nothing below it does.

// A page is put together once and a `String` cannot fail to grow: `write!` would only add results to
// throw away.
#![allow(clippy::format_push_string)]

mod beside;
mod figure;
mod headline;
mod machine;
pub mod markdown;
mod names;
mod numbers;
mod published;
mod setting;
mod table;
pub mod terminal;
mod text;
mod view;
mod write;

#[cfg(test)]
mod synthetic;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::record::Run;

pub use headline::headline;

/// Name of the page that [`render`] writes beside the figures.
pub const PAGE: &str = "report.md";

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
    /// A file or the folder could not be written; nothing half-written is left.
    #[error("cannot write {}: {source}; choose a writable folder with free space", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Writes figures and [`PAGE`] into the folder `out` (made if missing) and returns their paths, the
/// page last.
///
/// Everything is rendered in memory first, and every file comes into place whole, by a rename: a
/// page never names a figure that is not there. Files of an earlier report are replaced; others in
/// the folder are left alone.
///
/// # Errors
/// [`ReportError`]: nothing measured, drawing failed, or the folder cannot be written.
pub fn render(run: &Run, out: &Path) -> Result<Vec<PathBuf>, ReportError> {
    if run.summary.is_empty() {
        return Err(ReportError::NothingMeasured);
    }
    let view = view::View::new(run);
    let figures = figure::draw_all(&view)?;
    let page = markdown::page(&view, &figures);
    let mut written = Vec::with_capacity(figures.len() + 1);
    write::make_folder(out)?;
    for figure in &figures {
        written.push(write::whole(out, &figure.file, figure.svg.as_bytes())?);
    }
    written.push(write::whole(out, PAGE, page.as_bytes())?);
    Ok(written)
}

//! The figures of a run, as SVG.
//!
//! One file a figure, all in one style ([`style`]): readable when printed 8 cm wide and in grey,
//! each with its title, axes with units, legend and a caption that says what the marks mean.
//! plotters writes the SVG; scales and placement are ours, because its own need a font to measure
//! text with and the program carries none.

mod axis;
mod canvas;
mod change;
mod churn;
mod cost;
mod frame;
mod lane;
mod layouts;
mod lines;
mod looks;
mod map;
mod maps;
mod mark;
mod panel;
mod runs;
mod selftest;
mod shape;
mod sharing;
mod style;
mod times;

pub(super) use churn::churn;
pub(super) use map::map;
pub(super) use mark::{Mark, baseline_mark, mark};
pub(super) use selftest::selftest;

use super::ReportError;
use super::field::{fields, is_crowd};
use super::names::Stems;
use super::view::View;

/// What the names of figures begin with, by which figures of an earlier report are known.
pub(super) const STEMS: [&str; 7] = [
    "figure1-runs-",
    "figure2-layouts",
    "figure3-segments",
    "figure4-memory",
    "figure5-maps",
    "cost-",
    "change-",
];

/// A figure ready to be written.
pub(super) struct Figure {
    /// File name.
    pub file: String,
    /// Title, one line, also the text for those who cannot see it.
    pub title: String,
    /// What the marks mean, of how many runs, and which interval; also drawn.
    pub caption: String,
    /// The document.
    pub svg: String,
    /// What is drawn, as CSV with a line of heads; none where the figure is of a layout alone.
    pub data: Option<String>,
    /// The stems of the groups ([`Group::stem`](super::view::Group::stem)) that its rows come from.
    pub groups: Vec<String>,
}

/// All figures that the run has data for, in the order of the page.
pub(super) fn draw_all(view: &View<'_>) -> Result<Vec<Figure>, ReportError> {
    let crowd = is_crowd(view);
    let mut figures = if crowd { of_fields(view)? } else { Vec::new() };
    for group in &view.groups {
        figures.extend(runs::figure(view, group).transpose()?);
    }
    figures.extend(layouts::figures(view)?);
    if !crowd {
        figures.extend(of_fields(view)?);
    }
    // A curve of one point says nothing that figure 2 does not say better, for all layouts at once.
    let one_layout = view.groups.len() == 1;
    for group in view.groups.iter().filter(|group| one_layout || group.batches.len() > 1) {
        figures.extend(cost::figure(view, group).transpose()?);
        figures.extend(change::figure(view, group).transpose()?);
    }
    Ok(figures)
}

/// Cost against segments and against memory, and real maps one by one, for every setting with enough sizes of layouts. They
/// come first where there are many backends, because nothing else shows all of them at once.
fn of_fields(view: &View<'_>) -> Result<Vec<Figure>, ReportError> {
    let fields = fields(view);
    let mut stems = Stems::default();
    let mut figures = Vec::new();
    for field in &fields {
        let stem = match fields.len() {
            1 => String::new(),
            _ => format!("-{}", stems.stem(&field.setting.joined())),
        };
        figures.extend(lines::figures(view, field, &stem)?);
        figures.extend(maps::figure(view, field, &stem).transpose()?);
    }
    Ok(figures)
}

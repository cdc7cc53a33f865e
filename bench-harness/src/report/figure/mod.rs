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
mod data;
mod distribution;
mod frame;
mod lane;
mod layouts;
mod lines;
mod looks;
mod map;
mod maps;
mod mark;
mod panel;
mod rounds;
mod runs;
mod selftest;
mod shape;
mod sharing;
mod spans;
mod strip;
mod style;
mod times;

pub(super) use churn::churn;
pub(super) use map::map;
pub(super) use mark::{Mark, baseline_mark, mark};
pub(super) use selftest::selftest;

use self::data::Rows;
use super::ReportError;
use super::field::{fields, is_crowd};
use super::names::Stems;
use super::view::{Group, View};

/// What the names of figures begin with, by which (and by [how they begin](is_ours)) figures of an earlier report are
/// known, and the files of the run that their numbers come from.
pub(super) const STEMS: [(&str, &str); 10] = [
    ("figure1-runs-", "samples.csv and summary.csv"),
    ("figure2-layouts", "samples.csv and summary.csv"),
    ("figure3-segments", "summary.csv"),
    ("figure4-memory", "summary.csv"),
    ("figure5-maps", "summary.csv"),
    ("forest", "comparison.csv"),
    ("distribution-", "samples.csv and summary.csv"),
    ("rounds-", "samples.csv and summary.csv"),
    ("cost-", "summary.csv"),
    ("change-", "comparison.csv"),
];

/// The files of the run that a figure's numbers come from.
pub(super) fn source_files(file: &str) -> &'static str {
    STEMS.iter().find(|(stem, _)| file.starts_with(stem)).map_or("summary.csv", |(_, files)| files)
}

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

impl Figure {
    /// The same with its numbers and the groups that they come from.
    fn with<'g, 'r: 'g>(
        mut self,
        rows: &Rows,
        groups: impl IntoIterator<Item = &'g Group<'r>>,
    ) -> Result<Self, ReportError> {
        match rows.text() {
            Ok(text) => {
                self.data = Some(text);
                self.groups = groups.into_iter().map(|group| group.stem.clone()).collect();
                Ok(self)
            }
            Err(reason) => Err(ReportError::Draw { figure: self.file, reason }),
        }
    }

    /// Name of the file with its numbers, which stands beside it; none where it has none.
    pub(super) fn data_file(&self) -> Option<String> {
        self.data.as_ref().map(|_| csv_name(&self.file))
    }
}

/// Whether a file is named as figures of a report are: a stem alone, or with something behind a hyphen.
pub(super) fn is_named_so(file: &str) -> bool {
    let Some(name) = file.strip_suffix(".svg") else { return false };
    STEMS.iter().any(|(stem, _)| {
        let rest = name.strip_prefix(stem);
        rest.is_some_and(|rest| stem.ends_with('-') || rest.is_empty() || rest.starts_with('-'))
    })
}

/// Whether a document begins as figures of a report do. A map that `layout show` drew is a file that somebody asked
/// for by name.
pub(super) fn is_ours(svg: &str) -> bool {
    canvas::title_of(svg).is_some_and(|title| !title.starts_with(map::TITLE))
}

/// Whether a file begins as the numbers of a figure do.
pub(super) fn is_data(text: &str) -> bool {
    text.starts_with(&format!("{},", data::KEY.join(",")))
}

/// The name of the numbers of a figure.
pub(super) fn csv_name(file: &str) -> String {
    format!("{}.csv", file.strip_suffix(".svg").unwrap_or(file))
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
    for group in view.groups.iter().filter(|group| shows_runs(view, group)) {
        figures.extend(distribution::figure(view, group).transpose()?);
        figures.extend(rounds::figure(view, group).transpose()?);
    }
    Ok(figures)
}

/// Whether distribution and rounds of a group are drawn. Of many backends those under the main setting
/// are, since nobody looks through hundreds of figures that say the same of one machine.
fn shows_runs(view: &View<'_>, group: &Group<'_>) -> bool {
    !is_crowd(view) || view.settings.first() == Some(&group.setting)
}

/// What was left out of the figures, and why.
pub(super) fn left_out(view: &View<'_>) -> Option<String> {
    let first = view.settings.first().filter(|_| view.settings.len() > 1 && is_crowd(view))?;
    Some(format!(
        "Distributions and rounds are drawn for {first} alone: {} backends under {} settings would make hundreds of \
         figures. Figure 1 has every run of each.",
        view.backends.len(),
        view.settings.len()
    ))
}

/// Cost against segments and against memory, real maps one by one, and every comparison, for every setting with enough sizes of layouts. They
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
        figures.extend(change::forest::figure(view, field, &stem).transpose()?);
    }
    Ok(figures)
}

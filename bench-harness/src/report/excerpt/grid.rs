//! A table whose rows and columns run along axes: layouts, backends, modes, ...
//!
//! One way to lay out every table of figures, so that a marker can turn it, cut it and order it.

use super::figures::{cell, whole};
use super::request::Value;
use super::{ExcerptError, Request};
use crate::report::markdown::escape;
use crate::report::numbers::NONE;
use crate::report::text::clean;

/// What figures differ by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Axis {
    Layout,
    Mode,
    Workload,
    Target,
    Scenario,
    Backend,
}

impl Axis {
    /// All of them, as columns are nested.
    const ALL: [Self; 6] =
        [Self::Layout, Self::Mode, Self::Workload, Self::Target, Self::Scenario, Self::Backend];
    /// Their names in a marker.
    pub(super) const NAMES: [&'static str; 6] =
        ["layout", "mode", "workload", "target", "scenario", "backend"];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().zip(Self::NAMES).find(|(_, known)| *known == name).map(|(a, _)| a)
    }

    pub(super) fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

/// A name along each axis.
#[derive(Clone, Debug, Default)]
pub(super) struct Place(Vec<(Axis, String)>);

impl Place {
    /// The name along an axis; empty where figures do not differ by it.
    pub(super) fn at(&self, axis: Axis) -> &str {
        self.0.iter().find(|(of, _)| *of == axis).map_or("", |(_, name)| name)
    }
}

/// What a table can be made of.
pub(super) trait Figures {
    /// The runs, for messages.
    fn source_names(&self) -> String;
    /// The axes that its figures have.
    fn axes(&self) -> &'static [Axis];
    /// What is there along an axis, each once, in the order of the records.
    fn all(&self, axis: Axis) -> Vec<String>;
    /// The figure of a place as text; `None` where it does not exist.
    fn figure(&self, place: &Place, value: Value) -> Option<String>;
    /// How many segments a layout has.
    fn segments(&self, layout: &str) -> Option<u64>;
}

/// The table that is asked for, in Markdown.
///
/// # Errors
/// [`ExcerptError::NotMeasured`] for names that do not occur, [`ExcerptError::Nothing`] where no cell has a figure.
pub(super) fn table(request: &Request, figures: &dyn Figures) -> Result<String, ExcerptError> {
    let names = chosen(request, figures)?;
    let (down, across): (Vec<_>, Vec<_>) =
        names.iter().partition(|(axis, _)| request.rows.contains(axis));
    // Down as the marker orders them, across as they are nested.
    let mut down: Vec<_> = down.into_iter().cloned().collect();
    down.sort_by_key(|(axis, _)| request.rows.iter().position(|row| row == axis));
    let across: Vec<_> = across.into_iter().cloned().collect();
    let mut columns: Vec<(Place, Value)> = Vec::new();
    for place in places(&across) {
        columns.extend(request.values.iter().map(|value| (place.clone(), *value)));
    }
    let rows = places(&down);
    let at = |row: &Place, (column, value): &(Place, Value)| {
        let place = Place(row.0.iter().chain(&column.0).cloned().collect());
        figures.figure(&place, *value)
    };
    // A reference has no change against itself: its column would be empty.
    columns.retain(|column| rows.iter().any(|row| at(row, column).is_some()));
    if columns.is_empty() {
        return Err(ExcerptError::Nothing { source_names: figures.source_names() });
    }
    let counted = request.segments && request.rows.contains(&Axis::Layout);
    let mut heads = vec![corner(request, &names, &down)];
    heads.extend(down.iter().skip(1).map(|(axis, _)| axis.name().to_owned()));
    if counted {
        heads.push("segments".to_owned());
    }
    heads.extend(columns.iter().map(|column| head(request, figures, &across, column)));
    let mut text = line(&heads);
    text += &"|---".repeat(down.len());
    text += &"|---:".repeat(heads.len() - down.len());
    text += "|\n";
    for row in &rows {
        let mut cells: Vec<String> = row.0.iter().map(|(_, name)| code(name)).collect();
        if counted {
            cells.push(cell(figures.segments(row.at(Axis::Layout)).map(whole)));
        }
        let shown: Vec<_> = columns.iter().map(|column| at(row, column)).collect();
        // A row without a figure is something that was not asked of it.
        if shown.iter().any(Option::is_some) {
            cells.extend(shown.into_iter().map(cell));
            text += &line(&cells);
        }
    }
    Ok(text)
}

/// The names along every axis: those asked for, else all.
fn chosen(
    request: &Request,
    figures: &dyn Figures,
) -> Result<Vec<(Axis, Vec<String>)>, ExcerptError> {
    let axes = figures.axes();
    let asked = |axis: Axis| request.names.iter().find(|(of, _)| *of == axis).map(|(_, list)| list);
    let used = request.names.iter().map(|(axis, _)| axis).chain(&request.rows);
    if let Some(other) = used.chain(&request.corner).find(|axis| !axes.contains(axis)) {
        let known: Vec<_> = axes.iter().map(|axis| axis.name()).collect();
        let key = other.name().to_owned();
        return Err(ExcerptError::Key { key, known: known.join(", ") });
    }
    let mut names = Vec::new();
    for &axis in axes {
        let all = figures.all(axis);
        let list = asked(axis).unwrap_or(&all);
        if let Some(value) = list.iter().find(|name| !all.contains(name)) {
            return Err(ExcerptError::NotMeasured {
                key: axis.name(),
                value: clean(value),
                source_names: figures.source_names(),
                known: all.iter().map(|name| clean(name)).collect::<Vec<_>>().join(", "),
            });
        }
        names.push((axis, list.clone()));
    }
    Ok(names)
}

/// Every combination of names, the last axis running fastest.
fn places(axes: &[(Axis, Vec<String>)]) -> Vec<Place> {
    let mut places = vec![Place::default()];
    for (axis, names) in axes {
        places = places
            .iter()
            .flat_map(|place| {
                names.iter().map(|name| {
                    let mut next = place.clone();
                    next.0.push((*axis, name.clone()));
                    next
                })
            })
            .collect();
    }
    places
}

/// What stands above the first column.
fn corner(
    request: &Request,
    names: &[(Axis, Vec<String>)],
    down: &[(Axis, Vec<String>)],
) -> String {
    let of = |axis: &Axis| names.iter().find(|(other, _)| other == axis);
    let said: Vec<String> = request
        .corner
        .iter()
        .filter_map(of)
        .map(|(_, names)| names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", "))
        .collect();
    if said.is_empty() {
        down.first().map_or_else(String::new, |(axis, _)| axis.name().to_owned())
    } else {
        said.join(", ")
    }
}

/// What stands above a column of figures: the names that tell it from the others.
fn head(
    request: &Request,
    figures: &dyn Figures,
    across: &[(Axis, Vec<String>)],
    (place, value): &(Place, Value),
) -> String {
    let several =
        across.iter().filter(|(axis, names)| names.len() > 1 && !request.corner.contains(axis));
    let mut parts: Vec<String> = several
        .map(|(axis, _)| {
            let name = place.at(*axis);
            let count =
                figures.segments(name).filter(|_| request.segments && *axis == Axis::Layout);
            count.map_or_else(|| code(name), |count| format!("{} ({})", code(name), whole(count)))
        })
        .collect();
    if request.values.len() > 1 || parts.is_empty() {
        parts.push(value.head().to_owned());
    }
    parts.join(", ")
}

/// Every name once, in the order in which they come.
pub(super) fn each_once<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in names {
        if !all.iter().any(|known| known == name) {
            all.push(name.to_owned());
        }
    }
    all
}

/// Names of runs, for messages.
pub(super) fn joined<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// A row of a table in Markdown.
pub(super) fn line(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// A name as code, whatever is in it: layouts and plugins are named by anybody.
pub(super) fn code(name: &str) -> String {
    let name = clean(name);
    if name.contains(['`', '|', '\\']) { escape(&name) } else { format!("`{name}`") }
}

/// What stands where there is no figure.
pub(super) const MISSING: &str = NONE;

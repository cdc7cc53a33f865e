//! A table of the report as HTML.

use askama::Template;

use super::prose::Prose;
use crate::report::table::Table;
use crate::report::terminal::is_name;

/// A table with its remarks.
#[derive(Template)]
#[template(path = "grid.html")]
pub(super) struct Grid {
    title: String,
    heads: Vec<Head>,
    rows: Vec<Vec<Cell>>,
    notes: Vec<Prose>,
}

struct Head {
    text: String,
    /// Holds names instead of numbers.
    name: bool,
}

struct Cell {
    text: String,
    name: bool,
}

impl Grid {
    pub(super) fn of(table: &Table) -> Self {
        let name = |index| index < table.heads.len() && is_name(table, index);
        let head = |(index, text): (usize, &String)| Head { text: text.clone(), name: name(index) };
        let cell = |(index, text): (usize, &String)| Cell { text: text.clone(), name: name(index) };
        Self {
            title: table.title.clone(),
            heads: table.heads.iter().enumerate().map(head).collect(),
            rows: table.rows.iter().map(|row| row.iter().enumerate().map(cell).collect()).collect(),
            notes: table.notes.iter().map(|note| Prose::of(note)).collect(),
        }
    }
}

//! The tables of a report as cells, before they take a shape.
//!
//! The terminal and the page show the same figures, rounded alike; only what fits differs. Shapes
//! are given in [`terminal`](super::terminal) and [`markdown`](super::markdown). Here are those of a
//! configuration, [`costs`] and [`comparison`] with its [`remarks`], and the cells that tables of other
//! commands have too.

mod comparison;
mod costs;
mod remarks;

use super::blocks;
use super::conditions;
use super::numbers::{self, NONE, finite};
use super::text::clean;
use super::view::{Group, View};
use crate::record::Status;

/// A table of text. Nothing in it is escaped yet.
pub(super) struct Table {
    pub title: String,
    /// Column heads with their units.
    pub heads: Vec<String>,
    /// How many columns, from the left, hold names instead of numbers.
    pub names: usize,
    pub rows: Vec<Vec<String>>,
    /// Remarks below it.
    pub notes: Vec<String>,
}

/// How much room there is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// A page: one more column, intervals in brackets.
    Page,
    /// A terminal: every column counts.
    Terminal,
}

/// The batch tables and the comparison of a group.
pub(super) fn of_group(view: &View<'_>, group: &Group<'_>, room: Room) -> Vec<Table> {
    let mut tables: Vec<Table> =
        group.batches.iter().map(|batch| costs::table(group, batch, room)).collect();
    if let Some(last) = tables.last_mut() {
        last.notes.extend(blocks::rounds(group).filter(|_| room == Room::Terminal));
        last.notes.extend(conditions::built(view, group));
        last.notes.extend(conditions::modes(view, group));
    }
    tables.extend(comparison::table(view, group, room));
    tables
}

/// Column heads.
pub(super) fn heads(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A verdict.
pub(super) fn verdict(verdict: Option<&str>) -> String {
    verdict.filter(|verdict| !verdict.is_empty()).map_or_else(|| NONE.to_owned(), clean)
}

/// A p-value.
pub(super) fn p_value(p: Option<f64>) -> String {
    finite(p).map_or_else(|| NONE.to_owned(), numbers::p_value)
}

/// Why a backend is missing.
pub(super) fn unsupported(backend: &str, status: &Status) -> Option<String> {
    (!status.is_ok()).then(|| format!("{}: {}", clean(backend), clean(&status.to_string())))
}

/// `+5.90 [+4.82, +6.98]`; the change alone where there are no bounds.
pub(super) fn bracketed([value, low, high]: [String; 3]) -> String {
    if low == NONE && high == NONE { value } else { format!("{value} [{low}, {high}]") }
}

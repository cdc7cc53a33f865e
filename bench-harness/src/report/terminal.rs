//! Tables for a terminal.
//!
//! The commands print them after a measurement; plain text, no colours, so that they can be piped
//! and pasted.

use comfy_table::{
    Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table as Grid, TableStyle,
};

use super::field::is_crowd;
use super::table::{self, Room, Table};
use super::text::{columns, wrap};
use super::view::View;
use super::{beside, blocks, conditions, headline, interface, matrix, memory};
use crate::record::Run;

/// Narrower than this the columns have no room; narrower terminals wrap.
const NARROWEST: usize = 80;

/// The tables of a run, at most `width` columns wide (80 suits everyone; less is taken as 80).
///
/// Of few backends: per configuration what each costs, then the changes against the reference, then
/// the paper's tables beside them. Of many: matrices of backends and layouts, and what the tables of
/// the last layout take; the page has the others. Then the headline.
///
/// Columns: `σ` is the population standard deviation, `±z` the paper's margin of error
/// (1.96 σ / sqrt(n)), `±t` Student's; `cost` the mean, `net` the mean less the baseline's, per
/// lookup.
pub fn tables(run: &Run, width: usize) -> String {
    let width = width.clamp(NARROWEST, 1000);
    let view = View::new(run);
    let crowd = is_crowd(&view);
    let mut tables = matrix::tables(&view, Room::Terminal);
    tables.extend(blocks::bars(&view));
    tables.extend(memory::tables(&view, Room::Terminal));
    if !crowd {
        let groups = view.groups.iter();
        tables.extend(groups.flat_map(|group| table::of_group(&view, group, Room::Terminal)));
        tables.extend(beside::tables(&view, Room::Terminal));
    }
    tables.extend(interface::tables(&view, Room::Terminal));
    let mut text = String::new();
    for table in &tables {
        text += &shaped(table, width);
        text.push('\n');
    }
    if crowd {
        for line in conditions::unsupported(&view) {
            push_wrapped(&mut text, &line, width);
        }
        push_wrapped(&mut text, ELSEWHERE, width);
    } else {
        push_wrapped(&mut text, LEGEND, width);
    }
    text.push('\n');
    for line in headline::of(&view).iter().flat_map(|headline| headline.lines()) {
        push_wrapped(&mut text, line, width);
    }
    if let Some(line) = conditions::unfinished(run) {
        push_wrapped(&mut text, &line, width);
    }
    text
}

/// Where the figures are that many backends leave no room for.
const ELSEWHERE: &str = "× cannot do the layout; – does not exist. Every configuration with spread, intervals and \
    verdicts, and the memory of every layout: report.md.";

/// The columns in a sentence; the page has a section for that.
const LEGEND: &str = "σ: population standard deviation; ±z = 1.96 σ / sqrt(n), the paper's margin; ±t: \
    Student's; cost: mean, net: mean less the baseline's, ns a lookup; changes: typical ones of rounds, \
    not quotients of these means; – does not exist.";

pub(super) fn push_wrapped(text: &mut String, line: &str, width: usize) {
    for line in wrap(line, width as f64, columns) {
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

pub(super) fn shaped(table: &Table, width: usize) -> String {
    let mut text = String::new();
    push_wrapped(&mut text, &table.title, width);
    let mut grid = Grid::new();
    grid.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─')))
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX));
    let aligned = |cells: &[String]| {
        let cell = |(index, content): (usize, &String)| {
            let side =
                if is_name(table, index) { CellAlignment::Left } else { CellAlignment::Right };
            Cell::new(content).set_alignment(side)
        };
        cells.iter().enumerate().map(cell).collect::<Vec<_>>()
    };
    grid.set_header(aligned(&table.heads));
    for row in &table.rows {
        grid.add_row(aligned(row));
    }
    let last = table.heads.len().saturating_sub(1);
    let content: usize = grid.column_max_content_widths().into_iter().map(usize::from).sum();
    let gap = if content + 2 * last <= width { 2 } else { 1 };
    for (index, column) in grid.column_iter_mut().enumerate() {
        column.set_padding((0, if index == last { 0 } else { gap }));
        if !is_name(table, index) {
            // A number is never broken over lines; names give way.
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    for line in grid.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    for note in &table.notes {
        push_wrapped(&mut text, note, width);
    }
    text
}

/// Whether a column holds words. Names come first, a verdict further on; counts are numbers.
pub(super) fn is_name(table: &Table, index: usize) -> bool {
    let head = table.heads[index].as_str();
    (index < table.names && head != "lookups") || head == "verdict"
}

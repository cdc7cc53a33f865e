//! Two recorded runs side by side: how each figure changed, what else did, and what is left out.
//!
//! For the terminal and as a page; both say that the runs were not interleaved, because no interval
//! does. Called by the commands that compare recorded runs, with what `record` made of them.

#[cfg(test)]
mod tests;
mod words;

use super::markdown::{self, escape};
use super::numbers::{change_cells, count};
use super::setting::Setting;
use super::table::{Room, Table, bracketed, heads, p_value, verdict};
use super::terminal;
use super::text::clean;
use crate::record::{Across, AcrossRow, Run, differences};
use words::{caveat, heading, left_out, notes};

/// A recorded run and where it lies.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    /// The folder, as the user named it.
    pub folder: &'a str,
    /// What is in it.
    pub run: &'a Run,
}

/// The tables, for a terminal `width` columns wide.
pub fn tables(a: Recorded<'_>, b: Recorded<'_>, across: &Across, width: usize) -> String {
    let mut text = String::new();
    let paragraph = |text: &mut String, lines: &[String]| {
        for line in lines {
            terminal::push_wrapped(text, line, width);
        }
        if !lines.is_empty() {
            text.push('\n');
        }
    };
    paragraph(&mut text, &heading(a, b));
    for table in changes(across, Room::Terminal).iter().chain(&environment(a, b)) {
        text += &terminal::shaped(table, width);
        text.push('\n');
    }
    let left_out = left_out(across);
    let left_out: Vec<String> =
        left_out.iter().map(|line| format!("Not compared, {line}")).collect();
    paragraph(&mut text, &left_out);
    for line in caveat(a, b, across) {
        terminal::push_wrapped(&mut text, &line, width);
    }
    text
}

/// The same as a page in GitHub's Markdown.
pub fn page(a: Recorded<'_>, b: Recorded<'_>, across: &Across) -> String {
    let mut text = "# Two recorded runs\n\n".to_owned();
    for line in heading(a, b).iter().chain(&caveat(a, b, across)) {
        text += &format!("{}\n\n", escape(line));
    }
    text += "## Changes\n";
    for table in changes(across, Room::Page) {
        text += &markdown::shaped(&table);
    }
    if let Some(table) = environment(a, b) {
        text += &markdown::shaped(&table);
    }
    let left_out = left_out(across);
    if !left_out.is_empty() {
        text += &format!("\n## Not compared\n\n{}", markdown::bullets(&left_out));
    }
    text
}

/// A table for each layout and setting, in the order of the rows.
fn changes(across: &Across, room: Room) -> Vec<Table> {
    let setting = |row: &AcrossRow| {
        let AcrossRow { workload, mode, target, rng, .. } = row;
        let setting = Setting { workload, mode, target, rng };
        format!("{} ({setting})", clean(&row.layout))
    };
    let groups = across.rows.chunk_by(|a, b| setting(a) == setting(b));
    groups.map(|rows| table(&setting(&rows[0]), rows, room)).collect()
}

fn table(of: &str, rows: &[AcrossRow], room: Room) -> Table {
    let cells = |row: &AcrossRow| {
        let mut cells = vec![count(row.lookups), clean(&row.backend), clean(&row.kind)];
        let change = change_cells(row.change_pct, row.low_pct, row.high_pct);
        match room {
            Room::Terminal => cells.extend(change),
            Room::Page => cells.push(bracketed(change)),
        }
        cells.push(verdict(row.verdict.as_deref()));
        if room == Room::Page {
            cells.push(p_value(row.p_value));
        }
        cells.extend([p_value(row.p_value_holm), format!("{}/{}", row.units_a, row.units_b)]);
        cells
    };
    let names: &[&str] = match room {
        Room::Terminal => &[
            "lookups",
            "backend",
            "figure",
            "change\n%",
            "low\n%",
            "high\n%",
            "verdict",
            "p\nHolm",
            "units\nA/B",
        ],
        Room::Page => &[
            "lookups",
            "backend",
            "figure",
            "change (%) [low, high]",
            "verdict",
            "p",
            "p (Holm)",
            "units A/B",
        ],
    };
    Table {
        title: format!("Change from A to B, {of}"),
        heads: heads(names),
        names: 3,
        rows: rows.iter().map(cells).collect(),
        notes: notes(rows),
    }
}

/// What differs besides the figures; no table where nothing does.
fn environment(a: Recorded<'_>, b: Recorded<'_>) -> Option<Table> {
    let rows: Vec<Vec<String>> = differences(&a.run.environment, &b.run.environment)
        .into_iter()
        .map(|difference| [difference.what, difference.first, difference.second])
        .map(|cells| cells.iter().map(|cell| clean(cell)).collect())
        .collect();
    (!rows.is_empty()).then(|| Table {
        title: "What else differs between the runs".to_owned(),
        heads: heads(&["what", "A", "B"]),
        names: 3,
        rows,
        notes: Vec::new(),
    })
}

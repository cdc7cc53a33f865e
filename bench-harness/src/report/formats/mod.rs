//! Results for machines and for documents: JSON, and the tables of the page alone.
//!
//! What `--format json` and `--format markdown` print. CSV is the record's business; the tables of the terminal
//! are in [`terminal`](super::terminal).

mod json;
mod rows;

pub use json::{across, churn, lookups};
pub use rows::Rows;

use super::markdown::{escape, section, shaped};
use super::table::{self, Room};
use super::view::View;
use super::{beside, headline, interface, layouts, matrix, memory};
use crate::record::Run;

/// The sentences and tables of report.md, without what it says of machine and method, and without figures.
pub fn markdown(run: &Run) -> String {
    let view = View::new(run);
    let mut text = String::new();
    for line in headline::of(&view).iter().flat_map(|headline| headline.lines()) {
        text += &format!("**{}**\n\n", escape(line));
    }
    text += section("Layouts", layouts::table(&view).as_slice()).trim_start();
    text += &section("Backends and layouts", &matrix::tables(&view, Room::Page));
    text += &section("Memory and building", &memory::tables(&view, Room::Page));
    text += "\n## Costs and changes\n";
    for table in view.groups.iter().flat_map(|group| table::of_group(&view, group, Room::Page)) {
        text += &shaped(&table);
    }
    text += &section("Plugins and their calls", &interface::tables(&view, Room::Page));
    text += &section("Beside the paper", &beside::tables(&view, Room::Page));
    text
}

//! The page of a run: everything that a reader needs to judge it.
//!
//! Written beside the figures by [`render`](super::render); [`report`] gives it as text. What the pages
//! of other commands begin with is here too.

use super::figure::{self, Figure};
use super::machine::{machine, or_unknown};
use super::markdown::{bullets, escape, numbered, pictures, section, shaped};
use super::sources::sources;
use super::table::{self, Room};
use super::view::View;
use super::{again, beside, conditions, headline, interface, layouts, matrix, memory};
use crate::record::{Environment, Run, Status};

/// The page of a run. It names the figures that [`render`](super::render) writes beside it.
///
/// Should the drawing library fail, the page comes without figures.
pub fn report(run: &Run) -> String {
    let view = View::new(run);
    let figures = figure::draw_all(&view).unwrap_or_default();
    page(&view, &figures)
}

pub(super) fn page(view: &View<'_>, figures: &[Figure]) -> String {
    let environment = &view.run.environment;
    let mut text = title("Benchmark report", environment, conditions::unfinished(view.run));
    match headline::of(view) {
        Some(headline) => {
            for line in headline.lines() {
                text += &format!("**{}**\n\n", escape(line));
            }
        }
        None => text += "Nothing was compared: figures of single backends below.\n\n",
    }
    text += section("Layouts", layouts::table(view).as_slice()).trim_start();
    text += "\n";
    text += &about(environment, &METHOD);
    if figures.iter().any(|figure| figure.data.is_some()) {
        text += DATA;
    }
    text += &figure::left_out(view).map_or(String::new(), |line| format!("\n{}\n", escape(&line)));
    text += &pictures(figures, |figure| sources(view, figure));
    let unsupported = conditions::unsupported(view);
    let matrices = section("Backends and layouts", &matrix::tables(view, Room::Page));
    text += &matrices;
    if !matrices.is_empty() && !unsupported.is_empty() {
        let failed = view.run.summary.iter().any(|row| matches!(row.status, Status::Failed(_)));
        let or_failed = if failed { ", or failed" } else { "" };
        text += &format!("\n× cannot do the layout{or_failed}:\n\n{}", bullets(&unsupported));
    }
    text += &section("Memory and building", &memory::tables(view, Room::Page));
    text += "\n## Costs and changes\n";
    for table in view.groups.iter().flat_map(|group| table::of_group(view, group, Room::Page)) {
        text += &shaped(&table);
    }
    text += &section("Plugins and their calls", &interface::tables(view, Room::Page));
    let beside = beside::tables(view, Room::Page);
    if !beside.is_empty() {
        text += "\n## Beside the paper\n\n";
        text += &format!("{}\n", escape(PAPER));
        for table in &beside {
            text += &shaped(table);
        }
    }
    text + &again::section(&environment.command_line)
}

/// A page's title, and that the run has not ended.
pub(super) fn title(what: &str, environment: &Environment, unfinished: Option<String>) -> String {
    let mut text = format!("# {what}: {}\n\n", escape(&or_unknown(&environment.run_id)));
    if let Some(line) = unfinished {
        text += &format!("**{}**\n\n", escape(&line));
    }
    text
}

/// What every page says of a run before its figures: where and how it was made.
pub(super) fn about(environment: &Environment, method: &[&str]) -> String {
    let mut text = made_on(environment);
    text += &format!("\n## Method\n\n{}\n## Figures\n", numbered(method));
    text
}

/// The machine, and what was wrong with it.
pub(super) fn made_on(environment: &Environment) -> String {
    let mut text = format!("## Machine\n\n{}", machine(environment));
    if !environment.warnings.is_empty() {
        text += &format!("\n## Warnings\n\n{}", bullets(&environment.warnings));
    }
    text
}

/// What stands above the paper's tables.
pub(super) const PAPER: &str = "C. G. Mathew and S. N. Raju, \"Portable Hotplugging: NetBSD's uvm_hotplug(9) API \
    development\", 2017. Only changes and ratios are set side by side; seconds of another machine compare with \
    nothing.";

/// How a run was measured and is read, a paragraph each; what stands between backticks is code.
pub(super) const METHOD: [&str; 5] = [
    "A round times one batch of every backend and one of the baseline, all on the same addresses from \
     the same seed, in an order that changes from round to round. A warm-up round before the first is \
     thrown away.",
    "Every answer was held against an independent oracle; a wrong answer ends a run (of a plugin: its part \
     in it) and is never a figure.",
    "The baseline is the same loop with the lookup left out: in mode `inline` it draws its addresses, in \
     the others it goes over addresses drawn before, in `chain` each made to wait for the answer before it, \
     in `cold` in bursts. Net is a batch less the baseline of its round. On an out-of-order core the two \
     costs overlap, so net is an estimate, and it may be negative.",
    "σ is the population standard deviation and ±z = 1.96 σ / √n, as in the paper; ±t is Student's margin. \
     – is a figure that does not exist, such as a margin from one run.",
    "A change is time against the reference, positive = slower, with 95 % bounds; `equivalent` means \
     within ±1 %, `inconclusive` that more rounds are needed.",
];

/// What is said of the numbers of all figures.
const DATA: &str = "
Beside each figure stand its numbers as CSV, unrounded. The command under [Again](#again) measures them anew.
";

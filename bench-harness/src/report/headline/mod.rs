//! The result in a few sentences.
//!
//! Printed at the end of a run and on top of the page: what a reader wants first, and no more of it
//! than is read. It always gives intervals, and puts the paper's figure beside ours where the paper
//! measured the same. The tables have every setting and layout.

mod bypass;
mod fastest;
mod few;
mod lead;
mod likewise;
mod paper;
mod told;

use super::conditions::nothing_to_compare;
use super::factor::large;
use super::field::is_crowd;
use super::numbers::{change, finite};
use super::setting::Setting;
use super::text::clean;
use super::view::View;
use crate::record::{ComparisonRow, Run};

pub(super) use paper::{is_papers, paired};
pub(super) use told::{Against, Told};

/// How many layouts are named one by one; of more, the first and the range.
const FEW_LAYOUTS: usize = 3;

/// The change measured, with 95 % intervals.
///
/// On `paper-32x8` with `array` as reference and `rbtree` beside it: one sentence on the largest
/// number of lookups measured, and one with the paper's figures. Otherwise a line per layout at its
/// largest number of lookups, or, of many, per setting. Of many backends, before that, which is the
/// fastest: under the setting nearest to `uniform`, `trace`, `page`, and where another setting has
/// another answer. `None` where nothing was compared.
pub fn headline(run: &Run) -> Option<String> {
    of(&View::new(run))
}

pub(super) fn of(view: &View<'_>) -> Option<String> {
    let paper = paper::sentence(view);
    let mut lines = match (is_crowd(view), &paper) {
        (true, _) => fastest::sentences(view),
        (false, Some(_)) => Vec::new(),
        (false, None) => few::sentences(view),
    };
    lines.extend(paper);
    lines.extend(missing(view));
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Layouts without a comparison, and the way out. A layout says it once, however many settings it was
/// measured under.
fn missing(view: &View<'_>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut layouts: Vec<String> = Vec::new();
    for group in &view.groups {
        let Some(line) = nothing_to_compare(group, view) else { continue };
        if !lines.contains(&line) {
            lines.push(line);
            layouts.push(clean(group.layout));
        }
    }
    if lines.len() > 2 {
        lines.truncate(1);
        lines.push(format!("Nothing is compared on {} either.", layouts[1..].join(", ")));
    }
    lines
}

/// `+5.90 % gross [+4.80, +7.00], +7.77 % net of the generator [+6.40, +9.10], slower`.
fn both(row: &ComparisonRow, setting: Setting<'_>) -> String {
    let gross = interval(row.gross_change_pct, row.gross_low_pct, row.gross_high_pct);
    let net = interval(row.net_change_pct, row.net_low_pct, row.net_high_pct);
    let told = told::verdict(row);
    let large = |value, low, high| {
        let factor = large(value, low, high).filter(|_| told != Told::Not);
        factor.map_or_else(String::new, |factor| format!(" ({factor})"))
    };
    let mut text = String::new();
    if let Some((value, bounds)) = gross {
        let factor = large(row.gross_change_pct, row.gross_low_pct, row.gross_high_pct);
        // Without a verdict that is said at the end.
        let apart =
            if told == Told::Not && row.verdict.is_some() { "not told apart: " } else { "" };
        text = format!("{apart}{value} % gross {bounds}{factor}");
    }
    match net {
        Some((value, bounds)) => {
            let factor = large(row.net_change_pct, row.net_low_pct, row.net_high_pct);
            text += &format!(", {value} % net of {} {bounds}{factor}", setting.baseline());
        }
        None => text += &format!(", net of {} unknown", setting.baseline()),
    }
    match &row.verdict {
        Some(verdict) if !verdict.is_empty() => text + ", verdict " + &clean(verdict),
        _ => text + ", no verdict from so few rounds",
    }
}

fn interval(value: Option<f64>, low: Option<f64>, high: Option<f64>) -> Option<(String, String)> {
    let value = finite(value)?;
    let bounds = match (finite(low), finite(high)) {
        (Some(low), Some(high)) => format!("[{}, {}]", change(low, value), change(high, value)),
        _ => "[no interval]".to_owned(),
    };
    Some((change(value, value), bounds))
}

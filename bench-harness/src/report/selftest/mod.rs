//! The report of a self-test: rates with their intervals, goals, and a figure of all comparisons.

mod goals;
pub(super) mod rates;

use std::path::{Path, PathBuf};

use self::rates::Rates;
use super::figure::{self, Figure};
use super::markdown;
use super::numbers::{NONE, fixed};
use super::table::Table;
use super::terminal::{push_wrapped, shaped};
use super::{ReportError, page, write};
use crate::record::SelftestRun;
use crate::stats::Share;

/// Name of the page.
const PAGE: &str = "selftest.md";
/// Name of the figure.
const FIGURE: &str = "selftest.svg";

/// Tables and sentences for a terminal.
pub fn terminal(run: &SelftestRun, width: usize) -> String {
    let rates = rates::of(&run.rows);
    let mut text = shaped(&table(run, &rates), width);
    text.push('\n');
    for sentence in sentences(run, &rates) {
        push_wrapped(&mut text, &sentence, width);
    }
    text
}

/// Writes page and figure into `dir` and returns their paths.
///
/// # Errors
/// [`ReportError`]: nothing measured, drawing failed, the folder cannot be written.
pub fn render(run: &SelftestRun, dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    if run.rows.is_empty() {
        return Err(ReportError::NothingMeasured);
    }
    let rates = rates::of(&run.rows);
    let figure = figure::selftest(&rates, FIGURE)?;
    let text = page(run, &rates, std::slice::from_ref(&figure));
    write(dir, &[figure], &[(PAGE, text)])
}

fn page(run: &SelftestRun, rates: &[Rates<'_>], figures: &[Figure]) -> String {
    let mut text = page::title("Self-test", &run.environment, None);
    text += &markdown::bullets(&sentences(run, rates));
    text += &markdown::pictures(figures, |_| None);
    text += &markdown::shaped(&table(run, rates));
    text + "\n" + &page::made_on(&run.environment)
}

/// Each goal, and what the twin says.
fn sentences(run: &SelftestRun, rates: &[Rates<'_>]) -> Vec<String> {
    let goals = rates.iter().flat_map(|rates| goals::of(rates, run.with_load()));
    let mut sentences: Vec<String> = goals.map(|goal| goal.sentence()).collect();
    sentences.extend(goals::of_order(rates).map(|goal| goal.sentence()));
    sentences.extend(rates.iter().filter(|rates| rates.truth.is_none()).filter_map(floor));
    sentences
}

/// How large a difference placement alone made.
fn floor(twin: &Rates<'_>) -> Option<String> {
    let bound =
        |row: &&crate::record::SelftestRow| Some(row.low_pct?.abs().max(row.high_pct?.abs()));
    let floor =
        twin.rows.iter().filter_map(bound).fold(None, |most: Option<f64>, bound| {
            Some(most.map_or(bound, |most| most.max(bound)))
        })?;
    let mut changes: Vec<f64> = twin.rows.iter().map(|row| row.change_pct).collect();
    changes.sort_unstable_by(f64::total_cmp);
    let middle = changes[changes.len() / 2];
    Some(format!(
        "twin: the same source compiled a second time differs by {} % in time (median of {}; intervals \
         reach to {} %). A smaller change may be placement alone.",
        super::numbers::change(middle, middle),
        changes.len(),
        fixed(floor, 2)
    ))
}

fn table(run: &SelftestRun, rates: &[Rates<'_>]) -> Table {
    let cell = |share: Option<Share>| {
        share.map_or_else(|| NONE.to_owned(), |share| fixed(100.0 * share.point, 1))
    };
    let range = |share: Option<Share>| {
        share.map_or_else(
            || NONE.to_owned(),
            |share| format!("{}–{}", fixed(100.0 * share.low, 1), fixed(100.0 * share.high, 1)),
        )
    };
    let number = |value: Option<f64>, places| {
        value.map_or_else(|| NONE.to_owned(), |value| fixed(value, places))
    };
    let row = |rates: &Rates<'_>| {
        vec![
            rates.name.to_owned(),
            number(rates.truth, 2),
            rates.rows.len().to_string(),
            fixed(rates.seconds, 2),
            fixed(rates.rounds, 0),
            number(rates.half_width_pct, 2),
            cell(rates.slower),
            cell(rates.faster),
            cell(rates.covered),
            range(rates.covered),
        ]
    };
    let heads = [
        "scenario",
        "true\n%",
        "n",
        "time\ns",
        "rounds",
        "±\n%",
        "slower\n%",
        "faster\n%",
        "covers\n%",
        "covers\n95 %",
    ];
    let load = if run.with_load() { ", another core busy on purpose" } else { "" };
    Table {
        title: format!(
            "Self-test: {} on {}{load}",
            run.of("backend"),
            run.of("layout")
        ),
        heads: heads.map(String::from).to_vec(),
        names: 1,
        rows: rates.iter().map(row).collect(),
        notes: vec![
            "n: comparisons; time, rounds, ±: medians (± half of the 95 % interval); slower, \
             faster: share of these verdicts; covers: share of intervals that hold the true change, \
             and the interval of that share."
                .to_owned(),
        ],
    }
}

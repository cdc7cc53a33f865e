//! `--gate PCT`: whether a backend is slower than the reference by more than is allowed.
//!
//! A gate fails on what was shown and on nothing less: the verdict is `slower` and the whole 95 % interval lies
//! above the limit. A gate that could not decide does not pass: that is a failure of the
//! measurement, with the status that goes with it.

use anyhow::anyhow;

use super::words::{are_several, place};
use crate::cmd::Failure;
use crate::record::{ComparisonRow, Run, Status, SummaryRow};
use crate::stats::Verdict;

/// Holds a run against a limit of `allowed_pct` percent. The notes are what did not fail and yet is
/// worth knowing.
///
/// # Errors
/// [`Failure::Gate`] where a backend is slower than allowed; [`Failure::Running`] where a comparison
/// has no interval, or there is none at all.
pub(super) fn judge(run: &Run, allowed_pct: f64) -> Result<Vec<String>, Failure> {
    let several = are_several(run.summary.iter().map(SummaryRow::configuration));
    let slower: Vec<String> = run
        .comparison
        .iter()
        .filter(|row| is_slower(row, allowed_pct))
        .map(|row| {
            format!("{}, which is more than the {allowed_pct} % allowed", in_words(row, several))
        })
        .collect();
    if !slower.is_empty() {
        return Err(Failure::Gate(anyhow!("--gate: {}", slower.join("\n       "))));
    }
    if run.comparison.is_empty() {
        return Err(Failure::running(anyhow!(
            "--gate cannot decide: nothing was compared, because the reference or every other backend \
             can do none of the layouts"
        )));
    }
    if let Some(row) = run.comparison.iter().find(|row| row.gross_low_pct.is_none()) {
        let why = row.note.as_deref().unwrap_or("no interval");
        return Err(Failure::running(anyhow!(
            "--gate cannot decide: {} on {}, has no interval ({why}); measure more rounds with --runs \
             or --precision",
            row.backend,
            place(&row.configuration(), several)
        )));
    }
    let open = run
        .comparison
        .iter()
        .filter(|row| row.gross_change_pct.is_some_and(|change| change > allowed_pct))
        .map(|row| {
            format!(
                "--gate: not shown to be slower than the {allowed_pct} % allowed: {}",
                in_words(row, several)
            )
        });
    let left_out = run.summary.iter().filter_map(|row| match &row.status {
        Status::Ok => None,
        Status::Unsupported(why) | Status::Failed(why) => Some(format!(
            "--gate: {} on {}, was not measured and not judged: {why}",
            row.backend,
            place(&row.configuration(), several)
        )),
    });
    let passed = format!(
        "--gate: passed: none of {} comparisons is shown to be slower than the {allowed_pct} % allowed",
        run.comparison.len()
    );
    Ok(std::iter::once(passed).chain(open).chain(left_out).collect())
}

fn is_slower(row: &ComparisonRow, allowed_pct: f64) -> bool {
    row.verdict.as_deref() == Some(Verdict::Slower.as_str())
        && row.gross_low_pct.is_some_and(|low| low > allowed_pct)
}

fn in_words(row: &ComparisonRow, several: bool) -> String {
    let ComparisonRow { backend, reference, .. } = row;
    let place = place(&row.configuration(), several);
    let number = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), |v| format!("{v:+.2}"));
    format!(
        "{backend} against {reference} on {place}: {} % [{}, {}]",
        number(row.gross_change_pct),
        number(row.gross_low_pct),
        number(row.gross_high_pct)
    )
}

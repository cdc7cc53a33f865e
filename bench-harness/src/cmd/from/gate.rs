//! The gate between two runs: which figure of the second is slower than allowed, and where that
//! cannot be told.

use anyhow::anyhow;

use crate::cmd::Failure;
use crate::record::{Across, AcrossRow, LeftOut};
use crate::stats::Verdict;

/// Fails if B is slower than A by more than `allowed_pct` percent for certain, that is if the verdict is
/// `slower` and its 95 % interval lies wholly above it.
///
/// Looked at are the figures against the reference, and the time itself where there are none. The time of
/// the reference is not gated: how fast the machine was on either day is in it, and a slower day is no
/// slower program. (A reference that became slower shows in the others, which seem faster.) With `whole`, everything measured in A has to have its
/// counterpart in B.
///
/// The lines to say when it passes.
///
/// # Errors
/// [`Failure::Gate`] with one line a violation; [`Failure::Running`] where nothing violates it but
/// a figure has no interval, so that nobody takes silence for a pass.
pub(super) fn check(
    across: &[&Across],
    allowed_pct: f64,
    whole: bool,
) -> Result<Vec<String>, Failure> {
    let gated: Vec<&AcrossRow> = across.iter().flat_map(|across| gated(&across.rows)).collect();
    let violations: Vec<String> = gated
        .iter()
        .filter(|row| row.verdict.as_deref() == Some(Verdict::Slower.as_str()))
        .filter(|row| row.low_pct.is_some_and(|low| low > allowed_pct))
        .map(|row| violation(row, allowed_pct))
        .collect();
    if !violations.is_empty() {
        return Err(Failure::Gate(anyhow!(
            "--gate: slower than allowed:\n  {}",
            violations.join("\n  ")
        )));
    }
    let mut undecided: Vec<String> = gated.iter().filter_map(|row| undecided(row)).collect();
    if whole {
        let left_out = across.iter().flat_map(|across| &across.left_out);
        undecided.extend(left_out.filter(|left| left.is_missing_in_second()).map(missing));
    }
    if gated.is_empty() && undecided.is_empty() {
        undecided.push("nothing was measured in both runs".to_owned());
    }
    if undecided.is_empty() {
        return Ok(passed(&gated, allowed_pct));
    }
    Err(Failure::running(anyhow!("--gate cannot decide: {}", undecided.join("; "))))
}

/// What a gate that let everything through says: how much it looked at, and what it could not have
/// seen.
fn passed(gated: &[&AcrossRow], allowed_pct: f64) -> Vec<String> {
    let open: Vec<&&AcrossRow> =
        gated.iter().filter(|row| row.high_pct.is_some_and(|high| high > allowed_pct)).collect();
    let mut lines = vec![format!(
        "--gate: passed: of {} figures none is shown to be slower than the {allowed_pct} % allowed",
        gated.len()
    )];
    lines.extend(open.iter().map(|row| {
        format!(
            "--gate: not shown either way, more rounds would tell: {}",
            violation(row, allowed_pct)
        )
    }));
    lines
}

/// The rows that the gate is about.
pub(super) fn gated(rows: &[AcrossRow]) -> impl Iterator<Item = &AcrossRow> {
    rows.iter().filter(move |row| {
        let same_batch = || rows.iter().filter(|other| batch(other) == batch(row));
        row.reference.is_some()
            || !same_batch().any(|other| {
                other.reference.is_some()
                    && (other.backend == row.backend
                        || other.reference.as_ref() == Some(&row.backend))
            })
    })
}

/// What a row shares with the others of its batch.
fn batch(row: &AcrossRow) -> (&str, &str, &str, &str, &str, u64) {
    let AcrossRow { layout, workload, mode, target, rng, lookups, .. } = row;
    (layout, workload, mode, target, rng, *lookups)
}

/// What a row is about.
pub(super) fn place(row: &AcrossRow) -> String {
    format!("{} on {}, {} lookups", row.backend, row.layout, row.lookups)
}

fn violation(row: &AcrossRow, allowed_pct: f64) -> String {
    let [change, low, high] =
        [row.change_pct, row.low_pct, row.high_pct].map(Option::unwrap_or_default);
    let against = match &row.reference {
        Some(reference) => format!("relative to {reference}"),
        None => "time".to_owned(),
    };
    format!(
        "{}, {against}: {change:+.2} % [{low:+.2}, {high:+.2}], allowed {allowed_pct} %",
        place(row)
    )
}

/// Why a row decides nothing; `None` if it does.
fn undecided(row: &AcrossRow) -> Option<String> {
    if row.low_pct.is_some() {
        return None;
    }
    let why = row.note.as_deref().unwrap_or("no interval");
    Some(format!("{}: {why}", place(row)))
}

fn missing(left: &LeftOut) -> String {
    match left {
        LeftOut::Layout { layout } => format!("{layout}: other contents than recorded"),
        LeftOut::Batch { configuration, .. } => {
            format!(
                "{}, {} lookups: not measured anew",
                configuration.layout, configuration.lookups
            )
        }
        LeftOut::Backend { configuration, backend, reason, .. } => format!(
            "{backend} on {}, {} lookups: {}",
            configuration.layout,
            configuration.lookups,
            reason.as_deref().unwrap_or("not measured anew")
        ),
    }
}

//! Whether the files of a run agree: summary and comparison follow from the samples, so they can be
//! computed again and held against what stands in the files. Only `record` uses it.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use serde::Serialize;
use serde_json::Value;

use super::{
    ComparisonRow, Judging, RecordError, RunDir, SampleRow, Status, SummaryRow,
    compare::unit_named,
    compare_all, compared, floor_pct, read_twin,
    series::{Key, RoundKey, round_key, sample_key, summary_key},
    summarise,
};

/// Figures may differ by so much, relative to the larger: another version of a library may add up in
/// another order.
const TOLERANCE: f64 = 1e-9;

/// Refuses files that contradict each other, and returns the comparison as the samples have it: as found,
/// or, where `earlier` statistics made the file, as it would be filed now.
///
/// # Errors
/// [`RecordError::Disagrees`] with file, row and column of the first disagreement.
pub(super) fn check(
    files: &RunDir,
    samples: &[SampleRow],
    summary: &[SummaryRow],
    comparison: Vec<ComparisonRow>,
    earlier: bool,
) -> Result<Vec<ComparisonRow>, RecordError> {
    check_rounds(&files.samples(), samples, summary)?;
    let expected = summarise(samples, summary);
    if expected.len() != summary.len() {
        let found = format!("{} rows", summary.len());
        let expected = format!("{} rows", expected.len());
        return Err(disagrees(&files.summary(), summary.len(), "backend", found, expected));
    }
    for (row, (found, expected)) in summary.iter().zip(&expected).enumerate() {
        same_figures(&files.summary(), row, found, expected)?;
    }
    let path = files.comparison();
    let Some(first) = comparison.first() else {
        return Ok(comparison); // without a row nothing names the reference; a run of one backend has none
    };
    let twin = read_twin(&files.twin())?;
    if twin.is_empty() && comparison.iter().any(|row| row.floor_pct.is_some()) {
        let folder = files.folder().to_owned();
        return Err(RecordError::Unfinished { folder, missing: "twin.csv" });
    }
    let judging = Judging {
        reference: &first.reference,
        equivalence: first.equivalence_pct / 100.0,
        unit: unit_named(&first.unit),
    };
    let mut expected = compare_all(&compared(samples, summary), &judging);
    let mut computed = Vec::with_capacity(comparison.len());
    for (row, found) in comparison.iter().enumerate() {
        // Rows stand in the order in which backends were named, which samples do not tell.
        let Some(at) = expected.iter().position(|expected| is_of_same(expected, found)) else {
            let what = format!("{} against {}", found.backend, found.reference);
            let none = "no such row: the samples hold no such comparison".to_owned();
            return Err(disagrees(&path, row, "backend", what, none));
        };
        let floor_pct = floor_pct(&twin, &found.configuration());
        let expected = ComparisonRow { floor_pct, ..expected.remove(at) };
        if !earlier {
            same_figures(&path, row, found, &expected)?;
        }
        computed.push(expected);
    }
    match expected.first() {
        None if earlier => Ok(computed),
        None => Ok(comparison),
        Some(missing) => {
            let what = format!("a row for {} on {}", missing.backend, missing.layout);
            Err(disagrees(&path, comparison.len(), "backend", "nothing".to_owned(), what))
        }
    }
}

/// Samples are of backends in the summary, and every round has all of its configuration's that did not fail.
fn check_rounds(
    path: &Path,
    samples: &[SampleRow],
    summary: &[SummaryRow],
) -> Result<(), RecordError> {
    let mut taking_part: HashMap<Key<'_>, HashSet<&str>> = HashMap::new();
    let mut failed: HashSet<(Key<'_>, &str)> = HashSet::new();
    for row in summary {
        match row.status {
            Status::Ok => {
                taking_part.entry(summary_key(row)).or_default().insert(&row.backend);
            }
            Status::Failed(_) => {
                failed.insert((summary_key(row), &row.backend));
            }
            Status::Unsupported(_) => {}
        }
    }
    let mut rounds: HashMap<(Key<'_>, RoundKey<'_>), (usize, usize)> = HashMap::new();
    for (index, row) in samples.iter().enumerate() {
        if failed.contains(&(sample_key(row), row.backend.as_str())) {
            continue; // up to some round, which nobody else knows
        }
        let known = taking_part.get(&sample_key(row));
        if !known.is_some_and(|backends| backends.contains(row.backend.as_str())) {
            let expected = "a backend that summary.csv has as measured on this layout".to_owned();
            return Err(disagrees(path, index, "backend", row.backend.clone(), expected));
        }
        rounds.entry((sample_key(row), round_key(row))).or_insert((0, index)).0 += 1;
    }
    let lacking = rounds
        .iter()
        .filter(|((key, _), (found, _))| {
            taking_part.get(key).is_some_and(|all| all.len() != *found)
        })
        .map(|((key, _), &(found, first))| (first, found, taking_part[key].len()))
        .min();
    match lacking {
        None => Ok(()),
        Some((first, found, all)) => {
            let found = format!("a round with samples of {found} backends");
            Err(disagrees(path, first, "round", found, format!("all {all} of summary.csv")))
        }
    }
}

fn is_of_same(a: &ComparisonRow, b: &ComparisonRow) -> bool {
    let key = |row: &ComparisonRow| {
        let ComparisonRow { layout, workload, mode, target, rng, lookups, .. } = row.clone();
        (layout, workload, mode, target, rng, lookups, row.reference.clone(), row.backend.clone())
    };
    key(a) == key(b)
}

/// Holds two rows against each other, field by field in the order of the columns.
///
/// # Errors
/// [`RecordError::Disagrees`] with file, row and column.
pub(super) fn same_figures<R: super::table::Row + Serialize>(
    path: &Path,
    row: usize,
    found: &R,
    expected: &R,
) -> Result<(), RecordError> {
    let encode = |reason: serde_json::Error| RecordError::Encode {
        path: path.to_owned(),
        reason: reason.to_string(),
    };
    let found = serde_json::to_value(found).map_err(encode)?;
    let expected = serde_json::to_value(expected).map_err(encode)?;
    for &(column, _) in R::COLUMNS {
        let (found, expected) = (&found[column], &expected[column]);
        if !agree(found, expected) {
            return Err(disagrees(path, row, column, in_words(found), in_words(expected)));
        }
    }
    Ok(())
}

fn agree(found: &Value, expected: &Value) -> bool {
    if found == expected {
        return true;
    }
    match (found.as_f64(), expected.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()),
        _ => false,
    }
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `index` counts rows from 0, without the header.
fn disagrees(
    path: &Path,
    index: usize,
    column: &'static str,
    found: String,
    expected: String,
) -> RecordError {
    RecordError::Disagrees { path: path.to_owned(), row: index + 1, column, found, expected }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::record::{
        BASELINE, Judging, RecordError, RunDir, Status, compare_all,
        fixtures::{planned, says, three_rounds},
        summarise,
    };

    /// A whole run, changed by `edit`, and what is said about it.
    fn edited(
        edit: impl FnOnce(
            &mut Vec<crate::record::SampleRow>,
            &mut Vec<crate::record::SummaryRow>,
            &mut Vec<crate::record::ComparisonRow>,
        ),
    ) -> Result<Vec<super::ComparisonRow>, RecordError> {
        let mut samples = three_rounds("a");
        let plan = ["array", "rbtree", BASELINE].map(|backend| planned("a", backend));
        let mut summary = summarise(&samples, &plan);
        let mut comparison = compare_all(&samples, &Judging::against("array"));
        edit(&mut samples, &mut summary, &mut comparison);
        check(&RunDir::at("run"), &samples, &summary, comparison, false)
    }

    #[test]
    fn what_a_run_wrote_agrees_also_to_the_last_digits() {
        edited(|_, _, _| ()).expect("agrees");
        edited(|_, summary, _| {
            summary[0].mean_s = summary[0].mean_s.map(|mean| mean * (1.0 + 1e-12));
        })
        .expect("rounding");
    }

    #[test]
    fn a_figure_that_does_not_follow_is_named() {
        let error = edited(|_, summary, _| summary[1].mean_s = Some(1.0)).expect_err("edited");
        says(&error, &["summary.csv", "row 2", "`mean_s`", "found `1.0`"]);
        let error = edited(|samples, _, _| samples[4].elapsed_ns += 1).expect_err("edited");
        says(&error, &["summary.csv, row 1"]);
        let error = edited(|_, _, comparison| comparison[0].gross_change_pct = Some(-50.0));
        says(&error.expect_err("edited"), &["comparison.csv, row 1", "`gross_change_pct`"]);
        let error = edited(|_, _, comparison| comparison[0].verdict = Some("faster".to_owned()));
        says(&error.expect_err("edited"), &["comparison.csv, row 1", "`verdict`", "`faster`"]);
    }

    #[test]
    fn samples_of_nobody_and_rounds_with_gaps_are_named() {
        let error = edited(|samples, _, _| samples[2].backend = "other".to_owned());
        says(&error.expect_err("edited"), &["samples.csv, row 3", "`backend`", "`other`"]);
        let error = edited(|samples, _, _| drop(samples.remove(4)));
        says(&error.expect_err("edited"), &["samples.csv, row 4", "`round`"]);
    }

    /// Of a backend that failed in round 2: its samples up to there, a figure of them, and no comparison.
    #[test]
    fn what_a_backend_was_measured_at_before_it_failed_is_no_contradiction() {
        let failed = |kept: usize, compared: bool| {
            edited(|samples, summary, comparison| {
                let mut left = kept;
                samples.retain(|row| {
                    let is_its = row.backend == "rbtree";
                    left = if is_its { left.wrapping_sub(1) } else { left };
                    !is_its || left < kept
                });
                summary[1].status = Status::Failed("crashed".to_owned());
                *summary = summarise(samples, summary);
                assert_eq!(summary[1].runs, kept as u64);
                if !compared {
                    comparison.clear();
                }
            })
        };
        for kept in 0..=3 {
            failed(kept, false).expect("agrees");
        }
        let error = failed(2, true).expect_err("compared by two of three rounds");
        says(&error, &["comparison.csv, row 1", "`rbtree against array`"]);
        // A round that lacks somebody else is still half a round.
        let error = edited(|samples, summary, _| {
            summary[1].status = Status::Failed("crashed".to_owned());
            let array = samples.iter().position(|row| row.backend == "array").expect("there");
            samples.remove(array);
        });
        says(&error.expect_err("half a round"), &["samples.csv", "`round`"]);
    }
}

//! Whether the files of a run agree: phases are of this run and of those who take part, everybody once a
//! round and with the same operations. Figures are not held against anything, they are computed anew.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::{ChurnRow, ChurnRun, ChurnSummaryRow};
use crate::record::table::Line;
use crate::record::{Environment, RecordError, Status};

/// A scenario on a layout.
type Key<'a> = (&'a str, &'a str);

/// A phase that stands twice in the file: one of them would be lost.
pub(super) fn refuse_duplicates(path: &Path, lines: &[Line<ChurnRow>]) -> Result<(), RecordError> {
    let mut seen = HashMap::with_capacity(lines.len());
    for Line { row, number } in lines {
        let phase = (key(row), row.round, row.backend.as_str());
        if let Some(first_line) = seen.insert(phase, *number) {
            let path = path.to_owned();
            return Err(RecordError::Duplicate { path, line: *number, first_line });
        }
    }
    Ok(())
}

/// Refuses files in `dir` that contradict each other, and a run that has ended without all of its plan.
///
/// # Errors
/// [`RecordError::Disagrees`] with file, row and column of the first disagreement, [`RecordError::Lacking`].
pub(super) fn check(
    dir: &Path,
    rows: &[ChurnRow],
    declared: &[ChurnSummaryRow],
    environment: &Environment,
) -> Result<(), RecordError> {
    let Declared { taking_part, failed } = Declared::of(&ChurnRun::summary(dir), declared)?;
    let path = ChurnRun::churn(dir);
    let mut operations: HashMap<Key<'_>, u64> = HashMap::new();
    // Of each round: its first row, and how many it has.
    let mut rounds: HashMap<(Key<'_>, u32), (usize, usize)> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        let differs = |column, found: String, expected: String| {
            Err(disagrees(&path, index, column, found, expected))
        };
        if row.run_id != environment.run_id {
            return differs("run_id", row.run_id.clone(), environment.run_id.clone());
        }
        let has_failed = failed.contains(&(key(row), row.backend.as_str()));
        let known = taking_part.get(&key(row));
        if !has_failed && !known.is_some_and(|backends| backends.contains(row.backend.as_str())) {
            let expected = "a backend that churn-summary.csv has as measured in this scenario";
            return differs("backend", row.backend.clone(), expected.to_owned());
        }
        let first = *operations.entry(key(row)).or_insert(row.operations);
        if row.operations != first {
            return differs("operations", row.operations.to_string(), first.to_string());
        }
        let (first, count) = rounds.entry((key(row), row.round)).or_insert((index, 0));
        // Who failed has rows up to some round, which nobody else knows.
        *count += usize::from(!has_failed);
        if let Some(first) = rows.get(*first).filter(|first| first.seed != row.seed) {
            return differs("seed", row.seed.to_string(), first.seed.to_string());
        }
    }
    if let Some((layout, scenario)) = lacking(declared, environment) {
        return Err(RecordError::Lacking {
            path: ChurnRun::summary(dir),
            what: format!("{scenario} on {layout}"),
        });
    }
    let all = |key: &Key<'_>| taking_part.get(key).map_or(0, HashSet::len);
    let gaps = rounds.iter().filter(|((key, _), (_, count))| *count != all(key));
    let gap = gaps.map(|((key, _), &(first, count))| (first, count, all(key))).min();
    match gap {
        None => Ok(()),
        Some((first, count, all)) => {
            let found = format!("a round with phases of {count} participants");
            Err(disagrees(&path, first, "round", found, format!("all {all} of churn-summary.csv")))
        }
    }
}

/// The first scenario of the plan of a run that has ended of which the summary has nothing; none where the plan does not
/// say what was to be measured.
fn lacking<'a>(
    declared: &[ChurnSummaryRow],
    environment: &'a Environment,
) -> Option<(&'a str, &'a str)> {
    environment.ended.as_ref()?;
    let known: HashSet<Key<'_>> =
        declared.iter().map(|row| (row.layout.as_str(), row.scenario.as_str())).collect();
    let scenarios = environment.plan.get("scenarios")?.as_array()?;
    let layouts = environment.plan.get("layouts")?.as_array()?;
    let layouts = layouts.iter().filter_map(|layout| layout.get("name")?.as_str());
    let mut all = layouts.flat_map(|layout| {
        scenarios.iter().filter_map(move |scenario| Some((layout, scenario.as_str()?)))
    });
    all.find(|key| !known.contains(key))
}

/// What the summary says of who takes part in what.
#[derive(Default)]
struct Declared<'a> {
    /// Who does to the end.
    taking_part: HashMap<Key<'a>, HashSet<&'a str>>,
    /// Who failed in it.
    failed: HashSet<(Key<'a>, &'a str)>,
}

impl<'a> Declared<'a> {
    fn of(path: &Path, declared: &'a [ChurnSummaryRow]) -> Result<Self, RecordError> {
        let mut seen = HashSet::with_capacity(declared.len());
        let mut all = Self::default();
        for (index, row) in declared.iter().enumerate() {
            let key = (row.layout.as_str(), row.scenario.as_str());
            if !seen.insert((key, row.backend.as_str())) {
                let expected = "one row only of a backend in a scenario".to_owned();
                return Err(disagrees(path, index, "backend", row.backend.clone(), expected));
            }
            match row.status {
                Status::Ok => {
                    all.taking_part.entry(key).or_default().insert(&row.backend);
                }
                Status::Failed(_) => {
                    all.failed.insert((key, &row.backend));
                }
                Status::Unsupported(_) => {}
            }
        }
        Ok(all)
    }
}

fn key(row: &ChurnRow) -> Key<'_> {
    (&row.layout, &row.scenario)
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

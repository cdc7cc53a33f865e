//! From timed phases to churn-summary.csv.
//!
//! Everything is of logarithms, as the changes of lookups are: the typical time of an operation is the
//! exponential of the mean of the groups' midmeans, so that a preempted phase does not move it, its
//! interval never reaches below zero, and the ratio of two typical times is the typical ratio.

use std::collections::BTreeMap;

use super::{ChurnRow, ChurnSummaryRow, EXTENT};
use crate::record::Status;
use crate::record::compare::{balanced_after, percent};
use crate::stats::{Change, Rounds, Unit, compare_rounds, judge};

/// The figures of every row in `declared` that are in `rows`, and no others: what stood there before is
/// forgotten.
///
/// Holm's correction runs over the backends of one scenario on one layout.
pub fn summarise_churn(rows: &[ChurnRow], declared: &[ChurnSummaryRow]) -> Vec<ChurnSummaryRow> {
    let mut summary: Vec<_> = declared.iter().map(ChurnSummaryRow::without_figures).collect();
    for group in summary.chunk_by_mut(|a, b| (&a.layout, &a.scenario) == (&b.layout, &b.scenario)) {
        let of_group = Phases::of(rows, group);
        let changes: Vec<Option<Change>> = group.iter_mut().map(|row| of_group.fill(row)).collect();
        let equivalence = group.first().map_or(0.0, |row| row.equivalence_pct / 100.0);
        for (row, judged) in group.iter_mut().zip(judge(&changes, equivalence)) {
            row.p_value_holm = judged.map(|(p_holm, _)| p_holm);
            row.verdict = judged.map(|(_, verdict)| verdict.as_str().to_owned());
        }
    }
    summary
}

/// The phases of one scenario on one layout: by backend, then by round.
struct Phases<'a> {
    all: BTreeMap<&'a str, BTreeMap<u32, &'a ChurnRow>>,
    /// How many there are of backends that failed.
    failed: BTreeMap<&'a str, u64>,
}

impl<'a> Phases<'a> {
    fn of(rows: &'a [ChurnRow], group: &[ChurnSummaryRow]) -> Self {
        let mut phases: BTreeMap<&str, BTreeMap<u32, &ChurnRow>> = BTreeMap::new();
        if let Some(first) = group.first() {
            let is_of =
                |row: &&ChurnRow| row.layout == first.layout && row.scenario == first.scenario;
            for row in rows.iter().filter(is_of) {
                phases.entry(&row.backend).or_default().insert(row.round, row);
            }
        }
        // The rounds before a failure are not a sample of a backend's rounds: there are so many, and nobody is
        // compared with them.
        let (mut all, mut failed) = (BTreeMap::new(), BTreeMap::new());
        for (backend, own) in phases {
            let row = group.iter().find(|row| row.backend == backend);
            if row.is_some_and(|row| matches!(row.status, Status::Failed(_))) {
                failed.insert(backend, own.len() as u64);
            } else {
                all.insert(backend, own);
            }
        }
        Self { all, failed }
    }

    /// Fills in what follows from the phases; the change that the verdict will be on.
    fn fill(&self, row: &mut ChurnSummaryRow) -> Option<Change> {
        row.rounds = self.failed.get(row.backend.as_str()).copied().unwrap_or(0);
        let own = self.all.get(row.backend.as_str())?;
        if row.status != Status::Ok {
            return None;
        }
        let operations = own.values().next()?.operations;
        let scale = |change: Change| {
            let ns = |fraction: f64| (1.0 + fraction) / operations.max(1) as f64;
            [Some(ns(change.point)), change.low.map(ns), change.high.map(ns)]
        };
        // Against a reference that always takes one nanosecond.
        let typical = self.compare(own, own, |_| 1.0);
        row.rounds = own.len() as u64;
        row.operations = Some(operations);
        [row.ns_per_operation, row.low_ns, row.high_ns] = typical.map_or([None; 3], scale);
        row.phase_s = typical.map(|typical| (1.0 + typical.point) / 1e9);
        if row.backend == EXTENT {
            return None;
        }
        if let Some(extent) = self.all.get(EXTENT) {
            let share = self.compare(extent, own, elapsed);
            let of = |fraction: f64| percent(1.0 + fraction);
            row.extent_ns_per_operation =
                self.compare(extent, extent, |_| 1.0).and_then(|alone| scale(alone)[0]);
            row.extent_share_pct = share.map(|share| of(share.point));
            row.extent_low_pct = share.and_then(|share| share.low).map(of);
            row.extent_high_pct = share.and_then(|share| share.high).map(of);
        }
        let reference = row.reference.as_deref().filter(|name| *name != row.backend)?;
        let change = self.compare(own, self.all.get(reference)?, elapsed)?;
        row.change_pct = Some(percent(change.point));
        row.change_low_pct = change.low.map(percent);
        row.change_high_pct = change.high.map(percent);
        row.p_value = change.p_value;
        Some(change)
    }

    /// The typical change over the rounds that hold both.
    fn compare(
        &self,
        values: &BTreeMap<u32, &ChurnRow>,
        reference: &BTreeMap<u32, &ChurnRow>,
        of_reference: fn(&ChurnRow) -> f64,
    ) -> Option<Change> {
        let paired = values.iter().filter_map(|(round, row)| Some((row, reference.get(round)?)));
        let (values, reference): (Vec<f64>, Vec<f64>) =
            paired.map(|(row, against)| (elapsed(row), of_reference(against))).unzip();
        let processes = vec![0; values.len()];
        let rounds = Rounds {
            values: &values,
            reference: &reference,
            baseline: &[],
            processes: &processes,
            cycle: balanced_after(self.all.len()),
        };
        compare_rounds(&rounds, Unit::Rounds)?.gross
    }
}

/// A phase too short for the timer counts as one nanosecond: there is no logarithm of nothing.
fn elapsed(row: &ChurnRow) -> f64 {
    row.elapsed_ns.max(1) as f64
}

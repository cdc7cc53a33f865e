//! The figures of one batch that both runs measured. Only `across` uses it.

use super::{Across, AcrossRow, KIND_RELATIVE, KIND_TIME, LeftOut, side::Side};
use crate::record::{
    BASELINE, SummaryRow,
    compare::{balanced_after, in_words, percent},
    series::{Group, Series, paired_rounds},
};
use crate::stats::{self, Change, Level, Unit, unpaired_change};

/// One batch in both runs.
pub(super) struct Pair<'a, 'b> {
    pub(super) sides: &'b [Side<'a>; 2],
    pub(super) groups: [&'b Group<'a>; 2],
    pub(super) equivalence: f64,
}

impl Pair<'_, '_> {
    /// Adds the rows of the backend that `row` of the first summary is about.
    pub(super) fn compare(
        &self,
        row: &SummaryRow,
        across: &mut Across,
        changes: &mut Vec<Option<Change>>,
    ) {
        let [Some(in_a), in_b] = self.groups.map(|group| group.of(&row.backend)) else { return };
        if row.backend == BASELINE {
            return;
        }
        let Some(in_b) = in_b else {
            across.left_out.push(LeftOut::Backend {
                configuration: row.configuration(),
                backend: row.backend.clone(),
                in_first: true,
                reason: self.sides[1].reason(row),
            });
            return;
        };
        let series = [in_a, in_b];
        let (time, change) = self.row(row, None, self.levels(series, None));
        across.rows.push(time);
        changes.push(change);
        let reference = across.reference.clone().filter(|name| *name != row.backend);
        let against = reference.as_deref().and_then(|name| {
            let [a, b] = self.groups.map(|group| group.of(name));
            Some([a?, b?])
        });
        if let Some(against) = against {
            let (relative, change) = self.row(row, reference, self.levels(series, Some(against)));
            across.rows.push(relative);
            changes.push(change);
        }
    }

    /// The level of each run: of the time itself, or of the ratio to the reference.
    fn levels(
        &self,
        series: [&Series<'_>; 2],
        against: Option<[&Series<'_>; 2]>,
    ) -> [Option<Level>; 2] {
        [0, 1].map(|side| {
            let cycle = balanced_after(self.groups[side].series.len());
            let unit = self.sides[side].unit;
            let other = against.map_or(series[side], |against| against[side]);
            let rounds = paired_rounds(series[side], other, None);
            let [times, reference, _] = &rounds.values;
            match against {
                None => Level::of_times(times, &rounds.processes, cycle, unit),
                Some(_) => Level::of_ratios(times, reference, &rounds.processes, cycle, unit),
            }
        })
    }

    /// A row without a verdict, and the change that the verdict will be on.
    fn row(
        &self,
        like: &SummaryRow,
        reference: Option<String>,
        levels: [Option<Level>; 2],
    ) -> (AcrossRow, Option<Change>) {
        let [a, b] = levels;
        let change = a.zip(b).and_then(|(a, b)| unpaired_change(a, b));
        let units = levels.map(|level| level.map_or(0, |level| level.units));
        let kind = if reference.is_some() { KIND_RELATIVE } else { KIND_TIME };
        let row = AcrossRow {
            run_a: self.sides[0].run.environment.run_id.clone(),
            run_b: self.sides[1].run.environment.run_id.clone(),
            layout: like.layout.clone(),
            workload: like.workload.clone(),
            mode: like.mode.clone(),
            target: like.target.clone(),
            rng: like.rng.clone(),
            lookups: like.lookups,
            reference,
            backend: like.backend.clone(),
            kind: kind.to_owned(),
            change_pct: change.map(|change| percent(change.point)),
            low_pct: change.and_then(|change| change.low).map(percent),
            high_pct: change.and_then(|change| change.high).map(percent),
            verdict: None,
            p_value: change.and_then(|change| change.p_value),
            p_value_holm: None,
            unit_a: in_words(self.sides[0].unit).to_owned(),
            units_a: units[0] as u64,
            unit_b: in_words(self.sides[1].unit).to_owned(),
            units_b: units[1] as u64,
            equivalence_pct: percent(self.equivalence),
            note: self.note(like, units),
        };
        (row, change)
    }

    /// Why there is no interval, and what else the runs did not do alike.
    fn note(&self, like: &SummaryRow, units: [usize; 2]) -> Option<String> {
        let mut notes = Vec::new();
        for ((name, side), units) in ["A", "B"].into_iter().zip(self.sides).zip(units) {
            match (units, side.unit) {
                (0, _) => notes.push(format!("a time of 0 in {name}: nothing to compare")),
                (1, Unit::Rounds) => {
                    notes.push(format!("1 round in {name}: an interval and a verdict need 2"));
                }
                (1, Unit::Processes) => {
                    notes.push(format!("1 process in {name}: an interval and a verdict need 2"));
                }
                _ => {}
            }
        }
        let [then, now] = self.sides.each_ref().map(|side| side.build(like));
        if let (Some(then), Some(now)) = (then, now)
            && then != now
        {
            notes.push(format!("built by {then} in A, by {now} in B"));
        }
        (!notes.is_empty()).then(|| notes.join("; "))
    }
}

/// Corrects the p-values of the rows of a kind, and gives those rows their verdicts.
pub(super) fn judge(
    kind: &str,
    rows: &mut [AcrossRow],
    changes: &[Option<Change>],
    equivalence: f64,
) {
    // The other kinds are families of their own.
    let of_kind: Vec<Option<Change>> = changes
        .iter()
        .zip(rows.iter())
        .map(|(change, row)| change.filter(|_| row.kind == kind))
        .collect();
    for (row, judged) in rows.iter_mut().zip(stats::judge(&of_kind, equivalence)) {
        if let Some((p_holm, verdict)) = judged {
            row.p_value_holm = Some(p_holm);
            row.verdict = Some(verdict.as_str().to_owned());
        }
    }
}

//! From samples to comparison.csv: each backend against the reference.

use super::{
    BASELINE, ComparisonRow, SampleRow,
    series::{Group, PairedRounds, Series, group, paired_rounds},
};
use crate::stats::{
    self, Change, Comparison, EQUIVALENCE_FRACTION, Rounds, Unit, compare_rounds, components,
    paired_behaviour,
};

/// With this many processes or fewer Student's quantile is 4.3 or more: the interval is honest and
/// says little.
const FEW_PROCESSES: usize = 3;

/// How changes are judged.
#[derive(Clone, Copy, Debug)]
pub struct Judging<'a> {
    /// What the others are compared with.
    pub reference: &'a str,
    /// Changes within this fraction count as the same.
    pub equivalence: f64,
    /// What one piece of evidence is.
    pub unit: Unit,
}

impl<'a> Judging<'a> {
    /// Against `reference`, by rounds, with the default bounds.
    pub fn against(reference: &'a str) -> Self {
        Self { reference, equivalence: EQUIVALENCE_FRACTION, unit: Unit::Rounds }
    }
}

/// Compares every backend but the generator with the reference, configuration by configuration, in
/// order of first appearance among the samples.
///
/// Samples are paired by round; net changes come from the rounds that hold the generator too. Holm's
/// correction runs over the backends of one configuration, and the verdict is on the gross change, the
/// time that was measured. A configuration in which the reference was not measured has no rows.
pub fn compare_all(samples: &[SampleRow], judging: &Judging<'_>) -> Vec<ComparisonRow> {
    group(samples).iter().flat_map(|group| compare_group(group, judging)).collect()
}

fn compare_group(group: &Group<'_>, judging: &Judging<'_>) -> Vec<ComparisonRow> {
    let Some(against) = group.of(judging.reference) else {
        return Vec::new();
    };
    let compared = |series: &&Series<'_>| ![BASELINE, judging.reference].contains(&series.backend);
    let (mut rows, changes): (Vec<_>, Vec<_>) = group
        .series
        .iter()
        .filter(compared)
        .map(|series| compare_pair(group, series, against, judging))
        .unzip();
    judge(&mut rows, &changes, judging.equivalence);
    rows
}

/// A row without a verdict, and the gross change that the verdict will be on.
fn compare_pair(
    group: &Group<'_>,
    series: &Series<'_>,
    against: &Series<'_>,
    judging: &Judging<'_>,
) -> (ComparisonRow, Option<Change>) {
    let PairedRounds { values: [values, reference, baseline], processes } =
        paired_rounds(series, against, group.baseline());
    let rounds = Rounds {
        values: &values,
        reference: &reference,
        baseline: &baseline,
        processes: &processes,
        cycle: balanced_after(group.series.len()),
    };
    let Comparison { gross, net, means, units } = compare_rounds(&rounds, judging.unit)
        .unwrap_or(Comparison { gross: None, net: None, means: None, units: 0 });
    let behaviour = paired_behaviour(&values, &reference, &processes);
    let spread = components(&values, &reference, &processes).unwrap_or_default();
    let first = group.first;
    let row = ComparisonRow {
        layout: first.layout.clone(),
        workload: first.workload.clone(),
        mode: first.mode.clone(),
        target: first.target.clone(),
        rng: first.rng.clone(),
        lookups: first.lookups,
        reference: against.backend.to_owned(),
        backend: series.backend.to_owned(),
        rounds: values.len() as u64,
        gross_change_pct: gross.map(|change| percent(change.point)),
        gross_low_pct: gross.and_then(|change| change.low).map(percent),
        gross_high_pct: gross.and_then(|change| change.high).map(percent),
        net_change_pct: net.map(|change| percent(change.point)),
        net_low_pct: net.and_then(|change| change.low).map(percent),
        net_high_pct: net.and_then(|change| change.high).map(percent),
        verdict: None,
        p_value: gross.and_then(|change| change.p_value),
        p_value_holm: None,
        mean_change_pct: means.map(|change| percent(change.point)),
        mean_low_pct: means.and_then(|change| change.low).map(percent),
        mean_high_pct: means.and_then(|change| change.high).map(percent),
        unit: in_words(judging.unit).to_owned(),
        units: units as u64,
        autocorrelation: behaviour.and_then(|behaviour| behaviour.autocorrelation),
        effective_rounds: behaviour.map(|behaviour| behaviour.effective),
        sd_process_pct: spread.process.map(percent),
        sd_round_pct: spread.round.map(percent),
        sd_within_pct: spread.within.map(percent),
        equivalence_pct: percent(judging.equivalence),
        floor_pct: None,
        note: note(values.len(), units, judging.unit, net.is_none() && !baseline.is_empty()),
    };
    (row, gross)
}

/// Corrects the p-values of the rows that have one, and gives those rows their verdicts.
fn judge(rows: &mut [ComparisonRow], changes: &[Option<Change>], equivalence: f64) {
    for (row, judged) in rows.iter_mut().zip(stats::judge(changes, equivalence)) {
        row.p_value_holm = judged.map(|(p_holm, _)| p_holm);
        row.verdict = judged.map(|(_, verdict)| verdict.as_str().to_owned());
    }
}

/// Why there is no interval or no net change, or why the interval is so wide.
fn note(rounds: usize, units: usize, unit: Unit, net_is_missing: bool) -> Option<String> {
    let mut notes = Vec::new();
    match (unit, units) {
        _ if rounds == 0 => notes.push("no round holds both".to_owned()),
        (_, 0) => notes.push("a time of 0: nothing to compare".to_owned()),
        (Unit::Rounds, 1) => notes.push("1 round: an interval and a verdict need 2".to_owned()),
        (Unit::Processes, 1) => {
            notes.push("1 process: an interval and a verdict need 2".to_owned());
        }
        (Unit::Processes, 2..=FEW_PROCESSES) => {
            notes.push(format!("{units} processes: few units make a wide interval; 5 say more"));
        }
        _ => {}
    }
    if net_is_missing && units > 0 {
        notes.push("no net change: the reference is not slower than the generator".to_owned());
    }
    (!notes.is_empty()).then(|| notes.join("; "))
}

/// As the `unit` column says it.
pub(super) fn in_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Rounds => "round",
        Unit::Processes => "process",
    }
}

/// The unit that the `unit` column names.
pub fn unit_named(word: &str) -> Unit {
    if word == in_words(Unit::Processes) { Unit::Processes } else { Unit::Rounds }
}

/// Rounds of a cycle of `items` items in a Williams design, as `measure` runs them.
pub fn balanced_after(items: usize) -> usize {
    if items.is_multiple_of(2) { items } else { 2 * items }
}

pub(super) fn percent(fraction: f64) -> f64 {
    100.0 * fraction
}

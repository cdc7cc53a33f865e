//! From samples to comparison.csv: each backend against the reference.

use super::{
    BASELINE, ComparisonRow, SampleRow,
    series::{Group, Series, group, paired},
};
use crate::stats::{Change, EQUIVALENCE_FRACTION, change, holm, net_change, verdict};

/// Compares every backend but the generator with `reference`, configuration by configuration, in
/// order of first appearance among the samples.
///
/// Samples are paired by round; net changes come from the rounds that hold the generator too. Holm's
/// correction runs over the backends of one configuration, and the verdict is on the gross change, the
/// time that was measured. A configuration in which the reference was not measured has no rows.
pub fn compare_all(samples: &[SampleRow], reference: &str) -> Vec<ComparisonRow> {
    group(samples).iter().flat_map(|group| compare_group(group, reference)).collect()
}

fn compare_group(group: &Group<'_>, reference: &str) -> Vec<ComparisonRow> {
    let Some(against) = group.of(reference) else {
        return Vec::new();
    };
    let compared = |series: &&Series<'_>| ![BASELINE, reference].contains(&series.backend);
    let (mut rows, changes): (Vec<_>, Vec<_>) = group
        .series
        .iter()
        .filter(compared)
        .map(|series| compare_pair(group, series, against))
        .unzip();
    judge(&mut rows, &changes);
    rows
}

/// A row without a verdict, and the gross change that the verdict will be on.
fn compare_pair(
    group: &Group<'_>,
    series: &Series<'_>,
    against: &Series<'_>,
) -> (ComparisonRow, Option<Change>) {
    let [values, reference] = paired([series, against]);
    let gross = change(&values, &reference);
    let net = group.baseline().and_then(|baseline| {
        let [values, reference, baseline] = paired([series, against, baseline]);
        net_change(&values, &reference, &baseline)
    });
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
    };
    (row, gross)
}

/// Corrects the p-values of the rows that have one, and gives those rows their verdicts.
fn judge(rows: &mut [ComparisonRow], changes: &[Option<Change>]) {
    let tested: Vec<(usize, f64, Change)> = changes
        .iter()
        .enumerate()
        .filter_map(|(index, change)| change.and_then(|c| Some((index, c.p_value?, c))))
        .collect();
    let p_values: Vec<f64> = tested.iter().map(|&(_, p_value, _)| p_value).collect();
    for (&(index, _, change), corrected) in tested.iter().zip(holm(&p_values)) {
        rows[index].p_value_holm = Some(corrected);
        let word = verdict(&change, corrected, EQUIVALENCE_FRACTION);
        rows[index].verdict = Some(word.as_str().to_owned());
    }
}

fn percent(fraction: f64) -> f64 {
    100.0 * fraction
}

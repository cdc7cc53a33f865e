//! From samples to summary.csv: what each backend costs.

use std::collections::{HashMap, HashSet};

use super::{
    BASELINE, Configuration, SampleRow, Status, SummaryRow,
    series::{Group, Key, Series, group, paired, sample_key, summary_key},
};
use crate::stats::{behaviour, describe, net};

/// Fills in the figures of `plan`, one row a backend and configuration.
///
/// The rows of the plan say what was to be measured and how it was built; whatever they hold in
/// the statistic fields is replaced. A backend without samples keeps 0 runs and empty fields. The
/// generator alone gets a row too, behind its configuration's others where the plan has none. Samples
/// of a backend that the plan does not name are left out.
///
/// Figures net of the generator come from the rounds in which both were measured.
pub fn summarise(samples: &[SampleRow], plan: &[SummaryRow]) -> Vec<SummaryRow> {
    let groups = group(samples);
    let by_key: HashMap<Key<'_>, &Group<'_>> =
        groups.iter().map(|group| (sample_key(group.first), group)).collect();
    let planned = |row: &&SummaryRow| row.backend == BASELINE;
    let mut baseline_done: HashSet<Key<'_>> =
        plan.iter().filter(planned).map(summary_key).collect();
    let mut summary = Vec::with_capacity(plan.len());
    for (index, row) in plan.iter().enumerate() {
        let key = summary_key(row);
        let group = by_key.get(&key).copied();
        summary.push(filled(row.clone(), group));
        let configuration_ends = plan.get(index + 1).is_none_or(|next| summary_key(next) != key);
        if configuration_ends
            && group.is_some_and(|group| group.baseline().is_some())
            && baseline_done.insert(key)
        {
            summary.push(filled(baseline_row(row), group));
        }
    }
    summary
}

/// A backend whose times drifted over the run.
#[derive(Clone, PartialEq, Debug)]
pub struct Drift {
    /// In which configuration.
    pub configuration: Configuration,
    /// Which backend.
    pub backend: String,
    /// How far, as a fraction: median of the last third over that of the first, less 1.
    pub fraction: f64,
}

/// The series that drifted, by more than noise and more than 1 %, each process for itself.
pub fn drifts(samples: &[SampleRow]) -> Vec<Drift> {
    let mut drifts = Vec::new();
    for group in group(samples) {
        for series in &group.series {
            for process in series.samples.chunk_by(|a, b| a.process == b.process) {
                let times: Vec<f64> = process.iter().map(|row| row.elapsed_ns as f64).collect();
                let drifted = behaviour(&times).filter(|seen| seen.drifted);
                drifts.extend(drifted.and_then(|seen| seen.drift).map(|fraction| Drift {
                    configuration: group.first.configuration(),
                    backend: series.backend.to_owned(),
                    fraction,
                }));
            }
        }
    }
    drifts
}

/// A row for the generator alone, in the configuration of `neighbour`.
fn baseline_row(neighbour: &SummaryRow) -> SummaryRow {
    SummaryRow {
        backend: BASELINE.to_owned(),
        status: Status::Ok,
        build: None,
        build_s: None,
        bytes_total: None,
        bytes_per_segment: None,
        instructions_per_lookup: None,
        cycles_per_lookup: None,
        branch_misses_per_lookup: None,
        cache_misses_per_lookup: None,
        segments: None,
        frames: None,
        index_bytes: None,
        bytes_per_frame: None,
        index_share_pct: None,
        ..neighbour.clone()
    }
}

fn filled(mut row: SummaryRow, group: Option<&Group<'_>>) -> SummaryRow {
    clear(&mut row);
    let Some((group, series)) = group.and_then(|group| Some((group, group.of(&row.backend)?)))
    else {
        return row;
    };
    fill_times(&mut row, series);
    if row.backend != BASELINE {
        row.hit_rate = hit_rate(series);
        if let Some(baseline) = group.baseline() {
            fill_net(&mut row, series, baseline);
        }
    }
    row
}

fn clear(row: &mut SummaryRow) {
    row.runs = 0;
    row.mean_s = None;
    row.min_s = None;
    row.max_s = None;
    row.median_s = None;
    row.stddev_population_s = None;
    row.stddev_sample_s = None;
    row.margin95_z_s = None;
    row.margin95_t_s = None;
    row.ns_per_lookup = None;
    row.baseline_mean_s = None;
    row.net_mean_s = None;
    row.net_margin95_s = None;
    row.net_ns_per_lookup = None;
    row.hit_rate = None;
    row.outliers = None;
    row.autocorrelation = None;
    row.effective_runs = None;
    row.drift_pct = None;
}

fn fill_times(row: &mut SummaryRow, series: &Series<'_>) {
    let Some(times) = describe(&series.elapsed_ns()) else {
        return;
    };
    row.runs = times.runs;
    row.mean_s = Some(seconds(times.mean));
    row.min_s = Some(seconds(times.min));
    row.max_s = Some(seconds(times.max));
    row.median_s = Some(seconds(times.median));
    row.stddev_population_s = Some(seconds(times.stddev_population));
    row.stddev_sample_s = times.stddev_sample.map(seconds);
    row.margin95_z_s = times.margin95_z.map(seconds);
    row.margin95_t_s = times.margin95_t.map(seconds);
    row.ns_per_lookup = per_lookup(times.mean, row.lookups);
    if let Some(behaviour) = behaviour(&series.elapsed_ns()) {
        row.outliers = Some(behaviour.outliers);
        row.autocorrelation = behaviour.autocorrelation;
        row.effective_runs = Some(behaviour.effective);
        row.drift_pct =
            behaviour.drift.filter(|drift| drift.is_finite()).map(|drift| 100.0 * drift);
    }
}

fn fill_net(row: &mut SummaryRow, series: &Series<'_>, baseline: &Series<'_>) {
    let [values, baseline] = paired([series, baseline]);
    row.baseline_mean_s = describe(&baseline).map(|times| seconds(times.mean));
    let Some(net) = net(&values, &baseline) else {
        return;
    };
    row.net_mean_s = Some(seconds(net.mean));
    row.net_margin95_s = net.margin95_t.map(seconds);
    row.net_ns_per_lookup = per_lookup(net.mean, row.lookups);
}

/// Hits of all batches among lookups of all batches; `None` if there was nothing to look up.
fn hit_rate(series: &Series<'_>) -> Option<f64> {
    let total = |count: fn(&SampleRow) -> u64| -> u128 {
        series.samples.iter().map(|sample| u128::from(count(sample))).sum()
    };
    let (hits, lookups) = (total(|sample| sample.hits), total(|sample| sample.lookups));
    (lookups > 0).then(|| hits as f64 / lookups as f64)
}

fn seconds(ns: f64) -> f64 {
    ns / 1e9
}

fn per_lookup(ns: f64, lookups: u64) -> Option<f64> {
    (lookups > 0).then(|| ns / lookups as f64)
}

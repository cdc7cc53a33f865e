//! What the figures of a run themselves warn about.

use crate::record::{BASELINE, Drift, SummaryRow};

/// A batch is short when reading the clock twice is more than this part of it.
const TIMER_PART_MAX: f64 = 0.01;

/// Batches too short for the timer, and net times below zero: each said once a configuration, with
/// what it means and what to do.
pub(super) fn of_figures(summary: &[SummaryRow], timer_overhead_ns: f64) -> Vec<String> {
    let backends = summary.iter().filter(|row| row.backend != BASELINE);
    backends.flat_map(|row| [short(row, timer_overhead_ns), negative(row)]).flatten().collect()
}

/// The largest drift of each configuration.
pub(super) fn of_drifts(drifts: &[Drift]) -> Vec<String> {
    let same = |a: &Drift, b: &Drift| a.configuration == b.configuration;
    drifts
        .chunk_by(same)
        .filter_map(|of_one| {
            of_one.iter().max_by(|a, b| a.fraction.abs().total_cmp(&b.fraction.abs()))
        })
        .map(|drift| {
            format!(
                "{}, {} lookups: the times of {} drifted by {:+.1} % from the first third of the \
                 rounds to the last. Changes are paired by round and hardly feel it; means and their \
                 margins do. Let the machine settle, or take shorter batches.",
                drift.configuration.layout,
                drift.configuration.lookups,
                drift.backend,
                100.0 * drift.fraction
            )
        })
        .collect()
}

fn short(row: &SummaryRow, timer_overhead_ns: f64) -> Option<String> {
    let part = 2.0 * timer_overhead_ns / (row.mean_s? * 1e9);
    (part > TIMER_PART_MAX).then(|| {
        format!(
            "{}, {} lookups, {}: reading the clock is about {:.0} % of so short a batch; use more \
             lookups where that matters.",
            row.layout,
            row.lookups,
            row.backend,
            part * 100.0
        )
    })
}

fn negative(row: &SummaryRow) -> Option<String> {
    (row.net_mean_s? < 0.0).then(|| {
        format!(
            "{}, {} lookups, {}: cheaper with the lookups than the generator alone. The two overlap \
             in the processor, or the batch is too short to tell; `--mode trace` times lookups \
             without the generator.",
            row.layout, row.lookups, row.backend
        )
    })
}

#[cfg(test)]
mod tests {
    use super::of_figures;
    use crate::record::{Configuration, SummaryRow};

    fn row(mean_s: f64, net_mean_s: f64) -> SummaryRow {
        let configuration = Configuration {
            layout: "mine".to_owned(),
            workload: String::new(),
            mode: String::new(),
            target: String::new(),
            rng: String::new(),
            lookups: 100,
        };
        SummaryRow {
            mean_s: Some(mean_s),
            net_mean_s: Some(net_mean_s),
            ..SummaryRow::unmeasured(&configuration, "array")
        }
    }

    #[test]
    fn a_batch_of_ordinary_length_is_not_warned_about() {
        assert!(of_figures(&[row(1e-3, 9e-4)], 25.0).is_empty());
        assert!(of_figures(&[SummaryRow { mean_s: None, ..row(0.0, 1.0) }], 25.0).is_empty());
    }

    #[test]
    fn short_batches_and_negative_net_times_are() {
        let warnings = of_figures(&[row(2e-6, -1e-8)], 25.0);
        assert_eq!(warnings.len(), 2);
        assert!(warnings[0].contains("mine, 100 lookups, array"));
        assert!(warnings[0].contains("about 2 % of"), "{}", warnings[0]);
        assert!(warnings[1].contains("trace"));
    }
}

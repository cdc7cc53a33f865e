//! What the figures of a run themselves warn about.

use super::alike::{Warning, together};
use super::words::{are_several, place};
use crate::measure::Mode;
use crate::record::{self, BASELINE, Drift, Run, RunDir, SummaryRow};
use crate::report::baseline;

/// A batch is short when reading the clock twice is more than this part of it.
const TIMER_PART_MAX: f64 = 0.01;

/// The warnings of a recorded run as they are said, many of one kind together.
pub(super) fn in_few_words(run: &Run, files: &RunDir) -> Vec<String> {
    let environment = &run.environment;
    let mut many = of_figures(&run.summary, environment.timer_overhead_ns);
    many.extend(of_drifts(&record::drifts(&run.samples)));
    together(&environment.warnings, &many, &files.environment())
}

/// Batches too short for the timer, and net times below zero: each said once a configuration, with
/// what it means and what to do.
pub(super) fn of_figures(summary: &[SummaryRow], timer_overhead_ns: f64) -> Vec<Warning> {
    let several = are_several(summary.iter().map(SummaryRow::configuration));
    let backends = summary.iter().filter(|row| row.backend != BASELINE);
    let of = |row: &SummaryRow| {
        let who = format!("{}, {}", place(&row.configuration(), several), row.backend);
        [short(row, timer_overhead_ns), negative(row)].map(|warning| {
            warning.map(|one| Warning { words: format!("{who}: {}", one.words), ..one })
        })
    };
    backends.flat_map(of).flatten().collect()
}

/// The largest drift of each configuration.
pub(super) fn of_drifts(drifts: &[Drift]) -> Vec<Warning> {
    let same = |a: &Drift, b: &Drift| a.configuration == b.configuration;
    let several = are_several(drifts.iter().map(|drift| drift.configuration.clone()));
    drifts
        .chunk_by(same)
        .filter_map(|of_one| {
            of_one.iter().max_by(|a, b| a.fraction.abs().total_cmp(&b.fraction.abs()))
        })
        .map(|drift| Warning {
            kind: "drift",
            badness: drift.fraction.abs(),
            words: format!(
                "{}: the times of {} drifted by {:+.1} % from the first third of the \
                 rounds to the last. Changes are paired by round and hardly feel it; means and their \
                 margins do. Let the machine settle, or take shorter batches.",
                place(&drift.configuration, several),
                drift.backend,
                100.0 * drift.fraction
            ),
        })
        .collect()
}

fn short(row: &SummaryRow, timer_overhead_ns: f64) -> Option<Warning> {
    // A cold burst is a batch of its own, as far as the clock goes.
    let bursts = match row.mode.parse().ok().and_then(Mode::burst) {
        Some(burst) => row.lookups.div_ceil(burst) as f64,
        None => 1.0,
    };
    let part = 2.0 * bursts * timer_overhead_ns / (row.mean_s? * 1e9);
    let cold = row.mode.starts_with("cold");
    (part > TIMER_PART_MAX).then(|| Warning {
        kind: if cold { "short burst" } else { "short batch" },
        badness: part,
        words: format!(
            "reading the clock is about {:.0} % of so short a {} where that matters.",
            part * 100.0,
            if cold { "burst; use longer ones (as cold:64)" } else { "batch; use more lookups" }
        ),
    })
}

fn negative(row: &SummaryRow) -> Option<Warning> {
    let inline = row.mode == Mode::Inline.to_string();
    let net_s = row.net_mean_s?;
    (net_s < 0.0).then(|| Warning {
        kind: if inline { "negative inline" } else { "negative" },
        badness: -net_s / row.mean_s.unwrap_or(1.0),
        words: format!(
            "cheaper with the lookups than {} alone. {} the batch is too short to tell{}.",
            baseline(&row.mode),
            if inline { "The two overlap in the processor, or" } else { "Most likely" },
            if inline { "; `--mode trace` times lookups without the generator" } else { "" }
        ),
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
            mode: "inline".to_owned(),
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
        let words = |row: SummaryRow| -> Vec<String> {
            of_figures(&[row], 25.0).into_iter().map(|warning| warning.words).collect()
        };
        let warnings = words(row(2e-6, -1e-8));
        assert_eq!(warnings.len(), 2);
        assert!(warnings[0].contains("mine, 100 lookups, array"));
        assert!(warnings[0].contains("about 2 % of"), "{}", warnings[0]);
        assert!(warnings[1].contains("trace"));
        let mut cold = row(20e-6, -1e-8);
        cold.mode = "cold:10".to_owned();
        let warnings = words(cold);
        // Ten bursts, of two microseconds each.
        assert!(warnings[0].contains("about 2 % of so short a burst"), "{warnings:?}");
        assert!(!warnings[1].contains("trace"), "{warnings:?}");
        assert!(warnings[1].contains("than bursts of the loop"), "{warnings:?}");
    }
    #[test]
    fn warnings_of_a_kind_are_worse_the_further_they_go() {
        let warnings = of_figures(&[row(2e-6, 1e-8), row(1e-6, 1e-8), row(1e-6, -1e-7)], 25.0);
        let kinds: Vec<_> = warnings.iter().map(|warning| warning.kind).collect();
        assert_eq!(kinds, ["short batch", "short batch", "short batch", "negative inline"]);
        assert!(warnings[1].badness > warnings[0].badness);
    }
}

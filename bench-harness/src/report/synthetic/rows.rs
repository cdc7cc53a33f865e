//! The rows of a made-up run, worked out in the plainest way.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::record::{BASELINE, ComparisonRow, SampleRow, Status, SummaryRow};

pub(super) fn sample(
    layout: &str,
    lookups: u64,
    backend: &str,
    round: u32,
    position: usize,
    ns: f64,
) -> SampleRow {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    SampleRow {
        run_id: "synthetic".into(),
        process: 0,
        round,
        position: position as u32,
        layout: layout.into(),
        workload: "uniform".into(),
        mode: "inline".into(),
        target: "page".into(),
        rng: "xoshiro256++".into(),
        lookups,
        backend: backend.into(),
        seed: u64::from(round),
        elapsed_ns: ns as u64,
        hits: lookups,
        checksum: 0,
    }
}

fn mean_of(series: &[f64]) -> f64 {
    series.iter().sum::<f64>() / series.len() as f64
}

/// Student's margin of the mean, and the sample deviation; none below two.
fn spread_of(series: &[f64]) -> Option<(f64, f64)> {
    let n = series.len() as f64;
    let mean = mean_of(series);
    let deviation = (series.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
    let quantile = StudentsT::new(0.0, 1.0, n - 1.0).ok()?.inverse_cdf(0.975);
    (n > 1.0).then(|| (quantile * deviation / n.sqrt(), deviation))
}

pub(super) fn summary(
    layout: &str,
    lookups: u64,
    backend: &str,
    series: &[f64],
    baseline: &[f64],
) -> SummaryRow {
    let n = series.len() as f64;
    let some = !series.is_empty();
    let built = some && backend != BASELINE;
    let mean = some.then(|| mean_of(series));
    let spread = spread_of(series);
    let population = spread.map(|(_, s)| s * ((n - 1.0) / n).sqrt()).or(some.then_some(0.0));
    let net: Vec<f64> = series.iter().zip(baseline).map(|(x, b)| x - b).collect();
    let net = Some(net).filter(|net| !net.is_empty() && backend != BASELINE);
    let mut sorted = series.to_vec();
    sorted.sort_by(f64::total_cmp);
    SummaryRow {
        layout: layout.into(),
        workload: "uniform".into(),
        mode: "inline".into(),
        target: "page".into(),
        rng: "xoshiro256++".into(),
        lookups,
        backend: backend.into(),
        status: Status::Ok,
        runs: series.len() as u64,
        mean_s: mean,
        min_s: sorted.first().copied(),
        max_s: sorted.last().copied(),
        median_s: sorted.get(sorted.len() / 2).copied(),
        stddev_population_s: population,
        stddev_sample_s: spread.map(|(_, s)| s),
        margin95_z_s: spread.and(population).map(|sigma| 1.96 * sigma / n.sqrt()),
        margin95_t_s: spread.map(|(margin, _)| margin),
        ns_per_lookup: mean.map(|mean| mean * 1e9 / lookups.max(1) as f64),
        baseline_mean_s: (!baseline.is_empty()).then(|| mean_of(baseline)),
        net_mean_s: net.as_deref().map(mean_of),
        net_margin95_s: net.as_deref().and_then(spread_of).map(|(margin, _)| margin),
        net_ns_per_lookup: net.as_deref().map(|net| mean_of(net) * 1e9 / lookups.max(1) as f64),
        hit_rate: Some(1.0),
        build: built.then(|| "replay".into()),
        build_s: built.then_some(1e-5),
        bytes_total: built.then_some(3072),
        bytes_per_segment: built.then_some(96.0),
        outliers: None,
        autocorrelation: None,
        effective_runs: None,
        drift_pct: None,
        instructions_per_lookup: None,
        cycles_per_lookup: None,
        branch_misses_per_lookup: None,
        cache_misses_per_lookup: None,
        segments: built.then_some(32),
        frames: built.then_some(256),
        index_bytes: built.then_some(3072),
        bytes_per_frame: built.then_some(12.0),
        index_share_pct: built.then_some(9.375),
    }
}

pub(super) fn comparison(
    layout: &str,
    lookups: u64,
    reference: &str,
    backend: &str,
    [base, series, baseline]: [&[f64]; 3],
) -> ComparisonRow {
    let change = |a: f64, b: f64| (a / b - 1.0) * 100.0;
    let net = |series: &[f64]| mean_of(series) - mean_of(baseline);
    let ratios: Vec<f64> = series.iter().zip(base).map(|(x, r)| x / r * 100.0).collect();
    let gross = change(mean_of(series), mean_of(base));
    let net_change = change(net(series), net(base));
    let margin = spread_of(&ratios).map(|(margin, _)| margin);
    let net_margin = margin.map(|m| m * mean_of(base) / net(base).abs());
    let verdict = margin.map(|m| match gross {
        g if g - m > 0.0 => "slower",
        g if g + m < 0.0 => "faster",
        g if g.abs() + m < 1.0 => "equivalent",
        _ => "inconclusive",
    });
    ComparisonRow {
        layout: layout.into(),
        workload: "uniform".into(),
        mode: "inline".into(),
        target: "page".into(),
        rng: "xoshiro256++".into(),
        lookups,
        reference: reference.into(),
        backend: backend.into(),
        rounds: series.len() as u64,
        gross_change_pct: Some(gross).filter(|g| g.is_finite()),
        gross_low_pct: margin.map(|m| gross - m),
        gross_high_pct: margin.map(|m| gross + m),
        net_change_pct: Some(net_change).filter(|g| g.is_finite()),
        net_low_pct: net_margin.map(|m| net_change - m),
        net_high_pct: net_margin.map(|m| net_change + m),
        verdict: verdict.map(String::from),
        p_value: margin.map(|m| if gross.abs() > m { 0.0001 } else { 0.42 }),
        p_value_holm: margin.map(|m| if gross.abs() > m { 0.0002 } else { 0.42 }),
        mean_change_pct: Some(gross).filter(|g| g.is_finite()),
        mean_low_pct: margin.map(|m| gross - m),
        mean_high_pct: margin.map(|m| gross + m),
        unit: "round".into(),
        units: series.len() as u64,
        autocorrelation: None,
        effective_rounds: None,
        sd_process_pct: None,
        sd_round_pct: None,
        sd_within_pct: None,
        equivalence_pct: 1.0,
        floor_pct: None,
        note: None,
    }
}

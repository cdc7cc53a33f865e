//! Runs made up for the tests of this module: plausible, repeatable, as odd as a test asks for.
//!
//! It works out summary and comparison from its samples in the plainest way; the real ones come from
//! `stats`.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::record::{
    BASELINE, ComparisonRow, Environment, Run, SampleRow, Status, SummaryRow, UNKNOWN,
};

/// A backend in a made-up run: cost in nanoseconds a lookup, generator included, and its spread as a
/// share of it.
#[derive(Clone, Copy)]
pub(super) struct Cost<'a>(pub &'a str, pub f64, pub f64);

/// Builds a [`Run`]; the first backend of a batch is the reference.
pub(super) struct Maker {
    pub run: Run,
    state: u64,
}

impl Maker {
    pub(super) fn new() -> Self {
        let run = Run {
            modes: Vec::new(),
            samples: Vec::new(),
            summary: Vec::new(),
            comparison: Vec::new(),
            environment: environment(),
        };
        Self { run, state: 7 }
    }

    /// Uniform in [0, 1), by splitmix64 (Steele, Lea, Flood, OOPSLA 2014).
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Adds one batch: `runs` rounds of every backend and of the generator at `generator` ns.
    pub(super) fn batch(
        &mut self,
        layout: &str,
        lookups: u64,
        runs: u32,
        generator: f64,
        costs: &[Cost<'_>],
    ) -> &mut Self {
        // Set-up that a batch pays once, so that small batches cost more a lookup.
        let overhead_ns = 400.0;
        let with_baseline: Vec<_> =
            costs.iter().copied().chain([Cost(BASELINE, generator, 0.01)]).collect();
        let mut times = Vec::new();
        for (position, Cost(name, ns, spread)) in with_baseline.iter().enumerate() {
            let mut series = Vec::new();
            for round in 0..runs {
                // Skewed like real times: a floor, and a tail above.
                let tail = -(1.0 - self.uniform()).ln() * spread;
                let elapsed = overhead_ns + lookups as f64 * ns * (1.0 - spread + tail);
                let sample = sample(layout, lookups, name, round, position, elapsed);
                series.push(sample.elapsed_ns as f64 / 1e9);
                self.run.samples.push(sample);
            }
            times.push(series);
        }
        let baseline = times.last().cloned().unwrap_or_default();
        for (Cost(name, ..), series) in with_baseline.iter().zip(&times) {
            self.run.summary.push(summary(layout, lookups, name, series, &baseline));
        }
        for (Cost(name, ..), series) in with_baseline[..costs.len()].iter().zip(&times).skip(1) {
            let row = comparison(layout, lookups, costs[0].0, name, [&times[0], series, &baseline]);
            self.run.comparison.push(row);
        }
        self
    }

    /// Adds a backend that could not do the layout.
    pub(super) fn unsupported(
        &mut self,
        layout: &str,
        lookups: u64,
        name: &str,
        reason: &str,
    ) -> &mut Self {
        let mut row = summary(layout, lookups, name, &[], &[]);
        row.status = Status::Unsupported(reason.to_owned());
        self.run.summary.push(row);
        self
    }
}

fn sample(
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

fn summary(
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

fn comparison(
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

fn environment() -> Environment {
    Environment {
        schema_version: 1,
        tool_version: "0.1.0".into(),
        tool_commit: "0123abc".into(),
        run_id: "synthetic".into(),
        command_line: ["bench-harness", "compare", "--backends", "array,rbtree"]
            .map(String::from)
            .into(),
        seed: 42,
        started: "2024-05-06T07:08:09Z".into(),
        ended: None,
        compiler: "rustc 1.89.0".into(),
        compiler_flags: "release".into(),
        cpu_model: "Made-up CPU @ 3.0 GHz".into(),
        cores: Some(2),
        caches: ["L1d 32 KiB", "L2 1 MiB"].map(String::from).into(),
        hypervisor: UNKNOWN.into(),
        governor: UNKNOWN.into(),
        turbo: UNKNOWN.into(),
        aslr: "on".into(),
        kernel: "Linux 6.1".into(),
        page_size: Some(4096),
        memory_bytes: Some(8 << 30),
        timer_resolution_ns: 1.0,
        timer_overhead_ns: 24.5,
        pinned: "core 1".into(),
        load_before: Some(0.1),
        load_after: None,
        plan: serde_json::Value::Null,
        stopping: crate::record::Stopping::default(),
        warnings: vec!["load average 0.9 before the run: stop other programs".into()],
        ..Environment::blank()
    }
}

/// The counts of the paper.
pub(super) const COUNTS: [u64; 7] =
    [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// A run of the paper's two experiments.
pub(super) fn reproduction(runs: u32) -> Run {
    let mut maker = Maker::new();
    for lookups in COUNTS {
        let costs = [Cost("array", 7.4, 0.02), Cost("rbtree", 12.1, 0.03)];
        maker.batch("paper-32x8", lookups, runs, 1.5, &costs);
    }
    let layouts = [
        ("frag-1mb", 14.0, 17.0),
        ("frag-64mb", 40.0, 55.0),
        ("frag-64mb-as-run", 13.7, 16.5),
        ("frag-128mb", 60.0, 85.0),
        ("frag-256mb", 71.0, 103.0),
    ];
    for (layout, array, tree) in layouts {
        let costs = [Cost("array", array, 0.03), Cost("rbtree", tree, 0.05)];
        maker.batch(layout, 10_000_000, runs, 1.5, &costs);
    }
    maker.run
}

/// Segments, frames present, and name of the layouts of [`crowd`].
const LAYOUTS: [(&str, u64, u64); 8] = [
    ("paper-32x8", 32, 256),
    ("frag-1mb", 33, 384),
    ("frag-64mb", 2_017, 8_192),
    ("frag-64mb-as-run", 33, 384),
    ("frag-256mb", 8_161, 32_768),
    ("frag-1gb", 32_737, 131_072),
    ("frag-16gb", 524_289, 2_097_152),
    ("frag-1tb", 33_554_433, 134_217_728),
];

/// Backends of [`crowd`]: bytes of the index a segment, and nanoseconds a doubling of the segments.
const BACKENDS: [(&str, f64, f64); 15] = [
    ("array", 72.0, 7.0),
    ("rbtree", 96.0, 12.0),
    ("array-linear", 72.0, 0.0),
    ("array-bigfirst", 72.0, 0.0),
    ("array-rebuild", 72.0, 7.1),
    ("array-branchless", 8.0, 2.4),
    ("eytzinger", 8.0, 1.9),
    ("s-tree", 9.0, 1.1),
    ("btree", 80.0, 4.6),
    ("rangemap", 84.0, 5.0),
    ("intrusive", 96.0, 10.0),
    ("vm-memory", 40.0, 7.9),
    ("section", 2.0, 0.1),
    ("direct", 64.0, 0.12),
    ("dense", 0.0, 0.0),
];

/// A run of many backends on many layouts, under the settings given: workload, mode, target.
pub(super) fn crowd(settings: &[[&str; 3]], runs: u32) -> Run {
    let mut maker = Maker::new();
    for [workload, mode, target] in settings {
        let from = [maker.run.summary.len(), maker.run.comparison.len(), maker.run.samples.len()];
        for (layout, segments, frames) in LAYOUTS {
            add_layout(&mut maker, layout, segments, frames, runs);
        }
        let [summary, comparison, samples] = from;
        for row in &mut maker.run.summary[summary..] {
            (row.workload, row.mode, row.target) =
                ((*workload).into(), (*mode).into(), (*target).into());
        }
        for row in &mut maker.run.comparison[comparison..] {
            (row.workload, row.mode, row.target) =
                ((*workload).into(), (*mode).into(), (*target).into());
        }
        for row in &mut maker.run.samples[samples..] {
            (row.workload, row.mode, row.target) =
                ((*workload).into(), (*mode).into(), (*target).into());
        }
    }
    maker.run.environment.caches.push("L3 32 MiB".into());
    maker.run
}

fn add_layout(maker: &mut Maker, layout: &str, segments: u64, frames: u64, runs: u32) {
    let doublings = (segments as f64).log2();
    let lookups = if segments > 10_000 { 100_000 } else { 1_000_000 };
    let linear = |name: &str| matches!(name, "array-linear" | "array-bigfirst");
    let can = |name: &str| name != "dense" && !(linear(name) && segments > 100_000);
    let size = |bytes: f64| (bytes * segments as f64 * 1.05).round().max(bytes);
    let costs: Vec<Cost<'_>> = BACKENDS
        .iter()
        .filter(|(name, ..)| can(name))
        .map(|&(name, bytes, each)| {
            let missed = (size(bytes) / 32_768.0).log2().max(0.0);
            let scan = if linear(name) { segments as f64 * 0.4 } else { 0.0 };
            Cost(name, 1.6 + each * doublings + scan + 1.1 * missed, 0.03)
        })
        .collect();
    maker.batch(layout, lookups, runs, 1.5, &costs);
    for (name, ..) in BACKENDS.iter().filter(|(name, ..)| !can(name)) {
        let reason = match *name {
            "dense" => format!("{segments} segments > 1"),
            _ => format!("more than 100000 segments would take too long ({segments})"),
        };
        maker.unsupported(layout, lookups, name, &reason);
    }
    for row in maker.run.summary.iter_mut().filter(|row| row.layout == layout) {
        let known = BACKENDS.iter().find(|(name, ..)| *name == row.backend && can(name));
        let Some((name, bytes, _)) = known else { continue };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let index = size(*bytes) as u64;
        let whole = if *name == "section" { index + 72 * segments } else { index };
        row.enter_size(whole, index, segments, frames);
        row.build_s = Some(segments as f64 * (4.0 + doublings) * 1e-9);
    }
}

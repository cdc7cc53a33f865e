//! Runs made up for the tests of this module: plausible, repeatable, as odd as a test asks for.
//!
//! It works out summary and comparison from its samples in the plainest way; the real ones come from
//! `stats`.

mod crowd;
mod rows;

pub(super) use crowd::crowd;

use crate::record::{BASELINE, Environment, Run, Status, UNKNOWN};
use rows::{comparison, sample, summary};

/// A backend in a made-up run: cost in nanoseconds a lookup, generator included, and its spread as a
/// share of it.
#[derive(Clone, Copy)]
pub(super) struct Cost<'a>(pub &'a str, pub f64, pub f64);

/// Builds a [`Run`]; the first backend of a batch is the reference.
pub(super) struct Maker {
    pub run: Run,
    state: u64,
    /// Where the batch added last begins.
    last: [usize; 3],
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
        Self { run, state: 7, last: [0; 3] }
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
        self.last = self.rows();
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

    /// Gives workload, mode and target to the batch added last.
    pub(super) fn asked(&mut self, setting: [&str; 3]) -> &mut Self {
        let [summary, comparison, samples] = self.last;
        for row in &mut self.run.summary[summary..] {
            [row.workload, row.mode, row.target] = setting.map(String::from);
        }
        for row in &mut self.run.comparison[comparison..] {
            [row.workload, row.mode, row.target] = setting.map(String::from);
        }
        for row in &mut self.run.samples[samples..] {
            [row.workload, row.mode, row.target] = setting.map(String::from);
        }
        self
    }

    /// How many rows of summary, comparison and samples there are.
    fn rows(&self) -> [usize; 3] {
        [self.run.summary.len(), self.run.comparison.len(), self.run.samples.len()]
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

//! Made-up runs of many backends on many layouts.

use super::{Cost, Maker};
use crate::record::Run;

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
pub(in crate::report) fn crowd(settings: &[[&str; 3]], runs: u32) -> Run {
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

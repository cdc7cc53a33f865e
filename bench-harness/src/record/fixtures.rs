//! Made-up rows, and what else the tests of this folder share.

use std::path::Path;

use super::{
    BASELINE, Environment, RecordError, RunDir, SCHEMA_VERSION, SampleRow, SampleWriter, Status,
    SummaryRow, UNKNOWN,
};

/// A layout's name that needs every kind of quoting CSV knows, and is not ASCII.
pub(super) const HOSTILE_NAME: &str = "a,\"b\"\nö\r;";

pub(super) fn sample(layout: &str, round: u32, backend: &str, elapsed_ns: u64) -> SampleRow {
    SampleRow {
        run_id: "2026-11-21T00:00:00Z".to_owned(),
        process: 0,
        round,
        position: 0,
        layout: layout.to_owned(),
        workload: "uniform".to_owned(),
        mode: "inline".to_owned(),
        target: "page".to_owned(),
        rng: "xoshiro256++".to_owned(),
        lookups: 1_000,
        backend: backend.to_owned(),
        seed: u64::MAX,
        elapsed_ns,
        hits: if backend == BASELINE { 0 } else { 750 },
        checksum: 12_345_678_901_234_567_890,
    }
}

/// Baseline, array and tree of one round, in this order.
pub(super) fn round(layout: &str, round: u32, elapsed_ns: [u64; 3]) -> Vec<SampleRow> {
    let backends = [BASELINE, "array", "rbtree"];
    let rows = backends.into_iter().zip(elapsed_ns);
    rows.map(|(backend, elapsed_ns)| sample(layout, round, backend, elapsed_ns)).collect()
}

/// Three rounds: the array always 100 ns over the generator, the tree 200 ns or a little more.
pub(super) fn three_rounds(layout: &str) -> Vec<SampleRow> {
    let times = [[1_000, 1_100, 1_200], [1_010, 1_110, 1_212], [990, 1_090, 1_191]];
    (0..).zip(times).flat_map(|(number, times)| round(layout, number, times)).collect()
}

/// A row of a plan, as `measure` would make it.
pub(super) fn planned(layout: &str, backend: &str) -> SummaryRow {
    SummaryRow {
        layout: layout.to_owned(),
        workload: "uniform".to_owned(),
        mode: "inline".to_owned(),
        target: "page".to_owned(),
        rng: "xoshiro256++".to_owned(),
        lookups: 1_000,
        backend: backend.to_owned(),
        status: Status::Ok,
        runs: 0,
        mean_s: None,
        min_s: None,
        max_s: None,
        median_s: None,
        stddev_population_s: None,
        stddev_sample_s: None,
        margin95_z_s: None,
        margin95_t_s: None,
        ns_per_lookup: None,
        baseline_mean_s: None,
        net_mean_s: None,
        net_margin95_s: None,
        net_ns_per_lookup: None,
        hit_rate: None,
        build: Some("replay".to_owned()),
        build_s: Some(0.1 + 0.2),
        bytes_total: Some(3_072),
        bytes_per_segment: Some(96.0),
        outliers: None,
        autocorrelation: None,
        effective_runs: None,
        drift_pct: None,
        instructions_per_lookup: None,
        cycles_per_lookup: None,
        branch_misses_per_lookup: None,
        cache_misses_per_lookup: None,
        segments: Some(32),
        frames: Some(256),
        index_bytes: Some(3072),
        bytes_per_frame: Some(12.0),
        index_share_pct: Some(9.375),
    }
}

pub(super) fn environment() -> Environment {
    Environment {
        schema_version: SCHEMA_VERSION,
        tool_version: "0.1.0".to_owned(),
        tool_commit: "0123456789ab-dirty".to_owned(),
        run_id: "2026-11-21T00:00:00Z".to_owned(),
        command_line: vec!["bench-harness".to_owned(), "compare".to_owned()],
        seed: u64::MAX,
        started: "2026-11-21T00:00:00Z".to_owned(),
        ended: None,
        compiler: "rustc 1.89.0".to_owned(),
        compiler_flags: "profile release".to_owned(),
        cpu_model: "Example \"9000\"".to_owned(),
        cores: Some(2),
        caches: vec!["L1d 32 KiB".to_owned()],
        hypervisor: "none".to_owned(),
        governor: "performance".to_owned(),
        turbo: "off".to_owned(),
        aslr: "on".to_owned(),
        kernel: UNKNOWN.to_owned(),
        page_size: Some(4_096),
        memory_bytes: None,
        timer_resolution_ns: 1.0,
        timer_overhead_ns: 20.5,
        pinned: "core 1".to_owned(),
        load_before: Some(0.25),
        load_after: None,
        plan: serde_json::json!({ "backends": ["array", "rbtree"], "seed": u64::MAX }),
        stopping: super::Stopping::default(),
        warnings: Vec::new(),
        ..Environment::blank()
    }
}

/// A run's folder with nothing in it, gone with the first of the pair.
pub(super) fn folder() -> (tempfile::TempDir, RunDir) {
    let folder = tempfile::tempdir().expect("folder");
    let run = RunDir::create(folder.path().join("deep").join("run")).expect("made");
    (folder, run)
}

pub(super) fn write_rounds(path: &Path, rows: &[SampleRow]) {
    let mut writer = SampleWriter::create(path).expect("created");
    for round in rows.chunks(3) {
        writer.write_round(round).expect("written");
    }
}

#[track_caller]
pub(super) fn says(error: &RecordError, parts: &[&str]) {
    let message = error.to_string();
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in: {message}");
    }
}

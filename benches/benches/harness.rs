//! What the harness itself costs: its loop against a bare one, building a large table, rendering a
//! large run.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bench_harness::measure::{Baseline, Batch, Mode, Target};
use bench_harness::record::{self, BASELINE, RunDir, SampleRow, SampleWriter, SummaryRow};
use bench_harness::{machine, report};
use criterion::{Criterion, Throughput, criterion_group};
use physseg::backend::{Array, Backend, Bsearch, RbTree};
use physseg::{FreeList, PageSize, Pfn, SegmentTable};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use segment_benches::Scene;

/// The harness's loop around nothing, beside a loop written out with the same generator: the
/// difference is what the harness adds to a lookup.
fn loop_overhead(criterion: &mut Criterion) {
    let scene = Scene::named("frag-256mb");
    let (start, end) = (scene.layout.lookups.range.start(), scene.layout.lookups.range.end());
    let batch = scene.batch(Mode::Inline, Target::Page, 1);
    let mut group = criterion.benchmark_group("loop");
    group.throughput(Throughput::Elements(1)).measurement_time(Duration::from_secs(3));
    group.bench_function("harness", |bencher| {
        bencher.iter_custom(|lookups| {
            Duration::from_nanos(Batch { lookups, ..batch }.run(&Baseline).elapsed_ns)
        });
    });
    group.bench_function("bare", |bencher| {
        bencher.iter_custom(|lookups| {
            let span = u128::from(end.get() - start.get());
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(black_box(1));
            let clock = Instant::now();
            let mut sum = 0u64;
            for _ in 0..lookups {
                let offset = (u128::from(rng.next_u64()) * span) >> 64;
                sum = sum.wrapping_add(start.get() + u64::try_from(offset).unwrap_or(0));
            }
            black_box(sum);
            clock.elapsed()
        });
    });
    group.finish();
}

/// A million segments of four frames, each followed by a hole of four, loaded in ascending order.
fn build_1m<B: Backend>(backend: B) -> SegmentTable<B> {
    let mut table = SegmentTable::init(backend);
    table.set_page_size(PageSize::FOUR_KIB).expect("an empty table");
    for segment in 0..1_000_000 {
        let (start, end) = (Pfn::new(segment * 8), Pfn::new(segment * 8 + 4));
        table.physload(start, end, start, end, FreeList::Default).expect("no overlap");
    }
    table.page_init().expect("memory for one slab");
    table
}

fn build(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("build_1m_segments");
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    group.bench_function("array", |bencher| {
        bencher.iter(|| build_1m(Array::<Bsearch>::new(None)));
    });
    group.bench_function("rbtree", |bencher| {
        bencher.iter(|| build_1m(RbTree::with_boot_capacity(1_000_000)));
    });
    group.finish();
}

/// A run of 100,000 samples: ten counts, 3,333 rounds of two backends and the baseline. The times are
/// invented, since it is their rendering that is timed.
fn invented_samples() -> Vec<SampleRow> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let mut rows = Vec::new();
    for lookups in (0..10).map(|doubling| 1_000u64 << doubling) {
        for round in 0..3_333 {
            for (position, (backend, ns)) in
                (0..).zip([("array", 30), ("rbtree", 50), (BASELINE, 2)])
            {
                let noise = rng.next_u64() % (1 + lookups * ns / 20);
                rows.push(SampleRow {
                    run_id: "invented".to_owned(),
                    process: 0,
                    round,
                    position,
                    layout: "paper-32x8".to_owned(),
                    workload: "uniform".to_owned(),
                    mode: "inline".to_owned(),
                    target: "page".to_owned(),
                    rng: "xoshiro256++".to_owned(),
                    lookups,
                    backend: backend.to_owned(),
                    seed: 1,
                    elapsed_ns: lookups * ns + noise,
                    hits: lookups,
                    checksum: 0,
                });
            }
        }
    }
    rows
}

/// Reading, rendering and tabulating that run: what `bench-harness report DIR` does.
fn render(criterion: &mut Criterion) {
    let dir = std::env::temp_dir().join(format!("segment-benches-{}", std::process::id()));
    let files = RunDir::create(&dir).expect("a temporary folder");
    let samples = invented_samples();
    let mut writer = SampleWriter::create(&files.samples()).expect("a new file");
    writer.write_round(&samples).expect("room on disk");
    let mut plan: Vec<SummaryRow> = Vec::new();
    for row in &samples {
        let same =
            |other: &SummaryRow| other.lookups == row.lookups && other.backend == row.backend;
        if !plan.iter().any(same) {
            plan.push(SummaryRow::unmeasured(&row.configuration(), &row.backend));
        }
    }
    record::write_summary(&files.summary(), &record::summarise(&samples, &plan)).expect("room");
    let comparison = record::compare_all(&samples, &record::Judging::against("array"));
    record::write_comparison(&files.comparison(), &comparison).expect("room");
    record::write_environment(&files.environment(), &machine::capture()).expect("room");

    let mut group = criterion.benchmark_group("report");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.throughput(Throughput::Elements(samples.len() as u64));
    group.bench_function("100k_samples", |bencher| {
        bencher.iter(|| {
            let run = RunDir::open(&dir).and_then(|dir| dir.read()).expect("the run just written");
            let rendered = report::render(&run, &dir.join("report")).expect("room on disk");
            (rendered, report::terminal::tables(&run, 80))
        });
    });
    group.finish();
    drop(writer);
    std::fs::remove_dir_all(&dir).expect("our own folder");
}

criterion_group!(benches, loop_overhead, build, render);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
}

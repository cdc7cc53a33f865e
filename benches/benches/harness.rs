//! What the harness itself costs: its loop against a bare one, building a large table, rendering a
//! large run.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bench_harness::measure::{Baseline, Batch, Mode, Target};
use bench_harness::{record, report};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use physseg::backend::{Array, Backend, Bsearch, RbTree};
use physseg::{FreeList, PageSize, Pfn, SegmentTable};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};
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
                let offset = ((u128::from(rng.next_u64()) * span) >> 64) as u64;
                sum = sum.wrapping_add(start.get() + offset);
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

criterion_group!(benches, loop_overhead, build, render);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
}

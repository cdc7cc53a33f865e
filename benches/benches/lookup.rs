//! find and `phys_to_page`, per backend, on every shipped layout: the harness's own loops, timed by
//! criterion. The baseline is the generator alone, as in the harness.

use std::time::Duration;

use bench_harness::measure::{Baseline, Batch, HandleOf, Lookup, Mode, PageOf, Target};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group};
use physseg::backend::{Array, Bsearch, RbTree};
use segment_benches::Scene;

const LAYOUTS: [&str; 6] =
    ["paper-32x8", "frag-1mb", "frag-64mb-as-run", "frag-64mb", "frag-128mb", "frag-256mb"];

/// One lookup an iteration; criterion chooses how many make a batch.
fn time(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    layout: &str,
    batch: &Batch<'_>,
    lookup: &impl Lookup,
) {
    group.throughput(Throughput::Elements(1));
    group.bench_function(BenchmarkId::new(name, layout), |bencher| {
        bencher.iter_custom(|lookups| {
            Duration::from_nanos(Batch { lookups, ..*batch }.run(lookup).elapsed_ns)
        });
    });
}

fn lookups(criterion: &mut Criterion, group: &str, target: Target) {
    let mut group = criterion.benchmark_group(group);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for name in LAYOUTS {
        let scene = Scene::named(name);
        let batch = scene.batch(Mode::Inline, target, 1);
        let array = scene.build(|_| Array::<Bsearch>::new(None));
        let rbtree = scene.build(RbTree::with_boot_capacity);
        let (array, rbtree) = (array.table.backend(), rbtree.table.backend());
        time(&mut group, "baseline", name, &batch, &Baseline);
        match target {
            // Nobody asks for descriptors here: the harness has them.
            Target::Page | Target::Touch => {
                time(&mut group, "array", name, &batch, &PageOf(array));
                time(&mut group, "rbtree", name, &batch, &PageOf(rbtree));
            }
            Target::Handle => {
                time(&mut group, "array", name, &batch, &HandleOf(array));
                time(&mut group, "rbtree", name, &batch, &HandleOf(rbtree));
            }
        }
    }
    group.finish();
}

fn phys_to_page(criterion: &mut Criterion) {
    lookups(criterion, "phys_to_page", Target::Page);
}

fn find(criterion: &mut Criterion) {
    lookups(criterion, "find", Target::Handle);
}

criterion_group!(benches, phys_to_page, find);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
}

//! Plug and unplug, per backend, on every shipped layout.
//!
//! One iteration plugs a segment above the layout and unplugs it again, so that the table is
//! afterwards what it was; `pair` times both at once, `plug` and `unplug` each alone, with the reading
//! of the clock in it. The array does that before boot ends, which is when it can, the tree after.
//! `fragment_every_8` times the unplugs of a layout's own history, splits most of them.

use std::time::{Duration, Instant};

use bench_harness::layout::Operation;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, criterion_group};
use physseg::backend::{Array, Backend, Bsearch, RbTree};
use physseg::{FreeList, Pfn, SegmentTable};
use segment_benches::Scene;

const LAYOUTS: [&str; 6] =
    ["paper-32x8", "frag-1mb", "frag-64mb", "frag-64mb-as-run", "frag-128mb", "frag-256mb"];

/// Frames plugged and unplugged in one iteration: a 2 MiB block of 4 KiB pages.
const BLOCK: u64 = 512;

/// The final segments of `scene`, loaded, boot not ended.
fn loaded<B: Backend>(scene: &Scene, backend: B) -> SegmentTable<B> {
    let mut table = SegmentTable::init(backend);
    table.set_page_size(scene.layout.page_size).expect("an empty table");
    for range in scene.segments.iter() {
        table
            .physload(range.start(), range.end(), range.start(), range.end(), FreeList::Default)
            .expect("a checked layout");
    }
    table
}

fn pair<B: Backend>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    layout: &str,
    mut table: SegmentTable<B>,
) {
    let start = table.highest_frame().and_then(|frame| frame.checked_add(1)).expect("room above");
    group.bench_function(BenchmarkId::new(format!("{name}/pair"), layout), |bencher| {
        bencher.iter(|| {
            table.plug(start, BLOCK).expect("free frames");
            table.unplug(start, BLOCK).expect("the segment plugged a moment ago");
        });
    });
    for (part, times_plug) in [("plug", true), ("unplug", false)] {
        group.bench_function(BenchmarkId::new(format!("{name}/{part}"), layout), |bencher| {
            bencher.iter_custom(|iterations| {
                let mut elapsed = Duration::ZERO;
                for _ in 0..iterations {
                    let before = Instant::now();
                    table.plug(start, BLOCK).expect("free frames");
                    let between = Instant::now();
                    table.unplug(start, BLOCK).expect("the segment plugged a moment ago");
                    elapsed += if times_plug { between - before } else { between.elapsed() };
                }
                elapsed
            });
        });
    }
}

fn plug_and_unplug(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plug_unplug");
    group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for layout in LAYOUTS {
        let scene = Scene::named(layout);
        pair(&mut group, "array-at-boot", layout, loaded(&scene, Array::<Bsearch>::new(None)));
        let tree = RbTree::with_boot_capacity(scene.segments.len() + 1);
        let mut booted = loaded(&scene, tree);
        booted.page_init().expect("memory for one slab");
        pair(&mut group, "rbtree", layout, booted);
    }
    group.finish();
}

/// The whole fragmentation of a layout, an unplug every eight frames, timed as one.
fn fragment(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fragment_every_8");
    group.sample_size(10).measurement_time(Duration::from_secs(2));
    for layout in &LAYOUTS[1..] {
        let scene = Scene::named(layout);
        group.bench_function(BenchmarkId::new("rbtree", layout), |bencher| {
            bencher.iter_custom(|iterations| {
                let mut elapsed = Duration::ZERO;
                for _ in 0..iterations {
                    let mut table = SegmentTable::init(RbTree::new());
                    table.set_page_size(scene.layout.page_size).expect("an empty table");
                    for (_, operation) in scene.layout.operations() {
                        elapsed += timed_unplug(&mut table, operation);
                    }
                }
                elapsed
            });
        });
    }
    group.finish();
}

/// Carries out one step; the time of it if it is an unplug.
fn timed_unplug<B: Backend>(table: &mut SegmentTable<B>, operation: Operation) -> Duration {
    let whole = |start: Pfn, end: Pfn| (start, end, start, end);
    match operation {
        Operation::Load(range) => {
            let (start, end, avail_start, avail_end) = whole(range.start(), range.end());
            table
                .physload(start, end, avail_start, avail_end, FreeList::Default)
                .expect("a checked layout");
        }
        Operation::Boot => table.page_init().expect("a checked layout"),
        Operation::Plug(range) => {
            table.plug(range.start(), range.frames()).expect("a checked layout");
        }
        Operation::Unplug(range) => {
            let start = Instant::now();
            table.unplug(range.start(), range.frames()).expect("a checked layout");
            return start.elapsed();
        }
    }
    Duration::ZERO
}

criterion_group!(benches, plug_and_unplug, fragment);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
}

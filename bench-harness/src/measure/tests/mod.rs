//! What a measurement must not let pass, shown by subjects that are wrong in one way each.

mod found;
mod loops;
mod rounds;
mod stretches;
mod targets;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use physseg::{FrameRange, PageSize, Pfn};

use super::*;
use crate::layout::build::{BuiltBy, Plan};
use crate::layout::{Layout, LookupRange, Origin};
use crate::recording::{Head, Recording, Source};
use crate::workload::{Present, Replayed, RngKind, WorkloadKind};

type Answer = fn(Pfn) -> u64;

fn frames(start: u64, end: u64) -> FrameRange {
    FrameRange::new(Pfn::new(start), Pfn::new(end)).expect("not empty")
}

fn run(start: u64, end: u64, first_answer: u64) -> Run {
    Run { frames: frames(start, end), first_answer }
}

/// Two segments, [8, 16) and [24, 32).
fn segments() -> Vec<FrameRange> {
    vec![frames(8, 16), frames(24, 32)]
}

fn runs() -> Vec<Run> {
    vec![run(8, 16, 101), run(24, 32, 201)]
}

fn right(pfn: Pfn) -> u64 {
    match pfn.get() {
        frame @ 8..16 => frame + 93,
        frame @ 24..32 => frame + 177,
        _ => 0,
    }
}

fn layout() -> Layout {
    Layout {
        name: "two".to_owned(),
        description: String::new(),
        source: String::new(),
        page_size: PageSize::FOUR_KIB,
        physseg_max: 32,
        steps: Vec::new(),
        lookups: LookupRange { range: frames(0, 40), fold_below: None },
        origin: Origin::Shipped,
    }
}

/// What is present in [`layout`].
fn present() -> &'static Present {
    static PRESENT: LazyLock<Present> =
        LazyLock::new(|| Present::new(Arc::new(segments()), frames(0, 40)));
    &PRESENT
}

/// Every mode, with bursts of different lengths.
fn modes() -> [Mode; 6] {
    ["inline", "trace", "chain", "cold:1", "cold:7", "cold:2048"]
        .map(|name| name.parse().expect(name))
}

/// Every workload that the two segments allow.
fn workloads() -> Vec<WorkloadKind> {
    ["uniform", "atf", "hits", "misses", "sequential", "zipf:1.1", "repeat:0.9"]
        .map(|name| name.parse().expect(name))
        .into_iter()
        .chain([recorded()])
        .collect()
}

/// A recording with addresses in both segments, in the hole between them, and beyond either end; among
/// them the last one that there is.
fn recorded() -> WorkloadKind {
    static RECORDING: LazyLock<Recording> = LazyLock::new(|| Recording {
        head: Head {
            name: "some".to_owned(),
            description: String::new(),
            source: Source::Text,
            page_size: PageSize::FOUR_KIB,
            map: None,
        },
        pfns: (0..701).map(|i| i * i % 47).chain([(1 << 40) - 1]).map(Pfn::new).collect(),
        checksum: 1,
    });
    WorkloadKind::Recorded(Replayed::of("some", &RECORDING))
}

fn batch(layout: &Layout, mode: Mode) -> Batch<'_> {
    Batch {
        workload: WorkloadKind::Uniform,
        rng: RngKind::Xoshiro256pp,
        mode,
        target: Target::Page,
        layout,
        present: present(),
        lookups: 5_000,
        seed: 11,
        order_seed: 12,
        displaced_bytes: 1 << 12,
        restoring: 0,
        descriptors: &[],
    }
}

/// A batch that was run: who ran it, how many lookups, from which seed.
type Log = Rc<RefCell<Vec<(&'static str, u64, u64)>>>;

struct Fake {
    name: &'static str,
    walk: Option<Vec<Run>>,
    single: Answer,
    by_address: Answer,
    in_batches: Answer,
    check: Result<(), String>,
    index_bytes: u64,
    log: Log,
}

impl Fake {
    fn right(name: &'static str) -> Self {
        Self {
            name,
            walk: Some(runs()),
            single: right,
            by_address: right,
            in_batches: right,
            check: Ok(()),
            index_bytes: 0,
            log: Log::default(),
        }
    }
}

struct By(Answer);

impl Lookup for By {
    fn answer(&self, pfn: Pfn) -> u64 {
        (self.0)(pfn)
    }
}

impl Subject for Fake {
    fn run(&self, batch: &Batch<'_>) -> Timed {
        self.log.borrow_mut().push((self.name, batch.lookups, batch.seed));
        batch.run(&By(self.in_batches))
    }

    fn run_twin(&self, batch: &Batch<'_>) -> Timed {
        self.log.borrow_mut().push(("second copy", batch.lookups, batch.seed));
        batch.run(&Twin(By(self.in_batches)))
    }

    fn answer(&self, _: Target, pfn: Pfn) -> u64 {
        (self.single)(pfn)
    }

    fn answer_by_address(&self, pfn: Pfn) -> Option<u64> {
        Some((self.by_address)(pfn))
    }

    fn walk(&self, _: Target) -> Result<Vec<Run>, NoRuns> {
        self.walk.clone().ok_or(NoRuns::NoDescriptors)
    }

    fn check(&self) -> Result<(), String> {
        self.check.clone()
    }

    fn facts(&self) -> Facts {
        Facts {
            built_by: BuiltBy::Final,
            build_s: 0.0,
            bytes_total: Some(self.index_bytes),
            index_bytes: Some(self.index_bytes),
            segments: 2,
            frames: 2,
        }
    }
}

fn prepare(fakes: Vec<Fake>) -> Result<Bench, MeasureError> {
    let (layout, segments) = (layout(), segments());
    let plan = Plan { layout: &layout, segments: &segments };
    let tables = fakes.into_iter().map(|fake| (fake.name, Ok(Box::new(fake) as Box<dyn Subject>)));
    Bench::prepare(&plan, tables, &[Target::Page])
}

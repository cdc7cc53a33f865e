//! What the benches share: tables built from the harness's layouts, batches of its workloads.
//!
//! The benches time the same loops as the harness; what they add is criterion's own sampling, a
//! second opinion that owes nothing to the harness's statistics.

#![forbid(unsafe_code)]

use std::sync::Arc;

use bench_harness::layout::build::{Build, Built, Plan};
use bench_harness::layout::{self, Layout};
use bench_harness::measure::{Batch, Mode, Target};
use bench_harness::workload::{Present, RngKind, WorkloadKind};
use physseg::FrameRange;
use physseg::backend::Backend;

/// A shipped layout and what remains of it.
#[derive(Debug)]
pub struct Scene {
    /// The layout.
    pub layout: Layout,
    /// Its segments in the end.
    pub segments: Arc<Vec<FrameRange>>,
    /// The same, as workloads draw from it.
    pub present: Present,
}

impl Scene {
    /// The layout called `name`.
    ///
    /// # Panics
    /// If it is not shipped: a bench is no place to go on without it.
    pub fn named(name: &str) -> Self {
        let layout = layout::open(name).expect("a shipped layout");
        let segments = Arc::new(layout.final_segments().expect("shipped layouts are checked"));
        let present = Present::new(Arc::clone(&segments), layout.lookups.range);
        Self { layout, segments, present }
    }

    /// The layout built with a backend, step by step where the backend can.
    ///
    /// # Panics
    /// If the backend cannot hold it.
    pub fn build<B: Backend>(&self, backend: impl Fn(usize) -> B) -> Built<B> {
        let plan = Plan { layout: &self.layout, segments: &self.segments };
        plan.build(Build::Auto, backend).expect("a backend that holds the layout")
    }

    /// A batch of uniform lookups over the layout's range.
    pub fn batch(&self, mode: Mode, target: Target, lookups: u64) -> Batch<'_> {
        Batch {
            workload: WorkloadKind::Uniform,
            rng: RngKind::Xoshiro256pp,
            mode,
            target,
            layout: &self.layout,
            present: &self.present,
            lookups,
            seed: 1,
            order_seed: 1,
            displaced_bytes: 0,
            restoring: 0,
            descriptors: &[],
        }
    }
}

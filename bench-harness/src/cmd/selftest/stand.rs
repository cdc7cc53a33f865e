//! What a scenario is measured on: the backend, and beside it itself or its twin.

use std::sync::Arc;

use super::scenario::{Against, Scenario};
use crate::cmd::Failure;
use crate::layout::{Layout, build};
use crate::measure::beacon::{self, Doing};
use crate::measure::{Batch, Bench, Clockwork, Mode, Target, lookups_for};
use crate::registry::{ArrayCapacity, Entry, Options};
use crate::workload::{Present, RngKind, WorkloadKind};

/// The bench of a scenario.
pub(super) struct Stand<'a> {
    pub bench: Bench,
    pub layout: &'a Layout,
    present: Present,
    /// Lookups a batch, as billed.
    pub lookups: u64,
    /// The core that is measured on, if it is known.
    pub core: Option<u32>,
}

impl<'a> Stand<'a> {
    /// Builds and checks the tables.
    ///
    /// # Errors
    /// A backend that cannot do the layout; a wrong answer.
    pub(super) fn new(
        backend: &'static Entry,
        layout: &'a Layout,
        scenario: &Scenario,
        clock: Clockwork,
        core: Option<u32>,
    ) -> Result<Self, Failure> {
        beacon::on(0); // the only one
        let segments = Arc::new(layout.final_segments().map_err(Failure::input)?);
        let plan = build::Plan { layout, segments: &segments };
        let options = Options { array_capacity: ArrayCapacity::OfLayout, ..Options::default() };
        let twin = scenario.against == Against::Twin;
        let tables = (0..if twin { 2 } else { 1 }).map(|copy| {
            let name = if copy == 0 { backend.name } else { "twin" };
            beacon::begin(backend.name, Doing::Build);
            (name, backend.build(&plan, options))
        });
        let mut bench = Bench::prepare(&plan, tables, &[Target::Page]).map_err(Failure::running)?;
        if let Some(reason) = bench.unsupported(backend.name, Target::Page) {
            let name = backend.name;
            return Err(Failure::input(anyhow::anyhow!(
                "--backend: `{name}` cannot do layout `{}` ({reason}); choose another of either",
                layout.name
            )));
        }
        if twin {
            bench.make_last_twin();
        } else {
            bench.copy_last("itself", scenario.against.extra());
        }
        let mut stand = Self {
            bench,
            layout,
            present: Present::new(Arc::clone(&segments), layout.lookups.range),
            lookups: 0,
            core,
        };
        stand.lookups = lookups_for(clock, |lookups, which| stand.trial_ns(lookups, which));
        Ok(stand)
    }

    /// How long the backend takes for a batch of so many lookups, in nanoseconds.
    fn trial_ns(&self, lookups: u64, which: u32) -> u64 {
        let batch = Batch { lookups, ..self.batch(u64::from(which), 0) };
        self.bench.time_first(&batch).map_or(0, |timed| timed.elapsed_ns)
    }

    /// A batch of a round.
    pub(super) fn batch(&self, seed: u64, order_seed: u64) -> Batch<'_> {
        Batch {
            workload: WorkloadKind::Uniform,
            rng: RngKind::Xoshiro256pp,
            mode: Mode::Inline,
            target: Target::Page,
            layout: self.layout,
            present: &self.present,
            lookups: self.lookups,
            seed,
            order_seed,
            displaced_bytes: 0, // nothing is cold
            restoring: 0,
            descriptors: &[],
        }
    }
}

//! What a run is to measure, settled before anything is built or written.

use std::time::Duration;

use physseg::FrameRange;
use serde_json::{Value, json};

use super::steps;
use crate::cmd::Failure;
use crate::layout::Layout;
use crate::layout::build::Build;
use crate::measure::{Batch, Mode, Target, order_seed, round_seed};
use crate::record::{Configuration, Judging};
use crate::registry::{ArrayCapacity, Entry};
use crate::workload::{self, RngKind, WorkloadKind};

/// A whole run.
#[derive(Debug)]
pub(in crate::cmd) struct Plan {
    pub backends: Vec<&'static Entry>,
    pub reference: &'static Entry,
    pub workload: WorkloadKind,
    pub mode: Mode,
    pub target: Target,
    pub rng: RngKind,
    pub seed: u64,
    pub build: Build,
    pub parts: Vec<Part>,
}

/// One layout of a run.
#[derive(Debug)]
pub(in crate::cmd) struct Part {
    pub layout: Layout,
    /// What remains of the layout in the end.
    pub segments: Vec<FrameRange>,
    pub array_capacity: ArrayCapacity,
    /// Batches: how many lookups, how often.
    pub batches: Vec<(u64, Rounds)>,
}

/// How many rounds a batch gets.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::cmd) enum Rounds {
    /// This many.
    Fixed(u32),
    /// Until the 95 % interval of every gross change is at most this wide to either side (as a
    /// fraction), or the time is spent.
    Until { half_width: f64, at_least: u32, at_most: u32, time: Duration },
}

impl Rounds {
    /// The most there can be.
    pub(in crate::cmd) fn at_most(self) -> u32 {
        match self {
            Self::Fixed(rounds) => rounds,
            Self::Until { at_most, .. } => at_most,
        }
    }
}

impl Part {
    /// A layout of a run, checked.
    ///
    /// # Errors
    /// What is wrong with the layout.
    pub(in crate::cmd) fn new(
        layout: Layout,
        array_capacity: ArrayCapacity,
        batches: Vec<(u64, Rounds)>,
    ) -> Result<Self, Failure> {
        let segments = layout.final_segments().map_err(Failure::input)?;
        Ok(Self { layout, segments, array_capacity, batches })
    }
}

impl Plan {
    /// Checks what the parts cannot check alone.
    ///
    /// # Errors
    /// The flag that is wrong, and the way out.
    pub(in crate::cmd) fn check(&self) -> Result<(), Failure> {
        let input = |message: String| Err(Failure::input(anyhow::anyhow!(message)));
        for (index, entry) in self.backends.iter().enumerate() {
            if self.backends[..index].iter().any(|earlier| earlier.name == entry.name) {
                return input(format!("--backends: `{}` is given twice", entry.name));
            }
        }
        if !self.backends.iter().any(|entry| entry.name == self.reference.name) {
            return input(format!(
                "--reference: `{}` is not among the backends compared; add it to --backends",
                self.reference.name
            ));
        }
        for (index, part) in self.parts.iter().enumerate() {
            let name = &part.layout.name;
            if self.parts[..index].iter().any(|earlier| earlier.layout.name == *name) {
                return input(format!(
                    "--layout: two layouts are called `{name}`; results are filed by that name, \
                     so give one of them another"
                ));
            }
            workload::check(self.workload, self.rng, &part.layout).map_err(Failure::input)?;
        }
        Ok(())
    }

    /// How changes are judged.
    pub(in crate::cmd) fn judging(&self) -> Judging<'static> {
        Judging::against(self.reference.name)
    }

    /// The batch of round `round`.
    pub(in crate::cmd) fn batch<'a>(&self, part: &'a Part, lookups: u64, round: u32) -> Batch<'a> {
        Batch {
            workload: self.workload,
            rng: self.rng,
            mode: self.mode,
            target: self.target,
            layout: &part.layout,
            lookups,
            seed: round_seed(self.seed, round),
            order_seed: order_seed(self.seed, &part.layout.name, lookups),
        }
    }

    /// Under which heading samples of a batch are filed.
    pub(in crate::cmd) fn configuration(&self, part: &Part, lookups: u64) -> Configuration {
        Configuration {
            layout: part.layout.name.clone(),
            workload: self.workload.as_str().to_owned(),
            mode: self.mode.as_str().to_owned(),
            target: self.target.as_str().to_owned(),
            rng: self.rng.as_str().to_owned(),
            lookups,
        }
    }

    /// How many rounds a batch gets; none if it is not of this plan.
    pub(in crate::cmd) fn rounds(&self, configuration: &Configuration) -> Rounds {
        let mut parts = self.parts.iter();
        let part = parts.find(|part| part.layout.name == configuration.layout);
        let mut batches = part.into_iter().flat_map(|part| &part.batches);
        batches
            .find(|(lookups, _)| *lookups == configuration.lookups)
            .map_or(Rounds::Fixed(0), |&(_, rounds)| rounds)
    }

    /// The plan as recorded, so that a resumed run is held to it. Layouts are recorded by what
    /// they amount to, not by file: an edited layout is another layout.
    pub(in crate::cmd) fn to_json(&self) -> Value {
        let layouts: Vec<Value> = self.parts.iter().map(Part::to_json).collect();
        json!({
            "backends": self.backends.iter().map(|entry| entry.name).collect::<Vec<_>>(),
            "reference": self.reference.name,
            "workload": self.workload.as_str(),
            "mode": self.mode.as_str(),
            "target": self.target.as_str(),
            "rng": self.rng.as_str(),
            "seed": self.seed,
            "build": format!("{:?}", self.build).to_lowercase(),
            "layouts": layouts,
        })
    }
}

impl Part {
    fn to_json(&self) -> Value {
        let range = self.layout.lookups.range;
        let frames: u64 = self.segments.iter().map(|segment| segment.frames()).sum();
        let batches: Vec<Value> = self
            .batches
            .iter()
            .map(|(lookups, rounds)| match rounds {
                Rounds::Fixed(rounds) => json!({ "lookups": lookups, "rounds": rounds }),
                Rounds::Until { half_width, at_least, at_most, time } => json!({
                    "lookups": lookups,
                    "half_width_pct": half_width * 100.0,
                    "rounds_at_least": at_least,
                    "rounds_at_most": at_most,
                    "time_s": time.as_secs_f64(),
                }),
            })
            .collect();
        let mut part = json!({
            "name": self.layout.name,
            "segments": self.segments.len(),
            "frames": frames,
            "digest": steps::digest(&self.layout, &self.segments),
            "lookups_start": range.start().get(),
            "lookups_end": range.end().get(),
            "fold_below": self.layout.lookups.fold_below.map(physseg::Pfn::get),
            "page_size": self.layout.page_size.bytes(),
            "physseg_max": self.layout.physseg_max,
            "array_capacity": match self.array_capacity {
                ArrayCapacity::OfLayout => json!(self.layout.physseg_max),
                ArrayCapacity::Segments(capacity) => json!(capacity),
                ArrayCapacity::Unlimited => json!("unlimited"),
            },
            "batches": batches,
        });
        if let Some(steps) = steps::recorded(&self.layout) {
            part["steps"] = steps;
        }
        part
    }
}

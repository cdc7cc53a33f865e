//! What a run is to measure, settled before anything is built or written.

use std::time::Duration;

use physseg::FrameRange;
use serde_json::{Value, json};

use super::rounds::Rounds;
use super::steps;
use super::width::percent;
use crate::cmd::Failure;
use crate::layout::Layout;
use crate::layout::build::Build;
use crate::measure::{Batch, Mode, Target, order_seed, round_seed};
use crate::record::{Configuration, Judging};
use crate::registry::{ArrayCapacity, Entry};
use crate::stats::Unit;
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
    /// How many processes measure it, one after the other.
    pub processes: u32,
    /// Changes within this fraction count as the same.
    pub equivalence: f64,
    /// What the whole run may take.
    pub time: Option<Duration>,
    pub parts: Vec<Part>,
}

/// One layout of a run.
#[derive(Debug)]
pub(in crate::cmd) struct Part {
    pub layout: Layout,
    /// What remains of the layout in the end.
    pub segments: Vec<FrameRange>,
    pub array_capacity: ArrayCapacity,
    /// Batches: how many lookups, how often. In ascending order, each number once.
    pub batches: Vec<(u64, Rounds)>,
    /// A batch whose number of lookups the timer decides. Once it has, it stands among the others.
    pub auto: Option<Rounds>,
    /// What the timer decided.
    pub auto_lookups: Option<u64>,
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
        Ok(Self { layout, segments, array_capacity, batches, auto: None, auto_lookups: None })
    }

    /// The same with one more batch, of as many lookups as suit the timer.
    pub(in crate::cmd) fn with_auto(self, rounds: Rounds) -> Self {
        Self { auto: Some(rounds), ..self }
    }

    /// Settles how many lookups suit the timer; a batch of just as many is not measured twice.
    pub(in crate::cmd) fn settle(&mut self, lookups: u64) {
        let Some(rounds) = self.auto.take() else { return };
        self.auto_lookups = Some(lookups);
        if !self.batches.iter().any(|&(count, _)| count == lookups) {
            self.batches.push((lookups, rounds));
            self.batches.sort_by_key(|&(count, _)| count);
        }
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
        let unit = if self.processes > 1 { Unit::Processes } else { Unit::Rounds };
        Judging { reference: self.reference.name, equivalence: self.equivalence, unit }
    }

    /// The batch of round `round` in process `process`. Each of several processes has rounds of its
    /// own, so it has addresses and orders of its own; a run in one process goes on counting when it
    /// is resumed.
    pub(in crate::cmd) fn batch<'a>(
        &self,
        part: &'a Part,
        lookups: u64,
        process: u32,
        round: u32,
    ) -> Batch<'a> {
        let seed = match process {
            0 => self.seed,
            _ if self.processes == 1 => self.seed,
            _ => round_seed(!self.seed, process),
        };
        Batch {
            workload: self.workload,
            rng: self.rng,
            mode: self.mode,
            target: self.target,
            layout: &part.layout,
            lookups,
            seed: round_seed(seed, round),
            order_seed: order_seed(seed, &part.layout.name, lookups),
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

    /// Settles what the timer decides as the recorded plan has it, for a run that goes on and for the
    /// other processes of a run. What is not in there stays unsettled.
    pub(in crate::cmd) fn settle_as(&mut self, recorded: &Value) {
        let layouts = recorded.get("layouts").and_then(Value::as_array).into_iter().flatten();
        for (part, layout) in self.parts.iter_mut().zip(layouts) {
            let batches = layout.get("batches").and_then(Value::as_array).into_iter().flatten();
            let auto = batches.clone().find(|batch| batch.get("auto").is_some());
            if let Some(lookups) = auto.and_then(|batch| batch.get("lookups")?.as_u64()) {
                part.settle(lookups);
            }
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
            "processes": self.processes,
            "equivalence_pct": percent(self.equivalence),
            "max_time_s": self.time.map(|time| time.as_secs_f64()),
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
            .map(|&(lookups, rounds)| {
                let mut batch = rounds.to_json();
                batch["lookups"] = json!(lookups);
                if self.auto_lookups == Some(lookups) {
                    batch["auto"] = json!(true);
                }
                batch
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

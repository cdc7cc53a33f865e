//! What is to be measured, settled and checked before anything is written.

use anyhow::{Context, anyhow};
use physseg::FrameRange;

use crate::cli::Churn;
use crate::cmd::{Failure, session};
use crate::layout::{self, Layout, build};
use crate::measure::churn::Scenario;
use crate::registry::Entry;

/// The plan.
pub(super) struct Plan {
    pub backends: Vec<&'static Entry>,
    /// What the others are compared to; `None` for the first that can do a scenario.
    pub reference: Option<&'static str>,
    pub layouts: Vec<Part>,
    pub scenarios: Vec<Scenario>,
    pub rounds: u32,
    pub seed: u64,
    pub equivalence_pct: f64,
}

/// A layout, and what it comes to.
pub(super) struct Part {
    pub layout: Layout,
    segments: Vec<FrameRange>,
}

impl Part {
    pub(super) fn plan(&self) -> build::Plan<'_> {
        build::Plan { layout: &self.layout, segments: &self.segments }
    }

    fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "name": self.layout.name,
            "digest": session::digest(&self.layout, &self.segments),
        })
    }
}

impl Plan {
    /// # Errors
    /// A backend or a layout named twice, a reference that is not among the backends, a layout that
    /// cannot be read.
    pub(super) fn new(args: &Churn) -> Result<Self, Failure> {
        let names: Vec<&str> = args.backends.iter().map(|entry| entry.name).collect();
        if let Some(twice) = repeated(&names) {
            return Err(Failure::input(anyhow!("--backends: `{twice}` is named twice")));
        }
        if let Some(entry) = args.backends.iter().find(|entry| entry.plugin_file().is_some()) {
            return Err(Failure::input(anyhow!(
                "--backends: `{}` is a plugin, whose plug and unplug are not measured; leave it out. What finding \
                 costs in it `compare` measures, and `plugin check` tries its plug and unplug",
                entry.name
            )));
        }
        if let Some(entry) = args.backends.iter().find(|entry| entry.churn().is_none()) {
            return Err(Failure::input(anyhow!(
                "--backends: `{}` has no table that could be plugged; leave it out",
                entry.name
            )));
        }
        let reference = args.reference.map(|entry| entry.name);
        if let Some(name) = reference.filter(|name| !names.contains(name)) {
            return Err(Failure::input(anyhow!(
                "--reference: `{name}` is not among --backends; add it there"
            )));
        }
        let mut layouts = Vec::with_capacity(args.layouts.len());
        for name in &args.layouts {
            let layout = layout::open(name).context("--layout").map_err(Failure::input)?;
            let segments = layout.final_segments().map_err(Failure::input)?;
            layouts.push(Part { layout, segments });
        }
        let known: Vec<&str> = layouts.iter().map(|part| part.layout.name.as_str()).collect();
        if let Some(twice) = repeated(&known) {
            return Err(Failure::input(anyhow!("--layout: two layouts are called `{twice}`")));
        }
        let mut scenarios = args.scenarios.clone();
        scenarios.sort_unstable();
        scenarios.dedup();
        Ok(Self {
            backends: args.backends.clone(),
            reference,
            layouts,
            scenarios: if scenarios.is_empty() { Scenario::ALL.to_vec() } else { scenarios },
            rounds: args.runs,
            seed: args.seed,
            equivalence_pct: args.equivalence,
        })
    }

    /// As environment.json holds it.
    pub(super) fn to_json(&self) -> serde_json::Value {
        let names =
            |all: &mut dyn Iterator<Item = &str>| all.map(str::to_owned).collect::<Vec<String>>();
        serde_json::json!({
            "scenarios": names(&mut self.scenarios.iter().map(|scenario| scenario.as_str())),
            "backends": names(&mut self.backends.iter().map(|entry| entry.name)),
            "reference": self.reference,
            "layouts": self.layouts.iter().map(Part::to_json).collect::<Vec<_>>(),
            "rounds": self.rounds,
            "seed": self.seed,
            "equivalence_pct": self.equivalence_pct,
        })
    }
}

fn repeated<'a>(names: &[&'a str]) -> Option<&'a str> {
    names
        .iter()
        .enumerate()
        .find(|(index, name)| names[..*index].contains(name))
        .map(|(_, name)| *name)
}

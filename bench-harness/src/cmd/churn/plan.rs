//! What is to be measured, settled and checked before anything is written.

use std::time::Duration;

use anyhow::{Context, anyhow};
use physseg::FrameRange;

use crate::cli::Churn;
use crate::cmd::session::Barred;
use crate::cmd::session::libraries;
use crate::cmd::session::supervised::Watched;
use crate::cmd::{Failure, session};
use crate::layout::{self, Layout, build};
use crate::measure::churn::{BUILD_MAX, Scenario};
use crate::registry::{self, Entry};

/// How long a plugin may go without a sign of life, unless `--patience` says otherwise: a table that is built gives
/// none, and may take as long as [`BUILD_MAX`] when it is tried.
const PATIENCE: Duration = BUILD_MAX.saturating_mul(3);

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
    /// How long a plugin may go without a sign of life, if not as long as usual; no part of what is recorded.
    pub patience: Option<Duration>,
    /// Backends that failed, and are left out; no part of what was asked for.
    pub barred: Vec<Barred>,
    /// What is worth saying before anything is measured; no part of what is recorded.
    pub notes: Vec<String>,
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
        if let Some(entry) = args.backends.iter().find(|entry| !entry.has_table()) {
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
        let (backends, notes) = with_cost_of_calls(&args.backends)?;
        Ok(Self {
            backends,
            reference,
            layouts,
            scenarios: if scenarios.is_empty() { Scenario::ALL.to_vec() } else { scenarios },
            rounds: args.runs,
            seed: args.seed,
            equivalence_pct: args.equivalence,
            patience: args.patience,
            barred: Vec::new(),
            notes,
        })
    }

    /// As environment.json holds it.
    pub(super) fn to_json(&self) -> serde_json::Value {
        let names =
            |all: &mut dyn Iterator<Item = &str>| all.map(str::to_owned).collect::<Vec<String>>();
        let mut plan = serde_json::json!({
            "scenarios": names(&mut self.scenarios.iter().map(|scenario| scenario.as_str())),
            "backends": names(&mut self.backends.iter().map(|entry| entry.name)),
            "reference": self.reference,
            "layouts": self.layouts.iter().map(Part::to_json).collect::<Vec<_>>(),
            "rounds": self.rounds,
            "seed": self.seed,
            "equivalence_pct": self.equivalence_pct,
        });
        // Only where there are any: other plans are recorded as they always were.
        let plugins = libraries::to_json(&self.backends);
        if !plugins.is_empty() {
            plan["plugins"] = serde_json::json!(plugins);
        }
        plan
    }

    /// Who may be in charge of the process that measures.
    pub(super) fn watched(&self) -> Watched {
        Watched {
            backends: self.backends.clone(),
            layouts: self.layouts.iter().map(|part| part.layout.name.clone()).collect(),
            patience: self.patience,
            usual: PATIENCE,
        }
    }

    /// How a backend failed that is left out since.
    pub(super) fn barred(&self, name: &str) -> Option<&Barred> {
        self.barred.iter().find(|barred| barred.backend == name)
    }
}

/// The backends, and behind them what shows the cost of calling the plugins among them, with a note if it was not
/// asked for. Plugging has one way of calling alone, so there is one of it.
fn with_cost_of_calls(
    asked: &[&'static Entry],
) -> Result<(Vec<&'static Entry>, Vec<String>), Failure> {
    let mut all = asked.to_vec();
    let is_called = asked.iter().any(|entry| entry.cost_of_calls().is_some());
    if !is_called || asked.iter().any(|entry| entry.shows_cost_of_calls()) {
        return Ok((all, Vec::new()));
    }
    let null = registry::find("abi:null").map_err(Failure::running)?;
    all.push(null);
    Ok((all, vec![format!("{} takes part: what plugins' calls cost", null.name)]))
}

fn repeated<'a>(names: &[&'a str]) -> Option<&'a str> {
    names
        .iter()
        .enumerate()
        .find(|(index, name)| names[..*index].contains(name))
        .map(|(_, name)| *name)
}

//! What a run is to measure, settled before anything is built or written.

use std::time::Duration;

use serde_json::{Value, json};

use super::barred::Barred;
use super::libraries;
use super::part::Part;
use super::question::{Planned, Question};
use super::rounds::Rounds;
use super::supervised::Watched;
use super::width::percent;
use crate::cmd::Failure;
use crate::layout::build::{self, Build, BuildError};
use crate::measure::beacon::{self, Doing};
use crate::measure::{Batch, Outcome, order_seed, round_seed};
use crate::record::{Configuration, Judging};
use crate::registry::{Entry, Options};
use crate::stats::Unit;
use crate::workload::{self, RngKind, WorkloadKind};

/// How long a plugin may go without a sign of life, unless `--patience` says otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

/// A whole run.
#[derive(Debug)]
pub(in crate::cmd) struct Plan {
    pub backends: Vec<&'static Entry>,
    pub reference: &'static Entry,
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
    /// How long a plugin may go without a sign of life, if not as long as usual; no part of what is recorded.
    pub patience: Option<Duration>,
    /// Backends that failed, and are left out; no part of what was asked for.
    pub barred: Vec<Barred>,
    /// What is worth saying before anything is measured; no part of what is recorded.
    pub notes: Vec<String>,
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
            for question in &part.questions {
                question.check().map_err(Failure::input)?;
                workload::check(question.workload, self.rng, &part.layout, &part.present)
                    .map_err(Failure::input)?;
            }
        }
        Ok(())
    }

    /// Whether foreign code is measured, which has to be watched.
    pub(in crate::cmd) fn has_plugins(&self) -> bool {
        self.watched().has_plugins()
    }

    /// How a backend failed that is left out since.
    pub(in crate::cmd) fn barred(&self, name: &str) -> Option<&Barred> {
        self.barred.iter().find(|barred| barred.backend == name)
    }

    /// Who may be in charge of a process that measures it.
    pub(in crate::cmd) fn watched(&self) -> Watched {
        Watched {
            backends: self.backends.clone(),
            layouts: self.parts.iter().map(|part| part.layout.name.clone()).collect(),
            patience: self.patience,
            usual: PATIENCE,
        }
    }

    /// A table of `entry` on the layout of `part`, or why there is none. A backend that is left out is not
    /// touched.
    ///
    /// # Errors
    /// [`BuildError`].
    pub(in crate::cmd) fn table(&self, entry: &Entry, part: &Part) -> Outcome {
        if let Some(barred) = self.barred(entry.name) {
            return Err(BuildError::Unsupported(barred.why.clone()));
        }
        beacon::begin(entry.name, Doing::Build);
        let options = Options { build: self.build, array_capacity: part.array_capacity };
        let plan = build::Plan { layout: &part.layout, segments: &part.segments };
        entry.build(&plan, options)
    }

    /// What is asked of any layout, in the order of asking.
    pub(in crate::cmd) fn questions(&self) -> Vec<Question> {
        let mut all = Vec::new();
        for &question in self.parts.iter().flat_map(|part| &part.questions) {
            if !all.contains(&question) {
                all.push(question);
            }
        }
        all
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
        question: Question,
        lookups: u64,
        (process, round): (u32, u32),
    ) -> Batch<'a> {
        let seed = match process {
            0 => self.seed,
            _ if self.processes == 1 => self.seed,
            _ => round_seed(!self.seed, process),
        };
        // Other orders for other questions; the addresses are the same where the workload is.
        let what = format!("{} {}", part.layout.name, question.names().join(" "));
        Batch {
            workload: question.workload,
            rng: self.rng,
            mode: question.mode,
            target: question.target,
            layout: &part.layout,
            present: &part.present,
            lookups,
            seed: round_seed(seed, round),
            order_seed: order_seed(seed, &what, lookups),
            displaced_bytes: part.displaced_bytes,
            restoring: 0,
            descriptors: &[],
        }
    }

    /// Under which heading samples of a batch are filed.
    pub(in crate::cmd) fn configuration(
        &self,
        part: &Part,
        question: Question,
        lookups: u64,
    ) -> Configuration {
        let [workload, mode, target] = question.names();
        Configuration {
            layout: part.layout.name.clone(),
            workload,
            mode,
            target,
            rng: self.rng.as_str().to_owned(),
            lookups,
        }
    }

    /// All batches of the run, with the headings that they are filed under.
    pub(in crate::cmd) fn configurations(
        &self,
    ) -> impl Iterator<Item = (Configuration, &Planned)> + '_ {
        self.parts.iter().flat_map(move |part| {
            part.batches.iter().map(move |planned| {
                (self.configuration(part, planned.question, planned.lookups), planned)
            })
        })
    }

    /// Settles what the timer decides as the recorded plan has it, for a run that goes on and for the
    /// other processes of a run. What is not in there stays unsettled.
    pub(in crate::cmd) fn settle_as(&mut self, recorded: &Value) {
        let layouts = recorded.get("layouts").and_then(Value::as_array).into_iter().flatten();
        for (part, layout) in self.parts.iter_mut().zip(layouts) {
            let batches = layout.get("batches").and_then(Value::as_array).into_iter().flatten();
            for batch in batches.filter(|batch| batch.get("auto").is_some()) {
                let is_of = |question: &Question| {
                    let keys = ["workload", "mode", "target"].into_iter().zip(question.names());
                    // Of a run with a single question its batches do not repeat it.
                    keys.into_iter().all(|(key, name)| {
                        batch.get(key).is_none_or(|recorded| *recorded == json!(name))
                    })
                };
                let question = part.auto.iter().map(|&(question, _)| question).find(is_of);
                let lookups = batch.get("lookups").and_then(Value::as_u64);
                if let Some((question, lookups)) = question.zip(lookups) {
                    part.settle(question, lookups);
                }
            }
        }
    }

    /// How many rounds a batch gets; none if it is not of this plan.
    pub(in crate::cmd) fn rounds(&self, configuration: &Configuration) -> Rounds {
        let mut all = self.configurations();
        all.find(|(of, _)| of == configuration)
            .map_or(Rounds::Fixed(0), |(_, planned)| planned.rounds)
    }

    /// The plan as recorded, so that a resumed run is held to it. Layouts are recorded by what
    /// they amount to, not by file: an edited layout is another layout.
    pub(in crate::cmd) fn to_json(&self) -> Value {
        let questions = self.questions();
        let several = questions.len() > 1;
        let layouts: Vec<Value> = self.parts.iter().map(|part| part.to_json(several)).collect();
        let names = |which: usize| {
            let mut names: Vec<String> = Vec::new();
            for name in questions.iter().map(|question| question.names()[which].clone()) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            if names.len() == 1 { json!(names[0]) } else { json!(names) }
        };
        let mut plan = json!({
            "backends": self.backends.iter().map(|entry| entry.name).collect::<Vec<_>>(),
            "reference": self.reference.name,
            "workload": names(0),
            "mode": names(1),
            "target": names(2),
            "rng": self.rng.as_str(),
            "seed": self.seed,
            "build": format!("{:?}", self.build).to_lowercase(),
            "processes": self.processes,
            "equivalence_pct": percent(self.equivalence),
            "max_time_s": self.time.map(|time| time.as_secs_f64()),
            "layouts": layouts,
        });
        // Only where there are any: other plans are recorded as they always were.
        let recordings = recordings(&questions);
        if !recordings.is_empty() {
            plan["recordings"] = json!(recordings);
        }
        let plugins = libraries::to_json(&self.backends);
        if !plugins.is_empty() {
            plan["plugins"] = json!(plugins);
        }
        plan
    }
}

/// The recordings that are replayed, by what they hold: a file of the same name may be another.
fn recordings(questions: &[Question]) -> Vec<Value> {
    let mut all = Vec::new();
    for question in questions {
        let WorkloadKind::Recorded(what) = question.workload else { continue };
        let recording = what.recording();
        let one = json!({
            "workload": question.workload.to_string(),
            "name": recording.head.name,
            "addresses": recording.pfns.len(),
            "checksum": format!("{:08x}", recording.checksum),
        });
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

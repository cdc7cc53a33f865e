//! From environment.json back to a plan, so that a recorded run can be measured anew.
//!
//! The inverse of `Plan::to_json`. A layout is opened by name where it comes with the program, made
//! from the recorded steps where it was the user's, and in both cases held against the digest that
//! was recorded: measuring something else under the same name would be worse than not measuring.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, anyhow};
use physseg::{FrameRange, PageSize, Pfn};
use serde::Deserialize;
use serde_json::Value;

use crate::cmd::Failure;
use crate::cmd::session::{Limits, Part, Plan, Planned, Question, Rounds};
use crate::layout::build::Build;
use crate::layout::{self, Every, Layout, LookupRange, Origin, Step, StepKind, THIS_MACHINE};
use crate::names::UnknownName;
use crate::registry::{self, ArrayCapacity};
use crate::stats::EQUIVALENCE_FRACTION;

/// The most lookups in a batch, as on the command line.
const LOOKUPS_MAX: u64 = 10_000_000_000_000;

#[derive(Deserialize)]
struct RecordedPlan {
    backends: Vec<String>,
    reference: String,
    workload: OneOrMany,
    mode: OneOrMany,
    target: OneOrMany,
    rng: String,
    seed: u64,
    build: String,
    processes: Option<u32>,
    equivalence_pct: Option<f64>,
    max_time_s: Option<f64>,
    layouts: Vec<RecordedLayout>,
    #[serde(default)]
    recordings: Value,
}

/// Names: one as it is, several as a list.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
struct RecordedLayout {
    name: String,
    digest: String,
    lookups_start: u64,
    lookups_end: u64,
    fold_below: Option<u64>,
    page_size: u64,
    physseg_max: usize,
    array_capacity: Value,
    batches: Vec<RecordedBatch>,
    steps: Option<Vec<RecordedStep>>,
}

#[derive(Deserialize)]
struct RecordedBatch {
    lookups: u64,
    /// Where a run asks several questions, which of them.
    workload: Option<String>,
    mode: Option<String>,
    target: Option<String>,
    auto: Option<bool>,
    rounds: Option<u32>,
    half_width_pct: Option<f64>,
    rounds_at_least: Option<u32>,
    first_look_at: Option<u32>,
    rounds_at_most: Option<u32>,
    time_s: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RecordedStep {
    Load {
        start: u64,
        end: u64,
        split: Option<u64>,
    },
    Boot(bool),
    Plug {
        start: u64,
        end: u64,
    },
    Unplug {
        start: u64,
        end: u64,
        every: Option<u64>,
        frames: Option<(u64, u64)>,
        seed: Option<u64>,
    },
}

/// The plan in `recorded`, which stands in the file `place`.
///
/// # Errors
/// Bad input, naming the file: a plan that another version wrote, a backend that this program does not
/// have, a layout that cannot be had again as it was.
pub(in crate::cmd) fn plan(recorded: &Value, place: &Path) -> Result<Plan, Failure> {
    made(recorded, place)
        .with_context(|| format!("{}: plan", place.display()))
        .map_err(Failure::input)
}

fn made(recorded: &Value, place: &Path) -> anyhow::Result<Plan> {
    let raw = RecordedPlan::deserialize(recorded)
        .map_err(|error| anyhow!("{error}; was it recorded by another version of the program?"))?;
    let backends =
        raw.backends.iter().map(|name| registry::find(name)).collect::<Result<_, _>>()?;
    let parts = raw
        .layouts
        .iter()
        .map(|layout| {
            part(&raw, layout, place).with_context(|| format!("layout `{}`", layout.name))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let plan = Plan {
        backends,
        reference: registry::find(&raw.reference)?,
        rng: raw.rng.parse()?,
        seed: raw.seed,
        build: build(&raw.build)?,
        processes: raw.processes.unwrap_or(1),
        equivalence: raw.equivalence_pct.map_or(EQUIVALENCE_FRACTION, |percent| percent / 100.0),
        time: raw.max_time_s.map(Duration::try_from_secs_f64).transpose().context("max_time_s")?,
        parts,
        patience: None,
        barred: Vec::new(),
        notes: Vec::new(),
    };
    let again = plan.to_json();
    if again.get("recordings").unwrap_or(&Value::Null) != &raw.recordings {
        return Err(anyhow!(
            "recordings: {} measured, {} here: addresses of another file under the same name; restore the file, \
             or record the run anew",
            raw.recordings,
            again.get("recordings").unwrap_or(&Value::Null)
        ));
    }
    for (index, layout) in raw.layouts.iter().enumerate() {
        let digest = again["layouts"][index]["digest"].as_str().unwrap_or_default();
        if digest != layout.digest {
            return Err(other_contents(layout, digest));
        }
    }
    Ok(plan)
}

/// As `Plan::to_json` writes it: the value's own name in small letters.
fn build(word: &str) -> anyhow::Result<Build> {
    [Build::Auto, Build::Replay, Build::Final]
        .into_iter()
        .find(|build| format!("{build:?}").to_lowercase() == word)
        .ok_or_else(|| UnknownName::new("build", word, &["auto", "replay", "final"]).into())
}

fn part(plan: &RecordedPlan, raw: &RecordedLayout, place: &Path) -> anyhow::Result<Part> {
    let array_capacity = match &raw.array_capacity {
        Value::String(word) if word == "unlimited" => ArrayCapacity::Unlimited,
        other => match other.as_u64().and_then(|segments| usize::try_from(segments).ok()) {
            Some(segments) if segments == raw.physseg_max => ArrayCapacity::OfLayout,
            Some(segments) if segments > 0 => ArrayCapacity::Segments(segments),
            _ => return Err(anyhow!("array_capacity: expected a number from 1, or `unlimited`")),
        },
    };
    let batches =
        raw.batches.iter().map(|raw| batch(plan, raw)).collect::<anyhow::Result<Vec<_>>>()?;
    let part = Part::new(layout(raw, place)?, array_capacity);
    Ok(part.map_err(|failure| anyhow!("{failure}"))?.with(batches))
}

/// The question of a batch: the run's only one, unless it says which.
fn question(plan: &RecordedPlan, raw: &RecordedBatch) -> anyhow::Result<Question> {
    let name = |what: &str, own: &Option<String>, all: &OneOrMany| match (own, all) {
        (None, OneOrMany::One(own)) => Ok(own.clone()),
        (Some(own), OneOrMany::One(all)) if own == all => Ok(own.clone()),
        (Some(own), OneOrMany::Many(all)) if all.contains(own) => Ok(own.clone()),
        _ => {
            Err(anyhow!("{} lookups: {what}: expected one of those that the plan has", raw.lookups))
        }
    };
    let question = Question {
        workload: name("workload", &raw.workload, &plan.workload)?.parse()?,
        mode: name("mode", &raw.mode, &plan.mode)?.parse()?,
        target: name("target", &raw.target, &plan.target)?.parse()?,
    };
    question.check()?;
    Ok(question)
}

fn batch(plan: &RecordedPlan, raw: &RecordedBatch) -> anyhow::Result<Planned> {
    if !(1..=LOOKUPS_MAX).contains(&raw.lookups) {
        return Err(anyhow!("lookups: expected 1 to {LOOKUPS_MAX}, found {}", raw.lookups));
    }
    let rounds = match raw {
        RecordedBatch { rounds: Some(rounds @ 1..), .. } => Rounds::Fixed(*rounds),
        RecordedBatch { rounds: None, rounds_at_least: Some(at_least), .. } => {
            Rounds::Until(Limits {
                half_width: raw.half_width_pct.map(|percent| percent / 100.0),
                at_least: *at_least,
                look_from: raw.first_look_at,
                at_most: raw.rounds_at_most.unwrap_or(u32::MAX),
                time: raw.time_s.map(Duration::try_from_secs_f64).transpose().context("time_s")?,
            })
        }
        _ => {
            return Err(anyhow!("{} lookups: expected a number of rounds, or limits", raw.lookups));
        }
    };
    let auto = raw.auto.unwrap_or(false);
    Ok(Planned { question: question(plan, raw)?, lookups: raw.lookups, rounds, auto })
}

fn layout(raw: &RecordedLayout, place: &Path) -> anyhow::Result<Layout> {
    if raw.name == THIS_MACHINE {
        return Ok(layout::open(THIS_MACHINE)?);
    }
    let Some(steps) = &raw.steps else {
        if layout::shipped().any(|shipped| shipped.name == raw.name) {
            return Ok(layout::open(&raw.name)?);
        }
        return Err(anyhow!(
            "it does not come with this program, and its steps were too many to be recorded; \
             measure it with `compare --layout FILE`, then `compare --from`"
        ));
    };
    let layout = Layout {
        name: raw.name.clone(),
        description: String::new(),
        source: String::new(),
        page_size: PageSize::new(raw.page_size)
            .ok_or_else(|| anyhow!("page_size: {} is not a size of pages", raw.page_size))?,
        physseg_max: raw.physseg_max,
        steps: steps.iter().map(|raw| Ok(Step::from(step(raw)?))).collect::<anyhow::Result<_>>()?,
        lookups: LookupRange {
            range: range(raw.lookups_start, raw.lookups_end)?,
            fold_below: raw.fold_below.map(Pfn::new),
        },
        origin: Origin::Path(place.to_owned()),
    };
    layout.check()?;
    Ok(layout)
}

fn step(raw: &RecordedStep) -> anyhow::Result<StepKind> {
    Ok(match *raw {
        RecordedStep::Boot(true) => StepKind::Boot,
        RecordedStep::Boot(false) => return Err(anyhow!("`boot` is true or not there")),
        RecordedStep::Load { start, end, split } => {
            StepKind::Load { range: range(start, end)?, split }
        }
        RecordedStep::Plug { start, end } => StepKind::Plug { range: range(start, end)? },
        RecordedStep::Unplug { start, end, every, frames, seed } => StepKind::Unplug {
            range: range(start, end)?,
            every: match (every, frames, seed) {
                (None, None, None) => None,
                (Some(every), Some(frames), Some(seed)) => Some(Every { every, frames, seed }),
                _ => return Err(anyhow!("`every`, `frames` and `seed` go together")),
            },
        },
    })
}

fn range(start: u64, end: u64) -> anyhow::Result<FrameRange> {
    FrameRange::new(Pfn::new(start), Pfn::new(end))
        .ok_or_else(|| anyhow!("[{start}, {end}) holds no frames"))
}

fn other_contents(layout: &RecordedLayout, found: &str) -> anyhow::Error {
    let RecordedLayout { name, digest, .. } = layout;
    let why = if name == THIS_MACHINE {
        "the memory map of this machine is not the one that was recorded: check a run of this machine, \
         or record the map as a layout file"
    } else if layout.steps.is_some() {
        "the recorded steps do not lead to what was measured: the file was edited"
    } else {
        "the layout that comes with this program is not the one that was measured: use the version \
         that recorded the run, or record it anew"
    };
    anyhow!("layout `{name}`: digest {digest} recorded, {found} here: {why}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::plan;
    use crate::cmd::session::{Limits, Part, Plan, Question, Rounds};
    use crate::layout::build::Build;
    use crate::layout::{self, Origin};
    use crate::registry::{self, ArrayCapacity};

    /// A plan of two layouts, one of them the user's own, with every kind of step and of limit.
    fn recorded() -> Plan {
        let shipped = layout::open("paper-32x8").expect("shipped");
        let mut own = layout::open("frag-1mb").expect("shipped");
        own.name = "mine".to_owned();
        own.origin = Origin::Path("mine.toml".into());
        own.lookups.fold_below = Some(own.lookups.range.start());
        let limits = Rounds::Until(Limits {
            half_width: Some(0.25),
            at_least: 6,
            look_from: Some(12),
            at_most: 30,
            time: Some(Duration::from_millis(1_500)),
        });
        let question = Question {
            workload: "atf".parse().expect("known"),
            mode: "trace".parse().expect("known"),
            target: "handle".parse().expect("known"),
        };
        let part = |layout, capacity, batch| {
            Part::new(layout, capacity).expect("valid").with([question.of(batch)])
        };
        let backend = |name| registry::find(name).expect("known");
        Plan {
            backends: vec![backend("array"), backend("rbtree")],
            reference: backend("rbtree"),
            rng: "random3".parse().expect("known"),
            seed: u64::MAX,
            build: Build::Final,
            processes: 3,
            equivalence: 0.02,
            time: Some(Duration::from_secs(90)),
            parts: vec![
                part(shipped, ArrayCapacity::OfLayout, (100, Rounds::Fixed(2))),
                part(own.clone(), ArrayCapacity::Unlimited, (1_000, limits)),
                part(
                    layout::Layout { name: "small".to_owned(), ..own },
                    ArrayCapacity::Segments(7),
                    (1_000, Rounds::Fixed(1)),
                ),
            ],
            patience: None,
            barred: Vec::new(),
            notes: Vec::new(),
        }
    }

    #[track_caller]
    fn refused(recorded: &Value, says: &[&str]) {
        let why = plan(recorded, Path::new("run/environment.json")).expect_err("refused");
        assert_eq!(why.status(), 2);
        for part in ["run/environment.json: plan"].iter().chain(says) {
            assert!(why.to_string().contains(part), "`{part}` is not in: {why}");
        }
    }

    #[test]
    fn what_is_recorded_comes_back() {
        let json = recorded().to_json();
        let again = plan(&json, Path::new("run/environment.json")).expect("a plan");
        assert_eq!(again.to_json(), json);
        assert_eq!(again.parts[1].batches, recorded().parts[1].batches);
        assert_eq!(again.parts[1].layout.steps.len(), recorded().parts[1].layout.steps.len());
        for (again, before) in again.parts.iter().zip(recorded().parts) {
            assert_eq!(again.segments, before.segments);
            assert_eq!(again.array_capacity, before.array_capacity);
        }
    }

    #[test]
    fn several_questions_come_back_each_with_its_own_batches() {
        let mut before = recorded();
        let names = [("zipf:1.1", "cold:16", "touch"), ("misses", "chain", "page")];
        for (index, (workload, mode, target)) in names.into_iter().enumerate() {
            let question = Question {
                workload: workload.parse().expect("known"),
                mode: mode.parse().expect("known"),
                target: target.parse().expect("known"),
            };
            let part = before.parts.remove(index);
            let part = part.with([question.of((500, Rounds::Fixed(3)))]);
            let mut part = part.with_auto(question, Rounds::Fixed(4));
            part.settle(question, 160);
            before.parts.insert(index, part);
        }
        let json = before.to_json();
        assert_eq!(json["mode"], json!(["trace", "cold:16", "chain"]));
        let again = plan(&json, Path::new("run/environment.json")).expect("a plan");
        assert_eq!(again.to_json(), json);
        for (again, before) in again.parts.iter().zip(&before.parts) {
            assert_eq!(again.batches, before.batches);
            assert_eq!(again.questions, before.questions);
        }
        let edit = |edit: fn(&mut Value)| {
            let mut json = json.clone();
            edit(&mut json["layouts"][0]["batches"][0]);
            json
        };
        refused(&edit(|batch| batch["mode"] = json!("cold")), &["100 lookups: mode: expected one"]);
        refused(&edit(|batch| batch["mode"] = Value::Null), &["mode: expected one of those"]);
        let mut inline = recorded().to_json();
        inline["mode"] = json!("inline");
        inline["workload"] = json!("hits");
        refused(&inline, &["hits", "inline"]);
        inline["mode"] = json!("cold");
        refused(&inline, &["cold", "1 to 2048"]);
    }

    #[test]
    fn a_plan_of_one_question_is_recorded_as_it_always_was() {
        let json = recorded().to_json();
        assert_eq!((&json["workload"], &json["mode"]), (&json!("atf"), &json!("trace")));
        assert_eq!(json["target"], json!("handle"));
        let batch = &json["layouts"][0]["batches"][0];
        assert_eq!(batch, &json!({ "lookups": 100, "rounds": 2 }));
    }

    #[test]
    fn what_cannot_be_had_again_is_refused_with_the_reason() {
        let edit = |edit: fn(&mut Value)| {
            let mut json = recorded().to_json();
            edit(&mut json);
            json
        };
        refused(&Value::Null, &["another version"]);
        refused(&edit(|plan| plan["backends"] = json!(["aray"])), &["aray", "array"]);
        refused(&edit(|plan| plan["build"] = json!("finale")), &["finale", "final"]);
        let layout = |edit: fn(&mut Value), index: usize| {
            let mut json = recorded().to_json();
            edit(&mut json["layouts"][index]);
            json
        };
        refused(
            &layout(|l| l["digest"] = json!("0"), 0),
            &["paper-32x8", "comes with this program"],
        );
        refused(&layout(|l| l["lookups_end"] = json!(300), 1), &["mine", "was edited"]);
        refused(&layout(|l| l["steps"] = Value::Null, 1), &["mine", "too many to be recorded"]);
        refused(&layout(|l| l["array_capacity"] = json!("lots"), 1), &["mine", "array_capacity"]);
        refused(&layout(|l| l["batches"][0]["lookups"] = json!(0), 1), &["mine", "lookups"]);
        refused(
            &layout(|l| l["batches"][0]["rounds"] = json!(0), 0),
            &["expected a number of rounds"],
        );
        refused(
            &layout(|l| l["steps"][0] = json!({ "plug": { "start": 9, "end": 9 } }), 1),
            &["mine", "[9, 9)"],
        );
    }
}

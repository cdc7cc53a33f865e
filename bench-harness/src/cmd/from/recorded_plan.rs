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
use crate::cmd::session::{Limits, Part, Plan, Rounds};
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
    workload: String,
    mode: String,
    target: String,
    rng: String,
    seed: u64,
    build: String,
    processes: Option<u32>,
    equivalence_pct: Option<f64>,
    max_time_s: Option<f64>,
    layouts: Vec<RecordedLayout>,
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
        .map(|layout| part(layout, place).with_context(|| format!("layout `{}`", layout.name)))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let plan = Plan {
        backends,
        reference: registry::find(&raw.reference)?,
        workload: raw.workload.parse()?,
        mode: raw.mode.parse()?,
        target: raw.target.parse()?,
        rng: raw.rng.parse()?,
        seed: raw.seed,
        build: build(&raw.build)?,
        processes: raw.processes.unwrap_or(1),
        equivalence: raw.equivalence_pct.map_or(EQUIVALENCE_FRACTION, |percent| percent / 100.0),
        time: raw.max_time_s.map(Duration::try_from_secs_f64).transpose().context("max_time_s")?,
        parts,
    };
    let again = plan.to_json();
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

fn part(raw: &RecordedLayout, place: &Path) -> anyhow::Result<Part> {
    let array_capacity = match &raw.array_capacity {
        Value::String(word) if word == "unlimited" => ArrayCapacity::Unlimited,
        other => match other.as_u64().and_then(|segments| usize::try_from(segments).ok()) {
            Some(segments) if segments == raw.physseg_max => ArrayCapacity::OfLayout,
            Some(segments) if segments > 0 => ArrayCapacity::Segments(segments),
            _ => return Err(anyhow!("array_capacity: expected a number from 1, or `unlimited`")),
        },
    };
    let batches = raw.batches.iter().map(batch).collect::<anyhow::Result<_>>()?;
    Part::new(layout(raw, place)?, array_capacity, batches).map_err(|failure| anyhow!("{failure}"))
}

fn batch(raw: &RecordedBatch) -> anyhow::Result<(u64, Rounds)> {
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
    Ok((raw.lookups, rounds))
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
    use crate::cmd::session::{Limits, Part, Plan, Rounds};
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
        let part = |layout, capacity, batches| Part::new(layout, capacity, batches).expect("valid");
        let backend = |name| registry::find(name).expect("known");
        Plan {
            backends: vec![backend("array"), backend("rbtree")],
            reference: backend("rbtree"),
            workload: "atf".parse().expect("known"),
            mode: "trace".parse().expect("known"),
            target: "handle".parse().expect("known"),
            rng: "random3".parse().expect("known"),
            seed: u64::MAX,
            build: Build::Final,
            processes: 3,
            equivalence: 0.02,
            time: Some(Duration::from_secs(90)),
            parts: vec![
                part(shipped, ArrayCapacity::OfLayout, vec![(100, Rounds::Fixed(2))]),
                part(own.clone(), ArrayCapacity::Unlimited, vec![(1_000, limits)]),
                part(
                    layout::Layout { name: "small".to_owned(), ..own },
                    ArrayCapacity::Segments(7),
                    vec![(1_000, Rounds::Fixed(1))],
                ),
            ],
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

//! `compare`: backends of the user's choice on layouts of the user's choice.

use std::time::Duration;

use anyhow::Context;

use super::session::{self, Limits, Part, Plan, Question, Rounds};
use super::{Failure, from};
use crate::cli::{Compare, Lookups};
use crate::measure::Mode;
use crate::registry::Entry;
use crate::workload::WorkloadKind;
use crate::{layout, workload};

/// Rounds of every batch, unless said otherwise: the fewest of which groups are made, so that a wild
/// batch or two leave the change alone.
const RUNS: u32 = 20;

/// Lookups of the batches, unless said otherwise.
const LOOKUPS: [u64; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// What `--precision` may take for a batch size, unless `--max-time` says otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) fn run(args: &Compare) -> Result<(), Failure> {
    if !args.from.is_empty() {
        return from::run(args);
    }
    session::run(plan(args)?, &args.output, args.judgement.gate)
}

/// What the arguments ask for.
pub(super) fn plan(args: &Compare) -> Result<Plan, Failure> {
    // clap refuses an empty list.
    let first = args.backends.first().copied();
    let Some(reference) = args.reference.or(first) else {
        return Err(Failure::input(anyhow::anyhow!("--backends: name at least one backend")));
    };
    if args.precision.is_some() && args.backends.len() < 2 {
        return Err(Failure::input(anyhow::anyhow!(
            "--precision is of a change, and a single backend is compared with nothing; name another \
             with --backends, or use --runs or --max-time"
        )));
    }
    let (questions, mut notes) = asked(args)?;
    let backends = with_cost_of_calls(&args.backends, &mut notes);
    let parts = args
        .layouts
        .iter()
        .map(|name| part(args, name, &questions, &mut notes))
        .collect::<Result<_, Failure>>()?;
    Ok(Plan {
        backends,
        reference,
        rng: args.rng,
        seed: args.seed,
        build: args.build,
        processes: args.judgement.processes,
        equivalence: args.judgement.equivalence / 100.0,
        time: args.max_time,
        parts,
        patience: args.patience,
        barred: Vec::new(),
        notes,
    })
}

/// The backends, and behind them what shows the cost of calling the plugins among them.
fn with_cost_of_calls(asked: &[&'static Entry], notes: &mut Vec<String>) -> Vec<&'static Entry> {
    let mut all = asked.to_vec();
    for control in asked.iter().filter_map(|entry| entry.cost_of_calls()) {
        if !all.iter().any(|entry| entry.name == control.name) {
            notes.push(format!("{} takes part: what plugins' calls cost", control.name));
            all.push(control);
        }
    }
    all
}

/// Every combination of workloads, modes and targets that can be, and what is worth saying about the
/// others. Without `--mode` all are measured in one mode, so that their figures compare: `inline` if
/// every workload can be, else `trace`.
fn asked(args: &Compare) -> Result<(Vec<Question>, Vec<String>), Failure> {
    let mut notes = Vec::new();
    let modes = match &args.mode[..] {
        [] => match args.workload.iter().find(|workload| !workload.is_inline()) {
            None => vec![Mode::Inline],
            Some(workload) => {
                notes.push(format!(
                    "mode trace: the addresses of --workload {workload} are drawn before timing"
                ));
                vec![Mode::Trace]
            }
        },
        given => given.to_vec(),
    };
    let all = Question::all(&args.workload, &modes, &args.target);
    let questions = possible(&all, |question| question.check(), &mut notes)?;
    Ok((questions, notes))
}

/// Those of `all` that are `fine`, with a note for each workload and mode left out. Where there is only
/// one, or nothing is left, what is wrong is an error.
fn possible(
    all: &[Question],
    fine: impl Fn(&Question) -> anyhow::Result<()>,
    notes: &mut Vec<String>,
) -> Result<Vec<Question>, Failure> {
    let mut left = Vec::new();
    let mut first = None;
    for &question in all {
        let Err(why) = fine(&question) else {
            left.push(question);
            continue;
        };
        let note = format!("left out: {why}");
        first.get_or_insert(why);
        if !notes.contains(&note) {
            notes.push(note); // once for all targets
        }
    }
    match first {
        Some(why) if left.is_empty() => Err(Failure::input(why)),
        _ => Ok(left),
    }
}

fn part(
    args: &Compare,
    layout: &str,
    questions: &[Question],
    notes: &mut Vec<String>,
) -> Result<Part, Failure> {
    let rounds = rounds(args);
    let layout = layout::open(layout).context("--layout").map_err(Failure::input)?;
    let mut part = Part::new(layout, args.array_capacity.unwrap_or_default())?;
    let fine = |question: &Question| {
        Ok(workload::check(question.workload, args.rng, &part.layout, &part.present)?)
    };
    let questions = possible(questions, fine, notes)?;
    let asks = |workload| questions.iter().any(|question| question.workload == workload);
    if part.present.holes() == 0 && asks(WorkloadKind::Uniform) && asks(WorkloadKind::Hits) {
        notes.push(format!(
            "{}: no holes, so that workload hits asks for the same as uniform; both are measured",
            part.layout.name
        ));
    }
    for &question in &questions {
        let WorkloadKind::Recorded(what) = question.workload else { continue };
        let note = outside(what, &part);
        if !notes.contains(&note) {
            notes.push(note); // once for all modes and targets
        }
    }
    let until_precise = matches!(rounds, Rounds::Until(_));
    let mut counts: Vec<u64> = match &args.lookups[..] {
        [] if until_precise => Vec::new(),
        [] => LOOKUPS.to_vec(),
        given => given.iter().filter_map(|&one| count(one)).collect(),
    };
    counts.sort_unstable();
    counts.dedup();
    let auto = args.lookups.contains(&Lookups::Auto) || args.lookups.is_empty() && until_precise;
    for question in questions {
        // Ten million cold lookups would take minutes, most of them spent on other work.
        let by_itself = args.lookups.is_empty() && question.mode.burst().is_some();
        if !by_itself {
            part = part.with(counts.iter().map(|&count| question.of((count, rounds))));
        }
        if auto || by_itself {
            part = part.with_auto(question, rounds);
        }
    }
    Ok(part)
}

/// How many of the recorded addresses lie outside of the layout.
fn outside(what: workload::Replayed, part: &Part) -> String {
    let recording = what.recording();
    let addresses = recording.pfns.len() as u64;
    let outside = addresses - recording.found_in(&part.segments);
    format!(
        "{}: {outside} of the {addresses} addresses of {what} ({:.2} %) lie outside of its segments and count as \
         misses",
        part.layout.name,
        100.0 * outside as f64 / addresses as f64
    )
}

fn count(lookups: Lookups) -> Option<u64> {
    match lookups {
        Lookups::Count(count) => Some(count),
        Lookups::Auto => None,
    }
}

/// How many rounds every batch size gets.
fn rounds(args: &Compare) -> Rounds {
    if args.precision.is_none() && args.max_time.is_none() {
        return Rounds::Fixed(args.runs.unwrap_or(RUNS));
    }
    let patience = PATIENCE / args.judgement.processes;
    Rounds::Until(Limits {
        half_width: args.precision.map(|percent| percent / 100.0),
        at_least: args.runs.unwrap_or(1),
        time: args.max_time.is_none().then_some(patience),
        ..Limits::NONE
    })
}

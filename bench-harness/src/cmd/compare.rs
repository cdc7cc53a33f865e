//! `compare`: backends of the user's choice on layouts of the user's choice.

use std::time::Duration;

use anyhow::Context;

use super::session::{self, Limits, Part, Plan, Rounds};
use super::{Failure, from};
use crate::cli::{Compare, Lookups};
use crate::layout;

/// Rounds of every batch, unless said otherwise.
const RUNS: u32 = 10;

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
    let rounds = rounds(args);
    let parts =
        args.layouts.iter().map(|name| part(args, name, rounds)).collect::<Result<_, Failure>>()?;
    Ok(Plan {
        backends: args.backends.clone(),
        reference,
        workload: args.workload,
        mode: args.mode,
        target: args.target,
        rng: args.rng,
        seed: args.seed,
        build: args.build,
        processes: args.judgement.processes,
        equivalence: args.judgement.equivalence / 100.0,
        time: args.max_time,
        parts,
    })
}

fn part(args: &Compare, layout: &str, rounds: Rounds) -> Result<Part, Failure> {
    let layout = layout::open(layout).context("--layout").map_err(Failure::input)?;
    let until_precise = matches!(rounds, Rounds::Until(_));
    let mut counts: Vec<u64> = match &args.lookups[..] {
        [] if until_precise => Vec::new(),
        [] => LOOKUPS.to_vec(),
        given => given.iter().filter_map(|&one| count(one)).collect(),
    };
    counts.sort_unstable();
    counts.dedup();
    let batches = counts.into_iter().map(|count| (count, rounds)).collect();
    let part = Part::new(layout, args.array_capacity.unwrap_or_default(), batches)?;
    let auto = args.lookups.contains(&Lookups::Auto) || args.lookups.is_empty() && until_precise;
    Ok(if auto { part.with_auto(rounds) } else { part })
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

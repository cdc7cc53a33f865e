//! `compare`: backends of the user's choice on layouts of the user's choice.

use anyhow::Context;

use super::session::{self, Part, Plan, Rounds};
use super::{Failure, from};
use crate::cli::Compare;
use crate::layout;

pub(super) fn run(args: &Compare) -> Result<(), Failure> {
    if !args.from.is_empty() {
        return from::run(args);
    }
    if args.judgement.gate.is_some() {
        return Err(Failure::input(anyhow::anyhow!(
            "--gate holds recorded runs against each other: give them with --from"
        )));
    }
    let mut lookups = args.lookups.clone();
    lookups.sort_unstable();
    lookups.dedup();
    let parts = args
        .layouts
        .iter()
        .map(|name| {
            let layout = layout::open(name).context("--layout").map_err(Failure::input)?;
            let batches = lookups.iter().map(|&count| (count, Rounds::Fixed(args.runs))).collect();
            Part::new(layout, args.array_capacity.unwrap_or_default(), batches)
        })
        .collect::<Result<_, Failure>>()?;
    // clap refuses an empty list.
    let first = args.backends.first().copied();
    let Some(reference) = args.reference.or(first) else {
        return Err(Failure::input(anyhow::anyhow!("--backends: name at least one backend")));
    };
    let plan = Plan {
        backends: args.backends.clone(),
        reference,
        workload: args.workload,
        mode: args.mode,
        target: args.target,
        rng: args.rng,
        seed: args.seed,
        build: args.build,
        parts,
    };
    session::run(&plan, &args.output)
}

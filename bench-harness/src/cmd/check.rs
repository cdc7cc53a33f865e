//! `check`: measures a recorded run anew and fails if it has become slower than allowed.
//!
//! Meant for continuous integration: the record is kept, the build changes, the exit status says
//! whether it may pass.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::anyhow;

use super::Failure;
use super::from::{self, Request, recorded_plan};
use super::session::{self, Plan, Rounds};
use crate::cli::{Check, Output};
use crate::record::{Environment, Run, RunDir};

pub(super) fn run(args: &Check) -> Result<(), Failure> {
    let recorded = from::read(&args.against, "--against")?;
    from::refuse_if_undecidable(&recorded, &args.against)?;
    let plan = planned(args, &recorded.environment)?;
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("results").join(format!("check-{}", session::run_id())));
    if RunDir::at(&out).holds_run() && !args.resume {
        return Err(Failure::input(anyhow!(
            "--out {}: a run is filed there already; --resume goes on with it, another folder keeps both",
            out.display()
        )));
    }
    let output = Output {
        out: out.clone(),
        resume: args.resume,
        quiet: args.quiet,
        no_progress: args.no_progress,
    };
    session::run(&plan, &output)?;
    let anew: Run = RunDir::open(&out).and_then(|dir| dir.read()).map_err(Failure::running)?;
    let request = Request {
        equivalence_pct: args.equivalence,
        gate_pct: Some(args.gate),
        whole: true,
        out: Some(&out),
    };
    from::compare(&[(args.against.clone(), recorded), (out.clone(), anew)], &request)
}

/// What was recorded, within the limits of the command line.
fn planned(args: &Check, recorded: &Environment) -> Result<Plan, Failure> {
    let place = RunDir::at(&args.against).environment();
    let mut plan = recorded_plan::plan(&recorded.plan, &place)?;
    limit(&mut plan, args);
    Ok(plan)
}

/// Rounds and time as the command line has them, where it has them.
fn limit(plan: &mut Plan, args: &Check) {
    let batches = plan.parts.iter().map(|part| part.batches.len()).sum::<usize>();
    let share = args.max_time.map(|time| time / u32::try_from(batches.max(1)).unwrap_or(u32::MAX));
    for (_, rounds) in plan.parts.iter_mut().flat_map(|part| &mut part.batches) {
        if let Some(runs) = args.runs {
            *rounds = Rounds::Fixed(runs);
        }
        if let Some(share) = share {
            *rounds = within(*rounds, share);
        }
    }
}

/// The same rounds, but for at most `time`: at least two, because one decides nothing.
fn within(rounds: Rounds, time: Duration) -> Rounds {
    match rounds {
        // No interval is narrower than less than nothing: only the number and the time end it.
        Rounds::Fixed(rounds) => {
            Rounds::Until { half_width: -1.0, at_least: rounds.min(2), at_most: rounds, time }
        }
        Rounds::Until { half_width, at_least, at_most, time: before } => {
            Rounds::Until { half_width, at_least, at_most, time: before.min(time) }
        }
    }
}

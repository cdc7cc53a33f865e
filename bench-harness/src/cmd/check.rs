//! `check`: measures a recorded run anew and fails if it has become slower than allowed.
//!
//! Meant for continuous integration: the record is kept, the build changes, the exit status says
//! whether it may pass.

use std::path::PathBuf;

use anyhow::anyhow;

use super::Failure;
use super::from::{self, Request, recorded_plan};
use super::session::{self, Limits, Plan, Rounds};
use crate::cli::{Check, Format, Output};
use crate::record::{Environment, Run, RunDir};

pub(super) fn run(args: &Check) -> Result<(), Failure> {
    let recorded = from::read(&args.against, "--against")?;
    from::refuse_if_undecidable(&recorded, &args.against)?;
    let plan = planned(args, &recorded.environment)?;
    if args.runs == Some(1) && plan.processes == 1 {
        return Err(Failure::input(anyhow!(
            "--runs: one round has no interval, so nothing could be decided; give 2 or more"
        )));
    }
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
        format: args.format,
    };
    // For a machine the result is how the two runs compare; for people the new one by itself is worth a look.
    let shown = (args.format == Format::Table).then_some(args.format);
    let (barred, _) = session::run_and_judge(plan, &output, None, shown)?;
    let anew: Run = RunDir::open(&out).and_then(|dir| dir.read()).map_err(Failure::running)?;
    let request = Request {
        equivalence_pct: args.equivalence,
        gate_pct: Some(args.gate),
        whole: true,
        out: Some(&out),
        format: args.format,
    };
    let runs = [(args.against.clone(), recorded), (out.clone(), anew)];
    session::conclude(&barred, from::compare(&runs, &request))
}

/// The plan of a check, for a process that the program started.
pub(super) fn plan(args: &Check) -> Result<Plan, Failure> {
    planned(args, &from::read(&args.against, "--against")?.environment)
}

/// What was recorded, within the limits of the command line.
fn planned(args: &Check, recorded: &Environment) -> Result<Plan, Failure> {
    let place = RunDir::at(&args.against).environment();
    let mut plan = recorded_plan::plan(&recorded.plan, &place)?;
    limit(&mut plan, args);
    Ok(plan)
}

/// Rounds, time and equivalence as the command line has them, where it has them.
fn limit(plan: &mut Plan, args: &Check) {
    plan.equivalence = args.equivalence / 100.0;
    for planned in plan.parts.iter_mut().flat_map(|part| &mut part.batches) {
        let rounds = &mut planned.rounds;
        if let Some(runs) = args.runs {
            *rounds = Rounds::Fixed(runs);
        }
        if args.max_time.is_some()
            && let Rounds::Fixed(runs) = *rounds
        {
            // At least two, because one decides nothing.
            *rounds =
                Rounds::Until(Limits { at_least: runs.min(2), at_most: runs, ..Limits::NONE });
        }
    }
    plan.time = args.max_time.or(plan.time);
    plan.patience = args.patience;
}

//! Layouts, scenarios, rounds: measured one after the other, filed as they come.

use std::io::IsTerminal;

use anyhow::anyhow;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::files::Files;
use super::plan::{Part, Plan};
use crate::cli::Churn;
use crate::cmd::Failure;
use crate::cmd::session::interrupt;
use crate::machine;
use crate::measure::churn::{ChurnBench, ChurnError, ChurnSample, Occupied, Scenario, Trial};
use crate::measure::{order_seed, round_seed};
use crate::record::{ChurnRow, ChurnSummaryRow, Occupancy, Status};

/// Measures everything.
///
/// # Errors
/// A wrong table, an operation that failed, an interrupt, a file that cannot be written; rounds
/// measured before are on disk.
pub(super) fn measure(plan: &Plan, files: &mut Files, args: &Churn) -> Result<(), Failure> {
    let progress = progress(plan, !args.quiet && !args.no_progress);
    let outcome = plan.layouts.iter().try_for_each(|part| of_layout(plan, part, files, &progress));
    progress.finish_and_clear();
    outcome
}

fn of_layout(
    plan: &Plan,
    part: &Part,
    files: &mut Files,
    progress: &ProgressBar,
) -> Result<(), Failure> {
    // The plan has no backend without a table.
    let backends = plan.backends.iter().filter_map(|entry| Some((entry.name, entry.churn()?)));
    let mut bench = ChurnBench::new(part.plan(), backends);
    for &scenario in &plan.scenarios {
        progress.set_message(format!("{}, {scenario}", part.layout.name));
        progress.tick();
        let recorded = files.recorded(&part.layout.name, scenario.as_str());
        let (begun, rounds_there) = (!recorded.declared.is_empty(), recorded.rounds);
        if recorded.is_complete(plan.rounds) {
            progress.inc(u64::from(plan.rounds));
            continue;
        }
        let seed = order_seed(plan.seed, &format!("{}/{scenario}", part.layout.name), 0);
        let mut tick = || !interrupt::asked();
        let trial = match bench.trial(scenario, round_seed(seed, u32::MAX), &mut tick) {
            Ok(Some(trial)) => trial,
            Ok(None) => return interrupted(files, progress),
            Err(ChurnError::NothingToDo(reason)) => Trial {
                scenario,
                limit: 0,
                unsupported: (0..=bench.control())
                    .map(|index| (index, reason.to_owned()))
                    .collect(),
            },
            Err(error) => return Err(Failure::running(of_what(&part.layout.name, &error))),
        };
        let trial = as_recorded(trial, &bench, files, &part.layout.name);
        interrupted(files, progress)?;
        let reference = reference(plan, &bench, &trial);
        if !begun {
            files.declare(declared(plan, part, &bench, &trial, reference))?;
        }
        let able = (0..bench.control()).any(|index| trial.can(index));
        for round in 0..plan.rounds {
            if able && round >= rounds_there {
                one_round((part, &mut bench, &trial), (seed, round), files, progress)?;
            }
            progress.inc(1);
        }
    }
    Ok(())
}

/// The trial of a scenario that was begun before: who takes part and how long phases are stays as it
/// was then, whatever they would be now. (It is tried again nevertheless, to warm up.)
fn as_recorded(trial: Trial, bench: &ChurnBench<'_>, files: &Files, layout: &str) -> Trial {
    let recorded = files.recorded(layout, trial.scenario.as_str());
    if recorded.declared.is_empty() {
        return trial;
    }
    let reason = |index: usize| {
        let row = recorded.declared.iter().find(|row| row.backend == bench.name(index));
        match row.map(|row| &row.status) {
            Some(Status::Unsupported(reason) | Status::Failed(reason)) => {
                Some((index, reason.clone()))
            }
            _ => None,
        }
    };
    let limit = match (trial.scenario, recorded.operations) {
        (Scenario::Build, _) | (_, None) => trial.limit,
        (_, Some(operations)) => usize::try_from(operations).unwrap_or(trial.limit),
    };
    let unsupported = (0..=bench.control()).filter_map(reason).collect();
    Trial { limit, unsupported, ..trial }
}

/// Measures a round and files it.
fn one_round(
    (part, bench, trial): (&Part, &mut ChurnBench<'_>, &Trial),
    (seed, round): (u64, u32),
    files: &mut Files,
    progress: &ProgressBar,
) -> Result<(), Failure> {
    let layout = part.layout.name.as_str();
    let script_seed = round_seed(seed, round);
    let samples = bench
        .round(trial, (script_seed, seed), round, || !interrupt::asked())
        .map_err(|error| Failure::running(of_what(layout, &error)))?;
    let Some(samples) = samples else {
        return interrupted(files, progress);
    };
    let scenario = trial.scenario.as_str();
    let row = |sample: &ChurnSample| ChurnRow {
        run_id: files.run_id().to_owned(),
        round,
        position: sample.position,
        layout: layout.to_owned(),
        scenario: scenario.to_owned(),
        backend: bench.name(sample.participant).to_owned(),
        operations: sample.operations,
        elapsed_ns: sample.elapsed_ns,
        seed: script_seed,
    };
    let rows = samples.iter().map(row).collect();
    files.append(rows)?;
    if round > 0 {
        return Ok(());
    }
    let of = |sample: &ChurnSample| {
        let key = [layout, scenario, bench.name(sample.participant)];
        Some((key, sample.occupied?.map(occupancy)))
    };
    let tables: Vec<_> = samples.iter().filter_map(of).collect();
    files.occupied(&tables)
}

/// Who takes part, and who cannot.
fn declared(
    plan: &Plan,
    part: &Part,
    bench: &ChurnBench<'_>,
    trial: &Trial,
    reference: Option<&str>,
) -> Vec<ChurnSummaryRow> {
    let able = (0..bench.control()).any(|index| trial.can(index));
    let participants = if able { 0..=bench.control() } else { 0..=bench.control() - 1 };
    participants
        .map(|index| {
            let reason = trial.unsupported.iter().find(|(unable, _)| *unable == index);
            let status =
                reason.map_or(Status::Ok, |(_, reason)| Status::Unsupported(reason.clone()));
            let key = [part.layout.name.as_str(), trial.scenario.as_str(), bench.name(index)];
            let reference = reference.filter(|_| index != bench.control());
            ChurnSummaryRow::declared(key, status, reference, plan.equivalence_pct)
        })
        .collect()
}

/// What the others are compared to: as asked for, else the first backend that can do the scenario.
fn reference(plan: &Plan, bench: &ChurnBench<'_>, trial: &Trial) -> Option<&'static str> {
    let first = (0..bench.control()).find(|&index| trial.can(index));
    plan.reference.or_else(|| first.map(|index| bench.name(index)))
}

/// Ends the run where it was asked to.
fn interrupted(files: &Files, progress: &ProgressBar) -> Result<(), Failure> {
    if !interrupt::asked() {
        return Ok(());
    }
    progress.finish_and_clear();
    Err(Failure::running(anyhow!(
        "interrupted; {} timed phases are in {dir}; the same command with --resume goes on, \
         `bench-harness report {dir}` renders what there is",
        files.phases(),
        dir = files.dir().display()
    )))
}

fn of_what(layout: &str, error: &ChurnError) -> anyhow::Error {
    let available = if error.is_of_memory() { machine::beside_available() } else { String::new() };
    anyhow!("{layout}: {error}{available}")
}

fn occupancy(found: Occupied) -> Occupancy {
    let Occupied { segments, frames, bytes_total, bytes_index } = found;
    Occupancy { segments, frames, bytes_total, bytes_index }
}

fn progress(plan: &Plan, shown: bool) -> ProgressBar {
    let shown = shown && std::io::stderr().is_terminal();
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let rounds = plan.layouts.len() as u64 * plan.scenarios.len() as u64 * u64::from(plan.rounds);
    let bar = ProgressBar::with_draw_target(Some(rounds), target);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:20} {percent:>3} % {eta:>4} left  {wide_msg}")
    {
        bar.set_style(style);
    }
    bar
}

#[cfg(test)]
mod tests {
    /// Rows of the record are found by the name that the measurement gives them.
    #[test]
    fn the_slabs_alone_are_called_the_same_where_they_are_measured_and_where_they_are_filed() {
        assert_eq!(crate::measure::churn::EXTENT, crate::record::EXTENT);
    }
}

//! Layouts, scenarios, rounds: measured one after the other, filed as they come.

use super::plan::{Part, Plan};
use super::recorded::{Recorded, Round};
use super::sink::Sink;
use crate::cmd::Failure;
use crate::cmd::session::interrupt;
use crate::layout::build::BuildError;
use crate::machine;
use crate::measure::beacon::{self, Doing};
use crate::measure::churn::{
    Churn, ChurnBench, ChurnError, ChurnSample, LeftOut, Occupied, Scenario, Trial,
};
use crate::measure::{MeasureError, order_seed, round_seed};
use crate::record::{ChurnRow, ChurnSummaryRow, Occupancy, Status};
use crate::registry::Entry;

/// Measures everything that there is not yet.
///
/// # Errors
/// A wrong table, an operation that failed, an interrupt, a file that cannot be written; rounds
/// measured before are on disk.
pub(super) fn measure(plan: &Plan, run_id: &str, sink: &mut dyn Sink) -> Result<(), Failure> {
    let mut parts = plan.layouts.iter().enumerate();
    parts.try_for_each(|(index, part)| of_layout((plan, run_id), (index, part), sink))
}

fn of_layout(
    (plan, run_id): (&Plan, &str),
    (index, part): (usize, &Part),
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    beacon::on(index);
    let layout = part.layout.name.as_str();
    let mut bench = ChurnBench::new(part.plan(), participants(plan)?);
    for &scenario in &plan.scenarios {
        sink.say(format!("{layout}, {scenario}"));
        let recorded = sink.recorded(layout, scenario.as_str());
        if recorded.is_complete(plan.rounds) {
            sink.skip(plan.rounds);
            continue;
        }
        let seed = order_seed(plan.seed, &format!("{layout}/{scenario}"), 0);
        let mut tick = || !interrupt::asked();
        let trial = match bench.trial(scenario, round_seed(seed, u32::MAX), &mut tick) {
            Ok(Some(trial)) => trial,
            Ok(None) => return sink.interrupted(),
            Err(ChurnError::NothingToDo(reason)) => Trial {
                scenario,
                limit: 0,
                unsupported: (0..=bench.control())
                    .map(|index| (index, reason.to_owned()))
                    .collect(),
            },
            Err(error) => return Err(of_what(layout, error)),
        };
        let trial = as_recorded(trial, &bench, &recorded);
        sink.interrupted()?;
        if recorded.declared.is_empty() {
            let reference = reference(plan, &trial);
            sink.declare(declared(plan, part, &bench, &trial, reference))?;
        }
        let able = able(plan, &bench, &trial);
        let there = if able { recorded.rounds } else { plan.rounds };
        sink.skip(there.min(plan.rounds));
        for round in there..plan.rounds {
            one_round((layout, run_id), (&mut bench, &trial), (seed, round), sink)?;
        }
    }
    Ok(())
}

/// Why what shows the cost of calls is not measured where no backend can do a scenario.
pub(super) const ALONE: &str = "there is nobody it could be measured beside";

/// A participant, and its name.
type Named = (&'static str, Box<dyn Churn>);

/// Everybody, those that failed as well: nothing is asked of them.
fn participants(plan: &Plan) -> Result<Vec<Named>, Failure> {
    let of = |entry: &&'static Entry| {
        if let Some(barred) = plan.barred(entry.name) {
            let left_out: Box<dyn Churn> = Box::new(LeftOut(barred.why.clone()));
            return Ok((entry.name, left_out));
        }
        beacon::begin(entry.name, Doing::Load); // which was done before: but the file may be gone
        let made = entry.churn().map_err(|error| MeasureError::Build {
            backend: entry.name.to_owned(),
            error: BuildError::Plugin(error.to_string()),
        });
        beacon::nobody();
        Ok((entry.name, made.map_err(Failure::running)?))
    };
    plan.backends.iter().map(of).collect()
}

/// Whether somebody can do a scenario, what shows the cost of calls alone not counted.
fn able(plan: &Plan, bench: &ChurnBench<'_>, trial: &Trial) -> bool {
    let mut those = plan.backends.iter().enumerate().filter(|(_, it)| !it.shows_cost_of_calls());
    bench.control() > 0 && those.any(|(index, _)| trial.can(index))
}

/// The trial of a scenario that was begun before: who takes part and how long phases are stays as it
/// was then, whatever they would be now. (It is tried again nevertheless, to warm up.)
fn as_recorded(trial: Trial, bench: &ChurnBench<'_>, recorded: &Recorded) -> Trial {
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
    (layout, run_id): (&str, &str),
    (bench, trial): (&mut ChurnBench<'_>, &Trial),
    (seed, round): (u64, u32),
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    let script_seed = round_seed(seed, round);
    let samples = bench
        .round(trial, (script_seed, seed), round, || !interrupt::asked())
        .map_err(|error| of_what(layout, error))?;
    let Some(samples) = samples else {
        return sink.interrupted();
    };
    let row = |sample: &ChurnSample| ChurnRow {
        run_id: run_id.to_owned(),
        round,
        position: sample.position,
        layout: layout.to_owned(),
        scenario: trial.scenario.as_str().to_owned(),
        backend: bench.name(sample.participant).to_owned(),
        operations: sample.operations,
        elapsed_ns: sample.elapsed_ns,
        seed: script_seed,
    };
    let of = |sample: &ChurnSample| {
        Some((bench.name(sample.participant).to_owned(), sample.occupied?.map(occupancy)))
    };
    let occupied = if round == 0 { samples.iter().filter_map(of).collect() } else { Vec::new() };
    sink.round(Round { rows: samples.iter().map(row).collect(), occupied })
}

/// Who takes part, and who cannot.
fn declared(
    plan: &Plan,
    part: &Part,
    bench: &ChurnBench<'_>,
    trial: &Trial,
    reference: Option<&str>,
) -> Vec<ChurnSummaryRow> {
    let able = able(plan, bench, trial);
    let participants = if able { 0..=bench.control() } else { 0..=bench.control() - 1 };
    participants
        .map(|index| {
            let reason = trial.unsupported.iter().find(|(unable, _)| *unable == index);
            let status = match (plan.barred(bench.name(index)), reason) {
                (Some(barred), _) => Status::Failed(barred.why.clone()),
                (None, Some((_, reason))) => Status::Unsupported(reason.clone()),
                (None, None) if able => Status::Ok,
                (None, None) => Status::Unsupported(ALONE.to_owned()),
            };
            let key = [part.layout.name.as_str(), trial.scenario.as_str(), bench.name(index)];
            let reference = reference.filter(|_| index != bench.control());
            ChurnSummaryRow::declared(key, status, reference, plan.equivalence_pct)
        })
        .collect()
}

/// What the others are compared to: as asked for, else the first backend that can do the scenario. What shows the cost
/// of calls alone holds nothing, and is no backend to be compared to unless somebody asks for it.
fn reference(plan: &Plan, trial: &Trial) -> Option<&'static str> {
    let mut those = plan.backends.iter().enumerate().filter(|(_, it)| !it.shows_cost_of_calls());
    plan.reference
        .or_else(|| those.find(|&(index, _)| trial.can(index)).map(|(_, entry)| entry.name))
}

fn of_what(layout: &str, error: ChurnError) -> Failure {
    let available = if error.is_of_memory() { machine::beside_available() } else { String::new() };
    let said = format!("{layout}: {error}{available}");
    Failure::running(anyhow::Error::new(error).context(said))
}

fn occupancy(found: Occupied) -> Occupancy {
    let Occupied { segments, frames, bytes_total, bytes_index } = found;
    Occupancy { segments, frames, bytes_total, bytes_index }
}

#[cfg(test)]
mod tests {
    /// Rows of the record are found by the name that the measurement gives them.
    #[test]
    fn the_slabs_alone_are_called_the_same_where_they_are_measured_and_where_they_are_filed() {
        assert_eq!(crate::measure::churn::EXTENT, crate::record::EXTENT);
    }
}

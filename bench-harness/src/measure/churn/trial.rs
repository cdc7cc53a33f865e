//! A trial before the rounds: who can do a scenario, and how many operations a phase may have.
//!
//! It also is the warm-up round. Operations double until the next doubling could take longer than a
//! phase may, also where an operation costs what there is in the table and so a doubling four times
//! as much.

use std::time::Duration;

use super::super::beacon::{self, Doing};
use super::bench::Participant;
use super::pace::{FIRST, in_parts};
use super::{ChurnError, Scenario, Stopped, Work};

/// The longest phase that the trial expects.
pub const PHASE_MAX: Duration = Duration::from_secs(2);
/// A table that is not built after so long is given up, also one that a scenario begins with: where each
/// segment costs what is there already, a large layout would take days.
pub const BUILD_MAX: Duration = Duration::from_secs(60);
/// The most operations of a phase.
pub const OPERATIONS_MAX: usize = 1_000_000;
/// The most operations of a phase in which a backend takes part whose updates move O(n) records.
pub const LINEAR_OPERATIONS_MAX: usize = 20_000;

/// What a trial found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trial {
    /// Of what.
    pub scenario: Scenario,
    /// At most so many operations a phase, the same for everybody.
    pub limit: usize,
    /// Who cannot do it, and why: indices among the participants.
    pub unsupported: Vec<(usize, String)>,
}

impl Trial {
    /// Whether a participant can do it.
    pub fn can(&self, participant: usize) -> bool {
        self.unsupported.iter().all(|&(index, _)| index != participant)
    }
}

/// What came of the trial of one participant.
pub(super) enum Tried {
    /// So many operations are a phase.
    Done(usize),
    /// It cannot do it, and why.
    Unable(String),
    /// Somebody asked to stop.
    Interrupted,
}

/// How many operations a phase of `scenario` may have at most, before anything is tried.
pub(super) fn operations_max(participants: &[Participant], scenario: Scenario) -> usize {
    let is_linear = |participant: &Participant| {
        let can = participant.churn.capabilities().filter(|can| can.linear_updates);
        participant.churn.missing().is_none()
            && can.is_some_and(|can| {
                (can.plug_after_boot || !scenario.plugs()) && (can.split || !scenario.splits())
            })
    };
    if participants.iter().any(is_linear) { LINEAR_OPERATIONS_MAX } else { OPERATIONS_MAX }
}

/// Why a backend cannot do `work`, by what it says of itself.
pub(super) fn lacks(participant: &Participant, work: &Work) -> Option<String> {
    let can = participant.churn.capabilities()?;
    if work.needs.plug_after_boot && !can.plug_after_boot {
        return Some(physseg::Error::NoPlugAfterBoot.to_string());
    }
    (work.needs.split && !can.split).then(|| physseg::Error::NoSplit.to_string())
}

/// How many operations of `work` the participant does in a phase, if any. `tick` is called every now and
/// then, and ends the trial when it says false.
pub(super) fn of(
    participant: &mut Participant,
    work: &Work,
    tick: &mut dyn FnMut() -> bool,
) -> Result<Tried, ChurnError> {
    let (backend, scenario) = (participant.name, work.script.scenario);
    let outcome = match attempt(participant, work, tick) {
        Ok(Tried::Done(done)) if done == work.script.timed.len() => {
            beacon::doing(Doing::Check);
            participant.verify(work).map(|()| Tried::Done(done))
        }
        Ok(tried) => Ok(tried),
        Err(stopped) => match stopped.unsupported(work.segments_most) {
            Some(reason) => Ok(Tried::Unable(reason)),
            None => Err(ChurnError::Failed { backend, scenario, stopped }),
        },
    };
    participant.end();
    outcome
}

fn attempt(
    participant: &mut Participant,
    work: &Work,
    tick: &mut dyn FnMut() -> bool,
) -> Result<Tried, Stopped> {
    let churn = participant.churn.as_mut();
    let (before, whole) = (work.script.before.len(), work.script.timed.len());
    let seconds = BUILD_MAX.as_secs();
    beacon::begin(participant.name, Doing::Build);
    churn.begin(work)?;
    match in_parts(before, BUILD_MAX, tick, |part| churn.prepare(work, part))? {
        None => return Ok(Tried::Interrupted),
        Some(done) if done < before => {
            return Ok(Tried::Unable(format!(
                "more than {seconds} s for {done} of {before} operations before it begins"
            )));
        }
        Some(_) => {}
    }
    if work.script.scenario == Scenario::Build {
        return Ok(match in_parts(whole, BUILD_MAX, tick, |part| churn.run(work, part))? {
            None => Tried::Interrupted,
            Some(done) if done < whole => {
                Tried::Unable(format!("more than {seconds} s for {done} of {} segments", whole - 1))
            }
            Some(done) => Tried::Done(done),
        });
    }
    let (mut done, mut elapsed) = (0, Duration::ZERO);
    while done < whole && 4 * elapsed <= PHASE_MAX {
        if !tick() {
            return Ok(Tried::Interrupted);
        }
        let next = whole.min(FIRST.max(2 * done));
        elapsed += Duration::from_nanos(churn.run(work, done..next)?);
        done = next;
    }
    Ok(Tried::Done(done))
}

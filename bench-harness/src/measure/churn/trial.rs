//! A trial before the rounds: who can do a scenario, and how many operations a phase may have.
//!
//! It also is the warm-up round. Operations double until the next doubling could take longer than a
//! phase may, also where an operation costs what there is in the table and so a doubling four times
//! as much.

use std::time::Duration;

use super::bench::Participant;
use super::{ChurnError, Scenario, Work};

/// The longest phase that the trial expects.
pub const PHASE_MAX: Duration = Duration::from_secs(2);
/// A table that is not built after so long is given up: where each segment costs what is there already,
/// a large layout would take days.
pub const BUILD_MAX: Duration = Duration::from_secs(60);
/// The most operations of a phase.
pub const OPERATIONS_MAX: usize = 1_000_000;
/// The most operations of a phase in which a backend takes part whose updates move O(n) records.
pub const LINEAR_OPERATIONS_MAX: usize = 20_000;
/// The first part of a trial.
const FIRST: usize = 16;

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

/// Why a backend cannot do `work`, by what it says of itself.
pub(super) fn lacks(participant: &Participant, work: &Work) -> Option<String> {
    if let Some(missing) = participant.churn.missing() {
        return Some(missing.to_owned());
    }
    let can = participant.churn.capabilities()?;
    if work.needs.plug_after_boot && !can.plug_after_boot {
        return Some(physseg::Error::NoPlugAfterBoot.to_string());
    }
    (work.needs.split && !can.split).then(|| physseg::Error::NoSplit.to_string())
}

/// How many operations of `work` the participant does in a phase; `Err` within says why none at all.
pub(super) fn of(
    participant: &mut Participant,
    work: &Work,
) -> Result<Result<usize, String>, ChurnError> {
    let scenario = work.script.scenario;
    let whole = work.script.timed.len();
    let name = participant.name;
    let mut attempt = || {
        participant.churn.begin(work)?;
        let (mut done, mut elapsed) = (0, Duration::ZERO);
        while done < whole && !is_enough(scenario, elapsed) {
            let next = whole.min(FIRST.max(2 * done));
            elapsed += Duration::from_nanos(participant.churn.run(work, done..next)?);
            done = next;
        }
        Ok(done)
    };
    let outcome: Result<usize, super::Stopped> = attempt();
    let done = match outcome {
        Ok(done) => done,
        Err(stopped) => {
            participant.churn.end();
            return match stopped.unsupported(work.segments_most) {
                Some(reason) => Ok(Err(reason)),
                None => Err(ChurnError::Failed { backend: name, scenario, stopped }),
            };
        }
    };
    if done == whole {
        participant.verify(work)?;
    }
    participant.churn.end();
    if done < whole && scenario == Scenario::Build {
        let seconds = BUILD_MAX.as_secs();
        return Ok(Err(format!("more than {seconds} s for {done} of {} segments", whole - 1)));
    }
    Ok(Ok(done))
}

/// Whether a trial that took so long is over.
fn is_enough(scenario: Scenario, elapsed: Duration) -> bool {
    match scenario {
        Scenario::Build => elapsed > BUILD_MAX,
        _ => 4 * elapsed > PHASE_MAX,
    }
}

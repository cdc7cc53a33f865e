//! The participants of a layout, and rounds of a scenario among them.

use super::super::order::order;
use super::control::Control;
use super::trial::{self, LINEAR_OPERATIONS_MAX, OPERATIONS_MAX, Trial};
use super::{Churn, ChurnError, EXTENT, Occupied, Scenario, Script, Work};
use crate::layout::build::Plan;

/// One timed phase, verified.
#[derive(Clone, Copy, Debug)]
pub struct ChurnSample {
    /// Which participant; the last is the control.
    pub participant: usize,
    /// Place in the order of the round, from 0.
    pub position: u32,
    /// How many operations the time is of.
    pub operations: u64,
    /// The time of all of them.
    pub elapsed_ns: u64,
    /// What the table took where the phase began and ended; `None` of the control.
    pub occupied: Option<[Occupied; 2]>,
}

/// One who takes part.
pub(super) struct Participant {
    pub name: &'static str,
    pub churn: Box<dyn Churn>,
}

/// Backends on one layout, and the slabs alone.
pub struct ChurnBench<'a> {
    plan: Plan<'a>,
    participants: Vec<Participant>,
}

impl<'a> ChurnBench<'a> {
    /// The backends, each with its name. The control is added as the last participant.
    pub fn new(
        plan: Plan<'a>,
        backends: impl IntoIterator<Item = (&'static str, Box<dyn Churn>)>,
    ) -> Self {
        let control: Box<dyn Churn> = Box::new(Control::default());
        let all = backends.into_iter().chain([(EXTENT, control)]);
        let participants = all.map(|(name, churn)| Participant { name, churn }).collect();
        Self { plan, participants }
    }

    /// The name of a participant.
    pub fn name(&self, participant: usize) -> &'static str {
        self.participants.get(participant).map_or(EXTENT, |one| one.name)
    }

    /// Index of the control.
    pub fn control(&self) -> usize {
        self.participants.len() - 1
    }

    /// Tries a scenario: who can do it, and how many operations a phase may have. Not timed for the
    /// record.
    ///
    /// # Errors
    /// [`ChurnError`]; [`ChurnError::NothingToDo`] where nobody has anything to do.
    pub fn trial(&mut self, scenario: Scenario, seed: u64) -> Result<Trial, ChurnError> {
        let script = Script::new(scenario, &self.plan, seed, OPERATIONS_MAX)?;
        let work = Work::new(script, &self.plan)?;
        let mut trial = Trial { scenario, limit: OPERATIONS_MAX, unsupported: Vec::new() };
        for (index, participant) in self.participants.iter_mut().enumerate() {
            let outcome = match trial::lacks(participant, &work) {
                Some(reason) => Err(reason),
                None => trial::of(participant, &work)?,
            };
            match outcome {
                Ok(done) => {
                    let linear =
                        participant.churn.capabilities().is_some_and(|can| can.linear_updates);
                    let most = if linear { LINEAR_OPERATIONS_MAX } else { OPERATIONS_MAX };
                    trial.limit = trial.limit.min(done).min(most);
                }
                Err(reason) => trial.unsupported.push((index, reason)),
            }
        }
        Ok(trial)
    }

    /// One round: everybody who can does the same script from the same state, in the order that the
    /// design gives the round. `tick` is called before each phase, and ends the round when it says
    /// false. One participant's table is there at a time.
    ///
    /// # Errors
    /// [`ChurnError`].
    pub fn round(
        &mut self,
        trial: &Trial,
        (seed, order_seed): (u64, u64),
        round: u32,
        mut tick: impl FnMut() -> bool,
    ) -> Result<Option<Vec<ChurnSample>>, ChurnError> {
        let scenario = trial.scenario;
        let script = Script::new(scenario, &self.plan, seed, trial.limit)?;
        let work = Work::new(script, &self.plan)?;
        let able: Vec<usize> =
            (0..self.participants.len()).filter(|&index| trial.can(index)).collect();
        let mut samples = Vec::with_capacity(able.len());
        for (position, item) in (0..).zip(order(able.len(), order_seed, round)) {
            if !tick() {
                return Ok(None);
            }
            let Some(participant) =
                able.get(item).and_then(|&index| self.participants.get_mut(index))
            else {
                continue;
            };
            let (elapsed_ns, occupied) = participant.phase(&work)?;
            let operations = work.script.operations() as u64;
            samples.push(ChurnSample {
                participant: able[item],
                position,
                operations,
                elapsed_ns,
                occupied,
            });
        }
        Ok(Some(samples))
    }
}

impl Participant {
    /// One phase: the state it begins with, the timed operations, the check.
    fn phase(&mut self, work: &Work) -> Result<(u64, Option<[Occupied; 2]>), ChurnError> {
        let (backend, scenario) = (self.name, work.script.scenario);
        let failed = |stopped| ChurnError::Failed { backend, scenario, stopped };
        self.churn.begin(work).map_err(failed)?;
        let before = self.churn.occupied();
        let elapsed_ns = self.churn.run(work, 0..work.script.timed.len()).map_err(failed)?;
        self.verify(work)?;
        let after = self.churn.occupied();
        self.churn.end();
        Ok((elapsed_ns, before.zip(after).map(|(before, after)| [before, after])))
    }

    pub(super) fn verify(&self, work: &Work) -> Result<(), ChurnError> {
        let (backend, scenario) = (self.name, work.script.scenario);
        self.churn.verify(work).map_err(|what| ChurnError::Wrong { backend, scenario, what })
    }
}

impl std::fmt::Debug for ChurnBench<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.participants.iter().map(|one| one.name).collect();
        f.debug_struct("ChurnBench").field("participants", &names).finish_non_exhaustive()
    }
}

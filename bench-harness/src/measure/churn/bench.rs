//! The participants of a layout, and rounds of a scenario among them.

use std::time::Duration;

use super::super::beacon::{self, Doing};
use super::super::order::order;
use super::control::Control;
use super::pace::in_parts;
use super::trial::{self, Trial, Tried};
use super::{Churn, ChurnError, EXTENT, Occupied, Scenario, Script, Size, Work};
use crate::layout::Operation;
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
    pub(super) plan: Plan<'a>,
    pub(super) participants: Vec<Participant>,
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
    /// record. `tick` is called every now and then, and ends the trial without an answer when it says
    /// false.
    ///
    /// # Errors
    /// [`ChurnError`]; [`ChurnError::NothingToDo`] where nobody has anything to do.
    pub fn trial(
        &mut self,
        scenario: Scenario,
        seed: u64,
        tick: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Trial>, ChurnError> {
        let mut limit = trial::operations_max(&self.participants, scenario);
        if scenario == Scenario::Deflate {
            // Each of its phases begins with the whole of another scenario, which has to have an end.
            match self.trial(Scenario::Inflate, seed, tick)? {
                Some(inflating) => limit = limit.min(inflating.limit),
                None => return Ok(None),
            }
        }
        let mut trial = Trial { scenario, limit, unsupported: self.without_room(scenario, limit)? };
        if !(0..self.control()).any(|index| trial.can(index)) {
            return Ok(Some(trial)); // nobody left, and maybe no memory for a script either
        }
        let work = self.work(scenario, seed, limit)?;
        for (index, participant) in self.participants.iter_mut().enumerate() {
            if !trial.can(index) {
                continue;
            }
            let tried = match trial::lacks(participant, &work) {
                Some(reason) => Tried::Unable(reason),
                None => trial::of(participant, &work, tick)?,
            };
            match tried {
                Tried::Done(done) => trial.limit = trial.limit.min(done),
                Tried::Unable(reason) => trial.unsupported.push((index, reason)),
                Tried::Interrupted => return Ok(None),
            }
        }
        drop(work); // as large as what comes now
        trial.unsupported.sort_unstable();
        let whole = scenario != Scenario::Replug || self.half_way(&trial, seed, tick)?;
        Ok(whole.then_some(trial))
    }

    /// Lets everybody who can do half of `replug`, the unplugs, and holds what is left against the model: at the end all
    /// is there again, which a table that never took anything away has too. False where `tick` said so.
    fn half_way(
        &mut self,
        trial: &Trial,
        seed: u64,
        tick: &mut dyn FnMut() -> bool,
    ) -> Result<bool, ChurnError> {
        if !(0..self.control()).any(|index| trial.can(index)) {
            return Ok(true);
        }
        let mut script = Script::new(trial.scenario, &self.plan, seed, trial.limit)?;
        script.timed.retain(|operation| matches!(operation, Operation::Unplug(_)));
        let work = Work::new(script, &self.plan)?;
        for (index, participant) in self.participants.iter_mut().enumerate() {
            if trial.can(index) && !participant.half_way(&work, tick)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Who cannot be made on this machine at all, or gets no memory for the scenario, and why.
    fn without_room(
        &self,
        scenario: Scenario,
        limit: usize,
    ) -> Result<Vec<(usize, String)>, ChurnError> {
        let size = Size::of(scenario, &self.plan, limit)?;
        let why = |participant: &Participant| {
            let churn = &participant.churn;
            churn.missing().map(str::to_owned).or_else(|| churn.room(&size).err())
        };
        let all = self.participants.iter().enumerate();
        Ok(all.filter_map(|(index, one)| Some((index, why(one)?))).collect())
    }

    fn work(&self, scenario: Scenario, seed: u64, limit: usize) -> Result<Work, ChurnError> {
        Work::new(Script::new(scenario, &self.plan, seed, limit)?, &self.plan)
    }

    /// One round: everybody who can does the same script from the same state, in the order that the
    /// design gives the round. `tick` is called before each phase and while a table is brought to where
    /// one begins, and ends the round when it says false. One participant's table is there at a time.
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
        let work = self.work(trial.scenario, seed, trial.limit)?;
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
            let Some((elapsed_ns, occupied)) = participant.phase(&work, &mut tick)? else {
                return Ok(None);
            };
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

/// The time of a phase, and what the table took before and after.
type Phase = (u64, Option<[Occupied; 2]>);

impl Participant {
    /// One phase: the state it begins with, the timed operations, the check. `None` where `tick` said
    /// false before the timed operations.
    fn phase(
        &mut self,
        work: &Work,
        tick: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Phase>, ChurnError> {
        let (backend, scenario) = (self.name, work.script.scenario);
        let failed = |stopped| ChurnError::Failed { backend, scenario, stopped };
        beacon::begin(backend, Doing::Build);
        self.churn.begin(work).map_err(failed)?;
        let before = work.script.before.len();
        let prepared = in_parts(before, Duration::MAX, tick, |part| self.churn.prepare(work, part));
        if prepared.map_err(failed)?.is_none() {
            self.end();
            return Ok(None);
        }
        beacon::doing(Doing::Check); // a plugin is asked for its bytes, and may not come back
        let before = self.churn.occupied();
        beacon::doing(Doing::Churn);
        let elapsed_ns = self.churn.run(work, 0..work.script.timed.len()).map_err(failed)?;
        beacon::doing(Doing::Check);
        self.verify(work)?;
        let after = self.churn.occupied();
        self.end();
        Ok(Some((elapsed_ns, before.zip(after).map(|(before, after)| [before, after]))))
    }

    /// The first half of a scenario alone, checked and not timed. False where `tick` said so.
    fn half_way(
        &mut self,
        work: &Work,
        tick: &mut dyn FnMut() -> bool,
    ) -> Result<bool, ChurnError> {
        let (backend, scenario) = (self.name, work.script.scenario);
        let failed = |stopped| ChurnError::Failed { backend, scenario, stopped };
        beacon::begin(backend, Doing::Build);
        self.churn.begin(work).map_err(failed)?;
        let before = work.script.before.len();
        let prepared = in_parts(before, Duration::MAX, tick, |part| self.churn.prepare(work, part));
        let is_ready = prepared.map_err(failed)?.is_some();
        if is_ready {
            beacon::doing(Doing::Churn);
            self.churn.run(work, 0..work.script.timed.len()).map_err(failed)?;
            beacon::doing(Doing::Check);
            self.churn.verify(work).map_err(|what| {
                let what = format!("half way, before anything comes back: {what}");
                ChurnError::Wrong { backend, scenario, what }
            })?;
        }
        self.end();
        Ok(is_ready)
    }

    /// Gives back what it works on, and nobody is in charge any more.
    pub(super) fn end(&mut self) {
        self.churn.end();
        beacon::nobody();
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

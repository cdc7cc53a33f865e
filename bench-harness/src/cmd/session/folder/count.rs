//! How much of a run is on disk already: what a run that goes on need not measure again.

use super::Folder;
use crate::cmd::session::forecast::Forecast;
use crate::cmd::session::plan::Plan;
use crate::cmd::session::rounds::Rounds;
use crate::record::{self, BASELINE, Configuration, SampleRow};

impl Folder {
    /// Whether a resumed run had ended, with every round of `plan` on disk.
    pub(in crate::cmd::session) fn is_complete(&self, plan: &Plan) -> bool {
        let all_processes = plan.processes == 1 || self.process >= plan.processes;
        let mut batches = plan.configurations().map(|(configuration, _)| configuration);
        self.resumed
            && self.environment.ended.is_some()
            && self.files.comparison().exists()
            && all_processes
            && batches.all(|configuration| {
                let mut rows = self.recorded_rows.iter();
                let planned = rows.any(|row| row.configuration() == configuration);
                let per_round = record::samples_per_round(&self.recorded_rows, &configuration);
                planned && (per_round == 0 || self.has_all(plan, &configuration, BASELINE))
            })
    }

    /// How many rounds have a sample of `backend`; each whole one has one of the generator.
    fn rounds_of(&self, configuration: &Configuration, backend: &str) -> usize {
        let of_it = |row: &&SampleRow| row.backend == backend && row.is_of(configuration);
        self.samples.iter().filter(of_it).count()
    }

    /// Whether a batch has had its rounds, as far as `backend` is concerned.
    pub(in crate::cmd::session) fn has_all(
        &self,
        plan: &Plan,
        configuration: &Configuration,
        backend: &str,
    ) -> bool {
        let done = self.rounds_of(configuration, backend) as u64;
        match plan.rounds(configuration) {
            Rounds::Fixed(rounds) => done >= u64::from(rounds) * u64::from(plan.processes),
            Rounds::Until(_) => {
                let stopping = &self.environment.stopping;
                let processes = stopping.process_ends.len() as u64;
                let ended = stopping.of(configuration);
                let all = plan.processes == 1 || processes >= u64::from(plan.processes);
                all && ended.is_some_and(|end| done >= end.rounds)
            }
        }
    }

    /// How long what is not there yet will take.
    pub(in crate::cmd::session) fn forecast(&self, plan: &Plan) -> Forecast {
        Forecast::of(plan, self.process, |configuration| {
            let done = self.rounds_of(configuration, BASELINE);
            let enough = done > 0 && self.has_all(plan, configuration, BASELINE);
            (!enough).then(|| u32::try_from(done).unwrap_or(u32::MAX))
        })
    }
}

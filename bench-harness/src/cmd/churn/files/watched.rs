//! What becomes of the folder where other processes measure: on which core, and who failed in them.

use super::Files;
use crate::cmd::session::Barred;
use crate::cmd::{Failure, session};
use crate::record::{ChurnRow, ChurnSummaryRow, Status};

impl Files {
    /// Notes on which core another process measures.
    pub(in crate::cmd::churn) fn set_pinned(&mut self, pinned: String) -> Result<(), Failure> {
        let who = if self.rows.is_empty() { "another process" } else { "what followed" };
        session::note_pinned(&mut self.environment, pinned, who);
        self.write_environment().map_err(Failure::running)
    }

    /// Leaves a backend out of what is not measured yet of `rounds` rounds, and says and records why.
    ///
    /// # Errors
    /// The records cannot be written.
    pub(in crate::cmd::churn) fn bar(
        &mut self,
        barred: &Barred,
        rounds: u32,
    ) -> Result<(), Failure> {
        if !self.quiet {
            crate::console::warning(barred.in_words());
        }
        self.note_earlier(barred);
        let rows = &self.rows;
        let has_all = |row: &ChurnSummaryRow| {
            let of_it = |phase: &&ChurnRow| {
                (&phase.layout, &phase.scenario, &phase.backend)
                    == (&row.layout, &row.scenario, &row.backend)
            };
            rows.iter().filter(of_it).count() >= rounds as usize
        };
        for row in self.declared.iter_mut().filter(|row| row.backend == barred.backend) {
            if row.status == Status::Ok && !has_all(row) {
                row.status = Status::Failed(barred.why.clone());
            }
        }
        self.write_summary().and_then(|()| self.write_environment()).map_err(Failure::running)
    }

    /// Records why a backend is left out, which has been said.
    pub(in crate::cmd::churn) fn note_earlier(&mut self, barred: &Barred) {
        self.said.push(barred.recorded());
        session::warn(&mut self.environment, [barred.recorded()]);
    }
}

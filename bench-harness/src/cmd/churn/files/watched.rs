//! What becomes of the folder where other processes measure: on which core, and who failed in them.

use super::super::measuring::ALONE;
use super::super::plan::Plan;
use super::Files;
use crate::cmd::session::Barred;
use crate::cmd::{Failure, session};
use crate::record::{ChurnRow, ChurnSummaryRow, EXTENT, Status};

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

    /// Declares what was not begun when the last backend failed: everything of the plan has its rows once a run has
    /// ended, so that nobody takes what nobody could measure for what was never asked for.
    ///
    /// # Errors
    /// The records cannot be written.
    pub(in crate::cmd::churn) fn desert(&mut self, plan: &Plan) -> Result<(), Failure> {
        let rows = &self.rows;
        let is_measured = |row: &ChurnSummaryRow| {
            let key = (&row.layout, &row.scenario, &row.backend);
            rows.iter().any(|phase| (&phase.layout, &phase.scenario, &phase.backend) == key)
        };
        let is_control = |name: &str| {
            plan.backends.iter().any(|entry| entry.name == name && entry.shows_cost_of_calls())
        };
        // Declared when it still looked as if somebody could do it, and then not measured once.
        self.declared.retain(|row| row.backend != EXTENT || is_measured(row));
        for row in &mut self.declared {
            if row.status == Status::Ok && is_control(&row.backend) && !is_measured(row) {
                row.status = Status::Unsupported(ALONE.to_owned());
            }
        }
        for part in &plan.layouts {
            for scenario in plan.scenarios.iter().map(|scenario| scenario.as_str()) {
                let layout = part.layout.name.as_str();
                let is_of =
                    |row: &ChurnSummaryRow| row.layout == layout && row.scenario == scenario;
                if self.declared.iter().any(is_of) {
                    continue;
                }
                let undone = plan.backends.iter().map(|entry| {
                    let status = match plan.barred(entry.name) {
                        Some(barred) => Status::Failed(barred.why.clone()),
                        None => Status::Unsupported(ALONE.to_owned()),
                    };
                    let key = [layout, scenario, entry.name];
                    ChurnSummaryRow::declared(key, status, plan.reference, plan.equivalence_pct)
                });
                self.declared.extend(undone);
            }
        }
        self.write_summary().map_err(Failure::running)
    }

    /// Records why a backend is left out, which has been said.
    pub(in crate::cmd::churn) fn note_earlier(&mut self, barred: &Barred) {
        self.said.push(barred.recorded());
        session::warn(&mut self.environment, [barred.recorded()]);
    }
}

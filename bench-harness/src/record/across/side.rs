//! One of two runs that are compared: its samples sorted, and what it says about itself. Only `across`
//! uses it.

use crate::record::{
    Run, Status, SummaryRow,
    compare::unit_named,
    series::{Group, group, sample_key, summary_key},
};
use crate::stats::Unit;

/// A run, sorted.
pub(super) struct Side<'a> {
    pub(super) run: &'a Run,
    groups: Vec<Group<'a>>,
    pub(super) unit: Unit,
}

impl<'a> Side<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        let mut groups = group(&run.samples);
        // What a backend was timed at before it failed is no figure of it.
        for row in run.summary.iter().filter(|row| matches!(row.status, Status::Failed(_))) {
            let of_it = groups.iter_mut().find(|one| sample_key(one.first) == summary_key(row));
            if let Some(one) = of_it {
                one.series.retain(|series| series.backend != row.backend);
            }
        }
        Self { run, groups, unit: unit_of(run) }
    }

    /// The samples of the batch that a row of some summary is about.
    pub(super) fn group(&self, row: &SummaryRow) -> Option<&Group<'a>> {
        self.groups.iter().find(|group| sample_key(group.first) == summary_key(row))
    }

    pub(super) fn measured(&self, backend: &str) -> bool {
        self.groups.iter().any(|group| group.of(backend).is_some())
    }

    /// What this run was told to compare with.
    pub(super) fn reference(&self) -> Option<&str> {
        let recorded = self.run.comparison.first().map(|row| row.reference.as_str());
        recorded.or_else(|| self.run.environment.plan.get("reference")?.as_str())
    }

    /// Why a backend was not measured in a batch, where the summary says so.
    pub(super) fn reason(&self, like: &SummaryRow) -> Option<String> {
        let mut rows = self.run.summary.iter();
        let row =
            rows.find(|row| row.backend == like.backend && summary_key(row) == summary_key(like))?;
        Some(if row.status.is_ok() { "no rounds".to_owned() } else { row.status.to_string() })
    }

    /// How the backend was built for the batch, where the summary says so.
    pub(super) fn build(&self, like: &SummaryRow) -> Option<&'a str> {
        let mut rows = self.run.summary.iter();
        let row =
            rows.find(|r| r.backend == like.backend && summary_key(r) == summary_key(like))?;
        row.build.as_deref()
    }
}

/// The unit that the run's own comparison went by; a run of one backend has none, but says in its
/// plan whether it had several processes.
fn unit_of(run: &Run) -> Unit {
    if let Some(row) = run.comparison.first() {
        return unit_named(&row.unit);
    }
    let processes = run.environment.plan.get("processes").and_then(serde_json::Value::as_u64);
    if processes.is_some_and(|processes| processes > 1) { Unit::Processes } else { Unit::Rounds }
}

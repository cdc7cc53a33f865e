//! Taking over a run that was cut off, if it measured the same on the same machine.

use anyhow::{Context, anyhow};

use crate::cmd::{Failure, session};
use crate::record::{
    self, ChurnRow, ChurnRun, ChurnSummaryRow, EXTENT, Environment, Status, recover_churn,
};

/// A run as far as it got.
pub(super) struct Resumed {
    pub environment: Environment,
    /// Phases of whole rounds.
    pub rows: Vec<ChurnRow>,
    /// Who takes part in what, and what their tables occupy.
    pub declared: Vec<ChurnSummaryRow>,
}

/// Reads the run in `dir`, drops a round that was cut off, and holds its plan and machine against
/// `here`, which is what would be recorded if it began now.
pub(super) fn take_over(
    dir: &std::path::Path,
    here: &Environment,
    quiet: bool,
) -> Result<Resumed, Failure> {
    let environment = record::read_environment(&ChurnRun::environment(dir))
        .context("--resume needs to know what the run was to measure")
        .map_err(Failure::input)?;
    if let Some(why) = session::resume::refusal(&environment, here) {
        return Err(Failure::input(anyhow!("--resume: the run in {} {why}", dir.display())));
    }
    let summary = ChurnRun::summary(dir);
    let declared = if summary.exists() {
        record::read_churn_summary(&summary).map_err(Failure::input)?
    } else {
        Vec::new() // cut off before anything was tried
    };
    let recovered = recover_churn(&ChurnRun::churn(dir), |last| is_whole(last, &declared))
        .map_err(Failure::input)?;
    ChurnRun::check(dir, &recovered.rows, &declared, &environment).map_err(Failure::input)?;
    if !quiet {
        let dropped = match recovered.dropped_lines {
            0 => "",
            _ => " (a round that was cut off is dropped)",
        };
        let phases = recovered.rows.len();
        eprintln!("going on with {} after {phases} timed phases{dropped}", environment.run_id);
    }
    Ok(Resumed { environment, rows: recovered.rows, declared })
}

/// Whether a round has everybody that was to take part. The first one also has to have left what the
/// tables occupied, which is filed after it.
fn is_whole(round: &[ChurnRow], declared: &[ChurnSummaryRow]) -> bool {
    let Some(first) = round.first() else { return true };
    let mut those = declared.iter().filter(|row| {
        (&row.layout, &row.scenario) == (&first.layout, &first.scenario) && row.status == Status::Ok
    });
    let known = |row: &ChurnSummaryRow| row.backend == EXTENT || row.segments_before.is_some();
    // Who failed may have been in it, or not any more.
    let takes_part = |row: &&ChurnRow| those.clone().any(|one| one.backend == row.backend);
    let whole = round.iter().filter(takes_part).count() == those.clone().count();
    whole && (first.round > 0 || those.all(known))
}

#[cfg(test)]
mod tests {
    use super::is_whole;
    use crate::record::{ChurnRow, ChurnSummaryRow, EXTENT, Occupancy, Status};

    fn row(round: u32, backend: &str) -> ChurnRow {
        ChurnRow {
            run_id: "r".to_owned(),
            round,
            position: 0,
            layout: "l".to_owned(),
            scenario: "replug".to_owned(),
            backend: backend.to_owned(),
            operations: 1,
            elapsed_ns: 1,
            seed: 1,
        }
    }

    #[test]
    fn a_round_is_whole_with_everybody_and_the_first_with_what_tables_occupied() {
        let declared = |scenario, backend, status| {
            ChurnSummaryRow::declared(["l", scenario, backend], status, None, 1.0)
        };
        let mut those = vec![
            declared("replug", "rbtree", Status::Ok),
            declared("replug", "array", Status::Unsupported("cannot".to_owned())),
            declared("replug", EXTENT, Status::Ok),
            declared("build", "rbtree", Status::Ok),
        ];
        assert!(is_whole(&[row(1, "rbtree"), row(1, EXTENT)], &those));
        assert!(!is_whole(&[row(1, "rbtree")], &those));
        assert!(!is_whole(&[row(0, "rbtree"), row(0, EXTENT)], &those), "not known yet");
        let occupied =
            Occupancy { segments: 1, frames: 1, bytes_total: Some(1), bytes_index: None };
        those[0].occupied([occupied, occupied]);
        assert!(is_whole(&[row(0, "rbtree"), row(0, EXTENT)], &those));
    }
}

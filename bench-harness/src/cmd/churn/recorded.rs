//! What there is of a scenario, and what comes of a round: what processes of a run tell each other of both.

use serde::{Deserialize, Serialize};

use crate::record::{ChurnRow, ChurnSummaryRow, Occupancy, Status};

/// What a run that goes on has of a scenario.
#[derive(Clone, Default, Debug, Serialize, Deserialize)]
pub(super) struct Recorded {
    pub declared: Vec<ChurnSummaryRow>,
    pub rounds: u32,
    pub operations: Option<u64>,
}

/// What comes of a round.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Round {
    pub rows: Vec<ChurnRow>,
    /// Of the first one also what tables occupied, before and after, each with its backend.
    pub occupied: Vec<(String, [Occupancy; 2])>,
}

impl Recorded {
    /// Whether it has had its rounds, or nobody can do it.
    pub(super) fn is_complete(&self, rounds: u32) -> bool {
        let able = self.declared.iter().any(|row| row.status == Status::Ok);
        !self.declared.is_empty() && (self.rounds >= rounds || !able)
    }
}

#[cfg(test)]
mod tests {
    use super::Recorded;
    use crate::record::{ChurnSummaryRow, Status};

    #[test]
    fn a_scenario_is_complete_with_all_its_rounds_or_where_nobody_can_do_it() {
        let row = |status| ChurnSummaryRow::declared(["l", "replug", "b"], status, None, 1.0);
        let able = row(Status::Ok);
        let unable = row(Status::Unsupported("no".to_owned()));
        let complete = |declared: &[&ChurnSummaryRow], rounds| {
            Recorded {
                declared: declared.iter().copied().cloned().collect(),
                rounds,
                operations: None,
            }
            .is_complete(3)
        };
        assert!(!complete(&[], 0), "not begun");
        assert!(!complete(&[&able, &unable], 2));
        assert!(complete(&[&able, &unable], 3));
        assert!(complete(&[&unable], 0));
    }
}

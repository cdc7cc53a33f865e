//! What the process that has the folder and the one that measures plugins tell each other.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::recorded::{Recorded, Round};
use crate::cmd::session::Barred;
use crate::machine::Disturbance;
use crate::record::ChurnSummaryRow;

/// What a process is to do; the arguments it was started with are those of the run.
#[derive(Serialize, Deserialize)]
pub(super) struct Job {
    /// Whether to measure, or to load all plugins and nothing else.
    pub measures: bool,
    /// The plan that it has to arrive at.
    pub plan: Value,
    pub run_id: String,
    /// Backends that failed before, and are not touched any more.
    pub barred: Vec<Barred>,
    /// The file to note in who is in charge.
    pub beacon: PathBuf,
    /// What there is of each scenario that was begun, after layout and scenario.
    pub begun: Vec<(String, String, Recorded)>,
}

/// What it tells. It goes on when the other side is done with it.
#[derive(Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub(super) enum Message {
    /// It begins, on this core.
    Began { pinned: String },
    /// What it measures.
    Say { what: String },
    /// Who takes part in a scenario.
    Declare { rows: Vec<ChurnSummaryRow> },
    /// A round.
    Round { round: Round },
    /// So many rounds need not be measured.
    Skip { rounds: u32 },
    /// What others did on the machine meanwhile.
    Disturbed { by: Disturbance },
    /// Something is wrong with what it measures, and it gives up. If a backend is to blame: which one, and what it
    /// did.
    Failed { why: String, blamed: Option<(String, String)> },
    /// Everything is done.
    Done,
}

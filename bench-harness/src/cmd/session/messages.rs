//! What the process that has the folder and a process that measures tell each other.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::checks::Checked;
use crate::machine::Disturbance;
use crate::record::{BatchEnd, SampleRow, SummaryRow};

/// What a process of a run is to do; the arguments it was started with are those of the run.
#[derive(Serialize, Deserialize)]
pub(super) struct Job {
    /// The plan that it has to arrive at.
    pub plan: Value,
    pub run_id: String,
    /// Which process of the run it is.
    pub process: u32,
    /// How long it may take, in seconds.
    pub time_s: Option<f64>,
    /// Layouts that have been checked.
    pub checked: Vec<String>,
    /// Bytes to take from the heap before anything else, and to keep.
    pub heap_bytes: Vec<usize>,
}

/// What a process that measures tells. It goes on when the other side is done with it.
#[derive(Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub(super) enum Message {
    /// It begins, on this core.
    Began { pinned: String },
    /// Who takes part in the batches of a layout.
    TakePart { rows: Vec<SummaryRow> },
    /// What is made before it can measure.
    Prepare { what: String },
    /// What it measures.
    Say { what: String },
    /// A round.
    Round { rows: Vec<SampleRow> },
    /// What the checks of a layout gave.
    Checked { checked: Checked },
    /// How long something took that is not the measurement, in seconds.
    Beside { took_s: f64 },
    /// What others did on the machine meanwhile.
    Disturbed { by: Disturbance },
    /// A batch size has had enough rounds.
    Ended { end: BatchEnd },
    /// Something is wrong with what it measures, and it gives up.
    Failed { why: String },
    /// Everything is measured.
    Done,
}

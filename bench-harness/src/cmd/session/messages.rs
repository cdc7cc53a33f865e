//! What the process that has the folder and a process that measures tell each other.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::barred::Barred;
use super::checks::Checked;
use crate::machine::Disturbance;
use crate::record::{BatchEnd, SampleRow, Stopping, SummaryRow};

/// What a process of a run is to do; the arguments it was started with are those of the run.
#[derive(Serialize, Deserialize)]
pub(super) struct Job {
    pub task: Task,
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
    /// Backends that failed before, and are not touched any more.
    pub barred: Vec<Barred>,
    /// The file to note in who is in charge; none where nobody watches.
    pub beacon: Option<PathBuf>,
    /// What there is of a run that it goes on with; nothing where it measures everything itself.
    pub earlier: Option<Earlier>,
}

/// What a process is started for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) enum Task {
    /// To load all plugins and nothing else: what is none is found before anything is written.
    Load,
    /// To load them, and to settle how many lookups suit the timer.
    Settle,
    /// To measure.
    Measure,
}

/// What there is of a run already.
#[derive(Serialize, Deserialize)]
pub(super) struct Earlier {
    /// samples.csv.
    pub samples: PathBuf,
    /// How batch sizes ended that have had enough.
    pub stopping: Stopping,
    /// Layouts of which nothing is missing.
    pub layouts: Vec<String>,
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
    /// The plan, with what the timer decides settled.
    Settled { plan: Value },
    /// Something is wrong with what it measures, and it gives up. If a backend is to blame: which one, and what it
    /// did.
    Failed { why: String, blamed: Option<(String, String)> },
    /// Everything is measured.
    Done,
}

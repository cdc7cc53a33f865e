//! What ended the measurement of each batch size, where the number of rounds was not given beforehand,
//! and where one process of a run ends and the next begins. A part of environment.json.

use serde::{Deserialize, Serialize};

use super::Configuration;

/// What ended the rounds of a batch size. In order of how much was left undone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Every change is known as precisely as was asked for.
    Precision,
    /// The most rounds there were to be.
    Rounds,
    /// The time was spent.
    Time,
}

/// How the rounds of one batch size ended.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct BatchEnd {
    /// Layout name.
    pub layout: String,
    /// Workload; empty in records of a program that measured one workload, mode and target a run.
    #[serde(default)]
    pub workload: String,
    /// Mode; empty likewise.
    #[serde(default)]
    pub mode: String,
    /// Target; empty likewise.
    #[serde(default)]
    pub target: String,
    /// Lookups of a batch.
    pub lookups: u64,
    /// What ended it; of several processes, the limit that left most undone.
    pub limit: Limit,
    /// Rounds measured, of all processes.
    pub rounds: u64,
    /// Time they took in all, with verification and writing, in seconds.
    pub elapsed_s: f64,
    /// Half of the width of the widest 95 % interval of a gross change, in percentage points; `None`
    /// where there is no interval.
    pub half_width_pct: Option<f64>,
    /// What was asked for, in percentage points; `None` where time alone was the limit.
    pub wanted_half_width_pct: Option<f64>,
    /// How many more rounds that would take, by the square of the widths; `None` where it is reached,
    /// or processes are what it takes.
    pub more_rounds: Option<u64>,
    /// How many more processes it would take, where the process is the unit.
    pub more_processes: Option<u64>,
    /// About how long those would take, in seconds.
    pub more_s: Option<f64>,
}

impl BatchEnd {
    /// What ended; the generator, which is the same in a whole run, is not known here.
    pub fn configuration(&self) -> Configuration {
        Configuration {
            layout: self.layout.clone(),
            workload: self.workload.clone(),
            mode: self.mode.clone(),
            target: self.target.clone(),
            rng: String::new(),
            lookups: self.lookups,
        }
    }

    /// Whether it is the end of `configuration`; the generator is the same in a whole run.
    pub fn is_of(&self, configuration: &Configuration) -> bool {
        let Configuration { layout, workload, mode, target, lookups, .. } = configuration;
        self.key() == (layout, workload, mode, target, *lookups)
    }

    /// Whether both are ends of the same batch size, of whatever process.
    pub fn is_same(&self, other: &Self) -> bool {
        self.key() == other.key()
    }

    fn key(&self) -> (&str, &str, &str, &str, u64) {
        (&self.layout, &self.workload, &self.mode, &self.target, self.lookups)
    }
}

/// How far a run came, beyond what its samples tell.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Stopping {
    /// Of a run of several processes: how many samples were on disk when each had ended. What lies
    /// beyond the last of them is of a process that was cut off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub process_ends: Vec<u64>,
    /// Batch sizes whose number of rounds was not given beforehand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batches: Vec<BatchEnd>,
}

impl Stopping {
    /// Whether nothing is known: a run in one process with a number of rounds given.
    pub fn is_empty(&self) -> bool {
        self.process_ends.is_empty() && self.batches.is_empty()
    }

    /// How a batch size ended, if it has.
    pub fn of(&self, configuration: &Configuration) -> Option<&BatchEnd> {
        self.batches.iter().find(|end| end.is_of(configuration))
    }

    /// Notes how a batch size ended, instead of what was noted of it before.
    pub fn put(&mut self, end: BatchEnd) {
        self.batches.retain(|other| !other.is_same(&end));
        self.batches.push(end);
    }
}

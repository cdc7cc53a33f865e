//! What about this machine matters to a measurement: each fact with what it means, and what to do
//! about it where it is in the way.
//!
//! [`examine`] looks, [`Examination::checks`] puts it into words; only the first touches the machine,
//! so that what is said about other machines can be tested. The command `doctor` prints it.

mod clock;
mod memory;
mod neighbours;
mod processor;

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::{
    CounterError, Counters, Disturbance, Event, PinError, Watch, capture, pin_to_one_core, siblings,
};
use crate::record::{Environment, UNKNOWN};

/// Long enough for ticks of 10 ms to tell a tenth from a half.
const WATCHED: Duration = Duration::from_millis(300);

/// How it stands with one fact.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Nothing is in the way.
    Ok,
    /// It widens or biases results, and something can be done about it.
    Warn,
    /// The machine does not tell. That is no failure.
    Unknown,
}

impl State {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
        }
    }
}

/// One fact about the machine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// Its name: one word, always the same.
    pub name: &'static str,
    /// How it stands.
    pub state: State,
    /// What was found.
    pub value: String,
    /// What that means for a measurement.
    pub meaning: &'static str,
    /// What to do; only with [`State::Warn`].
    pub advice: Option<String>,
}

impl Check {
    fn ok(name: &'static str, value: String, meaning: &'static str) -> Self {
        Self { name, state: State::Ok, value, meaning, advice: None }
    }

    fn unknown(name: &'static str, meaning: &'static str) -> Self {
        Self { state: State::Unknown, ..Self::ok(name, UNKNOWN.to_owned(), meaning) }
    }

    fn warn(name: &'static str, value: String, meaning: &'static str, advice: &str) -> Self {
        Self {
            state: State::Warn,
            advice: Some(advice.to_owned()),
            ..Self::ok(name, value, meaning)
        }
    }
}

/// Everything that was looked at.
#[derive(Debug)]
pub struct Examination {
    /// The machine's facts.
    pub environment: Environment,
    /// Whether this thread could be pinned.
    pub pinned: Result<u32, PinError>,
    /// The logical processors that share a physical core with the one pinned to.
    pub siblings: Option<Vec<u32>>,
    /// What others did while one core was kept busy for a moment.
    pub disturbance: Disturbance,
    /// Which hardware counters can be opened, or why none.
    pub counters: Result<Vec<Event>, CounterError>,
}

/// Looks at the machine. Takes some 0.35 s, in which it keeps a core busy: what a hypervisor takes
/// away shows only while there is something to take. Pins the calling thread.
pub fn examine() -> Examination {
    let environment = capture();
    let pinned = pin_to_one_core();
    let core = pinned.as_ref().ok().copied();
    let watch = Watch::start(core);
    let start = Instant::now();
    while start.elapsed() < WATCHED {
        black_box(());
    }
    let disturbance = watch.finish();
    Examination {
        environment,
        pinned,
        siblings: core.and_then(siblings),
        disturbance,
        counters: Counters::open().map(|counters| counters.events().collect()),
    }
}

impl Examination {
    /// All checks, always the same ones in the same order.
    pub fn checks(&self) -> Vec<Check> {
        vec![
            clock::timer(self),
            clock::frequency(self),
            clock::turbo(self),
            processor::pinning(self),
            processor::smt(self),
            processor::hypervisor(self),
            processor::simd(self),
            processor::counters(self),
            neighbours::steal(self),
            neighbours::load(self),
            neighbours::other_cores(self),
            neighbours::own_core(self),
            memory::aslr(self),
            memory::huge_pages(self),
            memory::available(self),
            memory::swap(self),
        ]
    }
}

/// A text that the machine told.
fn told(text: &str) -> Option<&str> {
    Some(text).filter(|text| ![UNKNOWN, ""].contains(text))
}

/// A size as people read it.
fn gib(bytes: u64) -> String {
    format!("{:.1} GiB", bytes as f64 / (1_u64 << 30) as f64)
}

/// A share of one as a percentage.
fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

#[cfg(test)]
mod tests;

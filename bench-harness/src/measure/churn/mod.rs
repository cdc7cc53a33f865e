//! Plug and unplug, timed: scripts of operations carried out on a table of every backend, and on the
//! slabs alone.
//!
//! A *scenario* is a way of changing a table (a balloon that inflates, segments that go and come
//! back); a [`Script`] is one on a layout, the state that it begins with and every operation in order.
//! [`Work`] adds what must come of it, found without any table, and what of it concerns page
//! descriptors alone. A [`ChurnBench`] carries it out: in each round every participant does the same
//! work from the same state, in the order that [`order`](super::order_seed) draws, timed as a
//! whole and verified afterwards.
//!
//! | file | holds |
//! |---|---|
//! | `scenario.rs` | the scenarios by name |
//! | `script.rs` | operations before and in the timed phase |
//! | `model.rs`, `work.rs` | what must come of them |
//! | `step.rs` | what a table asks of the slabs for an operation |
//! | `tables.rs`, `control.rs` | the participants: a backend, and the slabs alone; `plugin` has another |
//! | `left_out.rs` | the place of a backend that failed |
//! | `size.rs` | how much memory it takes, asked first |
//! | `pace.rs` | operations a few at a time, under a time limit |
//! | `trial.rs`, `bench.rs` | how many operations; rounds |
//!
//! `registry` makes the participants, `cmd::churn` runs them.

mod bench;
mod control;
mod error;
mod left_out;
mod model;
mod pace;
mod scenario;
mod script;
mod size;
mod step;
mod tables;
mod trial;
mod work;

#[cfg(test)]
mod tests;

pub use bench::{ChurnBench, ChurnSample};
pub use error::{Cause, ChurnError, Refused, Stopped};
pub use left_out::LeftOut;
pub use model::Expected;
pub use scenario::Scenario;
pub use script::Script;
pub use size::Size;
pub use step::Step;
pub use tables::{Churn, Occupied, Tables};
pub use trial::{BUILD_MAX, LINEAR_OPERATIONS_MAX, OPERATIONS_MAX, PHASE_MAX, Trial};
pub use work::Work;

/// The name of the participant that does what a table asks of its slabs and nothing else.
pub const EXTENT: &str = "extent";

//! Measurement: rounds of timed batches, every answer verified.
//!
//! A *round* holds one batch of every backend and one of the baseline (the generator alone), all with
//! the same addresses, in an order that a balanced design gives each round. What differs between two
//! samples of a round is then the backend and the moment, and the moment averages out.
//!
//! This module times and checks; it neither judges nor writes. docs/METHODOLOGY.md argues for
//! what it does.

mod batch;
pub mod beacon;
mod bench;
pub mod churn;
mod clock;
mod descriptors;
mod displace;
mod error;
mod kind;
mod lookup;
mod oracle;
mod order;
mod runs;
mod settle;
mod size;
mod streamed;
mod subject;
mod timed;

#[cfg(test)]
mod tests;

pub use batch::{Answers, Batch, TRACE_BLOCK, Timed};
pub use bench::{Bench, Sample, round_seed};
pub(crate) use descriptors::touched;
pub use descriptors::{Descriptor, descriptors_of};
pub use displace::displaced_bytes;
pub use error::{MeasureError, NO_PAGE};
pub use kind::{Mode, Target};
pub use lookup::{Baseline, HandleOf, Lookup, PageOf, TouchOf, Twin};
pub(crate) use lookup::{handle_answer, start_of_answer};
pub use oracle::{Expected, Oracle, Run};
pub use order::{cycle, order_seed};
pub use runs::NoRuns;
pub(crate) use runs::room_for;
pub use settle::{SETTLE_LOOKUPS, SETTLE_NS, time_alone};
pub use size::{Clockwork, cold_lookups_for, lookups_for, lookups_for_nobody};
pub use streamed::Streamed;
pub use subject::{Facts, Outcome, Subject};

//! Measurement: rounds of timed batches, every answer verified.
//!
//! A *round* holds one batch of every backend and one of the baseline (the generator alone), all with
//! the same addresses, in an order shuffled anew for each round. What differs between two samples of
//! a round is then the backend and the moment, and the moment averages out.
//!
//! This module times and checks; it neither judges nor writes. docs/METHODOLOGY.md argues for
//! what it does.

mod batch;
mod bench;
mod error;
mod lookup;
mod oracle;
mod subject;

pub use batch::{Answers, Batch, Mode, TRACE_BLOCK, Target, Timed};
pub use bench::{Bench, Sample, round_seed};
pub use error::MeasureError;
pub use lookup::{Baseline, HandleOf, Lookup, PageOf};
pub use oracle::{Expected, Oracle, Run};
pub use subject::{Facts, Outcome, Subject};

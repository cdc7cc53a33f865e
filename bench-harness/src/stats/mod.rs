//! Numbers in, estimates out: what a series of timings says, and how far it can be trusted.
//!
//! A leaf of the program: imports nothing but statrs, does no input or output, knows neither files
//! nor backends. `record` fills its rows from here, and `report` uses [`welch_change`] on the
//! published tables.
//!
//! # What is assumed
//! Every interval and p-value here is Student's, and Student's t takes the rounds for independent
//! draws of one normal distribution. Rounds hold a sample of every backend, so whatever moves slower
//! than a round (a clock that steps down, a neighbour that wakes up) moves both sides of a pair and
//! falls out of the difference. What does not fall out is a disturbance that hits one backend more
//! than the other *and* lasts for several rounds. Then neighbouring differences resemble each
//! other, n rounds carry less than n rounds' worth of evidence, and the intervals are too narrow: if
//! each difference keeps half of the last one's deviation (first-order autocorrelation 0.5), a third
//! of the rounds is what counts, and an interval called 95 % covers about 74 %. On a machine that
//! drifts, take several runs and believe what they agree on.
//!
//! Rounds are added until the interval is narrow enough, so the number of rounds depends on the data.
//! Stopping on the *width* is mild, because for normal data the spread says nothing about the mean;
//! stopping on the *verdict* would not be, and is not offered.

mod centred;
mod change;
mod describe;
mod net;
mod student;
mod verdict;
mod welch;

pub use change::{Change, change, net_change};
pub use describe::{Description, describe, margin95_z};
pub use net::{Net, net};
pub use verdict::{EQUIVALENCE_FRACTION, SIGNIFICANCE, Verdict, holm, verdict};
pub use welch::{Moments, welch_change};

#[cfg(test)]
mod golden;
#[cfg(test)]
mod simulation;

//! Numbers in, estimates out: what a series of timings says, and how far it can be trusted.
//!
//! A leaf of the program: imports nothing but statrs, does no input or output, knows neither files
//! nor backends. `record` fills its rows from here, and `report` uses [`welch_change`] on the
//! published tables.
//!
//! # What is assumed
//! The interval of a change takes groups of consecutive rounds, or processes, for independent and
//! their middles for normal enough for Student's t; nothing is assumed of single batches, which are
//! skewed, clustered and full of spikes. `simulation` shows how far that carries. The margins of
//! one series by itself ([`describe`], [`net`]) are the paper's and Student's over the rounds, as their names say: they
//! are what a reader expects beside a mean, and too narrow where rounds resemble each other.
//!
//! Rounds are added until the interval is narrow enough, so their number depends on the data.
//! Stopping on the *width* is mild, because the spread says nothing about the middle; stopping on the
//! *verdict* would not be, and is not offered.

mod binomial;
mod centred;
mod change;
mod components;
mod describe;
mod groups;
mod location;
mod needed;
mod net;
mod net_ratio;
mod noise;
mod paired;
mod student;
mod trimmed;
mod unpaired;
mod verdict;
mod welch;

pub use binomial::{Share, share};
pub use change::{Change, change, net_change};
pub use components::{Components, components};
pub use describe::{Description, describe, margin95_z};
pub use needed::{processes_needed, rounds_needed};
pub use net::{Net, net};
pub use noise::{Behaviour, behaviour, paired_behaviour};
pub use paired::{Comparison, Rounds, Unit, change_of_nets, change_of_nets_by, compare_rounds};
pub use unpaired::{Level, unpaired_change};
pub use verdict::{EQUIVALENCE_FRACTION, SIGNIFICANCE, Verdict, holm, judge, verdict};
pub use welch::{Moments, welch_change};

#[cfg(test)]
mod golden;
#[cfg(test)]
mod simulation;

//! Workloads: which frames are looked up, drawn from a seed.
//!
//! A workload is a type that implements [`Addresses`], generic over the [`Generator`] it draws from,
//! so that the timed loop is compiled for each pair with nothing dynamic in it. [`WorkloadKind`] and
//! [`RngKind`] are their names on the command line; `measure` matches on them once, outside the
//! loop. Nothing here allocates or stores addresses: a run of any length takes no memory.

mod atf;
mod check;
mod generator;
mod kind;
mod random3;
mod uniform;

pub use atf::Atf;
pub use check::{WorkloadError, check};
pub use generator::{Generator, Xoshiro};
pub use kind::{RngKind, WorkloadKind};
pub use random3::Random3;
pub use uniform::Uniform;

use physseg::Pfn;

/// An endless sequence of frames to look up.
pub trait Addresses: Clone {
    /// The next frame. Costs a few instructions more than the generator's own.
    fn next_pfn(&mut self) -> Pfn;
}

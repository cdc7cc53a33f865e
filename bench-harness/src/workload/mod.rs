//! Workloads: which frames are looked up, drawn from a seed.
//!
//! A workload is a type that implements [`Addresses`], generic over the [`Generator`] it draws from.
//! Two of them are cheap enough to be drawn inside a timed loop, which is compiled for each pair with
//! nothing dynamic in it; all of them are drawn beforehand through [`Draw`] and read through
//! [`Blocks`]. [`WorkloadKind`] and [`RngKind`] are their names on the command line; `measure` matches
//! on them once, outside the loop. Addresses are drawn as they are needed: in the loop, into one block,
//! or at most [`AHEAD`] of them at once. So memory stays within bounds however long a run is.

mod ahead;
mod apart;
mod atf;
mod blocks;
mod check;
mod draw;
mod generator;
mod kind;
mod locality;
mod present;
mod random3;
mod recorded;
mod thousandths;
mod uniform;
mod zipf;

pub use ahead::{AHEAD, Ahead};
pub use apart::{Hits, Misses};
pub use atf::Atf;
pub use blocks::{Blocks, InPlace, Restoring};
pub use check::{WorkloadError, check};
pub use draw::{Draw, drawn};
pub use generator::{Generator, Xoshiro};
pub use kind::{RngKind, WorkloadKind};
pub use locality::{Repeat, Sequential};
pub use present::Present;
pub use random3::Random3;
pub use recorded::{Recorded, Replayed};
pub use thousandths::Thousandths;
pub use uniform::Uniform;
pub use zipf::Zipf;

use physseg::Pfn;

/// An endless sequence of frames to look up.
pub trait Addresses: Clone {
    /// The next frame. Of a workload that is drawn inline it costs a few instructions more than the
    /// generator's own.
    fn next_pfn(&mut self) -> Pfn;
}

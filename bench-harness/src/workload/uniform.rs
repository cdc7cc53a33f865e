//! Workload `uniform`: every frame of the lookup range equally often.

use physseg::{FrameRange, Pfn};

use super::{Addresses, Generator};
use crate::layout::Layout;

/// Frames drawn uniformly from a range, present or not.
#[derive(Clone, Debug)]
pub struct Uniform<G> {
    generator: G,
    start: u64,
    span: u64,
}

impl<G: Generator> Uniform<G> {
    /// Draws from the layout's lookup range. Whether the generator has enough bits for it says
    /// [`check`](super::check).
    pub fn new(layout: &Layout, seed: u64) -> Self {
        Self::over(layout.lookups.range, seed)
    }

    /// Draws from `range`.
    pub fn over(range: FrameRange, seed: u64) -> Self {
        Self { generator: G::seeded(seed), start: range.start().get(), span: range.frames() }
    }
}

impl<G: Generator> Addresses for Uniform<G> {
    #[inline(always)]
    #[allow(clippy::inline_always)] // part of the timed loop
    fn next_pfn(&mut self) -> Pfn {
        // At most the last frame of the range; wrapping_add leaves no overflow check in the loop.
        Pfn::new(self.start.wrapping_add(self.generator.below(self.span)))
    }
}

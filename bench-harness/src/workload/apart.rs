//! Workloads `hits` and `misses`: the two halves of `uniform`, apart.
//!
//! What a search costs that finds something and what one costs that does not are two questions, and in
//! a range with holes the mean of both says little about either.

use physseg::Pfn;

use super::{Addresses, Generator, Present};

/// Every present frame of the lookup range equally often.
#[derive(Clone, Debug)]
pub struct Hits<'a, G> {
    generator: G,
    present: &'a Present,
}

/// Every hole of the lookup range equally often.
#[derive(Clone, Debug)]
pub struct Misses<'a, G> {
    generator: G,
    present: &'a Present,
}

impl<'a, G: Generator> Hits<'a, G> {
    /// Draws from what is present; [`check`](super::check) refuses a layout where nothing is.
    pub fn new(present: &'a Present, seed: u64) -> Self {
        Self { generator: G::seeded(seed), present }
    }
}

impl<'a, G: Generator> Misses<'a, G> {
    /// Draws from the holes; [`check`](super::check) refuses a layout without any.
    pub fn new(present: &'a Present, seed: u64) -> Self {
        Self { generator: G::seeded(seed), present }
    }
}

impl<G: Generator> Addresses for Hits<'_, G> {
    fn next_pfn(&mut self) -> Pfn {
        self.present.nth_frame(self.generator.below(self.present.frames()))
    }
}

impl<G: Generator> Addresses for Misses<'_, G> {
    fn next_pfn(&mut self) -> Pfn {
        self.present.nth_hole(self.generator.below(self.present.holes()))
    }
}

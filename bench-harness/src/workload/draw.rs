//! Addresses of any workload, drawn a block at a time while no clock runs.
//!
//! Behind a trait object, so that whoever times blocks is compiled once and not once for each
//! workload and generator.

use physseg::Pfn;

use super::{
    Addresses, Atf, Generator, Hits, Misses, Present, Random3, Repeat, RngKind, Sequential,
    Uniform, WorkloadKind, Xoshiro, Zipf,
};
use crate::layout::Layout;

/// Something that draws blocks of addresses.
pub trait Draw {
    /// Makes ready for the next block, with so many lookups left. If that read memory of its own, the
    /// addresses that come back are to be looked up, untimed, before the clock runs.
    fn prepare(&mut self, _left: u64) -> &[Pfn] {
        &[]
    }

    /// Puts the next addresses into `block` and says how many: all that fit, unless there are fewer
    /// until it has to be made ready again; then at least one.
    fn fill(&mut self, block: &mut [Pfn]) -> usize;
}

impl<A: Addresses> Draw for A {
    fn fill(&mut self, block: &mut [Pfn]) -> usize {
        for pfn in &mut *block {
            *pfn = self.next_pfn();
        }
        block.len()
    }
}

/// The addresses of `workload` on `layout`, whose present frames are `present`. For a workload that
/// [`check`](super::check) let pass.
pub fn drawn<'a>(
    workload: WorkloadKind,
    rng: RngKind,
    layout: &Layout,
    present: &'a Present,
    seed: u64,
) -> Box<dyn Draw + 'a> {
    match rng {
        RngKind::Xoshiro256pp => drawn_from::<Xoshiro>(workload, layout, present, seed),
        RngKind::Random3 => drawn_from::<Random3>(workload, layout, present, seed),
    }
}

fn drawn_from<'a, G: Generator + 'a>(
    workload: WorkloadKind,
    layout: &Layout,
    present: &'a Present,
    seed: u64,
) -> Box<dyn Draw + 'a> {
    let range = layout.lookups.range;
    let uniform = || Box::new(Uniform::<G>::over(range, seed));
    match workload {
        WorkloadKind::Uniform => uniform(),
        WorkloadKind::Atf => Box::new(Atf::<G>::new(layout, seed)),
        WorkloadKind::Hits => Box::new(Hits::<G>::new(present, seed)),
        WorkloadKind::Misses => Box::new(Misses::<G>::new(present, seed)),
        WorkloadKind::Sequential => Box::new(Sequential::over::<G>(range, seed)),
        WorkloadKind::Repeat(again) => Box::new(Repeat::<G>::over(range, again, seed)),
        WorkloadKind::Zipf(exponent) => match Zipf::<G>::over(range, exponent, seed) {
            Some(zipf) => Box::new(zipf),
            None => uniform(), // an exponent of 0, which is no name of a workload
        },
    }
}

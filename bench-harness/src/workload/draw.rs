//! Addresses of any workload, drawn many at a time while no clock runs.
//!
//! Behind a trait object, so that whoever times blocks is compiled once and not once for each
//! workload and generator.

use physseg::Pfn;

use super::{
    Addresses, Atf, Generator, Hits, Misses, Present, Random3, Recorded, Repeat, RngKind,
    Sequential, Uniform, WorkloadKind, Xoshiro, Zipf,
};
use crate::layout::Layout;

/// Something that draws addresses.
pub trait Draw {
    /// Puts the next addresses into `block`.
    fn fill(&mut self, block: &mut [Pfn]);
}

impl<A: Addresses> Draw for A {
    fn fill(&mut self, block: &mut [Pfn]) {
        for pfn in block {
            *pfn = self.next_pfn();
        }
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
        WorkloadKind::Recorded(what) => Box::new(Recorded::from_seed::<G>(what, seed)),
        WorkloadKind::Zipf(exponent) => match Zipf::<G>::over(range, exponent, seed) {
            Some(zipf) => Box::new(zipf),
            None => uniform(), // an exponent of 0, which is no name of a workload
        },
    }
}

//! A batch of lookups, apart from who answers them; and which timed loop it is run in, chosen once a
//! batch and outside the loop.

use super::clock::Monotonic;
use super::descriptors::Descriptor;
use super::displace::Elsewhere;
use super::kind::{Mode, Target};
use super::lookup::Lookup;
use super::timed::TimedRun;
use crate::layout::Layout;
use crate::workload::{
    AHEAD, Addresses, Ahead, Atf, Blocks, Draw, InPlace, Present, Random3, RngKind, Uniform,
    WorkloadKind, Xoshiro, drawn,
};

/// Addresses drawn ahead in all modes but `inline`: 16 KiB of them, half of a small first-level data
/// cache, so that reading them costs next to nothing and leaves room for the structure.
pub const TRACE_BLOCK: usize = 2048;

/// One batch of lookups, apart from who answers them.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// Which addresses.
    pub workload: WorkloadKind,
    /// From which generator.
    pub rng: RngKind,
    /// Drawn when, and what lies between two lookups.
    pub mode: Mode,
    /// What is asked.
    pub target: Target,
    /// Where the addresses lie.
    pub layout: &'a Layout,
    /// What is present there.
    pub present: &'a Present,
    /// How many lookups.
    pub lookups: u64,
    /// Seed of the addresses.
    pub seed: u64,
    /// Seed of the order within rounds, see [`order_seed`](super::order_seed).
    pub order_seed: u64,
    /// How many bytes other work goes through before each burst, in [`Mode::Cold`].
    pub displaced_bytes: usize,
    /// Lookups, not timed, that bring the caches back where addresses are drawn far ahead
    /// ([`Ahead`]). Plans have none: [`settle`](super::settle) says how many, directly before a batch.
    pub restoring: u64,
    /// The page descriptors of the table that is asked, for [`Target::Touch`]; a
    /// [`Bench`](super::Bench) has them and puts them here.
    pub descriptors: &'a [Descriptor],
}

/// What a batch answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Answers {
    /// Lookups that found something.
    pub hits: u64,
    /// Wrapping sum of the answers.
    pub checksum: u64,
}

/// A timed batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timed {
    /// Time of the lookups (and of the generator in [`Mode::Inline`]), in nanoseconds.
    pub elapsed_ns: u64,
    /// What came out.
    pub answers: Answers,
}

impl<'a> Batch<'a> {
    /// Runs the batch against `lookup`. In [`Mode::Inline`] a workload that cannot be drawn inside the
    /// loop ([`WorkloadKind::is_inline`]) is drawn before it; whoever plans batches does not mix the
    /// two.
    pub fn run(&self, lookup: &impl Lookup) -> Timed {
        match self.mode {
            Mode::Inline => self.inline(lookup),
            Mode::Trace => self.trace(lookup),
            Mode::Chain => {
                let mut blocks = self.blocks();
                self.in_parts(lookup, |part| part.chain(&mut *blocks))
            }
            Mode::Cold(burst) => {
                let mut elsewhere = Elsewhere::new(self.displaced_bytes, self.seed);
                // Not drawn ahead: what is warm is displaced on purpose.
                let mut blocks = InPlace::new(self.addresses(), TRACE_BLOCK);
                let burst = usize::from(burst.get());
                self.in_parts(lookup, |part| {
                    part.cold(&mut blocks, burst, || {
                        elsewhere.work();
                    })
                })
            }
        }
    }

    /// Whether running it runs the timed loop and nothing else, so that what a processor counts
    /// meanwhile is of that loop.
    pub fn is_bare(&self) -> bool {
        self.mode == Mode::Inline && self.workload.is_inline()
    }

    fn trace(&self, lookup: &impl Lookup) -> Timed {
        let mut blocks = self.blocks();
        self.in_parts(lookup, |part| part.trace(&mut *blocks))
    }

    fn inline(&self, lookup: &impl Lookup) -> Timed {
        let (layout, seed) = (self.layout, self.seed);
        match (self.workload, self.rng) {
            (WorkloadKind::Uniform, RngKind::Xoshiro256pp) => {
                self.inline_from(lookup, Uniform::<Xoshiro>::new(layout, seed))
            }
            (WorkloadKind::Uniform, RngKind::Random3) => {
                self.inline_from(lookup, Uniform::<Random3>::new(layout, seed))
            }
            (WorkloadKind::Atf, RngKind::Xoshiro256pp) => {
                self.inline_from(lookup, Atf::<Xoshiro>::new(layout, seed))
            }
            (WorkloadKind::Atf, RngKind::Random3) => {
                self.inline_from(lookup, Atf::<Random3>::new(layout, seed))
            }
            _ => self.trace(lookup),
        }
    }

    /// The loop takes its generator by value, which leaves it in registers; so where there are further
    /// parts to come, it is drawn on here.
    fn inline_from<L: Lookup>(&self, lookup: &L, mut addresses: impl Addresses) -> Timed {
        self.in_parts(lookup, |part| {
            let these = addresses.clone();
            if L::AT_ONCE < u64::MAX {
                for _ in 0..part.lookups {
                    addresses.next_pfn();
                }
            }
            part.inline(these)
        })
    }

    /// Times the batch in as many parts as the lookup needs: one, but for a lookup that prepares.
    fn in_parts<L: Lookup>(
        &self,
        lookup: &L,
        mut timed: impl FnMut(&TimedRun<'_, L, Monotonic>) -> Timed,
    ) -> Timed {
        const { assert!(L::AT_ONCE >= TRACE_BLOCK as u64, "at least a block") };
        // Of whole bursts, so that every lookup's bursts are the same.
        let burst = self.mode.burst().map_or(1, |burst| burst.min(TRACE_BLOCK as u64));
        let at_once = L::AT_ONCE - L::AT_ONCE % burst;
        let mut beforehand = (L::AT_ONCE < u64::MAX).then(|| self.addresses());
        let mut sum = Timed::default();
        let mut left = self.lookups;
        loop {
            let lookups = left.min(at_once);
            if let Some(addresses) = &mut beforehand {
                lookup.make_ready(&mut **addresses, lookups);
            }
            let part = timed(&TimedRun { lookup, lookups, clock: Monotonic });
            sum.elapsed_ns += part.elapsed_ns;
            sum.answers.hits += part.answers.hits;
            sum.answers.checksum = sum.answers.checksum.wrapping_add(part.answers.checksum);
            left -= lookups;
            if left == 0 {
                return sum;
            }
        }
    }

    /// The batch's addresses for blocks that follow one another.
    fn blocks(&self) -> Box<dyn Blocks + 'a> {
        if !self.workload.is_searched() {
            return Box::new(InPlace::new(self.addresses(), TRACE_BLOCK));
        }
        let others = Self { seed: !self.seed, ..*self }.addresses();
        Box::new(Ahead::new(self.addresses(), AHEAD, others, self.restoring))
    }

    /// The batch's addresses, from the first one on.
    pub(super) fn addresses(&self) -> Box<dyn Draw + 'a> {
        drawn(self.workload, self.rng, self.layout, self.present, self.seed)
    }
}

impl Answers {
    #[inline(always)]
    #[allow(clippy::inline_always)] // the body of the timed loops
    pub(crate) fn take(&mut self, answer: u64) {
        self.hits += u64::from(answer != 0);
        self.checksum = self.checksum.wrapping_add(answer);
    }
}

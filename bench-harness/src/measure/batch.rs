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
    AHEAD, Ahead, Atf, Draw, Present, Random3, RngKind, Uniform, WorkloadKind, Xoshiro, drawn,
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
    /// ([`Ahead`]); [`settle`](super::settle) says how many.
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
#[derive(Clone, Copy, Debug)]
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
        let run = TimedRun { lookup, lookups: self.lookups, clock: Monotonic };
        match self.mode {
            Mode::Inline => self.inline(&run),
            Mode::Trace => run.trace(&mut *self.ahead()),
            Mode::Chain => run.chain(&mut *self.ahead()),
            Mode::Cold(burst) => {
                let mut elsewhere = Elsewhere::new(self.displaced_bytes, self.seed);
                let burst = usize::from(burst.get());
                run.cold(&mut *self.addresses(), burst, || elsewhere.work())
            }
        }
    }

    fn inline<L: Lookup>(&self, run: &TimedRun<'_, L, Monotonic>) -> Timed {
        let (layout, seed) = (self.layout, self.seed);
        match (self.workload, self.rng) {
            (WorkloadKind::Uniform, RngKind::Xoshiro256pp) => {
                run.inline(Uniform::<Xoshiro>::new(layout, seed))
            }
            (WorkloadKind::Uniform, RngKind::Random3) => {
                run.inline(Uniform::<Random3>::new(layout, seed))
            }
            (WorkloadKind::Atf, RngKind::Xoshiro256pp) => {
                run.inline(Atf::<Xoshiro>::new(layout, seed))
            }
            (WorkloadKind::Atf, RngKind::Random3) => run.inline(Atf::<Random3>::new(layout, seed)),
            _ => run.trace(&mut *self.addresses()),
        }
    }

    /// The batch's addresses for blocks that follow one another. Not for bursts, which are drawn after
    /// the caches were displaced on purpose.
    fn ahead(&self) -> Box<dyn Draw + 'a> {
        if !self.workload.is_searched() {
            return self.addresses();
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
    pub(super) fn take(&mut self, answer: u64) {
        self.hits += u64::from(answer != 0);
        self.checksum = self.checksum.wrapping_add(answer);
    }
}

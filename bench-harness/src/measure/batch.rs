//! The timed loops. Everything here is generic over the lookup and the address source, so that each
//! pair is compiled to one loop without calls through pointers; the choice between them is made
//! outside, once a batch.
//!
//! Nothing is allocated, written or drawn between the two readings of the clock.

use std::hint::black_box;
use std::str::FromStr;

use physseg::Pfn;

use super::clock::{Clock, Monotonic};
use super::lookup::Lookup;
use crate::layout::Layout;
use crate::names::UnknownName;
use crate::workload::{Addresses, Atf, Random3, RngKind, Uniform, WorkloadKind, Xoshiro};

/// Addresses drawn ahead in `trace` mode: 16 KiB of them, half of a small first-level data cache, so
/// that reading them costs next to nothing and leaves room for the structure.
pub const TRACE_BLOCK: usize = 2048;

/// Whether addresses are drawn inside the timed loop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Inside, as in the paper; the baseline says what that costs.
    Inline,
    /// Before the clock is read, in blocks of [`TRACE_BLOCK`].
    Trace,
}

/// Which question is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// The page descriptor's identity.
    Page,
    /// The segment's handle and the offset in it.
    Handle,
}

impl Mode {
    /// Every mode, the default first.
    pub const ALL: [Self; 2] = [Self::Inline, Self::Trace];

    /// As the command line and the CSV files name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Trace => "trace",
        }
    }

    /// What it is, in one line.
    pub fn description(self) -> &'static str {
        match self {
            Self::Inline => "addresses drawn inside the timed loop, as in the paper",
            Self::Trace => "addresses drawn before timing, in blocks that stay in the cache",
        }
    }
}

impl FromStr for Mode {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let named = Self::ALL.into_iter().find(|mode| mode.as_str() == name);
        named.ok_or_else(|| UnknownName::new("mode", name, &Self::ALL.map(Self::as_str)))
    }
}

impl Target {
    /// Every target, the default first.
    pub const ALL: [Self; 2] = [Self::Page, Self::Handle];

    /// As the command line and the CSV files name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Handle => "handle",
        }
    }

    /// What it is, in one line.
    pub fn description(self) -> &'static str {
        match self {
            Self::Page => "the identity of the page descriptor (PHYS_TO_VM_PAGE)",
            Self::Handle => "the segment's handle and the offset in it (uvm_physseg_find)",
        }
    }
}

impl FromStr for Target {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        let named = Self::ALL.into_iter().find(|target| target.as_str() == name);
        named.ok_or_else(|| UnknownName::new("target", name, &Self::ALL.map(Self::as_str)))
    }
}

/// One batch of lookups, apart from who answers them.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// Which addresses.
    pub workload: WorkloadKind,
    /// From which generator.
    pub rng: RngKind,
    /// Drawn when.
    pub mode: Mode,
    /// What is asked.
    pub target: Target,
    /// Where the addresses lie.
    pub layout: &'a Layout,
    /// How many lookups.
    pub lookups: u64,
    /// Seed of the addresses.
    pub seed: u64,
    /// Seed of the order within rounds, see [`order_seed`](super::order_seed).
    pub order_seed: u64,
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

impl Batch<'_> {
    /// Runs the batch against `lookup`.
    pub fn run(&self, lookup: &impl Lookup) -> Timed {
        let Self { mode, lookups, .. } = *self;
        self.with_addresses(TimedRun { lookup, mode, lookups, clock: Monotonic })
    }

    /// Draws the batch's addresses for `then`, which is compiled once for each kind of them.
    pub(super) fn with_addresses<T: WithAddresses>(&self, then: T) -> T::Output {
        let (layout, seed) = (self.layout, self.seed);
        match (self.workload, self.rng) {
            (WorkloadKind::Uniform, RngKind::Xoshiro256pp) => {
                then.run(Uniform::<Xoshiro>::new(layout, seed))
            }
            (WorkloadKind::Uniform, RngKind::Random3) => {
                then.run(Uniform::<Random3>::new(layout, seed))
            }
            (WorkloadKind::Atf, RngKind::Xoshiro256pp) => {
                then.run(Atf::<Xoshiro>::new(layout, seed))
            }
            (WorkloadKind::Atf, RngKind::Random3) => then.run(Atf::<Random3>::new(layout, seed)),
        }
    }
}

/// Something to be done with addresses of whatever kind.
pub(super) trait WithAddresses {
    type Output;
    fn run<A: Addresses>(self, addresses: A) -> Self::Output;
}

/// The timed loop of a mode, for whatever clock and addresses.
pub(super) struct TimedRun<'a, L, C> {
    pub lookup: &'a L,
    pub mode: Mode,
    pub lookups: u64,
    pub clock: C,
}

impl<L: Lookup, C: Clock> WithAddresses for TimedRun<'_, L, C> {
    type Output = Timed;

    fn run<A: Addresses>(self, addresses: A) -> Timed {
        match self.mode {
            Mode::Inline => inline(self.lookup, addresses, self.lookups, &self.clock),
            Mode::Trace => trace(self.lookup, addresses, self.lookups, &self.clock),
        }
    }
}

/// Draws, looks up and consumes `lookups` times.
#[inline(never)]
fn inline<L: Lookup, A: Addresses>(
    lookup: &L,
    mut addresses: A,
    lookups: u64,
    clock: &impl Clock,
) -> Timed {
    black_box(L::COPY); // loops that do the same would be merged into one
    let lookup = black_box(lookup);
    let start = clock.now();
    let mut answers = Answers::default();
    for _ in 0..lookups {
        answers.take(lookup.answer(addresses.next_pfn()));
    }
    let answers = black_box(answers);
    Timed { elapsed_ns: clock.nanoseconds_since(start), answers }
}

/// Draws a block, then looks it up with the clock running, until `lookups` are done.
#[inline(never)]
fn trace<L: Lookup, A: Addresses>(
    lookup: &L,
    mut addresses: A,
    lookups: u64,
    clock: &impl Clock,
) -> Timed {
    black_box(L::COPY); // loops that do the same would be merged into one
    let lookup = black_box(lookup);
    let mut block = [Pfn::ZERO; TRACE_BLOCK];
    let mut timed = Timed { elapsed_ns: 0, answers: Answers::default() };
    let mut left = lookups;
    while left > 0 {
        let drawn = usize::try_from(left).map_or(TRACE_BLOCK, |left| left.min(TRACE_BLOCK));
        for pfn in &mut block[..drawn] {
            *pfn = addresses.next_pfn();
        }
        let addresses = black_box(&block[..drawn]);
        let start = clock.now();
        let mut answers = timed.answers;
        for &pfn in addresses {
            answers.take(lookup.answer(pfn));
        }
        timed.answers = black_box(answers);
        timed.elapsed_ns += clock.nanoseconds_since(start);
        left -= drawn as u64;
    }
    timed
}

impl Answers {
    #[inline(always)]
    #[allow(clippy::inline_always)] // the body of the timed loops
    fn take(&mut self, answer: u64) {
        self.hits += u64::from(answer != 0);
        self.checksum = self.checksum.wrapping_add(answer);
    }
}

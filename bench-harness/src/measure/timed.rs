//! The timed loops, one a mode. Each is generic over the lookup, so that it is compiled to machine code
//! of its own for every backend and target, without calls through pointers.
//!
//! Only `inline` is generic over the addresses too. The others draw blocks of them between two stretches
//! of timing, so their loops are the same whatever is drawn, and compiled once a lookup.
//!
//! Nothing is allocated, written or drawn between two readings of the clock.

use std::hint::black_box;

use physseg::Pfn;

use super::batch::{Answers, TRACE_BLOCK, Timed};
use super::clock::Clock;
use super::lookup::Lookup;
use crate::workload::{Addresses, Blocks};

/// A batch of so many lookups, to be timed by a clock.
pub(super) struct TimedRun<'a, L, C> {
    pub lookup: &'a L,
    pub lookups: u64,
    pub clock: C,
}

impl<L: Lookup, C: Clock> TimedRun<'_, L, C> {
    /// Draws, looks up and consumes.
    #[inline(never)]
    pub(super) fn inline(&self, mut addresses: impl Addresses) -> Timed {
        black_box(L::COPY); // loops that do the same would be merged into one
        let lookup = black_box(self.lookup);
        let start = self.clock.now();
        let mut answers = Answers::default();
        for _ in 0..self.lookups {
            answers.take(lookup.answer(addresses.next_pfn()));
        }
        let answers = black_box(answers);
        Timed { elapsed_ns: self.clock.nanoseconds_since(start), answers }
    }

    /// Draws a block, then looks it up with the clock running, until all are done.
    #[inline(never)]
    pub(super) fn trace(&self, addresses: &mut dyn Blocks) -> Timed {
        black_box(L::COPY);
        let lookup = black_box(self.lookup);
        self.blocks(
            addresses,
            TRACE_BLOCK,
            || (),
            |mut answers, block| {
                lookup.answer_block(block, &mut answers);
                answers
            },
        )
    }

    /// As [`trace`](Self::trace), but no lookup can begin before the answer of the one before is there:
    /// the answer is masked with a word that is 0, which nobody can know, and what remains of it is
    /// mixed into the next address. The addresses are therefore those that were drawn, all of them
    /// different and as random as the workload says; a chain whose next address *is* the answer would
    /// sooner or later run in a circle, and in a short one.
    #[inline(never)]
    pub(super) fn chain(&self, addresses: &mut dyn Blocks) -> Timed {
        black_box(L::COPY);
        self.chained(addresses, black_box(0))
    }

    /// [`chain`](Self::chain), with the mask an argument: only with another one than 0 does it show
    /// that the answer goes into the next address of its block.
    #[inline(always)]
    #[allow(clippy::inline_always)] // the loop inside is what is measured
    pub(super) fn chained(&self, addresses: &mut dyn Blocks, mask: u64) -> Timed {
        let lookup = black_box(self.lookup);
        self.blocks(
            addresses,
            TRACE_BLOCK,
            || (),
            |mut answers, block| {
                let mut last = 0;
                for &pfn in block {
                    last = lookup.answer(Pfn::new(pfn.get() ^ (last & mask)));
                    answers.take(last);
                }
                answers
            },
        )
    }

    /// Bursts of `burst` lookups, at most [`TRACE_BLOCK`], each after other work. That is done before the
    /// addresses are drawn, which are then at hand as an argument is; and before the clock is read,
    /// which is read once for nothing, so that its own code is at hand too.
    #[inline(never)]
    pub(super) fn cold(
        &self,
        addresses: &mut dyn Blocks,
        burst: usize,
        mut other_work: impl FnMut(),
    ) -> Timed {
        black_box(L::COPY);
        let lookup = black_box(self.lookup);
        self.blocks(addresses, burst, &mut other_work, |mut answers, block| {
            lookup.answer_block(block, &mut answers);
            answers
        })
    }

    /// `timed` on block after block of `length` addresses, each made ready after `before`.
    #[inline(always)]
    #[allow(clippy::inline_always)] // the loops inside are what is measured
    fn blocks(
        &self,
        addresses: &mut dyn Blocks,
        length: usize,
        mut before: impl FnMut(),
        timed: impl Fn(Answers, &[Pfn]) -> Answers,
    ) -> Timed {
        let length = length.clamp(1, TRACE_BLOCK);
        let mut sum = Timed::default();
        let mut left = self.lookups;
        while left > 0 {
            let wanted = usize::try_from(left).map_or(length, |left| left.min(length));
            before();
            for untimed in addresses.prepare(left).blocks(TRACE_BLOCK) {
                black_box(timed(Answers::default(), black_box(untimed)));
            }
            let block = black_box(addresses.next_block(wanted));
            black_box(self.clock.now());
            let start = self.clock.now();
            sum.answers = black_box(timed(sum.answers, block));
            sum.elapsed_ns += self.clock.nanoseconds_since(start);
            left -= block.len() as u64;
        }
        sum
    }
}

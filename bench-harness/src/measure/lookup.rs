//! What is timed: one question put to one data structure, answered by one word.
//!
//! Answers are words so that a batch can count and sum them without a branch of its own: 0 is a
//! miss, anything else names what was found.

// Every function here is the body of a timed loop; whether it is inlined must not be a matter of taste.
#![allow(clippy::inline_always)]

use physseg::Pfn;
use physseg::backend::Backend;

use super::batch::Answers;
use super::descriptors::Descriptor;
use crate::workload::Draw;

/// Answers a lookup with one word.
pub trait Lookup {
    /// Which copy of the timed loop to use. Loops that differ in this alone are compiled apart,
    /// see [`Twin`].
    const COPY: u8 = 0;

    /// How many lookups it can be asked for at once, a block ([`TRACE_BLOCK`](super::TRACE_BLOCK)) at
    /// least. Batches of more are timed in parts.
    const AT_ONCE: u64 = u64::MAX;

    /// Makes ready for the next `lookups`, whose addresses `draw` gives, while no clock runs. Called before
    /// every part of a batch, if [`AT_ONCE`](Self::AT_ONCE) says that there may be several.
    fn make_ready(&self, _draw: &mut dyn Draw, _lookups: u64) {}

    /// 0 for a miss; otherwise a word that names the answer.
    fn answer(&self, pfn: Pfn) -> u64;

    /// Answers a block of lookups that do not wait for one another, in the order given. Who is called at a
    /// cost answers them in one call.
    #[inline(always)]
    fn answer_block(&self, block: &[Pfn], answers: &mut Answers) {
        for &pfn in block {
            answers.take(self.answer(pfn));
        }
    }
}

/// `PHYS_TO_VM_PAGE`: the identity of the page descriptor.
#[derive(Debug)]
pub struct PageOf<'a, B>(pub &'a B);

impl<B: Backend> Lookup for PageOf<'_, B> {
    #[inline(always)]
    fn answer(&self, pfn: Pfn) -> u64 {
        self.0.find_page(pfn).map_or(0, physseg::PageId::raw)
    }
}

/// `uvm_physseg_find`: the segment and the offset of the frame in it.
#[derive(Debug)]
pub struct HandleOf<'a, B>(pub &'a B);

impl<B: Backend> Lookup for HandleOf<'_, B> {
    #[inline(always)]
    fn answer(&self, pfn: Pfn) -> u64 {
        match self.0.find(pfn) {
            Some((handle, offset)) => handle_answer(B::handle_word(handle)).wrapping_add(offset),
            None => 0,
        }
    }
}

/// `PHYS_TO_VM_PAGE`, and the first word of the descriptor is read: one load more, through the bounds
/// of the array, where there is a page.
#[derive(Debug)]
pub struct TouchOf<'a, B> {
    /// The backend.
    pub backend: &'a B,
    /// Its page descriptors, by index.
    pub descriptors: &'a [Descriptor],
}

impl<B: Backend> Lookup for TouchOf<'_, B> {
    #[inline(always)]
    fn answer(&self, pfn: Pfn) -> u64 {
        let Some(page) = self.backend.find_page(pfn) else { return 0 };
        let index = usize::try_from(page.index()).unwrap_or(usize::MAX);
        self.descriptors.get(index).map_or(0, Descriptor::word)
    }
}

/// The answer for frame 0 of the segment that a handle names; further frames follow one by one. An
/// odd multiplier spreads neighbouring handles so that a wrong handle cannot be made up for by a
/// wrong offset.
pub(crate) fn handle_answer(handle_word: u64) -> u64 {
    handle_word.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1)
}

/// The start of the segment that an answer for `pfn` is about, where handles are the starts of segments (below 2^62)
/// and the offset is what lies between: what [`handle_answer`] and the offset added to it were made of. `None` where no
/// such segment gives this answer.
pub(crate) fn start_of_answer(pfn: Pfn, answer: u64) -> Option<u64> {
    // answer = start * K + 1 + (pfn - start), so start * (K - 1) = answer - 1 - pfn; K - 1 is four times an odd number.
    let multiple = answer.wrapping_sub(1).wrapping_sub(pfn.get());
    let factor = (handle_answer(1).wrapping_sub(2)) >> 2;
    // Newton's way to the inverse modulo 2^64: each step doubles the bits that are right, of which there are three.
    let inverse = (0..5).fold(factor, |inverse, _| {
        inverse.wrapping_mul(2_u64.wrapping_sub(factor.wrapping_mul(inverse)))
    });
    let start = (multiple >> 2).wrapping_mul(inverse) & (u64::MAX >> 2);
    let again = handle_answer(start).wrapping_add(pfn.get().wrapping_sub(start));
    (again == answer).then_some(start)
}

/// The baseline: the address itself is the answer, so that a batch costs what the generator and
/// the loop cost.
#[derive(Debug)]
pub struct Baseline;

impl Lookup for Baseline {
    #[inline(always)]
    fn answer(&self, pfn: Pfn) -> u64 {
        pfn.get() + 1
    }
}

/// The same lookup in a timed loop of its own: compiled a second time from the same source, so that its
/// machine code lies elsewhere in the program. What the two differ by is what placement alone
/// can do. A search that is inlined into the loop is copied with it; a function that is not (the tree's
/// descent) is shared.
#[derive(Debug)]
pub struct Twin<L>(pub L);

impl<L: Lookup> Lookup for Twin<L> {
    const COPY: u8 = L::COPY + 1;
    const AT_ONCE: u64 = L::AT_ONCE;

    fn make_ready(&self, draw: &mut dyn Draw, lookups: u64) {
        self.0.make_ready(draw, lookups);
    }

    #[inline(always)]
    fn answer(&self, pfn: Pfn) -> u64 {
        self.0.answer(pfn)
    }

    #[inline(always)]
    fn answer_block(&self, block: &[Pfn], answers: &mut Answers) {
        self.0.answer_block(block, answers);
    }
}

#[cfg(test)]
mod tests {
    use super::{Pfn, handle_answer, start_of_answer};

    #[test]
    fn the_segment_of_an_answer_is_found_again() {
        for start in [0, 1, 0x20, 0x1234_5678, (1 << 52) - 8] {
            for pfn in [start, start + 5] {
                let answer = handle_answer(start).wrapping_add(pfn - start);
                assert_eq!(start_of_answer(Pfn::new(pfn), answer), Some(start));
            }
        }
        // A frame below the start is an offset that is wrong, and the segment is known all the same.
        let wrong = handle_answer(40).wrapping_sub(8);
        assert_eq!(start_of_answer(Pfn::new(32), wrong), Some(40));
        assert_eq!(start_of_answer(Pfn::new(32), handle_answer(40) + 1), None);
    }
}

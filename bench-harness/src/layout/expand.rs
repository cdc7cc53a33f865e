//! Steps taken apart into single operations, one at a time.

use std::iter::FusedIterator;

use physseg::FrameRange;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::model::{Every, Operation, StepKind};

/// The operations of one step, ascending in frames. From [`StepKind::operations`].
#[derive(Clone, Debug)]
pub struct StepOperations(Expansion);

#[derive(Clone, Debug)]
enum Expansion {
    Single(Option<Operation>),
    Load(Split),
    Unplug(Fragments),
}

impl StepOperations {
    pub(super) fn new(step: StepKind) -> Self {
        Self(match step {
            StepKind::Load { range, split: Some(split) } => {
                Expansion::Load(Split::new(range, split))
            }
            StepKind::Unplug { range, every: Some(every) } => {
                Expansion::Unplug(Fragments::new(range, every))
            }
            StepKind::Load { range, split: None } => {
                Expansion::Single(Some(Operation::Load(range)))
            }
            StepKind::Boot => Expansion::Single(Some(Operation::Boot)),
            StepKind::Plug { range } => Expansion::Single(Some(Operation::Plug(range))),
            StepKind::Unplug { range, every: None } => {
                Expansion::Single(Some(Operation::Unplug(range)))
            }
        })
    }
}

impl Iterator for StepOperations {
    type Item = Operation;

    fn next(&mut self) -> Option<Operation> {
        match &mut self.0 {
            Expansion::Single(operation) => operation.take(),
            Expansion::Load(pieces) => pieces.next().map(Operation::Load),
            Expansion::Unplug(pieces) => pieces.next().map(Operation::Unplug),
        }
    }
}

impl FusedIterator for StepOperations {}

/// A range in pieces of equal size; the last may be smaller.
#[derive(Clone, Debug)]
pub(super) struct Split {
    rest: Option<FrameRange>,
    piece: u64,
}

impl Split {
    /// Pieces of `piece` frames; 0 is taken for 1, so that the sequence ends.
    pub(super) fn new(range: FrameRange, piece: u64) -> Self {
        Self { rest: Some(range), piece: piece.max(1) }
    }

    /// How many pieces are left.
    pub(super) fn pieces_left(&self) -> u64 {
        self.rest.map_or(0, |rest| rest.frames().div_ceil(self.piece))
    }
}

impl Iterator for Split {
    type Item = FrameRange;

    fn next(&mut self) -> Option<FrameRange> {
        let rest = self.rest?;
        let piece = FrameRange::with_len(rest.start(), self.piece.min(rest.frames()))?;
        self.rest = FrameRange::new(piece.end(), rest.end());
        Some(piece)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = usize::try_from(self.pieces_left());
        (count.unwrap_or(usize::MAX), count.ok())
    }
}

/// The frames that go when a range is fragmented, see [`Every`].
#[derive(Clone, Debug)]
pub(super) struct Fragments {
    pieces: Split,
    smallest: u64,
    choices: u64,
    generator: Xoshiro256PlusPlus,
}

impl Fragments {
    pub(super) fn new(range: FrameRange, every: Every) -> Self {
        let (smallest, largest) = every.frames;
        Self {
            pieces: Split::new(range, every.every),
            smallest,
            choices: largest.saturating_sub(smallest).saturating_add(1),
            generator: Xoshiro256PlusPlus::seed_from_u64(every.seed),
        }
    }
}

impl Iterator for Fragments {
    type Item = FrameRange;

    fn next(&mut self) -> Option<FrameRange> {
        loop {
            let piece = self.pieces.next()?;
            let drawn = scale(self.generator.next_u64(), self.choices);
            let frames = self.smallest.saturating_add(drawn).min(piece.frames() - 1);
            // Only a last piece of one frame leaves nothing to unplug.
            if let Some(gone) = FrameRange::with_len(piece.start(), frames) {
                return Some(gone);
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (pieces, most) = self.pieces.size_hint();
        (pieces.saturating_sub(1), most)
    }
}

/// Multiply-shift range reduction (Lemire 2019): `draw` of 64 bits to `0..choices`.
fn scale(draw: u64, choices: u64) -> u64 {
    let product = u128::from(draw) * u128::from(choices);
    #[allow(clippy::cast_possible_truncation)] // the upper half of a 128-bit product
    let scaled = (product >> 64) as u64;
    scaled
}

/// A range from bare numbers.
#[cfg(test)]
pub(super) fn frames(start: u64, end: u64) -> FrameRange {
    FrameRange::new(physseg::Pfn::new(start), physseg::Pfn::new(end))
        .expect("a range of at least one frame")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unplug(start: u64, end: u64, every: Every) -> Vec<FrameRange> {
        Fragments::new(frames(start, end), every).collect()
    }

    #[test]
    fn a_split_load_covers_its_range_in_equal_pieces() {
        let pieces: Vec<_> = Split::new(frames(3, 20), 8).collect();
        assert_eq!(pieces, [frames(3, 11), frames(11, 19), frames(19, 20)]);
        assert_eq!(Split::new(frames(3, 20), 8).pieces_left(), 3);
        assert_eq!(Split::new(frames(0, 2), u64::MAX).collect::<Vec<_>>(), [frames(0, 2)]);
        let far = frames(u64::MAX - 3, u64::MAX);
        assert_eq!(Split::new(far, 2).pieces_left(), 2);
        assert_eq!(Split::new(far, 2).last().unwrap().end(), far.end());
    }

    #[test]
    fn fragments_start_at_every_piece_and_leave_something_of_it() {
        let every = Every { every: 8, frames: (1, 7), seed: 1 };
        let gone = unplug(256, 65536, every);
        assert_eq!(gone.len(), 8160);
        let mut counts = [0_u32; 8];
        for (index, range) in gone.iter().enumerate() {
            assert_eq!(range.start().get(), 256 + 8 * index as u64);
            counts[usize::try_from(range.frames()).unwrap()] += 1;
        }
        assert_eq!(counts[0], 0);
        // 8160 / 7 = 1166 expected of each, standard deviation 32; the seed is fixed.
        for count in &counts[1..] {
            assert!((1000..1340).contains(count), "{counts:?}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_map_and_another_seed_another() {
        let every = |seed| Every { every: 8, frames: (1, 7), seed };
        assert_eq!(unplug(0, 512, every(5)), unplug(0, 512, every(5)));
        assert_ne!(unplug(0, 512, every(5)), unplug(0, 512, every(6)));
        // Held fast, so that no change of library or code moves the shipped maps unnoticed.
        let lengths: Vec<_> =
            unplug(256, 512, every(1)).iter().map(|range| range.frames()).collect();
        assert_eq!(&lengths[..12], GOLDEN_SEED_1);
    }

    const GOLDEN_SEED_1: &[u64] = &[6, 6, 1, 6, 2, 5, 7, 4, 1, 1, 7, 3];

    #[test]
    fn the_last_piece_is_clipped_and_never_goes_whole() {
        let all_but_one = Every { every: 8, frames: (7, 7), seed: 1 };
        assert_eq!(unplug(0, 11, all_but_one), [frames(0, 7), frames(8, 10)]);
        assert_eq!(unplug(0, 9, all_but_one), [frames(0, 7)]);
    }

    #[test]
    fn values_that_check_refuses_still_end() {
        let none = Every { every: 0, frames: (5, 1), seed: 0 };
        assert_eq!(unplug(0, 64, none), []);
        assert_eq!(Split::new(frames(0, 3), 0).pieces_left(), 3);
    }

    #[test]
    fn multiply_shift_reaches_both_ends_and_no_further() {
        assert_eq!(scale(0, 7), 0);
        assert_eq!(scale(u64::MAX, 7), 6);
        assert_eq!(scale(u64::MAX, u64::MAX), u64::MAX - 1);
    }
}

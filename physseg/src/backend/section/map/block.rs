//! 64 frames of the page map: which are there, and how a frame becomes its descriptor.
//!
//! A frame's descriptor is told in one of three ways, chosen for the block as a whole; the block's
//! second word says which:
//!
//! | word, signed | way | answer for frame `f`, the block's number `i` |
//! |---|---|---|
//! | from `-2^62` | bias: "first descriptor minus first frame" | `word + f` |
//! | from `-2^63` | rank: the descriptors ascend, with no more of them skipped than frames | `word + 2^63` plus the steps below `i` |
//! | from `-2^63 + 2^61` | table: anything | entry `i` of a table |
//!
//! The bias is what one segment has, or several cut from one. The rank (a population count over a
//! word of *steps*, as in succinct bit vectors: Jacobson, "Space-efficient static trees and graphs",
//! 1989) is what segments have that were loaded side by side at boot, where descriptors are numbered
//! through; it saves them a table of 512 bytes a block. Tables are for descriptors in disorder, as
//! after plugging at random.

/// Frames of a block.
pub(super) const FRAMES: u64 = 64;

/// The lowest bias. Frames have less than 44 bits, so that a bias as low is that of a descriptor with
/// a number beyond all that can be given out one by one.
const BIAS_MIN: i64 = -(1 << 62);

/// Set in words that are no bias.
const RANK: u64 = 1 << 63;

/// Set besides in those that name a table.
const TABLE: u64 = 1 << 61;

/// 64 frames. The steps of a block told by rank are beside it in its chunk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Block {
    /// Bit `i` for the block's frame number `i`.
    pub(super) valid: u64,
    pub(super) word: u64,
}

/// Whether a word is a bias: one comparison, and a branch that is guessed well where the blocks of a
/// layout are of one kind.
#[inline(always)]
#[allow(clippy::inline_always, clippy::cast_possible_wrap)] // the hot path; signed is what is meant
pub(super) const fn is_bias(word: u64) -> bool {
    word as i64 >= BIAS_MIN
}

/// A word that is neither a bias nor a rank, for entries without blocks.
pub(super) const fn mark(number: u32) -> u64 {
    RANK | TABLE | number as u64
}

/// Bits `[low, high)`, of which there is at least one.
#[inline]
pub(super) const fn bits(low: u64, high: u64) -> u64 {
    (u64::MAX >> (FRAMES - (high - low))) << low
}

/// The frames `[low, high)` of a block, and the descriptors that they are to have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) low: u64,
    pub(super) high: u64,
    /// The block's first frame.
    pub(super) block_start: u64,
    /// The raw word of the first frame's descriptor.
    pub(super) raw: u64,
}

impl Run {
    fn bias(&self) -> u64 {
        self.raw.wrapping_sub(self.block_start + self.low)
    }

    pub(super) fn bits(&self) -> u64 {
        bits(self.low, self.high)
    }
}

impl Block {
    /// Without a frame.
    pub(super) const EMPTY: Self = Self { valid: 0, word: 0 };

    /// All frames there, one bias.
    pub(super) const fn full(bias: u64) -> Self {
        Self { valid: u64::MAX, word: bias }
    }

    pub(super) const fn with_table(valid: u64, table: u32) -> Self {
        Self { valid, word: mark(table) }
    }

    /// The table that tells the block's descriptors, if it is one.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // the lower half is what is wanted
    pub(super) const fn table(self) -> Option<u32> {
        if is_bias(self.word) || self.word & TABLE == 0 { None } else { Some(self.word as u32) }
    }

    /// The raw word of frame `index` of the block, if it is told by bias or rank.
    #[inline]
    pub(super) const fn told(self, steps: u64, block_start: u64, index: u64) -> u64 {
        if is_bias(self.word) {
            self.word.wrapping_add(block_start + index)
        } else {
            self.ranked(steps, index)
        }
    }

    /// As [`told`](Self::told), by rank.
    #[inline]
    pub(super) const fn ranked(self, steps: u64, index: u64) -> u64 {
        (self.word & !RANK) + (steps & ((1 << index) - 1)).count_ones() as u64
    }

    /// The block with `run` added, and its steps, if a bias or a rank can tell all of it. None of
    /// the run's frames may be there.
    pub(super) fn with(self, steps: u64, run: &Run) -> Option<(Self, u64)> {
        let bias = run.bias();
        if is_bias(bias) && (self.valid == 0 || self.word == bias) {
            return Some((Self { valid: self.valid | run.bits(), word: bias }, u64::MAX));
        }
        if self.valid == 0 || self.table().is_some() {
            return None;
        }
        self.with_by_rank(steps, run)
    }

    /// As [`with`](Self::with), where a rank has to tell it: between neighbours, `n` frames apart, the
    /// descriptors advance by 1 to `n`.
    fn with_by_rank(self, steps: u64, run: &Run) -> Option<(Self, u64)> {
        let told = |index| self.told(steps, run.block_start, index);
        let last = run.high - 1;
        let last_raw = run.raw.checked_add(last - run.low)?;
        let lower = self.valid & ((1 << run.low) - 1);
        let upper = self.valid & !bits(0, run.high);
        let (mut base, mut steps) = if is_bias(self.word) {
            let lowest = u64::from(self.valid.trailing_zeros());
            (told(lowest), u64::MAX << lowest)
        } else {
            (self.word & !RANK, steps)
        };
        if lower == 0 {
            (base, steps) = (run.raw, steps & u64::MAX << run.low);
        } else {
            let previous = 63 - u64::from(lower.leading_zeros());
            steps = advance(steps, (previous, told(previous)), (run.low, run.raw))?;
        }
        steps |= u64::MAX << run.low & !(u64::MAX << last);
        if upper == 0 {
            steps |= u64::MAX << last;
        } else {
            let next = u64::from(upper.trailing_zeros());
            steps = advance(steps, (last, last_raw), (next, told(next)))?;
        }
        // The words of other ways are not to be reached.
        let fits = base < TABLE - FRAMES;
        fits.then_some((Self { valid: self.valid | run.bits(), word: RANK | base }, steps))
    }
}

/// The steps with as many between two neighbouring frames as there are from descriptor to
/// descriptor, if that is possible. Both are given as frame number and raw word.
fn advance(steps: u64, from: (u64, u64), to: (u64, u64)) -> Option<u64> {
    let count = to.1.checked_sub(from.1)?;
    let possible = 1 <= count && count <= to.0 - from.0;
    possible.then(|| steps & !bits(from.0, to.0) | bits(from.0, from.0 + count))
}

//! What a sequence has led to, for the tests that sequences lead to what they are there for.

use super::frames::Seen;

/// A small structure and a large one, in segments.
const SMALL: usize = 32;
const LARGE: usize = 65;

/// The extremes of a table so far.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Met {
    /// The most segments that there were at a time.
    pub(crate) most_segments: usize,
    /// From the lowest frame to the highest, at most.
    pub(crate) widest: u64,
    /// The most frames of a segment.
    pub(crate) longest: u64,
    /// How many times there were few segments after there had been many, and then many again.
    pub(crate) grown_again: u32,
    /// Half-way there: few after many.
    was_large: bool,
    has_shrunk: bool,
}

impl Met {
    /// So many segments are there now.
    pub(crate) fn count(&mut self, segments: usize) {
        self.most_segments = self.most_segments.max(segments);
        if segments >= LARGE {
            self.grown_again += u32::from(self.has_shrunk);
            (self.was_large, self.has_shrunk) = (true, false);
        } else if segments <= SMALL && self.was_large {
            self.has_shrunk = true;
        }
    }

    /// These are all of them.
    pub(crate) fn note(&mut self, seen: &[Seen]) {
        let longest = seen.iter().map(|seen| seen.range.frames()).max();
        self.longest = self.longest.max(longest.unwrap_or(0));
        if let [first, .., last] = seen {
            self.widest = self.widest.max(last.range.end().get() - first.range.start().get());
        }
    }

    /// The extremes of both.
    #[cfg(test)]
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            most_segments: self.most_segments.max(other.most_segments),
            widest: self.widest.max(other.widest),
            longest: self.longest.max(other.longest),
            grown_again: self.grown_again + other.grown_again,
            ..Self::default()
        }
    }
}

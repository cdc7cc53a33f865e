//! Which frames of a lookup range are present and which are holes, so that either can be drawn.
//!
//! The n-th present frame, or the n-th hole, is found by a search over running totals. Of those only
//! one for every sixteen segments is kept: 33.5 million segments take 17 MB, and most of a search stays
//! in the cache. Built once a layout; searched only while no clock runs.

use std::sync::Arc;

use physseg::{FrameRange, Pfn};

/// Segments from one running total to the next.
const STRIDE: usize = 16;

/// The present frames and the holes of a lookup range, in ascending order.
#[derive(Clone, Debug)]
pub struct Present {
    /// All segments of the layout, sorted and disjoint.
    segments: Arc<Vec<FrameRange>>,
    range: FrameRange,
    /// The segments that reach into the range are those from here on ...
    low: usize,
    /// ... up to and without this one.
    high: usize,
    /// Present frames of the range before segment `low + i * STRIDE`.
    before: Vec<u64>,
    frames: u64,
}

impl Present {
    /// What of `range` lies in `segments`, which are sorted and share no frames.
    pub fn new(segments: Arc<Vec<FrameRange>>, range: FrameRange) -> Self {
        let low = segments.partition_point(|segment| segment.end() <= range.start());
        let high = segments.partition_point(|segment| segment.start() < range.end()).max(low);
        let mut present = Self { segments, range, low, high, before: Vec::new(), frames: 0 };
        present.before.reserve_exact((high - low).div_ceil(STRIDE));
        for index in low..high {
            if (index - low).is_multiple_of(STRIDE) {
                present.before.push(present.frames);
            }
            let (start, end) = present.clipped(index);
            present.frames += end - start;
        }
        present
    }

    /// All segments of the layout, in the range or not, sorted.
    pub fn segments(&self) -> &[FrameRange] {
        &self.segments
    }

    /// How many frames of the range are present.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// How many are not.
    pub fn holes(&self) -> u64 {
        self.range.frames() - self.frames
    }

    /// The `n`-th present frame of the range, from 0; beyond the last one, the end of the range.
    pub fn nth_frame(&self, n: u64) -> Pfn {
        let after = self.before.partition_point(|&before| before <= n);
        let at = after.saturating_sub(1);
        let mut left = n - self.before.get(at).copied().unwrap_or(0);
        for index in self.low + at * STRIDE..self.high {
            let (start, end) = self.clipped(index);
            if left < end - start {
                return Pfn::new(start + left);
            }
            left -= end - start;
        }
        self.range.end()
    }

    /// The `n`-th hole of the range, from 0; beyond the last one, a frame beyond the range.
    pub fn nth_hole(&self, n: u64) -> Pfn {
        // So many holes lie before the segments that the totals stand for, which they ascend with.
        let (mut first, mut after) = (0, self.before.len());
        while first < after {
            let middle = first + (after - first) / 2;
            let (start, _) = self.clipped(self.low + middle * STRIDE);
            if start - self.range.start().get() - self.before[middle] <= n {
                first = middle + 1;
            } else {
                after = middle;
            }
        }
        let at = first.saturating_sub(1);
        // Each segment that begins at or before the frame moves it up by its length.
        let before = self.before.get(at).copied().unwrap_or(0);
        let mut frame = self.range.start().get() + n + before;
        for index in self.low + at * STRIDE..self.high {
            let (start, end) = self.clipped(index);
            if start > frame {
                break;
            }
            frame += end - start;
        }
        Pfn::new(frame)
    }

    /// Start and end of what of a segment lies in the range.
    fn clipped(&self, index: usize) -> (u64, u64) {
        let segment = self.segments[index];
        let start = segment.start().max(self.range.start());
        let end = segment.end().min(self.range.end());
        (start.get(), end.get().max(start.get()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use physseg::{FrameRange, Pfn};
    use proptest::prelude::*;

    use super::Present;

    fn range(start: u64, end: u64) -> FrameRange {
        FrameRange::new(Pfn::new(start), Pfn::new(end)).expect("not empty")
    }

    /// Segments by gap and length, and a range.
    fn scenes() -> impl Strategy<Value = (Vec<FrameRange>, FrameRange)> {
        let pieces = prop::collection::vec((0_u64..4, 1_u64..6), 0..100);
        (pieces, 0_u64..200, 1_u64..400).prop_map(|(pieces, from, frames)| {
            let mut at = 0;
            let segments = pieces.into_iter().map(|(gap, length)| {
                let start = at + gap;
                at = start + length;
                range(start, at)
            });
            (segments.collect(), range(from, from + frames))
        })
    }

    proptest! {
        #[test]
        fn frames_and_holes_are_those_of_a_walk((segments, lookups) in scenes()) {
            let (mut frames, mut holes) = (Vec::new(), Vec::new());
            for frame in lookups.start().get()..lookups.end().get() {
                let pfn = Pfn::new(frame);
                let there = segments.iter().any(|segment| segment.contains(pfn));
                if there { frames.push(pfn) } else { holes.push(pfn) }
            }
            let present = Present::new(Arc::new(segments), lookups);
            prop_assert_eq!(present.frames(), frames.len() as u64);
            prop_assert_eq!(present.holes(), holes.len() as u64);
            for (n, &pfn) in (0..).zip(&frames) {
                prop_assert_eq!(present.nth_frame(n), pfn);
            }
            for (n, &pfn) in (0..).zip(&holes) {
                prop_assert_eq!(present.nth_hole(n), pfn);
            }
            prop_assert_eq!(present.nth_frame(frames.len() as u64), lookups.end());
            prop_assert!(present.nth_hole(holes.len() as u64) >= lookups.end());
        }
    }
}

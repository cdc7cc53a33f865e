//! What a layout comes to, by interval arithmetic: the oracle that segment tables are held against.
//!
//! Deliberately naive and without anything of `physseg` but its range type: a sorted list of
//! segments, and each step a replacement of a stretch of it. A step costs time linear in the
//! segments present, however many operations it consists of, so that fragmenting a TiB into 33.5
//! million segments takes one pass.

use physseg::FrameRange;

use super::SEGMENTS_MAX;
use super::error::Problem;
use super::expand::{Fragments, Split};
use super::model::StepKind;
use crate::machine;

/// The state after some steps.
#[derive(Default)]
pub(super) struct Segments {
    /// Sorted, sharing no frames; neighbours that touch stay apart, as in a segment table.
    present: Vec<FrameRange>,
    /// The step that ended boot, from 1.
    boot: Option<usize>,
}

impl Segments {
    /// Carries out one step, the `number`th counted from 1. The state means nothing after an error.
    pub(super) fn apply(&mut self, number: usize, step: StepKind) -> Result<(), Problem> {
        match step {
            StepKind::Load { range, split } => {
                if let Some(boot) = self.boot {
                    return Err(Problem::LoadAfterBoot { boot });
                }
                self.insert(range, Split::new(range, split.unwrap_or(range.frames())))
            }
            StepKind::Boot => self.end_boot(number),
            StepKind::Plug { range } => self.insert(range, Split::new(range, range.frames())),
            StepKind::Unplug { range, every: None } => self.remove(range, std::iter::once(range)),
            StepKind::Unplug { range, every: Some(every) } => {
                self.refuse_too_many(range.frames().div_ceil(every.every.max(1)))?;
                self.remove(range, Fragments::new(range, every))
            }
        }
    }

    /// The segments after the last step.
    pub(super) fn finish(self) -> Result<Vec<FrameRange>, Problem> {
        if self.present.is_empty() {
            return Err(Problem::NoSegments);
        }
        if self.boot.is_none() {
            return Err(Problem::NoBoot);
        }
        Ok(self.present)
    }

    fn end_boot(&mut self, number: usize) -> Result<(), Problem> {
        if let Some(earlier) = self.boot {
            return Err(Problem::SecondBoot { earlier });
        }
        if self.present.is_empty() {
            return Err(Problem::BootWithoutMemory);
        }
        self.boot = Some(number);
        Ok(())
    }

    /// Adds `range` as the segments `pieces`, which cover it in order.
    fn insert(&mut self, range: FrameRange, pieces: Split) -> Result<(), Problem> {
        self.refuse_too_many(pieces.pieces_left())?;
        let at = self.first_ending_after(range);
        if let Some(&present) = self.present.get(at)
            && present.overlaps(range)
        {
            return Err(Problem::Overlap { range, present });
        }
        room(&mut self.present, usize::try_from(pieces.pieces_left()).unwrap_or(usize::MAX))?;
        self.present.splice(at..at, pieces);
        Ok(())
    }

    /// Takes out `gone`, ranges inside `window` in ascending order, one after the other.
    fn remove(
        &mut self,
        window: FrameRange,
        gone: impl Iterator<Item = FrameRange>,
    ) -> Result<(), Problem> {
        let first = self.first_ending_after(window);
        let beyond = self.present.partition_point(|segment| segment.start() < window.end());
        // Nothing present in the window: the first range meets a hole, and says so below.
        let beyond = beyond.max(first);
        let outside = first + (self.present.len() - beyond);

        // Each range leaves at most one segment more than there was. The room is taken at once:
        // refused above where it is absurd, and growing step by step would copy gigabytes.
        let mut kept = Vec::new();
        room(&mut kept, beyond - first + gone.size_hint().1.unwrap_or(0))?;
        let mut waiting = self.present[first..beyond].iter();
        let mut current = waiting.next().copied();
        for range in gone {
            while let Some(segment) = current
                && segment.end() <= range.start()
            {
                kept.push(segment);
                current = waiting.next().copied();
            }
            let next = waiting.as_slice().first();
            let Some(segment) = current.filter(|segment| segment.covers(range)) else {
                return Err(not_in_one_segment(range, current, next));
            };
            kept.extend(FrameRange::new(segment.start(), range.start()));
            current =
                FrameRange::new(range.end(), segment.end()).or_else(|| waiting.next().copied());
            if current.is_none() && kept.is_empty() && outside == 0 {
                return Err(Problem::LastSegment(range));
            }
        }
        kept.extend(current);
        kept.extend(waiting);
        if outside == 0 {
            self.present = kept;
        } else {
            room(&mut self.present, kept.len())?;
            self.present.splice(first..beyond, kept);
        }
        Ok(())
    }

    /// Index of the first segment that ends above the start of `range`.
    fn first_ending_after(&self, range: FrameRange) -> usize {
        self.present.partition_point(|segment| segment.end() <= range.start())
    }

    /// Refuses before the memory is asked for.
    fn refuse_too_many(&self, more: u64) -> Result<(), Problem> {
        let total = (self.present.len() as u64).saturating_add(more);
        if total > SEGMENTS_MAX {
            return Err(Problem::TooManySegments(total));
        }
        Ok(())
    }
}

/// Room for `more` segments at once, or how many bytes there are not.
fn room(segments: &mut Vec<FrameRange>, more: usize) -> Result<(), Problem> {
    segments.try_reserve(more).map_err(|_| Problem::NoMemory {
        segments: segments.len().saturating_add(more) as u64,
        bytes: more.saturating_mul(size_of::<FrameRange>()) as u64,
        available: machine::beside_available(),
    })
}

/// Why `range` cannot go: `segment` is the first one that ends above its start, `next` the one after.
fn not_in_one_segment(
    range: FrameRange,
    segment: Option<FrameRange>,
    next: Option<&FrameRange>,
) -> Problem {
    match segment {
        Some(segment) if segment.contains(range.start()) => {
            if next.is_some_and(|next| next.start() == segment.end()) {
                Problem::SeveralSegments { range, segment }
            } else {
                Problem::Hole { range, outside: segment.end() }
            }
        }
        _ => Problem::Hole { range, outside: range.start() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::Every;
    use crate::layout::expand::frames;

    fn state(present: &[(u64, u64)]) -> Segments {
        Segments { present: present.iter().map(|&(a, b)| frames(a, b)).collect(), boot: Some(1) }
    }

    fn unplug(present: &[(u64, u64)], start: u64, end: u64) -> Result<Vec<(u64, u64)>, String> {
        let mut segments = state(present);
        let range = frames(start, end);
        segments
            .apply(2, StepKind::Unplug { range, every: None })
            .map_err(|problem| problem.to_string())?;
        Ok(bare(&segments.present))
    }

    fn bare(present: &[FrameRange]) -> Vec<(u64, u64)> {
        present.iter().map(|range| (range.start().get(), range.end().get())).collect()
    }

    #[test]
    fn unplug_takes_the_front_the_back_the_middle_or_all_of_a_segment() {
        let two = [(0, 8), (8, 16)];
        assert_eq!(unplug(&two, 0, 3).unwrap(), [(3, 8), (8, 16)]);
        assert_eq!(unplug(&two, 5, 8).unwrap(), [(0, 5), (8, 16)]);
        assert_eq!(unplug(&two, 10, 12).unwrap(), [(0, 8), (8, 10), (12, 16)]);
        assert_eq!(unplug(&two, 8, 16).unwrap(), [(0, 8)]);
        assert_eq!(unplug(&two, 0, 8).unwrap(), [(8, 16)]);
    }

    #[test]
    fn unplug_says_which_frame_is_missing() {
        let apart = [(4, 8), (12, 16)];
        for (start, end, words) in [
            (0, 2, "0x0 is a hole"),
            (2, 6, "0x2 is a hole"),
            (6, 10, "0x8 is a hole"),
            (6, 14, "0x8 is a hole"),
            (8, 12, "0x8 is a hole"),
            (14, 20, "0x10 is a hole"),
            (16, 20, "0x10 is a hole"),
        ] {
            let message = unplug(&apart, start, end).unwrap_err();
            assert!(message.contains(words), "{start}..{end}: {message}");
        }
        let message = unplug(&[(0, 8), (8, 16)], 4, 12).unwrap_err();
        assert!(message.contains("beyond segment [0x0, 0x8)"), "{message}");
        let message = unplug(&[(0, 8)], 0, 8).unwrap_err();
        assert!(message.contains("the only segment"), "{message}");
    }

    #[test]
    fn fragments_may_walk_over_several_segments() {
        let every = Every { every: 4, frames: (1, 1), seed: 0 };
        let mut segments = state(&[(0, 4), (4, 9), (9, 14), (20, 30)]);
        let range = frames(0, 13);
        let step = StepKind::Unplug { range, every: Some(every) };
        segments.apply(2, step).unwrap();
        // 0, 4 and 8 go; of the last piece, the single frame 12, nothing.
        assert_eq!(bare(&segments.present), [(1, 4), (5, 8), (9, 14), (20, 30)]);
    }

    #[test]
    fn a_map_too_large_to_list_is_refused_before_memory_is_taken() {
        let range = frames(0, 1 << 40);
        let mut segments = Segments::default();
        let load = StepKind::Load { range, split: Some(1) };
        assert!(matches!(
            segments.apply(1, load),
            Err(Problem::TooManySegments(count)) if count == 1 << 40
        ));
        let mut segments = state(&[(0, 1 << 40)]);
        let every = Every { every: 2, frames: (1, 1), seed: 0 };
        let unplug = StepKind::Unplug { range, every: Some(every) };
        assert!(matches!(segments.apply(1, unplug), Err(Problem::TooManySegments(_))));
    }
}

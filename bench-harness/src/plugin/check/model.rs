//! What is right: a list of frames, each with the start of its segment and its page, and nothing clever.

use crate::plugin::Answer;

/// The frames from `base` on.
#[derive(Clone, Debug)]
pub(super) struct Model {
    base: u64,
    frames: Vec<Option<Answer>>,
}

impl Model {
    /// Holes only.
    pub(super) fn new(base: u64, frames: u64) -> Self {
        let frames = usize::try_from(frames).unwrap_or(0);
        Self { base, frames: vec![None; frames] }
    }

    pub(super) fn base(&self) -> u64 {
        self.base
    }

    /// The frame after the last.
    pub(super) fn end(&self) -> u64 {
        self.base + self.frames.len() as u64
    }

    pub(super) fn answer(&self, pfn: u64) -> Answer {
        self.at(pfn).unwrap_or(Answer::MISS)
    }

    fn at(&self, pfn: u64) -> Option<Answer> {
        let index = usize::try_from(pfn.checked_sub(self.base)?).ok()?;
        self.frames.get(index).copied().flatten()
    }

    fn set(&mut self, pfn: u64, answer: Option<Answer>) {
        let index = usize::try_from(pfn - self.base).unwrap_or(usize::MAX);
        if let Some(frame) = self.frames.get_mut(index) {
            *frame = answer;
        }
    }

    /// How many segments there are: as many as frames that begin one.
    pub(super) fn segments(&self) -> u64 {
        self.starts().count() as u64
    }

    /// The first frames of all segments.
    pub(super) fn starts(&self) -> impl Iterator<Item = u64> + '_ {
        (self.base..).zip(&self.frames).filter_map(|(pfn, frame)| {
            frame.is_some_and(|frame| frame.segment_start == pfn).then_some(pfn)
        })
    }

    /// The frame after the last of the segment that begins at `start`.
    pub(super) fn end_of(&self, start: u64) -> u64 {
        let mut end = start;
        while self.at(end).is_some_and(|frame| frame.segment_start == start) {
            end += 1;
        }
        end
    }

    /// Whether `[start, end)` can be added: it holds a frame, and none of its frames is there.
    pub(super) fn can_add(&self, start: u64, end: u64) -> bool {
        start < end && (start..end).all(|pfn| self.at(pfn).is_none())
    }

    /// Whether `[start, end)` is exactly a segment.
    pub(super) fn is_segment(&self, start: u64, end: u64) -> bool {
        start < end
            && self.at(start).is_some_and(|frame| frame.segment_start == start)
            && self.end_of(start) == end
    }

    /// Whether `[start, end)` lies in one segment.
    pub(super) fn in_one(&self, start: u64, end: u64) -> bool {
        let Some(first) = self.at(start) else { return false };
        start < end
            && (start..end)
                .all(|pfn| self.at(pfn).is_some_and(|it| it.segment_start == first.segment_start))
    }

    /// Adds a segment, or says which pages one has.
    pub(super) fn put(&mut self, start: u64, end: u64, first_page: u64) {
        for pfn in start..end {
            let page = first_page + (pfn - start);
            self.set(pfn, Some(Answer { segment_start: start, page }));
        }
    }

    /// Takes frames away; what is left of their segment above them begins at `end`.
    pub(super) fn take(&mut self, start: u64, end: u64) {
        let Some(first) = self.at(start) else { return };
        let above = self.end_of_from(end, first.segment_start);
        for pfn in start..end {
            self.set(pfn, None);
        }
        for pfn in end..above {
            if let Some(frame) = self.at(pfn) {
                self.set(pfn, Some(Answer { segment_start: end, ..frame }));
            }
        }
    }

    /// The frame after the last of the segment named by its start, looked for from `from` on.
    fn end_of_from(&self, from: u64, segment_start: u64) -> u64 {
        let mut end = from;
        while self.at(end).is_some_and(|frame| frame.segment_start == segment_start) {
            end += 1;
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_know_their_segment_after_every_cut() {
        let mut model = Model::new(100, 50);
        assert!(model.can_add(100, 120) && !model.can_add(7, 7));
        model.put(100, 120, 1000);
        model.put(120, 130, 5);
        assert!(model.is_segment(120, 130) && !model.is_segment(100, 130));
        assert!(model.in_one(100, 120) && !model.in_one(110, 121) && !model.in_one(130, 131));
        assert!(!model.can_add(129, 135));
        model.take(105, 107);
        let starts: Vec<u64> = model.starts().collect();
        assert_eq!(starts, [100, 107, 120]);
        assert_eq!(model.answer(119), Answer { segment_start: 107, page: 1019 });
        assert_eq!((model.answer(105), model.answer(104).page), (Answer::MISS, 1004));
        assert_eq!((model.end_of(100), model.end_of(107)), (105, 120));
        model.take(120, 130);
        assert_eq!((model.segments(), model.answer(99), model.end()), (2, Answer::MISS, 150));
    }
}

//! The page entries of `direct`: one word for every frame of a stretch that can grow at both ends.

use alloc::vec::Vec;

use crate::addr::FrameRange;
use crate::backend::Refusal;
use crate::segment::Segment;

/// Entries for the frames `[base, base + entries)`. An entry is a descriptor's raw word, or 0.
#[derive(Debug)]
pub(super) struct Window {
    base: u64,
    entries: Vec<u64>,
    /// Frames covered at most.
    limit: u64,
}

impl Window {
    /// An empty one, which will cover `limit` frames at most.
    pub(super) const fn new(limit: u64) -> Self {
        Self { base: 0, entries: Vec::new(), limit }
    }

    /// The entry of a frame; 0 outside.
    #[inline]
    pub(super) fn entry(&self, frame: u64) -> u64 {
        // The conversion costs nothing where words have 64 bits, and nothing is that far elsewhere.
        let offset = usize::try_from(frame.wrapping_sub(self.base)).unwrap_or(usize::MAX);
        self.entries.get(offset).copied().unwrap_or(0)
    }

    /// Bytes taken, entries in use or not.
    pub(super) fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<u64>()
    }

    /// How many entries are not 0. O(n).
    pub(super) fn entries_in_use(&self) -> u64 {
        self.entries.iter().filter(|&&entry| entry != 0).count() as u64
    }

    /// Covers the frames of `new`, and goes on covering those of `kept`, where everything lies that
    /// is in use.
    ///
    /// Growing to either side makes room for about as much again, so that a span that grows frame by
    /// frame costs O(1) a frame. Upwards that room is memory not yet touched; downwards it is frames
    /// below `new`. Where a span keeps its width and slides, frames that nobody needs any longer are
    /// dropped when the limit is reached: O(1) a frame for spans up to half the limit.
    ///
    /// # Errors
    /// [`Refusal::Span`], [`Refusal::NoMemory`], and then nothing has changed.
    pub(super) fn cover(
        &mut self,
        kept: Option<FrameRange>,
        new: FrameRange,
    ) -> Result<(), Refusal> {
        let (new_start, new_end) = (new.start().get(), new.end().get());
        let start = kept.map_or(new_start, |kept| kept.start().get().min(new_start));
        let end = kept.map_or(new_end, |kept| kept.end().get().max(new_end));
        let frames = end - start;
        if frames > self.limit {
            return Err(Refusal::Span { frames, limit: self.limit });
        }
        let covered_end = self.base + self.entries.len() as u64; // of frames that exist
        if self.entries.is_empty() {
            self.move_to(start, end, None)
        } else if start < self.base {
            let ahead = frames.min(start).min(self.limit - frames);
            self.move_to(start - ahead, end, kept)
        } else if end <= covered_end {
            Ok(())
        } else if end - self.base <= self.limit {
            self.grow_up(end)
        } else {
            self.move_to(start, end, kept)
        }
    }

    /// Covers up to `end`, with capacity for as much again if the limit and memory allow.
    fn grow_up(&mut self, end: u64) -> Result<(), Refusal> {
        let frames = end - self.base;
        let present = self.entries.len() as u64;
        let needed = to_len(frames - present)?;
        let ahead = to_len(present.min(self.limit - present))?.max(needed);
        if present + needed as u64 > self.entries.capacity() as u64 {
            self.entries
                .try_reserve_exact(ahead)
                .or_else(|_| self.entries.try_reserve_exact(needed))
                .map_err(|_| no_memory(frames))?;
        }
        self.entries.resize(self.entries.len() + needed, 0);
        Ok(())
    }

    /// Covers `[base, end)` instead, and copies what is in use.
    fn move_to(&mut self, base: u64, end: u64, kept: Option<FrameRange>) -> Result<(), Refusal> {
        let frames = end - base;
        let len = to_len(frames)?;
        let mut entries = Vec::new();
        entries.try_reserve_exact(len).map_err(|_| no_memory(frames))?;
        entries.resize(len, 0);
        if let Some(kept) = kept
            && let Some(source) = self.slice(kept.start().get(), kept.frames())
            && let Ok(offset) = usize::try_from(kept.start().get() - base)
            && let Some(target) = entries.get_mut(offset..offset + source.len())
        {
            target.copy_from_slice(source);
        }
        (self.base, self.entries) = (base, entries);
        Ok(())
    }

    /// Gives back the room ahead.
    pub(super) fn shrink(&mut self) {
        self.entries.shrink_to_fit();
    }

    /// Writes the entries of a segment; 0 where it has no descriptors.
    pub(super) fn write(&mut self, segment: &Segment) {
        self.write_part(segment, segment.range());
    }

    /// As [`write`](Self::write), of the frames of `part` only, which the segment holds.
    pub(super) fn write_part(&mut self, segment: &Segment, part: FrameRange) {
        let Some(first) = segment.page_of(part.start()) else {
            return self.clear(part.start().get(), part.end().get());
        };
        if let Some(entries) = self.slice_mut(part.start().get(), part.frames()) {
            for (entry, raw) in entries.iter_mut().zip(first.raw()..) {
                *entry = raw;
            }
        }
    }

    /// Forgets the frames `[start, end)`.
    pub(super) fn clear(&mut self, start: u64, end: u64) {
        if let Some(entries) = self.slice_mut(start, end.saturating_sub(start)) {
            entries.fill(0);
        }
    }

    fn slice(&self, start: u64, frames: u64) -> Option<&[u64]> {
        let offset = usize::try_from(start.checked_sub(self.base)?).ok()?;
        self.entries.get(offset..)?.get(..usize::try_from(frames).ok()?)
    }

    fn slice_mut(&mut self, start: u64, frames: u64) -> Option<&mut [u64]> {
        let offset = usize::try_from(start.checked_sub(self.base)?).ok()?;
        self.entries.get_mut(offset..)?.get_mut(..usize::try_from(frames).ok()?)
    }
}

fn to_len(frames: u64) -> Result<usize, Refusal> {
    usize::try_from(frames).map_err(|_| no_memory(frames))
}

fn no_memory(frames: u64) -> Refusal {
    let bytes = usize::try_from(frames).map_or(usize::MAX, |len| len.saturating_mul(8));
    Refusal::NoMemory { bytes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::addr::Pfn;
    use crate::page::PageId;
    use crate::segment::FreeList;
    use crate::slab::SlabId;

    fn range(start: u64, end: u64) -> FrameRange {
        FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap()
    }

    /// Covers frame by frame from `frames`, each written with its own number + 1.
    fn sweep(window: &mut Window, frames: impl Iterator<Item = u64>) -> (u64, usize) {
        let (mut kept, mut moves) = (None::<FrameRange>, 0);
        for frame in frames {
            let place = window.entries.as_ptr();
            let one = range(frame, frame + 1);
            window.cover(kept, one).unwrap();
            moves += usize::from(place != window.entries.as_ptr());
            let page = PageId::new(frame).unwrap();
            window.write(&Segment::new(one, FreeList::Default).with_pages(page, SlabId::NONE));
            kept = kept.map_or(Some(one), |kept| {
                FrameRange::new(kept.start().min(one.start()), kept.end().max(one.end()))
            });
        }
        (kept.unwrap().frames(), moves)
    }

    #[test]
    fn growing_frame_by_frame_moves_the_entries_a_logarithmic_number_of_times() {
        let up: fn(u64) -> u64 = |n| 5_000 + n;
        let down: fn(u64) -> u64 = |n| 4_999 - n;
        let out: fn(u64) -> u64 =
            |n| if n.is_multiple_of(2) { 5_000 + n / 2 } else { 4_999 - n / 2 };
        for order in [up, down, out] {
            let mut window = Window::new(1 << 20);
            let (frames, moves) = sweep(&mut window, (0..5_000).map(order));
            assert_eq!((frames, window.entries_in_use()), (5_000, 5_000));
            assert!(moves <= 32, "{moves}");
            for n in 0..5_000 {
                assert_eq!(window.entry(order(n)), order(n) + 1);
            }
            assert!(window.entries.len() <= 4 * 5_000, "{}", window.entries.len());
        }
    }

    #[test]
    fn a_span_that_slides_leaves_behind_what_nobody_needs() {
        let mut window = Window::new(64);
        let mut kept = range(0, 16);
        window.cover(None, kept).unwrap();
        for start in 1..5_000 {
            let next = range(start, start + 16);
            let new = range(start + 15, start + 16);
            window.clear(start - 1, start);
            kept = range(start, kept.end().get());
            window.cover(Some(kept), new).unwrap();
            let page = PageId::new(start + 15).unwrap();
            window.write(&Segment::new(new, FreeList::Default).with_pages(page, SlabId::NONE));
            kept = next;
            assert!(window.entries.len() <= 64);
        }
        assert_eq!(window.entries_in_use(), 16);
        assert_eq!((window.entry(4_999), window.entry(4_998)), (5_000, 0));
    }

    #[test]
    fn the_limit_binds_what_is_in_use_and_not_the_room_ahead() {
        let mut window = Window::new(100);
        window.cover(None, range(1_000, 1_040)).unwrap();
        let kept = Some(range(1_000, 1_040));
        window.cover(kept, range(990, 1_000)).unwrap(); // with room ahead: 50 frames more
        assert!(window.base < 990);
        let kept = Some(range(990, 1_040));
        window.cover(kept, range(1_080, 1_090)).unwrap();
        assert_eq!((window.base, window.entries.len()), (990, 100));
        let refused = Refusal::Span { frames: 101, limit: 100 };
        assert_eq!(window.cover(Some(range(990, 1_090)), range(1_090, 1_091)), Err(refused));
        assert_eq!(window.cover(Some(range(990, 1_090)), range(989, 990)), Err(refused));
        assert_eq!((window.base, window.entries.len()), (990, 100));
    }

    #[test]
    fn a_span_beyond_all_memory_is_refused_with_its_size() {
        let mut window = Window::new(u64::MAX);
        assert!(matches!(
            window.cover(None, range(0, 1 << 60)),
            Err(Refusal::NoMemory { bytes }) if bytes >= usize::MAX / 16
        ));
        assert_eq!(window.bytes(), 0);
    }
}

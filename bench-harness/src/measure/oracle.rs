//! The oracle: what every answer has to be, found in another way.
//!
//! Where segments lie is computed from the layout's steps alone, without the table
//! ([`Layout::final_segments`]). Which descriptor a frame has is the table's own choice, so it is
//! read from the ordered walk (never from a search) and checked: every segment has descriptors, and no
//! two share one. With that, each frame has one right answer. It is asked of the backend frame by
//! frame before anything is timed, and in sum for every timed batch.
//!
//! [`Layout::final_segments`]: crate::layout::Layout::final_segments

use physseg::{FrameRange, Pfn};

use super::batch::{Answers, Batch, TRACE_BLOCK};
use super::error::MeasureError;
use super::runs::{NoRuns, room_for};

/// A span of at most this many frames is answered from one table of words (32 MiB).
const DENSE_FRAMES: u64 = 1 << 22;

/// Spans of at most this many frames are verified frame by frame.
const ALL_FRAMES: u64 = 1 << 26;

/// How much of a wider one is: minutes would go by until the last frame of a terabyte.
const SAMPLED_FRAMES: u64 = 1 << 22;
const SAMPLED_RUNS: usize = 1 << 20;

/// A run of frames whose answers follow one by one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run {
    /// The frames.
    pub frames: FrameRange,
    /// The answer for the first of them.
    pub first_answer: u64,
}

/// The right answer for every frame.
#[derive(PartialEq, Eq, Debug)]
pub struct Oracle {
    /// Sorted by frame, disjoint.
    runs: Vec<Run>,
    /// Answers of all frames from `dense_start` on, where the span is small enough.
    dense: Vec<u64>,
    dense_start: u64,
}

/// What a batch has to answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Expected {
    /// From a backend.
    pub lookups: Answers,
    /// From the baseline, whose answer is the address itself.
    pub baseline: Answers,
}

impl Oracle {
    /// The oracle over `runs`, sorted by frame.
    pub fn new(runs: Vec<Run>) -> Self {
        let (mut dense, mut dense_start) = (Vec::new(), 0);
        if let (Some(low), Some(high)) = (runs.first(), runs.last()) {
            let span = high.frames.end().get() - low.frames.start().get();
            // At most 2^22, by the test. Without memory for it answers are searched for, as of wider spans.
            let frames = usize::try_from(span).unwrap_or(0);
            if span <= DENSE_FRAMES && dense.try_reserve_exact(frames).is_ok() {
                dense_start = low.frames.start().get();
                dense.resize(frames, 0);
                for run in &runs {
                    for frame in 0..run.frames.frames() {
                        let index = run.frames.start().get() - dense_start + frame;
                        if let Some(slot) = slot(&mut dense, index) {
                            *slot = run.first_answer.wrapping_add(frame);
                        }
                    }
                }
            }
        }
        Self { runs, dense, dense_start }
    }

    /// The runs of frames, sorted.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The right answer for `pfn`: 0 in a hole.
    #[inline]
    pub fn answer(&self, pfn: Pfn) -> u64 {
        if self.dense.is_empty() {
            return self.search(pfn);
        }
        let index = pfn.get().wrapping_sub(self.dense_start);
        usize::try_from(index).ok().and_then(|index| self.dense.get(index)).copied().unwrap_or(0)
    }

    pub(super) fn search(&self, pfn: Pfn) -> u64 {
        let above = self.runs.partition_point(|run| run.frames.start() <= pfn);
        match above.checked_sub(1).map(|index| self.runs[index]) {
            Some(run) if run.frames.contains(pfn) => {
                run.first_answer.wrapping_add(pfn.get() - run.frames.start().get())
            }
            _ => 0,
        }
    }

    /// What `batch` has to answer: the same addresses, drawn again, answered here. In a loop of its own
    /// rather than a timed one, so that a slip in those shows.
    pub fn expect(&self, batch: &Batch<'_>) -> Expected {
        let mut addresses = batch.addresses();
        let mut block = vec![Pfn::ZERO; TRACE_BLOCK];
        let (mut hits, mut checksum, mut address_sum) = (0, 0u64, 0u64);
        let mut left = batch.lookups;
        while left > 0 {
            let drawn = usize::try_from(left).map_or(block.len(), |left| left.min(block.len()));
            addresses.fill(&mut block[..drawn]);
            for &pfn in &block[..drawn] {
                let answer = self.answer(pfn);
                if answer != 0 {
                    hits += 1;
                }
                checksum = checksum.wrapping_add(answer);
                address_sum = address_sum.wrapping_add(pfn.get());
            }
            left -= drawn as u64;
        }
        Expected {
            lookups: Answers { hits, checksum },
            baseline: Answers {
                hits: batch.lookups,
                checksum: address_sum.wrapping_add(batch.lookups),
            },
        }
    }

    /// Checks that `runs` lie exactly at `segments` and that no answer occurs twice.
    ///
    /// # Errors
    /// [`NoRuns::Different`] with the first difference in words, or [`NoRuns::NoMemory`].
    pub fn audit(&self, segments: &[FrameRange]) -> Result<(), NoRuns> {
        if self.runs.len() != segments.len() {
            return Err(NoRuns::Different(format!(
                "the walk meets {} segments where the layout has {}",
                self.runs.len(),
                segments.len()
            )));
        }
        for (run, &segment) in self.runs.iter().zip(segments) {
            if run.frames != segment {
                return Err(NoRuns::Different(format!(
                    "the walk meets {} where the layout has {segment}",
                    run.frames
                )));
            }
        }
        let mut by_answer: Vec<&Run> = room_for(self.runs.len())?;
        by_answer.extend(&self.runs);
        by_answer.sort_unstable_by_key(|run| run.first_answer);
        for pair in by_answer.windows(2) {
            if pair[0].first_answer.wrapping_add(pair[0].frames.frames()) > pair[1].first_answer {
                return Err(NoRuns::Different(format!(
                    "segments {} and {} share an answer",
                    pair[0].frames, pair[1].frames
                )));
            }
        }
        Ok(())
    }

    /// Asks `answer` for every frame from `span`'s start to its end and one beyond either side, and
    /// compares. Of spans over 2^26 frames: 2^22 frames spread evenly, and the first and last frame,
    /// with those beside them, of 2^20 segments spread evenly (of all, if there are fewer).
    ///
    /// # Errors
    /// [`MeasureError::WrongAnswer`] with the first frame that is answered wrongly, or what `answer`
    /// itself says.
    pub fn verify(
        &self,
        span: FrameRange,
        backend: &str,
        mut answer: impl FnMut(Pfn) -> Result<u64, MeasureError>,
    ) -> Result<(), MeasureError> {
        let mut check = |frame: u64| {
            let pfn = Pfn::new(frame);
            let (expected, given) = (self.answer(pfn), answer(pfn)?);
            if expected == given {
                return Ok(());
            }
            Err(MeasureError::WrongAnswer { backend: backend.to_owned(), pfn, expected, given })
        };
        let first = span.start().get().saturating_sub(1);
        let frames = span.end().get() - first + 1;
        let sampled = frames > ALL_FRAMES;
        let stride = if sampled { (frames / SAMPLED_FRAMES) | 1 } else { 1 };
        let mut frame = first;
        while frame < first + frames {
            check(frame)?;
            frame += stride;
        }
        if sampled {
            let stride = self.runs.len() / SAMPLED_RUNS + 1;
            for run in self.runs.iter().step_by(stride).chain(self.runs.last()) {
                let (start, end) = (run.frames.start().get(), run.frames.end().get());
                for frame in [start.saturating_sub(1), start, end - 1, end] {
                    check(frame)?;
                }
            }
        }
        Ok(())
    }
}

fn slot(dense: &mut [u64], index: u64) -> Option<&mut u64> {
    dense.get_mut(usize::try_from(index).ok()?)
}

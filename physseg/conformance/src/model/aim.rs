//! What the numbers in an operation mean when its turn comes: which segment, which hole, and which of
//! its frames.

use physseg::Handle;
use physseg::backend::Backend;

use super::driver::Driver;
use super::frames::Id;
use super::operation::FRAMES;

/// A segment, or not, as an operation names it: for the table and for the model.
pub(crate) type Target<B> = (Handle<<B as Backend>::Handle>, Option<Id>);

impl<B: Backend> Driver<B> {
    /// Mostly a present segment; else one of the handles that name none.
    pub(crate) fn target(&self, number: u8) -> Target<B> {
        let number = usize::from(number);
        let present = self.model.segments();
        if number < 224 && !present.is_empty() {
            let nth = number % present.len();
            let handle = self.table.segments().nth(nth).map(|(handle, _)| handle);
            return (handle.unwrap_or(Handle::Invalid), Some(present[nth].id));
        }
        let nowhere = [Handle::Invalid, Handle::Empty, Handle::Overflow];
        let mut targets: Vec<Target<B>> = nowhere.map(|handle| (handle, None)).to_vec();
        if B::CAPABILITIES.stable_handles {
            targets.extend(self.handles.iter().map(|&(id, handle)| (handle, Some(id))));
        }
        targets[number % targets.len()]
    }

    /// The segment with this number, if there is any.
    pub(crate) fn nth(&self, number: u8) -> Option<(u64, u64)> {
        let present = self.model.segments();
        let seen = present.get(usize::from(number).checked_rem(present.len())?)?;
        Some((seen.start, seen.end))
    }

    /// Runs of frames that are in no segment. There is one at the end at least.
    pub(crate) fn holes(&self) -> Vec<(u64, u64)> {
        let mut holes = Vec::new();
        let mut start = 0;
        for seen in self.model.segments() {
            if start < seen.start {
                holes.push((start, seen.start));
            }
            start = seen.end;
        }
        holes.push((start, FRAMES));
        holes.retain(|(start, end)| start < end);
        holes
    }
}

/// `pages` frames (1 to 16) from `start + skip`, kept inside `[start, end)`.
pub(crate) fn part(start: u64, end: u64, skip: u8, pages: u8) -> (u64, u64) {
    let start = start + u64::from(skip) % (end - start);
    (start, (1 + u64::from(pages) % 16).min(end - start))
}

/// The frames of a segment to be loaded, and those of them to be available.
pub(crate) fn bounds(start: u64, pages: u64, (low, high): (u8, u8)) -> ((u64, u64), (u64, u64)) {
    let end = start + pages;
    let avail_end = end.wrapping_sub(u64::from(high)).min(FRAMES);
    ((start, end), (start + u64::from(low), avail_end))
}

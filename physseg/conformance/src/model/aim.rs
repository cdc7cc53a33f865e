//! What the numbers in an operation mean when its turn comes: which segment, which hole, and which of
//! its frames.

use physseg::Handle;
use physseg::backend::Backend;

use super::driver::Driver;
use super::frames::{Id, Seen};
use super::ground::APART;
use super::operation::{FRAMES, Side, Way};

/// A segment, or not, as an operation names it: for the table and for the model.
pub(crate) type Target<B> = (Handle<<B as Backend>::Handle>, Option<Id>);

impl<B: Backend> Driver<B> {
    /// Mostly a present segment; else one of the handles that name none.
    pub(crate) fn target(&self, number: u16) -> Target<B> {
        let number = usize::from(number);
        let present = self.model.segments();
        if number < 0xE000 && !present.is_empty() {
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
    pub(crate) fn nth(&self, number: u16) -> Option<(u64, u64)> {
        let present = self.model.segments();
        let seen = present.get(usize::from(number).checked_rem(present.len())?)?;
        Some((seen.start, seen.end))
    }

    /// Runs of frames of one region that are in no segment. If there is none, the frames of all
    /// regions.
    pub(crate) fn holes(&self) -> Vec<(u64, u64)> {
        let mut holes = Vec::new();
        let mut start = 0;
        let end = self.model.ground.frames();
        let taken = self.model.segments().into_iter().map(|seen| (seen.start, seen.end));
        for (low, high) in taken.chain([(end, end)]) {
            while start < low {
                let stop = start + self.model.ground.clip(start, low - start);
                holes.push((start, stop));
                start = stop;
            }
            start = high;
        }
        if holes.is_empty() {
            holes.push((0, end));
        }
        holes
    }

    /// Where a crowd's segments go: every other frame on one side of its ground that nobody has.
    pub(crate) fn crowd(&self, side: Side, odd: bool, way: Way) -> Vec<u64> {
        let end = self.model.ground.frames();
        let part = |eighths| FRAMES + (end - FRAMES) / 8 * eighths;
        let (low, high) = match side {
            Side::All => (FRAMES, end),
            Side::Low => (FRAMES, part(1)),
            Side::High => (part(7), end),
            Side::Middle => (part(3), part(5)),
        };
        let from = low + u64::from(odd);
        let step = usize::try_from(APART).unwrap();
        let frames = (from..high).step_by(step).filter(|&frame| self.model.id_of(frame).is_none());
        way.sorted(frames.collect())
    }

    /// Every other frame of the crowd's ground, of those that are in a segment.
    pub(crate) fn teeth(&self, odd: bool, way: Way) -> Vec<u64> {
        let from = FRAMES + u64::from(odd);
        let frames = (from..self.model.ground.frames()).step_by(2);
        way.sorted(frames.filter(|&frame| self.model.id_of(frame).is_some()).collect())
    }

    /// All segments, in the order in which they are to go.
    pub(crate) fn leavers(&self, way: Way) -> Vec<Seen> {
        way.sorted(self.model.segments())
    }
}

impl Way {
    /// From an ascending order to this one.
    fn sorted<T: Copy>(self, mut all: Vec<T>) -> Vec<T> {
        let len = all.len();
        match self {
            Self::Up => {}
            Self::Down => all.reverse(),
            Self::FromTheMiddle => all.rotate_left(len / 2),
            // Every place once, since no crowd has a multiple of this prime.
            Self::Shuffled => all = (0..len).map(|nth| all[nth * 7919 % len]).collect(),
        }
        all
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

//! Everything that can be asked of a table, compared with the model; or, among many segments, what can
//! be asked where something has just changed.

use std::collections::BTreeMap;

use physseg::backend::Backend;
use physseg::{FrameRange, Handle, PageId, PageSize, Pfn, Segment};
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};

use super::driver::Driver;
use super::frames::Seen;
use super::operation::FRAMES;

type Outcome = Result<(), TestCaseError>;

/// Frames that no segment holds in these tests, but for the one before the limit.
const OUTSIDE: [u64; 4] = [FRAMES, (1 << 40) - 1, 1 << 40, u64::MAX];

/// What a search from a frame has to find.
#[derive(Clone, Copy)]
struct Expected {
    /// The segment that holds the frame.
    holder: Option<Seen>,
    /// The holder or else the nearest one below.
    below: Option<Seen>,
    /// The holder or else the nearest one above.
    above: Option<Seen>,
}

impl Expected {
    fn of(seen: &[Seen], number: u64) -> Self {
        let index = seen.partition_point(|seen| seen.range.start().get() <= number);
        let below = index.checked_sub(1).map(|index| seen[index]);
        let holder = below.filter(|seen| seen.range.contains(Pfn::new(number)));
        Self { holder, below, above: holder.or(seen.get(index).copied()) }
    }
}

impl<B: Backend> Driver<B> {
    /// Table and model agree on everything.
    pub(crate) fn agree(&mut self) -> Outcome {
        if let Err(broken) = self.table.backend().check() {
            return Err(TestCaseError::fail(broken));
        }
        let seen = self.model.segments();
        self.met.note(&seen);
        self.agree_on_totals(&seen)?;
        self.agree_on_the_walk(&seen)?;
        self.agree_on_words(&seen)?;
        self.agree_on_frames(&seen)?;
        self.agree_on_pages()?;
        self.agree_on_handles(&seen)?;
        self.agree_on_slabs()
    }

    /// Table and model agree on the frames that were plugged or unplugged last, and on those beside
    /// them.
    pub(crate) fn agree_nearby(&mut self) -> Outcome {
        let (model, (low, high)) = (&self.model, self.near);
        prop_assert_eq!(self.table.len(), model.words.len());
        for frame in [low.saturating_sub(1), low, u64::midpoint(low, high), high - 1, high] {
            if frame >= model.ground.frames() {
                continue;
            }
            let holder = model.around(frame);
            let above = |from| (from..model.ground.frames()).find_map(|at| model.around(at));
            let below = holder.or_else(|| (0..frame).rev().find_map(|at| model.around(at)));
            let expected = Expected { holder, below, above: holder.or_else(|| above(frame)) };
            let (first, end) = model.ground.bounds(frame, frame + 1);
            self.agree_on_frame(first, expected)?;
            self.agree_on_frame(end - 1, expected)?;
            if let Some(holder) = holder {
                let next = self.table.find(Pfn::new(first)).map(|(at, _)| self.table.next(at));
                let start = next.and_then(|next| self.table.start(next));
                prop_assert_eq!(start, above(holder.end).map(|seen| seen.range.start()));
            }
        }
        // Those may have come again with others, which is seen now and not next time.
        for frame in low..high.min(self.model.ground.frames()) {
            let page = self.table.find_page(Pfn::new(self.model.ground.start(frame)));
            self.pages[usize::try_from(frame).unwrap()] = page;
        }
        Ok(())
    }

    fn agree_on_totals(&self, seen: &[Seen]) -> Outcome {
        let (table, model) = (&self.table, &self.model);
        prop_assert_eq!(table.booted(), model.booted);
        prop_assert_eq!(table.len(), seen.len());
        prop_assert_eq!(table.is_empty(), seen.is_empty());
        let pages = if model.booted { model.present() } else { 0 };
        prop_assert_eq!(table.pages(), pages);
        let highest = seen.last().map(|seen| seen.range.last());
        prop_assert_eq!(table.highest_frame(), highest);
        Ok(())
    }

    /// By iterator and by handle, up and down.
    fn agree_on_the_walk(&self, seen: &[Seen]) -> Outcome {
        let table = &self.table;
        let mut expected: Vec<FrameRange> = seen.iter().map(|seen| seen.range).collect();
        let walked = table.segments().map(|(_, seg)| seg.range());
        // One too many is enough of a walk that does not end.
        let walked: Vec<_> = walked.take(seen.len() + 1).collect();
        prop_assert_eq!(&walked, &expected);
        let (mut at, mut walked) = (table.first(), Vec::new());
        while let Some(segment) = table.segment(at)
            && walked.len() <= seen.len()
        {
            walked.push(segment.range());
            at = table.next(at);
        }
        prop_assert_eq!(&walked, &expected);
        let end = |end| if seen.is_empty() { Handle::Empty } else { end };
        prop_assert_eq!(at, end(Handle::Overflow));

        expected.reverse();
        let walked = table.segments().rev().map(|(_, seg)| seg.range());
        let walked: Vec<_> = walked.take(seen.len() + 1).collect();
        prop_assert_eq!(&walked, &expected);
        let (mut at, mut walked) = (table.last(), Vec::new());
        while let Some(segment) = table.segment(at)
            && walked.len() <= seen.len()
        {
            walked.push(segment.range());
            at = table.prev(at);
        }
        prop_assert_eq!(&walked, &expected);
        prop_assert_eq!(at, Handle::Empty);
        Ok(())
    }

    fn agree_on_words(&self, seen: &[Seen]) -> Outcome {
        let ground = &self.model.ground;
        for ((handle, _), &seen) in self.table.segments().zip(seen) {
            let (table, words) = (&self.table, self.model.words[&seen.id]);
            prop_assert!(table.valid(handle));
            prop_assert_eq!(table.free_list(handle), Ok(words.free_list));
            let hint = ground.start(words.hinted) - seen.range.start().get();
            prop_assert_eq!(table.start_hint(handle), Ok(hint));
            prop_assert_eq!(table.pmap_data(handle), Ok(words.pmap));
            let (start, end) = (table.avail_start(handle), table.avail_end(handle));
            let (Some(start), Some(end)) = (start, end) else {
                return Err(TestCaseError::fail("no avail"));
            };
            prop_assert!(seen.range.start() <= start && start <= end && end <= seen.range.end());
            // In one piece: it is cut at its ends only.
            match (self.model.avail(seen).as_slice(), start.get(), end.get()) {
                ([], start, end) => prop_assert_eq!(start, end),
                ([first, .., last] | [first @ last], start, end) => {
                    prop_assert_eq!((start, end), ground.bounds(*first, last + 1));
                }
            }
        }
        Ok(())
    }

    /// Every search, for every frame, or for the first and the last of those that one of the model's
    /// stands for; and for frames between regions.
    fn agree_on_frames(&self, seen: &[Seen]) -> Outcome {
        let ground = &self.model.ground;
        for frame in 0..ground.frames() {
            let (first, end) = ground.bounds(frame, frame + 1);
            self.agree_on_frame(first, Expected::of(seen, first))?;
            if first + 1 < end {
                self.agree_on_frame(end - 1, Expected::of(seen, end - 1))?;
            }
        }
        let starts = [0].iter().chain(ground.ends()).map(|&frame| ground.start(frame));
        let below = starts.filter_map(|start| start.checked_sub(1));
        let above = ground.ends().iter().map(|&end| ground.end(end));
        for number in OUTSIDE.into_iter().chain(below).chain(above) {
            self.agree_on_frame(number, Expected::of(seen, number))?;
        }
        Ok(())
    }

    /// Every search for one frame of the table.
    fn agree_on_frame(&self, number: u64, expected: Expected) -> Outcome {
        let (table, backend) = (&self.table, self.table.backend());
        let pfn = Pfn::new(number);
        let holder = expected.holder.map(|seen| seen.range.start());
        let found = table.find(pfn);
        let place = found.map(|(at, offset)| (table.start(at), offset));
        let expected_place = holder.map(|start| (Some(start), number - start.get()));
        prop_assert_eq!(place, expected_place, "find of {}", pfn);

        let page = table.find_page(pfn);
        prop_assert_eq!(page.is_some(), holder.is_some() && self.model.booted, "page of {}", pfn);
        if let (Some((at, offset)), Some(page)) = (found, page) {
            prop_assert_eq!(table.get_page(at, offset), Ok(page));
        }
        if let Some(paddr) = pfn.to_paddr(PageSize::FOUR_KIB) {
            prop_assert_eq!(table.phys_to_page(paddr), page);
        }

        let start_of = |at| backend.get(at).map(Segment::start);
        let geq = backend.find_geq(pfn).and_then(start_of);
        prop_assert_eq!(geq, expected.above.map(|seen| seen.range.start()), "geq {}", pfn);
        let leq = backend.find_leq(pfn).and_then(start_of);
        prop_assert_eq!(leq, expected.below.map(|seen| seen.range.start()), "leq {}", pfn);
        Ok(())
    }

    /// No two frames share a descriptor, and a frame keeps its descriptor as long as it is there,
    /// whatever is cut off its segment.
    fn agree_on_pages(&mut self) -> Outcome {
        let mut names = Vec::new();
        for (frame, before) in (0..).zip(&mut self.pages) {
            let (first, end) = self.model.ground.bounds(frame, frame + 1);
            let now = self.table.find_page(Pfn::new(first));
            if let (Some(before), Some(now)) = (*before, now) {
                prop_assert_eq!(before, now, "frame {}", first);
            }
            *before = now;
            if let Some(now) = now {
                let last = self.table.find_page(Pfn::new(end - 1));
                prop_assert_eq!(last, Some(now.offset(end - 1 - first)), "frame {}", end - 1);
                names.push((now, now.offset(end - first)));
            }
        }
        names.sort_unstable();
        let shared = names.windows(2).find(|both| both[0].1 > both[1].0);
        prop_assert_eq!(shared, None, "descriptors that two frames share");
        Ok(())
    }

    /// A stable handle names its own segment and, after that has gone, none. Others name some
    /// segment or none.
    fn agree_on_handles(&mut self, seen: &[Seen]) -> Outcome {
        for (handle, segment) in self.table.segments() {
            let holder = Expected::of(seen, segment.start().get()).holder;
            let Some(id) = holder.map(|seen| seen.id) else {
                return Err(TestCaseError::fail("a segment that the model has not"));
            };
            if self.known.insert((id, handle)) {
                self.handles.push((id, handle));
            }
        }
        let by_id: BTreeMap<_, _> = seen.iter().map(|seen| (seen.id, seen.range)).collect();
        for &(id, handle) in &self.handles {
            let named = self.table.segment(handle).map(Segment::range);
            prop_assert_eq!(self.table.valid(handle), named.is_some());
            if B::CAPABILITIES.stable_handles {
                prop_assert_eq!(named, by_id.get(&id).copied(), "{:?}", handle);
            }
            if named.is_none() {
                prop_assert_eq!(self.table.next(handle), Handle::Invalid);
                prop_assert_eq!(self.table.prev(handle), Handle::Invalid);
                prop_assert!(self.table.pmap_data(handle).is_err());
            }
        }
        Ok(())
    }

    /// What slabs have given out is what segments have, and each has as many users as segments. No
    /// slab is left without any.
    fn agree_on_slabs(&self) -> Outcome {
        let slabs = self.table.slabs();
        let users = self.table.segments().map(|(_, segment)| segment);
        let mut users: Vec<_> = users.map(|segment| (segment.slab(), segment)).collect();
        users.sort_unstable_by_key(|user| user.0);
        let mut in_use = 0;
        for same in users.chunk_by(|a, b| a.0 == b.0) {
            let slab = same[0].0;
            if !self.model.booted {
                prop_assert_eq!(slabs.users(slab), None);
                continue;
            }
            in_use += 1;
            prop_assert_eq!(slabs.users(slab), u32::try_from(same.len()).ok());
            let (Some((first, pages)), Some(free)) = (slabs.range(slab), slabs.free_pages(slab))
            else {
                return Err(TestCaseError::fail("a segment without a slab"));
            };
            let mut taken = 0;
            for (_, segment) in same {
                taken += segment.frames();
                let low = segment.pages().map_or(0, PageId::index);
                let high = low + segment.frames();
                prop_assert!(first.index() <= low && high <= first.index() + pages);
            }
            prop_assert_eq!(pages - free, taken, "given out, and in segments");
        }
        prop_assert_eq!(slabs.slabs(), in_use);
        Ok(())
    }
}

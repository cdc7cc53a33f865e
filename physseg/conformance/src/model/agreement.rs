//! Everything that can be asked of a table, compared with the model.

use physseg::backend::Backend;
use physseg::{FrameRange, Handle, PageId, PageSize, Pfn, Segment};
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};

use super::driver::Driver;
use super::frames::Seen;
use super::operation::FRAMES;

type Outcome = Result<(), TestCaseError>;

/// Frames that no segment can hold in these tests.
const OUTSIDE: [u64; 4] = [FRAMES, (1 << 40) - 1, 1 << 40, u64::MAX];

impl<B: Backend> Driver<B> {
    /// Table and model agree on everything.
    pub(crate) fn agree(&mut self) -> Outcome {
        if let Err(broken) = self.table.backend().check() {
            return Err(TestCaseError::fail(broken));
        }
        let seen = self.model.segments();
        self.agree_on_totals(&seen)?;
        self.agree_on_the_walk(&seen)?;
        self.agree_on_words(&seen)?;
        self.agree_on_frames(&seen)?;
        self.agree_on_pages()?;
        self.agree_on_handles()?;
        self.agree_on_slabs()
    }

    fn agree_on_totals(&self, seen: &[Seen]) -> Outcome {
        let (table, model) = (&self.table, &self.model);
        prop_assert_eq!(table.booted(), model.booted);
        prop_assert_eq!(table.len(), seen.len());
        prop_assert_eq!(table.is_empty(), seen.is_empty());
        let pages = if model.booted { model.present() } else { 0 };
        prop_assert_eq!(table.pages(), pages);
        let highest = seen.last().map(|seen| seen.range().last());
        prop_assert_eq!(table.highest_frame(), highest);
        Ok(())
    }

    /// By iterator and by handle, up and down.
    fn agree_on_the_walk(&self, seen: &[Seen]) -> Outcome {
        let table = &self.table;
        let mut expected: Vec<FrameRange> = seen.iter().map(|seen| seen.range()).collect();
        let walked: Vec<_> = table.segments().map(|(_, seg)| seg.range()).collect();
        prop_assert_eq!(&walked, &expected);
        let (mut at, mut walked) = (table.first(), Vec::new());
        while let Some(segment) = table.segment(at) {
            walked.push(segment.range());
            at = table.next(at);
        }
        prop_assert_eq!(&walked, &expected);
        let end = |end| if seen.is_empty() { Handle::Empty } else { end };
        prop_assert_eq!(at, end(Handle::Overflow));

        expected.reverse();
        let walked: Vec<_> = table.segments().rev().map(|(_, seg)| seg.range()).collect();
        prop_assert_eq!(&walked, &expected);
        let (mut at, mut walked) = (table.last(), Vec::new());
        while let Some(segment) = table.segment(at) {
            walked.push(segment.range());
            at = table.prev(at);
        }
        prop_assert_eq!(&walked, &expected);
        prop_assert_eq!(at, Handle::Empty);
        Ok(())
    }

    fn agree_on_words(&self, seen: &[Seen]) -> Outcome {
        for ((handle, _), seen) in self.table.segments().zip(seen) {
            let (table, words) = (&self.table, self.model.words[&seen.id]);
            prop_assert!(table.valid(handle));
            prop_assert_eq!(table.free_list(handle), Ok(words.free_list));
            prop_assert_eq!(table.start_hint(handle), Ok(words.hinted - seen.start));
            prop_assert_eq!(table.pmap_data(handle), Ok(words.pmap));
            let (start, end) = (table.avail_start(handle), table.avail_end(handle));
            let (Some(start), Some(end)) = (start, end) else {
                return Err(TestCaseError::fail("no avail"));
            };
            prop_assert!(seen.start <= start.get() && start <= end && end.get() <= seen.end);
            let avail: Vec<_> = (start.get()..end.get()).collect();
            prop_assert_eq!(avail, self.model.avail(seen.id));
        }
        Ok(())
    }

    /// Every search, for every frame.
    fn agree_on_frames(&self, seen: &[Seen]) -> Outcome {
        let (table, backend) = (&self.table, self.table.backend());
        for number in (0..FRAMES).chain(OUTSIDE) {
            let pfn = Pfn::new(number);
            let holder = seen.iter().find(|s| s.start <= number && number < s.end);
            let found = table.find(pfn);
            let place = found.map(|(at, offset)| (table.start(at).map(Pfn::get), offset));
            let expected = holder.map(|seen| (Some(seen.start), number - seen.start));
            prop_assert_eq!(place, expected, "find of {}", pfn);

            let page = table.find_page(pfn);
            prop_assert_eq!(page.is_some(), holder.is_some() && self.model.booted);
            if let (Some((at, offset)), Some(page)) = (found, page) {
                prop_assert_eq!(table.get_page(at, offset), Ok(page));
            }
            if let Some(paddr) = pfn.to_paddr(PageSize::FOUR_KIB) {
                prop_assert_eq!(table.phys_to_page(paddr), page);
            }

            let start_of = |at| backend.get(at).map(|segment| segment.start().get());
            let above = seen.iter().find(|seen| seen.end > number);
            let geq = backend.find_geq(pfn).and_then(start_of);
            prop_assert_eq!(geq, above.map(|seen| seen.start), "geq {}", pfn);
            let below = seen.iter().rev().find(|seen| seen.start <= number);
            let leq = backend.find_leq(pfn).and_then(start_of);
            prop_assert_eq!(leq, below.map(|seen| seen.start), "leq {}", pfn);
        }
        Ok(())
    }

    /// No two frames share a descriptor, and a frame keeps its descriptor as long as it is there,
    /// whatever is cut off its segment.
    fn agree_on_pages(&mut self) -> Outcome {
        let mut names = Vec::new();
        for (number, before) in (0..).zip(&mut self.pages) {
            let now = self.table.find_page(Pfn::new(number));
            if let (Some(before), Some(now)) = (*before, now) {
                prop_assert_eq!(before, now, "frame {}", number);
            }
            *before = now;
            names.extend(now);
        }
        let present = names.len();
        names.sort_unstable();
        names.dedup();
        prop_assert_eq!(names.len(), present, "descriptors that two frames share");
        Ok(())
    }

    /// A stable handle names its own segment and, after that has gone, none. Others name some
    /// segment or none.
    fn agree_on_handles(&mut self) -> Outcome {
        for (handle, segment) in self.table.segments() {
            let Some(id) = self.model.id_of(segment.start().get()) else {
                return Err(TestCaseError::fail("a segment that the model has not"));
            };
            if !self.handles.contains(&(id, handle)) {
                self.handles.push((id, handle));
            }
        }
        for &(id, handle) in &self.handles {
            let named = self.table.segment(handle).map(Segment::range);
            prop_assert_eq!(self.table.valid(handle), named.is_some());
            if B::CAPABILITIES.stable_handles {
                let expected = self.model.seen(id).map(Seen::range);
                prop_assert_eq!(named, expected, "{:?}", handle);
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
        let mut users: Vec<_> = self.table.segments().map(|(_, seg)| seg.slab()).collect();
        users.sort_unstable();
        let mut in_use = 0;
        for same in users.chunk_by(|a, b| a == b) {
            let slab = same[0];
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
            let of_slab = self.table.segments().filter(|(_, seg)| seg.slab() == slab);
            let mut taken = 0;
            for (_, segment) in of_slab {
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

//! Carries an operation out on the table and on the model, and compares the outcome.

use std::collections::HashSet;
use std::fmt::Debug;
use std::mem::{Discriminant, discriminant};

use physseg::backend::Backend;
use physseg::slab::Slabs;
use physseg::{Error, FreeList, Handle, PageId, PageSize, Pfn, SegmentTable};
use proptest::prop_assert_eq;
use proptest::test_runner::TestCaseError;

use super::aim::{bounds, part};
use super::frames::{Id, Model, Rules};
use super::ground::Ground;
use super::met::Met;
use super::operation::{FRAMES, Operation};

type Outcome = Result<(), TestCaseError>;

/// How many segments are compared all of them after every operation. Where there are more, that
/// follows a few operations later, and what lies nearby is compared at once.
const MANY: usize = 64;

/// How often all of many segments are compared.
const EVERY: u64 = 6;

/// A table and its model, and what has to be remembered from step to step.
pub(crate) struct Driver<B: Backend> {
    pub(crate) table: SegmentTable<B>,
    pub(crate) model: Model,
    /// Every handle ever given for a segment, and the same to look it up.
    pub(crate) handles: Vec<(Id, Handle<B::Handle>)>,
    pub(crate) known: HashSet<(Id, Handle<B::Handle>)>,
    /// The descriptor of each frame as it was when all were compared last.
    pub(crate) pages: Vec<Option<PageId>>,
    /// What came of the operations so far, before boot ended and after.
    pub(crate) outcomes: HashSet<(bool, Option<Discriminant<Error>>)>,
    /// How many operations were carried out, refused ones included.
    pub(crate) operations: u64,
    pub(crate) met: Met,
    /// The frames that were plugged or unplugged last.
    pub(crate) near: (u64, u64),
    /// Whether a crowd is coming or going.
    rushes: bool,
    /// Whether slabs may be unable to describe what they have given out.
    scarce: bool,
}

impl<B: Backend> Driver<B> {
    /// Slabs that can describe only so many runs of descriptors are named by that number.
    pub(crate) fn new(backend: B, ground: Ground, capacity: usize, regions: Option<usize>) -> Self {
        let slabs = regions.map_or_else(Slabs::new, Slabs::with_fixed_storage);
        let mut table = SegmentTable::with_slabs(backend, slabs);
        table.set_page_size(PageSize::FOUR_KIB).unwrap();
        let can = B::CAPABILITIES;
        let rules = Rules {
            capacity,
            plug_after_boot: can.plug_after_boot,
            split: can.split,
            reuses_boot_records: can.reuses_boot_records,
        };
        let model = Model::new(rules, ground);
        Self {
            table,
            pages: vec![None; model.frames.len()],
            model,
            handles: Vec::new(),
            known: HashSet::new(),
            outcomes: HashSet::new(),
            operations: 0,
            met: Met::default(),
            near: (0, 1),
            rushes: false,
            scarce: regions.is_some(),
        }
    }

    /// All of `operations`, after which everything agrees.
    pub(crate) fn run(&mut self, operations: &[Operation]) -> Outcome {
        self.agree()?;
        for operation in operations {
            self.step(operation)?;
        }
        self.agree()
    }

    /// One operation, or a few of a kind. After each, everything has to agree.
    fn step(&mut self, operation: &Operation) -> Outcome {
        match *operation {
            Operation::Load { start, pages, avail, free_list } => {
                let list = FreeList::from_number(free_list).unwrap();
                let pages = self.model.ground.clip(start, pages);
                let (frames, avail) = bounds(start, pages, avail);
                let (start, end) = self.model.ground.bounds(frames.0, frames.1);
                let [from, to] = [avail.0, avail.1].map(|at| self.model.bound(at, frames.1));
                let [start, end, from, to] = [start, end, from, to].map(Pfn::new);
                let outcome = self.table.physload(start, end, from, to, list);
                self.near = (frames.0, frames.1.max(frames.0 + 1));
                self.settle_new(&outcome, |model| model.physload(frames, avail, list))?;
            }
            Operation::Plug { start, pages } => _ = self.plug(start, pages)?,
            Operation::PlugHole { hole, skip, pages } => {
                let holes = self.holes();
                let (start, end) = holes[usize::from(hole) % holes.len()];
                let (start, pages) = part(start, end, skip, pages);
                self.plug(start, pages)?;
            }
            Operation::Unplug { start, pages } => _ = self.unplug(start, pages)?,
            Operation::UnplugPart { segment, skip, pages } => {
                if let Some((start, end)) = self.nth(segment) {
                    let (start, pages) = part(start, end, skip, pages);
                    self.unplug(start, pages)?;
                }
            }
            Operation::UnplugFront { segment, pages } => {
                if let Some((start, end)) = self.nth(segment) {
                    let (start, pages) = part(start, end, 0, pages);
                    self.unplug(start, pages)?;
                }
            }
            Operation::UnplugBack { segment, pages } => {
                if let Some((start, end)) = self.nth(segment) {
                    let (_, pages) = part(start, end, 0, pages);
                    self.unplug(end - pages, pages)?;
                }
            }
            Operation::UnplugWhole { segment } => {
                if let Some((start, end)) = self.nth(segment) {
                    self.unplug(start, end - start)?;
                }
            }
            Operation::Comb { segment, every } => {
                if let Some((start, end)) = self.nth(segment) {
                    for frame in (start + 1..end).step_by(usize::try_from(every).unwrap()) {
                        self.unplug(frame, 1)?;
                    }
                }
            }
            Operation::Crowd { .. } | Operation::CombCrowd { .. } | Operation::Drain { .. } => {
                self.rushes = true;
                self.rush(operation)?;
                self.rushes = false;
                self.agree()?;
            }
            Operation::Unload { target, free_list, force, times } => {
                let list = FreeList::from_number(free_list).unwrap();
                for _ in 0..times {
                    self.unload(target, list, force)?;
                }
            }
            Operation::PageInit => {
                let outcome = self.table.page_init();
                self.settle(&outcome, Model::page_init)?;
            }
            Operation::Hint { target, frame } => {
                let (handle, id) = self.target(target);
                let named = self.model.named(id);
                let offset = named.map_or(frame, |seen| self.model.offset(seen, frame));
                let outcome = self.table.set_start_hint(handle, offset);
                self.settle(&outcome, |model| model.set_start_hint(id, frame))?;
            }
            Operation::Pmap { target, word } => {
                let (handle, id) = self.target(target);
                let outcome = self.table.pmap_data_mut(handle).map(|place| *place = word);
                self.settle(&outcome, |model| model.set_pmap(id, word))?;
            }
        }
        Ok(())
    }

    /// Segments that come or go in great numbers, up to the first one that is refused.
    fn rush(&mut self, operation: &Operation) -> Outcome {
        match *operation {
            Operation::Crowd { side, odd, way } => {
                for frame in self.crowd(side, odd, way) {
                    if !self.plug(frame, 1)? {
                        break;
                    }
                }
            }
            Operation::CombCrowd { odd, way } => {
                let mut start = FRAMES;
                while start < self.model.ground.frames() {
                    let pages = self.model.ground.clip(start, u64::MAX);
                    self.plug(start, pages)?;
                    start += pages;
                }
                for frame in self.teeth(odd, way) {
                    if !self.unplug(frame, 1)? {
                        break;
                    }
                }
            }
            Operation::Drain { way, left } => {
                let all = self.leavers(way);
                let leave = all.len().saturating_sub(left.into());
                for seen in all.into_iter().take(leave) {
                    if !self.unplug(seen.start, seen.end - seen.start)? {
                        break;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether it was done.
    fn plug(&mut self, start: u64, pages: u64) -> Result<bool, TestCaseError> {
        let pages = self.model.ground.clip(start, pages);
        let (frames, real_pages) = self.in_table(start, pages);
        let outcome = self.table.plug(frames, real_pages);
        self.settle_new(&outcome, |model| model.plug(start, pages))?;
        Ok(outcome.is_ok())
    }

    /// Whether it was done.
    fn unplug(&mut self, start: u64, pages: u64) -> Result<bool, TestCaseError> {
        let (frames, real_pages) = self.in_table(start, pages);
        let outcome = self.table.unplug(frames, real_pages);
        self.settle(&outcome, |model| model.unplug(start, pages))?;
        Ok(outcome.is_ok())
    }

    /// The first frame and the number of frames of `[start, start + pages)` in the table.
    fn in_table(&mut self, start: u64, pages: u64) -> (Pfn, u64) {
        let ground = &self.model.ground;
        if start >= ground.frames() {
            // Neither is there.
            return (Pfn::new(start), pages);
        }
        self.near = (start, start + pages.max(1));
        let (low, high) = ground.bounds(start, start + pages);
        (Pfn::new(low), high - low)
    }

    fn unload(&mut self, target: u16, list: FreeList, force: bool) -> Outcome {
        let (handle, id) = self.target(target);
        if let Ok(seen) = self.model.named(id)
            && (seen.start..seen.end).any(|frame| self.model.ground.length(frame) > 1)
        {
            // A single frame of the table, which the model has not.
            return Ok(());
        }
        let outcome = if force {
            self.table.physunload_force(handle, list)
        } else {
            self.table.physunload(handle, list)
        };
        let outcome =
            outcome.map(|taken| taken.map(|paddr| paddr.to_pfn(PageSize::FOUR_KIB).get()));
        self.settle(&outcome, |model| model.physunload(id, list, force))
    }

    /// The outcome is what the model foretells, and so is everything else. Only the lack of
    /// descriptors is nothing that it knows of; then nothing may have changed, and so the model
    /// stays as it is.
    fn settle<T: PartialEq + Debug>(
        &mut self,
        outcome: &Result<T, Error>,
        foretell: impl FnOnce(&mut Model) -> Result<T, Error>,
    ) -> Outcome {
        self.operations += 1;
        let kind = outcome.as_ref().err().map(discriminant);
        self.outcomes.insert((self.model.booted, kind));
        let before = self.scarce.then(|| self.model.clone());
        let expected = foretell(&mut self.model);
        if matches!(outcome, Err(Error::NoMemory { bytes: 0 } | Error::NoDescriptors { .. })) {
            prop_assert_eq!((self.scarce, expected.is_ok()), (true, true));
            self.model = before.unwrap();
        } else {
            prop_assert_eq!(outcome, &expected);
        }
        let segments = self.table.len();
        self.met.count(segments);
        if self.rushes || (segments > MANY && !self.operations.is_multiple_of(EVERY)) {
            self.agree_nearby()
        } else {
            self.agree()
        }
    }

    /// As [`settle`](Self::settle), for operations that give a handle, which is remembered.
    fn settle_new(
        &mut self,
        outcome: &Result<Handle<B::Handle>, Error>,
        foretell: impl FnOnce(&mut Model) -> Result<Id, Error>,
    ) -> Outcome {
        let name = self.model.next_id;
        self.settle(&(*outcome).map(|_| name), foretell)?;
        if let Ok(handle) = *outcome
            && self.known.insert((name, handle))
        {
            self.handles.push((name, handle));
        }
        Ok(())
    }
}

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
use super::operation::Operation;

/// A table and its model, and what has to be remembered from step to step.
pub(crate) struct Driver<B: Backend> {
    pub(crate) table: SegmentTable<B>,
    pub(crate) model: Model,
    /// Every handle ever given for a segment.
    pub(crate) handles: Vec<(Id, Handle<B::Handle>)>,
    /// The descriptor of each frame as it was after the last step.
    pub(crate) pages: Vec<Option<PageId>>,
    /// What came of the operations so far, before boot ended and after.
    pub(crate) outcomes: HashSet<(bool, Option<Discriminant<Error>>)>,
    /// How many operations were carried out, refused ones included.
    pub(crate) operations: u64,
    /// The most segments that there were at a time.
    pub(crate) most_segments: usize,
    /// Whether slabs may be unable to describe what they have given out.
    scarce: bool,
}

impl<B: Backend> Driver<B> {
    /// Slabs that can describe only so many runs of descriptors are named by that number.
    pub(crate) fn new(backend: B, capacity: usize, regions: Option<usize>) -> Self {
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
        let model = Model::new(rules);
        Self {
            table,
            pages: vec![None; model.frames.len()],
            model,
            handles: Vec::new(),
            outcomes: HashSet::new(),
            operations: 0,
            most_segments: 0,
            scarce: regions.is_some(),
        }
    }

    /// One operation, or a few of a kind. After each, everything has to agree.
    pub(crate) fn step(&mut self, operation: &Operation) -> Result<(), TestCaseError> {
        match *operation {
            Operation::Load { start, pages, avail, free_list } => {
                let list = FreeList::from_number(free_list).unwrap();
                let (frames, avail) = bounds(start, pages, avail);
                let [start, end, from, to] = [frames.0, frames.1, avail.0, avail.1].map(Pfn::new);
                let outcome = self.table.physload(start, end, from, to, list);
                self.settle_new(outcome, |model| model.physload(frames, avail, list))?;
            }
            Operation::Plug { start, pages } => self.plug(start, pages)?,
            Operation::PlugHole { hole, skip, pages } => {
                let holes = self.holes();
                let (start, end) = holes[usize::from(hole) % holes.len()];
                let (start, pages) = part(start, end, skip, pages);
                self.plug(start, pages)?;
            }
            Operation::Unplug { start, pages } => self.unplug(start, pages)?,
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
            Operation::Unload { target, free_list, force, times } => {
                let list = FreeList::from_number(free_list).unwrap();
                for _ in 0..times {
                    self.unload(target, list, force)?;
                }
            }
            Operation::PageInit => {
                let outcome = self.table.page_init();
                self.settle(outcome, Model::page_init)?;
            }
            Operation::Hint { target, frame } => {
                let (handle, id) = self.target(target);
                let outcome = self.table.set_start_hint(handle, frame);
                self.settle(outcome, |model| model.set_start_hint(id, frame))?;
            }
            Operation::Pmap { target, word } => {
                let (handle, id) = self.target(target);
                let outcome = self.table.pmap_data_mut(handle).map(|place| *place = word);
                self.settle(outcome, |model| model.set_pmap(id, word))?;
            }
        }
        Ok(())
    }

    fn plug(&mut self, start: u64, pages: u64) -> Result<(), TestCaseError> {
        let outcome = self.table.plug(Pfn::new(start), pages);
        self.settle_new(outcome, |model| model.plug(start, pages))
    }

    fn unplug(&mut self, start: u64, pages: u64) -> Result<(), TestCaseError> {
        let outcome = self.table.unplug(Pfn::new(start), pages);
        self.settle(outcome, |model| model.unplug(start, pages))
    }

    fn unload(&mut self, target: u8, list: FreeList, force: bool) -> Result<(), TestCaseError> {
        let (handle, id) = self.target(target);
        let outcome = if force {
            self.table.physunload_force(handle, list)
        } else {
            self.table.physunload(handle, list)
        };
        let outcome =
            outcome.map(|taken| taken.map(|paddr| paddr.to_pfn(PageSize::FOUR_KIB).get()));
        self.settle(outcome, |model| model.physunload(id, list, force))
    }

    /// The outcome is what the model foretells, and so is everything else. Only the lack of descriptors is nothing that it
    /// knows of; then nothing may have changed, and so the model stays as it is.
    fn settle<T: PartialEq + Debug>(
        &mut self,
        outcome: Result<T, Error>,
        foretell: impl FnOnce(&mut Model) -> Result<T, Error>,
    ) -> Result<(), TestCaseError> {
        self.operations += 1;
        let kind = outcome.as_ref().err().map(discriminant);
        self.outcomes.insert((self.model.booted, kind));
        let mut next = self.model.clone();
        let expected = foretell(&mut next);
        if matches!(outcome, Err(Error::NoMemory { bytes: 0 } | Error::NoDescriptors { .. })) {
            prop_assert_eq!((self.scarce, expected.is_ok()), (true, true));
        } else {
            prop_assert_eq!(outcome, expected);
            self.model = next;
        }
        self.most_segments = self.most_segments.max(self.table.len());
        self.agree()
    }

    /// As [`settle`](Self::settle), for operations that give a handle, which is remembered.
    fn settle_new(
        &mut self,
        outcome: Result<Handle<B::Handle>, Error>,
        foretell: impl FnOnce(&mut Model) -> Result<Id, Error>,
    ) -> Result<(), TestCaseError> {
        let name = self.model.next_id;
        self.settle(outcome.map(|_| name), foretell)?;
        if let Ok(handle) = outcome {
            self.handles.push((name, handle));
        }
        Ok(())
    }
}

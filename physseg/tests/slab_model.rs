//! Slabs against a naive model: a list of slabs, each a list of pages that are taken or not.
//! Names must stay disjoint for ever, users are counted, a slab goes with its last user, and what
//! fails changes nothing.

use std::collections::BTreeMap;

use physseg::extent::ExtentError;
use physseg::slab::{PageDescriptor, SlabError, SlabId, Slabs};
use physseg::{FrameRange, PageId, Pfn};
use proptest::prelude::*;

#[derive(Clone, PartialEq, Eq, Debug)]
struct Slab {
    first: u64,
    taken: Vec<bool>,
    users: u32,
}

impl Slab {
    /// Maximal runs of pages that are all taken, or all free: (taken, start, end).
    fn runs(&self) -> Vec<(bool, usize, usize)> {
        let mut runs: Vec<(bool, usize, usize)> = Vec::new();
        for (page, taken) in self.taken.iter().enumerate() {
            match runs.last_mut() {
                Some((of, _, end)) if of == taken => *end = page + 1,
                _ => runs.push((*taken, page, page + 1)),
            }
        }
        runs
    }

    fn regions(&self) -> usize {
        self.runs().iter().filter(|run| run.0).count()
    }

    /// Lengths and starts of the free runs.
    fn free_runs(&self) -> impl Iterator<Item = (usize, usize)> {
        let runs = self.runs().into_iter().filter(|run| !run.0);
        runs.map(|(_, start, end)| (end - start, start))
    }

    fn longest(&self) -> usize {
        self.free_runs().map(|run| run.0).max().unwrap_or(0)
    }

    /// Marks pages, unless that takes more regions than `limit`.
    fn mark(&mut self, start: usize, end: usize, taken: bool, limit: Option<usize>) -> bool {
        let mut marked = self.clone();
        marked.taken[start..end].fill(taken);
        if limit.is_some_and(|limit| marked.regions() > limit.max(self.regions())) {
            return false;
        }
        *self = marked;
        true
    }
}

/// The slabs by number: numbers come back, so the model takes them from what it tests.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Model {
    slabs: BTreeMap<SlabId, Slab>,
    next_name: u64,
    limit: Option<usize>,
}

#[derive(Clone, Debug)]
enum Step {
    Create(u64),
    Allocate(u64),
    AllocateFrom(usize, u64),
    Free(usize, usize, usize),
    Acquire(usize),
    Release(usize),
    Describe(usize, usize, u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (slab, page) = (0..8_usize, 0..24_usize);
    let step = prop_oneof![
        1 => (0..24_u64).prop_map(Step::Create),
        4 => (0..24_u64).prop_map(Step::Allocate),
        3 => (slab.clone(), 0..12_u64).prop_map(|(s, n)| Step::AllocateFrom(s, n)),
        6 => (slab.clone(), page.clone(), 0..8_usize).prop_map(|(s, p, n)| Step::Free(s, p, n)),
        1 => slab.clone().prop_map(Step::Acquire),
        3 => slab.clone().prop_map(Step::Release),
        2 => (slab, page, 1..12_u64).prop_map(|(s, p, n)| Step::Describe(s, p, n)),
    ];
    proptest::collection::vec(step, 1..50)
}

fn page(index: u64) -> PageId {
    PageId::new(index).unwrap()
}

fn refused(slab: Result<impl Sized, SlabError>) -> SlabError {
    slab.map(|_| ()).unwrap_err()
}

impl Model {
    fn pick(&self, nth: usize) -> Option<SlabId> {
        let nth = nth.checked_rem(self.slabs.len())?;
        self.slabs.keys().nth(nth).copied()
    }

    fn add(&mut self, id: SlabId, first: u64, pages: u64, taken: bool) {
        assert_eq!(first, self.next_name, "names are new, and in a row");
        self.next_name += pages;
        let taken = vec![taken; usize::try_from(pages).unwrap()];
        let users = 0;
        let before = self.slabs.insert(id, Slab { first, taken, users });
        assert_eq!(before, None, "{id} is another slab's number");
    }

    fn assert_same(&self, slabs: &Slabs) {
        assert_eq!(slabs.slabs(), self.slabs.len());
        let mut names = Vec::new();
        for (id, slab) in &self.slabs {
            let pages = slab.taken.len() as u64;
            assert_eq!(slabs.users(*id), Some(slab.users));
            assert_eq!(slabs.range(*id), Some((page(slab.first), pages)));
            let free = slab.taken.iter().filter(|taken| !**taken).count();
            assert_eq!(slabs.free_pages(*id), Some(free as u64));
            assert_eq!(slabs.extent(*id).unwrap().region_count(), slab.regions());
            names.push((slab.first, slab.first + pages));
        }
        names.sort_unstable();
        assert!(names.is_sorted_by(|a, b| a.1 <= b.0), "{names:?} overlap");
    }

    fn allocate(&mut self, slabs: &mut Slabs, pages: u64) {
        let wanted = usize::try_from(pages).unwrap();
        let got = slabs.allocate(pages);
        if pages == 0 {
            assert_eq!(got, Err(SlabError::Empty));
            return;
        }
        let (id, first) = got.unwrap();
        let roomy = self.slabs.iter().filter(|(_, slab)| slab.longest() >= wanted);
        let tightest = roomy.min_by_key(|(id, slab)| (slab.longest(), **id)).map(|(id, _)| *id);
        if let Some(tightest) = tightest {
            let limit = self.limit;
            let slab = self.slabs.get_mut(&tightest).unwrap();
            let (_, at) = slab.free_runs().filter(|run| run.0 >= wanted).min().unwrap();
            if slab.mark(at, at + wanted, true, limit) {
                assert_eq!((id, first), (tightest, page(slab.first + at as u64)));
                slab.users += 1;
                return;
            }
        }
        self.add(id, first.index(), pages, true);
        self.slabs.get_mut(&id).unwrap().users = 1;
    }

    fn allocate_from(&mut self, slabs: &mut Slabs, id: SlabId, pages: u64) {
        let wanted = usize::try_from(pages).unwrap();
        let limit = self.limit;
        let slab = self.slabs.get_mut(&id).unwrap();
        let got = slabs.allocate_from(id, pages);
        if wanted == 0 {
            assert_eq!(got, Err(SlabError::Empty));
            return;
        }
        let lowest = slab.free_runs().filter(|run| run.0 >= wanted).map(|run| run.1).min();
        let Some(at) = lowest else {
            let size = pages;
            assert_eq!(refused(got), SlabError::Extent(ExtentError::NoSpace { size }));
            return;
        };
        if slab.mark(at, at + wanted, true, limit) {
            assert_eq!(got, Ok(page(slab.first + at as u64)));
            slab.users += 1;
        } else {
            let max_regions = limit.unwrap();
            assert_eq!(refused(got), SlabError::Extent(ExtentError::NoDescriptor { max_regions }));
        }
    }

    fn free(&mut self, slabs: &mut Slabs, id: SlabId, at: usize, pages: usize) {
        let limit = self.limit;
        let slab = self.slabs.get_mut(&id).unwrap();
        let (start, size) = (slab.first + at as u64, pages as u64);
        let got = slabs.free(id, page(start), size);
        if pages == 0 {
            assert_eq!(got, Err(SlabError::Empty));
        } else if at + pages > slab.taken.len() {
            let units = size;
            assert_eq!(got, Err(SlabError::Extent(ExtentError::OutOfRange { start, units })));
        } else if slab.taken[at..at + pages].contains(&false) {
            assert_eq!(got, Err(SlabError::Extent(ExtentError::NotAllocated { start, size })));
        } else if slab.mark(at, at + pages, false, limit) {
            assert_eq!(got, Ok(()));
        } else {
            let max_regions = limit.unwrap();
            assert_eq!(got, Err(SlabError::Extent(ExtentError::NoDescriptor { max_regions })));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn slabs_do_what_lists_of_pages_do(
        steps in steps(), limit in proptest::option::of(1..4_usize), materialise_at in 0..50_usize,
    ) {
        let mut slabs = limit.map_or_else(Slabs::new, Slabs::with_fixed_storage);
        let mut model = Model { limit, ..Model::default() };
        // What each living page was last described as, once there is memory.
        let mut described: BTreeMap<u64, u64> = BTreeMap::new();
        let mut gone: Vec<u64> = Vec::new();
        for (number, step) in steps.into_iter().enumerate() {
            if number == materialise_at {
                slabs.materialise().unwrap();
            }
            match step {
                Step::Create(0) => prop_assert_eq!(slabs.create(0), Err(SlabError::Empty)),
                Step::Create(pages) => {
                    let id = slabs.create(pages).unwrap();
                    let first = slabs.range(id).unwrap().0.index();
                    model.add(id, first, pages, false);
                }
                Step::Allocate(pages) => model.allocate(&mut slabs, pages),
                Step::AllocateFrom(nth, pages) => {
                    if let Some(id) = model.pick(nth) {
                        model.allocate_from(&mut slabs, id, pages);
                    }
                }
                Step::Free(nth, at, pages) => {
                    if let Some(id) = model.pick(nth) {
                        model.free(&mut slabs, id, at, pages);
                    }
                }
                Step::Acquire(nth) => {
                    if let Some(id) = model.pick(nth) {
                        slabs.acquire(id);
                        model.slabs.get_mut(&id).unwrap().users += 1;
                    }
                }
                Step::Release(nth) => {
                    if let Some(id) = model.pick(nth) {
                        slabs.release(id);
                        let slab = model.slabs.get_mut(&id).unwrap();
                        slab.users = slab.users.saturating_sub(1);
                        if slab.users == 0 {
                            let names = slab.first..slab.first + slab.taken.len() as u64;
                            described.retain(|name, _| !names.contains(name));
                            gone.extend(names);
                            model.slabs.remove(&id);
                        }
                    }
                }
                Step::Describe(nth, at, frames) => {
                    if let Some(slab) = model.pick(nth).and_then(|id| model.slabs.get(&id)) {
                        let first = slab.first + (at % slab.taken.len()) as u64;
                        let end = slab.first + slab.taken.len() as u64;
                        let start = 1_000 * number as u64;
                        slabs.describe(
                            page(first),
                            FrameRange::with_len(Pfn::new(start), frames).unwrap(),
                        );
                        if number >= materialise_at {
                            described.extend((first..end).zip(start..start + frames));
                        }
                    }
                }
            }
            model.assert_same(&slabs);
            for slab in model.slabs.values() {
                for name in slab.first..slab.first + slab.taken.len() as u64 {
                    let descriptor = slabs.descriptor(page(name));
                    prop_assert_eq!(descriptor.is_some(), number >= materialise_at);
                    let pfn = descriptor.and_then(PageDescriptor::pfn).map(Pfn::get);
                    prop_assert_eq!(pfn, described.get(&name).copied(), "page {}", name);
                }
            }
            for name in &gone {
                prop_assert!(slabs.descriptor(page(*name)).is_none(), "page {} is gone", name);
            }
        }
    }
}

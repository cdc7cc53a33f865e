//! Extents against a naive model: one word for each unit of a small range, and definitions taken
//! literally. Random sequences of calls with every option must give the same answers, the same
//! refusals and the same regions, and a refusal must change nothing.

use physseg::extent::{Extent, ExtentError, Flags, Storage};
use proptest::prelude::*;

/// The extent as a list: what each unit belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Model {
    start: u64,
    /// 0 for free; else the number of the allocation that took the unit.
    owner: Vec<u32>,
    allocations: u32,
    coalesces: bool,
    max_regions: Option<usize>,
}

impl Model {
    fn end(&self) -> u64 {
        self.start + (self.owner.len() as u64 - 1)
    }

    fn index(&self, unit: u64) -> usize {
        usize::try_from(unit - self.start).unwrap()
    }

    fn is_free(&self, first: u64, last: u64) -> bool {
        self.owner[self.index(first)..=self.index(last)].iter().all(|owner| *owner == 0)
    }

    /// Maximal runs of units for which `key` is the same.
    fn runs(&self, key: impl Fn(u32) -> u32) -> Vec<(u32, u64, u64)> {
        let mut runs: Vec<(u32, u64, u64)> = Vec::new();
        for (unit, owner) in (self.start..=self.end()).zip(&self.owner) {
            match runs.last_mut() {
                Some((of, _, last)) if *of == key(*owner) => *last = unit,
                _ => runs.push((key(*owner), unit, unit)),
            }
        }
        runs
    }

    fn free_runs(&self) -> Vec<(u64, u64)> {
        let runs = self.runs(|owner| u32::from(owner != 0)).into_iter();
        runs.filter(|run| run.0 == 0).map(|run| (run.1, run.2)).collect()
    }

    fn regions(&self) -> Vec<(u64, u64)> {
        let coalesces = self.coalesces;
        let key = |owner| {
            if coalesces { u32::from(owner != 0) } else { owner }
        };
        let runs = self.runs(key).into_iter();
        runs.filter(|run| run.0 != 0).map(|run| (run.1, run.2)).collect()
    }

    /// Carries `change` out unless it takes more regions than can be described.
    fn apply(&mut self, flags: Flags, change: impl Fn(&mut Self)) -> Result<(), ExtentError> {
        let mut changed = self.clone();
        change(&mut changed);
        let (before, after) = (self.regions().len(), changed.regions().len());
        if let Some(max_regions) = self.max_regions
            && after > before
            && after > max_regions
            && !flags.contains(Flags::MALLOCOK)
        {
            return Err(if flags.contains(Flags::WAITOK) {
                ExtentError::WouldBlock
            } else {
                ExtentError::NoDescriptor { max_regions }
            });
        }
        *self = changed;
        Ok(())
    }

    fn claim(&mut self, first: u64, last: u64, flags: Flags) -> Result<(), ExtentError> {
        self.apply(flags, |model| {
            model.allocations += 1;
            let (first, last) = (model.index(first), model.index(last));
            model.owner[first..=last].fill(model.allocations);
        })
    }

    fn alloc(&mut self, ask: &Ask) -> Result<u64, ExtentError> {
        let Ask { sub_start, sub_end, size, alignment, boundary, flags } = *ask;
        if size == 0 {
            return Err(ExtentError::Empty);
        }
        if !alignment.is_power_of_two() {
            return Err(ExtentError::BadAlignment(alignment));
        }
        if boundary != 0 && boundary < size {
            return Err(ExtentError::BadBoundary { boundary, size });
        }
        if sub_start > sub_end {
            return Err(ExtentError::Empty);
        }
        if sub_start < self.start || sub_end > self.end() {
            let (start, units) = (sub_start, (sub_end - sub_start).saturating_add(1));
            return Err(ExtentError::OutOfRange { start, units });
        }
        let base = if flags.contains(Flags::BOUNDZERO) { 0 } else { self.start };
        let window = |unit: u64| (unit - base).checked_div(boundary);
        let lowest = |first: u64, last: u64| {
            (first..=last).find(|at| {
                let end = at.checked_add(size - 1);
                at % alignment == 0
                    && end.is_some_and(|end| end <= last && window(*at) == window(end))
            })
        };
        let cut = self.free_runs().into_iter().filter_map(|(first, last)| {
            let (first, last) = (first.max(sub_start), last.min(sub_end));
            (first <= last).then_some((first, last))
        });
        let fitting =
            cut.filter_map(|(first, last)| Some((last - first, first, lowest(first, last)?)));
        let chosen = if flags.contains(Flags::FAST) {
            fitting.min_by_key(|(_, _, at)| *at)
        } else {
            fitting.min()
        };
        let Some((_, _, at)) = chosen else {
            let some_day = lowest(sub_start, sub_end).is_some();
            return Err(if some_day && flags.contains(Flags::WAITSPACE) {
                ExtentError::WouldBlock
            } else {
                ExtentError::NoSpace { size }
            });
        };
        self.claim(at, at + (size - 1), flags)?;
        Ok(at)
    }

    /// The last unit of the range, if it is a range and inside.
    fn last(&self, start: u64, size: u64) -> Result<u64, ExtentError> {
        let units = size;
        let last = start.checked_add(size.checked_sub(1).ok_or(ExtentError::Empty)?);
        last.filter(|last| self.start <= start && *last <= self.end())
            .ok_or(ExtentError::OutOfRange { start, units })
    }

    fn alloc_region(&mut self, start: u64, size: u64, flags: Flags) -> Result<(), ExtentError> {
        let last = self.last(start, size)?;
        if self.is_free(start, last) {
            return self.claim(start, last, flags);
        }
        Err(if flags.contains(Flags::WAITSPACE) {
            ExtentError::WouldBlock
        } else {
            ExtentError::NoSpace { size }
        })
    }

    fn free(&mut self, start: u64, size: u64, flags: Flags) -> Result<(), ExtentError> {
        let last = self.last(start, size)?;
        let (from, to) = (self.index(start), self.index(last));
        if self.owner[from..=to].contains(&0) {
            return Err(ExtentError::NotAllocated { start, size });
        }
        if !self.coalesces && !self.regions().contains(&(start, last)) {
            return Err(ExtentError::NotOneRegion { start, size });
        }
        self.apply(flags, |model| model.owner[from..=to].fill(0))
    }
}

#[derive(Clone, Copy, Debug)]
struct Ask {
    sub_start: u64,
    sub_end: u64,
    size: u64,
    alignment: u64,
    boundary: u64,
    flags: Flags,
}

#[derive(Clone, Debug)]
enum Step {
    Alloc(Ask),
    AllocSubregion(Ask),
    AllocRegion(u64, u64, Flags),
    Free(u64, u64, Flags),
    /// Frees a part of the region in which a unit lies, so that frees often succeed.
    FreePart(u64, u64, u64, Flags),
}

/// The extents lie at the bottom, somewhere, and at the very top of the number line.
fn starts(units: u64) -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 1..200_u64, Just(u64::MAX - (units - 1))]
}

fn flags() -> impl Strategy<Value = Flags> {
    let all = [
        Flags::WAITOK,
        Flags::FAST,
        Flags::CATCH,
        Flags::MALLOCOK,
        Flags::WAITSPACE,
        Flags::BOUNDZERO,
    ];
    // FAST and BOUNDZERO in every other call, the rare ones in few.
    let odds = [0.1, 0.5, 0.1, 0.1, 0.1, 0.5];
    let each: Vec<_> = odds.map(proptest::bool::weighted).into();
    each.prop_map(move |set| {
        let chosen = all.into_iter().zip(set).filter(|(_, set)| *set);
        chosen.fold(Flags::NOWAIT, |flags, (flag, _)| flags | flag)
    })
}

/// A call over the extent of `units` units from `start`, reaching a little beyond on both sides.
fn step(start: u64, units: u64) -> impl Strategy<Value = Step> {
    let unit = (start.saturating_sub(2)..=start.saturating_add(units)).boxed();
    let size =
        prop_oneof![10 => 1..=8_u64, 3 => 1..=units, 1 => Just(0), 1 => Just(units + 1)].boxed();
    let alignment =
        prop_oneof![4 => Just(1_u64), 4 => (0..6_u32).prop_map(|s| 1 << s), 1 => 0..40_u64];
    let boundary = prop_oneof![2 => Just(0_u64), 2 => 1..40_u64, 1 => Just(u64::MAX)];
    let ask = (unit.clone(), unit.clone(), size.clone(), alignment, boundary, flags())
        .prop_map(|(a, b, size, alignment, boundary, flags)| Ask {
            // Mostly the right way round.
            sub_start: if size % 8 == 7 { a.max(b) } else { a.min(b) },
            sub_end: if size % 8 == 7 { a.min(b) } else { a.max(b) },
            size,
            alignment,
            boundary,
            flags,
        })
        .boxed();
    prop_oneof![
        4 => ask.clone().prop_map(Step::Alloc),
        4 => ask.prop_map(Step::AllocSubregion),
        2 => (unit.clone(), size.clone(), flags()).prop_map(|(u, s, f)| Step::AllocRegion(u, s, f)),
        1 => (unit.clone(), size, flags()).prop_map(|(u, s, f)| Step::Free(u, s, f)),
        6 => (unit, 0..6_u64, 0..6_u64, flags()).prop_map(|(u, a, b, f)| Step::FreePart(u, a, b, f)),
    ]
}

/// Start, units, storage, coalescing, calls.
fn story() -> impl Strategy<Value = (u64, u64, Storage, bool, Vec<Step>)> {
    let shape = (1..=72_u64).prop_flat_map(|units| (starts(units), Just(units)));
    let storage = prop_oneof![Just(Storage::Heap), (1..6_usize).prop_map(Storage::Fixed)];
    (shape, storage, proptest::bool::weighted(0.7)).prop_flat_map(
        |((start, units), storage, coalesces)| {
            let steps = proptest::collection::vec(step(start, units), 1..40);
            (Just(start), Just(units), Just(storage), Just(coalesces), steps)
        },
    )
}

/// What anybody can see of an extent.
fn assert_same(extent: &Extent, model: &Model) {
    let regions: Vec<_> = extent.regions().map(|r| (r.start, r.last)).collect();
    assert_eq!(regions, model.regions());
    assert_eq!(extent.region_count(), regions.len());
    assert_eq!(extent.is_unused(), regions.is_empty());
    let lengths: Vec<_> =
        model.free_runs().iter().map(|run| u128::from(run.1 - run.0) + 1).collect();
    assert_eq!(extent.free_units(), lengths.iter().sum::<u128>());
    assert_eq!(extent.largest_free(), lengths.iter().copied().max().unwrap_or(0));
}

/// Everything that [`assert_same`] compares, of the extent alone: a refusal must not change it.
fn seen(extent: &Extent) -> (String, usize, u128) {
    (extent.to_string(), extent.region_count(), extent.largest_free())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn an_extent_does_what_a_list_of_units_does(
        (start, units, storage, coalesces, steps) in story()
    ) {
        let creation = if coalesces { Flags::NOWAIT } else { Flags::NOCOALESCE };
        let end = start + (units - 1);
        let mut extent = Extent::create_with("model", start, end, storage, creation).unwrap();
        let mut model = Model {
            start,
            owner: vec![0; usize::try_from(units).unwrap()],
            allocations: 0,
            coalesces,
            max_regions: match storage {
                Storage::Heap => None,
                Storage::Fixed(regions) => Some(regions),
            },
        };
        for step in steps {
            let before = seen(&extent);
            let refused = match step {
                Step::Alloc(ask) => {
                    let whole = Ask { sub_start: start, sub_end: end, ..ask };
                    let got = extent.alloc(ask.size, ask.alignment, ask.boundary, ask.flags);
                    prop_assert_eq!(got, model.alloc(&whole), "{:?}", whole);
                    got.is_err()
                }
                Step::AllocSubregion(ask) => {
                    let Ask { sub_start, sub_end, size, alignment, boundary, flags } = ask;
                    let got =
                        extent.alloc_subregion(sub_start, sub_end, size, alignment, boundary, flags);
                    prop_assert_eq!(got, model.alloc(&ask), "{:?}", ask);
                    got.is_err()
                }
                Step::AllocRegion(at, size, flags) => {
                    let got = extent.alloc_region(at, size, flags);
                    prop_assert_eq!(got, model.alloc_region(at, size, flags), "{} {}", at, size);
                    got.is_err()
                }
                Step::Free(at, size, flags) => {
                    let got = extent.free(at, size, flags);
                    prop_assert_eq!(got, model.free(at, size, flags), "{} {}", at, size);
                    got.is_err()
                }
                Step::FreePart(unit, front, back, flags) => {
                    let region = model.regions().into_iter().find(|r| r.0 <= unit && unit <= r.1);
                    let Some((first, last)) = region else { continue };
                    let first = first + front.min(last - first);
                    let last = last - back.min(last - first);
                    let got = extent.free(first, last - first + 1, flags);
                    prop_assert_eq!(got, model.free(first, last - first + 1, flags));
                    got.is_err()
                }
            };
            if refused {
                prop_assert_eq!(seen(&extent), before);
            }
            assert_same(&extent, &model);
        }
    }
}

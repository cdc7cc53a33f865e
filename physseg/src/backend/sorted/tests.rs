//! Each layout's ranks against the definition of a rank, for every small number of keys, and the
//! backends against each other where spans are wide and frames at the ends of the number line.

extern crate std;

use alloc::format;
use alloc::vec::Vec;
use std::collections::BTreeSet;

use super::branchless::FAR;
use super::kernel::Present;
use super::stree::Nodes;
use super::*;
use crate::addr::FrameRange;
use crate::backend::{Backend, Refusal};
use crate::page::PageId;
use crate::segment::FreeList;
use crate::slab::SlabId;

/// Numbers that look random and are always the same (splitmix64 of Steele, Lea and Flood).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }
}

/// `count` different keys, ascending; among them, as often as not, the lowest and the highest.
fn drawn<K: Key + Into<u64>>(draw: &mut Draw, count: usize, widest: u64) -> Vec<K> {
    let mut keys = BTreeSet::new();
    let highest: u64 = K::clamped(u64::MAX).into();
    let widest = widest.max(4 * count as u64).min(highest);
    if count > 1 && draw.below(2) == 0 {
        keys.extend([K::clamped(0), K::clamped(u64::MAX)]);
    }
    while keys.len() < count {
        keys.insert(K::clamped(draw.next() % widest));
    }
    keys.into_iter().take(count).collect()
}

/// What is worth looking up: every key and its neighbours, and the ends.
fn asked<K: Key + Into<u64>>(keys: &[K]) -> Vec<K> {
    let around = |&key: &K| {
        let number: u64 = key.into();
        [number.saturating_sub(1), number, number.saturating_add(1)]
    };
    let numbers = keys.iter().flat_map(around).chain([0, 1, u64::MAX - 1, u64::MAX]);
    numbers.map(K::clamped).collect()
}

fn ranks<K: Key + Into<u64>>(search: &impl Search<K>, keys: &[K], asked: &[K]) {
    for &key in asked {
        let expected = keys.partition_point(|&other| other <= key);
        assert_eq!(search.rank(key), expected, "{key:?} of {} keys", keys.len());
    }
}

/// [`exercise`] with every small number of keys, and numbers at which a layout gets another level.
fn exercise_all<K: Key + Into<u64>, S: Search<K>>(make: impl Fn() -> S) {
    exercise(make, (0..=600).chain([17 * 16, 17 * 16 + 1, 17 * 17 * 16, 17 * 17 * 16 + 1, 40_000]));
}

/// Builds, then changes, and asks after each step.
fn exercise<K: Key + Into<u64>, S: Search<K>>(
    make: impl Fn() -> S,
    counts: impl IntoIterator<Item = usize>,
) {
    let mut draw = Draw(1);
    for count in counts {
        let widest = [10, 1 << 20, u64::MAX][draw.below(3)];
        let mut keys = drawn::<K>(&mut draw, count, widest);
        let mut search = make();
        search.reserve(count, None).unwrap();
        let bytes = search.bytes();
        search.build(count, |at| keys[at]);
        assert_eq!(search.bytes(), bytes, "building {count} keys took memory");
        ranks(&search, &keys, &asked(&keys));
        for step in 0..6 {
            change(&mut draw, &mut search, &mut keys, step % 3);
            ranks(&search, &keys, &asked(&keys));
        }
        search.clear();
        assert_eq!(search.bytes(), 0);
    }
}

/// One key more, one less, or one moved between its neighbours.
fn change<K: Key + Into<u64>, S: Search<K>>(
    draw: &mut Draw,
    search: &mut S,
    keys: &mut Vec<K>,
    kind: usize,
) {
    let place = draw.below(keys.len() + 1);
    let place = [0, place, keys.len()][draw.below(3)];
    let low = place.checked_sub(1).map_or(0, |below| keys[below].into() + 1);
    match kind {
        0 => {
            let high: u64 = keys.get(place).map_or(K::clamped(u64::MAX), |&key| key).into();
            if low < high {
                keys.insert(place, K::clamped(low + (high - low) / 2));
                search.reserve(keys.len(), None).unwrap();
                search.inserted(place, keys.len(), |at| keys[at]);
            }
        }
        1 if place < keys.len() => {
            keys.remove(place);
            search.removed(place, keys.len(), |at| keys[at]);
        }
        2 if place < keys.len() => {
            let high: u64 = keys.get(place + 1).map_or(K::clamped(u64::MAX), |&key| key).into();
            keys[place] = K::clamped(low + (high - low) / 2);
            search.set(place, keys[place]);
        }
        _ => {}
    }
}

#[test]
fn halving_ranks_as_the_definition_says() {
    exercise_all::<u32, <Halving as Layout>::Of<u32>>(Default::default);
    exercise_all::<u64, <Halving as Layout>::Of<u64>>(Default::default);
}

/// On both sides of the number of keys from which on it prefetches.
#[test]
fn halving_ranks_as_the_definition_says_with_very_many_keys() {
    let counts = [FAR - 1, FAR, FAR + 1, FAR + 9];
    exercise::<u32, <Halving as Layout>::Of<u32>>(Default::default, counts);
    exercise::<u64, <Halving as Layout>::Of<u64>>(Default::default, counts);
}

#[test]
fn breadth_first_ranks_as_the_definition_says() {
    exercise_all::<u32, <BreadthFirst as Layout>::Of<u32>>(Default::default);
    exercise_all::<u64, <BreadthFirst as Layout>::Of<u64>>(Default::default);
}

#[test]
fn every_kernel_ranks_as_the_definition_says() {
    let available = Kernel::ALL.into_iter().filter_map(|kernel| Present::new(kernel).ok());
    for kernel in available {
        exercise_all::<u32, _>(|| Nodes::<u32>::new(kernel));
        exercise_all::<u64, _>(|| Nodes::<u64>::new(kernel));
    }
}

#[test]
fn a_kernel_that_is_missing_is_refused_and_named() {
    let mut refused = 0;
    for kernel in Kernel::ALL {
        match STree::with_kernel(3, kernel) {
            Ok(tree) => assert_eq!(tree.simd(), kernel.name()),
            Err(missing) => {
                refused += 1;
                assert_eq!(missing, MissingKernel(kernel));
                assert!(format!("{missing}").contains(kernel.name()), "{missing}");
            }
        }
    }
    assert!((1..Kernel::ALL.len()).contains(&refused), "no processor has all, every one has one");
    assert_eq!(STree::new().simd(), Kernel::best().name());
}

pub(super) fn segment(start: u64, frames: u64) -> Segment {
    let range = FrameRange::new(Pfn::new(start), Pfn::new(start + frames)).unwrap();
    let first = PageId::new(start ^ 0x5555).unwrap();
    Segment::new(range, FreeList::Default).with_pages(first, SlabId::NONE)
}

/// Everything that can be asked about the frames around the ends of each segment.
pub(super) fn answers<I: Index>(backend: &Sorted<I>, frames: &[u64]) {
    backend.check().unwrap();
    for &frame in frames {
        let pfn = Pfn::new(frame);
        let at = backend.records.iter().position(|record| record.contains(pfn));
        let record = at.map(|at| &backend.records[at]);
        let found = at.zip(record).map(|(at, r)| (Place(at), frame - r.start().get()));
        assert_eq!(backend.find(pfn), found, "{pfn}");
        // (A table has no descriptors before.)
        if backend.booted() {
            let page = record.and_then(|record| record.page_of(pfn));
            assert_eq!(backend.find_page(pfn), page, "{pfn}");
        }
    }
}

/// Segments at the lowest and the highest frames, holes of every size, keys of both widths, and
/// the change from one to the other by what is plugged above and below.
fn spans<I: Index>(starts: &[u64], later: &[u64]) {
    let around = |&start: &u64| [start.saturating_sub(1), start, start + 3, start + 4];
    let frames: Vec<u64> =
        starts.iter().chain(later).flat_map(around).chain([0, u64::MAX]).collect();
    let mut backend = Sorted::<I>::with_boot_capacity(starts.len());
    for &start in starts {
        backend.insert(segment(start, 4)).unwrap();
        answers(&backend, &frames);
    }
    let full = Refusal::Full { capacity: starts.len() };
    assert_eq!(backend.insert(segment(1 << 62, 1)), Err(full));
    let bytes = backend.bytes();
    backend.boot_ended();
    assert_eq!(backend.bytes(), bytes, "the end of boot took memory");
    answers(&backend, &frames);
    for &start in later {
        backend.insert(segment(start, 4)).unwrap();
        answers(&backend, &frames);
    }
    // From the front, from the back, and whole; and undone.
    for at in 0..backend.len() {
        let whole = backend.records[at];
        for (skip, left) in [(1, 3), (0, 3), (2, 1)] {
            let part = FrameRange::new(
                Pfn::new(whole.start().get() + skip),
                Pfn::new(whole.start().get() + skip + left),
            );
            assert_eq!(backend.replace(Place(at), whole.cut_to(part.unwrap())), Some(Place(at)));
            answers(&backend, &frames);
            backend.replace(Place(at), whole).unwrap();
        }
    }
    answers(&backend, &frames);
    while let Some(first) = backend.first() {
        backend.remove(first).unwrap();
        answers(&backend, &frames);
    }
    backend.insert(segment(77, 4)).unwrap();
    answers(&backend, &[0, 76, 77, 80, 81, u64::MAX]);
}

const NEAR: u64 = u32::MAX as u64;

fn spans_of_all_kinds<I: Index>() {
    spans::<I>(&[0], &[8, 4, NEAR - 1, NEAR + 5, 1 << 40]);
    spans::<I>(&[0], &[NEAR, 8]);
    spans::<I>(&[10, 20, 30], &[0, 5, NEAR + 9]);
    spans::<I>(&[5, NEAR + 4], &[NEAR + 9, 100]);
    spans::<I>(&[5, NEAR + 5], &[0, 1 << 39, 9]);
    spans::<I>(&[(1 << 40) - 4, 1 << 39, 0], &[1 << 20]);
    spans::<I>(&[1 << 39, (1 << 39) + 8], &[(1 << 39) + NEAR - 1, (1 << 39) - 9]);
    spans::<I>(&[u64::MAX - 5, 1 << 63], &[(u64::MAX >> 1) - 9, 0]);
    spans::<I>(&[u64::MAX - 5], &[u64::MAX - 9, u64::MAX - NEAR, u64::MAX - NEAR - 10]);
}

#[test]
fn frames_anywhere_on_the_number_line_are_found() {
    spans_of_all_kinds::<Rebuild>();
    spans_of_all_kinds::<Compact<Halving>>();
    spans_of_all_kinds::<Compact<BreadthFirst>>();
    spans_of_all_kinds::<Compact<Blocked>>();
}

/// One of the two widths at a time, and 16 bytes beside it; the records only where they are read.
#[test]
fn bytes_are_those_of_the_records_and_of_what_is_read() {
    fn built<I: Index>(last: u64) -> (usize, usize) {
        let mut backend = Sorted::<I>::with_boot_capacity(1_000);
        for start in (0..999 * 8).step_by(8).chain([last]) {
            backend.insert(segment(start, 4)).unwrap();
        }
        backend.boot_ended();
        (backend.bytes(), backend.index_bytes())
    }
    let (records, entries) = (72_000, 16 * 1_001);
    assert_eq!(built::<Rebuild>(9_000), (records, records));
    let narrow = entries + 4_000;
    assert_eq!(built::<Compact<Halving>>(9_000), (records + narrow, narrow));
    let wide = entries + 8_000;
    assert_eq!(built::<Compact<Halving>>(1 << 33), (records + wide, wide));
    let rounded = entries + 4 * 1_008;
    let padded = entries + 4 * 1_016;
    assert_eq!(built::<Compact<BreadthFirst>>(9_000), (records + padded, padded));
    let upper = 64 * (4 + 1);
    assert_eq!(built::<Compact<Blocked>>(9_000), (records + rounded + upper, rounded + upper));
}

#[test]
fn rebuilding_makes_an_array_of_the_exact_size_and_others_do_not_move() {
    let mut backend = ArrayRebuild::with_boot_capacity(4);
    for start in [0, 8, 16] {
        backend.insert(segment(start, 4)).unwrap();
    }
    backend.boot_ended();
    let before = backend.records.as_ptr();
    backend.replace(Place(1), segment(8, 2)).unwrap();
    assert_eq!(backend.records.as_ptr(), before, "one record changed: in place");
    backend.insert(segment(10, 2)).unwrap();
    assert_ne!(backend.records.as_ptr(), before);
    assert_eq!(backend.bytes(), 4 * size_of::<Segment>());
    backend.remove(Place(0)).unwrap();
    assert_eq!(backend.bytes(), 3 * size_of::<Segment>());
    answers(&backend, &[0, 4, 8, 9, 10, 11, 12, 16, 19, 20]);
}

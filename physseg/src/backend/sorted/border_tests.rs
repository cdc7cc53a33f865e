//! The border between keys of 32 bits and of 64, and segments that lie across it: a cut moves a start to
//! where no start was when the width was chosen, and may ask for no memory.

use alloc::vec::Vec;

use super::tests::{answers, segment};
use super::*;
use crate::addr::FrameRange;
use crate::backend::Backend;

/// The first distance from the base that has no key of 32 bits.
const BORDER: u64 = u32::MAX as u64;

/// Frames of the segment that lies near the border.
const FRAMES: u64 = 6;

fn range(start: u64, end: u64) -> FrameRange {
    FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap()
}

/// When the upper segment comes, and when it is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum When {
    LoadedAndCutAtBoot,
    LoadedAtBoot,
    Plugged,
}

/// One segment at `base`, and one of [`FRAMES`] from `start` on.
fn two<I: Index>(base: u64, start: u64, when: When) -> Sorted<I> {
    let mut backend = Sorted::with_boot_capacity(2);
    backend.insert(segment(base, 4)).unwrap();
    if when == When::Plugged {
        backend.boot_ended();
    }
    backend.insert(segment(start, FRAMES)).unwrap();
    if when == When::LoadedAtBoot {
        backend.boot_ended();
    }
    backend
}

/// Every cut of a segment from `start` on, from the front, the back and both, and its undoing.
fn every_cut<I: Index>(base: u64, start: u64, when: When) {
    let asked: Vec<u64> = (base..base + 6).chain(start - 2..start + FRAMES + 2).collect();
    for first in start..start + FRAMES {
        for end in first + 1..=start + FRAMES {
            let mut backend = two::<I>(base, start, when);
            let (whole, bytes) = (backend.records[1], backend.bytes());
            let part = whole.cut_to(range(first, end));
            assert_eq!(backend.replace(Place(1), part), Some(Place(1)));
            if when == When::LoadedAndCutAtBoot {
                backend.boot_ended();
            }
            answers(&backend, &asked);
            assert_eq!(backend.replace(Place(1), whole), Some(Place(1)));
            answers(&backend, &asked);
            assert_eq!(backend.bytes(), bytes, "a cut took memory");
        }
    }
}

fn every_cut_near_the_border<I: Index>() {
    for when in [When::LoadedAndCutAtBoot, When::LoadedAtBoot, When::Plugged] {
        for base in [0, 10, 1 << 40] {
            for distance in BORDER - FRAMES - 1..=BORDER + 1 {
                every_cut::<I>(base, base + distance, when);
            }
        }
    }
}

#[test]
fn a_segment_across_the_border_can_be_cut_anywhere() {
    every_cut_near_the_border::<Compact<Halving>>();
    every_cut_near_the_border::<Compact<BreadthFirst>>();
    every_cut_near_the_border::<Compact<Blocked>>();
}

#[test]
fn keys_are_narrow_as_long_as_the_last_frame_has_one() {
    let bytes = |start| two::<Compact<Halving>>(0, start, When::Plugged).index_bytes();
    // Three entries and two keys.
    assert_eq!(bytes(BORDER - FRAMES), 3 * 16 + 2 * 4);
    assert_eq!(bytes(BORDER - FRAMES + 1), 3 * 16 + 2 * 8);
}

/// The base is left behind when the lowest segment goes, until a start has no key there. `alone`:
/// the segment that is cut is then the lowest itself, so that its undoing ends below the new base.
fn a_cut_away_from_an_old_base<I: Index>(alone: bool) {
    let start = BORDER - 3;
    let asked: Vec<u64> = (0..16).chain(start - 2..start + 12).collect();
    let mut backend = Sorted::<I>::with_boot_capacity(2);
    backend.insert(segment(0, 4)).unwrap();
    backend.insert(segment(10, 4)).unwrap();
    backend.boot_ended();
    backend.remove(Place(0)).unwrap();
    backend.insert(segment(start, 10)).unwrap();
    if alone {
        backend.remove(Place(0)).unwrap();
    }
    answers(&backend, &asked);
    let at = backend.last().unwrap();
    let whole = *backend.get(at).unwrap();
    for (first, end) in [(start + 6, start + 10), (start + 9, start + 10), (start, start + 1)] {
        assert_eq!(backend.replace(at, whole.cut_to(range(first, end))), Some(at));
        answers(&backend, &asked);
        assert_eq!(backend.replace(at, whole), Some(at));
        answers(&backend, &asked);
    }
}

#[test]
fn a_base_that_was_left_behind_is_moved_when_a_cut_needs_it() {
    for alone in [false, true] {
        a_cut_away_from_an_old_base::<Compact<Halving>>(alone);
        a_cut_away_from_an_old_base::<Compact<BreadthFirst>>(alone);
        a_cut_away_from_an_old_base::<Compact<Blocked>>(alone);
    }
}

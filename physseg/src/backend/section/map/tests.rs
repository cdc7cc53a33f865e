//! The root's two shapes, and what tests ask of a page map.

use super::block::{Block, Run};
use super::chunk::Entry;
use super::*;

impl PageMap {
    /// Chunks that are uniform, mixed, expected.
    pub(in super::super) fn counts(&self) -> [usize; 3] {
        [self.uniform, self.mixed, self.expected]
    }

    pub(in super::super) fn tables_in_use(&self) -> usize {
        self.tables.in_use()
    }

    pub(in super::super) fn is_sparse(&self) -> bool {
        self.root.is_sparse()
    }
}

#[test]
fn a_window_grows_to_both_sides_and_keeps_its_entries() {
    let mut root = Root::new();
    root.cover(1000, 1001, 2).unwrap();
    *root.get_mut(1000).unwrap() = Entry::uniform(7);
    root.cover(900, 900, 3).unwrap();
    *root.get_mut(900).unwrap() = Entry::uniform(8);
    root.cover(1500, 1500, 4).unwrap();
    assert!(!root.is_sparse());
    assert_eq!([900, 1000].map(|chunk| root.get(chunk).unwrap().word), [8, 7]);
    assert!(root.get(1500).unwrap().is_absent() && root.get(1 << 49).is_none());
}

#[test]
fn a_window_becomes_directories_when_the_chunks_lie_too_far_apart() {
    let mut root = Root::new();
    root.cover(5000, 5000, 1).unwrap();
    *root.get_mut(5000).unwrap() = Entry::uniform(7);
    root.cover(5000 + 1024 + 64 + 62, 5000 + 1024 + 64 + 62, 2).unwrap();
    assert!(!root.is_sparse());
    root.cover(1 << 20, (1 << 20) + 1, 3).unwrap();
    assert!(root.is_sparse());
    assert_eq!(root.get(5000).unwrap().word, 7);
    assert!(root.get((1 << 20) + 1).unwrap().is_absent());
    assert!(root.get(0).is_none() && root.get(1 << 30).is_none());
    assert_eq!(root.entries().filter(|(_, entry)| !entry.is_absent()).count(), 1);
    assert_eq!(root.entries().find(|(_, entry)| !entry.is_absent()).unwrap().0, 5000);
}

fn run(low: u64, high: u64, raw: u64) -> Run {
    Run { low, high, block_start: 6400, raw }
}

/// The block with some runs, which must be told by bias or rank, and its answers.
fn told(runs: &[Run]) -> Option<(Block, [u64; 64])> {
    let (mut block, mut steps) = (Block::EMPTY, 0);
    for run in runs {
        (block, steps) = block.with(steps, run)?;
    }
    let mut answers = [0; 64];
    for (index, answer) in (0..).zip(&mut answers) {
        if block.valid >> index & 1 == 1 {
            *answer = block.told(steps, 6400, index);
        }
    }
    Some((block, answers))
}

#[test]
fn ascending_descriptors_are_told_by_rank_in_whatever_order_they_come() {
    let runs = [run(0, 3, 10), run(5, 9, 13), run(20, 21, 28), run(63, 64, 71)];
    let mut expected = [0; 64];
    for run in &runs {
        for frame in run.low..run.high {
            expected[usize::try_from(frame).unwrap()] = run.raw + frame - run.low;
        }
    }
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        let (block, answers) = told(&order.map(|nth| runs[nth])).unwrap();
        assert_eq!(answers, expected);
        assert!(block.table().is_none() && !is_bias(block.word));
    }
}

#[test]
fn what_no_rank_can_tell_is_said_to_be_so() {
    let cases = [
        ([run(0, 3, 10), run(5, 6, 12)], "a descriptor twice"),
        ([run(0, 3, 10), run(5, 6, 16)], "more skipped than frames"),
        ([run(5, 6, 16), run(0, 3, 10)], "the same from above"),
        ([run(0, 3, 10), run(5, 6, 9)], "descending"),
        ([run(0, 3, 10), run(5, 6, u64::MAX)], "beyond all counting"),
    ];
    for (runs, why) in cases {
        assert!(told(&runs).is_none(), "{why}");
    }
    assert!(told(&[run(0, 3, 10), run(5, 6, 15)]).is_some(), "one bias");
    assert!(told(&[run(0, 3, 10), run(5, 6, 14)]).is_some(), "one skipped less");
}

/// Set in words that name a table; a rank so high would be taken for one.
const TABLE: u64 = 1 << 61;

#[test]
fn a_rank_stays_below_the_words_that_name_tables() {
    // One descriptor skipped, so that a bias does not do; the lowest is the base of the rank.
    let two = |base| told(&[run(0, 3, base), run(5, 6, base + 4)]);
    assert!(two(TABLE).is_none() && two(TABLE - 64).is_none());
    let (block, answers) = two(TABLE - 65).unwrap();
    assert_eq!((answers[0], answers[5]), (TABLE - 65, TABLE - 61));
    assert!(block.table().is_none() && !is_bias(block.word));
    // Nor is the base moved there by what comes below.
    assert!(told(&[run(5, 6, TABLE + 4), run(0, 3, TABLE)]).is_none());
}

#[test]
fn a_flat_window_that_grows_down_takes_no_more_than_it_may() {
    let mut flat = Flat::new();
    let blocks = |first: u64, end: u64| (first * 64, end * 64);
    let cover = |flat: &mut Flat, (start, end)| flat.cover(start, end).unwrap();
    assert!(cover(&mut flat, blocks(100, 1100)));
    // An eighth of what there is would be 125 more; 23 of them are allowed beside the one needed.
    assert!(cover(&mut flat, blocks(99, 100)));
    assert_eq!(flat.span(), blocks(76, 76 + flat::LIMIT));
    assert_eq!(flat.bytes() as u64, flat::LIMIT * 24);
    for outside in [blocks(75, 76), blocks(1100, 1101)] {
        assert!(!cover(&mut flat, outside));
        assert_eq!(flat.span(), blocks(76, 76 + flat::LIMIT));
    }
    // Upwards likewise: what is spare is memory.
    let mut flat = Flat::new();
    assert!(cover(&mut flat, blocks(0, 1000)) && cover(&mut flat, blocks(1000, 1001)));
    assert_eq!((flat.span(), flat.bytes() as u64), (blocks(0, 1001), flat::LIMIT * 24));
}

#[test]
fn a_window_that_grows_chunk_by_chunk_is_seldom_moved() {
    let mut root = Root::new();
    root.cover(2000, 2000, 1).unwrap();
    let (mut base, mut moves) = (2000, 0);
    for chunk in (1000..2000).rev() {
        root.cover(chunk, chunk, 2001 - chunk).unwrap();
        let (first, _) = root.entries().next().unwrap();
        moves += usize::from(first != base);
        base = first;
    }
    assert!(!root.is_sparse() && base <= 1000);
    assert!(moves < 24, "half as much again each time is 17 times, not {moves}");
}

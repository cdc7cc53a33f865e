//! The tree as a structure: random histories against a sorted map, its invariants after every step,
//! handles that have outlived their segment, and the supply of nodes before and after boot.

use std::collections::BTreeMap;

use physseg::backend::rbtree::RbHandle;
use physseg::backend::rbtree::pool::{Pool, PoolError, VM_PHYSSEG_MAX};
use physseg::backend::{Backend, RbTree, Refusal};
use physseg::{FrameRange, FreeList, Pfn, Segment};
use proptest::prelude::*;

/// Segments lie on a grid of this many frames, so that two never overlap.
const STEP: u64 = 8;
const CELLS: u64 = 96;

fn segment(start: u64, end: u64) -> Segment {
    let range = FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap();
    Segment::new(range, FreeList::Default)
}

/// The segment of a grid cell: `frames` frames, from the cell's second on.
fn cell_segment(cell: u64, frames: u64) -> Segment {
    segment(cell * STEP + 1, cell * STEP + 1 + frames)
}

#[derive(Clone, Debug)]
enum Step {
    Insert { cell: u64, frames: u64 },
    Remove { nth: usize },
    Cut { nth: usize, front: u64, back: u64 },
    Probe { pfn: u64 },
}

fn step(insert_weight: u32) -> impl Strategy<Value = Step> {
    prop_oneof![
        insert_weight => (0..CELLS, 1..STEP).prop_map(|(cell, frames)| Step::Insert { cell, frames }),
        3 => any::<usize>().prop_map(|nth| Step::Remove { nth }),
        1 => (any::<usize>(), 0..3u64, 0..3u64)
            .prop_map(|(nth, front, back)| Step::Cut { nth, front, back }),
        2 => (0..CELLS * STEP + 9).prop_map(|pfn| Step::Probe { pfn }),
    ]
}

/// Some histories hover around an empty tree, some fill the whole grid, and some are filled first
/// and then drained.
fn history() -> impl Strategy<Value = Vec<Step>> {
    let part = |weights: core::ops::Range<u32>, len| {
        weights.prop_flat_map(move |weight| prop::collection::vec(step(weight), 0..len))
    };
    (part(2..20, 150), part(1..4, 60)).prop_map(|(mut steps, more)| {
        steps.extend(more);
        steps
    })
}

/// How many histories; fewer under a tool that slows the program down.
fn cases() -> u32 {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    wanted.and_then(|cases| cases.parse().ok()).unwrap_or(4_000)
}

/// The tree and what it should be: start -> (end, handle).
struct Pair {
    tree: RbTree,
    model: BTreeMap<u64, (u64, RbHandle)>,
    gone: Vec<RbHandle>,
}

impl Pair {
    fn new() -> Self {
        let mut tree = RbTree::new();
        tree.boot_ended();
        Self {
            tree,
            model: BTreeMap::new(),
            gone: Vec::new(),
        }
    }

    fn nth(&self, nth: usize) -> Option<(u64, u64, RbHandle)> {
        let nth = nth.checked_rem(self.model.len())?;
        let (&start, &(end, handle)) = self.model.iter().nth(nth)?;
        Some((start, end, handle))
    }

    fn apply(&mut self, step: &Step) {
        match *step {
            Step::Insert { cell, frames } => {
                let new = cell_segment(cell, frames);
                let taken = (0..STEP).any(|i| self.holder(cell * STEP + i).is_some());
                if !taken {
                    let handle = self.tree.insert(new).unwrap();
                    let (start, end) = (new.start().get(), new.end().get());
                    self.model.insert(start, (end, handle));
                }
            }
            Step::Remove { nth } => {
                if let Some((start, end, handle)) = self.nth(nth) {
                    assert_eq!(self.tree.remove(handle), Some(segment(start, end)));
                    self.model.remove(&start);
                    self.gone.push(handle);
                }
            }
            Step::Cut { nth, front, back } => {
                if let Some((start, end, handle)) = self.nth(nth)
                    && start + front < end - back
                {
                    let cut = segment(start + front, end - back);
                    assert_eq!(self.tree.replace(handle, cut), Some(handle));
                    self.model.remove(&start);
                    self.model.insert(start + front, (end - back, handle));
                }
            }
            Step::Probe { pfn } => self.probe(pfn),
        }
    }

    fn holder(&self, pfn: u64) -> Option<(u64, RbHandle)> {
        let (&start, &(end, handle)) = self.model.range(..=pfn).next_back()?;
        (pfn < end).then_some((start, handle))
    }

    fn probe(&self, pfn: u64) {
        let tree = &self.tree;
        let holder = self.holder(pfn);
        let found = holder.map(|(start, handle)| (handle, pfn - start));
        assert_eq!(tree.find(Pfn::new(pfn)), found, "find {pfn}");

        let above = self.model.range(pfn..).next().map(|(_, &(_, h))| h);
        let below = self.model.range(..pfn).next_back().map(|(_, &(_, h))| h);
        let inside = holder.map(|(_, handle)| handle);
        assert_eq!(tree.find_geq(Pfn::new(pfn)), inside.or(above), "geq {pfn}");
        assert_eq!(tree.find_leq(Pfn::new(pfn)), inside.or(below), "leq {pfn}");
    }

    /// Everything that can be asked.
    fn compare(&self) {
        let tree = &self.tree;
        tree.check().unwrap();
        assert_eq!(tree.len(), self.model.len());
        let handles: Vec<RbHandle> = self.model.values().map(|&(_, handle)| handle).collect();
        assert_eq!(tree.first(), handles.first().copied());
        assert_eq!(tree.last(), handles.last().copied());
        for pair in handles.windows(2) {
            assert_eq!(tree.next(pair[0]), Some(pair[1]));
            assert_eq!(tree.prev(pair[1]), Some(pair[0]));
        }
        if let (Some(&first), Some(&last)) = (handles.first(), handles.last()) {
            assert_eq!((tree.prev(first), tree.next(last)), (None, None));
        }
        for (&start, &(end, handle)) in &self.model {
            let present = tree.get(handle).unwrap();
            assert_eq!((present.start().get(), present.end().get()), (start, end));
            self.probe(start);
            self.probe(end);
        }
        for &handle in &self.gone {
            assert_eq!(tree.get(handle), None);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn every_history_agrees_with_a_sorted_map(steps in history()) {
        let mut pair = Pair::new();
        for step in &steps {
            pair.apply(step);
            pair.compare();
        }
    }
}

/// A fixed order that visits every number below `n` once: `n` is odd, the step is prime to it.
fn scattered(n: u64) -> impl Iterator<Item = u64> {
    (0..n).map(move |i| (i * 7_919) % n)
}

fn build_and_drain(n: u64, orders: [Box<dyn Iterator<Item = u64>>; 2]) {
    let [build, drain] = orders;
    let mut tree = RbTree::new();
    tree.boot_ended();
    let check_now = |done: usize| done.is_power_of_two() || done.is_multiple_of(1_000);
    for (done, cell) in build.enumerate() {
        tree.insert(cell_segment(cell, 5)).unwrap();
        if check_now(done) {
            tree.check().unwrap();
        }
    }
    assert_eq!(tree.len() as u64, n);
    tree.check().unwrap();
    let mut expected = 0;
    let mut next = tree.first();
    while let Some(handle) = next {
        assert_eq!(tree.get(handle).unwrap().start().get(), expected * STEP + 1);
        expected += 1;
        next = tree.next(handle);
    }
    assert_eq!(expected, n);
    for (done, cell) in drain.enumerate() {
        let (handle, offset) = tree.find(Pfn::new(cell * STEP + 4)).unwrap();
        assert_eq!(offset, 3);
        assert_eq!(tree.remove(handle), Some(cell_segment(cell, 5)));
        if check_now(done) {
            tree.check().unwrap();
        }
    }
    assert!(tree.is_empty());
    tree.check().unwrap();
}

const MANY: u64 = 10_001;

#[test]
fn ten_thousand_ascending() {
    build_and_drain(MANY, [Box::new(0..MANY), Box::new(0..MANY)]);
}

#[test]
fn ten_thousand_descending() {
    build_and_drain(MANY, [Box::new((0..MANY).rev()), Box::new(scattered(MANY))]);
}

#[test]
fn ten_thousand_scattered() {
    build_and_drain(MANY, [Box::new(scattered(MANY)), Box::new((0..MANY).rev())]);
}

#[test]
fn a_handle_dies_with_its_segment_and_stays_dead_when_the_slot_lives_again() {
    let mut tree = RbTree::with_boot_capacity(0);
    tree.boot_ended();
    let kept = tree.insert(segment(0, 8)).unwrap();
    let old = tree.insert(segment(8, 16)).unwrap();
    tree.remove(old).unwrap();
    let new = tree.insert(segment(8, 16)).unwrap();
    assert_eq!(new.slot(), old.slot());
    assert_ne!(new, old);
    assert_ne!(RbTree::handle_word(new), RbTree::handle_word(old));

    assert_eq!(tree.get(old), None);
    assert_eq!(tree.get_mut(old), None);
    assert_eq!(tree.next(old), None);
    assert_eq!(tree.prev(old), None);
    assert_eq!(tree.replace(old, segment(9, 10)), None);
    assert_eq!(tree.remove(old), None);
    assert_eq!(tree.len(), 2);
    assert_eq!(tree.next(kept), Some(new));
    assert_eq!(tree.get(new).unwrap().end().get(), 16);
}

#[test]
fn a_handle_of_a_larger_tree_names_nothing_in_a_smaller_one() {
    let mut large = RbTree::new();
    let handles: Vec<_> = (0..20)
        .map(|cell| large.insert(cell_segment(cell, 3)).unwrap())
        .collect();
    let mut small = RbTree::new();
    small.insert(segment(0, 4)).unwrap();
    for &handle in &handles[1..] {
        assert_eq!(small.get(handle), None);
        assert_eq!(small.remove(handle), None);
    }
    assert_eq!(small.len(), 1);
}

/// `get_mut` gives the whole record away, tag and bounds included. Lookups may then be wrong; they
/// never reach memory or segments that are gone.
#[test]
fn meddling_with_a_record_is_noticed_and_harmless() {
    let mut tree = RbTree::new();
    tree.boot_ended();
    let handles: Vec<_> = (0..50)
        .map(|cell| tree.insert(cell_segment(cell, 3)).unwrap())
        .collect();
    let gone = handles[10];
    tree.remove(gone).unwrap();
    let word = RbTree::handle_word(gone);
    for (cell, tag) in [(20, word), (21, word + (1 << 32)), (22, u64::MAX), (23, 0)] {
        let victim = handles[usize::try_from(cell).unwrap()];
        tree.get_mut(victim).unwrap().set_tag(tag);
        assert_eq!(tree.get(victim), None);
        let (forged, offset) = tree.find(Pfn::new(cell * STEP + 3)).unwrap();
        assert_eq!((RbTree::handle_word(forged), offset), (tag, 2));
        assert_eq!(tree.get(forged), None);
        assert_eq!(tree.remove(forged), None);
        assert_eq!(tree.next(forged), None);
        tree.check().unwrap_err();
    }
    assert_eq!(tree.len(), 49);
}

#[test]
fn an_overlapping_insert_is_answered_with_the_present_handle() {
    let mut tree = RbTree::new();
    tree.boot_ended();
    let there = tree.insert(segment(8, 16)).unwrap();
    assert_eq!(tree.insert(segment(10, 12)), Ok(there));
    assert_eq!(tree.len(), 1);
    tree.check().unwrap();
}

#[test]
fn at_boot_nodes_run_out_and_are_not_used_again() {
    let mut tree = RbTree::with_boot_capacity(4);
    let handles: Vec<_> = (0..4)
        .map(|cell| tree.insert(cell_segment(cell, 3)).unwrap())
        .collect();
    let full = Err(Refusal::Full { capacity: 4 });
    assert_eq!(tree.insert(cell_segment(9, 3)), full);
    tree.remove(handles[2]).unwrap();
    assert_eq!(tree.insert(cell_segment(9, 3)), full, "freed at boot");
    assert_eq!(tree.len(), 3);
    tree.check().unwrap();

    tree.boot_ended();
    let fifth = tree.insert(cell_segment(9, 3)).unwrap();
    assert!(fifth.slot() >= 4);
    tree.remove(handles[0]).unwrap();
    let sixth = tree.insert(cell_segment(0, 3)).unwrap();
    assert!(
        sixth.slot() >= 4,
        "a boot node does not come back after boot"
    );
    tree.check().unwrap();
}

#[test]
fn the_usual_boot_pool_has_32_nodes() {
    let mut tree = RbTree::new();
    for cell in 0..32 {
        tree.insert(cell_segment(cell, 3)).unwrap();
    }
    let full = Err(Refusal::Full {
        capacity: VM_PHYSSEG_MAX,
    });
    assert_eq!(tree.insert(cell_segment(32, 3)), full);
}

#[test]
fn memory_that_cannot_be_had_is_a_refusal() {
    // More than any address space; the array itself is asked for in one piece.
    let mut tree = RbTree::with_boot_capacity(usize::MAX);
    match tree.insert(segment(0, 8)) {
        // A system that hands out 400 GB of address space without a word.
        Ok(handle) => assert_eq!(tree.get(handle).unwrap().end().get(), 8),
        Err(refusal) => assert!(matches!(refusal, Refusal::NoMemory { bytes } if bytes > 0)),
    }
    tree.check().unwrap();
}

#[test]
fn bytes_grow_with_the_nodes() {
    let mut tree = RbTree::new();
    assert_eq!(tree.bytes(), 32 * Pool::NODE_BYTES);
    tree.boot_ended();
    for cell in 0..1_000 {
        tree.insert(cell_segment(cell, 3)).unwrap();
    }
    let records = (32 + 1_000) * Pool::NODE_BYTES;
    assert!(tree.bytes() >= records && tree.bytes() < records + records / 4);
    let debug = format!("{tree:?}");
    assert!(debug.contains("len: 1000"), "{debug}");
}

mod pool {
    use super::*;

    const NODE: usize = Pool::NODE_BYTES;

    #[test]
    fn at_boot_only_whole_nodes_are_handed_out() {
        let mut pool = Pool::new(VM_PHYSSEG_MAX);
        for bytes in [0, 1, NODE - 1, NODE + 1, 2 * NODE + 8] {
            let odd = PoolError::OddSize {
                bytes,
                node_bytes: NODE,
            };
            assert_eq!(pool.alloc(bytes), Err(odd));
        }
        assert_eq!(pool.in_use(), 0);
    }

    #[test]
    fn at_boot_no_more_than_the_array_holds() {
        let full = Err(PoolError::Full {
            capacity: VM_PHYSSEG_MAX,
        });
        let mut pool = Pool::new(VM_PHYSSEG_MAX);
        assert_eq!(pool.alloc((VM_PHYSSEG_MAX + 1) * NODE), full);
        assert_eq!(pool.alloc(VM_PHYSSEG_MAX * NODE).unwrap().slots(), 0..32);
        assert_eq!(pool.alloc(NODE), full);
    }

    #[test]
    fn a_block_has_consecutive_slots() {
        let mut pool = Pool::new(VM_PHYSSEG_MAX);
        assert_eq!(pool.alloc(NODE).unwrap().slots(), 0..1);
        assert_eq!(pool.alloc(3 * NODE).unwrap().slots(), 1..4);
        assert_eq!(pool.alloc(NODE).unwrap().slots(), 4..5);
        pool.boot_ended();
        assert_eq!(pool.alloc(200 * NODE).unwrap().slots(), 32..232);
        assert_eq!(pool.in_use(), 205);
    }

    #[test]
    fn after_boot_any_number_and_any_size() {
        let mut pool = Pool::new(2);
        pool.boot_ended();
        for _ in 0..1_000 {
            pool.alloc(NODE).unwrap();
        }
        assert_eq!(pool.alloc(NODE + 1).unwrap().slots().len(), 2);
        let odd = PoolError::OddSize {
            bytes: 0,
            node_bytes: NODE,
        };
        assert_eq!(pool.alloc(0), Err(odd));
        assert_eq!(pool.in_use(), 1_002);
        assert!(pool.bytes() >= 1_002 * NODE);
        assert!(matches!(
            pool.alloc(usize::MAX),
            Err(PoolError::NoMemory { .. })
        ));
    }

    #[test]
    fn at_boot_only_whole_nodes_are_taken_back() {
        let mut pool = Pool::new(VM_PHYSSEG_MAX);
        let block = pool.alloc(NODE).unwrap();
        for bytes in [1, NODE - 1, NODE + 1] {
            let odd = PoolError::OddSize {
                bytes,
                node_bytes: NODE,
            };
            assert_eq!(pool.free(block, bytes), Err(odd));
        }
        for bytes in [0, 2 * NODE] {
            let wrong = PoolError::WrongSize {
                bytes,
                expected_bytes: NODE,
            };
            assert_eq!(pool.free(block, bytes), Err(wrong));
        }
        assert!(pool.is_allocated(block));
        assert_eq!(pool.free(block, NODE), Ok(()));
        assert!(!pool.is_allocated(block));
        assert_eq!(pool.free(block, NODE), Err(PoolError::NotAllocated));
    }

    #[test]
    fn nodes_freed_at_boot_are_not_handed_out_again() {
        let mut pool = Pool::new(2);
        let first = pool.alloc(NODE).unwrap();
        pool.free(first, NODE).unwrap();
        let second = pool.alloc(NODE).unwrap();
        assert_ne!(first.slots(), second.slots());
        assert_eq!(pool.alloc(NODE), Err(PoolError::Full { capacity: 2 }));
        assert_eq!(pool.in_use(), 1);
    }

    #[test]
    fn heap_nodes_come_back_under_another_name() {
        let mut pool = Pool::new(1);
        let boot = pool.alloc(NODE).unwrap();
        pool.boot_ended();
        let first = pool.alloc(NODE).unwrap();
        pool.free(boot, NODE).unwrap();
        pool.free(first, NODE).unwrap();
        let again = pool.alloc(NODE).unwrap();
        assert_eq!(again.slots(), first.slots());
        assert!(pool.is_allocated(again) && !pool.is_allocated(first));
        assert_eq!(pool.free(first, NODE), Err(PoolError::NotAllocated));
        // Not the boot node that was freed: the next one is fresh.
        assert_eq!(pool.alloc(NODE).unwrap().slots(), 2..3);
        let block = pool.alloc(3 * NODE).unwrap();
        pool.free(block, 3 * NODE).unwrap();
        assert_eq!(pool.in_use(), 2);
    }

    #[test]
    fn refusals_say_what_was_wrong() {
        let mut pool = Pool::new(2);
        let block = pool.alloc(NODE).unwrap();
        let odd = pool.alloc(7).unwrap_err().to_string();
        assert!(odd.starts_with("7 bytes: only"), "{odd}");
        let full = pool.alloc(2 * NODE).unwrap_err().to_string();
        assert!(full.contains("array of 2 nodes"), "{full}");
        let wrong = pool.free(block, 2 * NODE).unwrap_err().to_string();
        assert!(wrong.contains("given back"), "{wrong}");
    }
}

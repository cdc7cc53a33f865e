//! Answers and tables that are wrong are found, before anything is timed or after a round.

use std::cell::Cell;

use super::*;
use crate::workload::{Generator, Xoshiro};

fn round(in_batches: Answer, mode: Mode) -> Result<Option<Vec<Sample>>, MeasureError> {
    let wrong = Fake { in_batches, ..Fake::right("wrong") };
    let bench = prepare(vec![Fake::right("right"), wrong]).expect("right in single lookups");
    bench.round(&batch(&layout(), mode), 3, || true)
}

#[test]
fn one_wrong_frame_is_found_before_anything_is_timed() {
    let wrong_page: Answer = |pfn| if pfn.get() == 27 { 202 } else { right(pfn) };
    let false_hit: Answer = |pfn| if pfn.get() == 16 { 1 } else { right(pfn) };
    let beyond: Answer = |pfn| if pfn.get() == 40 { 1 } else { right(pfn) };
    let missed: Answer = |pfn| if pfn.get() == 8 { 0 } else { right(pfn) };
    for (frame, single) in [(27, wrong_page), (16, false_hit), (40, beyond), (8, missed)] {
        let fake = Fake { single, by_address: single, ..Fake::right("wrong") };
        match prepare(vec![Fake::right("right"), fake]) {
            Err(MeasureError::WrongAnswer { backend, pfn, expected, given }) => {
                let pfn_wanted = Pfn::new(frame);
                assert_eq!((backend.as_str(), pfn), ("wrong", pfn_wanted));
                assert_eq!((expected, given), (right(pfn), single(pfn)));
            }
            other => panic!("frame {frame}: {other:?}"),
        }
    }
}

#[test]
fn a_page_must_be_found_by_its_address_too() {
    let by_address: Answer = |pfn| if pfn.get() == 30 { 0 } else { right(pfn) };
    match prepare(vec![Fake { by_address, ..Fake::right("wrong") }]) {
        Err(MeasureError::WrongByAddress { pfn, by_frame, by_address, .. }) => {
            assert_eq!((pfn, by_frame, by_address), (Pfn::new(30), 207, 0));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_that_is_not_the_layout_is_found() {
    let walks = [
        (None, "no page descriptors"),
        (Some(vec![run(8, 16, 101)]), "meets 1 segments"),
        (Some(vec![run(8, 16, 101), run(25, 33, 201)]), "the walk meets"),
        (Some(vec![run(8, 25, 101), run(24, 32, 201)]), "the walk meets"),
        (Some(vec![run(8, 16, 101), run(24, 32, 108)]), "share an answer"),
        (Some(vec![run(8, 16, 101), run(24, 32, 101)]), "share an answer"),
    ];
    for (walk, words) in walks {
        match prepare(vec![Fake { walk, ..Fake::right("wrong") }]) {
            Err(MeasureError::WrongTable { what, .. }) => assert!(what.contains(words), "{what}"),
            other => panic!("{words}: {other:?}"),
        }
    }
    let broken = Fake { check: Err("two red nodes".to_owned()), ..Fake::right("wrong") };
    assert!(matches!(
        prepare(vec![broken]),
        Err(MeasureError::WrongTable { what, .. }) if what == "two red nodes"
    ));
}

#[test]
fn answers_wrong_only_in_batches_are_found() {
    let off_by_one: Answer = |pfn| right(pfn).wrapping_add(u64::from(right(pfn) != 0));
    let never: Answer = |_| 0;
    for mode in modes() {
        for in_batches in [off_by_one, never] {
            match round(in_batches, mode) {
                Err(MeasureError::WrongBatch { backend, round, expected, given }) => {
                    assert_eq!((backend.as_str(), round), ("wrong", 3));
                    assert_ne!(expected, given);
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(matches!(round(right, mode), Ok(Some(samples)) if samples.len() == 3));
    }
}

#[test]
fn errors_that_cancel_in_the_checksum_are_found_by_the_hits() {
    thread_local!(static CARRIED: Cell<u64> = const { Cell::new(0) });
    // Frame 8 misses; the next frame that is not it gives the lost answers back.
    let in_batches: Answer = |pfn| {
        if pfn.get() == 8 {
            CARRIED.set(CARRIED.get() + right(pfn));
            return 0;
        }
        match right(pfn) {
            0 => 0,
            answer => answer + CARRIED.take(),
        }
    };
    let seeds_end_carried = |seed| {
        let layout = layout();
        let fake = Fake { in_batches, ..Fake::right("wrong") };
        let bench = prepare(vec![fake]).expect("right in single lookups");
        let batch = Batch { seed, ..batch(&layout, Mode::Inline) };
        let outcome = bench.round(&batch, 0, || true);
        match outcome {
            Err(MeasureError::WrongBatch { expected, given, .. }) => {
                assert!(given.hits < expected.hits);
                expected.checksum == given.checksum
            }
            other => panic!("{other:?}"),
        }
    };
    assert!((0..20).any(seeds_end_carried), "no seed where the checksum is right");
}

#[test]
fn a_real_table_is_found_by_address() {
    use physseg::backend::{Array, Bsearch};
    let segments = segments();
    let layout = layout();
    let plan = Plan { layout: &layout, segments: &segments };
    let built = plan
        .build(crate::layout::build::Build::Final, |_| Array::<Bsearch>::new(None))
        .expect("two segments");
    for frame in 0..40 {
        let pfn = Pfn::new(frame);
        assert_eq!(built.answer_by_address(pfn), Some(built.answer(Target::Page, pfn)));
        assert_eq!(built.answer_by_address(pfn) == Some(0), right(pfn) == 0);
    }
    assert_eq!(built.answer_by_address(Pfn::new(u64::MAX)), None);
}

#[test]
fn the_dense_oracle_answers_as_the_search() {
    for seed in 0..20 {
        let mut generator = Xoshiro::seeded(seed);
        let (mut runs, mut at, mut answer) = (Vec::new(), generator.below(100), 1);
        for _ in 0..50 {
            let (start, length) = (at + generator.below(5), 1 + generator.below(9));
            runs.push(run(start, start + length, answer));
            (at, answer) = (start + length, answer + length + generator.below(3));
        }
        let near = Oracle::new(runs.clone());
        // One more run, too far away for a table of words.
        runs.push(run(1 << 40, (1 << 40) + 3, 1 << 50));
        let far = Oracle::new(runs);
        for frame in 0..at + 10 {
            let pfn = Pfn::new(frame);
            assert_eq!(near.answer(pfn), near.search(pfn), "frame {frame}, seed {seed}");
            assert_eq!(near.answer(pfn), far.answer(pfn), "frame {frame}, seed {seed}");
        }
        assert_eq!(far.answer(Pfn::new((1 << 40) + 2)), (1 << 50) + 2);
        assert_eq!(near.answer(Pfn::new(u64::MAX)), 0);
    }
}

#[test]
fn of_a_wide_span_the_ends_of_segments_are_asked_for_and_what_lies_beside_them() {
    // None of them is met by going over the span in even steps.
    let far = 1 << 27;
    let oracle = Oracle::new(vec![run(1_000, 1_008, 1), run(far, far + 8, 100)]);
    let (mut asked, mut near) = (0_u64, Vec::new());
    let note = |pfn: Pfn| {
        let frame = pfn.get();
        asked += 1;
        if [1_000, far].iter().any(|start| (start - 20..start + 20).contains(&frame)) {
            near.push(frame);
        }
        Ok(oracle.answer(pfn))
    };
    oracle.verify(frames(0, 2 * far), "any", note).expect("right");
    for frame in [999, 1_000, 1_007, 1_008, far - 1, far, far + 7, far + 8] {
        assert!(near.contains(&frame), "{frame} in {near:?}");
    }
    assert!((1 << 21..=1 << 22).contains(&asked), "{asked} of all are enough");
}

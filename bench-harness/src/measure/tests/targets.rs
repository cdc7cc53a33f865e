//! Targets: asked of the same tables, each checked against what is right for it.

use super::*;

/// Tables of two structures, one built in another order, so that names of pages differ.
fn tables() -> Vec<(&'static str, Outcome)> {
    use physseg::backend::{Array, Bsearch, RbTree};
    let (layout, segments) = (layout(), segments());
    let plan = Plan { layout: &layout, segments: &segments };
    let how = crate::layout::build::Build::Final;
    let array = plan.build(how, |_| Array::<Bsearch>::new(None)).expect("two segments");
    let tree = plan.build(how, RbTree::with_boot_capacity).expect("two segments");
    vec![("array", Ok(Box::new(array))), ("rbtree", Ok(Box::new(tree)))]
}

#[test]
fn every_target_is_asked_of_the_same_tables_and_checked() {
    let (layout, segments) = (layout(), segments());
    let plan = Plan { layout: &layout, segments: &segments };
    let bench = Bench::prepare(&plan, tables(), &Target::ALL).expect("right");
    for target in Target::ALL {
        assert_eq!(bench.supported(target).count(), 2);
        for (workload, mode) in workloads().into_iter().flat_map(|w| modes().map(|m| (w, m))) {
            let batch = Batch { workload, target, ..batch(&layout, mode) };
            let samples = bench.round(&batch, 0, || true).expect("right answers");
            let samples = samples.expect("not abandoned");
            assert_eq!(samples.len(), 3);
            let sums: Vec<u64> = samples
                .iter()
                .filter(|sample| sample.backend.is_some())
                .map(|sample| sample.timed.answers.checksum)
                .collect();
            assert!(target == Target::Handle || sums[0] == sums[1], "{target}, {workload}");
        }
    }
    assert_eq!(bench.descriptor_bytes(), 16 * 128, "one array for both");
    assert_eq!(bench.unsupported("array", Target::Touch), None);
}

#[test]
fn a_wrong_descriptor_is_found() {
    let layout = layout();
    let (_, array) = tables().remove(0);
    let subject = array.expect("built");
    let pages = subject.walk(Target::Page).expect("pages");
    let descriptors = descriptors_of(&pages).expect("sixteen");
    let oracle = Oracle::new(subject.walk(Target::Touch).expect("pages"));
    let touch = Batch { target: Target::Touch, ..batch(&layout, Mode::Trace) };
    let answers = |descriptors: &[Descriptor]| subject.run(&Batch { descriptors, ..touch }).answers;
    let expected = oracle.expect(&touch).lookups;
    assert_eq!(answers(&descriptors), expected);
    let mut wrong = descriptors.clone();
    wrong.swap(3, 12);
    wrong[5] = wrong[6];
    assert_ne!(answers(&wrong), expected);
    assert_eq!(answers(&[]), Answers::default(), "no array: every lookup misses");
}

#[test]
fn too_many_descriptors_leave_the_other_targets_alone() {
    // Two segments of 16 GiB.
    let segments = vec![frames(0, 1 << 22), frames(1 << 24, (1 << 24) + (1 << 24))];
    let layout =
        Layout { lookups: LookupRange { range: frames(0, 64), fold_below: None }, ..layout() };
    let plan = Plan { layout: &layout, segments: &segments };
    let array = || {
        use physseg::backend::{Array, Bsearch};
        let how = crate::layout::build::Build::Final;
        plan.build(how, |_| Array::<Bsearch>::new(None)).expect("two segments")
    };
    let tables = [("array", Ok(Box::new(array()) as Box<dyn Subject>))];
    let bench = Bench::prepare(&plan, tables, &[Target::Touch, Target::Page]).expect("right");
    let why = bench.unsupported("array", Target::Touch).expect("too many");
    assert_eq!(why, "descriptors of 20971520 frames take 2.5 GiB, more than 2 GiB");
    assert_eq!(bench.unsupported("array", Target::Page), None);
    assert_eq!(
        (bench.supported(Target::Touch).count(), bench.samples_per_round(Target::Page)),
        (0, 2)
    );
    let touch = Batch { target: Target::Touch, ..batch(&layout, Mode::Trace) };
    let samples = bench.round(&touch, 0, || true).expect("nobody is wrong").expect("a baseline");
    assert_eq!(samples.len(), 1);
}

#[test]
fn pages_are_asked_for_by_address_even_if_the_first_target_cannot_be_asked() {
    /// Names so high that there is no memory for their descriptors.
    fn high(pfn: Pfn) -> u64 {
        right(pfn) + if right(pfn) == 0 { 0 } else { 1 << 40 }
    }
    let (layout, segments) = (layout(), segments());
    let plan = Plan { layout: &layout, segments: &segments };
    let prepare = |by_address: Answer| {
        let walk = vec![run(8, 16, 101 + (1 << 40)), run(24, 32, 201 + (1 << 40))];
        let fake = Fake {
            walk: Some(walk),
            single: high,
            by_address,
            in_batches: high,
            ..Fake::right("high")
        };
        let tables = [("high", Ok(Box::new(fake) as Box<dyn Subject>))];
        Bench::prepare(&plan, tables, &[Target::Touch, Target::Page])
    };
    let bench = prepare(high).expect("right");
    assert!(bench.unsupported("high", Target::Touch).is_some());
    match prepare(|pfn| if pfn.get() == 30 { 0 } else { high(pfn) }) {
        Err(MeasureError::WrongByAddress { pfn, .. }) => assert_eq!(pfn, Pfn::new(30)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn answers_found_beforehand_are_right_in_every_mode_of_every_target() {
    let (layout, segments) = (layout(), segments());
    let plan = Plan { layout: &layout, segments: &segments };
    let oracle = || Box::new(Streamed::new(&plan).expect("small")) as Box<dyn Subject>;
    let tables = [("oracle", Ok(oracle())), ("twin", Ok(oracle()))];
    let mut bench = Bench::prepare(&plan, tables, &Target::ALL).expect("right");
    bench.make_last_twin();
    for target in Target::ALL {
        for (workload, mode) in workloads().into_iter().flat_map(|w| modes().map(|m| (w, m))) {
            let batch = Batch { workload, target, lookups: 1_000, ..batch(&layout, mode) };
            let samples = bench.round(&batch, 0, || true).expect("right answers");
            assert_eq!(samples.expect("not abandoned").len(), 3, "{target}, {workload}, {mode}");
        }
    }
}

#[test]
fn more_lookups_than_answers_are_kept_are_answered_too() {
    let (layout, segments) = (layout(), segments());
    let streamed = Streamed::new(&Plan { layout: &layout, segments: &segments }).expect("small");
    let oracle = Oracle::new(streamed.walk(Target::Page).expect("pages"));
    for mode in [Mode::Inline, Mode::Trace] {
        let batch = Batch { lookups: (1 << 20) + 5, ..batch(&layout, mode) };
        assert_eq!(streamed.run(&batch).answers, oracle.expect(&batch).lookups, "{mode}");
    }
}

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

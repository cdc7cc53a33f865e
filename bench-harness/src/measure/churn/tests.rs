//! Scripts are what they say, every backend comes to what the model says, and the control does to its
//! slabs what a table does.

mod liars;
mod limits;

use physseg::FrameRange;
use physseg::backend::RbTree;

use super::control::Control;
use super::model::Model;
use super::trial::Trial;
use super::*;
use crate::layout::build::Plan;
use crate::layout::{self, Layout, Operation};
use crate::registry::ENTRIES;

/// Layouts with what they come to: segments that touch, holes, and both.
fn layouts() -> Vec<(Layout, Vec<FrameRange>)> {
    ["paper-32x8", "frag-1mb", "frag-64mb"]
        .map(|name| {
            let layout = layout::open(name).expect("shipped");
            let segments = layout.final_segments().expect("checked");
            (layout, segments)
        })
        .to_vec()
}

/// Every scenario on every layout.
fn each(mut check: impl FnMut(Scenario, &Plan<'_>, &Work)) {
    for (layout, segments) in layouts() {
        let plan = Plan { layout: &layout, segments: &segments };
        for scenario in Scenario::ALL {
            let script = Script::new(scenario, &plan, 7, usize::MAX).expect("something to do");
            check(scenario, &plan, &Work::new(script, &plan).expect("a script that can be done"));
        }
    }
}

fn tree() -> Tables<RbTree> {
    Tables::new(RbTree::with_boot_capacity)
}

/// Brings a participant to where the timed phase begins.
fn begin(participant: &mut dyn Churn, work: &Work) {
    participant.begin(work).expect("room");
    participant.prepare(work, 0..work.script.before.len()).expect("a script that can be done");
}

/// The frames of a list of segments, those that touch taken together.
fn merged(segments: impl IntoIterator<Item = FrameRange>) -> Vec<FrameRange> {
    let mut merged: Vec<FrameRange> = Vec::new();
    for range in segments {
        match merged.last_mut() {
            Some(last) if last.end() == range.start() => {
                *last = FrameRange::new(last.start(), range.end()).expect("longer");
            }
            _ => merged.push(range),
        }
    }
    merged
}

#[test]
fn the_model_and_the_layouts_own_arithmetic_agree() {
    for (layout, segments) in layouts() {
        let operations: Vec<Operation> = layout.operations().map(|(_, done)| done).collect();
        assert_eq!(Model::segments_after(&operations).expect("a valid layout"), segments);
    }
}

#[test]
fn scripts_end_where_they_should() {
    each(|scenario, plan, work| {
        let start = Model::segments_after(&work.script.before).unwrap_or_default();
        let end: Vec<FrameRange> = work.end.iter().map(|segment| segment.frames).collect();
        let frames = |all: &[FrameRange]| all.iter().map(|range| range.frames()).sum::<u64>();
        match scenario {
            Scenario::Build => assert_eq!(end, plan.segments),
            // What went is back, as the same segments.
            Scenario::Replug => assert_eq!((&end, start.as_slice()), (&start, plan.segments)),
            Scenario::Fragment => {
                let pieces = frames(&start).div_ceil(8);
                assert_eq!(work.script.timed.len() as u64, pieces);
                assert!(frames(&end) >= pieces && frames(&end) <= 7 * pieces);
            }
            Scenario::Inflate => assert_eq!(2 * frames(&end), frames(&start), "half is gone"),
            // What inflating took is back, and nothing was merged.
            Scenario::Deflate => {
                let inflated: Vec<_> = (work.script.before.iter())
                    .filter(|operation| matches!(operation, Operation::Unplug(_)))
                    .collect();
                assert_eq!(inflated.len(), work.script.timed.len());
                let whole = plan.layout.lookups.range;
                assert!(merged(end.iter().copied()).iter().any(|range| range.covers(whole)));
                assert_eq!(end.len(), start.len() + work.script.timed.len());
            }
        }
    });
}

#[test]
fn a_script_follows_from_its_seed_and_keeps_its_limit() {
    let (layout, segments) = layouts().remove(2);
    let plan = Plan { layout: &layout, segments: &segments };
    for scenario in Scenario::ALL.into_iter().skip(1) {
        let script = |seed, limit| Script::new(scenario, &plan, seed, limit).expect("to do").timed;
        assert_eq!(script(1, usize::MAX), script(1, usize::MAX));
        assert_ne!(script(1, usize::MAX), script(2, usize::MAX), "{scenario}");
        assert_eq!(script(1, 100).len(), 100, "{scenario}");
    }
}

#[test]
fn every_backend_comes_to_what_the_model_says_or_says_why_not() {
    for (layout, segments) in layouts() {
        let plan = Plan { layout: &layout, segments: &segments };
        let backends: Vec<_> =
            ENTRIES.iter().filter_map(|entry| Some((entry.name, entry.churn().ok()?))).collect();
        let all = backends.len();
        let mut bench = ChurnBench::new(plan, backends);
        for scenario in Scenario::ALL {
            let trial = bench.trial(scenario, 3, &mut || true).expect("no wrong table");
            let trial = trial.expect("not interrupted");
            let tree = ENTRIES.iter().position(|entry| entry.name == "rbtree").expect("there");
            assert!(trial.can(tree) && trial.can(bench.control()));
            for (index, reason) in &trial.unsupported {
                assert!(!reason.is_empty(), "{}", bench.name(*index));
            }
            for round in 0..2 {
                let samples = bench
                    .round(&trial, (u64::from(round), 5), round, || true)
                    .expect("no wrong table")
                    .expect("not interrupted");
                assert_eq!(samples.len(), all + 1 - trial.unsupported.len());
                let operations = samples[0].operations;
                assert!(samples.iter().all(|sample| sample.operations == operations));
            }
        }
    }
}

#[test]
fn the_static_array_can_be_built_and_not_plugged() {
    let (layout, segments) = layouts().remove(1);
    let plan = Plan { layout: &layout, segments: &segments };
    let array = ENTRIES.iter().find(|entry| entry.name == "array").expect("there");
    let mut bench = ChurnBench::new(plan, [(array.name, array.churn().expect("a table"))]);
    let reason =
        |trial: Option<Trial>| trial?.unsupported.into_iter().map(|(_, reason)| reason).next();
    assert_eq!(reason(bench.trial(Scenario::Build, 1, &mut || true).expect("built")), None);
    let replug = reason(bench.trial(Scenario::Replug, 1, &mut || true).expect("no failure"));
    assert_eq!(replug.as_deref(), Some("this backend takes no segment after boot"));
}

#[test]
fn the_control_leaves_its_slabs_as_a_table_does() {
    each(|scenario, _, work| {
        // After boot every operation is one step.
        let loads = |all: &[Operation]| {
            all.iter().filter(|operation| matches!(operation, Operation::Load(_))).count()
        };
        assert_eq!(work.steps.len(), work.script.timed.len() - loads(&work.script.timed));
        let (mut table, mut control) = (tree(), Control::default());
        let whole = 0..work.script.timed.len();
        for participant in [&mut table as &mut dyn Churn, &mut control] {
            begin(participant, work);
            participant.run(work, whole.clone()).expect("a script that can be done");
            participant.verify(work).expect("right");
        }
        // All of it: slabs, users, every free run, in their internal order.
        let slabs = table.slabs().map(|slabs| format!("{slabs:?}"));
        assert_eq!(slabs, Some(format!("{:?}", control.slabs())), "{scenario}");
    });
}

#[test]
fn a_part_done_later_is_the_same_as_all_at_once() {
    each(|scenario, _, work| {
        let whole = work.script.timed.len();
        let (mut table, mut control) = (tree(), Control::default());
        for participant in [&mut table as &mut dyn Churn, &mut control] {
            begin(participant, work);
            for part in [0..whole / 3, whole / 3..whole / 2, whole / 2..whole] {
                participant.run(work, part).expect("a script that can be done");
            }
            participant.verify(work).unwrap_or_else(|what| panic!("{scenario}: {what}"));
        }
    });
}

#[test]
fn a_wrong_state_is_found_and_its_first_difference_named() {
    each(|scenario, _, work| {
        let whole = work.script.timed.len();
        let (mut table, mut control) = (tree(), Control::default());
        begin(&mut table, work);
        table.run(work, 0..whole - 1).expect("most of it");
        let what = table.verify(work).expect_err("the last operation is missing");
        assert!(what.contains("must be"), "{scenario}: {what}");
        if scenario == Scenario::Deflate {
            begin(&mut control, work);
            control.run(work, 0..whole - 1).expect("most of it");
            control.verify(work).expect_err("a plug is missing");
        }
    });
}

#[test]
fn a_layout_of_one_frame_leaves_nothing_to_do() {
    let (layout, _) = layouts().remove(0);
    let one = [FrameRange::with_len(physseg::Pfn::new(0), 1).expect("a frame")];
    let plan = Plan { layout: &layout, segments: &one };
    let replug = Script::new(Scenario::Replug, &plan, 1, usize::MAX);
    assert!(matches!(replug, Err(ChurnError::NothingToDo(_))));
    assert_eq!(Script::new(Scenario::Build, &plan, 1, 0).expect("one").operations(), 1);
}

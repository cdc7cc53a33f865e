//! Built on layouts and measured beside the built-in backends, as `compare` does it.

use std::sync::Arc;

use super::Compiled;
use crate::layout;
use crate::layout::build::{Build, BuildError, BuiltBy, Plan};
use crate::measure::{Batch, Bench, MeasureError, Target};
use crate::registry::{self, ArrayCapacity, Entry, Options};
use crate::workload::{Present, RngKind, WorkloadKind};

const OPTIONS: Options = Options { build: Build::Auto, array_capacity: ArrayCapacity::Unlimited };

/// Calls `with` with the plan of a shipped layout.
fn on<T>(name: &str, with: impl FnOnce(&Plan<'_>) -> T) -> T {
    let layout = layout::open(name).expect("shipped");
    let segments = layout.final_segments().expect("a valid layout");
    with(&Plan { layout: &layout, segments: &segments })
}

fn entry(compiled: &Compiled, end: &str) -> &'static Entry {
    let name = format!("plugin:{}{end}", compiled.path().display());
    let entry = registry::find(&name).expect("a plugin");
    assert_eq!(entry.name, name);
    assert!(std::ptr::eq(entry, registry::find(&name).expect("again")));
    entry
}

fn prepared(
    plan: &Plan<'_>,
    entries: &[&'static Entry],
    targets: &[Target],
) -> Result<Bench, MeasureError> {
    let built = entries.iter().map(|entry| (entry.name, entry.build(plan, OPTIONS)));
    Bench::prepare(plan, built, targets)
}

/// Two rounds of every mode and target.
///
/// # Errors
/// A wrong answer.
fn measure(plan: &Plan<'_>, bench: &Bench, targets: &[Target]) -> Result<(), MeasureError> {
    let present = Present::new(Arc::new(plan.segments.to_vec()), plan.layout.lookups.range);
    for mode in ["inline", "trace", "chain", "cold:7"] {
        for &target in targets {
            let batch = Batch {
                workload: WorkloadKind::Uniform,
                rng: RngKind::Xoshiro256pp,
                mode: mode.parse().expect("a mode"),
                target,
                layout: plan.layout,
                present: &present,
                lookups: 5_001,
                seed: 7,
                order_seed: 1,
                displaced_bytes: 4096,
                restoring: 0,
                descriptors: &[],
            };
            for round in 0..2 {
                let samples = bench.round(&batch, round, || true)?;
                let samples = samples.expect("not interrupted");
                assert_eq!(samples.len(), bench.samples_per_round(target), "{mode} {target}");
            }
        }
    }
    Ok(())
}

#[test]
fn examples_answer_as_the_built_in_backends_do() {
    for (folder, file) in [("sorted-array", "sorted_array.c"), ("tree", "tree.c")] {
        let Some(compiled) = Compiled::example(folder, file) else { return };
        let plugin = |end| entry(&compiled, end);
        let entries = [
            registry::find("rbtree").expect("a backend"),
            plugin(""),
            plugin("@single"),
            plugin("@final"),
            plugin("@single@final"),
        ];
        for name in ["frag-1mb", "paper-32x8"] {
            on(name, |plan| {
                let bench = prepared(plan, &entries, &Target::ALL).expect("right tables");
                let by = |index: usize| {
                    let (.., facts) = bench.supported(Target::Page).nth(index).expect("built");
                    (facts.built_by, facts.segments, facts.frames)
                };
                let (_, segments, frames) = by(0);
                assert_eq!(segments, plan.segments.len() as u64);
                assert_eq!(by(1), (BuiltBy::Replay, segments, frames), "{folder} {name}");
                assert_eq!(by(3), (BuiltBy::Final, segments, frames), "{folder} {name}");
                measure(plan, &bench, &Target::ALL).expect("right answers");
            });
        }
    }
}

#[test]
fn one_function_to_find_with_is_enough() {
    for fault in ["FIND=NULL", "FIND_BATCH=NULL"] {
        let Some(compiled) = Compiled::minimal(&[fault]) else { return };
        on("frag-1mb", |plan| {
            let targets = [Target::Page, Target::Handle];
            let bench = prepared(plan, &[entry(&compiled, "")], &targets).expect("right");
            measure(plan, &bench, &targets).expect("right answers");
        });
    }
}

#[test]
fn a_wrong_answer_is_told_with_frame_and_both_answers() {
    let Some(lying) = Compiled::minimal(&["LIE"]) else { return };
    on("frag-1mb", |plan| {
        let right = prepared(plan, &[registry::find("array").expect("there")], &[Target::Page]);
        assert!(right.is_ok());
        let error = prepared(plan, &[entry(&lying, "")], &[Target::Page]).expect_err("a lie");
        let MeasureError::WrongAnswer { backend, pfn, expected, given } = &error else {
            panic!("{error}")
        };
        assert_eq!(*given, *expected ^ 8);
        let holder = plan.segments.iter().find(|range| range.contains(*pfn)).expect("present");
        assert_eq!(pfn.get(), holder.start().get() + 3);
        let words = error.to_string();
        for part in [backend, &pfn.to_string(), &format!("{expected:#x}"), &format!("{given:#x}")] {
            assert!(words.contains(part), "{words}");
        }
    });
    let Some(lying) = Compiled::minimal(&["BATCH_LIE"]) else { return };
    on("frag-1mb", |plan| {
        // A page that there is not is no miss, and what single calls say right does not count.
        let error = prepared(plan, &[entry(&lying, "")], &[Target::Page]).expect_err("a lie");
        assert!(
            matches!(error, MeasureError::WrongAnswer { expected: 0, given: u64::MAX, .. }),
            "{error}"
        );
        assert!(prepared(plan, &[entry(&lying, "@single")], &[Target::Page]).is_ok());
    });
}

#[test]
fn a_wrong_segment_is_told_by_its_start_and_the_offset() {
    let Some(lying) = Compiled::minimal(&["WRONG_START"]) else { return };
    on("frag-1mb", |plan| {
        assert!(prepared(plan, &[entry(&lying, "")], &[Target::Page]).is_ok(), "pages are right");
        let error = prepared(plan, &[entry(&lying, "")], &[Target::Handle]).expect_err("a lie");
        let MeasureError::WrongSegment { pfn, expected, given, .. } = &error else {
            panic!("{error}")
        };
        let holder = plan.segments.iter().find(|range| range.last() == *pfn).expect("its last");
        let (start, offset) = (holder.start().get(), holder.frames() - 1);
        assert_eq!(*expected, format!("segment {start:#x} and offset {offset:#x} in it"));
        if offset > 0 {
            let wrong = format!("segment {:#x} and offset {:#x} in it", start + 1, offset - 1);
            assert_eq!(*given, wrong);
        }
        assert!(error.what().contains(expected) && error.to_string().contains(given));
    });
}

/// Single lookups are right, blocks are not: found out by the batch's sum, and then where.
#[test]
fn a_batch_that_goes_wrong_is_told_by_frame_too() {
    let Some(lying) = Compiled::minimal(&["LATE_LIE"]) else { return };
    on("frag-1mb", |plan| {
        for target in [Target::Page, Target::Handle] {
            let bench = prepared(plan, &[entry(&lying, "")], &[target]).expect("right, one by one");
            let measured = measure(plan, &bench, &[target]);
            if target == Target::Handle {
                assert!(measured.is_ok(), "pages are no part of handles");
                continue;
            }
            let error = measured.expect_err("a lie");
            let MeasureError::WrongAnswer { pfn, expected, given, .. } = error else {
                panic!("{error}")
            };
            assert_eq!(given, expected + 1);
            assert!(plan.segments.iter().any(|range| range.contains(pfn)));
        }
    });
}

/// What building says, where it fails.
fn fails(faults: &[&str], layout: &str, end: &str) -> Option<BuildError> {
    let compiled = Compiled::minimal(faults)?;
    on(layout, |plan| Some(entry(&compiled, end).build(plan, OPTIONS).err().expect("no table")))
}

#[test]
fn what_a_plugin_cannot_do_is_unsupported_and_what_it_must_not_say_an_error() {
    for (faults, layout, end, words) in [
        (&["NO_SPLIT"][..], "frag-1mb", "@replay", "is not supported by the plugin"),
        (&["PLUG=NULL"], "frag-1mb", "@replay", "is not supported by the plugin"),
        (&["ROOM=20"], "frag-1mb", "", "PHYSSEG_ENOMEM, no memory or no room on the way to 33"),
        (&["CREATE_NULL"], "frag-1mb", "", "create returned PHYSSEG_ENOMEM"),
    ] {
        let Some(error) = fails(faults, layout, end) else { return };
        assert!(matches!(error, BuildError::Unsupported(_)), "{faults:?}: {error}");
        assert!(error.to_string().contains(words), "{faults:?}: {error}");
    }
    let Some(error) = fails(&["STRANGE_CODE"], "paper-32x8", "") else { return };
    assert!(matches!(error, BuildError::Plugin(_)), "{error}");
    let words = error.to_string();
    assert!(words.starts_with("page_init(") && words.contains("returned 7"), "{words}");
}

#[test]
fn what_cannot_go_through_the_history_loads_its_end() {
    for fault in ["NO_SPLIT", "PLUG=NULL"] {
        let Some(compiled) = Compiled::minimal(&[fault]) else { return };
        on("frag-1mb", |plan| {
            let bench = prepared(plan, &[entry(&compiled, "")], &[Target::Page]).expect("right");
            let (.., facts) = bench.supported(Target::Page).next().expect("built");
            assert_eq!(facts.built_by, BuiltBy::Final, "{fault}");
        });
    }
}

/// Every frame is found by it, holes included; with a flag that promises this and a table behind it, none is right.
#[test]
fn what_shows_the_cost_of_calls_answers_with_the_frames_themselves() {
    let Some(compiled) = Compiled::example("null", "null.c") else { return };
    let null = entry(&compiled, "");
    assert!(null.abilities().is_none() && null.churn().is_ok());
    assert!(null.cost_of_calls().is_some(), "one of the user's own is held against ours");
    let ours =
        ["rbtree", "abi:null", "abi:null@single"].map(|name| registry::find(name).expect("ours"));
    let entries = [&ours[..], &[null, entry(&compiled, "@single")]].concat();
    on("frag-1mb", |plan| {
        let bench = prepared(plan, &entries, &Target::ALL).expect("right answers");
        assert_eq!(bench.supported(Target::Page).count(), 5);
        assert_eq!(bench.supported(Target::Touch).count(), 1);
        let why = bench.unsupported("abi:null", Target::Touch).expect("a reason");
        assert!(why.contains("no pages to touch"), "{why}");
        measure(plan, &bench, &Target::ALL).expect("right answers");
    });
    let Some(lying) = Compiled::minimal(&["FLAGS=PHYSSEG_FLAG_NULL"]) else { return };
    on("frag-1mb", |plan| {
        let error = prepared(plan, &[entry(&lying, "")], &[Target::Page]).expect_err("a table");
        assert!(matches!(error, MeasureError::WrongAnswer { .. }), "{error}");
    });
}

#[test]
fn the_array_called_as_a_plugin_answers_as_it_does_otherwise() {
    let names = ["array@final", "abi:array", "abi:array@single"];
    let entries = names.map(|name| registry::find(name).expect("ours"));
    assert_eq!(
        entries.map(|entry| entry.cost_of_calls().map(|null| null.name)),
        [None, Some("abi:null"), Some("abi:null@single")]
    );
    for name in ["paper-32x8", "frag-1mb", "frag-64mb", "real-vm-4g"] {
        on(name, |plan| {
            let bench = prepared(plan, &entries, &Target::ALL).expect("right tables");
            assert_eq!(bench.supported(Target::Touch).count(), 3, "{name}");
            measure(plan, &bench, &Target::ALL).expect("right answers");
        });
    }
}

#[test]
fn segments_that_are_not_counted_right_are_a_wrong_table() {
    let Some(compiled) = Compiled::minimal(&["SEGMENTS=count_of_one"]) else { return };
    on("paper-32x8", |plan| {
        let error = prepared(plan, &[entry(&compiled, "")], &[Target::Page]).expect_err("wrong");
        assert!(error.to_string().contains("segments() returned 1 where"), "{error}");
    });
}

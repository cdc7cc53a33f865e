//! What `plugin check` plays, without the processes: right plugins pass, and each fault fails a case that says
//! what was wrong.

use super::Compiled;
use crate::plugin::Library;
use crate::plugin::check::{Outcome, Wrong, cases, play};

/// How each case ends, by its name.
fn outcomes(compiled: &Compiled) -> Vec<(&'static str, Outcome)> {
    let library = Library::load(&compiled.path()).expect("a plugin");
    let cases = cases(library.is_null()).iter();
    cases.map(|case| (case.name, play(case, library, 1, &mut |_| {}))).collect()
}

#[test]
fn the_examples_pass_every_case() {
    for (folder, file) in [("sorted-array", "sorted_array.c"), ("tree", "tree.c")] {
        let Some(compiled) = Compiled::example(folder, file) else { return };
        for (case, outcome) in outcomes(&compiled) {
            assert_eq!(outcome, Outcome::Passed, "{folder}: {case}");
        }
    }
}

#[test]
fn what_shows_the_cost_of_calls_has_cases_of_its_own() {
    let Some(null) = Compiled::example("null", "null.c") else { return };
    let all = outcomes(&null);
    assert!(
        all.len() == 2 && all.iter().all(|(_, outcome)| *outcome == Outcome::Passed),
        "{all:?}"
    );
    let Some(table) = Compiled::minimal(&["FLAGS=PHYSSEG_FLAG_NULL"]) else { return };
    for (case, outcome) in outcomes(&table) {
        let Outcome::Failed(wrong) = outcome else { panic!("{case}: {outcome:?}") };
        assert_eq!(wrong.expected, "segment_start 0x0, page 0x0", "{case}");
    }
}

#[test]
fn what_a_plugin_may_leave_out_is_skipped() {
    for (faults, skipped) in [
        (&[][..], &["thousands of segments are found"][..]),
        (
            &["PLUG=NULL", "ROOM=4096"],
            &[
                "a segment is plugged below, between and above",
                "plug refuses what makes no sense",
                "what was unplugged is plugged again",
            ],
        ),
        (
            &["NO_SPLIT", "ROOM=4096"],
            &["a segment that loses its middle becomes two", "what was unplugged is plugged again"],
        ),
        (&["FIND=NULL", "ROOM=4096"], &[]),
        (&["FIND_BATCH=NULL", "ROOM=4096"], &[]),
    ] {
        let Some(compiled) = Compiled::minimal(faults) else { return };
        for (case, outcome) in outcomes(&compiled) {
            match outcome {
                Outcome::Passed => assert!(!skipped.contains(&case), "{faults:?}: {case}"),
                Outcome::Skipped { why } => {
                    assert!(skipped.contains(&case), "{faults:?}: {case}: {why}");
                }
                Outcome::Failed(wrong) => panic!("{faults:?}: {case}: {wrong:?}"),
            }
        }
    }
}

/// What the first case says that a plugin with `fault` fails, and how many fail.
fn first_wrong(fault: &str) -> Option<(&'static str, Wrong, usize)> {
    let all = outcomes(&Compiled::minimal(&[fault, "ROOM=4096"])?);
    let mut failed = all.into_iter().filter_map(|(case, outcome)| match outcome {
        Outcome::Failed(wrong) => Some((case, wrong)),
        _ => None,
    });
    let (case, wrong) = failed.next().unwrap_or_else(|| panic!("{fault} passes"));
    Some((case, wrong, 1 + failed.count()))
}

#[test]
fn each_fault_fails_a_case_that_shows_call_expected_and_given() {
    for (fault, case, called, expected, given) in [
        (
            "LIE",
            "one segment is found, and nothing beside it",
            "find_batch() of 138 frames, number 37 being 0x63",
            "segment_start 0x60, page 0x138b",
            "segment_start 0x60, page 0x1383",
        ),
        (
            "BATCH_LIE",
            "one segment is found, and nothing beside it",
            "find_batch() of 138 frames, number 0 being 0x3e",
            "a miss",
            "segment_start 0x0, page 0x0",
        ),
        (
            "OVERLAPS",
            "physload refuses what makes no sense",
            "physload(0x20, 0x30)",
            "PHYSSEG_EINVAL",
            "PHYSSEG_OK",
        ),
        (
            "STRANGE_CODE",
            "one segment is found, and nothing beside it",
            "page_init(0x60, 0xa0, 0x1388)",
            "PHYSSEG_OK",
            "7, which is no code of the interface",
        ),
        ("SEGMENTS=count_of_one", "tables are made empty, and destroyed", "segments()", "0", "1"),
        (
            "CREATE_NULL",
            "tables are made empty, and destroyed",
            "create(4096, 0)",
            "a table",
            "NULL",
        ),
    ] {
        let Some((failed, wrong, _)) = first_wrong(fault) else { return };
        assert_eq!((failed, wrong.called.as_str()), (case, called), "{fault}");
        assert_eq!((wrong.expected.as_str(), wrong.given.as_str()), (expected, given), "{fault}");
    }
    let Some((failed, wrong, count)) = first_wrong("WRONG_PAGES") else { return };
    assert_eq!(failed, "a segment is cut at its front");
    assert!(wrong.before.last().is_some_and(|call| call.starts_with("unplug(")), "{wrong:?}");
    // The cuts, what comes after cuts, and whatever is random.
    assert!(count >= 6, "{count}");
}

#[test]
fn random_operations_are_the_same_with_the_same_seed() {
    let Some(compiled) = Compiled::minimal(&["ROOM=4096"]) else { return };
    let library = Library::load(&compiled.path()).expect("a plugin");
    let case =
        cases(false).iter().find(|case| case.name.contains("many and small")).expect("a case");
    let calls = |seed| {
        let mut calls = Vec::new();
        let outcome = play(case, library, seed, &mut |call| {
            if call.starts_with("plug") || call.starts_with("unplug") {
                calls.push(call.to_owned());
            }
        });
        assert_eq!(outcome, Outcome::Passed);
        calls
    };
    let first = calls(1);
    assert_eq!(first, calls(1));
    assert_ne!(first, calls(2));
    assert!(first.len() > 1000, "{}", first.len());
}

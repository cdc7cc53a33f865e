//! Plugins that are plugged and unplugged: every scenario, held against the model.

use physseg::FrameRange;

use super::Compiled;
use crate::layout::{self, Layout, build::Plan};
use crate::measure::churn::{
    Churn, ChurnBench, ChurnError, Refused, Scenario, Script, Trial, Work,
};
use crate::registry;

/// The plugin as a participant.
fn churn(plugin: &Compiled) -> Box<dyn Churn> {
    let name = format!("plugin:{}", plugin.path().display());
    registry::find(&name).expect("a file").churn().expect("a plugin")
}

/// A layout of this text, and what it comes to.
fn of(text: &str) -> (Layout, Vec<FrameRange>) {
    let file = tempfile::Builder::new().suffix(".toml").tempfile().expect("a file");
    std::fs::write(file.path(), text).expect("writable");
    let layout = layout::open(&file.path().display().to_string()).expect("a layout");
    let segments = layout.final_segments().expect("segments");
    (layout, segments)
}

/// A trial and two rounds of every scenario, in each of which what comes of it is checked; who could not.
fn play(
    churn: Box<dyn Churn>,
    (layout, segments): &(Layout, Vec<FrameRange>),
) -> Vec<(usize, String)> {
    let mut bench = ChurnBench::new(Plan { layout, segments }, [("it", churn)]);
    let mut unable = Vec::new();
    for scenario in Scenario::ALL {
        let trial = match bench.trial(scenario, 3, &mut || true) {
            Err(ChurnError::NothingToDo(_)) => continue,
            trial => trial.expect("right").expect("not interrupted"),
        };
        unable.extend(trial.unsupported.clone());
        for round in 0..2 {
            let seeds = (u64::from(round), 5);
            let samples = bench.round(&trial, seeds, round, || true).expect("right");
            for sample in samples.expect("not interrupted") {
                let Some([before, after]) = sample.occupied else { continue };
                assert!(scenario == Scenario::Build || before.segments > 0, "{scenario}");
                assert!(after.segments > 0 && after.frames >= after.segments, "{scenario}");
            }
        }
    }
    unable
}

#[test]
fn a_right_plugin_comes_to_what_the_model_says_in_every_scenario() {
    let Some(plugin) = Compiled::example("sorted-array", "sorted_array.c") else { return };
    for name in ["paper-32x8", "frag-1mb", "frag-64mb"] {
        let layout = layout::open(name).expect("shipped");
        let segments = layout.final_segments().expect("checked");
        assert_eq!(play(churn(&plugin), &(layout, segments)), [], "{name}");
    }
}

#[test]
fn what_is_unplugged_before_boot_ends_a_plugin_never_sees() {
    let Some(plugin) = Compiled::example("tree", "tree.c") else { return };
    let layout = of("name = \"early\"\n\
         [[step]]\nload = { start = 16, end = 256 }\n[[step]]\nload = { start = 300, end = 400 }\n\
         [[step]]\nunplug = { start = 100, end = 120 }\n[[step]]\nunplug = { start = 300, end = 400 }\n\
         [[step]]\nboot = true\n[[step]]\nplug = { start = 1024, end = 2048 }\n\
         [[step]]\nunplug = { start = 1024, end = 2048, every = 8, frames = [1, 7], seed = 1 }\n\
         [lookups]\nstart = 16\nend = 2048\n");
    assert_eq!(play(churn(&plugin), &layout), []);
}

#[test]
fn a_large_table_is_asked_in_places_and_a_wrong_page_found_all_the_same() {
    let large =
        of("name = \"large\"\n[[step]]\nload = { start = 0, end = 1048576, split = 2048 }\n\
         [[step]]\nboot = true\n[lookups]\nstart = 0\nend = 1048576\n");
    let Some(plugin) = Compiled::minimal(&["ROOM=4096"]) else { return };
    let plan = Plan { layout: &large.0, segments: &large.1 };
    let mut bench = ChurnBench::new(plan, [("it", churn(&plugin))]);
    let trial = bench.trial(Scenario::Replug, 1, &mut || true).expect("right").expect("a trial");
    assert_eq!(trial.unsupported, []);
    let Some(liar) = Compiled::minimal(&["ROOM=4096", "BATCH_LIE"]) else { return };
    let mut bench = ChurnBench::new(plan, [("it", churn(&liar))]);
    let error = bench.trial(Scenario::Build, 1, &mut || true).expect_err("a hole is answered");
    let said = error.to_string();
    let says = "find_batch(0x100000) answered segment_start 0x0, page 0x0, and must answer a miss";
    assert!(said.contains(says), "{said}");
}

/// What is wrong with a plugin's table after so many operations of a scenario, if it is.
fn held(plugin: &Compiled, text: &str, scenario: Scenario, limit: usize) -> Result<(), String> {
    let (layout, segments) = of(text);
    let plan = Plan { layout: &layout, segments: &segments };
    let script = Script::new(scenario, &plan, 1, limit).expect("something to do");
    let work = Work::new(script, &plan).expect("a script that can be done");
    let mut it = churn(plugin);
    it.begin(&work).expect("an empty table");
    it.prepare(&work, 0..work.script.before.len()).expect("what comes before");
    it.run(&work, 0..work.script.timed.len()).expect("the scenario");
    it.verify(&work)
}

/// A layout of 2^20 frames, a table of which is asked in places, and one of 2^12, which is asked about every frame.
const LARGE: &str = "name = \"large\"\n[[step]]\nload = { start = 0, end = 1048576, split = 4096 }\n\
                     [[step]]\nboot = true\n[lookups]\nstart = 0\nend = 1048576\n";
const SMALL: &str = "name = \"small\"\n[[step]]\nload = { start = 0, end = 4096, split = 64 }\n\
                     [[step]]\nboot = true\n[lookups]\nstart = 0\nend = 4096\n";

#[test]
fn what_is_wrong_only_inside_segments_is_found_in_large_tables_too() {
    for (faults, finds) in [(&["ROOM=4096"][..], false), (&["ROOM=4096", "LIES_INSIDE"], true)] {
        let Some(plugin) = Compiled::minimal(faults) else { return };
        for text in [LARGE, SMALL] {
            let found = held(&plugin, text, Scenario::Build, usize::MAX);
            let says = found.as_ref().is_err_and(|what| what.starts_with("find_batch(0x"));
            assert_eq!((found.is_err(), says), (finds, finds), "{found:?}");
        }
    }
}

#[test]
fn what_was_unplugged_is_asked_for_inside_too() {
    for (faults, finds) in [(&["ROOM=4096"][..], false), (&["ROOM=4096", "GHOSTS"], true)] {
        let Some(plugin) = Compiled::minimal(faults) else { return };
        for text in [LARGE, SMALL] {
            let found = held(&plugin, text, Scenario::Inflate, 256);
            let says = found.as_ref().is_err_and(|what| {
                what.starts_with("find_batch(0x") && what.contains("must answer a miss (after ")
            });
            assert_eq!((found.is_err(), says), (finds, finds), "{found:?}");
        }
    }
}

#[test]
fn what_is_never_taken_away_is_found_before_it_comes_back() {
    let Some(plugin) = Compiled::minimal(&["ROOM=4096", "KEEPS_WHOLE"]) else { return };
    let (layout, segments) = of(SMALL);
    let plan = Plan { layout: &layout, segments: &segments };
    let mut bench = ChurnBench::new(plan, [("it", churn(&plugin))]);
    let error = bench.trial(Scenario::Replug, 1, &mut || true).expect_err("it took nothing away");
    let what = error.blamed().expect("its fault").1;
    let says =
        "replug, half way, before anything comes back: segments() returned 64, and must return 32";
    assert_eq!(what, says);
    // At the end nothing is to be seen of it.
    assert_eq!(held(&plugin, SMALL, Scenario::Replug, usize::MAX), Ok(()));
}

/// What came of the trial of a scenario on a small layout.
fn tried(plugin: &Compiled, scenario: Scenario) -> Result<Trial, ChurnError> {
    let layout = layout::open("frag-1mb").expect("shipped");
    let segments = layout.final_segments().expect("checked");
    let plan = Plan { layout: &layout, segments: &segments };
    let mut bench = ChurnBench::new(plan, [("it", churn(plugin))]);
    bench.trial(scenario, 1, &mut || true).map(|trial| trial.expect("not interrupted"))
}

#[test]
fn a_wrong_answer_is_told_with_frame_both_answers_and_who_was_there_last() {
    let Some(plugin) = Compiled::minimal(&["ROOM=4096", "WRONG_PAGES"]) else { return };
    let error = tried(&plugin, Scenario::Fragment).expect_err("wrong");
    let (backend, what) = error.blamed().expect("its fault");
    assert_eq!(backend, "it");
    assert!(what.starts_with("fragment, find(0x"), "{what}");
    assert!(
        what.contains(" answered segment_start 0x") && what.contains(", and must answer "),
        "{what}"
    );
    assert!(
        what.contains(" (after 64 operations, of which number ") && what.contains(", unplug(0x"),
        "{what}"
    );
}

#[test]
fn a_code_that_is_none_is_a_failure_and_a_lack_is_not() {
    let Some(plugin) = Compiled::minimal(&["STRANGE_CODE"]) else { return };
    let error = tried(&plugin, Scenario::Build).expect_err("wrong");
    let what = error.blamed().expect("its fault").1;
    assert!(
        what.starts_with("build, operation 34: page_init(0x0, 0x100, 0x1) returned 7"),
        "{what}"
    );
    let Some(plugin) = Compiled::minimal(&["NO_SPLIT", "ROOM=4096"]) else { return };
    assert_eq!(tried(&plugin, Scenario::Build).expect("it can").unsupported, []);
    let unsupported = tried(&plugin, Scenario::Fragment).expect("no failure").unsupported;
    let (it, why) = unsupported.first().expect("it cannot");
    assert_eq!(*it, 0);
    assert!(why.starts_with("unplug(0x") && why.ends_with("(PHYSSEG_EUNSUPPORTED)"), "{why}");
}

#[test]
fn what_a_plugin_could_do_when_it_was_tried_it_has_to_go_on_doing() {
    let Some(plugin) = Compiled::minimal(&["ROOM=40"]) else { return };
    let layout = layout::open("frag-1mb").expect("shipped");
    let segments = layout.final_segments().expect("checked");
    let plan = Plan { layout: &layout, segments: &segments };
    let script = Script::new(Scenario::Fragment, &plan, 7, usize::MAX).expect("something to do");
    let work = Work::new(script, &plan).expect("a script that can be done");
    let mut it = churn(&plugin);
    it.begin(&work).expect("an empty table");
    it.prepare(&work, 0..work.script.before.len()).expect("two segments");
    let stopped = it.run(&work, 0..work.script.timed.len()).expect_err("no room");
    assert_eq!(stopped.unsupported(64).map(|why| why.contains("PHYSSEG_ENOMEM")), Some(true));
    let said = stopped.to_string();
    assert!(
        said.ends_with("returned PHYSSEG_ENOMEM, which it did not when this scenario was tried"),
        "{said}"
    );
    assert!(matches!(
        stopped.cause,
        crate::measure::churn::Cause::Foreign { refused: Refused::NoRoom, .. }
    ));
}

#[test]
fn what_shows_the_cost_of_calls_holds_nothing_and_does_every_scenario() {
    let layout = layout::open("frag-1mb").expect("shipped");
    let segments = layout.final_segments().expect("checked");
    let plan = Plan { layout: &layout, segments: &segments };
    let null = registry::find("abi:null").expect("a control").churn().expect("tables");
    let mut bench = ChurnBench::new(plan, [("abi:null", null)]);
    for scenario in Scenario::ALL {
        let trial = bench.trial(scenario, 3, &mut || true).expect("right").expect("a trial");
        assert_eq!(trial.unsupported, [], "{scenario}");
        let samples = bench.round(&trial, (1, 2), 0, || true).expect("right").expect("a round");
        let of_it = samples.iter().find(|sample| sample.participant == 0).expect("its phase");
        let [before, after] = of_it.occupied.expect("a table");
        assert_eq!((before.segments, after.segments, after.bytes_total), (0, 0, Some(0)));
    }
    // The array loaded at boot can be built, and nothing else.
    let array = registry::find("abi:array").expect("a control").churn().expect("tables");
    let mut bench = ChurnBench::new(plan, [("abi:array", array)]);
    let mut of =
        |scenario| bench.trial(scenario, 3, &mut || true).expect("right").expect("a trial");
    assert_eq!(of(Scenario::Build).unsupported, []);
    let why = of(Scenario::Replug).unsupported.remove(0).1;
    assert_eq!(why, "this backend takes no segment after boot");
}

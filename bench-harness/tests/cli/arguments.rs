//! Bad arguments: one message that names the flag, what was expected and the way out; status 2; and
//! nothing written.

use predicates::str::contains;

use super::Scratch;

/// Runs `words`, which must be refused with `says`, before anything is written.
fn refused(words: &str, says: &[&str]) {
    let scratch = Scratch::new();
    let mut assert = scratch.harness(words).assert().code(2).stdout("");
    for text in says {
        assert = assert.stderr(contains(*text));
    }
    let left = std::fs::read_dir(scratch.dir.path()).expect("the folder").count();
    assert_eq!(left, 0, "`{words}` left files behind");
}

#[test]
fn an_unknown_backend_is_answered_with_the_valid_ones_and_the_nearest() {
    refused("compare --backends array,rbtre", &["--backends", "rbtre", "rbtree", "array-linear"]);
}

#[test]
fn an_unknown_layout_is_answered_with_the_valid_ones_and_the_nearest() {
    refused(
        "compare --backends array --layout frag-265mb",
        &["frag-265mb", "frag-256mb", "paper-32x8", "this-machine"],
    );
}

#[test]
fn an_unknown_workload_mode_target_or_generator_is_answered_likewise() {
    refused("compare --backends array --workload unifrom", &["--workload", "uniform", "atf"]);
    refused("compare --backends array --mode inlin", &["--mode", "inline", "trace"]);
    refused("compare --backends array --target pages", &["--target", "page", "handle"]);
    refused("compare --backends array --rng random", &["--rng", "xoshiro256++", "random3"]);
    refused("compare --backends array --build finale", &["--build", "final", "replay"]);
}

#[test]
fn counts_of_nothing_are_refused() {
    refused("compare --backends array --lookups 0", &["--lookups", "1 or more"]);
    refused("compare --backends array --lookups 10,0K", &["--lookups", "1 or more"]);
    refused("compare --backends array --lookups ten", &["--lookups", "10K"]);
    refused("compare --backends array --runs 0", &["--runs", "0"]);
    refused("compare --backends array --array-capacity 0", &["--array-capacity", "unlimited"]);
    refused(
        "compare --backends array --array-capacity 99999999999",
        &["--array-capacity", "from 1 to 1048576", "unlimited"],
    );
}

#[test]
fn lists_that_contradict_themselves_are_refused() {
    refused("compare --backends array,array", &["--backends", "array", "twice"]);
    refused("compare --backends array --reference rbtree", &["--reference", "rbtree"]);
    refused(
        "compare --backends array --layout frag-1mb --layout frag-1mb",
        &["--layout", "frag-1mb"],
    );
    refused("compare", &["--backends"]);
    refused("compare --backends", &["--backends"]);
}

#[test]
fn a_wrong_profile_or_command_is_refused() {
    refused("reproduce --profile quik", &["quick", "figure", "paper"]);
    refused("compair", &["compare"]);
}

#[test]
fn a_report_needs_a_run() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("empty")).expect("a folder");
    scratch.harness("report empty").assert().code(2).stderr(contains("samples.csv"));
    scratch.harness("report nowhere").assert().code(2).stderr(contains("nowhere"));
    assert!(!scratch.path("empty/report").exists());
}

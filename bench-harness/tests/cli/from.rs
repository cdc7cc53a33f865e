//! Recorded runs: `compare --from` and `check --against`.
//!
//! Where an outcome hangs on times they are put into the record by the test, so that it hangs on
//! nothing else.

use std::fs;
use std::path::Path;

use bench_harness::record::{self, Judging, RunDir, SampleRow};
use predicates::prelude::*;
use predicates::str::contains;

use super::Scratch;

/// A small run of `what` in the folder `out`.
fn record_run(scratch: &Scratch, out: &str, what: &str) {
    scratch
        .harness(&format!("compare {what} --lookups 1000 --out {out} --quiet --no-progress"))
        .assert()
        .success();
}

const BOTH: &str = "--backends array,rbtree --runs 25";

/// The same run, its times replaced, and everything that follows from them computed again.
fn retime(folder: &Path, time_ns: impl Fn(&SampleRow) -> u64) {
    let files = RunDir::open(folder).expect("a run");
    let mut run = files.read().expect("a whole run");
    for row in &mut run.samples {
        row.elapsed_ns = time_ns(row);
    }
    let mut writer = csv::Writer::from_path(files.samples()).expect("writable");
    run.samples.iter().for_each(|row| writer.serialize(row).expect("a row"));
    writer.flush().expect("writable");
    let summary = record::summarise(&run.samples, &run.summary);
    record::write_summary(&files.summary(), &summary).expect("writable");
    // The twin's times would be of another machine than these.
    fs::remove_file(files.twin()).expect("a file");
    let compared = record::compare_all(&run.samples, &Judging::against("array"));
    record::write_comparison(&files.comparison(), &compared).expect("writable");
}

/// Times that repeat to a percent: the tree takes `tree` where the array takes 100,000 ns.
fn steady(tree: u64) -> impl Fn(&SampleRow) -> u64 {
    move |row| {
        let unevenness = u64::from(row.round * 7 % 11) * 100 + row.backend.len() as u64;
        let of = match row.backend.as_str() {
            "rbtree" => tree,
            "array" => 100_000,
            _ => 20_000,
        };
        of + unevenness
    }
}

/// Two runs of both backends, the tree of the second one a fifth slower than that of the first.
fn slowed() -> Scratch {
    let scratch = Scratch::new();
    for (out, tree) in [("a", 150_000), ("b", 180_000)] {
        record_run(&scratch, out, BOTH);
        retime(&scratch.path(out), steady(tree));
    }
    scratch
}

#[test]
fn two_runs_are_compared_and_nothing_is_written_unless_asked_for() {
    let scratch = slowed();
    scratch
        .harness("compare --from a --from b")
        .assert()
        .success()
        .stdout(contains("A: a (run ").and(contains("B: b (run ")))
        .stdout(contains("Change from A to B, paper-32x8"))
        .stdout(contains("rbtree   relative").and(contains("slower")))
        .stdout(contains("not interleaved"))
        .stdout(predicate::function(|out: &str| out.lines().all(|l| l.chars().count() <= 80)))
        .stderr("");
    let mut left: Vec<_> = fs::read_dir(scratch.dir.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    left.sort();
    assert_eq!(left, ["a", "b"]);
}

#[test]
fn the_figures_are_filed_where_a_folder_is_named() {
    let scratch = slowed();
    scratch.harness("compare --from a --from b --out both").assert().success();
    assert_eq!(scratch.column("both/across.csv", "backend"), ["array", "rbtree", "rbtree"]);
    assert_eq!(scratch.column("both/across.csv", "kind"), ["time", "time", "relative"]);
    assert_eq!(scratch.column("both/across.csv", "reference"), ["", "", "array"]);
    assert_eq!(scratch.column("both/across.csv", "verdict"), ["equivalent", "slower", "slower"]);
    assert_eq!(scratch.column("both/across.csv", "units_a"), ["5", "5", "5"]);
    let changes: Vec<f64> = scratch
        .column("both/across.csv", "change_pct")
        .iter()
        .map(|cell| cell.parse().expect("a number"))
        .collect();
    assert!(changes[0].abs() < 1e-9, "{changes:?}");
    assert!((changes[2] - 20.0).abs() < 0.5, "{changes:?}");
    let page = scratch.read("both/across.md");
    assert!(page.contains("| 1K | rbtree | relative |"), "{page}");
    let rows = record::read_across(&scratch.path("both/across.csv")).expect("reads back");
    assert_eq!(rows.len(), 3);
}

#[test]
fn a_run_against_itself_has_not_changed_and_that_is_said() {
    let scratch = Scratch::new();
    record_run(&scratch, "a", BOTH);
    scratch
        .harness("compare --from a --from a --out same --gate 0")
        .assert()
        .success()
        .stdout(contains("A and B are the same run"))
        .stdout(contains("no difference of machine"));
    let changes = scratch.column("same/across.csv", "change_pct");
    assert!(changes.iter().all(|change| change == "0.0"), "{changes:?}");
}

#[test]
fn what_one_run_alone_measured_is_left_out_and_named() {
    let scratch = slowed();
    record_run(&scratch, "c", "--backends array --layout paper-32x8 --layout frag-1mb --runs 3");
    scratch
        .harness("compare --from a --from b --from c")
        .assert()
        .success()
        .stdout(contains("B: b (run ").and(contains("B: c (run ")))
        .stdout(contains("Not compared, rbtree measured in A only: paper-32x8 with 1K lookups."));
}

#[test]
fn runs_with_nothing_in_common_are_refused() {
    let scratch = Scratch::new();
    record_run(&scratch, "a", "--backends array --runs 2");
    record_run(&scratch, "b", "--backends rbtree --runs 2");
    scratch
        .harness("compare --from a --from b")
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("a and b: nothing to compare"));
}

const LAYOUT: &str = "name = \"mine\"\n[[step]]\nload = { start = 0, end = 64, split = 8 }\n\
    [[step]]\nboot = true\n";

#[test]
fn a_layout_that_was_edited_between_the_runs_is_not_compared() {
    let scratch = Scratch::new();
    scratch.write("mine.toml", LAYOUT);
    record_run(&scratch, "a", "--backends array --layout mine.toml --runs 2");
    scratch.write("mine.toml", &LAYOUT.replace("split = 8", "split = 4"));
    record_run(&scratch, "b", "--backends array --layout mine.toml --runs 2");
    scratch
        .harness("compare --from a --from b")
        .assert()
        .code(2)
        .stderr(contains("layout `mine` has other contents"));
}

#[test]
fn the_gate_trips_on_what_is_slower_than_allowed() {
    let scratch = slowed();
    scratch
        .harness("compare --from a --from b --gate 10")
        .assert()
        .code(3)
        .stdout(contains("Change from A to B"))
        .stderr(contains("rbtree on paper-32x8, 1000 lookups, relative to array: +19.9"))
        .stderr(contains("allowed 10 %"));
    scratch
        .harness("compare --from a --from b --gate 25")
        .assert()
        .success()
        .stderr(contains("--gate: passed"));
    // The other way round it became faster.
    scratch.harness("compare --from b --from a --gate 1").assert().success();
}

#[test]
fn a_gate_that_cannot_decide_does_not_pass() {
    let scratch = Scratch::new();
    record_run(&scratch, "a", "--backends array,rbtree --runs 3");
    record_run(&scratch, "b", "--backends array,rbtree --runs 1");
    scratch
        .harness("compare --from a --from b")
        .assert()
        .success()
        .stdout(contains("1 round in B: an interval and a verdict need 2"));
    scratch
        .harness("compare --from a --from b --gate 5")
        .assert()
        .code(1)
        .stderr(contains("--gate cannot decide").and(contains("1 round in B")));
    scratch
        .harness("check --against b --quiet")
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("--against b").and(contains("takes 2")));
}

#[test]
fn folders_and_flags_that_do_not_fit_are_refused() {
    let scratch = Scratch::new();
    record_run(&scratch, "a", "--backends array --runs 2");
    fs::create_dir(scratch.path("empty")).expect("a folder");
    scratch.write("file", "text");
    for (words, says) in [
        ("compare --from a", "two recorded runs"),
        ("compare --from a --from nowhere", "--from: nowhere: no such file or folder"),
        ("compare --from a --from empty", "empty: holds no run"),
        ("compare --from a --from file", "file: is a file"),
        ("compare --from a --from a --backends array", "cannot be used with"),
        ("compare --from a --from a --lookups 10", "cannot be used with"),
        ("compare --from a --from a --gate -1", "--gate"),
        ("compare --from a --from a --equivalence nan", "a percentage above 0"),
        ("check", "--against"),
        ("check --against nowhere", "--against: nowhere: no such file or folder"),
        ("check --against empty", "empty: holds no run"),
        ("check --against a --out a", "--out a: a run is filed there already"),
        ("check --against a --max-time 5", "as 30s, 5m or 1h30m"),
        ("check --against a --runs 0", "rounds"),
        ("check --against a --resume", "--out"),
    ] {
        scratch.harness(words).assert().code(2).stdout("").stderr(contains(says));
    }
}

#[test]
fn a_damaged_file_is_named() {
    let scratch = Scratch::new();
    record_run(&scratch, "a", "--backends array --runs 2");
    record_run(&scratch, "b", "--backends array --runs 2");
    scratch.write("b/samples.csv", "run_id\n");
    scratch
        .harness("compare --from a --from b")
        .assert()
        .code(2)
        .stderr(contains("b/samples.csv, line 1"));
}

#[test]
fn a_check_measures_the_recorded_plan_anew() {
    let scratch = Scratch::new();
    scratch.write("mine.toml", LAYOUT);
    record_run(&scratch, "a", "--backends array,rbtree --runs 4 --layout mine.toml --mode trace");
    fs::remove_file(scratch.path("mine.toml")).expect("it is there");
    // From the recorded steps, with a gate that no machine trips.
    scratch
        .harness("check --against a --gate 1e9 --out anew --quiet --max-time 1min --runs 3")
        .assert()
        .success()
        .stdout(contains("Change from A to B, mine (uniform, trace, page, xoshiro256++)"));
    assert_eq!(scratch.column("anew/samples.csv", "backend").len(), 9);
    assert_eq!(scratch.column("anew/across.csv", "kind").len(), 3);
    // Gone on with, there is nothing left to do but to compare again.
    scratch
        .harness("check --against a --gate 1e9 --out anew --max-time 1min --runs 3 --resume")
        .assert()
        .success()
        .stderr(contains("nothing is left to measure"));
    // The same addresses, and so the same answers.
    let answers = |run: &str| {
        let rows = record::read_samples(&scratch.path(run).join("samples.csv")).expect("samples");
        let rows = rows.into_iter().filter(|row| row.round < 3);
        let mut answers: Vec<_> =
            rows.map(|row| (row.round, row.backend, row.seed, row.hits, row.checksum)).collect();
        answers.sort();
        answers
    };
    assert_eq!(answers("a"), answers("anew"));
}

#[test]
fn a_check_trips_if_the_record_was_faster_than_any_machine() {
    let scratch = Scratch::new();
    // Enough rounds to show it even while other tests keep every core busy.
    record_run(&scratch, "a", "--backends array,rbtree --runs 24");
    retime(&scratch.path("a"), |row| 100 + u64::from(row.round % 3));
    scratch
        .harness("check --against a --quiet")
        .assert()
        .code(3)
        .stderr(contains("--gate: slower than allowed"))
        .stderr(contains("rbtree on paper-32x8, 1000 lookups, relative to array: +"))
        .stderr(contains("allowed 5 %"));
    let filed = fs::read_dir(scratch.path("results")).expect("the default folder").count();
    assert_eq!(filed, 1);
}

#[test]
fn a_check_of_a_layout_that_is_not_the_recorded_one_is_refused() {
    let scratch = Scratch::new();
    record_run(&scratch, "a", "--backends array --runs 2");
    let environment = scratch.read("a/environment.json");
    let at = environment.find("\"digest\": \"").expect("a digest") + 11;
    let digest = &environment[at..at + 16];
    let edited = environment.replace(digest, "0000000000000000");
    scratch.write("a/environment.json", &edited);
    scratch
        .harness("check --against a")
        .assert()
        .code(2)
        .stderr(contains("a/environment.json: plan").and(contains("paper-32x8")));
    assert!(!scratch.path("results").exists());
}

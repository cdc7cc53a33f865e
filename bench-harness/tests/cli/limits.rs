//! Rounds until it is precise enough or time is out, batches by the timer, and the gate. Widths here
//! are so generous, or so narrow, that no machine decides the other way.

use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use super::Scratch;

const PAIR: &str = "compare --backends array,rbtree --out out";

fn stopping(scratch: &Scratch) -> serde_json::Value {
    let environment: serde_json::Value =
        serde_json::from_str(&scratch.read("out/environment.json")).expect("JSON");
    environment["stopping"].clone()
}

#[test]
fn a_precision_that_is_reached_ends_the_rounds() {
    let scratch = Scratch::new();
    let words = format!("{PAIR} --lookups 2K --precision 100 --runs 6");
    scratch.harness(&words).assert().success().stderr(contains("2000 lookups: precise enough"));
    let batch = &stopping(&scratch)["batches"][0];
    assert_eq!(batch["limit"], "precision");
    assert_eq!(batch["wanted_half_width_pct"], 100.0);
    assert!(batch["half_width_pct"].as_f64().expect("a width") <= 100.0);
    let rounds = batch["rounds"].as_u64().expect("a number");
    assert!(rounds >= 60 && rounds.is_multiple_of(6), "{rounds}");
    assert_eq!(scratch.column("out/comparison.csv", "rounds"), [rounds.to_string()]);
    let before = scratch.read("out/samples.csv");
    scratch.harness(&format!("{words} --resume")).assert().success().stderr(contains("nothing is"));
    assert_eq!(scratch.read("out/samples.csv"), before);
    let other = format!("{PAIR} --lookups 2K --precision 50 --runs 6 --resume");
    scratch.harness(&other).assert().code(2).stderr(contains("--precision"));
}

#[test]
fn a_time_that_is_spent_ends_them_and_says_what_is_missing() {
    let scratch = Scratch::new();
    let words = format!("{PAIR} --lookups 1K,2K --precision 0.01 --runs 60 --max-time 1ms");
    scratch
        .harness(&words)
        .assert()
        .success()
        .stderr(contains("the time was spent").and(contains("more rounds")));
    let stopping = stopping(&scratch);
    for batch in stopping["batches"].as_array().expect("two batches") {
        assert_eq!(batch["limit"], "time");
        assert!(batch["more_rounds"].as_u64().expect("a number") > 0);
        assert!(batch["more_s"].as_f64().expect("a time") > 0.0);
    }
}

#[test]
fn time_alone_is_a_limit_and_the_least_number_of_rounds_comes_first() {
    let scratch = Scratch::new();
    scratch.harness(&format!("{PAIR} --max-time 1ms --lookups 1K --runs 9")).assert().success();
    assert_eq!(scratch.column("out/comparison.csv", "rounds"), ["9"]);
    let batch = &stopping(&scratch)["batches"][0];
    assert_eq!((&batch["limit"], &batch["more_rounds"]), (&"time".into(), &().into()));
}

#[test]
fn several_processes_share_the_time_and_say_how_many_more_it_would_take() {
    let scratch = Scratch::new();
    let words = format!("{PAIR} --lookups 1K --processes 2 --precision 0.001 --max-time 800ms");
    // Two processes that differ wildly ask for more than a million.
    let said = contains("more processes").or(contains("out of reach"));
    scratch.harness(&words).assert().success().stderr(said);
    let batch = &stopping(&scratch)["batches"][0];
    assert!(batch["half_width_pct"].as_f64().expect("a width") > 0.001);
    assert!(batch["more_processes"].as_u64().is_none_or(|more| more >= 1));
    assert!(batch["more_rounds"].is_null());
    let rounds = batch["rounds"].as_u64().expect("a number");
    assert_eq!(scratch.column("out/comparison.csv", "rounds"), [rounds.to_string()]);
}

#[test]
fn a_given_number_of_rounds_says_nothing_new() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success().stderr(contains("rounds in").not());
    assert!(stopping(&scratch).is_null());
}

#[test]
fn the_timer_settles_the_size_of_a_batch_once() {
    let scratch = Scratch::new();
    scratch.harness(&format!("{PAIR} --lookups auto,100 --runs 2")).assert().success();
    let lookups = scratch.column("out/comparison.csv", "lookups");
    let settled: u64 = lookups[1].parse().expect("a number");
    assert_eq!((lookups.len(), &lookups[0][..]), (2, "100"));
    assert!(settled >= 1_000);
    let text = scratch.read("out/samples.csv");
    let cut: String = text.split_inclusive('\n').take(8).collect();
    scratch.write("out/samples.csv", &cut);
    scratch.harness(&format!("{PAIR} --lookups auto,100 --runs 2 --resume")).assert().success();
    assert_eq!(scratch.column("out/comparison.csv", "lookups"), lookups);
    // The same number given by hand is another plan: the machine did not decide it.
    let words = format!("{PAIR} --lookups {settled},100 --runs 2 --resume");
    scratch.harness(&words).assert().code(2).stderr(contains("--lookups"));
}

#[test]
fn a_limit_without_lookups_lets_the_timer_decide() {
    let scratch = Scratch::new();
    scratch.harness(&format!("{PAIR} --max-time 50ms --runs 2")).assert().success();
    assert_eq!(scratch.column("out/comparison.csv", "lookups").len(), 1);
}

#[test]
fn bounds_of_equivalence_are_recorded_and_held_to() {
    let scratch = Scratch::new();
    scratch.compare("--equivalence 2.5").assert().success();
    assert_eq!(scratch.column("out/comparison.csv", "equivalence_pct"), ["2.5"]);
    scratch.compare("--resume").assert().code(2).stderr(contains("--equivalence"));
    scratch.harness("report out").assert().success();
}

/// A layout of 4,096 segments, on which a linear search takes a hundred times as long as a binary one.
fn far_apart(scratch: &Scratch) -> String {
    scratch.write(
        "long.toml",
        "name = \"long\"\nphysseg_max = 4096\n[[step]]\nload = { start = 0, end = 32768, split = 8 }\n\
         [[step]]\nboot = true\n",
    );
    "--layout long.toml --lookups 1K --runs 30".to_owned()
}

#[test]
fn a_gate_fails_on_what_was_shown_and_the_figures_are_there_all_the_same() {
    let scratch = Scratch::new();
    let words = far_apart(&scratch);
    let slower = format!("compare --backends array,array-linear --out out {words} --gate 100");
    scratch
        .harness(&slower)
        .assert()
        .code(3)
        .stdout(contains("array-linear"))
        .stderr(contains("array-linear against array on long, 1000 lookups").and(contains("[+")));
    assert!(scratch.path("out/report/report.md").exists());
    // Gates are no part of the plan: a finished run can be held against another.
    scratch.harness(&format!("{slower} --resume --gate 1000000000")).assert().success();
    let faster = format!("compare --backends array-linear,array --out fast {words} --gate 0");
    scratch.harness(&faster).assert().success();
}

#[test]
fn a_gate_that_cannot_decide_does_not_pass() {
    let scratch = Scratch::new();
    scratch.compare("--runs 1 --gate 5").assert().code(1).stderr(contains("cannot decide"));
    let words = "compare --backends array,array-contig --lookups 100 --runs 2 --gate 5 --out one";
    scratch.harness(words).assert().code(1).stderr(contains("nothing was compared"));
    let words = "compare --backends array --gate 5 --out two";
    scratch.harness(words).assert().code(2).stderr(contains("--gate"));
}

#[test]
fn bad_values_are_refused_with_what_was_expected() {
    let scratch = Scratch::new();
    for (words, expected) in [
        ("--processes 0", "1 to 1000"),
        ("--processes 1001", "1 to 1000"),
        ("--processes two", "1 to 1000"),
        ("--precision 0", "above 0"),
        ("--precision -1", "above 0"),
        ("--precision NaN", "above 0"),
        ("--precision 101", "above 0"),
        ("--max-time 5", "30s"),
        ("--max-time 0s", "30s"),
        ("--max-time -5s", "30s"),
        ("--max-time 2000years", "30s"),
        ("--gate -1", "0 or more"),
        ("--gate inf", "0 or more"),
        ("--gate much", "0 or more"),
        ("--equivalence 0", "above 0"),
        ("--equivalence 100", "above 0"),
        ("--lookups atuo", "`auto`"),
        ("--lookups 10,0", "1 or more"),
        ("--backends array --precision 1", "--precision"),
    ] {
        let backends = if words.contains("--backends") { "" } else { "--backends array,rbtree" };
        let flag = words.split_whitespace().rev().nth(1).expect("a flag").to_owned();
        scratch
            .harness(&format!("compare {backends} {words} --out out"))
            .assert()
            .code(2)
            .stderr(contains(expected).and(contains(flag)));
    }
    assert!(!scratch.path("out").exists());
}

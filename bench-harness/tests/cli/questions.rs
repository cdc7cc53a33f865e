//! Several workloads, modes and targets in one run, on tables that are built once.

use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use super::Scratch;

/// A layout with holes that every backend here can do.
const HOLES: &str = "--layout frag-1mb --array-capacity unlimited";

#[test]
fn lists_are_measured_in_one_run_in_every_combination() {
    let scratch = Scratch::new();
    let lists =
        "--mode trace,chain,cold:8 --workload uniform,hits,misses --target page,handle,touch";
    scratch
        .compare(&format!("{HOLES} {lists}"))
        .assert()
        .success()
        .stderr(contains("found a page").not());
    // 27 combinations, two rounds, two backends and the baseline.
    assert_eq!(scratch.csv("out/samples.csv").len(), 1 + 27 * 2 * 3);
    assert_eq!(scratch.csv("out/summary.csv").len(), 1 + 27 * 3);
    assert_eq!(scratch.csv("out/comparison.csv").len(), 1 + 27);
    let column = |name: &str| scratch.column("out/summary.csv", name);
    let (workloads, rates, backends) = (column("workload"), column("hit_rate"), column("backend"));
    let modes = column("mode");
    for mode in ["trace", "chain", "cold:8"] {
        assert_eq!(modes.iter().filter(|name| *name == mode).count(), 27, "{mode}");
    }
    for ((workload, rate), backend) in workloads.iter().zip(&rates).zip(&backends) {
        match (workload.as_str(), backend.as_str()) {
            (_, "baseline") => assert_eq!(rate, ""),
            ("hits", _) => assert_eq!(rate, "1.0"),
            ("misses", _) => assert_eq!(rate, "0.0"),
            _ => assert!(!["", "0.0", "1.0"].contains(&rate.as_str()), "{rate}"),
        }
    }
    // Built once: the same time of building in every row of a backend.
    let mut built: Vec<_> = backends.iter().zip(column("build_s")).collect();
    built.sort();
    built.dedup();
    assert_eq!(built.len(), 3, "{built:?}");
    // Each question has a twin of its own, and only what can be inline is measured both ways.
    let mut twins = scratch.column("out/twin.csv", "mode");
    twins.sort();
    twins.dedup();
    assert_eq!(twins, ["chain", "cold:8", "trace"]);
    let mut both = scratch.column("out/modes.csv", "mode");
    both.sort();
    both.dedup();
    assert_eq!(both, ["inline", "trace"]);
    scratch.harness("report out --report again").assert().success();
}

#[test]
fn chain_trace_and_cold_answer_the_same_lookups() {
    let scratch = Scratch::new();
    let lists = "--mode inline,trace,chain,cold:3 --workload uniform";
    scratch.compare(&format!("{HOLES} {lists}")).assert().success();
    let column = |name: &str| scratch.column("out/samples.csv", name);
    let (rounds, backends, sums) = (column("round"), column("backend"), column("checksum"));
    for round in ["0", "1"] {
        for backend in ["array", "rbtree", "baseline"] {
            let rows = rounds.iter().zip(&backends).zip(&sums);
            let of = rows.filter(|((r, b), _)| *r == round && *b == backend).map(|(_, sum)| sum);
            let mut of: Vec<_> = of.collect();
            assert_eq!(of.len(), 4);
            of.dedup();
            assert_eq!(of.len(), 1, "round {round}, {backend}");
        }
    }
}

#[test]
fn a_workload_that_cannot_be_inline_is_traced_unless_inline_is_asked_for() {
    let scratch = Scratch::new();
    scratch
        .compare("--workload zipf:1.10")
        .assert()
        .success()
        .stderr(contains("mode trace: the addresses of --workload zipf:1.1 are drawn before"));
    let cell = |column: &str| scratch.column("out/samples.csv", column)[0].clone();
    assert_eq!((cell("workload"), cell("mode")), ("zipf:1.1".to_owned(), "trace".to_owned()));
    assert_eq!(scratch.csv("out/modes.csv").len(), 1, "nothing to hold against each other");
    scratch
        .compare("--workload zipf:1.1 --mode inline")
        .assert()
        .code(2)
        .stderr(contains("--mode inline").and(contains("use --mode trace, chain or cold:K")));
}

#[test]
fn combinations_that_cannot_be_are_left_out_of_lists_and_said() {
    let scratch = Scratch::new();
    scratch
        .compare("--workload uniform,hits,misses --mode inline,trace --target page,handle")
        .assert()
        .success()
        .stderr(
            contains("left out: --workload hits with --mode inline")
                .and(contains("left out: workload misses: the lookup range of layout paper-32x8"))
                .and(contains("paper-32x8: no holes, so that workload hits asks for the same as")),
        );
    let mut seen: Vec<(String, String)> = scratch
        .column("out/summary.csv", "workload")
        .into_iter()
        .zip(scratch.column("out/summary.csv", "mode"))
        .collect();
    seen.sort();
    seen.dedup();
    let wanted = [("hits", "trace"), ("uniform", "inline"), ("uniform", "trace")];
    assert_eq!(seen, wanted.map(|(w, m)| (w.to_owned(), m.to_owned())));
    let scratch = Scratch::new();
    scratch
        .compare("--workload misses --mode trace,chain")
        .assert()
        .code(2)
        .stderr(contains("layout paper-32x8 has no holes"));
    assert!(!scratch.path("out").exists(), "nothing was begun");
}

#[test]
fn hits_and_misses_in_one_figure_are_pointed_out() {
    let scratch = Scratch::new();
    scratch.compare(HOLES).assert().success().stderr(contains(
        "% of the lookups found a page, the others a hole, and the figures are of both; \
         --workload uniform,hits,misses",
    ));
    let scratch = Scratch::new();
    scratch.compare("").assert().success().stderr(contains("found a page").not());
}

#[test]
fn bad_names_of_questions_are_answered_with_what_would_do() {
    let scratch = Scratch::new();
    for (flags, says) in [
        ("--mode cold:0", "1 to 2048 lookups a burst"),
        ("--mode trace,chian", "did you mean \"chain\""),
        ("--workload zipf:0", "from 0.001 to 10"),
        ("--workload repeat:1", "from 0 to 0.999"),
        ("--workload uniform,", "unknown workload"),
        ("--target tuoch", "did you mean \"touch\""),
    ] {
        scratch.compare(flags).assert().code(2).stderr(contains(says));
    }
}

#[test]
fn a_run_of_several_questions_is_completed_by_resume() {
    let scratch = Scratch::new();
    let words = format!("{HOLES} --mode trace,cold:8 --workload hits,zipf:1.1 --target page,touch");
    scratch.compare(&words).assert().success();
    let whole = scratch.read("out/samples.csv");
    // Cut off within the fifth of eight questions, whose second round is torn.
    let lines: Vec<&str> = whole.lines().collect();
    let kept = 1 + 4 * 2 * 3 + 3 + 1;
    let torn = lines[..kept].join("\n") + "\n" + &lines[kept][..20];
    scratch.write("out/samples.csv", &torn);
    std::fs::remove_file(scratch.path("out/comparison.csv")).expect("written before");
    scratch
        .compare(&format!("{words} --resume"))
        .assert()
        .success()
        .stderr(contains("after 27 samples"));
    let times = |text: &str| -> Vec<String> {
        // All but what was measured anew or is of another process.
        let cells = |line: &str| -> Vec<String> { line.split(',').map(str::to_owned).collect() };
        let row = |line: &str| cells(line)[2..12].join(",") + &cells(line)[13..].join(",");
        text.lines().skip(1).map(row).collect()
    };
    assert_eq!(times(&scratch.read("out/samples.csv")), times(&whole), "the same batches");
    scratch
        .compare(&format!("{words} --resume"))
        .assert()
        .success()
        .stderr(contains("nothing is left"));
    let other = words.replace("cold:8", "cold:9");
    scratch.compare(&format!("{other} --resume")).assert().code(2).stderr(contains("other --mode"));
}

#[test]
fn several_questions_in_several_processes_until_the_time_is_spent() {
    let scratch = Scratch::new();
    let words = "compare --backends array,rbtree --out out --mode trace,cold:8 --target page,touch \
                 --max-time 1s --processes 2";
    scratch
        .harness(words)
        .assert()
        .success()
        .stderr(contains("paper-32x8, uniform, cold:8, touch, "));
    let environment: serde_json::Value =
        serde_json::from_str(&scratch.read("out/environment.json")).expect("JSON");
    let batches = environment["stopping"]["batches"].as_array().expect("a list");
    assert_eq!(batches.len(), 4, "each question ends by itself");
    let planned = environment["plan"]["layouts"][0]["batches"].as_array().expect("a list");
    assert!(planned.iter().all(|batch| batch["auto"] == true), "{planned:?}");
}

#[test]
fn a_run_of_several_questions_is_checked_anew() {
    let scratch = Scratch::new();
    let words = format!("{HOLES} --mode trace,chain --workload uniform,misses --runs 3");
    scratch.compare(&words).assert().success();
    scratch.harness("check --against out --out anew --gate 100000").assert().success();
    let what = |file: &str| {
        let column = |name: &str| scratch.column(file, name);
        [column("workload"), column("mode"), column("lookups"), column("backend")]
    };
    assert_eq!(what("anew/summary.csv"), what("out/summary.csv"));
    let rows = scratch.column("anew/across.csv", "mode");
    assert!(rows.iter().any(|mode| mode == "chain") && rows.iter().any(|mode| mode == "trace"));
}

#[test]
fn a_run_recorded_with_one_question_a_run_is_still_checked() {
    let scratch = Scratch::new();
    scratch.compare("--mode chain --target touch --runs 3").assert().success();
    let recorded = scratch.read("out/environment.json");
    assert!(recorded.contains(r#""mode": "chain""#), "one name as it always was: {recorded}");
    scratch.harness("check --against out --out anew --gate 100000").assert().success();
    assert_eq!(scratch.column("anew/summary.csv", "mode")[0], "chain");
}

#[test]
fn what_can_be_asked_is_listed() {
    let scratch = Scratch::new();
    let list = scratch.harness("list workloads").assert().success();
    let names = ["zipf:S", "repeat:P", "hits", "misses", "sequential", "chain", "cold:K", "touch"];
    let all = names.into_iter().fold(list, |list, name| list.stdout(contains(name)));
    all.stdout(contains("random3"));
    scratch.harness("list modes").assert().success().stdout(contains("cold:K"));
    let targets = scratch.harness("list targets").assert().success();
    targets.stdout(contains("touch").and(contains("cold:K").not()));
}

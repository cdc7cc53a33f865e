//! `s-tree:KERNEL`: a kernel that the processor lacks is a row, one that does not exist an error.

use physseg::backend::sorted::Kernel;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use super::Scratch;

/// A kernel that this processor lacks: no processor has them all.
fn missing() -> &'static str {
    let missing = Kernel::ALL.into_iter().find(|kernel| !kernel.available());
    missing.expect("one of another architecture").name()
}

fn words() -> String {
    format!("unsupported: this processor has no {} instructions", missing())
}

#[test]
fn a_missing_kernel_is_a_row_in_a_comparison_and_the_others_go_on() {
    let scratch = Scratch::new();
    let kernel = missing();
    scratch
        .harness(&format!(
            "compare --backends s-tree:{kernel},s-tree,last-hit:s-tree:{kernel}@final,s-tree:portable@final \
             --lookups 100 --runs 2 --layout frag-1mb --out out"
        ))
        .assert()
        .success()
        .stdout(contains(words()));
    let backends = scratch.column("out/summary.csv", "backend");
    assert_eq!(backends[0], format!("s-tree:{kernel}"));
    assert_eq!(backends[3], "s-tree:portable@final");
    let status = scratch.column("out/summary.csv", "status");
    assert_eq!(status, [&words(), "ok", &words(), "ok", "ok"]);
    assert_eq!(scratch.column("out/summary.csv", "build")[1..4], ["replay", "", "final"]);
    assert!(scratch.read("out/report/report.md").contains(&format!("no {kernel} instructions")));
    // The record says what plain `s-tree` was, and can be measured anew.
    let json: serde_json::Value =
        serde_json::from_str(&scratch.read("out/environment.json")).expect("JSON");
    assert_eq!(json["simd_kernel"], Kernel::best().name());
    scratch.harness("check --against out --quiet --gate 100000").assert().success();
}

#[test]
fn a_missing_kernel_is_a_row_in_churn_too() {
    let scratch = Scratch::new();
    let backends = format!("--backends rbtree,s-tree:{},s-tree:portable", missing());
    scratch
        .harness(&format!(
            "churn {backends} --runs 2 --scenarios build,replug --layout frag-1mb --out c"
        ))
        .assert()
        .success()
        .stdout(contains(words()));
    let status = scratch.column("c/churn-summary.csv", "status");
    let of_one = ["ok", &words(), "ok", "ok"];
    assert_eq!(status, [of_one, of_one].concat());
}

#[test]
fn where_nobody_is_left_it_failed() {
    let scratch = Scratch::new();
    let backends = format!("--backends s-tree:{} --runs 2 --layout frag-1mb", missing());
    let reason = || contains(format!("no {} instructions", missing()));
    let compare = format!("compare {backends} --lookups 100 --out a");
    scratch.harness(&compare).assert().code(1).stdout(reason());
    scratch.harness(&format!("churn {backends} --out b")).assert().code(1).stdout(reason());
    let selftest = format!("selftest --quick --backend s-tree:{}", missing());
    scratch.harness(&selftest).assert().code(2).stderr(reason());
}

#[test]
fn a_kernel_that_does_not_exist_is_refused_with_those_that_do() {
    let scratch = Scratch::new();
    for command in ["compare", "churn"] {
        for (name, nearest) in [
            ("s-tree:avx51", "did you mean \"s-tree:avx512\"?"),
            ("last-hit:s-tree:neom@final", "did you mean \"s-tree:neon\"?"),
            ("s-tree:sse9", "unknown backend \"s-tree:sse9\""),
        ] {
            scratch.harness(&format!("{command} --backends {name}")).assert().code(2).stderr(
                contains(nearest)
                    .and(contains("s-tree:portable, s-tree:avx2, s-tree:avx512, s-tree:neon")),
            );
        }
    }
}

#[test]
fn the_list_and_doctor_say_which_kernel_plain_s_tree_takes() {
    let scratch = Scratch::new();
    let best = Kernel::best().name();
    let output = scratch.harness("list backends").output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    assert!(text.contains("s-tree:KERNEL"), "{text}");
    assert!(text.contains(&format!("s-tree alone takes {best}")), "{text}");
    let doctor = scratch.harness("doctor").output().expect("it runs");
    let text = String::from_utf8(doctor.stdout).expect("text");
    let line = text.lines().find(|line| line.split_whitespace().nth(1) == Some("simd"));
    assert!(line.is_some_and(|line| line.ends_with(best)), "{text}");
}

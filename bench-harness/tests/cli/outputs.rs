//! Places that cannot be written to, and files that cannot be read.

use predicates::str::contains;

use super::Scratch;

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let scratch = Scratch::new();
    scratch.write("file", "in the way");
    scratch
        .harness("compare --backends array --lookups 100 --runs 1 --out file/run")
        .assert()
        .code(2)
        .stderr(contains("file/run"));
}

#[test]
fn a_row_cut_off_is_named_with_its_line() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let text = scratch.read("out/samples.csv");
    scratch.write("out/samples.csv", &text[..text.len() - 9]);
    scratch
        .harness("report out --report again")
        .assert()
        .code(2)
        .stderr(contains("samples.csv").and(contains("7")).and(contains("--resume")));
    assert!(!scratch.path("again").exists());
}

#[test]
fn a_missing_or_foreign_file_is_named() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    scratch.write("out/samples.csv", "a,b\n1,2\n");
    scratch.harness("report out").assert().code(2).stderr(contains("samples.csv"));
    std::fs::remove_file(scratch.path("out/samples.csv")).expect("the file");
    scratch.harness("report out").assert().code(2).stderr(contains("samples.csv"));
}

#[test]
fn listings_are_whole_and_fit_the_terminal() {
    let scratch = Scratch::new();
    let output = scratch.harness("list").output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    for name in ["array", "rbtree", "paper-32x8", "this-machine", "uniform", "random3", "trace"] {
        assert!(text.contains(name), "{name}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    scratch.harness("man").assert().success().stdout(contains("bench-harness"));
    for shell in ["bash", "zsh", "fish"] {
        scratch.harness(&format!("completions {shell}")).assert().success();
    }
}

use predicates::prelude::PredicateBooleanExt;

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

#[cfg(unix)]
#[test]
fn pipes_are_refused_and_not_waited_for() {
    let scratch = Scratch::new();
    let pipe = |name: &str| {
        let made = std::process::Command::new("mkfifo").arg(scratch.path(name)).status();
        assert!(made.expect("mkfifo(1)").success());
    };
    pipe("pipe.toml");
    let refused = |words: &str| {
        let mut command = scratch.harness(words);
        command.timeout(std::time::Duration::from_secs(20));
        command.assert().code(2).stderr(contains("not a regular file"));
    };
    refused("layout check pipe.toml");
    scratch.compare("").assert().success();
    std::fs::remove_file(scratch.path("out/samples.csv")).expect("the file");
    pipe("out/samples.csv");
    refused("report out");
    refused("compare --backends array,rbtree --lookups 100 --runs 2 --out out --resume");
}

#[test]
fn a_report_that_cannot_be_written_costs_no_measurement() {
    let scratch = Scratch::new();
    std::fs::create_dir_all(scratch.path("out")).expect("a folder");
    scratch.write("out/report", "in the way");
    scratch
        .compare("")
        .assert()
        .code(1)
        .stdout(contains("rbtree"))
        .stderr(contains("the measurements are safe in out").and(contains("--report OTHER")));
    scratch.write("file", "in the way");
    scratch.harness("report out --report file/deep").assert().code(2).stderr(contains("file/deep"));
    scratch.harness("report out --report other").assert().success();
    scratch.harness("report file").assert().code(2).stderr(contains("is a file; give the folder"));
}

#[test]
fn a_start_that_fails_leaves_nothing_behind() {
    let scratch = Scratch::new();
    // A folder in the place of a file: samples.csv can be made, environment.json cannot.
    std::fs::create_dir_all(scratch.path("out/environment.json")).expect("a folder");
    scratch.compare("").assert().code(2).stderr(contains("environment.json"));
    assert!(!scratch.path("out/samples.csv").exists());
}

#[test]
fn warnings_are_said_unless_quiet() {
    let scratch = Scratch::new();
    // One lookup takes no longer than reading the clock.
    scratch
        .harness("compare --backends array --lookups 1 --runs 2 --out out")
        .assert()
        .success()
        .stderr(contains("warning: "));
    scratch
        .harness("compare --backends array --lookups 1 --runs 2 --out other --quiet")
        .assert()
        .success()
        .stderr("");
}

#[test]
fn many_warnings_of_one_kind_are_said_as_one_and_recorded_each() {
    let scratch = Scratch::new();
    // Reading the clock is much of a burst of one lookup, unless somebody else takes the core meanwhile.
    let words =
        "compare --backends array,rbtree,section --lookups 4,8 --mode cold:1 --runs 2 --out out";
    let said = scratch.harness(words).output().expect("it runs").stderr;
    let said = String::from_utf8(said).expect("text");
    let short = |text: &str| text.matches("of so short a burst").count();
    let count = short(&scratch.read("out/environment.json"));
    assert_eq!(short(&said), count.min(1), "{count}: {said}");
    let together =
        format!("{count} warnings alike, all of them in out/environment.json; the worst: ");
    assert_eq!(said.contains(&together), count > 1, "{said}");
    let again = scratch.harness(&format!("{words} --resume")).output().expect("it runs").stderr;
    let again = String::from_utf8(again).expect("text");
    assert_eq!(short(&again), count.min(1), "{again}");
}

#[test]
fn what_is_to_be_measured_is_said_before_it_is() {
    let scratch = Scratch::new();
    let words = "--lookups 1K --layout paper-32x8 --layout frag-1mb";
    scratch.compare(words).assert().success().stderr(contains(
        "to measure: 2 backends on 2 layouts, 4 settings, 2 rounds of each: about ",
    ));
    let scratch = Scratch::new();
    let words =
        "compare --backends array,rbtree --lookups 1K --max-time 1s --processes 2 --out out";
    scratch.harness(words).assert().success().stderr(contains("in each of 2 processes: for 1s"));
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

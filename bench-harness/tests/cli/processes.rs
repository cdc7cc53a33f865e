//! Several processes: each one piece of evidence, none left behind, none counted by half.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use predicates::str::contains;

use super::{Scratch, interrupt};

/// A run whose processes are long enough to be met.
const LONG: &str =
    "compare --backends array,rbtree --lookups 200K --runs 150 --processes 3 --out out";

fn processes(scratch: &Scratch) -> Vec<(String, usize)> {
    let column = scratch.column("out/samples.csv", "process");
    column.chunk_by(|a, b| a == b).map(|run| (run[0].clone(), run.len())).collect()
}

#[test]
fn each_process_measures_everything_and_counts_as_one() {
    let scratch = Scratch::new();
    scratch.compare("--lookups 1K --processes 3").assert().success().stdout(contains("rbtree"));
    let rows = 2 * 2 * 3;
    assert_eq!(processes(&scratch), ["0", "1", "2"].map(|name| (name.to_owned(), rows)));
    assert_eq!(scratch.column("out/comparison.csv", "unit"), ["process", "process"]);
    assert_eq!(scratch.column("out/comparison.csv", "units"), ["3", "3"]);
    assert!(scratch.column("out/comparison.csv", "note")[0].contains("few"));
    let environment: serde_json::Value =
        serde_json::from_str(&scratch.read("out/environment.json")).expect("JSON");
    assert_eq!(environment["plan"]["processes"], 3);
    assert_eq!(environment["stopping"]["process_ends"], serde_json::json!([12, 24, 36]));
    // Addresses and orders are drawn anew for each process.
    let seeds = scratch.column("out/samples.csv", "seed");
    assert!(seeds[0] != seeds[rows] && seeds[rows] != seeds[2 * rows]);
    scratch.harness("report out").assert().success();
}

#[test]
fn who_cannot_take_part_is_said_by_every_process_alike() {
    let scratch = Scratch::new();
    let words = "--layout frag-1mb --processes 2 --build replay";
    scratch.compare(words).assert().success();
    let status = scratch.column("out/summary.csv", "status");
    assert!(status[0].starts_with("unsupported"), "{status:?}");
    assert_eq!(scratch.column("out/comparison.csv", "unit"), [""; 0]);
    scratch.harness("reproduce --processes 0").assert().code(2).stderr(contains("--processes"));
}

#[test]
fn the_hidden_command_is_not_for_people() {
    let scratch = Scratch::new();
    let words = "worker -- compare --backends array";
    scratch.harness(words).write_stdin("hello\n").assert().code(2).stderr(contains("worker"));
    scratch.harness("worker -- list").write_stdin("{}\n").assert().code(2);
}

#[cfg(target_os = "linux")]
mod cut_off {
    use super::*;

    /// A long run, waited for until its process `process` has measured something, and that process.
    fn underway(scratch: &Scratch, process: &str) -> (Child, u32) {
        underway_with(scratch, process, "")
    }

    /// The same with `more` arguments.
    fn underway_with(scratch: &Scratch, process: &str, more: &str) -> (Child, u32) {
        let child = Command::new(env!("CARGO_BIN_EXE_bench-harness"))
            .current_dir(scratch.dir.path())
            .args(LONG.split_whitespace())
            .args(more.split_whitespace())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let samples =
            || std::fs::read_to_string(scratch.path("out/samples.csv")).unwrap_or_default();
        let begun = format!(",{process},5,");
        wait_until(|| samples().lines().any(|line| line.contains(&begun)));
        // Met with 145 rounds to go; it ends only if this process sleeps for all of them.
        let worker = worker_of(child.id()).expect("a worker that is still measuring");
        (child, worker)
    }

    fn wait_until(done: impl Fn() -> bool) {
        for _ in 0..6_000 {
            if done() {
                return;
            }
            sleep(Duration::from_millis(5));
        }
        panic!("nothing happened for half a minute");
    }

    fn worker_of(parent: u32) -> Option<u32> {
        let path = format!("/proc/{parent}/task/{parent}/children");
        std::fs::read_to_string(path).ok()?.split_whitespace().next()?.parse().ok()
    }

    /// Whether it is there and runs: whoever adopts it may be slow to bury it.
    fn runs(process: u32) -> bool {
        let stat = PathBuf::from(format!("/proc/{process}/stat"));
        let stat = std::fs::read_to_string(stat).unwrap_or_default();
        stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.starts_with(" Z"))
    }

    fn signal(name: &str, process: u32) {
        let sent = Command::new("kill").args([name, &process.to_string()]).status();
        assert!(sent.expect("kill(1)").success());
    }

    fn resumed(scratch: &Scratch) {
        let words = format!("{LONG} --resume");
        scratch.harness(&words).assert().success();
        assert_eq!(processes(scratch), ["0", "1", "2"].map(|name| (name.to_owned(), 450)));
        assert_eq!(scratch.column("out/comparison.csv", "units"), ["3"]);
    }

    #[test]
    fn a_process_that_is_killed_ends_the_run_and_is_measured_again() {
        let scratch = Scratch::new();
        let (child, worker) = underway(&scratch, "1");
        signal("-KILL", worker);
        let output = child.wait_with_output().expect("a child");
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("process 1 of the run") && said.contains("signal 9"), "{said}");
        assert!(said.contains("--resume"), "{said}");
        let before = processes(&scratch);
        assert_eq!(before[0], ("0".to_owned(), 450));
        assert!(before[1].1 < 450 && before[1].1.is_multiple_of(3), "whole rounds: {before:?}");
        resumed(&scratch);
    }

    #[test]
    fn an_interrupt_ends_the_process_that_measures() {
        let scratch = Scratch::new();
        let (child, worker) = underway(&scratch, "0");
        signal(interrupt(), child.id());
        let output = child.wait_with_output().expect("a child");
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("interrupted after"));
        assert!(!runs(worker));
        assert!(scratch.path("out/comparison.csv").exists());
        resumed(&scratch);
    }

    #[test]
    fn a_layout_that_is_edited_meanwhile_is_not_measured() {
        let scratch = Scratch::new();
        let layout = |end: u32| {
            let text = format!(
                "name = \"mine\"\n[[step]]\nload = {{ start = 0, end = {end} }}\n[[step]]\nboot = true\n"
            );
            scratch.write("mine.toml", &text);
        };
        layout(64);
        let (child, _) = underway_with(&scratch, "0", "--layout mine.toml");
        layout(65);
        let output = child.wait_with_output().expect("a child");
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("process 1 of the run") && said.contains("changed"), "{said}");
        assert_eq!(processes(&scratch), [("0".to_owned(), 450)]);
    }

    #[test]
    fn a_process_whose_parent_is_gone_ends() {
        let scratch = Scratch::new();
        let (mut child, worker) = underway(&scratch, "0");
        signal("-KILL", child.id());
        child.wait().expect("a child");
        wait_until(|| !runs(worker));
    }
}

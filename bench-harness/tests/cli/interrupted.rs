//! Runs that are cut off: what was measured is on disk, and `--resume` goes on.

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use super::{Scratch, interrupt};

/// Enough rounds that a run is still going when it is killed.
const LONG: &str = "--lookups 100K --runs 400 --layout frag-1mb --array-capacity unlimited";

/// Starts a long run and sends `signal` once some rounds are on disk.
#[cfg(unix)]
fn cut_off(scratch: &Scratch, signal: &str) -> std::process::ExitStatus {
    cut_off_ignoring(scratch, "", "", signal)
}

/// The same with `ignored` ignored from the start, as nohup and shells do for jobs in the
/// background, and with `more` arguments.
#[cfg(unix)]
fn cut_off_ignoring(
    scratch: &Scratch,
    ignored: &str,
    more: &str,
    signal: &str,
) -> std::process::ExitStatus {
    let rows = || {
        std::fs::read_to_string(scratch.path("out/samples.csv")).map_or(0, |t| t.lines().count())
    };
    let enough = rows() + 20;
    let trap = match ignored {
        "" => String::new(),
        names => format!("trap '' {names}; "),
    };
    let mut child = Command::new("sh")
        .args(["-c", &format!("{trap}exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_bench-harness")])
        .current_dir(scratch.dir.path())
        .args("compare --backends array,rbtree --out out".split_whitespace())
        .args(LONG.split_whitespace())
        .args(more.split_whitespace())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    while rows() < enough {
        assert!(child.try_wait().expect("a child").is_none(), "it ended before it was cut off");
        sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.expect("kill(1)").success());
    child.wait().expect("a child")
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_was_measured_and_resume_completes_it() {
    for signal in [interrupt(), "-KILL"] {
        let scratch = Scratch::new();
        let status = cut_off(&scratch, signal);
        if signal != "-KILL" {
            assert_eq!(status.code(), Some(1));
        }
        let before = scratch.csv("out/samples.csv");
        assert!(before.len() > 10 && before.len() < 1201, "{}", before.len());

        let words = format!("compare --backends array,rbtree --out out --resume {LONG}");
        scratch.harness(&words).assert().success();
        let after = scratch.csv("out/samples.csv");
        assert_eq!(after.len(), 1 + 400 * 3);
        let whole = (before.len() - 1) / 3 * 3;
        assert_eq!(after[..=whole], before[..=whole], "what was measured stays");
        let run_ids: std::collections::BTreeSet<_> =
            scratch.column("out/samples.csv", "run_id").into_iter().collect();
        assert_eq!(run_ids.len(), 1);
        assert_eq!(scratch.column("out/summary.csv", "runs"), ["400", "400", "400"]);
    }
}

#[cfg(unix)]
#[test]
fn a_resumed_run_that_is_killed_is_one_to_resume() {
    let scratch = Scratch::new();
    cut_off(&scratch, interrupt());
    assert!(scratch.path("out/comparison.csv").exists());
    cut_off_ignoring(&scratch, "", "--resume", "-KILL");
    // The figures of the first part do not follow from the samples of both.
    scratch.harness("report out").assert().code(2).stderr(contains("--resume"));
    assert!(!scratch.path("out/comparison.csv").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn what_others_did_before_an_interrupt_is_on_record() {
    let scratch = Scratch::new();
    cut_off(&scratch, interrupt());
    let environment = || -> serde_json::Value {
        serde_json::from_str(&scratch.read("out/environment.json")).expect("JSON")
    };
    let mut recorded = environment();
    assert!(recorded["involuntary_switches"].is_u64(), "{recorded}");
    assert!(recorded["ended"].is_null());
    // More than the rest of the run can have.
    recorded["involuntary_switches"] = 1_000_000_000.into();
    scratch.write("out/environment.json", &recorded.to_string());
    let words = format!("compare --backends array,rbtree --out out --resume {LONG}");
    scratch.harness(&words).assert().success();
    assert_eq!(environment()["involuntary_switches"], 1_000_000_000);
}

#[cfg(unix)]
#[test]
fn a_run_that_ignores_one_signal_heeds_the_others() {
    for ignored in ["INT", "HUP", "INT HUP"] {
        let scratch = Scratch::new();
        let status = cut_off_ignoring(&scratch, ignored, "", "-TERM");
        assert_eq!(status.code(), Some(1), "{ignored} ignored");
        assert!(scratch.path("out/comparison.csv").exists(), "{ignored} ignored");
    }
}

#[test]
fn a_torn_row_is_dropped_and_measured_again() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let text = scratch.read("out/samples.csv");
    for cut in [1, 30, 90, 200] {
        scratch.write("out/samples.csv", &text[..text.len() - cut]);
        scratch.compare("--resume").assert().success();
        let after = scratch.read("out/samples.csv");
        assert_eq!(after.lines().count(), text.lines().count());
        assert_eq!(
            after.lines().take(4).collect::<Vec<_>>(),
            text.lines().take(4).collect::<Vec<_>>()
        );
    }
}

#[test]
fn a_resumed_run_has_to_be_the_same_run() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let before = scratch.read("out/samples.csv");
    for other in ["--seed 2", "--mode trace", "--layout frag-1mb", "--runs 3"] {
        let words =
            format!("compare --backends array,rbtree --lookups 100 --out out --resume {other}");
        let words = if other.contains("--runs") { words } else { format!("{words} --runs 2") };
        scratch.harness(&words).assert().code(2).stderr(contains("--resume"));
    }
    assert_eq!(scratch.read("out/samples.csv"), before);
}

#[test]
fn a_check_whose_second_file_is_missing_is_made_again_in_whole() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let twin = scratch.csv("out/twin.csv").len();
    std::fs::remove_file(scratch.path("out/modes.csv")).expect("a file");
    let text = scratch.read("out/samples.csv");
    let first: String = text.split_inclusive('\n').take(4).collect();
    scratch.write("out/samples.csv", &first);
    scratch.compare("--resume").assert().success();
    assert_eq!(scratch.csv("out/twin.csv").len(), twin);
    scratch.harness("report out").assert().success();
}

#[test]
fn resuming_a_finished_run_changes_no_file() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let files = ["samples.csv", "summary.csv", "comparison.csv", "environment.json"];
    let all = || files.map(|name| scratch.read(&format!("out/{name}")));
    let before = all();
    scratch.compare("--resume").assert().success().stderr(contains("nothing is left"));
    assert_eq!(all(), before);
}

#[test]
fn a_resumed_run_is_another_process_and_keeps_how_tables_were_built() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let built = scratch.column("out/summary.csv", "build_s");
    let text = scratch.read("out/samples.csv");
    let first: String = text.split_inclusive('\n').take(4).collect();
    scratch.write("out/samples.csv", &first);
    scratch.compare("--resume").assert().success();
    assert_eq!(scratch.column("out/samples.csv", "process"), ["0", "0", "0", "1", "1", "1"]);
    assert_eq!(scratch.column("out/samples.csv", "round"), ["0", "0", "0", "1", "1", "1"]);
    assert_eq!(scratch.column("out/summary.csv", "build_s"), built);
    assert_eq!(scratch.column("out/comparison.csv", "rounds"), ["2"]);
}

#[test]
fn an_edited_layout_or_another_build_is_not_gone_on_with() {
    let scratch = Scratch::new();
    let layout = |fold: u32| {
        format!(
            "name = \"mine\"\n[[step]]\nload = {{ start = 16, end = 32 }}\n[[step]]\nboot = true\n\
             [lookups]\nstart = 16\nend = 32\nfold_below = {fold}\n"
        )
    };
    scratch.write("mine.toml", &layout(16));
    scratch.compare("--layout mine.toml").assert().success();
    let recorded = scratch.read("out/environment.json");
    assert!(recorded.contains("\"load\""), "the layout itself is recorded");
    scratch.write("mine.toml", &layout(17));
    scratch.compare("--layout mine.toml --resume").assert().code(2).stderr(contains("contents"));
    scratch.write("mine.toml", &layout(16));
    let other = recorded.replace("\"compiler\": \"", "\"compiler\": \"another ");
    assert_ne!(other, recorded);
    scratch.write("out/environment.json", &other);
    scratch
        .compare("--layout mine.toml --resume")
        .assert()
        .code(2)
        .stderr(contains("compiler").and(contains("--out")));
}

/// Whoever deletes a damaged line leaves half a round, which `report` could never read again.
#[test]
fn half_a_round_is_refused_before_anything_is_measured_and_a_whole_one_is_measured_again() {
    let scratch = Scratch::new();
    let words = "compare --backends array,rbtree --lookups 1K --runs 6 --out out";
    scratch.harness(words).assert().success();
    let whole = scratch.read("out/samples.csv");
    let lines: Vec<&str> = whole.lines().collect();
    let without = |from: usize, to: usize| {
        let kept = [&lines[..from], &lines[to..]].concat();
        std::fs::write(scratch.path("out/samples.csv"), kept.join("\n") + "\n").expect("written");
        scratch.read("out/samples.csv")
    };
    // Three samples a round: lines 4 to 6 are the second.
    let half = without(5, 6);
    let resumed = scratch.harness(&format!("{words} --resume")).assert().code(2);
    resumed.stderr(contains("round 1 of process 0").and(contains("has 2 of 3 samples")));
    assert_eq!(scratch.read("out/samples.csv"), half, "nothing is measured into a broken run");
    without(4, 7);
    scratch.harness(&format!("{words} --resume")).assert().success();
    assert_eq!(scratch.csv("out/samples.csv").len(), lines.len());
    scratch.harness("report out").assert().success();
}

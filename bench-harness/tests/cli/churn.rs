//! `churn`: small runs from the command line to the page and back.

use predicates::str::contains;

use super::{Scratch, interrupt};

/// The smallest run: one scenario, two rounds, 33 segments.
const SMALL: &str = "churn --backends array,rbtree --runs 2 --scenarios replug --layout frag-1mb";

#[test]
fn a_run_leaves_its_phases_its_summary_its_page_and_its_figure() {
    let scratch = Scratch::new();
    let both = SMALL.replace("replug", "replug,build");
    let first = scratch.harness(&format!("{both} --out c")).assert().success();
    let table = String::from_utf8_lossy(&first.get_output().stdout).into_owned();
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    assert!(table.contains("array: unsupported: this backend takes no segment after boot"));

    let header = |file: &str| scratch.csv(file)[0].join(", ");
    assert_eq!(
        header("c/churn.csv"),
        "run_id, round, position, layout, scenario, backend, operations, elapsed_ns, seed"
    );
    assert!(header("c/churn-summary.csv").starts_with(
        "layout, scenario, backend, status, rounds, operations, ns_per_operation, low_ns, high_ns, \
         phase_s, extent_ns_per_operation, extent_share_pct"
    ));
    // Build: two backends and the extent; replug: one of them less; two rounds each.
    assert_eq!(scratch.csv("c/churn.csv").len(), 1 + 2 * 3 + 2 * 2);
    let statuses = scratch.column("c/churn-summary.csv", "status");
    assert_eq!(statuses.len(), 6);
    assert_eq!(statuses[3], "unsupported: this backend takes no segment after boot");
    let operations = scratch.column("c/churn-summary.csv", "operations");
    assert_eq!(operations, ["33", "33", "33", "", "32", "32"], "half of 33, there and back");
    // Everybody in a round has the same script, and the next round another.
    let (seeds, rounds) =
        (scratch.column("c/churn.csv", "seed"), scratch.column("c/churn.csv", "round"));
    assert_eq!((&seeds[0], &rounds[0]), (&seeds[2], &rounds[2]));
    assert_ne!(seeds[0], seeds[3]);
    let bytes = scratch.column("c/churn-summary.csv", "bytes_index_after");
    assert!(bytes[0].parse::<u64>().expect("a number") >= 33 * 72, "{bytes:?}");

    // The same again, from the files alone.
    let page = scratch.read("c/report/report.md");
    let svg = scratch.read("c/report/churn-frag-1mb.svg");
    let again = scratch.harness("report c --report again").assert().success();
    assert_eq!(String::from_utf8_lossy(&again.get_output().stdout), table);
    assert_eq!(scratch.read("again/report.md"), page);
    assert_eq!(scratch.read("again/churn-frag-1mb.svg"), svg);
}

#[test]
fn no_folder_is_overwritten_but_the_default_one_moved_aside() {
    let scratch = Scratch::new();
    scratch.harness(&format!("{SMALL} --out c")).assert().success();
    scratch
        .harness(&format!("{SMALL} --out c"))
        .assert()
        .code(2)
        .stderr(contains("another folder"));
    scratch.compare("--out c").assert().code(2).stderr(contains("plug and unplug"));
    scratch.compare("").assert().success();
    scratch
        .harness(&format!("{SMALL} --out out"))
        .assert()
        .code(2)
        .stderr(contains("run of lookups"));
    let quiet = format!("{SMALL} --quiet");
    scratch.harness(&quiet).assert().success().stderr(predicates::str::is_empty());
    let first = scratch.column("results/churn-latest/churn.csv", "run_id").remove(0);
    scratch.harness(SMALL).assert().success().stderr(contains("is now"));
    assert_eq!(scratch.column(&format!("results/churn-{first}/churn.csv"), "run_id")[0], first);
}

#[test]
fn a_run_that_was_cut_off_says_so_and_is_rendered() {
    let scratch = Scratch::new();
    scratch.harness(&format!("{SMALL} --out c")).assert().success();
    // As a kill leaves it: no end, no figures in the summary.
    let mut environment: serde_json::Value =
        serde_json::from_str(&scratch.read("c/environment.json")).expect("JSON");
    environment["ended"] = serde_json::Value::Null;
    scratch.write("c/environment.json", &environment.to_string());
    let report = scratch.harness("report c").assert().success().stdout(contains("cut off"));
    assert!(String::from_utf8_lossy(&report.get_output().stdout).contains("4 timed phases"));
    assert!(scratch.read("c/report/report.md").contains("cut off"));
}

/// Starts a run of so many rounds into `c` and sends it a signal when some of them are on disk.
#[cfg(unix)]
fn cut_off(scratch: &Scratch, words: &str, signal: &str) -> std::process::ExitStatus {
    use std::process::{Command, Stdio};

    let mut child = Command::new(env!("CARGO_BIN_EXE_bench-harness"))
        .current_dir(scratch.dir.path())
        .args(words.split_whitespace())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program");
    let rows =
        || std::fs::read_to_string(scratch.path("c/churn.csv")).map_or(0, |t| t.lines().count());
    while rows() < 20 {
        assert!(child.try_wait().expect("a child").is_none(), "it ended too early");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(sent.expect("kill(1)").success());
    child.wait().expect("a child")
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_was_measured() {
    for signal in [interrupt(), "-KILL"] {
        let scratch = Scratch::new();
        let words = "churn --backends rbtree --runs 100000 --scenarios inflate,replug --out c \
                     --layout frag-1mb";
        let status = cut_off(&scratch, words, signal);
        if signal == "-TERM" {
            assert_eq!(status.code(), Some(1));
        }
        // Whole rounds, figures, and the word.
        assert_eq!((scratch.csv("c/churn.csv").len() - 1) % 2, 0);
        let report = scratch.harness("report c").assert().success().stdout(contains("cut off"));
        let table = String::from_utf8_lossy(&report.get_output().stdout).into_owned();
        assert!(table.contains("frag-1mb, inflate: 32 operations"), "{table}");
        assert!(table.contains("memory after inflate"), "{table}");
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_was_cut_off_goes_on() {
    let scratch = Scratch::new();
    // The array can do nothing after boot, and stays one that cannot.
    let words = "churn --backends array,rbtree --runs 300 --scenarios inflate,replug --out c \
                 --layout frag-1mb";
    cut_off(&scratch, words, "-KILL");
    let before = scratch.csv("c/churn.csv");
    assert!(before.len() < 1 + 300 * 2, "it was over: {}", before.len());
    // A torn line is what a crash of the machine leaves.
    scratch.write("c/churn.csv", &format!("{}2026", scratch.read("c/churn.csv")));
    scratch.harness(words).assert().code(2).stderr(contains("--resume goes on"));
    scratch
        .harness(&format!("{} --resume", words.replace("300", "301")))
        .assert()
        .code(2)
        .stderr(contains("other --runs"));
    let resume = format!("{words} --resume");
    scratch.harness(&resume).assert().success().stderr(contains("going on with"));
    let after = scratch.csv("c/churn.csv");
    assert_eq!(after.len(), 1 + 2 * 300 * 2);
    assert_eq!(after[..before.len()], before[..], "what was measured stays");
    let run_ids: std::collections::BTreeSet<_> =
        scratch.column("c/churn.csv", "run_id").into_iter().collect();
    assert_eq!(run_ids.len(), 1);
    let rounds = scratch.column("c/churn-summary.csv", "rounds");
    assert_eq!(rounds, ["0", "300", "300", "0", "300", "300"]);
    let segments = scratch.column("c/churn-summary.csv", "segments_before");
    assert!(!segments[1].is_empty() && !segments[4].is_empty(), "{segments:?}");

    scratch.harness(&resume).assert().success().stderr(contains("nothing is left to measure"));
    assert_eq!(scratch.csv("c/churn.csv"), after);
}

#[test]
fn nothing_that_anybody_can_do_is_an_error_after_the_reasons() {
    let scratch = Scratch::new();
    let words = "churn --backends array --runs 2 --scenarios replug --layout frag-1mb --out c";
    // The second is not refused because of the first.
    for _ in 0..2 {
        scratch
            .harness(words)
            .assert()
            .code(1)
            .stdout(contains("unsupported"))
            .stderr(contains("nothing was measured"));
        assert!(!scratch.path("c").exists());
    }
}

#[test]
fn bad_input_is_named() {
    let scratch = Scratch::new();
    for (words, says) in [
        ("churn", "--backends"),
        ("churn --backends rbtre", "did you mean"),
        ("churn --backends rbtree --scenarios replugg", "did you mean \"replug\"?"),
        ("churn --backends rbtree,rbtree", "named twice"),
        ("churn --backends rbtree --reference array", "not among --backends"),
        ("churn --backends rbtree --layout nowhere", "--layout"),
        ("churn --backends rbtree --runs 0", "1 or more"),
    ] {
        scratch.harness(words).assert().code(2).stderr(contains(says));
    }
}

/// Changes the environment of the run in `c`.
fn edit_environment(scratch: &Scratch, edit: impl FnOnce(&mut serde_json::Value)) {
    let mut environment: serde_json::Value =
        serde_json::from_str(&scratch.read("c/environment.json")).expect("JSON");
    edit(&mut environment);
    scratch.write("c/environment.json", &environment.to_string());
}

#[test]
fn who_takes_part_and_how_long_phases_are_stays_when_a_run_goes_on() {
    let scratch = Scratch::new();
    let words =
        "churn --backends rbtree,btree --runs 2 --scenarios replug --layout frag-1mb --out c";
    scratch.harness(words).assert().success();
    // As if it had been cut off after a round, of half as long phases, that the second could not do.
    edit_environment(&scratch, |environment| environment["ended"] = serde_json::Value::Null);
    let rows = scratch.read("c/churn.csv");
    let kept = rows.lines().filter(|line| {
        let field = |n: usize| line.split(',').nth(n).expect("a field");
        field(0) == "run_id" || field(1) == "0" && field(5) != "btree"
    });
    let halved: String =
        kept.map(|line| line.replace(",rbtree,32,", ",rbtree,16,") + "\n").collect();
    scratch.write("c/churn.csv", &halved.replace(",extent,32,", ",extent,16,"));
    let summary = scratch.read("c/churn-summary.csv");
    let unable = summary.replace(",replug,btree,ok,", ",replug,btree,unsupported: by hand,");
    assert_ne!(unable, summary);
    scratch.write("c/churn-summary.csv", &unable);

    scratch.harness(&format!("{words} --resume")).assert().success();
    assert_eq!(scratch.column("c/churn.csv", "operations"), ["16"; 4]);
    let backends = scratch.column("c/churn.csv", "backend");
    assert!(backends.iter().all(|backend| backend != "btree"), "{backends:?}");
    assert_eq!(scratch.column("c/churn-summary.csv", "status")[1], "unsupported: by hand");
    assert_eq!(scratch.column("c/churn-summary.csv", "rounds"), ["2", "0", "2"]);
}

#[test]
fn what_goes_on_is_warned_about_once_and_says_where_it_ran() {
    let scratch = Scratch::new();
    scratch.harness(&format!("{SMALL} --out c")).assert().success();
    // A clock so slow that every phase is short, and a core that this machine has not.
    edit_environment(&scratch, |environment| {
        environment["timer_overhead_ns"] = 1e9.into();
        environment["pinned"] = "core 9999".into();
        environment["warnings"] = Vec::<String>::new().into();
    });
    for _ in 0..2 {
        edit_environment(&scratch, |environment| environment["ended"] = serde_json::Value::Null);
        scratch.harness(&format!("{SMALL} --out c --resume")).assert().success();
        let environment: serde_json::Value =
            serde_json::from_str(&scratch.read("c/environment.json")).expect("JSON");
        let warnings: Vec<&str> = environment["warnings"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(serde_json::Value::as_str)
            .collect();
        for part in
            ["frag-1mb, replug, rbtree: reading the clock", "began on `core 9999`, and what"]
        {
            let of_part = warnings.iter().filter(|warning| warning.contains(part)).count();
            assert_eq!(of_part, 1, "{part}: {warnings:?}");
        }
        assert_eq!(environment["pinned"], "core 9999");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_left_as_it_was() {
    let scratch = Scratch::new();
    // A folder in the place of a file: churn.csv can be made, environment.json cannot.
    std::fs::create_dir_all(scratch.path("c/environment.json")).expect("a folder");
    let words = format!("{SMALL} --out c");
    scratch.harness(&words).assert().code(2).stderr(contains("environment.json"));
    assert!(!scratch.path("c/churn.csv").exists());
    std::fs::remove_dir(scratch.path("c/environment.json")).expect("empty");
    scratch.harness(&words).assert().success();
}

#[test]
fn a_record_that_contradicts_itself_is_refused_with_the_place() {
    let scratch = Scratch::new();
    scratch.harness(&format!("{SMALL} --out c")).assert().success();
    let rows = scratch.read("c/churn.csv");
    let last = rows.lines().last().expect("a row");
    scratch.write("c/churn.csv", &format!("{rows}{last}\n"));
    scratch.harness("report c").assert().failure().stderr(contains("churn.csv, line 6"));
    edit_environment(&scratch, |environment| environment["ended"] = serde_json::Value::Null);
    scratch
        .harness(&format!("{SMALL} --out c --resume"))
        .assert()
        .code(2)
        .stderr(contains("churn.csv, line 6"));
    scratch.write("c/churn.csv", &rows.replace(",extent,32,", ",extent,31,"));
    scratch.harness("report c").assert().failure().stderr(contains("`operations`"));
}

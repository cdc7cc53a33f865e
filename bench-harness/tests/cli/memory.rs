//! More than there is memory for, as a limit of the shell makes it: an answer with the size, never an abort.
//! Only where the shell's limit is kept, so on Linux.

use std::process::{Command, Output};

use super::Scratch;

/// Enough for the program and the layout, and for no table of 8.4 million segments.
const LIMIT_KIB: u32 = 1_000_000;

/// The program with `words` as its arguments, under the limit.
fn limited(scratch: &Scratch, words: &str) -> Output {
    limited_to(LIMIT_KIB, scratch, words)
}

fn limited_to(kib: u32, scratch: &Scratch, words: &str) -> Output {
    let script = format!("ulimit -v {kib}; exec \"$0\" \"$@\"");
    Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_bench-harness")])
        .current_dir(scratch.dir.path())
        .args(words.split_whitespace())
        .output()
        .expect("a shell")
}

/// Every row of the large layout says how much it would have taken and how much there was; the small one is
/// measured.
fn refused(scratch: &Scratch, summary: &str, outcome: &Output) {
    let said = String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(outcome.status.code(), Some(0), "{said}");
    let rows = scratch.column(summary, "layout").into_iter().zip(scratch.column(summary, "status"));
    let (large, small): (Vec<_>, Vec<_>) = rows.partition(|(layout, _)| layout == "frag-256gb");
    assert!(small.iter().all(|(_, status)| status == "ok"), "{small:?}");
    assert!(!large.is_empty() && !small.is_empty());
    for (_, status) in large {
        let size = status
            .strip_prefix("unsupported: out of memory: 8388577 segments take up to ")
            .and_then(|rest| rest.split_once(" GiB "))
            .unwrap_or_else(|| panic!("{status}"));
        assert!(size.0.parse::<f64>().is_ok_and(|gib| gib > 1.0), "{status}");
        assert!(
            size.1.contains("; the limit of this process (ulimit -v or -d) leaves "),
            "{status}"
        );
    }
}

#[test]
fn a_table_that_gets_no_memory_is_said_to() {
    let scratch = Scratch::new();
    let words = "compare --backends rbtree,btree --lookups 100 --runs 2 --layout frag-256gb \
                 --layout paper-32x8 --out c";
    let outcome = limited(&scratch, words);
    refused(&scratch, "c/summary.csv", &outcome);
}

#[test]
fn a_script_that_gets_no_memory_is_said_to() {
    let scratch = Scratch::new();
    let words = "churn --backends rbtree,btree --scenarios build,replug --runs 2 --layout frag-256gb \
                 --layout paper-32x8 --out c";
    let outcome = limited(&scratch, words);
    refused(&scratch, "c/churn-summary.csv", &outcome);
}

#[test]
fn where_no_table_gets_memory_it_is_said_and_nothing_is_left_behind() {
    let scratch = Scratch::new();
    let words = "compare --backends rbtree --lookups 100 --runs 2 --layout frag-256gb --out c";
    let outcome = limited(&scratch, words);
    let said = String::from_utf8_lossy(&outcome.stderr);
    assert_eq!(outcome.status.code(), Some(1), "{said}");
    assert!(said.contains("nothing was measured"), "{said}");
    let reasons = String::from_utf8_lossy(&outcome.stdout);
    let reasons = reasons.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(reasons.contains("8388577 segments take up to"), "{reasons}");
    assert!(!scratch.path("c").exists());
}

/// Limits just above what the tables take: lists beside them are what gets no memory then.
#[test]
fn what_checks_of_answers_take_is_said_too_and_ends_nothing() {
    let scratch = Scratch::new();
    for (kib, words) in [
        (300_000, "compare --backends array,rbtree --array-capacity unlimited"),
        (200_000, "compare --backends array,oracle --mode trace --array-capacity unlimited"),
        (140_000, "compare --backends rbtree,oracle --mode trace --target touch"),
    ] {
        let words = format!("{words} --lookups 100 --runs 2 --layout frag-16gb --out c");
        let outcome = limited_to(kib, &scratch, &words);
        let said = String::from_utf8_lossy(&outcome.stderr);
        match outcome.status.code() {
            Some(0) => {
                let statuses = scratch.column("c/summary.csv", "status");
                let known = |status: &String| {
                    status == "ok" || status.starts_with("unsupported: out of memory: ")
                };
                assert!(statuses.iter().all(known), "{kib}: {statuses:?}");
                std::fs::remove_dir_all(scratch.path("c")).expect("its folder");
            }
            Some(1) => assert!(said.contains("nothing was measured"), "{kib}: {said}"),
            other => panic!("{kib}: {other:?}: {said}"),
        }
        assert!(!scratch.path("c").exists(), "{kib}");
    }
}

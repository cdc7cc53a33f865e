//! Plugins that crash, hang, lie or are none: each ends its own part of a run and nobody else's.

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use assert_cmd::assert::Assert;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use super::plugins::compile;
use super::{Scratch, interrupt};

const FAULTY: &str = "tests/cli/faulty.c";

/// Six rounds of array, tree and plugin, by blocks, on a small layout.
const WORDS: &str =
    "--layout frag-1mb --array-capacity unlimited --mode trace --lookups 100 --runs 6 --out out";

/// A fault that begins when about two rounds are on disk: the header, and eight rows.
const LATER: &str = "BYTES=700";

/// Compiles `name` with these faults, and measures it between two built-in backends.
fn measure(scratch: &Scratch, name: &str, faults: &[&str], more: &str) -> Option<Assert> {
    compile(scratch, FAULTY, faults, name).then(|| {
        let words = format!("compare --backends array,plugin:{name},rbtree {WORDS} {more}");
        scratch.harness(&words).env("TMPDIR", scratch.dir.path()).assert()
    })
}

/// How many rounds of a backend are on disk.
fn rounds(scratch: &Scratch, backend: &str) -> usize {
    scratch.column("out/samples.csv", "backend").iter().filter(|name| *name == backend).count()
}

/// What the summary says of a backend, on every row.
fn statuses(scratch: &Scratch, backend: &str) -> Vec<String> {
    let names = scratch.column("out/summary.csv", "backend");
    let all = names.into_iter().zip(scratch.column("out/summary.csv", "status"));
    all.filter(|(name, _)| name == backend).map(|(_, status)| status).collect()
}

/// The built-in backends have everything, and nothing is left behind but the folder and `plugins`.
fn others_are_complete(scratch: &Scratch, plugins: &[&str]) {
    for backend in ["array", "rbtree", "baseline"] {
        assert_eq!(rounds(scratch, backend), 6, "{backend}");
        assert_eq!(statuses(scratch, backend), ["ok"], "{backend}");
    }
    let compared = scratch.column("out/comparison.csv", "backend");
    assert_eq!(compared, ["rbtree", "abi:null"]);
    let mut left: Vec<String> = std::fs::read_dir(scratch.dir.path())
        .expect("a folder")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with("core"))
        .collect();
    left.sort();
    let mut expected: Vec<&str> = plugins.to_vec();
    expected.push("out");
    expected.sort_unstable();
    assert_eq!(left, expected);
}

/// A plugin with these faults fails in these words, before anything of it is measured.
fn fails_at_once(faults: &[&str], more: &str, says: &str) {
    let scratch = Scratch::new();
    let Some(assert) = measure(&scratch, "libbad.so", faults, more) else { return };
    let warning = contains("warning: plugin:libbad.so failed: ").and(contains(says));
    let error = contains("\nerror: plugin:libbad.so failed: ");
    assert.code(1).stdout(contains("rbtree")).stderr(warning.and(error));
    others_are_complete(&scratch, &["libbad.so"]);
    assert_eq!(rounds(&scratch, "plugin:libbad.so"), 0);
    let [status] = &statuses(&scratch, "plugin:libbad.so")[..] else { panic!("one row") };
    assert!(status.starts_with("failed: ") && status.contains(says), "{status}");
    let recorded = scratch.read("out/environment.json");
    assert!(recorded.contains("plugin:libbad.so failed: "), "{recorded}");
    // The record can be read again, and what is missing is said there too.
    scratch.harness("report out").assert().success();
    assert!(scratch.read("out/report/report.md").contains("failed: "));
}

#[test]
fn what_is_no_plugin_is_left_out() {
    for (faults, says) in [
        (&["ABI=2"][..], "has version 2 of the interface, this program needs 1"),
        (&["ENTRY=other"], "has no function physseg_backend_v1"),
    ] {
        fails_at_once(faults, "", says);
    }
    let scratch = Scratch::new();
    let words = format!("compare --backends array,plugin:missing.so,rbtree {WORDS}");
    let says = contains("error: plugin:missing.so failed: ").and(contains("No such file"));
    scratch.harness(&words).assert().code(1).stderr(says);
    others_are_complete(&scratch, &[]);
    scratch
        .harness("compare --backends array,plugin:")
        .assert()
        .code(2)
        .stderr(contains("as plugin:./"));
}

#[cfg(unix)]
#[test]
fn one_that_crashes_before_it_is_measured_is_left_out() {
    let abort = "crashed (SIGABRT: abort, or a failed assertion)";
    fails_at_once(&["AT_LOAD=ABRT"], "", &format!("{abort} while it was loaded"));
    fails_at_once(&["IN_CREATE=ABRT"], "", &format!("{abort} in create on frag-1mb"));
    let crash = "crashed (SIGSEGV: invalid memory access) in plug on frag-1mb";
    fails_at_once(&["IN_PLUG=SEGV"], "", crash);
    fails_at_once(&["AT_LOAD=QUIT"], "", "ended its process with status 7 while it was loaded");
}

#[test]
fn what_it_said_before_it_died_is_said() {
    let scratch = Scratch::new();
    let Some(assert) = measure(&scratch, "libbad.so", &["AT_LOAD=QUIT"], "") else { return };
    assert.code(1).stderr(contains("It said: out of luck"));
}

#[test]
fn one_that_hangs_is_ended_after_as_long_as_is_said() {
    let says = "did not return within 500ms while it was loaded, and was ended (--patience";
    fails_at_once(&["AT_LOAD=STOP"], "--patience 500ms", says);
    let says = "did not return within 500ms while its answers were checked on frag-1mb";
    fails_at_once(&["IN_FIND=STOP"], "--patience 500ms", says);
}

#[test]
fn an_error_where_there_must_be_none_is_told_with_the_call() {
    let says = "on frag-1mb: page_init(0x0, 0x100, 0x1) returned 7";
    fails_at_once(&["STRANGE_CODE"], "", says);
}

/// What fails in the middle keeps what it has, and is compared with nobody.
fn fails_later(faults: &[&str], more: &str, says: &str) {
    let scratch = Scratch::new();
    let faults = [faults, &[LATER]].concat();
    let Some(assert) = measure(&scratch, "libbad.so", &faults, more) else { return };
    assert.code(1).stderr(contains("\nerror: plugin:libbad.so failed: ").and(contains(says)));
    others_are_complete(&scratch, &["libbad.so"]);
    let name = "plugin:libbad.so";
    let kept = rounds(&scratch, name);
    assert!((1..6).contains(&kept), "{kept}");
    let [status] = &statuses(&scratch, name)[..] else { panic!("one row") };
    assert!(status.starts_with("failed: ") && status.contains(says), "{status}");
    let at = scratch.column("out/summary.csv", "backend").iter().position(|it| it == name);
    let runs = &scratch.column("out/summary.csv", "runs")[at.expect("its row")];
    assert_eq!(*runs, kept.to_string());
    // Rounds go on counting, in the next process.
    let of_array = |column: &str| {
        let backends = scratch.column("out/samples.csv", "backend");
        let all = backends.into_iter().zip(scratch.column("out/samples.csv", column));
        all.filter(|(name, _)| name == "array").map(|(_, cell)| cell).collect::<Vec<_>>()
    };
    assert_eq!(of_array("round"), ["0", "1", "2", "3", "4", "5"]);
    let processes = of_array("process");
    assert_eq!((processes[0].as_str(), processes[5].as_str()), ("0", "1"));
    scratch.harness("report out").assert().success();
    let page = scratch.read("out/report/report.md");
    assert!(!page.contains("Plugins and their calls"), "it was the only one, and failed");

    // To go on is to leave it alone: everything else is there.
    let before = scratch.read("out/samples.csv");
    let words = format!("compare --backends array,plugin:libbad.so,rbtree {WORDS} --resume");
    let again = scratch.harness(&words).assert().code(1);
    let note = contains("plugin:libbad.so failed in this run before (").and(contains("--out"));
    again.stderr(note.and(contains("nothing is left to measure")));
    assert_eq!(scratch.read("out/samples.csv"), before);
}

#[cfg(unix)]
#[test]
fn one_that_crashes_in_a_batch_keeps_what_was_measured() {
    let says = "crashed (SIGSEGV: invalid memory access) in find_batch on frag-1mb";
    fails_later(&["IN_BATCH=SEGV"], "", says);
}

#[test]
fn one_that_hangs_or_lies_in_a_batch_keeps_what_was_measured() {
    let says = "did not return within 2s in find_batch on frag-1mb";
    fails_later(&["IN_BATCH=STOP"], "--patience 2s", says);
    fails_later(&["LIES"], "", "on frag-1mb: answers 0x3039 for frame 0x");
}

#[test]
fn what_one_prints_does_not_come_between() {
    let scratch = Scratch::new();
    let Some(assert) = measure(&scratch, "libtalk.so", &["IN_BATCH=TALK"], "") else { return };
    let assert = assert.success().stdout(contains("hello").not());
    assert.stderr(contains("hello").not());
    assert_eq!(rounds(&scratch, "plugin:libtalk.so"), 6);
    let scratch = Scratch::new();
    let faults = ["IN_CREATE=TALK", "IN_PLUG=QUIT"];
    let Some(assert) = measure(&scratch, "libtalk.so", &faults, "") else { return };
    assert.code(1).stderr(contains("status 7 in plug on frag-1mb").and(contains("It said: hello")));
}

#[cfg(unix)]
#[test]
fn of_two_plugins_the_one_that_crashes_is_left_out_and_the_other_measured() {
    let scratch = Scratch::new();
    if !compile(&scratch, FAULTY, &[], "libgood.so")
        || !compile(&scratch, FAULTY, &["IN_BATCH=SEGV", LATER], "libbad.so")
        || !compile(&scratch, FAULTY, &["AT_LOAD=ABRT"], "libworse.so")
    {
        return;
    }
    let names =
        "plugin:libworse.so,array,plugin:libbad.so,plugin:./libgood.so,plugin:libworse.so@single";
    let assert = scratch.harness(&format!("compare --backends {names} {WORDS}")).assert().code(1);
    // A file that cannot be loaded is loaded once.
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert_eq!(stderr.matches("warning: plugin:libworse.so").count(), 1, "{stderr}");
    let lines: Vec<&str> = stderr.lines().rev().take(3).collect();
    assert!(lines[2].starts_with("error: plugin:libworse.so failed: crashed (SIGABRT"), "{stderr}");
    assert!(lines[1].starts_with("       plugin:libworse.so@single failed: crashed"), "{stderr}");
    assert!(lines[0].starts_with("       plugin:libbad.so failed: crashed (SIGSEGV"), "{stderr}");
    assert_eq!(rounds(&scratch, "plugin:./libgood.so"), 6);
    assert_eq!(statuses(&scratch, "plugin:./libgood.so"), ["ok"]);
    assert_eq!(rounds(&scratch, "plugin:libworse.so"), 0);
    // The reference is gone, so nothing is compared, and that is said.
    assert!(scratch.column("out/comparison.csv", "backend").is_empty());
    let stdout = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    let words: Vec<&str> = stdout.split_whitespace().collect();
    let said = "nothing is compared, because plugin:libworse.so, the reference, failed there";
    assert!(words.join(" ").contains(said), "{stdout}");
}

#[cfg(unix)]
#[test]
fn of_several_processes_the_one_with_the_crash_is_measured_again_without_it() {
    let scratch = Scratch::new();
    // Rounds of process 0 are some 3,600 bytes.
    let faults = ["IN_BATCH=SEGV", "BYTES=4500"];
    let Some(assert) = measure(&scratch, "libbad.so", &faults, "--processes 2") else { return };
    assert.code(1).stderr(contains("error: plugin:libbad.so failed: crashed (SIGSEGV"));
    for backend in ["array", "rbtree", "baseline"] {
        assert_eq!(rounds(&scratch, backend), 12, "{backend}");
    }
    assert_eq!(rounds(&scratch, "plugin:libbad.so"), 6, "its whole process stays");
    assert_eq!(scratch.column("out/comparison.csv", "backend"), ["rbtree", "abi:null"]);
    assert_eq!(scratch.column("out/comparison.csv", "units"), ["2", "2"]);
    scratch.harness("report out").assert().success();
}

#[cfg(unix)]
#[test]
fn what_failed_before_an_interrupt_is_not_tried_again() {
    let scratch = Scratch::new();
    let Some(assert) = measure(&scratch, "libbad.so", &["IN_BATCH=SEGV", LATER], "") else {
        return;
    };
    assert.code(1);
    // As if it had been cut off in the third round after the crash.
    let text = scratch.read("out/samples.csv");
    let kept: Vec<&str> = text.split_inclusive('\n').collect();
    scratch.write("out/samples.csv", &kept[..kept.len() - 4].concat());
    let words = format!("compare --backends array,plugin:libbad.so,rbtree {WORDS} --resume");
    let says = contains("failed in this run before (crashed").and(contains("going on with"));
    scratch.harness(&words).assert().code(1).stderr(says);
    others_are_complete(&scratch, &["libbad.so"]);
    let kept = rounds(&scratch, "plugin:libbad.so");
    assert!((1..6).contains(&kept), "{kept}");
}

#[test]
fn precision_and_batches_by_the_timer_go_on_without_it() {
    let scratch = Scratch::new();
    if !compile(&scratch, FAULTY, &["IN_BATCH=QUIT", "BYTES=300"], "libbad.so") {
        return;
    }
    let words = "compare --backends plugin:libbad.so,array,rbtree --layout frag-1mb --mode trace --array-capacity \
                 unlimited --lookups auto --max-time 1s --runs 4 --out out";
    let assert = scratch.harness(words).assert().code(1);
    assert.stderr(contains("error: plugin:libbad.so failed: ended its process with status 7"));
    assert_eq!(statuses(&scratch, "array"), ["ok"]);
    assert!(rounds(&scratch, "array") > rounds(&scratch, "plugin:libbad.so"));
    scratch.harness("report out").assert().success();
}

#[test]
fn without_anybody_left_that_is_said() {
    let scratch = Scratch::new();
    if !compile(&scratch, FAULTY, &["IN_CREATE=QUIT"], "libbad.so") {
        return;
    }
    let compare = scratch.harness(&format!("compare --backends plugin:libbad.so {WORDS}")).assert();
    compare.code(1).stderr(contains("nothing was measured").and(contains("status 7 in create")));
    assert!(!scratch.path("out").exists(), "nothing is left behind");
    let compare = scratch.harness("compare --backends plugin:a.so,plugin:b.so --out out").assert();
    let says = contains("no backend is left to measure\n       plugin:a.so failed: ");
    compare.code(2).stdout("").stderr(says.and(contains("plugin:b.so failed: ")));
}

/// Once right, and measured anew when it is not any more.
#[test]
fn a_check_goes_on_without_it_too() {
    let scratch = Scratch::new();
    let Some(assert) = measure(&scratch, "libmine.so", &[], "") else { return };
    assert.success();
    assert!(compile(&scratch, FAULTY, &["IN_CREATE=QUIT"], "libmine.so"));
    let assert = scratch.harness("check --against out --out anew --gate 100000").assert().code(1);
    let says = contains("plugin:libmine.so failed: ended its process with status 7 in create");
    assert.stdout(contains("rbtree")).stderr(says);
    assert!(scratch.path("anew/across.csv").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_one_that_hangs() {
    let scratch = Scratch::new();
    if !compile(&scratch, FAULTY, &["IN_BATCH=STOP", LATER], "libbad.so") {
        return;
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_bench-harness"))
        .current_dir(scratch.dir.path())
        .args("compare --backends array,plugin:libbad.so".split_whitespace())
        .args(WORDS.split_whitespace())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let length = || std::fs::metadata(scratch.path("out/samples.csv")).map_or(0, |it| it.len());
    while length() < 700 {
        assert!(child.try_wait().expect("a child").is_none(), "it ended before it hung");
        sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args([interrupt(), &child.id().to_string()]).status();
    assert!(sent.expect("kill(1)").success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("error: interrupted after "), "{said}");
    assert!(!said.contains("failed: "), "{said}");
}

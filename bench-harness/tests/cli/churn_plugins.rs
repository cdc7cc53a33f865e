//! Plugins that are plugged and unplugged: measured beside the built-in backends, and left out where they fail.

use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use assert_cmd::assert::Assert;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use super::plugins::compile;
use super::{Scratch, interrupt};

const FAULTY: &str = "tests/cli/faulty.c";

/// Six rounds of two scenarios, of which only the second plugs.
const WORDS: &str = "--layout frag-1mb --scenarios fragment,replug --runs 6 --out out";

/// Where the rows are, for faults that wait, and room enough for all scenarios.
const HERE: [&str; 2] = ["ROWS=\"out/churn.csv\"", "ROOM=4096"];

/// A fault that begins when some rounds of the first scenario are on disk.
const LATER: &str = "BYTES=900";

/// Compiles `name` with these faults, and measures it behind a built-in backend.
fn measure(scratch: &Scratch, name: &str, faults: &[&str], more: &str) -> Option<Assert> {
    compile(scratch, FAULTY, &[&HERE, faults].concat(), name).then(|| {
        let words = format!("churn --backends rbtree,plugin:{name} {WORDS} {more}");
        scratch.harness(&words).env("TMPDIR", scratch.dir.path()).assert()
    })
}

/// Of a backend and a scenario: how many rounds are on disk, and what the summary says of it.
fn of(scratch: &Scratch, scenario: &str, backend: &str) -> (usize, String) {
    let [scenarios, backends] =
        ["scenario", "backend"].map(|column| scratch.column("out/churn.csv", column));
    let rounds = scenarios.iter().zip(&backends);
    let rounds = rounds.filter(|&(of, by)| of == scenario && by == backend).count();
    let [scenarios, backends, statuses, counts] = ["scenario", "backend", "status", "rounds"]
        .map(|column| scratch.column("out/churn-summary.csv", column));
    let at = (0..scenarios.len()).find(|&at| scenarios[at] == scenario && backends[at] == backend);
    let at = at.expect("its row");
    assert_eq!(counts[at], rounds.to_string(), "{scenario}, {backend}");
    (rounds, statuses[at].clone())
}

/// The others have everything, the report can be made again, and nothing is left behind but the folder.
fn others_are_complete(scratch: &Scratch, plugins: &[&str]) {
    for scenario in ["fragment", "replug"] {
        for backend in ["rbtree", "abi:null", "extent"] {
            assert_eq!(of(scratch, scenario, backend), (6, "ok".to_owned()), "{scenario}");
        }
    }
    let left = std::fs::read_dir(scratch.dir.path()).expect("a folder");
    let left =
        left.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned());
    let mut left: Vec<String> = left.filter(|name| !name.starts_with("core")).collect();
    left.sort();
    let mut expected = [plugins, &["out"]].concat();
    expected.sort_unstable();
    assert_eq!(left, expected);
    scratch.harness("report out").assert().success();
}

/// A plugin with these faults fails in these words in `scenario`, before anything of it is measured there.
fn fails_at_once(faults: &[&str], more: &str, scenario: &str, says: &str) {
    let scratch = Scratch::new();
    let Some(assert) = measure(&scratch, "libbad.so", faults, more) else { return };
    let warning = contains("warning: plugin:libbad.so failed: ").and(contains(says));
    let error = contains("\nerror: plugin:libbad.so failed: ");
    let note = contains("plugin:libbad.so: failed: ");
    assert.code(1).stdout(contains("rbtree").and(note)).stderr(warning.and(error));
    others_are_complete(&scratch, &["libbad.so"]);
    let (rounds, status) = of(&scratch, scenario, "plugin:libbad.so");
    assert_eq!(rounds, 0);
    assert!(status.starts_with("failed: ") && status.contains(says), "{status}");
    assert!(scratch.read("out/environment.json").contains("plugin:libbad.so failed: "));
    assert!(scratch.read("out/report/report.md").contains("failed: "));
}

#[test]
fn the_c_examples_are_plugged_beside_built_in_backends() {
    let scratch = Scratch::new();
    for (name, source) in [
        ("libarray.so", "plugin/examples/sorted-array/sorted_array.c"),
        ("libtree.so", "plugin/examples/tree/tree.c"),
        ("libkernel.so", "plugin/examples/kernel-code/kernel_code.c"),
    ] {
        if !compile(&scratch, source, &[], name) {
            return;
        }
    }
    let names = "array,rbtree,plugin:./libarray.so,plugin:libtree.so,plugin:libkernel.so,abi:array";
    let words = format!("churn --backends {names} --layout frag-1mb --runs 2 --out out");
    let assert = scratch.harness(&words).assert().success();
    assert.stderr(contains("abi:null takes part")).stdout(contains("plugin:libtree.so"));
    for scenario in ["build", "fragment", "inflate", "deflate", "replug"] {
        for name in ["rbtree", "plugin:./libarray.so", "plugin:libtree.so", "abi:null", "extent"] {
            assert_eq!(of(&scratch, scenario, name), (2, "ok".to_owned()), "{scenario}, {name}");
        }
        let (rounds, status) = of(&scratch, scenario, "abi:array");
        let is_build = scenario == "build";
        assert_eq!(rounds, if is_build { 2 } else { 0 }, "{scenario}");
        assert_eq!(status.contains("takes no segment after boot"), !is_build, "{status}");
    }
    // Both hold what the tree holds, and say what they take.
    let [backends, segments, bytes] = ["backend", "segments_after", "bytes_total_after"]
        .map(|column| scratch.column("out/churn-summary.csv", column));
    let all = || backends.iter().zip(&segments).zip(&bytes);
    let of_one = |name: &str| all().find(|((by, _), _)| *by == name).expect("a row");
    let ((_, held), _) = of_one("rbtree");
    for name in ["plugin:./libarray.so", "plugin:libtree.so"] {
        let ((_, segments), bytes) = of_one(name);
        assert_eq!(segments, held, "{name}");
        assert!(bytes.parse::<u64>().expect("a number") > 0, "{name}");
    }
    let environment = scratch.read("out/environment.json");
    assert!(environment.contains("\"backend\": \"plugin:./libarray.so\""), "{environment}");
    assert!(scratch.read("out/report/report.md").contains("plugin:./libarray.so"));

    // Another build of the same name is another plugin.
    assert!(compile(&scratch, FAULTY, &["ROOM=4096"], "libtree.so"));
    let says = contains("begun with other contents of a plugin's file");
    scratch.harness(&format!("{words} --resume")).assert().code(2).stderr(says);
}

#[test]
fn a_control_alone_is_called_as_plugins_are() {
    let scratch = Scratch::new();
    // No plugin, so nothing has to be watched, and no compiler is needed.
    let words = "churn --backends rbtree,abi:array --scenarios build,inflate --layout frag-1mb --runs 2 --out out";
    scratch.harness(words).assert().success().stderr(contains("abi:null takes part"));
    assert_eq!(of(&scratch, "build", "abi:array"), (2, "ok".to_owned()));
    assert_eq!(of(&scratch, "inflate", "abi:null"), (2, "ok".to_owned()));
}

#[test]
fn what_shows_the_cost_of_calls_is_no_reference_unless_asked_for_and_not_measured_alone() {
    let scratch = Scratch::new();
    let words = "--scenarios build,replug --layout frag-1mb --runs 2 --out";
    let references = |out: &str| scratch.column(&format!("{out}/churn-summary.csv"), "reference");
    scratch
        .harness(&format!("churn --backends abi:null,rbtree,btree {words} out"))
        .assert()
        .success();
    assert!(references("out").iter().all(|name| name.is_empty() || name == "rbtree"));
    assert!(references("out").contains(&"rbtree".to_owned()));
    let asked = format!("churn --backends abi:null,rbtree --reference abi:null {words} asked");
    scratch.harness(&asked).assert().success();
    assert!(references("asked").contains(&"abi:null".to_owned()));

    // Nobody can plug.
    scratch
        .harness(&format!("churn --backends abi:null,abi:array {words} alone"))
        .assert()
        .success();
    let all = scratch.csv("alone/churn-summary.csv");
    let of_null: Vec<&[String]> =
        all.iter().filter(|row| row[2] == "abi:null").map(|row| &row[1..4]).collect();
    let unable = "unsupported: there is nobody it could be measured beside";
    assert_eq!(of_null, [["build", "abi:null", "ok"], ["replug", "abi:null", unable]]);
    let of_replug = all.iter().filter(|row| row[1] == "replug" && row[2] != "abi:null");
    assert!(of_replug.clone().count() > 0);
    assert!(of_replug.clone().all(|row| row[3].starts_with("unsupported: ")));
}

#[cfg(unix)]
#[test]
fn one_that_crashes_is_left_out_and_keeps_what_it_finished() {
    // What is loaded is not plugged, so a table can be built.
    let scratch = Scratch::new();
    if !compile(&scratch, FAULTY, &[&HERE[..], &["IN_PLUG=SEGV"]].concat(), "libbad.so") {
        return;
    }
    let words = "churn --backends rbtree,plugin:libbad.so --scenarios build,replug --layout frag-1mb --runs 3 --out out";
    let says = "crashed (SIGSEGV: invalid memory access) in plug on frag-1mb";
    scratch.harness(words).assert().code(1).stderr(contains(says));
    for scenario in ["build", "replug"] {
        for backend in ["rbtree", "abi:null", "extent"] {
            assert_eq!(of(&scratch, scenario, backend), (3, "ok".to_owned()), "{scenario}");
        }
    }
    assert_eq!(of(&scratch, "build", "plugin:libbad.so"), (3, "ok".to_owned()));
    assert_eq!(of(&scratch, "replug", "plugin:libbad.so"), (0, format!("failed: {says}")));

    let abort = "crashed (SIGABRT: abort, or a failed assertion)";
    fails_at_once(&["AT_LOAD=ABRT"], "", "fragment", &format!("{abort} while it was loaded"));
    fails_at_once(&["IN_UNPLUG=ABRT"], "", "fragment", &format!("{abort} in unplug on frag-1mb"));
}

#[test]
fn one_that_hangs_lies_or_returns_nonsense_is_left_out() {
    let says = "did not return within 500ms in unplug on frag-1mb, and was ended (--patience";
    fails_at_once(&["IN_UNPLUG=STOP"], "--patience 500ms", "fragment", says);
    let says = "did not return within 500ms while its answers were checked on frag-1mb";
    fails_at_once(&["IN_BYTES=STOP"], "--patience 500ms", "fragment", says);
    let says = "on frag-1mb: fragment, segments() returned 2, and must return 64";
    fails_at_once(&["FORGETS"], "", "fragment", says);
    let says = "on frag-1mb: fragment, operation 1: unplug(0x";
    fails_at_once(&["ODD"], "", "fragment", says);
    let says = "returned 7, which is no code of the interface";
    fails_at_once(&["ODD"], "", "fragment", says);
    let says = "page 0x";
    fails_at_once(&["WRONG_PAGES"], "", "fragment", says);
    let says = "page_init(0x0, 0x100, 0x1) returned 7";
    fails_at_once(&["STRANGE_CODE"], "", "fragment", says);
}

#[test]
fn what_one_cannot_do_is_no_failure() {
    for (faults, fragment, replug) in [
        (
            &["PLUG=NULL"][..],
            Some("unsupported: this backend takes no segment after boot"),
            Some("unsupported: this backend takes no segment after boot"),
        ),
        (&["UNPLUG=NULL"], Some("is not supported"), Some("is not supported")),
        (&["NO_SPLIT"], Some("is not supported by the plugin (PHYSSEG_EUNSUPPORTED)"), None),
        (&["ROOM=40"], Some("returned PHYSSEG_ENOMEM, no memory or no room on the way"), None),
        (
            &["CREATE_NULL"],
            Some("returned NULL, no memory"),
            Some("returned NULL, no memory or no room on the way to 33 segments"),
        ),
    ] {
        let scratch = Scratch::new();
        if !compile(&scratch, FAULTY, &[&HERE[..1], faults, &["BYTES=1"]].concat(), "libsmall.so") {
            return;
        }
        let words = format!("churn --backends rbtree,plugin:libsmall.so {WORDS}");
        scratch.harness(&words).assert().success();
        for (scenario, why) in [("fragment", fragment), ("replug", replug)] {
            let (rounds, status) = of(&scratch, scenario, "plugin:libsmall.so");
            match why {
                Some(why) => {
                    assert_eq!(rounds, 0);
                    assert!(status.starts_with("unsupported: "), "{status}");
                    assert!(status.contains(why), "{faults:?}, {scenario}: {status}");
                }
                None => assert_eq!((rounds, status.as_str()), (6, "ok"), "{faults:?}, {scenario}"),
            }
        }
    }
}

/// What fails in the middle keeps what it has, is compared with nobody, and is not tried again.
fn fails_later(faults: &[&str], more: &str, says: &str) {
    let scratch = Scratch::new();
    let faults = [faults, &[LATER]].concat();
    let Some(assert) = measure(&scratch, "libbad.so", &faults, more) else { return };
    assert.code(1).stderr(contains("\nerror: plugin:libbad.so failed: ").and(contains(says)));
    others_are_complete(&scratch, &["libbad.so"]);
    let (kept, status) = of(&scratch, "fragment", "plugin:libbad.so");
    assert!((1..6).contains(&kept), "{kept}");
    assert!(status.starts_with("failed: ") && status.contains(says), "{status}");
    assert_eq!(of(&scratch, "replug", "plugin:libbad.so"), (0, status));
    // The others were measured in every round once, whoever else was there.
    let [scenarios, backends, rounds] =
        ["scenario", "backend", "round"].map(|column| scratch.column("out/churn.csv", column));
    let of_tree =
        (0..rounds.len()).filter(|&at| scenarios[at] == "fragment" && backends[at] == "rbtree");
    let of_tree: Vec<&str> = of_tree.map(|at| rounds[at].as_str()).collect();
    assert_eq!(of_tree, ["0", "1", "2", "3", "4", "5"]);

    let before = scratch.read("out/churn.csv");
    let words = format!("churn --backends rbtree,plugin:libbad.so {WORDS} --resume");
    let again = scratch.harness(&words).assert().code(1);
    let note = contains("plugin:libbad.so failed in this run before (").and(contains("--out"));
    again.stderr(note.and(contains("nothing is left to measure")));
    assert_eq!(scratch.read("out/churn.csv"), before);

    // As if it had been cut off in the last round.
    let kept: Vec<&str> = before.split_inclusive('\n').collect();
    scratch.write("out/churn.csv", &kept[..kept.len() - 2].concat());
    let mut environment: serde_json::Value =
        serde_json::from_str(&scratch.read("out/environment.json")).expect("JSON");
    environment["ended"] = serde_json::Value::Null;
    scratch.write("out/environment.json", &environment.to_string());
    let says = contains("failed in this run before (").and(contains("going on with"));
    scratch.harness(&words).assert().code(1).stderr(says);
    others_are_complete(&scratch, &["libbad.so"]);
}

#[cfg(unix)]
#[test]
fn one_that_crashes_in_a_round_keeps_what_was_measured() {
    let says = "crashed (SIGSEGV: invalid memory access) in unplug on frag-1mb";
    fails_later(&["IN_UNPLUG=SEGV"], "", says);
}

#[test]
fn one_that_hangs_or_forgets_in_a_round_keeps_what_was_measured() {
    fails_later(
        &["IN_UNPLUG=STOP"],
        "--patience 2s",
        "did not return within 2s in unplug on frag-1mb",
    );
    fails_later(&["FORGETS"], "", "must return");
}

#[test]
fn bytes_that_a_plugin_does_not_say_are_unknown_and_not_none() {
    let scratch = Scratch::new();
    if !compile(&scratch, FAULTY, &HERE, "libmute.so") {
        return;
    }
    let names = "churn --backends rbtree,plugin:libmute.so";
    scratch.harness(&format!("{names} {WORDS}")).assert().success();
    let names = "compare --backends rbtree,plugin:libmute.so --lookups 100 --runs 2";
    scratch.harness(&format!("{names} --layout frag-1mb --out two")).assert().success();
    for (file, segments, bytes) in [
        (
            "out/churn-summary.csv",
            "segments_after",
            &["bytes_total_after", "bytes_index_after"][..],
        ),
        ("out/churn-summary.csv", "segments_before", &["bytes_per_segment_before"]),
        ("two/summary.csv", "segments", &["bytes_total", "index_bytes", "bytes_per_segment"]),
    ] {
        let backends = scratch.column(file, "backend");
        let of = |column: &str, backend: &str| {
            let at = backends.iter().position(|by| by == backend).expect("its row");
            scratch.column(file, column)[at].clone()
        };
        assert_eq!(of(segments, "plugin:libmute.so"), of(segments, "rbtree"));
        for column in bytes {
            assert_eq!(of(column, "plugin:libmute.so"), "", "{file}, {column}");
            assert_ne!(of(column, "rbtree"), "", "{file}, {column}");
        }
    }
    for page in ["out/report/report.md", "two/report/report.md"] {
        let text = scratch.read(page);
        let is_of_memory = |line: &&str| line.contains("libmute") && line.matches('–').count() >= 4;
        assert!(text.lines().any(|line| is_of_memory(&line)), "{page}: {text}");
    }
}

#[test]
fn what_a_plugin_prints_does_not_come_between() {
    let scratch = Scratch::new();
    let Some(assert) = measure(&scratch, "libtalk.so", &["IN_UNPLUG=TALK"], "") else { return };
    assert.success().stdout(contains("hello").not()).stderr(contains("hello").not());
    assert_eq!(of(&scratch, "fragment", "plugin:libtalk.so"), (6, "ok".to_owned()));
}

#[cfg(unix)]
#[test]
fn one_that_closes_standard_input_does_not_come_between_either() {
    let scratch = Scratch::new();
    let Some(assert) = measure(&scratch, "libshut.so", &["IN_UNPLUG=SHUT"], "") else { return };
    assert.success();
    others_are_complete(&scratch, &["libshut.so"]);
    assert_eq!(of(&scratch, "fragment", "plugin:libshut.so"), (6, "ok".to_owned()));
}

#[test]
fn of_a_reference_that_fails_it_is_said_that_nothing_is_compared() {
    let scratch = Scratch::new();
    if !compile(&scratch, FAULTY, &[&HERE[..], &["ODD", LATER]].concat(), "libbad.so") {
        return;
    }
    let words = format!("churn --backends plugin:libbad.so,rbtree,btree {WORDS}");
    let assert = scratch.harness(&words).assert().code(1);
    let stdout = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    let stdout: Vec<&str> = stdout.split_whitespace().collect();
    let says = "nothing is compared, because plugin:libbad.so, the reference, failed there";
    assert!(stdout.join(" ").contains(says), "{stdout:?}");
}

#[test]
fn without_anybody_left_nothing_is_left_behind() {
    let scratch = Scratch::new();
    let assert = scratch.harness("churn --backends plugin:a.so,plugin:b.so --out out").assert();
    let says = contains("no backend is left to measure\n       plugin:a.so failed: ");
    assert.code(2).stdout("").stderr(says.and(contains("plugin:b.so failed: ")));
    assert!(!scratch.path("out").exists());
    if !compile(&scratch, FAULTY, &["IN_CREATE=QUIT"], "libbad.so") {
        return;
    }
    let assert = scratch.harness(&format!("churn --backends plugin:libbad.so {WORDS}")).assert();
    assert.code(1).stderr(contains("nothing was measured").and(contains("status 7 in create")));
    assert!(!scratch.path("out").exists());
}

#[cfg(unix)]
#[test]
fn when_the_last_one_crashes_everything_that_was_asked_for_has_its_row() {
    let scratch = Scratch::new();
    if !compile(&scratch, FAULTY, &[&HERE[..], &["IN_PLUG=SEGV"]].concat(), "libbad.so") {
        return;
    }
    let words =
        "churn --backends plugin:libbad.so --layout frag-1mb --layout frag-64mb --runs 2 --out out";
    let says = "crashed (SIGSEGV: invalid memory access) in plug on frag-1mb";
    scratch.harness(words).assert().code(1).stderr(contains(says));
    let all = scratch.csv("out/churn-summary.csv");
    let status = |layout: &str, scenario: &str, backend: &str| {
        let row = all.iter().find(|row| row[..3] == [layout, scenario, backend]);
        row.unwrap_or_else(|| panic!("no row of {layout}, {scenario}, {backend}"))[3].clone()
    };
    let failed = format!("failed: {says}");
    assert_eq!(status("frag-1mb", "build", "plugin:libbad.so"), "ok");
    assert_eq!(status("frag-1mb", "build", "abi:null"), "ok");
    assert_eq!(status("frag-1mb", "replug", "plugin:libbad.so"), failed);
    for scenario in ["build", "fragment", "inflate", "deflate", "replug"] {
        assert_eq!(status("frag-64mb", scenario, "plugin:libbad.so"), failed, "{scenario}");
        let alone = "unsupported: there is nobody it could be measured beside";
        assert_eq!(status("frag-64mb", scenario, "abi:null"), alone, "{scenario}");
    }
    scratch.harness("report out").assert().success();
    // Nothing is left to measure, and not because all is well.
    let before = scratch.read("out/churn-summary.csv");
    scratch.harness(&format!("{words} --resume")).assert().code(1).stderr(contains(says));
    assert_eq!(scratch.read("out/churn-summary.csv"), before);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_one_that_hangs_and_the_run_goes_on_later() {
    let scratch = Scratch::new();
    let faults = [&HERE[..], &["IN_UNPLUG=STOP", LATER]].concat();
    if !compile(&scratch, FAULTY, &faults, "libbad.so") {
        return;
    }
    let mut child = Command::new(env!("CARGO_BIN_EXE_bench-harness"))
        .current_dir(scratch.dir.path())
        .args("churn --backends rbtree,plugin:libbad.so".split_whitespace())
        .args(WORDS.split_whitespace())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program");
    let length = || std::fs::metadata(scratch.path("out/churn.csv")).map_or(0, |it| it.len());
    while length() < 900 {
        assert!(child.try_wait().expect("a child").is_none(), "it ended before it hung");
        sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args([interrupt(), &child.id().to_string()]).status();
    assert!(sent.expect("kill(1)").success());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("error: interrupted; ") && !said.contains("failed: "), "{said}");
    // It is no failure, so it is tried again.
    let words =
        format!("churn --backends rbtree,plugin:libbad.so {WORDS} --resume --patience 500ms");
    let says = contains("going on with").and(contains("did not return within 500ms in unplug"));
    scratch.harness(&words).assert().code(1).stderr(says);
    others_are_complete(&scratch, &["libbad.so"]);
}

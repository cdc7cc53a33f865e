//! Recorded addresses: imported, looked at, replayed, and refused with the reason.

use std::fmt::Write;

use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use super::Scratch;

/// A trace of frames in both segments of [`LAYOUT`], in its hole and beyond it, as tracefs prints them.
fn trace() -> String {
    let mut text = "# tracer: nop\n#\n".to_owned();
    for i in 0..1_000_u64 {
        let (name, pfn) = if i % 3 == 0 { ("mm_page_free", i) } else { ("mm_page_alloc", i * 7) };
        let pfn = pfn % 600;
        writeln!(
            text,
            "     cc1-12 [001] .....  9.{i:06}: {name}: page=00000000c1 pfn={pfn:#x} order=0"
        )
        .expect("into memory");
    }
    text
}

const LAYOUT: &str = "name = \"two\"\ndescription = \"a test\"\nsource = \"none\"\npage_size = 4096\n\
                      physseg_max = 4\nstep = [{ load = { start = 0, end = 256 } }, \
                      { load = { start = 300, end = 512 } }, { boot = true }]\n\
                      [lookups]\nstart = 0\nend = 512\n";

/// A folder with a recording, `cc.pfns`, that has its layout.
fn scratch() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("cc.trace", &trace());
    scratch.write("two.toml", LAYOUT);
    scratch
        .harness("workload import cc.trace --layout two.toml --out cc.pfns")
        .assert()
        .success()
        .stdout("")
        .stderr(contains("1,002 lines; taken: ftrace").and(contains("mm_page_free: 334 events")));
    scratch
}

#[test]
fn a_trace_becomes_a_workload_that_is_measured_and_reported() {
    let scratch = scratch();
    let what =
        "--workload recorded:cc.pfns,uniform --mode trace,chain,cold:16 --layout recorded:cc.pfns";
    scratch
        .compare(what)
        .assert()
        .success()
        .stderr(contains("of the 1000 addresses of recorded:cc.pfns").and(contains("misses")));
    let column = |name| scratch.column("out/summary.csv", name);
    assert!(column("layout").iter().all(|layout| layout == "recorded:cc"));
    let rows = || column("workload").into_iter().zip(column("hit_rate"));
    let rates = rows().filter(|(workload, _)| workload == "recorded:cc.pfns");
    let rates: Vec<f64> = rates.filter_map(|(_, rate)| rate.parse().ok()).collect();
    // Of the addresses about 78 % lie in a segment; baselines have no rate.
    assert_eq!(rates.len(), 6);
    assert!(rates.iter().all(|rate| (0.6..0.95).contains(rate)), "{rates:?}");
    let environment: serde_json::Value =
        serde_json::from_str(&scratch.read("out/environment.json")).expect("JSON");
    assert_eq!(environment["plan"]["recordings"][0]["addresses"], 1000);
    let page = scratch.read("out/report/report.md");
    assert!(page.contains("recorded:cc.pfns"), "{page}");
    scratch.harness("report out").assert().success();
    assert_eq!(scratch.read("out/report/report.md"), page, "rendered again, the same");
    // The same run measured anew, by its records.
    scratch.harness("check --against out --gate 100000").assert().success();
}

#[test]
fn a_run_is_not_resumed_or_checked_with_other_addresses_of_the_same_name() {
    let scratch = scratch();
    let what = "--workload recorded:cc.pfns --layout two.toml";
    scratch.compare(what).assert().success();
    scratch.compare(&format!("{what} --resume")).assert().success();
    std::fs::remove_file(scratch.path("cc.pfns")).expect("there");
    scratch
        .harness("workload import cc.trace --at-most 999 --out cc.pfns")
        .assert()
        .success()
        .stderr(contains("there are more than 999"));
    scratch
        .compare(&format!("{what} --resume"))
        .assert()
        .code(2)
        .stderr(contains("other contents of a recording"));
    scratch.harness("check --against out").assert().code(2).stderr(contains("another file"));
}

#[test]
fn a_run_of_several_processes_reads_the_recording_in_each() {
    let scratch = scratch();
    scratch
        .compare("--workload recorded:cc.pfns --layout recorded:cc.pfns --processes 2 --quiet")
        .assert()
        .success();
    assert!(scratch.column("out/samples.csv", "process").contains(&"1".to_owned()));
}

#[test]
fn what_is_in_a_recording_is_shown_in_80_columns() {
    let scratch = scratch();
    for words in ["cc.pfns", "recorded:cc.pfns", "cc.pfns --layout two.toml"] {
        let output = scratch.harness(&format!("workload show {words}")).output().expect("it runs");
        assert!(output.status.success(), "{words}");
        let text = String::from_utf8(output.stdout).expect("text");
        for part in ["ftrace", "reuse distance", "different segments", "uniform", "never before"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
    scratch.harness("workload show cc.trace").assert().code(2).stderr(contains("is no recording"));
    scratch.harness("workload show none").assert().code(2).stderr(contains("unknown recording"));
}

#[test]
fn numbers_come_from_standard_input_and_other_layouts_are_refused() {
    let scratch = Scratch::new();
    let import = "workload import - --unit address --name mine --out mine.pfns";
    scratch.harness(import).write_stdin("0x1fff 8192 # two\r\n").assert().success();
    scratch.harness(import).write_stdin("1").assert().code(2).stderr(contains("not overwritten"));
    let compare = |more: &str| scratch.compare(&format!("--workload recorded:mine.pfns {more}"));
    compare("--layout recorded:mine.pfns")
        .assert()
        .code(2)
        .stderr(contains("does not have the layout").and(contains("layout import")));
    compare("--layout real-vm-4g").assert().success();
    scratch
        .harness("workload import - --out far.pfns")
        .write_stdin("1\n0x10000000000\n")
        .assert()
        .code(2)
        .stderr(contains("standard input:2: ").and(contains("--unit address")));
    assert!(!scratch.path("far.pfns").exists(), "nothing is left of an import that failed");
    scratch
        .harness("workload import - --out far.pfns")
        .write_stdin("0xffffffff")
        .assert()
        .success();
    scratch
        .compare("--workload recorded:far.pfns --layout paper-32x8")
        .assert()
        .code(2)
        .stderr(contains("none of its 1 addresses lie in a segment"));
    scratch
        .compare("--workload recorded:far.pfns --mode inline --layout paper-32x8")
        .assert()
        .code(2)
        .stderr(contains("--mode trace"));
}

/// Whether this machine lets addresses be recorded or not, the answer is clear and nothing stays behind.
#[test]
fn recording_works_or_says_what_is_missing() {
    let scratch = Scratch::new();
    let output = scratch
        .harness("record-addresses --out all.pfns --at-most 1000 --for 20s -- sleep 1")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.code() {
        Some(0) => {
            assert!(scratch.path("all.pfns").exists(), "{said}");
            scratch.harness("workload show all.pfns").assert().success();
        }
        Some(1) => {
            assert!(said.contains("cannot be recorded here") || said.contains("Linux"), "{said}");
            assert!(!scratch.path("all.pfns").exists(), "{said}");
        }
        other => panic!("{other:?}: {said}"),
    }
    if output.status.success() {
        scratch
            .harness("record-addresses --out x -- /no/such/command")
            .assert()
            .code(2)
            .stderr(contains("/no/such/command: cannot be started"));
        scratch
            .harness("record-addresses --out failed.pfns -- ls /no/such/folder")
            .assert()
            .code(1)
            .stderr(contains("the command ended with exit status"));
        assert!(scratch.path("failed.pfns").exists());
    }
    scratch.harness("record-addresses --out x --pid 0").assert().code(2);
    scratch.harness("record-addresses --out x --for soon").assert().code(2);
    scratch.harness("record-addresses --out x --pid 1 -- ls").assert().code(2);
    assert!(!scratch.path("x").exists());
}

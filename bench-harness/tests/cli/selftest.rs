//! `selftest` and what every run checks of itself: few comparisons, so nothing about rates is asserted.

use predicates::str::contains;

use predicates::prelude::PredicateBooleanExt;

use super::Scratch;
use super::plugins::compile;

/// A self-test of a second or two into `st`.
const SMALL: &str = "selftest --quick --comparisons 2 --out st";

#[test]
fn a_self_test_leaves_its_comparisons_its_page_and_its_figure() {
    let scratch = Scratch::new();
    let first = scratch.harness(SMALL).assert().success();
    let table = String::from_utf8_lossy(&first.get_output().stdout).into_owned();
    for word in ["same", "slower-3", "twin", "false alarms", "goal"] {
        assert!(table.contains(word), "`{word}` is not in: {table}");
    }
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    let rows = scratch.csv("st/selftest.csv");
    assert_eq!(rows.len(), 1 + 6 * 2, "six scenarios");
    // A whole number of cycles of the order, and the change that was put in.
    for rounds in scratch.column("st/selftest.csv", "rounds") {
        assert_eq!(rounds.parse::<u64>().expect("a number") % 6, 0);
    }
    let truths = scratch.column("st/selftest.csv", "true_change_pct");
    assert_eq!(truths.iter().filter(|truth| truth.is_empty()).count(), 2, "of the twin");
    let three: f64 = truths[6].parse().expect("a number");
    assert!((three - 3.0).abs() < 0.01, "{truths:?}");
    let svg = scratch.read("st/selftest.svg");
    assert!(svg.starts_with("<svg"));

    // The same page again, from the files alone.
    let page = scratch.read("st/selftest.md");
    let again = scratch.harness("report st --report again").assert().success();
    assert_eq!(String::from_utf8_lossy(&again.get_output().stdout), table);
    assert_eq!(scratch.read("again/selftest.md"), page);
    assert_eq!(scratch.read("again/selftest.svg"), svg);
}

#[test]
fn a_self_test_is_not_overwritten_and_goes_on_where_it_was() {
    let scratch = Scratch::new();
    let only = |more: &str| format!("{SMALL} --scenarios same {more}");
    scratch.harness(&only("")).assert().success();
    let before = scratch.read("st/selftest.csv");
    scratch.harness(&only("")).assert().code(2).stderr(contains("--resume"));
    scratch.harness(&only("--resume --comparisons 3")).assert().success();
    let after = scratch.read("st/selftest.csv");
    assert!(after.starts_with(&before) && after.lines().count() == 4, "{after}");
    let other = only("--resume --seed 5");
    scratch.harness(&other).assert().code(2).stderr(contains("other arguments"));
}

#[test]
fn bad_input_is_named() {
    let scratch = Scratch::new();
    for (words, says) in [
        ("selftest --scenarios sam", "did you mean \"same\"?"),
        ("selftest --comparisons 0", "--comparisons"),
        (
            "selftest --quick --layout frag-256mb",
            "--backend: `array` cannot do layout `frag-256mb`",
        ),
        ("selftest --quick --layout nowhere", "--layout"),
    ] {
        scratch.harness(words).assert().code(2).stderr(contains(says));
    }
    assert!(!scratch.path("results").exists(), "nothing was begun");
}

#[test]
fn a_run_holds_the_reference_against_its_twin_and_both_modes_against_each_other() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let mut twins = scratch.column("out/twin.csv", "backend");
    twins.sort();
    twins.dedup();
    assert_eq!(twins, ["array", "array-twin", "baseline"]);
    let mut modes = scratch.column("out/modes.csv", "mode");
    modes.sort();
    modes.dedup();
    assert_eq!(modes, ["inline", "trace"]);
    let floor = &scratch.column("out/comparison.csv", "floor_pct")[0];
    assert!(floor.parse::<f64>().is_ok_and(|floor| floor > 0.0), "{floor}");
    let page = scratch.read("out/report/report.md");
    // Agree, disagree, or cannot be told: one of them is said.
    assert!(page.contains("et of \\`inline\\` and of \\`trace\\`"), "{page}");
    // A floor that does not follow from twin.csv is a contradiction.
    let comparison = scratch.read("out/comparison.csv").replace(floor.as_str(), "99.5");
    scratch.write("out/comparison.csv", &comparison);
    scratch.harness("report out").assert().code(2).stderr(contains("floor_pct"));
}

/// A self-test of a plugin with these faults.
fn of_plugin(scratch: &Scratch, faults: &[&str], more: &str) -> Option<assert_cmd::assert::Assert> {
    let faults = [&["ROWS=\"st/selftest.csv\""], faults].concat();
    compile(scratch, "tests/cli/faulty.c", &faults, "libmine.so").then(|| {
        let words = format!("{SMALL} --backend plugin:libmine.so --scenarios same,twin {more}");
        scratch.harness(&words).env("TMPDIR", scratch.dir.path()).assert()
    })
}

#[test]
fn a_plugin_is_tested_in_a_process_of_its_own() {
    let scratch = Scratch::new();
    let Some(assert) = of_plugin(&scratch, &[], "") else { return };
    assert.success().stdout(contains("twin"));
    assert_eq!(scratch.csv("st/selftest.csv").len(), 1 + 2 * 2);
    // The file is looked at, so that another build of it is another plugin.
    assert!(compile(&scratch, "tests/cli/faulty.c", &["ODD"], "libmine.so"));
    let words = format!("{SMALL} --backend plugin:libmine.so --scenarios same,twin --resume");
    scratch.harness(&words).assert().code(2).stderr(contains("another plugin"));
}

#[test]
fn a_plugin_that_fails_in_a_self_test_is_said_to() {
    for (faults, more, says) in [
        (
            &["IN_FIND=QUIT"][..],
            "",
            "ended its process with status 7 while its answers were checked",
        ),
        (&["IN_FIND=QUIT", "BYTES=150"], "", "comparisons before that are in st)"),
        // In the middle of a batch or of a check: which of the two, the machine's speed decides.
        (&["IN_FIND=STOP", "BYTES=150"], "--patience 1s", "did not return within 1s "),
        (&["STRANGE_CODE"], "", "page_init(0x0, 0x8, 0x1) returned 7"),
        (&["LIE"], "", "answers 0x"),
    ] {
        let scratch = Scratch::new();
        let Some(assert) = of_plugin(&scratch, faults, more) else { return };
        let error = contains("error: plugin:libmine.so failed: ").and(contains(says));
        assert.code(1).stdout("").stderr(error);
    }
    let scratch = Scratch::new();
    let words = format!("{SMALL} --backend plugin:missing.so");
    let says = contains("plugin:missing.so failed: ").and(contains("No such file"));
    scratch.harness(&words).assert().code(2).stdout("").stderr(says);
    let words = format!("{SMALL} --backend plugin:missing.so --layout nowhere");
    scratch.harness(&words).assert().code(2).stdout("");
    assert!(!scratch.path("st").exists());
}

//! Shared objects of the user's own: checked case by case, and measured beside the built-in backends.

use std::path::Path;
use std::process::Command;

use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use super::Scratch;

/// Compiles `source`, a path in this package, into `name` in the scratch folder. Whether there is a compiler.
pub(super) fn compile(scratch: &Scratch, source: &str, macros: &[&str], name: &str) -> bool {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cc = Command::new("cc");
    cc.args(["-std=c99", "-D_POSIX_C_SOURCE=200809L", "-O2", "-fPIC", "-shared", "-I"]);
    cc.arg(package.join("plugin/include")).args(macros.iter().map(|name| format!("-D{name}")));
    cc.arg("-o").arg(scratch.path(name)).arg(package.join(source));
    let Ok(output) = cc.output() else {
        eprintln!("skipped: there is no C compiler `cc` here");
        return false;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    true
}

const MINIMAL: &str = "src/plugin/tests/minimal.c";
const SORTED_ARRAY: &str = "plugin/examples/sorted-array/sorted_array.c";

#[test]
fn a_plugin_takes_part_under_the_name_that_was_typed() {
    let scratch = Scratch::new();
    if !compile(&scratch, SORTED_ARRAY, &[], "libmine.so") {
        return;
    }
    let names = "array,plugin:./libmine.so,plugin:libmine.so@single@final";
    let words = "--layout frag-1mb --array-capacity unlimited --lookups 100 --runs 2 --out out";
    scratch.harness(&format!("compare --backends {names} {words}")).assert().success();
    let samples = scratch.read("out/samples.csv");
    for name in names.split(',') {
        assert!(samples.contains(&format!(",{name},")), "{name}: {samples}");
    }
    // Processes that the program starts find it too, and a run can be measured anew.
    let words = "--lookups 100 --runs 2 --processes 2 --out two";
    scratch.harness(&format!("compare --backends {names} {words}")).assert().success();
    scratch.harness("check --against out --out anew --gate 100000").assert().success();
}

#[test]
fn what_is_no_plugin_is_one_message_and_status_2() {
    let scratch = Scratch::new();
    scratch.write("text.so", "no shared object");
    for (file, says) in [("missing.so", "No such file"), ("text.so", "is not a shared object")] {
        // Nothing else is there to measure; with others that go on it is tests/cli/faults.rs.
        let compare = scratch.harness(&format!("compare --backends plugin:{file}")).assert();
        compare.code(2).stdout("").stderr(contains(file).and(contains(says)));
        let check = scratch.harness(&format!("plugin check {file}")).assert();
        check.code(2).stdout("").stderr(contains(file).and(contains(says)));
    }
    if !compile(&scratch, MINIMAL, &["ABI=2"], "libother.so") {
        return;
    }
    let says = contains("has version 2 of the interface, this program needs 1");
    scratch.harness("plugin check libother.so").assert().code(2).stdout("").stderr(says);
}

#[test]
fn a_wrong_answer_ends_a_measurement_with_frame_and_both_answers() {
    let scratch = Scratch::new();
    if !compile(&scratch, MINIMAL, &["LIE"], "liblie.so") {
        return;
    }
    let words = "compare --backends array,plugin:liblie.so --lookups 100 --runs 2 --out out";
    let says = contains("plugin:liblie.so failed: on paper-32x8: answers 0x");
    let says = says.and(contains("for frame 0x")).and(contains("the oracle 0x"));
    scratch.harness(words).assert().code(1).stderr(says);
}

#[test]
fn what_is_shipped_passes_every_case() {
    let scratch = Scratch::new();
    for (source, title) in [
        (SORTED_ARRAY, "`sorted-array`, version 1.0\n"),
        ("plugin/examples/tree/tree.c", "`tree`, version "),
        ("plugin/examples/kernel-code/kernel_code.c", "`kernel-code`, version "),
        ("plugin/skeleton/backend.c", "`mine`, version "),
    ] {
        if !compile(&scratch, source, &[], "libmine.so") {
            return;
        }
        let assert = scratch.harness("plugin check ./libmine.so").assert().success();
        assert
            .stderr("")
            .stdout(contains(format!("./libmine.so: {title}")))
            .stdout(contains("\nok       a segment that loses its middle becomes two\n"))
            .stdout(contains(" ok, 0 skipped, 0 FAILED (random operations: --seed 1)\n"));
    }
}

/// Where the signals have these names for it.
#[cfg(unix)]
#[test]
fn a_plugin_that_dies_or_lies_fails_case_by_case() {
    let scratch = Scratch::new();
    for (fault, case, called, ended) in [
        (
            "CRASH",
            "a segment that loses its middle becomes two",
            "unplug(0x24, 0x28)",
            "(SIGSEGV: invalid memory access)",
        ),
        ("ABORT", "a whole segment is unplugged", "unplug(0x20, 0x30)", "(SIGABRT: abort"),
        (
            "WRONG_PAGES",
            "a segment is cut at its front",
            "find_batch() of 136 frames",
            "segment_start 0x21, page 0x386",
        ),
    ] {
        if !compile(&scratch, MINIMAL, &[fault, "ROOM=4096"], "libbad.so") {
            return;
        }
        let assert = scratch.harness("plugin check libbad.so").assert().code(1);
        assert
            .stdout(contains(format!("FAILED   {case}\n")).and(contains(called)))
            .stdout(contains(ended))
            // Those before and after it are played all the same.
            .stdout(contains("ok       one segment is found, and nothing beside it\n"))
            .stdout(contains("ok       plug refuses what makes no sense\n"))
            .stderr(contains("error: plugin libbad.so: ").and(contains("cases FAILED")));
    }
}

#[cfg(unix)]
#[test]
fn a_plugin_that_dies_while_it_is_loaded_is_said_to() {
    let scratch = Scratch::new();
    if !compile(&scratch, MINIMAL, &["DIES_AT_LOAD"], "libbad.so") {
        return;
    }
    let says = contains("plugin libbad.so: while it was loaded, it was ended by signal");
    let assert = scratch.harness("plugin check libbad.so").assert().code(1).stdout("");
    assert.stderr(says.and(contains("(SIGABRT: abort")));
}

#[test]
fn the_hidden_flag_is_not_for_people() {
    let scratch = Scratch::new();
    let assert = scratch.harness("plugin check --as-worker x").write_stdin("").assert();
    assert.code(2).stderr(contains("not for the command line"));
}

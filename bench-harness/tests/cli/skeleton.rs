//! From `plugin new` to a figure, as somebody does it who brings a structure of their own; and the examples, built
//! with their own Makefiles.

use std::path::Path;
use std::process::{Command, Stdio};

use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use super::Scratch;

/// Runs `make` in a folder; `false`, and a line that says so, where there is no make or no compiler.
fn make(folder: &Path) -> bool {
    let there = |tool: &str| {
        let mut command = Command::new(tool);
        command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    };
    if !there("make") || !there("cc") {
        eprintln!("skipped: there is no `make` or no C compiler `cc` here");
        return false;
    }
    let output = Command::new("make").current_dir(folder).output().expect("make");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("warning:"), "{said}");
    true
}

/// What shared objects are called here.
const END: &str = if cfg!(target_os = "macos") { "dylib" } else { "so" };

#[test]
fn a_new_plugin_builds_passes_and_is_measured_beside_the_cost_of_its_calls() {
    let scratch = Scratch::new();
    let assert = scratch.harness("plugin new my/mine").assert().success().stderr("");
    assert.stdout(contains("cd my/mine && make\n").and(contains("plugin check ./libmine.")));
    if !make(&scratch.path("my/mine")) {
        return;
    }
    let library = format!("my/mine/libmine.{END}");
    let assert = scratch.harness(&format!("plugin check {library}")).assert().success();
    assert.stdout(contains("`mine`, version 0.1").and(contains(" ok, 0 skipped, 0 FAILED")));

    let names = format!("array,plugin:{library},plugin:{library}@single,abi:array");
    let words = "--mode trace --lookups 1K --runs 3 --out out --quiet";
    scratch.harness(&format!("compare --backends {names} {words}")).assert().success();
    let backends = scratch.column("out/summary.csv", "backend");
    for name in ["abi:null", "abi:null@single", "abi:array"] {
        assert!(backends.iter().any(|backend| backend == name), "{name}: {backends:?}");
    }
    let page = scratch.read("out/report/report.md");
    let table = page.split("## Plugins and their calls").nth(1).expect("a section");
    for name in [format!("plugin:{library}"), format!("plugin:{library}@single")] {
        assert!(table.contains(&name), "{table}");
    }
    // What was measured already is said once only.
    let words =
        "compare --backends abi:null,abi:array --mode trace --lookups 100 --runs 2 --out o2";
    scratch.harness(words).assert().success();
    let backends = scratch.column("o2/summary.csv", "backend");
    assert_eq!(backends, ["abi:null", "abi:array", "baseline"]);
}

#[test]
fn a_folder_with_something_in_it_is_left_as_it_is() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("mine")).expect("a folder");
    scratch.write("mine/backend.c", "mine");
    let assert = scratch.harness("plugin new mine").assert().code(2).stdout("");
    assert.stderr(contains("plugin new mine: there is something in it already"));
    assert_eq!(scratch.read("mine/backend.c"), "mine");
    assert!(!scratch.path("mine/Makefile").exists());
    scratch.write("file", "");
    scratch.harness("plugin new file").assert().code(2).stderr(contains("plugin new file: "));
    scratch.harness("plugin new file/below").assert().code(2).stderr(contains("file/below"));
    // An empty one will do.
    std::fs::create_dir(scratch.path("empty")).expect("a folder");
    scratch.harness("plugin new empty").assert().success();
    assert!(scratch.path("empty/physseg_backend.h").exists());
}

#[test]
fn a_control_that_there_is_not_is_told_which_there_are() {
    let scratch = Scratch::new();
    let assert = scratch.harness("compare --backends array,abi:nul").assert().code(2);
    assert.stderr(contains("abi:null").and(contains("abi:array")));
}

#[test]
fn the_examples_build_with_their_makefiles_and_pass() {
    let scratch = Scratch::new();
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugin");
    for file in [
        "include/physseg_backend.h",
        "examples/Makefile",
        "examples/sorted-array/Makefile",
        "examples/sorted-array/sorted_array.c",
        "examples/tree/Makefile",
        "examples/tree/tree.c",
        "examples/kernel-code/Makefile",
        "examples/kernel-code/kernel_code.c",
        "examples/kernel-code/kernel_stubs.h",
        "examples/kernel-code/vm_segment.c",
        "examples/null/Makefile",
        "examples/null/null.c",
    ] {
        let to = scratch.path(file);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("folders");
        std::fs::copy(package.join(file), to).expect("a file of this package");
    }
    if !make(&scratch.path("examples")) {
        return;
    }
    for (folder, library) in [
        ("sorted-array", "libsortedarray"),
        ("tree", "libtree"),
        ("kernel-code", "libkernelcode"),
        ("null", "libnull"),
    ] {
        let built = std::fs::read_dir(scratch.path("examples").join(folder)).expect("a folder");
        let built: Vec<_> = built
            .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
            .filter(|name| name.ends_with(&format!(".{END}")))
            .collect();
        let [file] = &built[..] else { panic!("{folder}: {built:?}, and not {library}") };
        let words = format!("plugin check examples/{folder}/{file}");
        scratch.harness(&words).assert().success().stdout(contains(" 0 FAILED"));
    }
}

//! Layouts as files: shown, checked, and refused with file, line and step.

use predicates::prelude::PredicateBooleanExt;
use predicates::str::contains;

use super::Scratch;

const HEAD: &str = "name = \"mine\"\ndescription = \"a test\"\nsource = \"none\"\npage_size = 4096\nphysseg_max = 4\n";

/// Checks that a file with `steps` after [`HEAD`] is refused with `says`, by `layout check` and by
/// `compare`, which writes nothing.
fn refused(steps: &str, says: &[&str]) {
    let scratch = Scratch::new();
    scratch.write("mine.toml", &format!("{HEAD}{steps}"));
    for words in [
        "layout check mine.toml",
        "layout show mine.toml",
        "compare --backends array --layout mine.toml --lookups 100 --runs 2 --out out",
    ] {
        let mut assert = scratch.harness(words).assert().code(2).stdout("");
        for text in ["mine.toml:"].iter().chain(says) {
            assert = assert.stderr(contains(*text));
        }
        assert!(!scratch.path("out").exists(), "{words}");
    }
}

#[test]
fn every_shipped_layout_can_be_shown_in_80_columns() {
    let scratch = Scratch::new();
    let small =
        ["paper-32x8", "frag-1mb", "frag-64mb", "frag-64mb-as-run", "frag-128mb", "frag-256mb"];
    let real = [
        "real-s390-2g",
        "real-hotplug-vm-2g",
        "real-vm-4g",
        "real-xen-arm-10g",
        "real-laptop-40g",
        "real-desktop-16g",
        "real-bsd-12g",
        "real-xen-dom0-32g",
        "real-mips-4node-3g",
        "real-arm64-64g",
        "real-2socket-1t",
        "real-16node-12t",
    ];
    for name in small.into_iter().chain(real) {
        let output = scratch.harness(&format!("layout show {name}")).output().expect("it runs");
        assert!(output.status.success(), "{name}");
        let text = String::from_utf8(output.stdout).expect("text");
        assert!(text.contains(name));
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{name}: {line}");
        }
    }
}

#[test]
fn a_good_file_is_checked_shown_and_measured() {
    let scratch = Scratch::new();
    scratch.write(
        "mine.toml",
        &format!("{HEAD}[[step]]\nload = {{ start = 16, end = 32 }}\n[[step]]\nboot = true\n"),
    );
    scratch.harness("layout check mine.toml").assert().success().stdout(contains("1 segments"));
    scratch.harness("layout show mine.toml").assert().success().stdout(contains("mine"));
    scratch.compare("--layout mine.toml").assert().success();
    assert_eq!(scratch.column("out/summary.csv", "layout")[0], "mine");
}

#[test]
fn malformed_toml_names_file_and_line() {
    refused("[[step]\nload = 3\n", &["mine.toml:6"]);
    refused("[[step]]\nlaod = { start = 0, end = 8 }\n", &["mine.toml:", "laod"]);
}

#[test]
fn steps_that_cannot_be_done_name_the_step() {
    let boot = "[[step]]\nboot = true\n";
    let load = "[[step]]\nload = { start = 0, end = 256 }\n";
    refused(
        &format!("{load}[[step]]\nload = {{ start = 255, end = 300 }}\n{boot}"),
        &["mine.toml:9", "step 2", "overlap"],
    );
    refused(&format!("{load}{boot}[[step]]\nunplug = {{ start = 300, end = 301 }}\n"), &["step 3"]);
    refused(
        &format!("[[step]]\nload = {{ start = 8, end = 0 }}\n{boot}"),
        &["mine.toml:7", "step 1"],
    );
    refused(
        &format!("[[step]]\nload = {{ start = 0, end = \"0x10000000001\" }}\n{boot}"),
        &["step 1", "52-bit"],
    );
    refused(boot, &["step 1", "no memory loaded"]);
}

#[test]
fn a_layout_too_big_for_the_array_is_a_row_and_the_others_go_on() {
    let scratch = Scratch::new();
    scratch.compare("--layout frag-1mb --array-capacity 8").assert().success();
    let status = scratch.column("out/summary.csv", "status");
    let backend = scratch.column("out/summary.csv", "backend");
    assert_eq!(backend, ["array", "rbtree", "baseline"]);
    assert_eq!(status, ["unsupported: capacity 8 < 33 segments", "ok", "ok"]);
    assert_eq!(scratch.column("out/summary.csv", "mean_s")[0], "");
    let text = scratch.read("out/report/report.md");
    assert!(text.contains("capacity 8 &lt; 33 segments"), "{text}");
}

const LOG: &str = "[    0.000000] node   0: [mem 0x0000000000001000-0x000000000009efff]\r
[    0.000000] node   0: [mem 0x0000000000100000-0x00000000bfffffff]\r
";

#[test]
fn a_boot_log_becomes_a_layout_that_can_be_checked_shown_and_measured() {
    let scratch = Scratch::new();
    scratch.write("boot.log", LOG);
    scratch
        .harness("layout import boot.log --out box.toml")
        .assert()
        .success()
        .stdout("")
        .stderr(contains("taken: node-ranges").and(contains("2 segments, 1 hole")));
    scratch.harness("layout check box.toml").assert().success().stdout(contains("`boot`, 3 steps"));
    scratch.harness("layout show box.toml").assert().success().stdout(contains("boot.log, lines"));
    scratch.compare("--layout box.toml").assert().success();
    scratch.harness("layout show box.toml --svg box.svg").assert().success();
    assert!(scratch.read("box.svg").contains("2 segments and 1 hole"));
    let again = "layout show frag-1mb --svg box.svg";
    scratch.harness(again).assert().code(2).stderr(contains("--svg box.svg: exists"));
    assert!(scratch.read("box.svg").contains("2 segments and 1 hole"));
    // The same from standard input to standard output, under another name.
    let output = scratch.harness("layout import --name other -").write_stdin(LOG).output();
    let text = String::from_utf8(output.expect("it runs").stdout).expect("text");
    assert!(text.contains("name = \"other\""), "{text}");
}

#[test]
fn an_import_overwrites_nothing_and_leaves_nothing_when_it_fails() {
    let scratch = Scratch::new();
    scratch.write("boot.log", LOG);
    scratch.write("mine.toml", "precious");
    scratch
        .harness("layout import boot.log --out mine.toml")
        .assert()
        .code(2)
        .stderr(contains("--out mine.toml: exists"));
    assert_eq!(scratch.read("mine.toml"), "precious");
    scratch
        .harness("layout import --from iomem boot.log --out new.toml")
        .assert()
        .code(2)
        .stdout("")
        .stderr(contains("error: boot.log: ").and(contains("use --from node-ranges")));
    assert!(!scratch.path("new.toml").exists());
    scratch.harness("layout import no-such-file").assert().code(2).stderr(contains("no-such-file"));
    scratch.harness("layout import --page-size 5 boot.log").assert().code(2);
    scratch.harness("layout import --from e821 boot.log").assert().code(2).stderr(contains("e820"));
}

//! Runs that are kept, and documents that are made from them.

use std::path::{Path, PathBuf};

use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::{contains, is_match};

use super::{Scratch, read};

/// The clone that these tests belong to.
fn clone() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// The names in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.expect("an entry").file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<_> = entries.map(name).collect();
    names.sort();
    names
}

/// A filed run in `kept`, and its folder's name.
fn filed(scratch: &Scratch) -> String {
    scratch.compare("").assert().success();
    let add = "record add out --into kept --date 2026-01-02 --name first";
    scratch.harness(add).assert().success().stdout(contains("2026-01-02-"));
    names(&scratch.path("kept")).remove(0)
}

#[test]
fn a_run_is_filed_whole_and_only_once() {
    let scratch = Scratch::new();
    let name = filed(&scratch);
    assert!(name.starts_with("2026-01-02-") && name.ends_with("-first"), "{name}");
    assert_eq!(names(&scratch.path("kept")), std::slice::from_ref(&name));
    let place = scratch.path("kept").join(&name);
    for file in [
        "samples.csv",
        "summary.csv",
        "comparison.csv",
        "twin.csv",
        "modes.csv",
        "environment.json",
    ] {
        assert_eq!(read(&place.join(file)), scratch.read(&format!("out/{file}")), "{file}");
    }
    let page = read(&place.join("README.md"));
    for part in ["## Machine", "## Again", "rbtree", "[samples.csv](samples.csv)", &name] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // Rendered from the record, the report is the one beside it.
    scratch.harness(&format!("report kept/{name} --report again")).assert().success();
    for file in names(&scratch.path("again")) {
        let filed = std::fs::read(place.join("report").join(&file)).expect("filed");
        assert_eq!(
            std::fs::read(scratch.path("again").join(&file)).expect("made"),
            filed,
            "{file}"
        );
    }
    scratch
        .harness("record add out --into kept --name second")
        .assert()
        .code(2)
        .stderr(contains("is filed already, as kept").and(contains(&name)));
    scratch
        .harness("compare --backends array --lookups 100 --runs 2 --out other")
        .assert()
        .success();
    scratch
        .harness("record add other --into kept --date 2026-01-02 --name first")
        .assert()
        .code(2)
        .stderr(contains("none is overwritten").and(contains("--name SLUG")));
    assert_eq!(names(&scratch.path("kept")), [name]);
}

#[test]
fn a_run_inside_of_a_record_is_filed_already() {
    let scratch = Scratch::new();
    let name = filed(&scratch);
    // A record of several runs, each in a folder of its own.
    let record = scratch.path("kept").join("2026-01-01-several");
    std::fs::create_dir(&record).expect("a folder");
    std::fs::rename(scratch.path("kept").join(&name), record.join("field")).expect("moved");
    let inside = Path::new("kept/2026-01-01-several/field").display().to_string();
    scratch
        .harness("record add out --into kept --name second")
        .assert()
        .code(2)
        .stderr(contains("is filed already, as ").and(contains(inside)));
    assert_eq!(names(&scratch.path("kept")), ["2026-01-01-several"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_record_that_is_filed_is_no_failure_where_its_name_cannot_be_told() {
    let Ok(full) = std::fs::File::options().write(true).open("/dev/full") else { return };
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let harness = scratch.harness("record add out --into kept");
    let output = std::process::Command::new(harness.get_program())
        .args(harness.get_args())
        .current_dir(harness.get_current_dir().expect("the scratch folder"))
        .stdout(full)
        .output()
        .expect("run");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains(": filed; standard output cannot be written"), "{said}");
    assert_eq!(names(&scratch.path("kept")).len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_that_cannot_be_written_is_no_wrong_argument() {
    // Not even the administrator makes folders there.
    let place = Path::new("/proc/self");
    if !place.is_dir() {
        return;
    }
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    scratch
        .harness("record add out --into /proc/self")
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("--into /proc/self: cannot write there"));
}

#[test]
fn what_is_filed_is_told() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    scratch
        .harness("record add out --into kept")
        .assert()
        .success()
        .stderr(contains("what the record tells of the machine").and(contains("--out out")));
}

#[test]
fn a_run_that_is_not_what_it_says_is_refused() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let refused = |why: &str| {
        scratch
            .harness("record add out --into kept")
            .assert()
            .code(2)
            .stdout("")
            .stderr(is_match(r"^error: [^\n]*\n$").expect("a pattern").and(contains(why)));
        assert!(!scratch.path("kept").exists());
    };
    let with = |file: &str, from: &str, to: &str, why: &str| {
        let whole = scratch.read(&format!("out/{file}"));
        assert!(whole.contains(from), "{file}: {from}");
        scratch.write(&format!("out/{file}"), &whole.replacen(from, to, 1));
        refused(why);
        scratch.write(&format!("out/{file}"), &whole);
    };
    with("summary.csv", ",ok,2,", ",ok,3,", "summary.csv, row 1, column `runs`");
    with("comparison.csv", ",array,rbtree,2,", ",array,rbtree,3,", "comparison.csv, row 1");
    with("samples.csv", "inline", "trace", "samples.csv");
    with(
        "environment.json",
        "\"command_line\": [",
        "\"command_line\": [], \"x\": [",
        "`command_line`",
    );
    with(
        "environment.json",
        "\"statistics_version\": 2",
        "\"statistics_version\": 1",
        "report --refile out",
    );
    with("environment.json", "\"run_id\": \"2", "\"run_id\": \"3", "a sample of run");
    let environment = scratch.read("out/environment.json");
    let at = environment.find("\"run_id\": \"").expect("a run") + "\"run_id\": \"".len();
    let run = environment[at..].split('"').next().expect("its name");
    for file in ["twin.csv", "modes.csv"] {
        let whole = scratch.read(&format!("out/{file}"));
        scratch.write(&format!("out/{file}"), &whole.replace(&format!("\n{run},"), "\nanother,"));
        refused(&format!("{file}, row 1: a sample of run `another`"));
        scratch.write(&format!("out/{file}"), &whole);
    }
    for file in ["twin.csv", "modes.csv", "summary.csv", "environment.json"] {
        let whole = scratch.read(&format!("out/{file}"));
        std::fs::remove_file(scratch.path("out").join(file)).expect("removed");
        refused(file);
        scratch.write(&format!("out/{file}"), &whole);
    }
    // Rows that were all taken away contradict nothing, but the samples hold them.
    let whole = scratch.read("out/comparison.csv");
    let head = whole.split_inclusive('\n').next().expect("a header");
    scratch.write("out/comparison.csv", head);
    refused("the samples hold 1 comparisons with array");
    scratch.write("out/comparison.csv", &whole);
    scratch.harness("record add nowhere --into kept").assert().code(2).stderr(contains("nowhere"));
    scratch.harness("record add out --into kept --date 2026-02-30").assert().code(2);
    scratch.harness("record add out --into kept --name ../x").assert().code(2);
    scratch.write("kept-file", "in the way");
    scratch
        .harness("record add out --into kept-file")
        .assert()
        .code(2)
        .stderr(contains("--into kept-file"));
    scratch.harness("record add out --into kept").assert().success();
}

#[test]
fn a_run_of_churn_is_filed_likewise() {
    let scratch = Scratch::new();
    let churn = "churn --backends array,rbtree --layout frag-1mb --scenarios build,replug --runs 2 --out out";
    scratch.harness(churn).assert().success();
    let whole = scratch.read("out/churn-summary.csv");
    let (head, rest) = whole.split_once(",ok,2,").expect("a row");
    // The figure behind the number of operations.
    let (operations, rest) = rest.split_once(',').expect("a column");
    scratch.write("out/churn-summary.csv", &format!("{head},ok,2,{operations},9{rest}"));
    let add = "record add out --into kept";
    let said = "churn-summary.csv, row 1, column `ns_per_operation`";
    scratch.harness(add).assert().code(2).stderr(contains(said));
    scratch.write("out/churn-summary.csv", &whole);
    scratch.harness(add).assert().success();
    let name = names(&scratch.path("kept")).remove(0);
    let files = names(&scratch.path("kept").join(&name));
    assert_eq!(
        files,
        ["README.md", "churn-summary.csv", "churn.csv", "environment.json", "report"]
    );
    let page = scratch.read(&format!("kept/{name}/README.md"));
    assert!(page.contains("build, replug of array, rbtree on frag-1mb"), "{page}");
    scratch.harness(add).assert().code(2).stderr(contains("is filed already"));
    // A document can be made of it.
    let marker =
        format!("<!-- record:begin record={name} table=churn-time -->\n<!-- record:end -->\n");
    scratch.write("doc.md", &marker);
    scratch.harness("record splice --records kept doc.md").assert().success();
    assert!(scratch.read("doc.md").contains("| backend | `build` | `replug` |"));
}

#[test]
fn a_run_that_was_cut_off_is_filed_only_if_asked() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let environment = scratch.read("out/environment.json");
    let at = environment.find("\"ended\": \"").expect("an end");
    let end = at + environment[at..].find(",\n").expect("more");
    scratch.write(
        "out/environment.json",
        &format!("{}\"ended\": null{}", &environment[..at], &environment[end..]),
    );
    scratch.harness("record add out --into kept").assert().code(2).stderr(contains("--unfinished"));
    scratch
        .harness("record add out --into kept --unfinished")
        .assert()
        .success()
        .stderr(contains("warning: the run was cut off"));
    let name = names(&scratch.path("kept")).remove(0);
    assert!(scratch.read(&format!("kept/{name}/README.md")).contains("Not finished"));
}

#[test]
fn home_folders_do_not_go_into_a_record_unseen() {
    let scratch = Scratch::new();
    scratch.compare("").assert().success();
    let environment = scratch.read("out/environment.json");
    let edited = environment.replacen("\"--runs\"", "\"--label=/home/ann/x\", \"--runs\"", 1);
    assert_ne!(edited, environment);
    scratch.write("out/environment.json", &edited);
    scratch.harness("record add out --into kept").assert().code(2).stderr(
        contains("environment.json").and(contains("`/home/ann`")).and(contains("--redact")),
    );
    scratch.harness("record add out --into kept --redact").assert().success();
    let name = names(&scratch.path("kept")).remove(0);
    for file in ["environment.json", "README.md", "report/report.md"] {
        let text = scratch.read(&format!("kept/{name}/{file}"));
        assert!(text.contains("label=~/x") && !text.contains("/home/ann"), "{file}: {text}");
    }
    assert_eq!(scratch.read("out/environment.json"), edited);
}

#[test]
fn a_document_is_made_from_a_record_and_held_against_it() {
    let scratch = Scratch::new();
    let name = filed(&scratch);
    let marker = format!("<!-- record:begin record={name} table=ns,change layout=paper-32x8 -->");
    let before = format!("# Title\n\n{marker}\nold\n<!-- record:end -->\n\nrest\n");
    scratch.write("doc.md", &before);
    scratch.harness("record splice --records kept --check doc.md").assert().code(1).stderr(
        contains("doc.md, the block of line 3").and(contains("@@ line 4 @@\n-old\n+| backend")),
    );
    assert_eq!(scratch.read("doc.md"), before, "--check writes nothing");
    scratch.harness("record splice --records kept doc.md").assert().success();
    let made = scratch.read("doc.md");
    assert!(made.starts_with("# Title\n\n<!--") && made.ends_with("<!-- record:end -->\n\nrest\n"));
    assert!(made.contains("\n| `rbtree` | "), "{made}");
    scratch.harness("record splice --records kept --check doc.md").assert().success().stdout("");
    // One digit changed by hand.
    let row = made.lines().find(|line| line.starts_with("| `rbtree`")).expect("a row");
    scratch.write("doc.md", &made.replace(row, &row.replace('±', "+-")));
    let check = "record splice --records kept --check doc.md";
    scratch.harness(check).assert().code(1).stderr(contains("@@ line 7 @@"));
    // Lines end as they did.
    scratch.write("doc.md", &made.replace('\n', "\r\n"));
    scratch.harness(check).assert().success();
}

#[test]
fn what_cannot_be_made_is_named_by_file_and_line() {
    let scratch = Scratch::new();
    let name = filed(&scratch);
    let refused = |marker: &str, why: &str| {
        let text = format!("x\n<!-- record:begin {marker} -->\nkept\n<!-- record:end -->\n");
        scratch.write("doc.md", &text);
        scratch
            .harness("record splice --records kept doc.md")
            .assert()
            .code(2)
            .stderr(contains("doc.md, line 2: ").and(contains(why)));
        assert_eq!(scratch.read("doc.md"), text);
    };
    refused("", "no record in kept holds a run of `reproduce`");
    refused("table=ns", "which record is meant?");
    refused("record=2020-01-01-x table=ns", "2020-01-01-x: no such file or folder");
    refused("record=../out table=ns", "is no folder in kept");
    refused(&format!("record={name} run=field table=ns"), "field: no such file or folder");
    refused(&format!("record={name} table=ns backend=section"), "there are array, rbtree");
    refused(&format!("record={name} tables=ns"), "unknown key `tables`");
    scratch.write("doc.md", "<!-- record:begin -->\n");
    scratch
        .harness("record splice --records kept doc.md")
        .assert()
        .code(2)
        .stderr(contains("doc.md, line 1: "));
    scratch.write("doc.md", "nothing to make\n");
    scratch
        .harness("record splice --records kept doc.md")
        .assert()
        .code(2)
        .stderr(contains("doc.md: no `"));
    scratch
        .harness("record splice --records kept nowhere.md")
        .assert()
        .code(2)
        .stderr(contains("nowhere.md"));
    std::fs::write(scratch.path("doc.md"), [0xff, 0xfe]).expect("written");
    scratch
        .harness("record splice --records kept doc.md")
        .assert()
        .code(2)
        .stderr(contains("UTF-8"));
}

#[test]
fn the_documents_of_this_repository_are_what_its_records_give() {
    let scratch = Scratch::new();
    scratch
        .harness("record splice --check README.md docs/FINDINGS.md")
        .current_dir(clone())
        .assert()
        .success();
}

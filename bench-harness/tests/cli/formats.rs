//! `--format`: what machines read on standard output, and colour only where somebody sees it.

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;
use serde_json::Value;

use super::Scratch;

/// What a command prints, which has to succeed.
fn printed(mut command: Command) -> String {
    let output = command.assert().success().get_output().stdout.clone();
    String::from_utf8(output).expect("text")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Heads and rows of a table of which every row is as long as the heads.
fn csv(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let heads = cells(reader.headers().expect("heads"));
    (heads, reader.records().map(|row| cells(&row.expect("as long as the heads"))).collect())
}

#[test]
fn a_run_in_every_shape_has_the_figures_of_its_files() {
    let scratch = Scratch::new();
    let measured = printed(scratch.compare("--format csv"));
    let (heads, rows) = csv(&measured);
    let summary = scratch.csv("out/summary.csv");
    let comparison = scratch.csv("out/comparison.csv");
    assert_eq!(heads[..summary[0].len()], summary[0]);
    assert_eq!(rows.len(), summary.len() - 1);
    for (row, filed) in rows.iter().zip(&summary[1..]) {
        assert_eq!(row[..filed.len()], *filed);
    }
    let at = |heads: &[String], name: &str| {
        heads.iter().position(|head| head == name).expect("a column")
    };
    let tree = rows.iter().find(|row| row[at(&heads, "backend")] == "rbtree").expect("the tree");
    for column in ["reference", "gross_change_pct", "net_high_pct", "verdict", "unit"] {
        assert_eq!(tree[at(&heads, column)], comparison[1][at(&comparison[0], column)], "{column}");
    }
    // Rendered again it is the same, and so is each of the other shapes by itself.
    assert_eq!(printed(scratch.harness("report out --format csv")), measured);
    let document = json(&printed(scratch.harness("report out --format json")));
    assert_eq!(document["kind"], "lookups");
    assert_eq!(document["summary"].as_array().map(Vec::len), Some(rows.len()));
    assert_eq!(document["comparison"][0]["backend"], "rbtree");
    let run_id = json(&scratch.read("out/environment.json"))["run_id"].clone();
    assert_eq!(document["environment"]["run_id"], run_id);
    let page = printed(scratch.harness("report out --format markdown"));
    let report = scratch.read("out/report/report.md");
    let tables = page.lines().filter(|line| line.starts_with('|'));
    assert!(tables.clone().count() > 6, "{page}");
    for line in tables {
        assert!(report.contains(line), "{line}");
    }
    assert_eq!(
        printed(scratch.harness("report out --format table")),
        printed(scratch.harness("report out"))
    );
    scratch.harness("report out --format yaml").assert().code(2).stderr(contains("yaml"));
}

#[test]
fn runs_compared_and_checked_are_one_table_or_one_document() {
    let scratch = Scratch::new();
    let small = "--backends array,rbtree --lookups 100 --runs 4 --quiet";
    for name in ["a", "b"] {
        scratch.harness(&format!("compare {small} --out {name}")).assert().success();
    }
    let from = "compare --from a --from b --format";
    let (heads, rows) = csv(&printed(scratch.harness(&format!("{from} csv"))));
    assert!(heads.contains(&"change_pct".to_owned()) && rows.len() == 3, "{heads:?} {rows:?}");
    let document = json(&printed(scratch.harness(&format!("{from} json"))));
    assert_eq!(
        (&document["kind"], document["environments"].as_array().map(Vec::len)),
        (&"across".into(), Some(2))
    );
    assert_eq!(document["rows"].as_array().map(Vec::len), Some(3));
    assert!(printed(scratch.harness(&format!("{from} markdown"))).contains("\n| "));
    // Slow as these batches are to one another, what counts here is the one header.
    let check = scratch.harness("check --against a --gate 1000000 --out c --format csv");
    let (heads, rows) = csv(&printed(check));
    assert!(heads.contains(&"change_pct".to_owned()) && rows.len() == 3, "{heads:?} {rows:?}");
}

#[test]
fn plugging_has_its_summary() {
    let scratch = Scratch::new();
    let churn =
        "churn --backends array,rbtree --layout frag-1mb --scenarios build --runs 2 --out out";
    let printed_csv = printed(scratch.harness(&format!("{churn} --format csv")));
    assert_eq!(printed_csv, scratch.read("out/churn-summary.csv"));
    let document = json(&printed(scratch.harness("report out --format json")));
    assert_eq!(
        (&document["kind"], &document["summary"][0]["scenario"]),
        (&"churn".into(), &"build".into())
    );
    assert!(printed(scratch.harness("report out --format markdown")).contains("\n| "));
}

#[test]
fn names_and_checks_are_rows() {
    let scratch = Scratch::new();
    let (heads, rows) = csv(&printed(scratch.harness("list --format csv")));
    assert_eq!(heads[..3], ["kind", "name", "description"]);
    for kind in ["backend", "layout", "workload", "recording", "generator", "mode", "target"] {
        assert!(rows.iter().any(|row| row[0] == kind), "{kind}");
    }
    let able =
        |name: &str| rows.iter().find(|row| row[1] == name).expect("a backend")[3..6].to_vec();
    assert_eq!(
        (able("array"), able("section")),
        (vec!["no".into(), "yes".into(), "no".into()], vec!["yes".to_owned(); 3])
    );
    let modes = json(&printed(scratch.harness("list modes --format json")));
    let modes = modes.as_array().expect("objects");
    assert!(modes.iter().all(|mode| mode["kind"] == "mode" && mode["plug"].is_null()), "{modes:?}");
    let checks = json(&printed(scratch.harness("doctor --format json")));
    let last = checks.as_array().and_then(|all| all.last()).expect("a check");
    assert_eq!(last["check"], "machine-fingerprint");
    assert!(printed(scratch.harness("doctor --format markdown")).starts_with("| check | state |"));
}

#[test]
fn colour_is_for_terminals_and_never_alone() {
    let scratch = Scratch::new();
    scratch.compare("--quiet").assert().success();
    let plain = printed(scratch.harness("report out"));
    assert!(!plain.contains('\u{1b}') && plain.contains("verdict"));
    let with = |name: &str, value: &str| {
        let mut command = scratch.harness("report out");
        command.env("CLICOLOR_FORCE", "1").env(name, value);
        printed(command)
    };
    let coloured = with("TERM", "xterm");
    assert!(coloured.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    assert_eq!(with("NO_COLOR", "1"), plain);
    // What machines read has none, whatever is asked for.
    let mut command = scratch.harness("report out --format csv");
    command.env("CLICOLOR_FORCE", "1");
    assert!(!printed(command).contains('\u{1b}'));
    let mut wrong = scratch.harness("report nowhere");
    wrong.env("CLICOLOR_FORCE", "1");
    wrong.assert().code(2).stderr(contains("\u{1b}[31merror:").and(contains("nowhere")));
    scratch
        .harness("report nowhere")
        .assert()
        .code(2)
        .stderr(predicates::str::starts_with("error: nowhere"));
}

#[test]
fn tables_fit_eighty_columns() {
    let scratch = Scratch::new();
    let words = "compare --backends array,rbtree,section,s-tree,btree --array-capacity unlimited --lookups 100 --runs 3 \
                 --layout paper-32x8 --layout frag-1mb --mode trace,chain --out many";
    let outputs = [
        printed(scratch.compare("")),
        printed(scratch.harness(words)),
        printed(scratch.harness("compare --from out --from out")),
        printed(scratch.harness("doctor")),
    ];
    for text in outputs {
        let widest = text.lines().max_by_key(|line| line.chars().count()).unwrap_or_default();
        assert!(widest.chars().count() <= 80, "{widest}");
    }
}

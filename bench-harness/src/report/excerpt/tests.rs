//! Tables made of made-up runs: what is asked for comes out, and what cannot is said.

use super::{Data, ExcerptError, Request, Source, excerpt};
use crate::record::{ChurnRun, ChurnSummaryRow, Environment, Run, Status, SummaryRow};
use crate::report::synthetic::{Cost, Maker, reproduction};

const PAIR: [Cost<'_>; 2] = [Cost("array", 9.0, 0.02), Cost("rbtree", 14.0, 0.02)];

fn field() -> Run {
    let mut maker = Maker::new();
    for (mode, scale) in [("trace", 1.0), ("chain", 2.0)] {
        for layout in ["frag-1mb", "frag-1gb"] {
            let costs = PAIR.map(|Cost(name, ns, spread)| Cost(name, scale * ns, spread));
            maker.batch(layout, 1_000_000, 8, 1.0, &costs).asked(["uniform", mode, "page"]);
        }
    }
    maker.run
}

fn asked(asked: &str, data: &[&Data]) -> Result<String, ExcerptError> {
    let files = ["README.md".to_owned(), "report/figure1-runs-paper-32x8.svg".to_owned()];
    let sources: Vec<Source<'_>> = data
        .iter()
        .map(|data| Source { name: "2026-a", link: "results/2026-a", files: &files, data })
        .collect();
    excerpt(&Request::parse(asked)?, &sources, Some("docs/METHODOLOGY.md"))
}

fn said(words: &str, data: &[&Data]) -> String {
    asked(words, data).expect_err("cannot be made").to_string()
}

/// Heads, and the names of each row.
fn outline(table: &str) -> Vec<String> {
    let first = |line: &str| line.split(" ± ").next().unwrap_or(line).to_owned();
    table.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, line)| first(line)).collect()
}

#[test]
fn backends_run_down_and_the_rest_across() {
    let run = Data::Lookups(Box::new(field()));
    let table = asked("table=ns layout=frag-1gb,frag-1mb mode=chain", &[&run]).expect("a table");
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "| backend | `frag-1gb` | `frag-1mb` |");
    assert_eq!(lines[1], "|---|---:|---:|");
    assert!(
        lines[2].starts_with("| `array` | 1") && lines[3].starts_with("| `rbtree` | 2"),
        "{table}"
    );
    assert_eq!(lines.len(), 4);
    // Every figure is that of the record, rounded.
    let Data::Lookups(run) = run else { unreachable!("as made above") };
    let row = run
        .summary
        .iter()
        .find(|row| [&row.layout, &row.mode, &row.backend] == ["frag-1gb", "chain", "array"]);
    let ns = row.and_then(|row| row.net_ns_per_lookup).expect("a figure");
    assert!(lines[2].contains(&format!("| {ns:.2} ±")), "{ns} {table}");
}

#[test]
fn tables_are_turned_and_empty_columns_left_out() {
    let run = Data::Lookups(Box::new(field()));
    let table =
        asked("table=ns,change rows=layout,mode layout=frag-1mb", &[&run]).expect("a table");
    let head = "| layout | mode | `array`, ns | `rbtree`, ns | `rbtree`, change, % |";
    assert_eq!(outline(&table)[0], head);
    assert!(
        table.contains("\n| `frag-1mb` | `trace` | ")
            && table.contains("\n| `frag-1mb` | `chain` | ")
    );
    let corner = "table=factor corner=layout,mode layout=frag-1mb mode=trace backend=rbtree";
    let table = asked(corner, &[&run]).expect("a table");
    assert_eq!(outline(&table)[0], "| `frag-1mb`, `trace` | times as fast |");
    assert!(table.contains("| `rbtree` | 0."), "{table}");
}

#[test]
fn what_was_not_measured_is_named_with_what_was() {
    let run = Data::Lookups(Box::new(field()));
    let of = |words| said(words, &[&run]);
    assert_eq!(
        of("table=ns mode=inline"),
        "mode: nothing called `inline` was measured in 2026-a; there are trace, chain"
    );
    assert!(of("table=ns scenario=build").contains("unknown key `scenario`; known: layout, mode"));
    assert!(
        of("table=churn-time").contains("2026-a is a run of lookups, and this table is made of")
    );
    assert!(of("table=change backend=array").contains("no figure in 2026-a fits"));
    assert!(of("table=break-even").contains("no figure in 2026-a fits"));
    assert!(of("").contains("no run of `reproduce`"));
}

#[test]
fn names_cannot_break_out_of_a_table() {
    let mut maker = Maker::new();
    maker.batch("a|b`c", 1_000, 3, 1.0, &[Cost("array", 5.0, 0.1), Cost("<x>\n", 6.0, 0.1)]);
    let run = Data::Lookups(Box::new(maker.run));
    let table = asked("table=ns", &[&run]).expect("a table");
    assert_eq!(table.lines().count(), 4, "{table}");
    let table = asked("table=ns rows=layout", &[&run]).expect("a table");
    assert!(table.contains("| a\\|b\\`c | "), "{table}");
}

#[test]
fn the_papers_experiments_in_short() {
    let mut run = reproduction(12);
    run.environment.command_line =
        ["bench-harness", "reproduce", "--profile", "paper"].map(String::from).to_vec();
    run.environment.started = "2026-11-21T07:58:08Z".to_owned();
    let row = |run: &Run| {
        run.comparison.iter().find(|row| row.lookups == 100_000_000).cloned().expect("the largest")
    };
    let shown = format!("takes {:.1} % longer", row(&run).gross_change_pct.expect("a change"));
    let source = Data::Lookups(Box::new(run.clone()));
    let block = asked("", &[&source]).expect("a block");
    for part in [
        "Profile `paper`, recorded 2026-11-21 on a",
        "[2026-a](results/2026-a/README.md).",
        shown.as_str(),
        "The paper prints 5.59 %",
        "(results/2026-a/report/figure1-runs-paper-32x8.svg)\n",
        "\n| `paper-32x8` | ",
        "within this one process",
        "[METHODOLOGY](docs/METHODOLOGY.md)",
    ] {
        assert!(block.replace('\n', " ").contains(&part.replace('\n', " ")), "{part}: {block}");
    }
    let prose = block.lines().filter(|line| !line.starts_with(['|', '!']));
    assert!(prose.clone().all(|line| line.chars().count() <= 110), "{block}");
    // Faster, of several processes, and not told apart: other words.
    for row in &mut run.comparison {
        row.gross_change_pct = row.gross_change_pct.map(|pct| -pct);
        row.unit = "process".to_owned();
        row.units = 7;
        row.verdict = Some("inconclusive".to_owned());
    }
    let block = asked("", &[&Data::Lookups(Box::new(run))]).expect("a block").replace('\n', " ");
    for part in [" % less time than `array`", " over 7 processes", "verdict: inconclusive"] {
        assert!(block.contains(part), "{part}: {block}");
    }
}

#[test]
fn plugging_has_tables_and_meets_lookups_in_the_break_even() {
    let churned = |backend: &str, ns: f64| ChurnSummaryRow {
        ns_per_operation: Some(ns),
        segments_before: Some(33),
        ..ChurnSummaryRow::declared(
            ["frag-1mb", "replug", backend],
            Status::Ok,
            Some("rbtree"),
            1.0,
        )
    };
    let summary = vec![churned("rbtree", 200.0), churned("array-rebuild", 1_200.0)];
    let environment = Environment::blank();
    let churn = Data::Churn(Box::new(ChurnRun { rows: Vec::new(), summary, environment }));
    let table = asked("table=churn-time segments=yes", &[&churn]).expect("a table");
    assert_eq!(table.lines().last(), Some("| `array-rebuild` | 1.20 µs |"));
    assert!(said("table=ns", &[&churn]).contains("is a run of `churn`"));
    let run = field();
    let net = |backend: &str| {
        let row = run
            .summary
            .iter()
            .find(|row| [&row.layout, &row.mode, &row.backend] == ["frag-1mb", "trace", backend]);
        row.and_then(|row| row.net_ns_per_lookup).expect("a figure")
    };
    let lookups = 1_000.0 / (net("rbtree") - net("array"));
    let run = Data::Lookups(Box::new(run));
    let table = asked("table=break-even mode=trace", &[&run, &churn]).expect("a table");
    let last = table.lines().last().expect("a row");
    assert!(
        last.ends_with(&format!(" | {} |", super::figures::significant(lookups, 2))),
        "{lookups} {table}"
    );
    // Turned round, there is nothing to catch up with.
    let Data::Churn(mut dear) = churn else { unreachable!("as made above") };
    dear.summary[0].ns_per_operation = Some(5_000.0);
    let table = asked("table=break-even", &[&run, &Data::Churn(dear)]).expect("a table");
    assert!(table.ends_with("| – |\n"), "{table}");
}

#[test]
fn what_plugins_take_themselves_comes_from_the_samples() {
    let costs =
        [Cost("array", 10.0, 0.0), Cost("plugin:a|b.so", 12.0, 0.0), Cost("abi:null", 3.0, 0.0)];
    let mut maker = Maker::new();
    maker.batch("frag-1mb", 1_000_000, 10, 2.0, &costs);
    let run = Data::Lookups(Box::new(maker.run));
    let table = asked("table=own", &[&run]).expect("a table");
    let rows: Vec<&str> = table.lines().skip(2).collect();
    // Of the array and of the control there is no such figure; 9 ns for 8 are 12.5 % more.
    assert_eq!(rows.len(), 1, "{table}");
    assert!(rows[0].starts_with("| plugin:a\\|b.so | +12."), "{table}");
}

/// Rows of a run that a test changes.
fn rows<'r>(run: &'r mut Run, backend: &'r str) -> impl Iterator<Item = &'r mut SummaryRow> {
    run.summary.iter_mut().filter(move |row| row.backend == backend)
}

#[test]
fn what_two_runs_measured_is_not_mixed() {
    // The first run could not measure the tree on one layout, and compares it with nothing on the other.
    let (mut first, mut second) = (field(), field());
    for row in rows(&mut first, "rbtree").filter(|row| row.layout == "frag-1mb") {
        row.status = Status::Unsupported("too many".to_owned());
        row.ns_per_lookup = None;
        row.net_ns_per_lookup = None;
        row.net_margin95_s = None;
    }
    first.comparison.clear();
    for row in rows(&mut second, "rbtree") {
        row.net_ns_per_lookup = Some(77.0);
    }
    for row in rows(&mut second, "array") {
        row.net_ns_per_lookup = Some(7.0);
    }
    for row in &mut second.comparison {
        [row.net_change_pct, row.net_low_pct, row.net_high_pct] = [Some(1000.0), None, None];
    }
    let net = rows(&mut first, "rbtree").find_map(|row| row.net_ns_per_lookup).expect("measured");
    let runs = [first, second].map(|run| Data::Lookups(Box::new(run)));
    let words = "table=ns,change,difference rows=layout mode=trace backend=rbtree";
    let table = asked(words, &[&runs[0], &runs[1]]).expect("a table");
    let of = |layout: &str| {
        let line = table.lines().find(|line| line.contains(layout)).expect("a row");
        line.split(" | ").skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    // All of the second run, also what is taken off.
    let cells = of("frag-1mb");
    assert!(cells[0].starts_with("77.00") && cells[1] == "+1,000.0", "{table}");
    assert_eq!(cells[2], "+70.0 |");
    // All of the first, which has no reference.
    let cells = of("frag-1gb");
    assert!(cells[0].starts_with(&format!("{net:.2} ±")), "{net} {table}");
    assert_eq!(cells[1..], ["–", "– |"]);
}

#[test]
fn a_change_that_was_not_measured_comes_from_the_next_run() {
    let churned = |ns: Option<f64>, backend: &str| ChurnSummaryRow {
        ns_per_operation: ns,
        ..ChurnSummaryRow::declared(["a", "replug", backend], Status::Ok, Some("rbtree"), 1.0)
    };
    let run = |summary| {
        let environment = Environment::blank();
        Data::Churn(Box::new(ChurnRun { rows: Vec::new(), summary, environment }))
    };
    let first = run(vec![churned(None, "rbtree"), churned(Some(9_000.0), "array-rebuild")]);
    let second = run(vec![churned(Some(200.0), "rbtree"), churned(Some(1_200.0), "array-rebuild")]);
    let table = asked("table=churn-time", &[&first, &second]).expect("a table");
    assert!(table.contains("| `rbtree` | 200 ns |"), "{table}");
    // What is set against each other is of one run, though the first has one of the two.
    let mut maker = Maker::new();
    maker.batch("a", 1_000, 8, 1.0, &PAIR);
    let lookups = Data::Lookups(Box::new(maker.run));
    let table = asked("table=break-even", &[&lookups, &first, &second]).expect("a table");
    assert!(table.contains("| `a` | 1.20 µs | 200 ns |"), "{table}");
}

#[test]
fn the_break_even_is_of_the_largest_number_of_lookups() {
    let mut maker = Maker::new();
    maker.batch("a", 1_000, 8, 1.0, &[Cost("array", 9.0, 0.0), Cost("rbtree", 109.0, 0.0)]);
    maker.batch("a", 1_000_000, 8, 1.0, &[Cost("array", 9.0, 0.0), Cost("rbtree", 14.0, 0.0)]);
    let lookups = Data::Lookups(Box::new(maker.run));
    let churned = |ns: f64, backend: &str| ChurnSummaryRow {
        ns_per_operation: Some(ns),
        ..ChurnSummaryRow::declared(["a", "replug", backend], Status::Ok, Some("rbtree"), 1.0)
    };
    let summary = vec![churned(200.0, "rbtree"), churned(1_200.0, "array-rebuild")];
    let environment = Environment::blank();
    let churn = Data::Churn(Box::new(ChurnRun { rows: Vec::new(), summary, environment }));
    let table = asked("table=break-even", &[&lookups, &churn]).expect("a table");
    assert!(table.contains("| 5.00 ns | 200 |"), "{table}");
}

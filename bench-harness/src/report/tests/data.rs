//! The numbers beside the figures: the same as in the records, harmless in a spreadsheet, one file a figure.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::{MANY, oddities};
use crate::record::{BASELINE, Run};
use crate::report::figure::STEMS;
use crate::report::synthetic::{Cost, Maker, crowd, reproduction};
use crate::report::{PAGE, render};

/// A line of numbers by the heads of its columns.
type Line = BTreeMap<String, String>;

/// The data of every figure by the name of the file, each as long as its head in every line.
fn data(run: &Run) -> BTreeMap<String, Vec<Line>> {
    let folder = tempfile::tempdir().unwrap();
    let written = render(run, folder.path()).unwrap();
    let named = |extension: &str| {
        let of = |path: &&std::path::PathBuf| path.extension().is_some_and(|e| e == extension);
        let stem = |path: &std::path::PathBuf| path.file_stem().unwrap().to_owned();
        written.iter().filter(of).map(stem).collect::<Vec<_>>()
    };
    assert_eq!(named("svg"), named("csv"), "a figure and its numbers have one name");
    let csv = written.iter().filter(|path| path.extension().is_some_and(|e| e == "csv"));
    csv.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), lines(path))).collect()
}

fn lines(path: &Path) -> Vec<Line> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let heads = reader.headers().unwrap().clone();
    let key = ["layout", "workload", "mode", "target", "rng", "lookups", "backend"];
    assert_eq!(heads.iter().take(7).collect::<Vec<_>>(), key);
    reader.deserialize().map(|line| line.unwrap()).collect()
}

fn number(line: &Line, column: &str) -> Option<f64> {
    Some(line[column].as_str())
        .filter(|field| !field.is_empty())
        .map(|field| field.parse().unwrap())
}

/// Bit for bit.
fn same(line: &Line, column: &str, value: Option<f64>) {
    let found = number(line, column);
    assert_eq!(found.map(f64::to_bits), value.map(f64::to_bits), "{column} of {line:?}");
}

/// Whether a row of the records is that of a line.
fn is_of(line: &Line, [layout, mode, backend]: [&str; 3], lookups: u64) -> bool {
    line["layout"] == layout
        && line["mode"] == mode
        && line["backend"] == backend
        && line["lookups"] == lookups.to_string()
}

fn agrees(run: &Run, file: &str, line: &Line) {
    let summary = run
        .summary
        .iter()
        .find(|row| is_of(line, [&row.layout, &row.mode, &row.backend], row.lookups))
        .unwrap_or_else(|| panic!("{file}: no row of {line:?}"));
    let comparison = run
        .comparison
        .iter()
        .find(|row| is_of(line, [&row.layout, &row.mode, &row.backend], row.lookups));
    let timed = |column: &str| {
        let round = (line["process"].as_str(), line["round"].as_str());
        let sample = run.samples.iter().find(|row| {
            is_of(line, [&row.layout, &row.mode, &row.backend], row.lookups)
                && round == (&row.process.to_string(), &row.round.to_string())
        });
        same(line, column, sample.map(|sample| sample.elapsed_ns as f64 / 1e9));
    };
    let ns = |seconds: Option<f64>| seconds.map(|s| s * 1e9 / summary.lookups.max(1) as f64);
    match &file[..4] {
        "figu" if line.contains_key("what") => {
            match line["what"].as_str() {
                "mean" => same(line, "time_s", summary.mean_s),
                "min" => same(line, "time_s", summary.min_s),
                "max" => same(line, "time_s", summary.max_s),
                "run" => timed("time_s"),
                "low_95" => assert!(number(line, "time_s") < summary.mean_s),
                "high_95" => assert!(number(line, "time_s") > summary.mean_s),
                _ => assert!(!summary.status.is_ok(), "{line:?}"),
            }
            assert_eq!(line["status"], summary.status.to_string());
        }
        "figu" => {
            same(line, "net_ns_per_lookup", summary.net_ns_per_lookup);
            same(line, "net_margin95_ns", ns(summary.net_margin95_s));
            assert_eq!(number(line, "segments"), summary.segments.map(|n| n as f64));
        }
        "cost" => {
            same(line, "ns_per_lookup", ns(summary.mean_s));
            same(line, "max_ns", ns(summary.max_s));
        }
        "roun" => {
            same(line, "median_s", summary.median_s);
            timed("time_s");
        }
        "dist" => same(line, "median_s", summary.median_s),
        "chan" | "fore" if line["source"] == "paper" => {
            assert_eq!([line["layout"].as_str(), &line["backend"]], ["paper-32x8", "rbtree"]);
        }
        "chan" | "fore" => {
            let row = comparison.unwrap();
            let net = line["panel"] == "net";
            let (change, low) = if net {
                (row.net_change_pct, row.net_low_pct)
            } else {
                (row.gross_change_pct, row.gross_low_pct)
            };
            same(line, "change_pct", change);
            same(line, "low_pct", low);
            assert_eq!(number(line, "rounds"), Some(row.rounds as f64));
            assert_eq!(number(line, "units"), Some(row.units as f64));
            assert_eq!(line["unit"], row.unit);
            let verdict = row.verdict.as_deref().filter(|_| !net).unwrap_or_default();
            assert_eq!(line["verdict"], verdict);
        }
        other => panic!("a figure that no test knows: {other}"),
    }
}

#[test]
fn the_numbers_of_every_figure_are_those_of_the_records() {
    let mut maps = crowd(&[["uniform", "trace", "page"]], 5);
    let real = |layout: &mut String| *layout = layout.replace("frag-", "real-");
    maps.summary.iter_mut().for_each(|row| real(&mut row.layout));
    maps.comparison.iter_mut().for_each(|row| real(&mut row.layout));
    maps.samples.iter_mut().for_each(|row| real(&mut row.layout));
    let mut seen = BTreeSet::new();
    for run in [reproduction(6), maps] {
        for (file, lines) in data(&run) {
            assert!(!lines.is_empty(), "{file}");
            for line in &lines {
                agrees(&run, &file, line);
            }
            seen.insert(file);
        }
    }
    for (stem, _) in STEMS {
        assert!(seen.iter().any(|file| file.starts_with(stem)), "{stem}: {seen:?}");
    }
}

#[test]
fn every_run_is_a_step_of_its_distribution_and_a_point_of_its_rounds() {
    let run = reproduction(8);
    let data = data(&run);
    for (file, backends) in [("distribution", 2), ("rounds", 3)] {
        let lines = &data[&format!("{file}-frag-1mb.csv")];
        assert_eq!(lines.len(), 8 * backends, "{file}");
    }
    let steps: Vec<&Line> = data["distribution-frag-1mb.csv"]
        .iter()
        .filter(|line| line["backend"] == "array")
        .collect();
    for (rank, pair) in (1..).zip(steps.windows(2)) {
        assert_eq!(number(pair[0], "rank"), Some(f64::from(rank)));
        assert!(number(pair[0], "time_s") <= number(pair[1], "time_s"));
    }
    assert_eq!(number(steps[7], "share"), Some(1.0));
    assert!(data["rounds-frag-1mb.csv"].iter().any(|line| line["backend"] == BASELINE));
}

/// The paper's mark stands where the paper measured, and nowhere else.
#[test]
fn the_forest_has_a_row_for_every_comparison_in_the_order_of_the_page() {
    let data = data(&reproduction(6));
    let rows = &data["forest.csv"];
    let layouts: Vec<&str> = rows
        .iter()
        .filter(|line| line["source"] == "measured")
        .map(|line| line["layout"].as_str())
        .collect();
    let order =
        ["paper-32x8", "frag-1mb", "frag-64mb", "frag-64mb-as-run", "frag-128mb", "frag-256mb"];
    assert_eq!(layouts, order);
    let paper: Vec<&Line> = rows.iter().filter(|line| line["source"] == "paper").collect();
    assert_eq!(paper.len(), 1);
    assert!((number(paper[0], "change_pct").unwrap() - 5.9016).abs() < 1e-4);
    assert!(number(paper[0], "low_pct").is_some_and(|low| (4.8..4.9).contains(&low)));
    assert_eq!(paper[0]["lookups"], "100000000");
}

/// Neither addresses drawn beforehand nor handles nor another workload are what the paper timed.
#[test]
fn the_papers_mark_stands_only_where_the_paper_measured() {
    let run = |setting: [&str; 3]| {
        let mut maker = Maker::new();
        let pair = [Cost("array", 7.4, 0.02), Cost("rbtree", 12.1, 0.03)];
        for lookups in [1_000_000, 100_000_000] {
            maker.batch("paper-32x8", lookups, 6, 1.5, &pair).asked(setting);
            maker.batch("frag-1mb", lookups, 6, 1.5, &pair).asked(setting);
        }
        maker.run
    };
    let papers = |setting| {
        let data = data(&run(setting));
        let change = data.iter().filter(|(name, _)| name.starts_with("change-paper-32x8"));
        let forest = data.iter().filter(|(name, _)| name.starts_with("forest"));
        let of_paper = |lines: &Vec<Line>| lines.iter().filter(|l| l["source"] == "paper").count();
        (change.map(|(_, l)| of_paper(l)).sum(), forest.map(|(_, l)| of_paper(l)).sum())
    };
    // Two numbers of lookups gross, and the larger net; in the forest the larger.
    let papers: &dyn Fn([&'static str; 3]) -> (usize, usize) = &papers;
    assert_eq!(papers(["uniform", "inline", "page"]), (3, 1));
    for other in [
        ["uniform", "trace", "page"],
        ["uniform", "inline", "handle"],
        ["zipf:1.1", "inline", "page"],
    ] {
        assert_eq!(papers(other), (0, 0), "{other:?}");
    }
}

#[test]
fn the_running_median_follows_a_step_of_the_machine() {
    let mut maker = Maker::new();
    let pair = [Cost("array", 7.4, 0.001), Cost("rbtree", 12.1, 0.001)];
    maker.batch("steps", 1_000_000, 40, 1.5, &pair);
    // From round 20 on everything takes half as long again; in round 5 the array is interrupted.
    for row in &mut maker.run.samples {
        row.elapsed_ns = if row.round >= 20 { row.elapsed_ns * 3 / 2 } else { row.elapsed_ns };
        let interrupted = row.round == 5 && row.backend == "array";
        row.elapsed_ns *= if interrupted { 30 } else { 1 };
    }
    let data = data(&maker.run);
    let array: Vec<&Line> =
        data["rounds-steps.csv"].iter().filter(|line| line["backend"] == "array").collect();
    let running = |round: usize| number(array[round], "running_median_pct").unwrap();
    let change = |round: usize| number(array[round], "change_from_median_pct").unwrap();
    assert!(change(5) > 1000.0 && running(5) < 10.0, "{} {}", change(5), running(5));
    assert!(running(30) - running(10) > 40.0, "{} {}", running(30), running(10));
    let folder = tempfile::tempdir().unwrap();
    render(&maker.run, folder.path()).unwrap();
    let svg = fs::read_to_string(folder.path().join("rounds-steps.svg")).unwrap();
    assert!(svg.contains("beyond the scale") && svg.contains("to +2"), "the arrow says how far");
}

#[test]
fn of_few_runs_neither_distribution_nor_rounds_are_drawn() {
    let files = |runs| {
        let data = data(&reproduction(runs));
        data.keys().filter(|file| file.starts_with("rounds") || file.starts_with("dist")).count()
    };
    assert_eq!((files(4), files(5)), (0, 12));
}

#[test]
fn of_many_backends_only_the_main_setting_has_them_and_the_page_says_so() {
    let run = crowd(&MANY, 5);
    let folder = tempfile::tempdir().unwrap();
    let written = render(&run, folder.path()).unwrap();
    let names = written.iter().map(|path| path.file_name().unwrap().to_string_lossy());
    let rounds: Vec<_> =
        names.filter(|name| name.starts_with("rounds-") && name.ends_with(".svg")).collect();
    assert_eq!(rounds.len(), 8, "one a layout: {rounds:?}");
    let page = fs::read_to_string(folder.path().join(PAGE)).unwrap();
    assert!(page.contains("Distributions and rounds are drawn for"), "{page}");
    assert!(!super::super::page::report(&reproduction(5)).contains("are drawn for"));
}

const FORMULAS: [&str; 5] =
    ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "<script>alert(1)</script>\n=1+1"];

#[test]
fn hostile_names_are_text_in_the_numbers_and_in_the_figures() {
    let mut maker = Maker::new();
    for layout in FORMULAS {
        let costs = [Cost(FORMULAS[0], 7.4, 0.02), Cost(FORMULAS[4], 12.1, 0.03)];
        maker.batch(layout, 1000, 6, 1.5, &costs);
        maker.unsupported(layout, 1000, FORMULAS[1], FORMULAS[3]);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut runs = oddities();
    runs.push(("formulas", maker.run));
    for (name, run) in runs {
        for path in render(&run, folder.path()).unwrap() {
            let text = fs::read_to_string(&path).unwrap();
            match path.extension().unwrap().to_str().unwrap() {
                "csv" => {
                    for field in lines(&path).iter().flat_map(BTreeMap::values) {
                        let formula = field.trim_start().starts_with(['=', '+', '-', '@']);
                        assert!(!formula || field.parse::<f64>().is_ok(), "{name}: {field}");
                        assert!(!field.contains(char::is_control), "{name}: {field}");
                    }
                }
                "svg" => assert!(roxmltree::Document::parse(&text).is_ok(), "{name}"),
                "html" => continue, // has a script of its own, and tests
                _ => {}
            }
            assert!(!text.contains("<script") || path.extension().unwrap() == "csv", "{name}");
        }
    }
}

#[test]
fn numbers_of_an_earlier_report_go_with_their_figures_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    render(&reproduction(6), folder.path()).unwrap();
    let stale = ["cost-paper-32x8", "rounds-frag-1mb", "distribution-frag-1mb", "forest"];
    let is_there =
        |name: &str, extension: &str| folder.path().join(format!("{name}.{extension}")).exists();
    assert!(stale.iter().all(|name| is_there(name, "svg") && is_there(name, "csv")));
    fs::write(folder.path().join("cost-mine.csv"), "mine").unwrap();
    let mut other = Maker::new();
    other.batch("paper-32x8", 1000, 6, 1.5, &[Cost("array", 7.4, 0.02)]);
    render(&other.run, folder.path()).unwrap();
    for name in &stale[1..] {
        assert!(!is_there(name, "svg") && !is_there(name, "csv"), "{name}");
    }
    assert!(is_there("cost-mine", "csv"), "a file of that name alone may be somebody's");
}

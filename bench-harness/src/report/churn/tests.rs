//! The report is the same for the same records, fits a terminal, and stands hostile names.

use super::*;
use crate::record::{ChurnRow, EXTENT, Environment, Occupancy, Status, summarise_churn};

/// Two backends and the extent in two scenarios, one that cannot do the second.
fn run(layout: &str) -> ChurnRun {
    let mut declared = Vec::new();
    let mut rows = Vec::new();
    for (scenario, second) in [("build", true), ("replug", false)] {
        for (index, backend) in ["array", "<rb&tree>", EXTENT].into_iter().enumerate() {
            let able = second || index != 0;
            let status = if able {
                Status::Ok
            } else {
                Status::Unsupported("this backend takes no segment after boot".to_owned())
            };
            let mut row = ChurnSummaryRow::declared(
                [layout, scenario, backend],
                status,
                Some("array").filter(|_| backend != EXTENT),
                1.0,
            );
            if able && backend != EXTENT {
                let (bytes_total, frames) = (783_456, 33_207);
                row.occupied([0, 8_161].map(|segments| Occupancy {
                    segments,
                    frames: if segments > 0 { frames } else { 0 },
                    bytes_total: Some(bytes_total),
                    bytes_index: Some(bytes_total),
                }));
            }
            declared.push(row);
            rows.extend((0..if able { 6 } else { 0 }).map(|round| ChurnRow {
                run_id: "run".to_owned(),
                round,
                position: 0,
                layout: layout.to_owned(),
                scenario: scenario.to_owned(),
                backend: backend.to_owned(),
                operations: 8_160,
                elapsed_ns: 1_000_000 * (3 - index as u64) + 1_000 * u64::from(round),
                seed: 1,
            }));
        }
    }
    let environment = Environment { run_id: "run".to_owned(), ..Environment::blank() };
    ChurnRun { summary: summarise_churn(&rows, &declared), rows, environment }
}

#[test]
fn tables_fit_eighty_columns_and_say_who_is_missing() {
    let text = terminal(&run("a-layout-of-some-length"), 80);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(
        text.contains("array: unsupported: this backend takes no segment after boot"),
        "{text}"
    );
    assert!(text.contains("build: 8.16K segments × 6 rounds; change against array"), "{text}");
    assert!(text.contains("memory after build") && text.contains("18.4"), "{text}");
    assert!(text.contains("cut off"), "no end is recorded: {text}");
    // Unpaired times stand beside paired changes, and nobody has to guess which is which.
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "over all rounds of a backend by itself",
        "both from pairs, backend and other in the same round",
    ] {
        assert!(words.contains(said), "{said}: {text}");
    }
}

#[test]
fn what_a_plugin_is_not_timed_with_is_said_wherever_its_figures_stand() {
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut run = run("x");
    let said = "hold a plugin against abi:null";
    assert!(!words(terminal(&run, 80)).contains(said) && method(&run).len() == METHOD.len());
    for row in run.summary.iter_mut().filter(|row| row.backend == "array") {
        row.backend = "plugin:./libmine.so".to_owned();
    }
    let text = terminal(&run, 80);
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(words(text).contains(said) && method(&run).last() == Some(&CALLED));
}

#[test]
fn the_same_records_give_the_same_page_and_figure() {
    let folder = tempfile::tempdir().expect("folder");
    let [first, second] = ["a", "b"].map(|name| {
        let files = render(&run("x|<y>"), &folder.path().join(name)).expect("rendered");
        files.iter().map(|path| std::fs::read_to_string(path).expect("text")).collect::<Vec<_>>()
    });
    assert_eq!(first, second);
    let [figure, data, html, page] = first.as_slice() else {
        panic!("a figure, its numbers, two pages")
    };
    let mut rows = csv::Reader::from_reader(data.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a line")).collect();
    let marks = |scenario: &str| rows.iter().filter(|row| &row[1] == scenario).count();
    assert_eq!((marks("build"), marks("replug")), (3, 2), "the extent's with it: {data}");
    assert!(rows.iter().all(|row| &row[0] == "x|<y>" && &row[3] == "6"), "{data}");
    html::tests::check("churn", html);
    assert!(
        html.contains("x|&#60;y&#62;, build") && html.contains("&#60;rb&#38;tree&#62;"),
        "{html}"
    );
    let svg = roxmltree::Document::parse(figure).expect("well-formed");
    let text: String = svg.descendants().filter_map(|node| node.text()).collect();
    // `array` looks as it does in every other figure.
    assert!(figure.contains("#0072B2"), "{figure}");
    for word in ["Plug and unplug", "replug", "extent", "<rb&tree>", "8.16K"] {
        assert!(text.contains(word), "`{word}` is not in the figure");
    }
    assert!(page.contains("x\\|&lt;y&gt;") && page.contains("churn-x-y.svg"), "{page}");
}

#[test]
fn nothing_declared_is_nothing_to_report() {
    let mut empty = run("x");
    empty.summary.clear();
    let folder = tempfile::tempdir().expect("folder");
    assert!(matches!(render(&empty, folder.path()), Err(ReportError::NothingMeasured)));
}

#[test]
fn a_figure_of_a_run_that_was_cut_off_says_how_few_rounds_a_mark_may_have() {
    let caption_of = |run: &ChurnRun| {
        let folder = tempfile::tempdir().expect("folder");
        let files = render(run, folder.path()).expect("rendered");
        let svg = std::fs::read_to_string(&files[0]).expect("text");
        let document = roxmltree::Document::parse(&svg).expect("well-formed");
        document.descendants().filter_map(|node| node.text()).collect::<String>()
    };
    let whole = run("x");
    assert!(caption_of(&whole).contains("n = 6 rounds a mark"));
    let mut rows = whole.rows.clone();
    rows.retain(|row| row.scenario == "build" || row.round < 2);
    let cut = ChurnRun { summary: summarise_churn(&rows, &whole.summary), rows, ..whole };
    assert!(caption_of(&cut).contains("n = 2 to 6 rounds a mark"));
}

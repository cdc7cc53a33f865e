//! Tables and pages: as approved, no wider than the terminal, and what many backends leave out.

use std::fs;

use super::{MANY, oddities, small};
use crate::record::{BASELINE, Run};
use crate::report::synthetic::{Cost, Maker, crowd, reproduction};
use crate::report::{PAGE, headline, page, render, terminal};

#[test]
fn terminal_tables_look_as_approved() {
    insta::assert_snapshot!(terminal::tables(&small(), 80));
}

/// Many backends on many layouts: matrices, the last layout's memory, and who is the fastest.
#[test]
fn the_terminal_has_room_for_many_backends() {
    let run = crowd(&[["uniform", "trace", "page"], ["zipf:1.1", "cold:16", "touch"]], 5);
    insta::assert_snapshot!(terminal::tables(&run, 80));
}

#[test]
fn the_page_looks_as_approved() {
    insta::assert_snapshot!(page::report(&small()));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut runs = oddities();
    runs.push(("reproduction", reproduction(20)));
    runs.push(("crowd", crowd(&MANY, 3)));
    for (name, run) in runs {
        for width in [80, 100, 160] {
            for line in terminal::tables(&run, width).lines() {
                let columns = unicode_width::UnicodeWidthStr::width(line);
                assert!(columns <= width, "{name}, {columns} > {width}: {line}");
            }
        }
    }
}

#[test]
fn many_backends_leave_the_tables_of_configurations_to_the_page() {
    let run = crowd(&[["uniform", "trace", "page"]], 5);
    let (terminal, page) = (terminal::tables(&run, 80), page::report(&run));
    assert!(!terminal.contains("lookups a batch (") && terminal.contains("report.md"));
    assert_eq!(page.matches("lookups a batch (uniform").count(), 8);
    for text in [&terminal, &page] {
        assert_eq!(text.matches("dense: unsupported:").count(), 1);
    }
    let sentence = headline(&run).unwrap();
    assert!(
        sentence.starts_with("section is ")
            && sentence.contains("x faster than array on paper-32x8 [")
    );
    assert!(sentence.contains("controls left out: direct, dense"), "{sentence}");
}

#[test]
fn unsupported_backends_are_shown_with_their_reason() {
    let folder = tempfile::tempdir().unwrap();
    render(&small(), folder.path()).unwrap();
    let figure = fs::read_to_string(folder.path().join("figure1-runs-paper-32x8.svg")).unwrap();
    assert!(figure.contains("unsupported:") && figure.contains("contig"));
    let page = fs::read_to_string(folder.path().join(PAGE)).unwrap();
    assert!(page.contains("unsupported: capacity 1 &lt; 32 segments"));
    assert!(
        terminal::tables(&small(), 80).contains("contig: unsupported: capacity 1 < 32 segments")
    );
}

#[test]
fn the_baseline_is_in_the_tables_and_the_cost_figure() {
    let folder = tempfile::tempdir().unwrap();
    render(&small(), folder.path()).unwrap();
    let cost = fs::read_to_string(folder.path().join("cost-paper-32x8.svg")).unwrap();
    assert!(cost.contains("baseline: the generator alone"));
    assert!(terminal::tables(&small(), 80).contains(BASELINE));
}

/// Three questions on two layouts, asked in this order, with what a run tells of both modes.
fn questions() -> Run {
    let mut maker = Maker::new();
    let pair = [Cost("array", 7.0, 0.02), Cost("rbtree", 12.0, 0.02)];
    for layout in ["x", "y"] {
        for setting in
            [["uniform", "trace", "page"], ["hits", "cold:16", "page"], ["hits", "chain", "page"]]
        {
            maker.batch(layout, 1_000_000, 6, 1.5, &pair).asked(setting);
        }
    }
    let mut run = maker.run;
    for mode in ["inline", "trace"] {
        let mut rows = run.samples.clone();
        rows.retain(|row| row.mode == "trace");
        for row in &mut rows {
            row.mode = mode.into();
        }
        run.modes.extend(rows);
    }
    run.comparison.iter_mut().for_each(|row| row.floor_pct = Some(1.25));
    run
}

/// The parts of a page, each from its heading to the next.
fn parts(page: &str) -> Vec<&str> {
    page.split("\n### ").skip(1).collect()
}

#[test]
fn tables_stand_in_the_order_in_which_questions_were_asked() {
    let page = page::report(&questions());
    let settings: Vec<&str> = parts(&page)
        .into_iter()
        .filter(|part| part.contains("lookups a batch ("))
        .map(|part| part.split(['(', ')']).nth(1).unwrap())
        .collect();
    let once = ["uniform, trace, page", "hits, cold:16, page", "hits, chain, page"];
    let both = [once, once].concat();
    assert_eq!(settings.len(), both.len());
    for (found, wanted) in settings.iter().zip(both) {
        assert!(found.starts_with(wanted), "{settings:?}");
    }
}

#[test]
fn what_is_true_of_many_tables_is_said_once() {
    let mut run = questions();
    let text = page::report(&run);
    let with = |words: &str| {
        let those = parts(&text).into_iter().filter(|part| part.contains(words));
        those.map(|part| part.lines().next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let modes = with("agree for array, rbtree");
    assert_eq!(modes.len(), 2, "{text}");
    for (title, layout) in modes.iter().zip(["x", "y"]) {
        let start = format!("{layout}, 1M lookups a batch (uniform, trace, page");
        assert!(title.starts_with(&start), "{modes:?}");
    }
    assert_eq!(with("built step by step").len(), 2);
    assert_eq!(with("% of lookups find a page").len(), 6);
    // What intervals leave out stands below the first comparison; below the others what differs there.
    assert_eq!(text.matches("Intervals speak of one process").count(), 1);
    let floors = with("By its twin, placement moves array by up to 1.25 % here.");
    assert_eq!(floors.len(), 5);
    assert!(
        with("Intervals speak of one process")[0].starts_with("Change of time against array, x")
    );
    // Where neither mode was asked for it belongs nowhere.
    let words = "of \\`inline\\` and";
    assert!(text.contains(words));
    run.summary.retain(|row| row.mode != "trace");
    run.comparison.retain(|row| row.mode != "trace");
    assert!(!page::report(&run).contains(words));
}

//! Tables and pages: as approved, no wider than the terminal, and what many backends leave out.

use std::fs;

use super::{MANY, oddities, small};
use crate::record::BASELINE;
use crate::report::synthetic::{crowd, reproduction};
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

//! What is printed of two recorded runs.

use super::{Recorded, page, tables};
use crate::record::{Run, across_all};
use crate::report::synthetic::{Cost, Maker};

fn run(tree: f64, more: &str) -> Run {
    let mut maker = Maker::new();
    maker.batch("mine", 1_000, 30, 1.4, &[Cost("array", 8.0, 0.01), Cost("rbtree", tree, 0.01)]);
    maker.batch("mine", 10_000, 30, 1.4, &[Cost("array", 8.0, 0.01), Cost(more, tree, 0.01)]);
    maker.run
}

/// A run and another on another machine, cut off, whose tree is a tenth slower.
fn pair() -> [Run; 2] {
    let (mut a, mut b) = (run(10.0, "rbtree"), run(11.0, "array-linear"));
    a.environment.ended = Some("2024-05-06T07:09:10Z".to_owned());
    b.environment.run_id = "20261122T000000Z-0002".to_owned();
    b.environment.cpu_model = "another\u{1b}[31m processor".to_owned();
    b.environment.tool_commit = "fedcba987654".to_owned();
    b.environment.ended = None;
    [a, b]
}

fn shown([a, b]: &[Run; 2]) -> (String, String) {
    let across = across_all(a, b, 0.01);
    let (a, b) = (Recorded { folder: "one", run: a }, Recorded { folder: "two", run: b });
    (tables(a, b, &across, 80), page(a, b, &across))
}

#[test]
fn two_runs_look_as_approved() {
    let (terminal, page) = shown(&pair());
    assert!(terminal.lines().all(|line| line.chars().count() <= 80), "{terminal}");
    insta::assert_snapshot!("terminal", terminal);
    insta::assert_snapshot!("page", page);
}

#[test]
fn one_run_twice_and_an_edited_copy_are_told_apart() {
    let [a, _] = pair();
    let (terminal, _) = shown(&[a.clone(), a.clone()]);
    assert!(terminal.contains("A and B are the same run"), "{terminal}");
    assert!(terminal.contains("no difference of machine"), "{terminal}");
    let mut edited = a.clone();
    edited.samples[0].elapsed_ns += 1;
    let (terminal, _) = shown(&[a, edited]);
    assert!(terminal.contains("one of them was edited"), "{terminal}");
}

#[test]
fn one_round_is_shown_without_an_interval_and_with_the_reason() {
    let [a, mut b] = pair();
    b.samples.retain(|row| row.round == 0);
    let (terminal, page) = shown(&[a, b]);
    let why = "1 round in B: an interval and a verdict need 2.";
    assert!(page.contains(why), "{page}");
    assert!(terminal.replace('\n', " ").contains(why), "{terminal}");
}

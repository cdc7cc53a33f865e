//! What stands beside the paper: its tables on one scale with ours, and what its own numbers say.

use super::{reproduction, small};
use crate::record::Run;
use crate::report::beside;
use crate::report::table::{Room, Table};
use crate::report::view::View;

fn table(run: &Run, room: Room, title: &str) -> Option<Table> {
    let tables = beside::tables(&View::new(run), room);
    tables.into_iter().find(|table| table.title.contains(title))
}

/// The cells of the row that begins so.
fn row<'t>(table: &'t Table, what: &str) -> &'t [String] {
    let found = table.rows.iter().find(|row| row[0].starts_with(what));
    found.unwrap_or_else(|| panic!("{what}: {:?}", table.rows))
}

#[test]
fn every_claim_of_the_paper_has_its_arithmetic_and_our_counterpart() {
    let run = reproduction(12);
    let table = table(&run, Room::Page, "own numbers").expect("a reproduction");
    assert!(table.rows.iter().all(|row| row.len() == 4 && row.iter().all(|cell| cell != "–")));
    let of_array = row(&table, "the change, of the array's");
    assert_eq!(of_array[1], "(8.93254 − 8.43476) / 8.43476");
    let batch = |lookups: u64, backend: &str| {
        let rows = run.summary.iter().filter(|row| row.layout == "paper-32x8");
        let mut rows = rows.filter(|row| row.lookups == lookups);
        rows.find(|row| row.backend == backend).and_then(|row| row.mean_s).expect("a mean")
    };
    // Quotients of means, as the paper's, and not typical changes.
    let [array, tree, baseline] =
        ["array", "rbtree", "baseline"].map(|backend| batch(100_000_000, backend));
    for (what, whole) in [
        ("the change, of the array's", array),
        ("the same, of the tree's", tree),
        ("the same without the generator", array - baseline),
    ] {
        let expected = format!("{:+.1} %", 100.0 * (tree - array) / whole);
        assert_eq!(row(&table, what)[3], expected, "{what}");
    }
    // The made-up batches pay 400 ns each beside their lookups.
    let lookups = batch(100_000_000, "array") / 100_000.0;
    let share = 100.0 * (1.0 - lookups / batch(1_000, "array"));
    let set_up = &row(&table, "part of 1K lookups")[3];
    assert!(set_up.starts_with(&format!("{share:.1} %, ")), "{share} {set_up}");
    let generator = &row(&table, "the generator's part")[3];
    let expected = 100.0 * batch(100_000_000, "baseline") / batch(100_000_000, "array");
    assert_eq!(*generator, format!("{expected:.1} %"));
    assert!(table.notes.iter().any(|note| note.contains("a third of its folded addresses")));
}

#[test]
fn costs_are_set_beside_the_papers_on_one_scale() {
    let run = reproduction(12);
    let table = table(&run, Room::Terminal, "cost of a lookup, by that in a batch of 100M");
    let table = table.expect("several batches");
    assert_eq!(row(&table, "100M")[1..], ["1.00"; 4]);
    // 0.004714 s / 100 by 8.43476 s / 100M.
    assert_eq!(row(&table, "100")[1], "559");
    assert_eq!(row(&table, "100K")[3], "1.28");
}

#[test]
fn a_run_with_little_of_it_has_little_beside_it() {
    let run = small();
    assert!(table(&run, Room::Terminal, "own numbers").is_none(), "not enough for a terminal");
    let page = table(&run, Room::Page, "own numbers").expect("the paper's layout");
    assert_eq!(row(&page, "time of 100 lookups")[3], "–");
    let mut other = small();
    for row in &mut other.summary {
        row.layout = format!("my-{}", row.layout);
    }
    for row in &mut other.comparison {
        row.layout = format!("my-{}", row.layout);
    }
    assert!(beside::tables(&View::new(&other), Room::Page).is_empty());
}

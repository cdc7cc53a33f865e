//! The sentences on top.

use super::MANY;
use crate::report::headline;
use crate::report::synthetic::{Cost, Maker, crowd, reproduction};

/// The fastest need not be a contender of the reference: it may be the reference.
#[test]
fn a_reference_that_nobody_beats_is_said_to_be_the_fastest() {
    let mut maker = Maker::new();
    let costs = [("array", 5.0), ("oracle", 2.0), ("b", 9.0), ("c", 7.0), ("d", 8.0)];
    let costs = costs.map(|(name, ns)| Cost(name, ns, 0.02));
    maker.batch("x", 1_000_000, 5, 1.5, &costs).batch("y", 1_000_000, 5, 1.5, &costs);
    let sentence = headline(&maker.run).unwrap();
    assert!(sentence.starts_with("array is the fastest on x (3."), "{sentence}");
    assert!(
        sentence.contains(" ns), y (3.") && sentence.contains("left out: oracle"),
        "{sentence}"
    );
    // Changes beyond half and double have a factor as well.
    let pair = [Cost("array", 21.5, 0.01), Cost("b", 3.5, 0.01)];
    let mut maker = Maker::new();
    maker.batch("x", 1_000_000, 5, 1.5, &pair);
    let sentence = headline(&maker.run).unwrap();
    assert!(
        sentence.contains("x faster [") && sentence.contains("% net of the generator [-"),
        "{sentence}"
    );
}

#[test]
fn the_headline_sets_the_paper_beside() {
    let sentence = headline(&reproduction(10)).unwrap();
    assert!(sentence.contains("paper-32x8 at 100M lookups: rbtree against array, +"), "{sentence}");
    let paper = "prints 5.59 % for 100M lookups; its own Table 3 gives +5.90 % [+4.82, +6.98], and \
                 +7.77 % net of its generator.";
    assert!(sentence.contains(paper), "{sentence}");
    let mut maker = Maker::new();
    let pair = [Cost("array", 7.4, 0.02), Cost("rbtree", 12.1, 0.03)];
    maker.batch("paper-32x8", 1_000_000, 5, 1.5, &pair);
    let sentence = headline(&maker.run).unwrap();
    assert!(sentence.contains("at 1M lookups (the largest number measured"), "{sentence}");
}

#[test]
fn other_layouts_get_a_line_each() {
    let mut maker = Maker::new();
    let pair = [Cost("rbtree", 7.4, 0.02), Cost("array", 5.0, 0.03)];
    maker
        .batch("b", 1000, 5, 1.5, &pair)
        .batch("a", 1000, 5, 1.5, &pair)
        .batch("a", 9000, 5, 1.5, &pair);
    let lines = headline(&maker.run).unwrap();
    let lines: Vec<_> = lines.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with(
        "a at 9K lookups (uniform, inline, page, xoshiro256++): array against rbtree -"
    ));
    maker.run.comparison.clear();
    assert_eq!(headline(&maker.run), None);
}

#[test]
fn the_setting_nearest_to_the_question_leads_and_the_others_are_clauses() {
    let text = headline(&crowd(&MANY, 3)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() <= 6, "{text}");
    assert!(lines[0].starts_with("section is "), "{text}");
    assert!(
        lines[0].contains("net of the loop over drawn addresses; uniform, trace, page"),
        "{text}"
    );
    assert!(lines[1].contains("likewise the fastest under 8 more settings"), "{text}");
    // The range has its intervals and says where its ends are.
    assert_eq!(lines[0].matches("x [").count(), 2, "{text}");
    assert!(lines[0].contains("(frag-1tb)") && lines[2].contains("the tables"), "{text}");
}

#[test]
fn a_setting_that_another_backend_wins_has_a_sentence() {
    let mut run = crowd(&[["uniform", "trace", "page"], ["hits", "trace", "handle"]], 3);
    let handle = |target: &str, backend: &str| target == "handle" && backend == "section";
    run.summary.retain(|row| !handle(&row.target, &row.backend));
    run.comparison.retain(|row| !handle(&row.target, &row.backend));
    let text = headline(&run).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].starts_with("s-tree is "), "{text}");
    assert!(lines[1].ends_with("(hits, trace, handle)."), "{text}");
    assert!(!text.contains("likewise"), "{text}");
}

#[test]
fn many_layouts_of_few_backends_get_a_line_a_setting() {
    let mut maker = Maker::new();
    let pair = [Cost("array", 5.0, 0.02), Cost("rbtree", 7.4, 0.03)];
    for layout in ["a", "b", "c", "d", "e"] {
        maker.batch(layout, 1000, 5, 1.5, &pair);
    }
    let text = headline(&maker.run).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    let start = "uniform, inline, page, xoshiro256++; net of the generator: rbtree against array on 5 \
                 layouts from +";
    assert!(lines[0].starts_with(start), "{text}");
    assert_eq!(lines[0].matches(" % [").count(), 2, "{text}");
}

#[test]
fn layouts_that_cannot_be_compared_do_not_fill_the_screen() {
    let mut maker = Maker::new();
    for layout in ["a", "b", "c", "d"] {
        maker.batch(layout, 1000, 5, 1.5, &[Cost("rbtree", 7.4, 0.03)]);
        maker.unsupported(layout, 1000, "array", "capacity 32 < 8161 segments");
    }
    maker.run.environment.plan = serde_json::json!({ "reference": "array" });
    let text = headline(&maker.run).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[0].starts_with("a: nothing is compared") && lines[1].contains("b, c, d"),
        "{text}"
    );
}

/// Gives a mode to what was added since the last call.
fn under(maker: &mut Maker, mode: &str) {
    let run = &mut maker.run;
    run.summary.iter_mut().filter(|r| r.mode == "inline").for_each(|r| r.mode = mode.into());
    run.comparison.iter_mut().filter(|r| r.mode == "inline").for_each(|r| r.mode = mode.into());
    run.samples.iter_mut().filter(|r| r.mode == "inline").for_each(|r| r.mode = mode.into());
}

/// Four backends of which the first is far behind.
fn field(section: f64, tree: f64) -> [Cost<'static>; 4] {
    let [array, rbtree] = [Cost("array", 30.0, 0.02), Cost("rbtree", 60.0, 0.02)];
    [array, rbtree, Cost("section", section, 0.02), Cost("s-tree", tree, 0.02)]
}

/// One of two equals always has the smaller mean.
#[test]
fn what_noise_does_not_let_tell_apart_wins_together() {
    let mut maker = Maker::new();
    maker.batch("x", 1_000_000, 12, 1.5, &field(4.0, 4.0));
    let text = headline(&maker.run).unwrap();
    let start =
        "section and s-tree, not told apart, are the fastest, the one with the smaller mean: ";
    assert!(text.starts_with(start), "{text}");
    assert!(text[start.len()..].contains("x faster than array on x ["), "{text}");
    // A difference that there is makes one winner.
    let mut maker = Maker::new();
    maker.batch("x", 1_000_000, 12, 1.5, &field(4.4, 4.0));
    let text = headline(&maker.run).unwrap();
    assert!(text.starts_with("s-tree is ") && !text.contains("told"), "{text}");
    // The reference may be one of those that win.
    let mut maker = Maker::new();
    let equal = ["array", "b", "c", "d", "e", "f"].map(|name| Cost(name, 4.0, 0.0));
    maker.batch("x", 1_000_000, 12, 1.5, &equal);
    let text = headline(&maker.run).unwrap();
    let start = "array, b, c, d and 2 more, not told apart, are the fastest, the one with the smallest \
                 mean: on x (2.";
    assert!(text.starts_with(start), "{text}");
}

#[test]
fn a_setting_that_noise_alone_decides_is_none_that_others_win() {
    let mut maker = Maker::new();
    maker.batch("x", 1_000_000, 12, 1.5, &field(3.0, 8.0));
    under(&mut maker, "trace");
    let many = [4.0, 4.001, 3.999].map(|tree| field(4.0, tree));
    for (layout, costs) in ["x", "y", "z"].into_iter().zip(&many) {
        maker.batch(layout, 1_000_000, 12, 1.5, costs);
    }
    under(&mut maker, "chain");
    let text = headline(&maker.run).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("section is "), "{text}");
    let start = "section is likewise the fastest or not told from the fastest, in times array's speed: \
                 uniform, chain, page: ";
    assert!(lines[1].starts_with(start), "{text}");
    // The figures are its own, not those of whoever had the smaller mean.
    let own = |row: &&crate::record::ComparisonRow| row.mode == "chain" && row.backend == "section";
    let factors: Vec<f64> = maker
        .run
        .comparison
        .iter()
        .filter(own)
        .map(|row| 1.0 / (1.0 + row.net_change_pct.unwrap() / 100.0))
        .collect();
    let least = factors.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(lines[1][start.len()..].starts_with(&format!("{least:.1}x [")), "{least}: {text}");
}

#[test]
fn variants_of_controls_are_not_told_as_winners() {
    let mut maker = Maker::new();
    let [array, rbtree, section, tree] = field(4.0, 8.0);
    let controls = ["direct@final", "last-hit:dense"].map(|name| Cost(name, 2.0, 0.02));
    let costs = [array, rbtree, section, tree, controls[0], controls[1]];
    maker.batch("x", 1_000_000, 12, 1.5, &costs);
    let text = headline(&maker.run).unwrap();
    assert!(text.starts_with("section is "), "{text}");
    assert!(text.contains("controls left out: direct@final, last-hit:dense"), "{text}");
}

#[test]
fn one_round_makes_no_winner() {
    let mut maker = Maker::new();
    maker.batch("x", 1_000_000, 1, 1.5, &field(4.0, 8.0));
    let text = headline(&maker.run).unwrap();
    let start = "section took the least time, which no interval tells from the others': ";
    assert!(text.starts_with(start), "{text}");
}

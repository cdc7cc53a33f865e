//! The sentences on top.

use super::MANY;
use crate::record::Run;
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
    assert!(lines[0].contains("(frag-1tb)") && lines[3].contains("the tables"), "{text}");
    assert!(
        lines[2].contains("with the segment (hits, trace, handle) it is as fast as array times "),
        "{text}"
    );
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
    let start = "section and s-tree, not told apart, are the fastest; the smaller mean: s";
    assert!(text.starts_with(start), "{text}");
    assert!(text[start.len()..].contains(", 1"), "{text}");
    assert!(text[start.len()..].contains("x faster than array on x ["), "{text}");
    // A difference that there is makes one winner.
    let mut maker = Maker::new();
    maker.batch("x", 1_000_000, 12, 1.5, &field(4.4, 4.0));
    let text = headline(&maker.run).unwrap();
    assert!(text.starts_with("s-tree is ") && !text.contains("told"), "{text}");
    // A spoilt batch in its mean alone does not take that away from it.
    let spoilt = maker.run.summary.iter_mut().find(|row| row.backend == "s-tree");
    spoilt.expect("its row").net_ns_per_lookup = Some(9.0);
    let text = headline(&maker.run).unwrap();
    assert!(text.starts_with("s-tree is ") && !text.contains("told"), "{text}");
    // The reference may be one of those that win.
    let mut maker = Maker::new();
    let equal = ["array", "b", "c", "d", "e", "f"].map(|name| Cost(name, 4.0, 0.0));
    maker.batch("x", 1_000_000, 12, 1.5, &equal);
    let text = headline(&maker.run).unwrap();
    let start = "array, b, c, d and 2 more, not told apart, are the fastest; the smallest mean: \
                 array, on x (2.";
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

/// What pages of `section` leave out is said beside its factor, with that of handles.
#[test]
fn a_factor_of_pages_without_segments_has_that_of_handles_beside_it() {
    let mut maker = Maker::new();
    for layout in ["x", "y"] {
        maker.batch(layout, 1_000_000, 12, 1.5, &field(3.0, 8.0)).asked(["hits", "trace", "page"]);
        maker
            .batch(layout, 1_000_000, 12, 1.5, &field(16.0, 8.0))
            .asked(["hits", "trace", "handle"]);
    }
    let text = headline(&maker.run).unwrap();
    assert!(text.starts_with("section is ") && text.contains("hits, trace, page"), "{text}");
    let line = text.lines().find(|line| line.starts_with("section answers page")).unwrap();
    assert!(line.contains("without naming a segment and past its ordered index;"), "{line}");
    let start = "with the segment (hits, trace, handle) it is 1.9";
    assert!(line.contains(start) && line.contains("x faster than array on x ["), "{line}");
    assert!(line.contains("x faster on y ["), "{line}");
    // Of few backends, too; and without handles the way to them is told.
    let three = [Cost("array", 30.0, 0.02), Cost("rbtree", 60.0, 0.02), Cost("section", 3.0, 0.02)];
    let mut maker = Maker::new();
    maker.batch("x", 1_000_000, 12, 1.5, &three).asked(["hits", "trace", "page"]);
    let text = headline(&maker.run).unwrap();
    assert!(
        text.contains("its ordered index; --target handle measures it with the segment."),
        "{text}"
    );
    // A run of handles alone has nothing to explain, nor one whose sentences do not name it.
    let handles = maker.run.summary.len();
    assert!(handles > 0);
    for row in &mut maker.run.summary {
        row.target = "handle".into();
    }
    for row in &mut maker.run.comparison {
        row.target = "handle".into();
    }
    assert!(!headline(&maker.run).unwrap().contains("ordered index"));
    let mut maker = Maker::new();
    maker.batch("x", 1_000_000, 12, 1.5, &field(40.0, 8.0));
    assert!(!headline(&maker.run).unwrap().contains("ordered index"));
}

#[test]
fn where_most_addresses_miss_the_sentence_speaks_of_hits_and_says_so() {
    let mut maker = Maker::new();
    for (layout, rate) in [("x", 0.002), ("y", 0.9)] {
        maker
            .batch(layout, 1_000_000, 12, 1.5, &field(6.0, 2.0))
            .asked(["uniform", "trace", "page"]);
        for row in maker.run.summary.iter_mut().filter(|row| row.layout == layout) {
            row.hit_rate = Some(rate);
        }
        maker.batch(layout, 1_000_000, 12, 1.5, &field(3.0, 8.0)).asked(["hits", "trace", "page"]);
    }
    let text = headline(&maker.run).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("section is ") && lines[0].contains("; hits, trace, page"),
        "{text}"
    );
    assert!(
        lines[2].starts_with("s-tree is ") && lines[2].contains("(uniform, trace, page)"),
        "{text}"
    );
    let why =
        "Workload hits comes first, because most lookups of uniform miss: 0.2 % on x find a page.";
    assert!(lines.contains(&why), "{text}");
    // Where most hit, uniform is the question.
    maker.run.summary.iter_mut().for_each(|row| row.hit_rate = Some(0.9));
    let text = headline(&maker.run).unwrap();
    assert!(text.starts_with("s-tree is ") && !text.contains("Workload hits"), "{text}");
}

/// Makes the comparisons of a backend inconclusive, its factor as large as it is.
fn open(run: &mut Run, backend: &str) {
    for row in run.comparison.iter_mut().filter(|row| row.backend == backend) {
        row.verdict = Some("inconclusive".into());
        (row.gross_low_pct, row.gross_high_pct) = (Some(-120.0), Some(20.0));
        (row.net_low_pct, row.net_high_pct) = (Some(-125.0), Some(25.0));
    }
}

#[test]
fn what_is_not_told_from_the_reference_is_never_faster() {
    let mut maker = Maker::new();
    for layout in ["x", "y"] {
        maker
            .batch(layout, 1_000_000, 3, 1.5, &field(2.5, 8.0))
            .asked(["uniform", "trace", "page"]);
        maker
            .batch(layout, 1_000_000, 3, 1.5, &field(2.5, 8.0))
            .asked(["uniform", "chain", "page"]);
    }
    let told = headline(&maker.run).unwrap();
    assert!(
        told.starts_with("section is ") && told.contains("x faster than array on x ["),
        "{told}"
    );
    open(&mut maker.run, "section");
    let text = headline(&maker.run).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("section is not told from array on x (2"), "{text}");
    assert!(lines[0].contains("x [0.8, ∞]), y (2"), "{text}");
    assert!(lines[1].contains("uniform, chain, page: not told from array on x (2"), "{text}");
    assert!(!text.contains("faster") && !text.contains("≥"), "{text}");
    // Told on one layout: only there.
    for row in maker.run.comparison.iter_mut().filter(|row| row.layout == "y") {
        row.verdict = Some("faster".into());
        (row.net_low_pct, row.net_high_pct) = (Some(-97.0), Some(-96.0));
    }
    let text = headline(&maker.run).unwrap();
    assert!(text.contains("section is not told from array on x (2"), "{text}");
    assert!(text.contains("x faster than array on y ["), "{text}");
    assert_eq!(text.lines().next().unwrap().matches("faster").count(), 1, "{text}");
}

#[test]
fn of_many_settings_those_that_are_not_told_are_counted() {
    let mut run = crowd(&MANY, 3);
    let of_hits = |row: &&mut crate::record::ComparisonRow| row.workload == "hits";
    for row in run.comparison.iter_mut().filter(of_hits).filter(|row| row.backend == "section") {
        row.verdict = Some("inconclusive".into());
    }
    let text = headline(&run).unwrap();
    assert!(text.contains("; in 24 of these 64 cases not told from array."), "{text}");
    let (_, ends) = text.split_once("more settings, ").unwrap();
    let (ends, _) = ends.split_once(" array's speed").unwrap();
    assert!(!ends.contains("hits"), "{text}");
}

/// Noise that no three rounds can tell from a difference, as real runs of three rounds have it.
#[test]
fn three_noisy_rounds_make_no_factor() {
    let mut untold = 0;
    for spread in [0.02, 0.2, 0.5, 1.0, 2.0, 4.0] {
        let [array, rbtree] = [Cost("array", 60.0, spread), Cost("rbtree", 60.0, spread)];
        let costs = [array, rbtree, Cost("section", 4.0, spread), Cost("s-tree", 9.0, spread)];
        let mut maker = Maker::new();
        maker.batch("x", 1_000_000, 3, 1.5, &costs);
        let text = headline(&maker.run).unwrap();
        let open = maker.run.comparison.iter().filter(|row| {
            row.verdict.as_deref() == Some("inconclusive") && text.starts_with(&row.backend)
        });
        if open.count() > 0 {
            untold += 1;
            assert!(!text.lines().next().unwrap().contains("faster"), "{text}");
            let said =
                ["not told from array on x (", "which no interval tells from the others': on x ("];
            assert!(said.iter().any(|words| text.contains(words)), "{text}");
        }
    }
    assert!(untold > 0);
}

#[test]
fn few_backends_are_not_faster_either_where_nothing_is_told() {
    let pair = [Cost("array", 40.0, 0.02), Cost("b", 4.0, 0.02)];
    let mut maker = Maker::new();
    maker.batch("x", 1_000_000, 3, 1.5, &pair);
    assert!(headline(&maker.run).unwrap().contains("x faster ["));
    open(&mut maker.run, "b");
    let text = headline(&maker.run).unwrap();
    assert!(
        text.contains("b against array not told apart: -9") && !text.contains("faster"),
        "{text}"
    );
    assert!(
        text.contains("% gross [-120.0, +20.0]") && text.ends_with("verdict inconclusive."),
        "{text}"
    );
    // The same of many layouts, a line a setting.
    for layout in ["p", "q", "r", "s"] {
        maker.batch(layout, 1_000_000, 3, 1.5, &pair);
    }
    for row in maker.run.comparison.iter_mut().filter(|row| row.layout == "p") {
        row.net_change_pct = Some(-99.0);
    }
    open(&mut maker.run, "b");
    let text = headline(&maker.run).unwrap();
    assert!(
        text.contains("on 5 layouts from not told apart (-99.0 % [-125.0, +25.0]) on p"),
        "{text}"
    );
    assert!(!text.contains("faster"), "{text}");
}

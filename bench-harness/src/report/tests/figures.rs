//! Which figures a run has, and that everything in them stays on the sheet.

use std::fs;

use super::{MANY, oddities};
use crate::record::Run;
use crate::report::figure::draw_all;
use crate::report::synthetic::{crowd, reproduction};
use crate::report::view::View;
use crate::report::{PAGE, render};

#[test]
fn marks_and_text_stay_on_the_sheet() {
    let mut runs = oddities();
    runs.push(("reproduction", reproduction(20)));
    runs.push(("crowd", crowd(&MANY, 3)));
    for (name, run) in runs {
        let folder = tempfile::tempdir().unwrap();
        for path in render(&run, folder.path()).unwrap() {
            let text = fs::read_to_string(&path).unwrap();
            if path.extension().is_none_or(|extension| extension != "svg") {
                continue;
            }
            let parsed = roxmltree::Document::parse(&text).unwrap();
            let view_box = parsed.root_element().attribute("viewBox").unwrap();
            let size: Vec<f64> = view_box.split(' ').map(|n| n.parse().unwrap()).collect();
            for node in parsed.descendants() {
                for (keys, limit) in [(["x", "cx", "x1"], size[2]), (["y", "cy", "y1"], size[3])] {
                    for at in keys.into_iter().filter_map(|key| node.attribute(key)) {
                        let at: f64 = at.parse().unwrap();
                        assert!(
                            (0.0..=limit).contains(&at),
                            "{name}: {}: {node:?}",
                            path.display()
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_reproduction_has_all_its_figures() {
    let folder = tempfile::tempdir().unwrap();
    let written = render(&reproduction(3), folder.path()).unwrap();
    let names: Vec<_> =
        written.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    for layout in
        ["paper-32x8", "frag-1mb", "frag-64mb", "frag-64mb-as-run", "frag-128mb", "frag-256mb"]
    {
        assert!(names.contains(&format!("figure1-runs-{layout}.svg").as_str()), "{names:?}");
        // A curve needs more than the one count that the fragmented layouts have.
        for figure in ["cost", "change"] {
            let name = format!("{figure}-{layout}.svg");
            assert_eq!(names.contains(&name.as_str()), layout == "paper-32x8", "{names:?}");
        }
    }
    assert!(names.contains(&"figure2-layouts.svg"));
    let page = fs::read_to_string(folder.path().join(PAGE)).unwrap();
    for name in names.iter().filter(|name| !name.contains(".html") && **name != PAGE) {
        assert!(page.contains(&format!("]({name})")), "{name}");
    }
    // The paper's layout at 10M is among the layouts of figure 2, and its marks are hollow in the
    // figure of changes.
    let figure2 = fs::read_to_string(folder.path().join("figure2-layouts.svg")).unwrap();
    assert!(figure2.contains("\npaper-") && figure2.contains("\n256mb"));
    let change = fs::read_to_string(folder.path().join("change-paper-32x8.svg")).unwrap();
    assert!(change.contains("the paper, rbtree against array"));
}

fn rendered(run: &Run) -> (tempfile::TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let written = render(run, folder.path()).unwrap();
    let names = written.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
    let names = names.collect();
    (folder, names)
}

#[test]
fn three_sizes_of_layouts_make_a_line() {
    let has = |run: &Run| {
        let (_folder, names) = rendered(run);
        ["figure3-segments.svg", "figure4-memory.svg"].map(|name| names.contains(&name.to_owned()))
    };
    let run = crowd(&[["uniform", "trace", "page"]], 3);
    assert_eq!(has(&run), [true, true]);
    let mut two = run.clone();
    two.summary.retain(|row| ["paper-32x8", "frag-64mb"].contains(&row.layout.as_str()));
    assert_eq!(has(&two), [false, false]);
    // Two layouts of one size are one size.
    let mut alike = run.clone();
    let kept = ["frag-1mb", "frag-64mb", "frag-64mb-as-run"];
    alike.summary.retain(|row| kept.contains(&row.layout.as_str()));
    assert_eq!(has(&alike), [false, false]);
    // An older record has neither segments nor index; bytes a segment give the first.
    let mut older = run;
    for row in &mut older.summary {
        (row.segments, row.frames, row.index_bytes) = (None, None, None);
        (row.bytes_per_frame, row.index_share_pct) = (None, None);
    }
    assert_eq!(has(&older), [true, false]);
}

#[test]
fn every_setting_has_a_line_figure_of_its_own() {
    let (_folder, names) = rendered(&crowd(&MANY, 3));
    let svgs = names.iter().filter_map(|name| name.strip_suffix(".svg"));
    let lines = svgs.filter(|name| name.starts_with("figure3-")).count();
    assert_eq!(lines, MANY.len());
    let name = "figure4-memory-zipf-1.1-cold-16-touch-xoshiro256-.svg";
    assert!(names.iter().any(|found| found.starts_with(&name[..36])), "{names:?}");
}

/// The words of a figure, one blank between two.
fn words(path: &std::path::Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let parsed = roxmltree::Document::parse(&text).unwrap();
    let words: Vec<&str> = parsed
        .descendants()
        .filter_map(|node| node.text())
        .flat_map(str::split_whitespace)
        .collect();
    words.join(" ")
}

/// From -98 % to +1500 %: on a linear scale half of it would lie on one line.
#[test]
fn changes_that_span_much_are_drawn_as_ratios() {
    let (_, run) = oddities().into_iter().find(|(name, _)| *name == "a wide span").unwrap();
    let (folder, _) = rendered(&run);
    let wide = words(&folder.path().join("change-wide.svg"));
    for word in ["1/10x", "1x", "10x", "Scales of ratios", "time / the reference's"] {
        assert!(wide.contains(word), "{word}: {wide}");
    }
    let (folder, _) = rendered(&reproduction(3));
    let narrow = words(&folder.path().join("change-paper-32x8.svg"));
    assert!(narrow.contains("Linear scales") && narrow.contains("change (%)"), "{narrow}");
    assert!(!narrow.contains("1/10x"), "{narrow}");
}

/// What has no place on a logarithmic scale is drawn at its edge, and the caption says so.
#[test]
fn a_cost_that_is_not_above_zero_is_not_dropped() {
    let (_, run) = oddities().into_iter().find(|(name, _)| *name == "below the scale").unwrap();
    let (folder, _) = rendered(&run);
    let read = |name| words(&folder.path().join(name));
    let (segments, memory) = (read("figure3-segments.svg"), read("figure4-memory.svg"));
    for figure in [&segments, &memory] {
        assert!(figure.contains("Arrows at the lower edge"), "{figure}");
        assert!(figure.contains("rbtree") && figure.contains("none"));
    }
    assert!(memory.contains("Arrows at the left edge"), "{memory}");
}

/// A line claims that what it joins belongs together, so the caption says what that is.
#[test]
fn captions_say_what_lines_join_and_which_bytes_are_estimates() {
    let mut run = crowd(&[["uniform", "trace", "page"]], 3);
    let captions = |run: &Run| {
        let (folder, _) = rendered(run);
        ["figure3-segments.svg", "figure4-memory.svg"].map(|name| words(&folder.path().join(name)))
    };
    let [segments, memory] = captions(&run);
    for figure in [&segments, &memory] {
        assert!(
            figure.contains("lines join layouts whose names differ by a size alone"),
            "{figure}"
        );
    }
    assert!(memory.contains("Along a line: more segments."), "{memory}");
    assert!(memory.contains("Bytes are estimates of: btree, rangemap."), "{memory}");
    // Of layouts that have nothing but a run in common none are joined.
    for row in &mut run.summary {
        row.layout = row.layout.replace("frag-", "frag.");
    }
    run.summary.retain(|row| !["btree", "rangemap"].contains(&row.backend.as_str()));
    let [segments, memory] = captions(&run);
    for figure in [&segments, &memory] {
        assert!(!figure.contains("join") && !figure.contains("Along a line"), "{figure}");
    }
    assert!(!memory.contains("estimates"), "{memory}");
}

/// A figure goes into papers without its page: how many runs and which interval has to be in it.
#[test]
fn every_caption_says_how_many_and_which_interval() {
    for run in [reproduction(6), crowd(&[["uniform", "trace", "page"]], 6)] {
        let view = View::new(&run);
        for figure in draw_all(&view).unwrap() {
            let caption = &figure.caption;
            assert!(caption.contains("n = ") || caption.contains("n: "), "{caption}");
            assert!(caption.contains("95 %") || caption.contains("interval"), "{caption}");
            // It is drawn, and named by the groups that it is of.
            let drawn: String = roxmltree::Document::parse(&figure.svg)
                .unwrap()
                .descendants()
                .filter(roxmltree::Node::is_text)
                .filter_map(|node| node.text())
                .flat_map(str::split_whitespace)
                .collect();
            let packed: String = caption.split_whitespace().collect();
            assert!(drawn.contains(&packed), "{}: {caption}", figure.file);
            assert!(!figure.groups.is_empty(), "{}", figure.file);
            let known = |stem: &String| view.groups.iter().any(|group| group.stem == *stem);
            assert!(figure.groups.iter().all(known), "{:?}", figure.groups);
        }
    }
}

/// Printed 8 cm wide the smallest text is five points high.
#[test]
fn no_figure_is_so_wide_that_its_text_becomes_too_small() {
    let mut runs = oddities();
    runs.push(("reproduction", reproduction(6)));
    runs.push(("crowd", crowd(&MANY, 5)));
    for (name, run) in runs {
        for figure in draw_all(&View::new(&run)).unwrap() {
            let document = roxmltree::Document::parse(&figure.svg).unwrap();
            let view_box = document.root_element().attribute("viewBox").unwrap();
            let width: f64 = view_box.split(' ').nth(2).unwrap().parse().unwrap();
            let points_a_unit = 80.0 / 25.4 * 72.0 / width;
            let sizes = document.descendants().filter_map(|node| node.attribute("font-size"));
            let smallest = sizes.map(|size| size.parse::<f64>().unwrap()).fold(1e9, f64::min);
            let points = smallest * points_a_unit;
            assert!(points >= 5.0, "{name}: {} {width} {points}", figure.file);
        }
    }
}

/// The interval is of so many processes or groups of rounds; a figure that says the number of rounds claims more.
#[test]
fn captions_and_numbers_count_what_the_intervals_are_of() {
    let mut run = reproduction(18);
    let mut captions = |unit: &str, units: u64| {
        for row in &mut run.comparison {
            (row.unit, row.units) = (unit.to_owned(), units);
        }
        let (folder, _) = rendered(&run);
        for name in ["forest.csv", "change-paper-32x8.csv"] {
            let mut lines = csv::Reader::from_path(folder.path().join(name)).unwrap();
            let lines = lines.deserialize().map(Result::unwrap);
            let lines: Vec<std::collections::BTreeMap<String, String>> = lines.collect();
            for line in lines.iter().filter(|line| line["source"] == "measured") {
                assert_eq!((line["unit"].as_str(), &line["units"]), (unit, &units.to_string()));
            }
            let paper = lines.iter().find(|line| line["source"] == "paper").expect("the paper's");
            assert_eq!((paper["unit"].as_str(), paper["units"].as_str()), ("", ""));
        }
        ["forest.svg", "change-paper-32x8.svg"].map(|name| words(&folder.path().join(name)))
    };
    let [forest, change] = captions("process", 3);
    assert!(forest.contains("n: processes, 18 rounds in all;"), "{forest}");
    assert!(forest.contains(" 3 slower") && !forest.contains(" 18 slower"), "{forest}");
    assert!(change.contains("n = 3 processes a mark, 18 rounds in all;"), "{change}");
    let [forest, change] = captions("round", 6);
    assert!(forest.contains("n: groups of rounds, 18 rounds in all;"), "{forest}");
    assert!(change.contains("n = 6 groups of rounds a mark, 18 rounds in all;"), "{change}");
    let [forest, change] = captions("round", 18);
    assert!(forest.contains("n: rounds; changes"), "{forest}");
    assert!(change.contains("n = 18 rounds a mark; bars"), "{change}");
}

//! The report as a whole: the same bytes each time, well-formed whatever the names, no panic
//! whatever the data, tables as they were looked at and approved.

use std::fs;

use super::synthetic::{COUNTS, Cost, Maker, crowd, reproduction};
use super::{PAGE, ReportError, headline, markdown, render, terminal};
use crate::record::{BASELINE, Run};

/// A run small enough for a snapshot that still has everything in it.
fn small() -> Run {
    let mut maker = Maker::new();
    for lookups in [1_000_000, 100_000_000] {
        let costs = [Cost("array", 7.4, 0.02), Cost("rbtree", 12.1, 0.03)];
        maker.batch("paper-32x8", lookups, 10, 1.5, &costs);
        maker.unsupported("paper-32x8", lookups, "contig", "capacity 1 < 32 segments");
    }
    maker.batch("frag-1mb", 10_000_000, 3, 1.5, &[Cost("rbtree", 17.0, 0.03)]);
    maker.batch("frag-256mb", 10_000_000, 1, 1.5, &[Cost("rbtree", 103.0, 0.03)]);
    maker.run
}

/// Names that try to break out of whatever they are put into.
const HOSTILE: [&str; 6] = [
    "<script>\"&'",
    "../../escape",
    "]]>|`*_[x](y)\u{1b}[31m\u{0}",
    "日本語の名前\u{202e}",
    "",
    "a-very-long-name-that-nobody-would-type-but-a-program-might-make-up-one-day-0123456789",
];

fn oddities() -> Vec<(&'static str, Run)> {
    let mut runs = Vec::new();
    let mut add = |name, build: &dyn Fn(&mut Maker)| {
        let mut maker = Maker::new();
        build(&mut maker);
        runs.push((name, maker.run));
    };
    let pair = [Cost("array", 7.4, 0.02), Cost("rbtree", 12.1, 0.03)];
    add("one run", &|m| {
        m.batch("paper-32x8", 1000, 1, 1.5, &pair);
    });
    add("all equal", &|m| {
        let equal = [Cost("array", 5.0, 0.0), Cost("rbtree", 5.0, 0.0)];
        m.batch("same", 1000, 5, 5.0, &equal).batch("same2", 1000, 5, 5.0, &equal);
    });
    add("one backend", &|m| {
        m.batch("alone", 1000, 5, 1.0, &[Cost("array", 5.0, 0.1)]);
    });
    add("nothing works", &|m| {
        m.unsupported("big", 1000, "array", "capacity 32 < 8161 segments");
    });
    add("negative net", &|m| {
        m.batch("fast", 1_000_000, 5, 9.0, &pair);
    });
    add("no time at all", &|m| {
        m.batch("zero", 0, 3, 0.0, &pair);
        for row in &mut m.run.summary {
            (row.mean_s, row.min_s, row.max_s) = (Some(0.0), Some(0.0), Some(0.0));
        }
    });
    add("twelve decades", &|m| {
        for exponent in 0..12 {
            m.batch("wide", 10_u64.pow(exponent), 4, 1.5, &pair);
        }
    });
    add("not numbers", &|m| {
        m.batch("nan", 100, 3, 1.5, &pair);
        for row in &mut m.run.summary {
            row.max_s = Some(f64::INFINITY);
            row.margin95_t_s = Some(f64::NAN);
            row.net_ns_per_lookup = Some(f64::NEG_INFINITY);
        }
        for row in &mut m.run.comparison {
            row.gross_high_pct = Some(f64::NAN);
            row.net_change_pct = Some(f64::INFINITY);
        }
    });
    add("no samples", &|m| {
        m.batch("lost", 100, 3, 1.5, &pair);
        m.run.samples.clear();
    });
    add("enormous", &|m| {
        m.batch("huge", 100, 3, 1.5, &pair);
        for row in &mut m.run.summary {
            (row.mean_s, row.max_s) = (Some(1e300), Some(f64::MAX));
        }
        for row in &mut m.run.comparison {
            (row.gross_change_pct, row.gross_high_pct) = (Some(1e300), Some(f64::MAX));
        }
    });
    add("many backends", &|m| {
        let names: Vec<String> = (0..24).map(|n| format!("backend-number-{n}")).collect();
        let costs: Vec<_> =
            names.iter().zip(1..).map(|(n, c)| Cost(n, f64::from(c), 0.1)).collect();
        m.batch("crowd", 1000, 4, 0.5, &costs).batch("crowd-2", 1000, 4, 0.5, &costs);
        m.batch("crowd", 5000, 4, 0.5, &costs);
    });
    add("below the scale", &|m| {
        for (layout, segments) in [("a", 1), ("b", 40), ("c", 9_000), ("d", 0)] {
            let near = [Cost("array", 9.0, 0.01), Cost("rbtree", 4.0, 0.2), Cost("none", 3.9, 0.3)];
            m.batch(layout, 1_000_000, 5, 4.0, &near);
            for row in m.run.summary.iter_mut().filter(|row| row.layout == layout) {
                let index = if row.backend == "none" { 0 } else { 64 * segments };
                row.enter_size(64 * segments, index, segments, 8 * segments);
            }
        }
    });
    add("hostile names", &|m| {
        for layout in HOSTILE {
            let costs = [Cost(HOSTILE[0], 7.4, 0.02), Cost(HOSTILE[2], 12.1, 0.03)];
            m.batch(layout, 1000, 3, 1.5, &costs);
            m.unsupported(layout, 1000, HOSTILE[3], HOSTILE[0]);
        }
        m.run.environment.warnings = HOSTILE.map(String::from).into();
        m.run.environment.command_line = HOSTILE.map(String::from).into();
    });
    add("two settings", &|m| {
        m.batch("paper-32x8", 1000, 3, 1.5, &pair).batch("other", 1000, 3, 1.5, &pair);
        let mut twin = m.run.clone();
        twin.summary.iter_mut().for_each(|row| row.mode = "trace".into());
        twin.comparison.iter_mut().for_each(|row| row.mode = "trace".into());
        twin.samples.iter_mut().for_each(|row| row.mode = "trace".into());
        m.run.summary.extend(twin.summary);
        m.run.comparison.extend(twin.comparison);
        m.run.samples.extend(twin.samples);
    });
    runs
}

/// Nine settings.
const MANY: [[&str; 3]; 9] = [
    ["uniform", "inline", "page"],
    ["uniform", "trace", "page"],
    ["uniform", "chain", "page"],
    ["zipf:1.1", "inline", "page"],
    ["zipf:1.1", "trace", "page"],
    ["zipf:1.1", "cold:16", "touch"],
    ["hits", "inline", "handle"],
    ["hits", "trace", "handle"],
    ["hits", "chain", "handle"],
];

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
    insta::assert_snapshot!(markdown::report(&small()));
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
fn every_oddity_renders_well_formed_and_the_same_twice() {
    for (name, run) in oddities() {
        let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let written = folders.each_ref().map(|folder| render(&run, folder.path()).unwrap());
        assert_eq!(written[0].len(), written[1].len(), "{name}");
        assert_eq!(written[0].last().unwrap().file_name().unwrap(), PAGE);
        // Nothing beside what was announced, nothing outside, no two under one name.
        let inside = fs::read_dir(folders[0].path()).unwrap().count();
        assert_eq!(inside, written[0].len(), "{name}");
        for (first, second) in written[0].iter().zip(&written[1]) {
            assert_eq!(first.parent().unwrap(), folders[0].path());
            let text = fs::read_to_string(first).unwrap();
            assert_eq!(text, fs::read_to_string(second).unwrap(), "{name}: {}", first.display());
            assert!(
                !text.contains("NaN") && !text.contains("\ninf") && !text.contains("inf "),
                "{name}: {}",
                first.display()
            );
            if first.extension().is_some_and(|extension| extension == "svg") {
                let parsed = roxmltree::Document::parse(&text);
                assert!(parsed.is_ok(), "{name}: {}: {parsed:?}", first.display());
                assert!(!text.contains("<script"), "{name}");
            }
        }
    }
}

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
fn the_order_of_the_records_does_not_matter_for_figures() {
    let run = reproduction(5);
    let mut shuffled = run.clone();
    shuffled.summary.rotate_left(4);
    shuffled.samples.sort_by_key(|row| (row.elapsed_ns, row.round));
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let first = render(&run, folders[0].path()).unwrap();
    let second = render(&shuffled, folders[1].path()).unwrap();
    for (first, second) in first.iter().zip(&second) {
        assert_eq!(fs::read(first).unwrap(), fs::read(second).unwrap(), "{}", first.display());
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
    for name in names.iter().filter(|name| **name != PAGE) {
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
    let lines = names.iter().filter(|name| name.starts_with("figure3-")).count();
    assert_eq!(lines, MANY.len());
    let name = "figure4-memory-zipf-1.1-cold-16-touch-xoshiro256-.svg";
    assert!(names.iter().any(|found| found.starts_with(&name[..36])), "{names:?}");
}

/// What has no place on a logarithmic scale is drawn at its edge, and the caption says so.
#[test]
fn a_cost_that_is_not_above_zero_is_not_dropped() {
    let (_, run) = oddities().into_iter().find(|(name, _)| *name == "below the scale").unwrap();
    let (folder, _) = rendered(&run);
    let read = |name| {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        let parsed = roxmltree::Document::parse(&text).unwrap();
        let words: Vec<&str> = parsed
            .descendants()
            .filter_map(|node| node.text())
            .flat_map(str::split_whitespace)
            .collect();
        words.join(" ")
    };
    let (segments, memory) = (read("figure3-segments.svg"), read("figure4-memory.svg"));
    for figure in [&segments, &memory] {
        assert!(figure.contains("Arrows at the lower edge"), "{figure}");
        assert!(figure.contains("rbtree") && figure.contains("none"));
    }
    assert!(memory.contains("Arrows at the left edge"), "{memory}");
}

#[test]
fn many_backends_leave_the_tables_of_configurations_to_the_page() {
    let run = crowd(&[["uniform", "trace", "page"]], 5);
    let (terminal, page) = (terminal::tables(&run, 80), markdown::report(&run));
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
fn nothing_measured_is_an_error_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");
    assert!(matches!(render(&Maker::new().run, &out), Err(ReportError::NothingMeasured)));
    assert!(!out.exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let error = render(&small(), &file.join("report")).unwrap_err();
    assert!(error.to_string().contains("file"), "{error}");
    // A folder in a figure's place: the rename fails, and no partial file stays.
    let out = folder.path().join("out");
    fs::create_dir_all(out.join(PAGE)).unwrap();
    assert!(matches!(render(&small(), &out), Err(ReportError::Write(_))));
    let partial = fs::read_dir(&out).unwrap().filter(|entry| {
        entry.as_ref().unwrap().file_name().to_string_lossy().ends_with(".partial")
    });
    assert_eq!(partial.count(), 0);
}

#[test]
fn the_baseline_is_in_the_tables_and_the_cost_figure() {
    let folder = tempfile::tempdir().unwrap();
    render(&small(), folder.path()).unwrap();
    let cost = fs::read_to_string(folder.path().join("cost-paper-32x8.svg")).unwrap();
    assert!(cost.contains("baseline: the generator alone"));
    assert!(terminal::tables(&small(), 80).contains(BASELINE));
}

/// Writes the figures of made-up runs to look at: `cargo test -p bench-harness gallery -- --ignored`.
#[test]
#[ignore = "for people: writes figures into the system's temporary folder"]
fn gallery() {
    let root = std::env::temp_dir().join("bench-harness-gallery");
    let mut runs = oddities();
    runs.push(("reproduction", reproduction(100)));
    runs.push(("small", small()));
    let mut many = Maker::new();
    for lookups in COUNTS {
        let pair = [Cost("array", 7.4, 0.02), Cost("rbtree", 12.1, 0.03)];
        many.batch("paper-32x8", lookups, 5000, 1.5, &pair);
    }
    runs.push(("100000 samples", many.run));
    runs.push(("crowd", crowd(&[["uniform", "trace", "page"]], 10)));
    runs.push(("crowd of settings", crowd(&MANY, 4)));
    for (name, run) in runs {
        let started = std::time::Instant::now();
        let written = render(&run, &root.join(name.replace(' ', "-"))).unwrap();
        println!("{name}: {} files, {:?}", written.len(), started.elapsed());
    }
    println!("{}", root.display());
}

//! The report as a whole: the same bytes each time, well-formed whatever the names, no panic
//! whatever the data, tables as they were looked at and approved. Here are the runs it is tried on.

mod data;
mod figures;
mod files;
mod headlines;
mod paper;
mod words;

use super::render;
use super::synthetic::{COUNTS, Cost, Maker, crowd, reproduction};
use crate::record::Run;

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
    runs.extend(odd_scales());
    runs
}

/// What is hard to place on a scale.
fn odd_scales() -> Vec<(&'static str, Run)> {
    let mut runs = Vec::new();
    let mut add = |name, build: &dyn Fn(&mut Maker)| {
        let mut maker = Maker::new();
        build(&mut maker);
        runs.push((name, maker.run));
    };
    add("a wide span", &|m| {
        let costs = [
            Cost("array", 100.0, 0.02),
            Cost("section", 3.4, 0.02),
            Cost("rbtree", 150.0, 0.05),
            Cost("array-linear", 1600.0, 0.02),
            Cost("free", 1.49, 0.01),
        ];
        for exponent in 2..9 {
            m.batch("wide", 10_u64.pow(exponent), 6, 1.5, &costs);
        }
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

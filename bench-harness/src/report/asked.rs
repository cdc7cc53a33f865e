//! In which order the questions of a run were asked, and which of them is the main one.
//!
//! Records are sorted by layout; a report that then sorted questions by name would begin with `chain`,
//! which nobody asked for first. Order is that of the command line, as the recorded plan has it, after
//! the main question. The [`View`](super::view::View) sorts by it, and so does everything below that.

use serde_json::Value;

use super::numbers::{finite, fixed};
use super::setting::Setting;
use super::text::clean;
use super::view::mean;
use crate::record::{Run, SummaryRow};

/// Misses dominate where fewer lookups than this share find a page: at least two of three miss.
const FEW_HITS: f64 = 1.0 / 3.0;
/// How many layouts are named one by one.
const FEW_LAYOUTS: usize = 3;

/// The settings of a run: the main one first, then as they were asked for.
pub(super) fn settings(run: &Run) -> Vec<Setting<'_>> {
    let recorded: Vec<Setting<'_>> = in_order(run.summary.iter());
    let mut order = Vec::new();
    for sequence in planned(run) {
        merge(&mut order, sequence);
    }
    // What no plan tells, such as a run put together from several, as it was recorded.
    merge(&mut order, recorded.iter().copied());
    order.retain(|setting| recorded.contains(setting));
    let main = order.iter().enumerate().min_by_key(|(at, one)| (distance(run, **one), *at));
    if let Some((at, main)) = main.map(|(at, main)| (at, *main)) {
        order.remove(at);
        order.insert(0, main);
    }
    order
}

/// [`Setting::distance`], with `hits` before `uniform` where that is mostly misses.
pub(super) fn distance(run: &Run, setting: Setting<'_>) -> (bool, u8, bool) {
    let (target, mode, _) = setting.distance();
    let first = if few_hits(run, setting).is_empty() { "uniform" } else { "hits" };
    (target, mode, setting.workload != first)
}

/// Why `hits` leads in this setting, if it does although `uniform` was measured too: in a sentence.
pub(super) fn why_hits(run: &Run, setting: Setting<'_>) -> Option<String> {
    if setting.workload != "hits" {
        return None;
    }
    let mut few = few_hits(run, setting);
    few.sort_by(|(_, a), (_, b)| a.total_cmp(b));
    let all = few.len();
    let mut layouts: Vec<String> = few
        .into_iter()
        .take(FEW_LAYOUTS)
        .map(|(layout, rate)| format!("{} % on {}", fixed(100.0 * rate, 1), clean(layout)))
        .collect();
    if all > FEW_LAYOUTS {
        layouts.push(format!("few on {} more", all - FEW_LAYOUTS));
    }
    (all > 0).then(|| {
        format!(
            "Workload hits comes first, because most lookups of uniform miss: {} find a page.",
            layouts.join(", ")
        )
    })
}

/// The layouts on which misses dominate `uniform`, with the share of lookups that find a page. None
/// where `hits` was not measured in the same way.
fn few_hits<'r>(run: &'r Run, setting: Setting<'_>) -> Vec<(&'r str, f64)> {
    let of = |workload: &'static str| {
        let wanted = move |row: &&SummaryRow| {
            Setting::from(*row) == Setting { workload, ..setting } && mean(row).is_some()
        };
        run.summary.iter().filter(wanted)
    };
    let mut layouts: Vec<(&str, f64)> = Vec::new();
    for row in of("uniform") {
        let share = finite(row.hit_rate).filter(|rate| *rate < FEW_HITS);
        let new = !layouts.iter().any(|(layout, _)| *layout == row.layout);
        let asked = || of("hits").any(|hits| hits.layout == row.layout);
        if let Some(share) = share.filter(|_| new && asked()) {
            layouts.push((&row.layout, share));
        }
    }
    layouts
}

/// The settings of each layout in the recorded plan.
fn planned(run: &Run) -> Vec<Vec<Setting<'_>>> {
    let plan = &run.environment.plan;
    let setting = |batch| {
        Some(Setting {
            workload: text(plan, batch, "workload")?,
            mode: text(plan, batch, "mode")?,
            target: text(plan, batch, "target")?,
            rng: text(plan, batch, "rng")?,
        })
    };
    let layouts = plan.get("layouts").and_then(Value::as_array).into_iter().flatten();
    let batches = layouts.filter_map(|one| one.get("batches")?.as_array());
    batches.map(|batches| batches.iter().filter_map(setting).collect()).collect()
}

/// A word of a batch in the plan; what is the same in all batches stands in the plan once.
fn text<'v>(plan: &'v Value, batch: &'v Value, key: &str) -> Option<&'v str> {
    let of = |value: &'v Value| value.get(key).and_then(Value::as_str);
    of(batch).or_else(|| of(plan))
}

/// The settings of some rows, layout by layout, each sequence as it stands there.
fn in_order<'r>(rows: impl Iterator<Item = &'r SummaryRow>) -> Vec<Setting<'r>> {
    let mut layouts: Vec<(&str, Vec<Setting<'_>>)> = Vec::new();
    for row in rows {
        let setting = Setting::from(row);
        match layouts.iter_mut().find(|(layout, _)| *layout == row.layout) {
            Some((_, sequence)) => sequence.push(setting),
            None => layouts.push((&row.layout, vec![setting])),
        }
    }
    let mut order = Vec::new();
    for (_, sequence) in layouts {
        merge(&mut order, sequence);
    }
    order
}

/// Adds a sequence: what is new in it stands behind what it follows there. So `misses`, which a layout
/// without holes cannot have, keeps its place among the others.
fn merge<'r>(order: &mut Vec<Setting<'r>>, sequence: impl IntoIterator<Item = Setting<'r>>) {
    let mut place = 0;
    for setting in sequence {
        if let Some(at) = order.iter().position(|known| *known == setting) {
            place = at + 1;
        } else {
            order.insert(place, setting);
            place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::synthetic::{Cost, Maker};

    /// A run of these settings on two layouts, the first without the last setting of all.
    fn run(settings: &[[&str; 3]]) -> Run {
        let mut maker = Maker::new();
        let pair = [Cost("array", 7.0, 0.02), Cost("rbtree", 12.0, 0.02)];
        for (layout, kept) in [("a", settings.len() - 1), ("b", settings.len())] {
            for setting in &settings[..kept] {
                maker.batch(layout, 1000, 3, 1.5, &pair).asked(*setting);
            }
        }
        maker.run
    }

    fn order(run: &Run) -> Vec<String> {
        settings(run).into_iter().map(Setting::short).collect()
    }

    #[test]
    fn questions_stand_in_the_order_of_the_plan_the_main_one_first() {
        let mut run = run(&[
            ["zipf:1", "trace", "page"],
            ["uniform", "chain", "page"],
            ["uniform", "trace", "page"],
            ["misses", "trace", "page"],
        ]);
        let recorded = [
            "uniform, trace, page",
            "zipf:1, trace, page",
            "uniform, chain, page",
            "misses, trace, page",
        ];
        assert_eq!(order(&run), recorded);
        let batch = |workload, mode| serde_json::json!({ "workload": workload, "mode": mode });
        let [zipf, chain, uniform, misses] = [
            batch("zipf:1", "trace"),
            batch("uniform", "chain"),
            batch("uniform", "trace"),
            batch("misses", "trace"),
        ];
        // The layout without misses stands first, as in what was recorded.
        run.environment.plan = serde_json::json!({
            "target": "page",
            "rng": "xoshiro256++",
            "layouts": [
                { "name": "a", "batches": [uniform, chain, zipf] },
                { "name": "b", "batches": [uniform, misses, chain, zipf] },
            ],
        });
        let asked = [
            "uniform, trace, page",
            "misses, trace, page",
            "uniform, chain, page",
            "zipf:1, trace, page",
        ];
        assert_eq!(order(&run), asked);
    }

    #[test]
    fn a_plan_that_says_something_else_neither_adds_nor_loses_a_question() {
        let mut run = run(&[["hits", "chain", "page"], ["hits", "trace", "handle"]]);
        let before = order(&run);
        run.environment.plan = serde_json::json!({
            "layouts": [{ "batches": [{ "workload": "uniform" }, 7, null] }, { "batches": "none" }],
            "mode": ["trace"], "target": "page", "rng": "?",
        });
        assert_eq!(order(&run), before);
        assert_eq!(before, ["hits, chain, page", "hits, trace, handle"]);
    }

    #[test]
    fn hits_come_first_where_most_of_uniform_are_misses() {
        let mut run = run(&[
            ["uniform", "trace", "page"],
            ["hits", "trace", "page"],
            ["uniform", "chain", "page"],
        ]);
        assert_eq!(order(&run)[0], "uniform, trace, page");
        for row in run.summary.iter_mut().filter(|row| row.workload == "uniform") {
            row.hit_rate = Some(0.4);
        }
        assert_eq!(order(&run)[0], "uniform, trace, page", "half and half is not mostly misses");
        for row in run.summary.iter_mut().filter(|row| row.workload == "uniform") {
            row.hit_rate = Some(if row.layout == "a" { 0.002 } else { 0.8 });
        }
        assert_eq!(
            order(&run),
            ["hits, trace, page", "uniform, trace, page", "uniform, chain, page"]
        );
        let words = why_hits(&run, settings(&run)[0]).expect("a reason");
        assert!(words.ends_with("uniform miss: 0.2 % on a find a page."), "{words}");
        assert_eq!(why_hits(&run, settings(&run)[1]), None);
        // Without hits there is nothing to put first.
        run.summary.retain(|row| row.workload == "uniform");
        assert_eq!(order(&run)[0], "uniform, trace, page");
    }
}

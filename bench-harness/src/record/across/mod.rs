//! Two recorded runs: what both measured, how each figure changed, and what cannot be compared.
//!
//! The runs share no rounds, so nothing is paired between them (see `stats`); within each run the
//! ratio to the reference still is. Commands call it, and `report` shows what comes out.

mod differences;
mod pair;
mod row;
mod side;

use super::{BASELINE, Configuration, Run};

use pair::{Pair, judge};
use side::Side;

pub use differences::{Difference, differences};
pub use row::{AcrossRow, KIND_RELATIVE, KIND_TIME, read_across, write_across};

/// What two runs say of each other.
#[derive(Clone, PartialEq, Debug)]
pub struct Across {
    /// Two rows a backend and configuration that both measured (one for the reference), in the order
    /// of the first run's summary.
    pub rows: Vec<AcrossRow>,
    /// What could not be compared.
    pub left_out: Vec<LeftOut>,
    /// What backends are held against in both runs; `None` where the two have no reference in common.
    pub reference: Option<String>,
}

/// Something that is not in the comparison, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LeftOut {
    /// A layout whose steps, segments or lookups differ between the runs, although its name does not.
    Layout {
        /// Its name.
        layout: String,
    },
    /// A batch that one run alone measured.
    Batch {
        /// Which.
        configuration: Configuration,
        /// Whether that run is the first.
        in_first: bool,
    },
    /// A backend that one run alone measured in a batch of both.
    Backend {
        /// Which batch.
        configuration: Configuration,
        /// Which backend.
        backend: String,
        /// Whether that run is the first.
        in_first: bool,
        /// What the other run says about it.
        reason: Option<String>,
    },
}

impl LeftOut {
    /// Whether the first run has figures for it, to which the second has no counterpart.
    pub fn is_missing_in_second(&self) -> bool {
        match self {
            Self::Layout { .. } => true,
            Self::Batch { in_first, .. } | Self::Backend { in_first, .. } => *in_first,
        }
    }
}

/// Compares `b` with `a`: everything that both measured under the same configuration. Changes within
/// `equivalence` (a fraction) count as the same.
pub fn across_all(a: &Run, b: &Run, equivalence: f64) -> Across {
    let sides = [Side::new(a), Side::new(b)];
    let reference = common_reference(&sides);
    let mut across = Across { rows: Vec::new(), left_out: Vec::new(), reference };
    let mut changes = Vec::new();
    for row in &a.summary {
        if across
            .left_out
            .iter()
            .any(|l| matches!(l, LeftOut::Layout { layout } if *layout == row.layout))
        {
            continue;
        }
        let [Some(in_a), in_b] = sides.each_ref().map(|side| side.group(row)) else { continue };
        if layouts_differ(a, b, &row.layout) {
            across.left_out.push(LeftOut::Layout { layout: row.layout.clone() });
            continue;
        }
        let Some(in_b) = in_b else {
            let left = LeftOut::Batch { configuration: row.configuration(), in_first: true };
            if !across.left_out.contains(&left) {
                across.left_out.push(left);
            }
            continue;
        };
        let pair = Pair { sides: &sides, groups: [in_a, in_b], equivalence };
        pair.compare(row, &mut across, &mut changes);
    }
    only_in_second(&sides, &mut across.left_out);
    for kind in [KIND_TIME, KIND_RELATIVE] {
        judge(kind, &mut across.rows, &changes, equivalence);
    }
    across
}

/// The first run's reference if the second measured it too, else the second's if the first did.
fn common_reference(sides: &[Side<'_>; 2]) -> Option<String> {
    let named = sides.iter().filter_map(Side::reference);
    named.into_iter().find(|name| sides.iter().all(|side| side.measured(name))).map(str::to_owned)
}

/// Whether the plans of both runs have the layout, with other contents. A run without a digest is
/// given the benefit of the doubt.
fn layouts_differ(a: &Run, b: &Run, layout: &str) -> bool {
    let digest = |run: &Run| -> Option<String> {
        let mut layouts = run.environment.plan.get("layouts")?.as_array()?.iter();
        let planned =
            layouts.find(|one| one.get("name").and_then(|n| n.as_str()) == Some(layout))?;
        Some(planned.get("digest")?.as_str()?.to_owned())
    };
    digest(a).zip(digest(b)).is_some_and(|(a, b)| a != b)
}

/// The batches and backends of the second run that the first does not have.
fn only_in_second(sides: &[Side<'_>; 2], left_out: &mut Vec<LeftOut>) {
    let [a, b] = sides;
    for row in &b.run.summary {
        if row.backend == BASELINE
            || left_out
                .iter()
                .any(|l| matches!(l, LeftOut::Layout { layout } if *layout == row.layout))
            || b.group(row).is_none_or(|group| group.of(&row.backend).is_none())
        {
            continue;
        }
        let configuration = row.configuration();
        let left = match a.group(row) {
            None => LeftOut::Batch { configuration, in_first: false },
            Some(group) if group.of(&row.backend).is_none() => LeftOut::Backend {
                configuration,
                backend: row.backend.clone(),
                in_first: false,
                reason: a.reason(row),
            },
            Some(_) => continue,
        };
        if !left_out.contains(&left) {
            left_out.push(left);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{LeftOut, across_all};
    use crate::record::{
        AcrossRow, Judging, KIND_RELATIVE, KIND_TIME, Run, Status, compare_all, fixtures, summarise,
    };
    use crate::stats::Unit;

    /// Eight rounds on `mine`, and what follows from them.
    fn run(tree: f64, machine: f64) -> Run {
        let time = |base: f64, round: u32| {
            let unevenness = 1.0 + f64::from(round * 5 % 8) / 1_000.0;
            // Far from any bound.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let time = (base * machine * unevenness * 1e6) as u64;
            time
        };
        let samples: Vec<_> = (0..8)
            .flat_map(|round| {
                let tree = time(tree, round * 3);
                fixtures::round("mine", round, [time(1.0, round), time(2.0, round + 1), tree])
            })
            .collect();
        let planned = ["array", "rbtree"].map(|backend| fixtures::planned("mine", backend));
        Run {
            modes: Vec::new(),
            summary: summarise(&samples, &planned),
            comparison: compare_all(&samples, &Judging::against("array")),
            samples,
            environment: fixtures::environment(),
        }
    }

    fn figure<'a>(rows: &'a [AcrossRow], backend: &str, kind: &str) -> &'a AcrossRow {
        let mut rows = rows.iter();
        rows.find(|row| row.backend == backend && row.kind == kind).expect("the row")
    }

    #[test]
    fn a_slower_machine_is_in_the_time_and_not_in_the_relative_figure() {
        let (a, b) = (run(3.0, 1.0), run(3.0, 1.25));
        let across = across_all(&a, &b, 0.01);
        assert_eq!((across.rows.len(), across.left_out.len()), (3, 0));
        assert_eq!(across.reference.as_deref(), Some("array"));
        for backend in ["array", "rbtree"] {
            let time = figure(&across.rows, backend, KIND_TIME);
            assert!((time.change_pct.expect("a change") - 25.0).abs() < 1e-3, "{time:?}");
            assert_eq!(time.verdict.as_deref(), Some("slower"));
            assert_eq!((time.units_a, time.units_b, time.reference.as_deref()), (8, 8, None));
        }
        let relative = figure(&across.rows, "rbtree", KIND_RELATIVE);
        assert!(relative.change_pct.expect("a change").abs() < 1e-3, "{relative:?}");
        assert_eq!(relative.verdict.as_deref(), Some("equivalent"));
    }

    #[test]
    fn a_slower_backend_is_in_both() {
        let across = across_all(&run(3.0, 1.0), &run(3.3, 1.0), 0.01);
        for kind in [KIND_TIME, KIND_RELATIVE] {
            let row = figure(&across.rows, "rbtree", kind);
            assert!((row.change_pct.expect("a change") - 10.0).abs() < 1e-3, "{row:?}");
            assert!(row.low_pct < row.change_pct && row.change_pct < row.high_pct);
        }
        // Holm over the rows of a kind: two times, one ratio.
        let time = figure(&across.rows, "rbtree", KIND_TIME);
        assert!(time.p_value_holm >= time.p_value);
        let relative = figure(&across.rows, "rbtree", KIND_RELATIVE);
        assert_eq!(relative.p_value_holm, relative.p_value);
    }

    #[test]
    fn processes_are_units_where_the_run_went_by_them() {
        let (a, mut b) = (run(3.0, 1.0), run(3.0, 1.0));
        for row in &mut b.samples {
            row.process = row.round / 2;
        }
        let judging = Judging { unit: Unit::Processes, ..Judging::against("array") };
        b.comparison = compare_all(&b.samples, &judging);
        let across = across_all(&a, &b, 0.01);
        let row = figure(&across.rows, "rbtree", KIND_RELATIVE);
        assert_eq!((row.unit_a.as_str(), row.units_a), ("round", 8));
        assert_eq!((row.unit_b.as_str(), row.units_b), ("process", 4));
    }

    #[test]
    fn one_round_gives_a_point_and_the_reason_why_no_more() {
        let (a, mut b) = (run(3.0, 1.0), run(3.0, 1.0));
        b.samples.retain(|row| row.round == 0);
        let across = across_all(&a, &b, 0.01);
        for row in &across.rows {
            assert!(row.change_pct.is_some() && row.low_pct.is_none() && row.verdict.is_none());
            assert_eq!(row.note.as_deref(), Some("1 round in B: an interval and a verdict need 2"));
        }
    }

    #[test]
    fn what_only_one_run_has_is_named_with_the_reason() {
        let (a, mut b) = (run(3.0, 1.0), run(3.0, 1.0));
        b.samples.retain(|row| row.backend != "rbtree");
        b.summary[1].status = Status::Unsupported("no room".to_owned());
        b.comparison.clear();
        let across = across_all(&a, &b, 0.01);
        assert_eq!(across.rows.len(), 1);
        let [left] = &across.left_out[..] else { panic!("{:?}", across.left_out) };
        assert!(left.is_missing_in_second());
        assert!(matches!(left, LeftOut::Backend { backend, reason: Some(reason), .. }
            if backend == "rbtree" && reason == "unsupported: no room"));
        // The other way round it is new, and nothing is missing.
        let back = across_all(&b, &a, 0.01);
        assert_eq!((back.rows.len(), back.left_out.len()), (1, 1));
        assert!(!back.left_out[0].is_missing_in_second());
    }

    #[test]
    fn other_lookups_and_edited_layouts_are_not_compared() {
        let (mut a, mut b) = (run(3.0, 1.0), run(3.0, 1.0));
        a.environment.plan = json!({ "layouts": [{ "name": "mine", "digest": "1" }] });
        b.environment.plan = json!({ "layouts": [{ "name": "mine", "digest": "2" }] });
        let across = across_all(&a, &b, 0.01);
        assert!(across.rows.is_empty());
        assert_eq!(across.left_out, [LeftOut::Layout { layout: "mine".to_owned() }]);
        b.environment.plan = a.environment.plan.clone();
        b.samples.iter_mut().for_each(|row| row.lookups += 1);
        b.summary.iter_mut().for_each(|row| row.lookups += 1);
        let across = across_all(&a, &b, 0.01);
        let sides: Vec<bool> = across.left_out.iter().map(LeftOut::is_missing_in_second).collect();
        assert_eq!((across.rows.len(), sides), (0, vec![true, false]));
    }
}

//! What a sentence about one batch size calls it, and what is worth saying about what was measured.

use std::collections::HashSet;

use crate::record::{BASELINE, Configuration, SummaryRow};

/// Layout and number of lookups; with `several`, workload, mode and target too.
pub(super) fn place(configuration: &Configuration, several: bool) -> String {
    let Configuration { layout, workload, mode, target, lookups, .. } = configuration;
    if several {
        return format!("{layout}, {workload}, {mode}, {target}, {lookups} lookups");
    }
    format!("{layout}, {lookups} lookups")
}

/// Whether they are of more than one workload, mode and target.
pub(super) fn are_several(configurations: impl Iterator<Item = Configuration>) -> bool {
    let what = |it: Configuration| (it.workload, it.mode, it.target);
    configurations.map(what).collect::<HashSet<_>>().len() > 1
}

/// A line for each layout where `uniform` mixes hits and misses and nothing in the run tells them apart,
/// or where it met no page at all and nothing in the run did.
pub(super) fn mixed(summary: &[SummaryRow]) -> Vec<String> {
    let has = |layout: &str, workload: &str| {
        summary.iter().any(|row| row.layout == layout && row.workload == workload)
    };
    let mut seen = HashSet::new();
    summary
        .iter()
        .filter(|row| row.workload == "uniform" && row.backend != BASELINE)
        .filter(|row| !(has(&row.layout, "hits") && has(&row.layout, "misses")))
        .filter_map(|row| Some((row.layout.as_str(), row.hit_rate?)))
        .filter(|&(layout, rate)| rate > 0.0 || !has(layout, "hits"))
        .filter(|&(layout, rate)| rate < 1.0 && seen.insert(layout))
        .map(|(layout, rate)| {
            if rate <= 0.0 {
                return format!(
                    "{layout}: no lookup found a page, so that all figures are of holes; \
                     --workload hits asks for what is present"
                );
            }
            format!(
                "{layout}: {} of the lookups found a page, the others a hole, and the figures are \
                 of both; --workload uniform,hits,misses tells them apart",
                share(rate)
            )
        })
        .collect()
}

/// A share in whole percent, never rounded to none or all.
fn share(rate: f64) -> String {
    match (100.0 * rate).round() {
        percent if percent < 1.0 => "less than 1 %".to_owned(),
        percent if percent > 99.0 => "more than 99 %".to_owned(),
        percent => format!("{percent:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::{are_several, mixed, place};
    use crate::record::{BASELINE, Configuration, SummaryRow};

    fn configuration(layout: &str, workload: &str) -> Configuration {
        Configuration {
            layout: layout.to_owned(),
            workload: workload.to_owned(),
            mode: "trace".to_owned(),
            target: "page".to_owned(),
            rng: "xoshiro256++".to_owned(),
            lookups: 100,
        }
    }

    #[test]
    fn a_place_says_as_much_as_is_needed() {
        let (one, other) = (configuration("a", "hits"), configuration("b", "hits"));
        assert_eq!(place(&one, false), "a, 100 lookups");
        assert_eq!(place(&one, true), "a, hits, trace, page, 100 lookups");
        assert!(!are_several([one.clone(), other].into_iter()));
        assert!(are_several([one, configuration("a", "misses")].into_iter()));
    }

    #[test]
    fn hits_and_misses_in_one_figure_are_said_once_a_layout() {
        let row = |layout: &str, workload: &str, backend: &str, hit_rate| SummaryRow {
            hit_rate,
            ..SummaryRow::unmeasured(&configuration(layout, workload), backend)
        };
        let mut rows = vec![
            row("full", "uniform", "array", Some(1.0)),
            row("holes", "uniform", "array", Some(0.504)),
            row("holes", "uniform", "rbtree", Some(0.504)),
            row("holes", "uniform", BASELINE, None),
            row("more", "uniform", "array", Some(0.25)),
            row("few", "uniform", "array", Some(0.000_2)),
            row("most", "uniform", "array", Some(0.998)),
            row("none", "uniform", "array", Some(0.0)),
            row("more", "zipf:1", "array", Some(0.5)),
        ];
        let said = mixed(&rows);
        assert_eq!(said.len(), 5, "{said:?}");
        assert!(said[4].starts_with("none: no lookup found a page"), "{said:?}");
        assert!(said[0].starts_with("holes: 50 % of the lookups found"), "{said:?}");
        assert!(said[2].starts_with("few: less than 1 % of"), "{said:?}");
        assert!(said[3].starts_with("most: more than 99 % of"), "{said:?}");
        rows.push(row("holes", "hits", "array", Some(1.0)));
        assert_eq!(mixed(&rows).len(), 5, "the misses are still not known");
        rows.push(row("none", "hits", "array", Some(1.0)));
        assert_eq!(mixed(&rows).len(), 4, "hits were asked for too");
        rows.push(row("holes", "misses", "array", Some(0.0)));
        assert!(mixed(&rows)[0].starts_with("more: 25 %"));
    }
}

//! What the intervals of comparisons count as evidence, in words.
//!
//! An interval is of processes where several were measured, and of groups of rounds where there were many rounds:
//! `n` beside it has to be the number of those, not of the rounds. Tables and figures say it with these words.

use crate::record::{ComparisonRow, unit_named};
use crate::stats::Unit;

/// One piece of evidence, and several.
const PROCESS: [&str; 2] = ["process", "processes"];
const GROUP: [&str; 2] = ["group of rounds", "groups of rounds"];
const ROUND: [&str; 2] = ["round", "rounds"];
/// Of comparisons that differ in it.
const EITHER: [&str; 2] = ["round or group of rounds", "rounds or groups of rounds"];
const ANY: [&str; 2] = ["piece of evidence", "pieces of evidence"];

/// What a comparison counts, one and several.
fn names(row: &ComparisonRow) -> [&'static str; 2] {
    match unit_named(&row.unit) {
        Unit::Processes => PROCESS,
        Unit::Rounds if row.units < row.rounds => GROUP,
        Unit::Rounds => ROUND,
    }
}

/// What a comparison counts: `processes`, `groups of rounds`, `rounds`.
pub(super) fn units(row: &ComparisonRow) -> &'static str {
    names(row)[1]
}

/// What some comparisons count.
pub(super) struct Evidence {
    names: [&'static str; 2],
    /// Least and most of a comparison.
    units: [u64; 2],
    rounds: [u64; 2],
}

impl Evidence {
    /// Of comparisons; none without any.
    pub(super) fn of<'r>(rows: impl Iterator<Item = &'r ComparisonRow>) -> Option<Self> {
        let rows: Vec<&ComparisonRow> = rows.collect();
        let mut kinds = rows.iter().copied().map(names);
        let first = kinds.next()?;
        let names = kinds.fold(first, |so_far, kind| match (so_far, kind) {
            (a, b) if a == b => a,
            (a, b) if a == PROCESS || b == PROCESS || a == ANY => ANY,
            _ => EITHER,
        });
        let span = |of: fn(&ComparisonRow) -> u64| {
            let numbers = rows.iter().copied().map(of);
            Some([numbers.clone().min()?, numbers.max()?])
        };
        Some(Self { names, units: span(|row| row.units)?, rounds: span(|row| row.rounds)? })
    }

    /// `rounds`, `processes`, ….
    pub(super) fn name(&self) -> &'static str {
        self.names[usize::from(self.units[1] != 1)]
    }

    /// `3` or `3 to 5`: how many.
    pub(super) fn count(&self) -> String {
        spanning(self.units)
    }

    /// `, 18 rounds in all` where something else than a round counts.
    pub(super) fn rounds(&self) -> String {
        match self.names {
            ROUND => String::new(),
            _ => format!(", {} rounds in all", spanning(self.rounds)),
        }
    }
}

fn spanning([least, most]: [u64; 2]) -> String {
    if least == most { most.to_string() } else { format!("{least} to {most}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::synthetic::{Cost, Maker};

    #[test]
    fn evidence_is_named_by_what_was_counted() {
        let mut maker = Maker::new();
        let costs = [Cost("array", 7.0, 0.1), Cost("rbtree", 9.0, 0.1), Cost("btree", 9.0, 0.1)];
        maker.batch("a", 1000, 18, 1.5, &costs);
        let mut rows = maker.run.comparison;
        let mut said = |units: [(&str, u64); 2]| {
            for (row, (unit, units)) in rows.iter_mut().zip(units) {
                (row.unit, row.units) = (unit.to_owned(), units);
            }
            let evidence = Evidence::of(rows.iter()).expect("two comparisons");
            format!("{} {}{}", evidence.count(), evidence.name(), evidence.rounds())
        };
        assert_eq!(said([("round", 18), ("round", 18)]), "18 rounds");
        assert_eq!(said([("process", 3), ("process", 3)]), "3 processes, 18 rounds in all");
        assert_eq!(said([("process", 1), ("process", 1)]), "1 process, 18 rounds in all");
        assert_eq!(said([("round", 6), ("round", 6)]), "6 groups of rounds, 18 rounds in all");
        assert_eq!(
            said([("round", 6), ("round", 18)]),
            "6 to 18 rounds or groups of rounds, 18 rounds in all"
        );
        assert_eq!(
            said([("round", 18), ("process", 3)]),
            "3 to 18 pieces of evidence, 18 rounds in all"
        );
        assert!(Evidence::of([].into_iter()).is_none());
    }
}

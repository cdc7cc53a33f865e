//! What stands below a comparison: what its verdicts do not say, and how its rounds behaved.

use super::Room;
use crate::record::ComparisonRow;
use crate::report::evidence;
use crate::report::numbers::{self, count, finite, fixed};
use crate::report::text::clean;
use crate::report::view::{Group, View};

/// All remarks of a group.
pub(super) fn of(view: &View<'_>, group: &Group<'_>, room: Room) -> Vec<String> {
    let evidence = evidence(view, group).into_iter();
    evidence.chain(remarks(group)).chain(behaved(group, room)).collect()
}

/// What the verdicts do not say: changes smaller than what placement alone makes, and why figures are
/// missing. Each said once, with the batch sizes that it is true of.
fn remarks(group: &Group<'_>) -> Vec<String> {
    let mut remarks: Vec<(String, Vec<String>)> = Vec::new();
    let mut remark =
        |text: String, lookups: u64| match remarks.iter_mut().find(|(earlier, _)| *earlier == text)
        {
            Some((_, counts)) => counts.push(count(lookups)),
            None => remarks.push((text, vec![count(lookups)])),
        };
    for batch in &group.batches {
        for row in &batch.comparisons {
            if let (Some(change), Some(floor)) =
                (finite(row.gross_change_pct), finite(row.floor_pct))
                && change.abs() < floor
            {
                let floor = fixed(floor, 2);
                remark(
                    format!(
                        "{}: the change is less than {floor} %, by which a second compilation of {} \
                         may differ here: placement of code and data alone may make it",
                        clean(&row.backend),
                        clean(&row.reference)
                    ),
                    batch.lookups,
                );
            }
            if let Some(note) = row.note.as_deref().filter(|note| !note.is_empty()) {
                remark(format!("{}: {}", clean(&row.backend), clean(note)), batch.lookups);
            }
        }
    }
    let words =
        |(text, counts): (String, Vec<String>)| format!("{text} ({} lookups).", counts.join(", "));
    remarks.into_iter().map(words).collect()
}

/// A comparison of a group that has an interval.
fn with_interval<'r>(group: &Group<'r>) -> Option<&'r ComparisonRow> {
    let mut rows = group.batches.iter().flat_map(|batch| batch.comparisons.iter().copied());
    rows.find(|row| finite(row.gross_low_pct).is_some())
}

/// What the intervals speak of, and what they leave out: said in full below the first comparison that it
/// is true of. Of the others only what differs: how far placement reaches there.
fn evidence(view: &View<'_>, group: &Group<'_>) -> Option<String> {
    let row = with_interval(group)?;
    let kind = |row: &ComparisonRow| (row.unit == "process").then_some(row.units);
    let alike = |other: &&Group<'_>| with_interval(other).is_some_and(|o| kind(o) == kind(row));
    let first = view.groups.iter().find(alike).is_some_and(|first| std::ptr::eq(first, group));
    let floor = finite(row.floor_pct).map(|floor| fixed(floor, 2));
    match (kind(row), first) {
        (Some(processes), true) => Some(format!(
            "Intervals count {processes} processes as evidence; margins of single backends, above, take all \
             rounds as independent and leave out how processes differ."
        )),
        (Some(_), false) => None,
        (None, true) => {
            let floor = floor.map_or_else(String::new, |floor| {
                format!(
                    ", by up to {floor} % for {} by its twin, and more for code that the twin shares",
                    clean(&row.reference)
                )
            });
            Some(format!(
                "Intervals speak of one process: where code and data came to lie is in the figures and \
                 in no interval{floor}. `--processes 5` lets it vary."
            ))
        }
        (None, false) => {
            let reference = clean(&row.reference);
            floor.map(|floor| {
                format!("By its twin, placement moves {reference} by up to {floor} % here.")
            })
        }
    }
}

/// How the rounds of the largest batch behaved, for the page: what counted as evidence, how much
/// neighbours resemble each other, where the spread comes from, what was far out.
fn behaved(group: &Group<'_>, room: Room) -> Vec<String> {
    let Some(batch) = group.batches.last().filter(|_| room == Room::Page) else {
        return Vec::new();
    };
    let percent = |what: &str, value: Option<f64>| {
        finite(value).map(|value| {
            // An estimate below zero is recorded as 0: nothing could be told from noise.
            if value > 0.0 {
                format!("{what} {} %", numbers::significant(value, 2))
            } else {
                format!("{what} none that stands out of the noise")
            }
        })
    };
    let sentence = |row: &ComparisonRow| {
        let resemblance = finite(row.autocorrelation)?;
        let spread = [
            percent("between processes", row.sd_process_pct),
            percent("of rounds (shared, paired away)", row.sd_round_pct),
            percent("of a batch besides", row.sd_within_pct),
        ];
        let spread: Vec<String> = spread.into_iter().flatten().collect();
        let outliers: Vec<String> = [&row.reference, &row.backend]
            .into_iter()
            .filter_map(|name| {
                let of = batch.row(name)?;
                Some(format!("{} {} of {}", clean(name), of.outliers?, of.runs))
            })
            .collect();
        let units = evidence::units(row);
        Some(format!(
            "{}, {} lookups: {} {units} as evidence; a round's ratio resembles the last by {} \
             ({} rounds count as {}); standard deviation {}; far out, and kept: {}.",
            clean(&row.backend),
            count(batch.lookups),
            row.units,
            fixed(resemblance, 2),
            row.rounds,
            fixed(row.effective_rounds.unwrap_or_default(), 0),
            spread.join(", "),
            outliers.join(", ")
        ))
    };
    batch.comparisons.iter().filter_map(|row| sentence(row)).collect()
}

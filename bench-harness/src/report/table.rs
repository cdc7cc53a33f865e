//! The tables of a report as cells, before they take a shape.
//!
//! The terminal and the page show the same figures, rounded alike; only what fits differs. Shapes
//! are given in [`terminal`](super::terminal) and [`markdown`](super::markdown).

use super::conditions;
use super::numbers::{self, NONE, TimeUnit, change_cells, count, finite, fixed};
use super::text::clean;
use super::view::{Batch, Group, View, mean};
use crate::record::{BASELINE, ComparisonRow, Status, SummaryRow};

/// A table of text. Nothing in it is escaped yet.
pub(super) struct Table {
    pub title: String,
    /// Column heads with their units.
    pub heads: Vec<String>,
    /// How many columns, from the left, hold names instead of numbers.
    pub names: usize,
    pub rows: Vec<Vec<String>>,
    /// Remarks below it.
    pub notes: Vec<String>,
}

/// How much room there is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// A page: one more column, intervals in brackets.
    Page,
    /// A terminal: every column counts.
    Terminal,
}

/// The batch tables and the comparison of a group.
pub(super) fn of_group(view: &View<'_>, group: &Group<'_>, room: Room) -> Vec<Table> {
    let mut tables: Vec<Table> =
        group.batches.iter().map(|batch| costs(group, batch, room)).collect();
    if let Some(last) = tables.last_mut() {
        last.notes.extend(conditions::built(view, group));
        last.notes.extend(conditions::modes(view.run, group));
    }
    tables.extend(comparison(group, room));
    tables
}

/// What every backend of a batch costs: the paper's statistics, and beside them Student's margin
/// and the net cost.
fn costs(group: &Group<'_>, batch: &Batch<'_>, room: Room) -> Table {
    let longest = batch.rows.iter().filter_map(|row| mean(row)).fold(0.0_f64, f64::max);
    let unit = TimeUnit::of(longest);
    // Digits of the mean: five show a margin of 0.01 %; a page has room for one more. What is small
    // has at least two of its own: a margin is never rounded to nothing.
    let digits = if room == Room::Page { 6 } else { 5 };
    let cell = |value: Option<f64>, of: f64, digits: i32| {
        let decimals = |size, digits| numbers::decimals(size, digits).min(7);
        finite(value).map_or_else(
            || NONE.to_owned(),
            |v| fixed(v, decimals(of, digits).min(4).max(decimals(v, 2))),
        )
    };
    let row = |row: &&SummaryRow| {
        let mut cells = vec![clean(&row.backend)];
        let own = mean(row).unwrap_or(longest);
        let seconds = |value: Option<f64>| {
            let scaled = value.map(|v| v * unit.per_second);
            cell(scaled, own * unit.per_second, digits)
        };
        let lookup = |value: Option<f64>| cell(value, batch.ns(own), 4);
        let status = match &row.status {
            Status::Ok => "ok".to_owned(),
            Status::Unsupported(reason) => format!("unsupported: {}", clean(reason)),
        };
        let ok = row.status == Status::Ok;
        if room == Room::Page {
            cells.push(status);
        }
        cells.push(if ok { row.runs.to_string() } else { NONE.to_owned() });
        cells.extend(
            [
                row.mean_s,
                row.min_s,
                row.max_s,
                row.stddev_population_s,
                row.margin95_z_s,
                row.margin95_t_s,
            ]
            .map(|value| seconds(value.filter(|_| ok))),
        );
        let net = row.net_ns_per_lookup.filter(|_| ok && row.backend != BASELINE);
        let margin = net.and(row.net_margin95_s).map(|margin| batch.ns(margin));
        cells.extend([row.ns_per_lookup.filter(|_| ok), net, margin].map(lookup));
        cells
    };
    let symbol = unit.symbol;
    let mut heads = vec!["backend".to_owned()];
    if room == Room::Page {
        heads.push("status".to_owned());
    }
    heads.push("runs".to_owned());
    heads.extend(["mean", "min", "max", "σ", "±z", "±t"].map(|head| match room {
        Room::Page => format!("{head} ({symbol})"),
        Room::Terminal => format!("{head}\n{symbol}"),
    }));
    heads.extend(match room {
        Room::Page => ["ns/lookup", "net ns/lookup", "± net (ns)"].map(String::from),
        Room::Terminal => ["cost\nns", "net\nns", "±net\nns"].map(String::from),
    });
    Table {
        title: format!(
            "{}, {} lookups a batch ({})",
            clean(group.layout),
            count(batch.lookups),
            group.setting
        ),
        heads,
        names: if room == Room::Page { 2 } else { 1 },
        rows: batch.rows.iter().map(row).collect(),
        notes: if room == Room::Page { Vec::new() } else { unsupported(batch) },
    }
}

/// Why backends are missing; the page says so in a column.
fn unsupported(batch: &Batch<'_>) -> Vec<String> {
    let note = |row: &&SummaryRow| match &row.status {
        Status::Ok => None,
        Status::Unsupported(reason) => {
            Some(format!("{}: unsupported: {}", clean(&row.backend), clean(reason)))
        }
    };
    batch.rows.iter().filter_map(note).collect()
}

/// Every backend against the reference, for all numbers of lookups of a group.
fn comparison(group: &Group<'_>, room: Room) -> Option<Table> {
    let mut rows = Vec::new();
    let mut references: Vec<String> = Vec::new();
    for batch in &group.batches {
        for row in &batch.comparisons {
            let reference = clean(&row.reference);
            if !references.contains(&reference) {
                references.push(reference.clone());
            }
            let gross = change_cells(row.gross_change_pct, row.gross_low_pct, row.gross_high_pct);
            let net = change_cells(row.net_change_pct, row.net_low_pct, row.net_high_pct);
            let verdict = row.verdict.as_deref().filter(|verdict| !verdict.is_empty());
            let verdict = verdict.map_or_else(|| NONE.to_owned(), clean);
            let p = |p: Option<f64>| finite(p).map_or_else(|| NONE.to_owned(), numbers::p_value);
            let mut cells = vec![count(batch.lookups), clean(&row.backend)];
            match room {
                Room::Page => {
                    cells.extend([reference, row.rounds.to_string()]);
                    cells.extend([bracketed(gross), bracketed(net), verdict]);
                    cells.extend([p(row.p_value), p(row.p_value_holm)]);
                }
                Room::Terminal => {
                    cells.extend(gross.into_iter().chain(net));
                    cells.extend([verdict, p(row.p_value_holm.or(row.p_value))]);
                }
            }
            rows.push(cells);
        }
    }
    let heads: &[&str] = match room {
        Room::Page => &[
            "lookups",
            "backend",
            "reference",
            "rounds",
            "gross change (%) [low, high]",
            "net change (%) [low, high]",
            "verdict",
            "p",
            "p (Holm)",
        ],
        Room::Terminal => &[
            "lookups", "backend", "gross\n%", "low\n%", "high\n%", "net\n%", "low\n%", "high\n%",
            "verdict", "p\nHolm",
        ],
    };
    (!rows.is_empty()).then(|| Table {
        title: format!(
            "Change of time against {}, {} ({})",
            references.join(", "),
            clean(group.layout),
            group.setting
        ),
        heads: heads.iter().map(|head| (*head).to_owned()).collect(),
        names: 2,
        rows,
        notes: remarks(group).into_iter().chain(behaved(group, room)).collect(),
    })
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
    let of_batches = remarks
        .into_iter()
        .map(|(text, counts)| format!("{text} ({} lookups).", counts.join(", ")));
    evidence(group).into_iter().chain(of_batches).collect()
}

/// What the intervals speak of, and what they leave out.
fn evidence(group: &Group<'_>) -> Option<String> {
    let mut rows = group.batches.iter().flat_map(|batch| &batch.comparisons);
    let row = rows.find(|row| finite(row.gross_low_pct).is_some())?;
    if row.unit == "process" {
        return Some(format!(
            "Intervals count {} processes as evidence; margins of single backends, above, take all \
             rounds as independent and leave out how processes differ.",
            row.units
        ));
    }
    let floor = finite(row.floor_pct).map_or_else(String::new, |floor| {
        format!(
            ", by up to {} % for {} by its twin, and more for code that the twin shares",
            fixed(floor, 2),
            clean(&row.reference)
        )
    });
    Some(format!(
        "Intervals speak of one process: where code and data came to lie is in the figures and in no \
         interval{floor}. `--processes 5` lets it vary."
    ))
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
        let units = match (row.unit.as_str(), row.units) {
            ("process", _) => "processes",
            (_, units) if units < row.rounds => "groups of rounds",
            _ => "rounds",
        };
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

/// `+5.90 [+4.82, +6.98]`; the change alone where there are no bounds.
pub(super) fn bracketed([value, low, high]: [String; 3]) -> String {
    if low == NONE && high == NONE { value } else { format!("{value} [{low}, {high}]") }
}

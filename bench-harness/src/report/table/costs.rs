//! What every backend costs in one batch size.

use super::{Room, Table, unsupported};
use crate::record::{BASELINE, SummaryRow};
use crate::report::numbers::{self, NONE, TimeUnit, count, finite, fixed};
use crate::report::text::clean;
use crate::report::view::{Batch, Group, mean};

/// What every backend of a batch costs: the paper's statistics, and beside them Student's margin
/// and the net cost.
pub(super) fn table(group: &Group<'_>, batch: &Batch<'_>, room: Room) -> Table {
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
        let status = clean(&row.status.to_string());
        let ok = row.status.is_ok();
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
        notes: if room == Room::Page { Vec::new() } else { missing(batch) },
    }
}

/// Why backends are missing; the page says so in a column.
fn missing(batch: &Batch<'_>) -> Vec<String> {
    batch.rows.iter().filter_map(|row| unsupported(&row.backend, &row.status)).collect()
}

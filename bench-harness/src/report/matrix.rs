//! Many backends on many layouts as two matrices for each setting: what a lookup costs, and how many
//! times faster than the reference that is.
//!
//! Shown when a run has more backends than tables one behind the other would be read for.

use super::conditions::reference;
use super::factor::speed;
use super::field::{Field, Member, Net, fields, is_crowd};
use super::numbers::{NONE, count, significant};
use super::table::{Room, Table};
use super::text::{clean, columns, width, wrap};
use super::view::View;
use crate::record::BASELINE;

/// What stands for a backend that cannot do a layout.
const CANNOT: &str = "×";
/// Columns of a terminal that the tables keep to.
const TERMINAL: f64 = 80.0;
/// Widest line of a layout's name above a column of a terminal.
const HEAD: f64 = 8.0;
/// Widest name of a backend that sets the number of columns; longer ones are broken.
const NAME: f64 = 18.0;

/// The matrices of a run, none where it has few backends.
pub(super) fn tables(view: &View<'_>, room: Room) -> Vec<Table> {
    if !is_crowd(view) {
        return Vec::new();
    }
    let both = |field: &Field<'_, '_>| [costs(view, field, room), speeds(view, field, room)];
    fields(view).iter().flat_map(both).flatten().collect()
}

/// What a lookup costs, net.
fn costs(view: &View<'_>, field: &Field<'_, '_>, room: Room) -> Vec<Table> {
    let title = format!("Net ns a lookup ({})", field.setting);
    let cell = |member: &Member<'_, '_>, backend: &str| Some(cost(member.net(backend)?, room));
    let note = "net of the baseline; below each layout its lookups a batch.";
    let note = match room {
        Room::Page => format!("± Student's margin, 95 %; {note}"),
        Room::Terminal => {
            format!("~ the 95 % interval is not above 0, or there is none; {note}")
        }
    };
    chunks(view, field, room, &title, &note, &cell)
}

fn cost(net: Net, room: Room) -> String {
    let figure = significant(net.ns, 3);
    match (room, net.margin) {
        (Room::Page, Some(margin)) => format!("{figure} ± {}", significant(margin, 2)),
        (Room::Terminal, _) if !net.is_shown() => format!("~{figure}"),
        _ => figure,
    }
}

/// How many times faster than the reference.
fn speeds(view: &View<'_>, field: &Field<'_, '_>, room: Room) -> Vec<Table> {
    let Some(reference) = reference(view) else { return Vec::new() };
    if field.members.iter().all(|member| member.batch.comparisons.is_empty()) {
        return Vec::new();
    }
    let title = format!("Times as fast as {}, net ({})", clean(reference), field.setting);
    let cell = |member: &Member<'_, '_>, backend: &str| {
        if backend == reference {
            return member.measured(backend).map(|_| "1".to_owned());
        }
        let row = member.comparison(backend)?;
        let factor = speed(row.net_change_pct, row.net_low_pct, row.net_high_pct)?;
        Some(match room {
            Room::Page => format!("{} {}", factor.number(), factor.bracket()),
            Room::Terminal if factor.is_open() => format!("~{}", factor.number()),
            Room::Terminal => factor.number(),
        })
    };
    let note = match room {
        Room::Page => "Above 1: faster than the reference; bounds of 95 %.",
        Room::Terminal => {
            "Above 1: faster than the reference; ~ the 95 % interval includes 1, or there is \
             none."
        }
    };
    chunks(view, field, room, &title, note, &cell)
}

type Cells<'c> = dyn Fn(&Member<'_, '_>, &str) -> Option<String> + 'c;

/// A matrix, in a terminal cut into as many tables as its layouts need to stay within the width.
fn chunks(
    view: &View<'_>,
    field: &Field<'_, '_>,
    room: Room,
    title: &str,
    note: &str,
    cell: &Cells<'_>,
) -> Vec<Table> {
    let columns_of: Vec<Vec<String>> =
        field.members.iter().map(|member| column(view, member, room, cell)).collect();
    let names: Vec<String> = view.backends.iter().map(|name| clean(name)).collect();
    let widest = |texts: &[String]| {
        let lines = texts.iter().flat_map(|text| text.split('\n'));
        lines.map(|line| width(line, columns)).fold(0.0, f64::max)
    };
    let first = widest(&names).clamp(width("backend", columns), NAME);
    let mut parts: Vec<Vec<&Vec<String>>> = Vec::new();
    let mut used = f64::INFINITY;
    for column in &columns_of {
        let wide = widest(column) + 1.0;
        if used + wide > TERMINAL && (room == Room::Terminal || parts.is_empty()) {
            parts.push(Vec::new());
            used = first;
        }
        used += wide;
        parts.last_mut().expect("the first column begins a part").push(column);
    }
    let last = parts.len().saturating_sub(1);
    let table = |(index, part): (usize, Vec<&Vec<String>>)| {
        // Names take one line or several; the numbers of lookups below them shall be level.
        let lines = |text: &str| text.matches('\n').count();
        let high = part.iter().map(|column| lines(&column[0])).max().unwrap_or(0);
        let heads = part.iter().map(|column| match room {
            Room::Page => column[0].clone(),
            Room::Terminal => format!("{}{}", "\n".repeat(high - lines(&column[0])), column[0]),
        });
        let row = |(at, name): (usize, &String)| {
            let cells = part.iter().map(|column| column[at + 1].clone());
            std::iter::once(name.clone()).chain(cells).collect()
        };
        let continued = if index == 0 { "" } else { ", continued" };
        Table {
            title: format!("{title}{continued}"),
            heads: std::iter::once("backend".to_owned()).chain(heads).collect(),
            names: 1,
            rows: names.iter().enumerate().map(row).collect(),
            notes: if index == last { vec![note.to_owned()] } else { Vec::new() },
        }
    };
    parts.into_iter().enumerate().map(table).collect()
}

/// Head and cells of a layout.
fn column(view: &View<'_>, member: &Member<'_, '_>, room: Room, cell: &Cells<'_>) -> Vec<String> {
    let (layout, lookups) = (clean(member.group.layout), count(member.batch.lookups));
    let head = match room {
        Room::Page => format!("{layout}\n{lookups}"),
        Room::Terminal => {
            let lines = wrap(&layout, HEAD, columns);
            format!("{}\n{lookups}", lines.join("\n"))
        }
    };
    let of = |backend: &&str| {
        debug_assert_ne!(*backend, BASELINE);
        let row = member.batch.row(backend);
        match row {
            Some(row) if !row.status.is_ok() => CANNOT.to_owned(),
            _ => cell(member, backend).unwrap_or_else(|| NONE.to_owned()),
        }
    };
    std::iter::once(head).chain(view.backends.iter().map(of)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without an interval nothing was shown, here as in the matrix of factors.
    #[test]
    fn a_cost_that_is_not_shown_to_be_one_is_marked() {
        let net = |ns, margin| Net { ns, margin };
        let terminal = |net| cost(net, Room::Terminal);
        assert_eq!(terminal(net(3.0, Some(1.0))), "3.00");
        assert_eq!(terminal(net(3.0, Some(4.0))), "~3.00");
        assert_eq!(terminal(net(3.0, None)), "~3.00");
        assert_eq!(cost(net(3.0, None), Room::Page), "3.00");
    }
}

//! Every backend against the reference.

use super::{Room, Table, bracketed, heads, p_value, remarks, verdict};
use crate::report::numbers::{change_cells, count};
use crate::report::text::clean;
use crate::report::view::{Group, View};

/// Every backend against the reference, for all numbers of lookups of a group.
pub(super) fn table(view: &View<'_>, group: &Group<'_>, room: Room) -> Option<Table> {
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
            let verdict = verdict(row.verdict.as_deref());
            let mut cells = vec![count(batch.lookups), clean(&row.backend)];
            match room {
                Room::Page => {
                    cells.extend([reference, row.rounds.to_string()]);
                    cells.extend([bracketed(gross), bracketed(net), verdict]);
                    cells.extend([p_value(row.p_value), p_value(row.p_value_holm)]);
                }
                Room::Terminal => {
                    cells.extend(gross.into_iter().chain(net));
                    cells.extend([verdict, p_value(row.p_value_holm.or(row.p_value))]);
                }
            }
            rows.push(cells);
        }
    }
    let names: &[&str] = match room {
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
        heads: heads(names),
        names: 2,
        rows,
        notes: remarks::of(view, group, room),
    })
}

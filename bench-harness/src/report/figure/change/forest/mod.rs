//! The forest plot: every comparison at its layout's largest number of lookups, one row each, on one scale.
//!
//! The figures of single layouts show how a change grows with the number of lookups; here it is seen at a glance
//! where a backend wins, by how much and how sure that is. Rows are in the order of the page. As in the figure
//! of a layout the paper's own change stands beside ours where it measured the same.

mod draw;
mod rows;

use self::draw::{Sheet, WIDTH};
use self::rows::{Row, of_field};
use super::marks::{Mark, paper_look};
use super::scale::{Scale, is_wide};
use crate::report::ReportError;
use crate::report::evidence::Evidence;
use crate::report::field::Field;
use crate::report::figure::Figure;
use crate::report::figure::data::{self, Rows};
use crate::report::figure::frame::{Frame, Key, Symbol};
use crate::report::figure::runs::finish;
use crate::report::figure::shape::Shape;
use crate::report::figure::style::{ANY_LOOK, Look};
use crate::report::numbers::fixed;
use crate::report::text::clean;
use crate::report::view::View;

/// Fewer comparisons are read from the figure of the layout.
const FEWEST: usize = 2;

/// The figure of a field, or `None` with less than [`FEWEST`] comparisons.
pub(in crate::report::figure) fn figure(
    view: &View<'_>,
    field: &Field<'_, '_>,
    stem: &str,
) -> Option<Result<Figure, ReportError>> {
    let rows = of_field(view, field);
    let first = rows.first().filter(|_| rows.len() >= FEWEST)?;
    let reference = first.comparison.reference.as_str();
    let marks: Vec<Mark> = rows.iter().flat_map(Row::marks).collect();
    let ratios = is_wide(&marks);
    let sheet = Sheet {
        scale: Scale::fitted(&marks, ratios),
        // One backend on each layout needs no heading.
        flat: rows.iter().all(|row| row.comparison.backend == first.comparison.backend),
        rows: &rows,
    };
    let against = if sheet.flat {
        format!("{} against {}", clean(&first.comparison.backend), clean(reference))
    } else {
        format!("Change of time against {}", clean(reference))
    };
    let frame = Frame {
        width: WIDTH,
        title: format!("{against}: {}", field.setting.short()),
        keys: keys(&rows, sheet.clips(&marks)),
        caption: caption(field, &sheet, ratios),
    };
    let drawn = frame.draw(sheet.height(), |canvas, top| sheet.draw(canvas, top));
    let figure = finish(format!("forest{stem}.svg"), &frame, drawn);
    let mut groups: Vec<_> = rows.iter().map(|row| row.group).collect();
    groups.dedup_by(|a, b| a.stem == b.stem);
    Some(figure.and_then(|figure| figure.with(&numbers(&rows), groups)))
}

fn keys(rows: &[Row<'_, '_>], clips: bool) -> Vec<Key> {
    let key = |symbol, text: &str| Key { symbol, text: text.to_owned() };
    let mut keys = vec![
        key(Symbol::Mark(ANY_LOOK), "change, gross"),
        key(Symbol::Whisker, "95 % interval"),
        key(Symbol::Band, "counts as the same"),
    ];
    if rows.iter().any(|row| row.paper.is_some()) {
        keys.push(key(Symbol::Hollow(paper_look()), "the paper"));
    }
    if clips {
        let look = Look { shape: Shape::TriangleRight, ..ANY_LOOK };
        keys.push(key(Symbol::Mark(look), "goes on beyond the scale"));
    }
    keys
}

fn caption(field: &Field<'_, '_>, sheet: &Sheet<'_, '_, '_>, ratios: bool) -> String {
    let mut text = format!(
        "{}; time as timed, {} included, each layout at its largest number of lookups. n: {}; changes of pairs in \
         the same round. Intervals: 95 %, of each comparison by itself. Right of the line: slower. ",
        field.setting,
        field.setting.baseline(),
        counted(sheet.rows)
    );
    text += if ratios {
        "A scale of ratios: at 2x twice the time of the reference, at 1/2x half of it."
    } else {
        "A linear scale in percent."
    };
    text += &format!(" The band: within ±{} %.", fixed(sheet.equivalence_pct(), 1));
    if sheet.rows.iter().any(|row| row.paper.is_some()) {
        text += " The paper: from its Tables 1 and 2, at 100M with the interval that its Table 3 gives (Welch).";
    }
    text
}

/// What is counted in the column of n: `rounds`, or `processes, 18 rounds in all`.
fn counted(rows: &[Row<'_, '_>]) -> String {
    let evidence = Evidence::of(rows.iter().map(|row| row.comparison));
    evidence
        .map_or_else(String::new, |evidence| format!("{}{}", evidence.name(), evidence.rounds()))
}

fn numbers(rows: &[Row<'_, '_>]) -> Rows {
    let mut numbers = Rows::new(&super::COLUMNS);
    for row in rows {
        let key = data::Key {
            layout: row.group.layout,
            setting: row.group.setting,
            lookups: row.comparison.lookups,
            backend: &row.comparison.backend,
        };
        for mark in row.marks() {
            let own = (!mark.published).then_some(row.comparison);
            let (low, high) = mark.bounds.unzip();
            let cells = [
                "gross".into(),
                if mark.published { "paper" } else { "measured" }.into(),
                row.comparison.reference.as_str().into(),
                own.map(|own| own.rounds).into(),
                own.map_or("", |own| own.unit.as_str()).into(),
                own.map(|own| own.units).into(),
                mark.value.into(),
                low.into(),
                high.into(),
                own.and_then(|own| own.verdict.as_deref()).unwrap_or_default().into(),
            ];
            numbers.push(key, cells);
        }
    }
    numbers
}

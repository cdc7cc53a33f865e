//! The forest plot: every comparison at its layout's largest number of lookups, one row each, on one scale.
//!
//! The figures of single layouts show how a change grows with the number of lookups; here it is seen at a glance
//! where a backend wins, by how much and how sure that is. Rows are in the order of the page. As in the figure
//! of a layout the paper's own change stands beside ours where it measured the same.

mod rows;

use self::rows::{Row, of_field};
use super::marks::{Mark, paper_look};
use super::scale::{Scale, is_wide};
use crate::report::ReportError;
use crate::report::field::Field;
use crate::report::figure::Figure;
use crate::report::figure::canvas::{Canvas, Drawn, Hand};
use crate::report::figure::data::{self, Rows};
use crate::report::figure::frame::{Frame, Key, Symbol, fitting, text_width};
use crate::report::figure::panel::Panel;
use crate::report::figure::runs::finish;
use crate::report::figure::shape::Shape;
use crate::report::figure::style::{ANY_LOOK, EDGE, GRID, INK, LINE, Look, MUTED, SMALL, WIDEST};
use crate::report::numbers::{NONE, change, fixed};
use crate::report::text::clean;
use crate::report::view::View;

const WIDTH: i32 = WIDEST;
/// Fewer comparisons are read from the figure of the layout.
const FEWEST: usize = 2;
/// Height of a row, and what the paper's mark makes it higher.
const ROW: i32 = 44;
const PAPER: i32 = 26;
/// Widest column of names.
const NAMES: i32 = 430;
/// What stands right of the scale: change, rounds, verdict.
const HEADS: [&str; 3] = ["change", "n", "verdict"];
const COLUMN_GAP: i32 = 24;
/// With more rows than this the scale is labelled at both ends.
const MANY: usize = 20;
/// Of a row below its layout's name.
const INDENT: i32 = 60;

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
        "{}; time as timed, {} included, each layout at its largest number of lookups. n: rounds, of pairs in the \
         same round. Intervals: 95 %, of each comparison by itself. Right of the line: slower. ",
        field.setting,
        field.setting.baseline()
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

/// All rows and where they are drawn.
struct Sheet<'s, 'f, 'r> {
    scale: Scale,
    flat: bool,
    rows: &'s [Row<'f, 'r>],
}

impl Sheet<'_, '_, '_> {
    /// The widest band of any row; a run has one.
    fn equivalence_pct(&self) -> f64 {
        self.rows.iter().map(|row| row.comparison.equivalence_pct).fold(0.0, f64::max)
    }

    fn clips(&self, marks: &[Mark]) -> bool {
        self.scale.clips(marks)
    }

    /// Whether a layout's name stands above a row.
    fn is_headed(&self, index: usize) -> bool {
        let layout = |index: usize| self.rows.get(index).map(|row| &row.group.stem);
        !self.flat && (index == 0 || layout(index - 1) != layout(index))
    }

    fn high(&self, index: usize) -> i32 {
        let paper = self.rows.get(index).is_some_and(|row| row.paper.is_some());
        ROW + if paper { PAPER } else { 0 }
    }

    fn height(&self) -> i32 {
        let heads = (0..self.rows.len()).filter(|index| self.is_headed(*index)).count();
        let rows: i32 = (0..self.rows.len()).map(|index| self.high(index)).sum();
        LINE + rows + ROW * i32::try_from(heads).unwrap_or(1000) + Panel::BELOW
    }

    /// Right edges of the three columns of figures, from the outermost left of which the scale ends.
    fn columns(&self) -> (i32, [i32; 3]) {
        let widest = |column: usize| {
            let cells = self.rows.iter().map(|row| text_width(&cells(row)[column], SMALL));
            cells.chain([text_width(HEADS[column], SMALL)]).max().unwrap_or(0)
        };
        let verdict = WIDTH - EDGE;
        let n = verdict - widest(2) - COLUMN_GAP;
        let change = n - widest(1) - COLUMN_GAP;
        (change - widest(0) - COLUMN_GAP - 10, [change, n, verdict])
    }

    fn draw(&self, canvas: &Canvas<'_>, top: i32) -> Drawn {
        let name = |row: &Row<'_, '_>| {
            let name = if self.flat { row.group.layout } else { &row.comparison.backend };
            text_width(&clean(name), SMALL) + if self.flat { 0 } else { INDENT }
        };
        let names = self.rows.iter().map(name).max().unwrap_or(0).min(NAMES);
        let (right, columns) = self.columns();
        let (left, top) = (EDGE + names + 46, top + LINE);
        let bottom = top + self.height() - LINE - Panel::BELOW;
        let panel = Panel { left, right, top, bottom, y: self.scale.axis };
        for (head, x) in HEADS.iter().zip(columns) {
            canvas.text(head, (x, top - LINE), Hand::new(SMALL, MUTED).right())?;
        }
        let band = self.equivalence_pct();
        let (from, to) = (self.x(&panel, -band), self.x(&panel, band));
        canvas.block((from - 1, top), (to + 1, bottom), INK, 0.13)?;
        let ticks = self.scale.axis.ticks(6);
        for tick in &ticks {
            let x = panel.x(self.scale.axis, tick.value);
            canvas.line(&[(x, top), (x, bottom)], GRID, 2)?;
        }
        let zero = self.x(&panel, 0.0);
        canvas.line(&[(zero, top), (zero, bottom)], INK, 3)?;
        let mut y = top;
        for (index, row) in self.rows.iter().enumerate() {
            if self.is_headed(index) {
                let name = fitting(row.group.layout, WIDTH - 2 * EDGE, SMALL);
                canvas.text(&name, (EDGE, y + 6), Hand::new(SMALL, INK).bold())?;
                canvas.line(&[(EDGE, y), (WIDTH - EDGE, y)], GRID, 2)?;
                y += ROW;
            }
            self.row(canvas, &panel, row, (y + self.high(index) / 2, columns))?;
            y += self.high(index);
        }
        canvas.line(&[(left, bottom), (right, bottom)], INK, 3)?;
        let axis = self.scale.axis;
        let labels: Vec<(i32, String)> =
            ticks.iter().map(|tick| (panel.x(axis, tick.value), tick.label.clone())).collect();
        if self.rows.len() > MANY {
            panel.draw_above(canvas, &labels)?;
        }
        panel.draw_below(canvas, &labels, self.scale.title())
    }

    fn row(
        &self,
        canvas: &Canvas<'_>,
        panel: &Panel,
        row: &Row<'_, '_>,
        (y, columns): (i32, [i32; 3]),
    ) -> Drawn {
        let room = panel.left - 20 - EDGE;
        if self.flat {
            let name = fitting(row.group.layout, room, SMALL);
            canvas.text(&name, (EDGE, y), Hand::new(SMALL, INK).middle())?;
        } else {
            canvas.mark((EDGE + INDENT - 24, y), row.look, 11, 1.0)?;
            let name = fitting(&row.comparison.backend, room - INDENT, SMALL);
            canvas.text(&name, (EDGE + INDENT, y), Hand::new(SMALL, INK).middle())?;
        }
        for (cell, x) in cells(row).iter().zip(columns) {
            canvas.text(cell, (x, y), Hand::new(SMALL, INK).right().middle())?;
        }
        let shift = if row.paper.is_some() { 13 } else { 0 };
        for mark in row.marks() {
            let y = if mark.published { y + shift } else { y - shift };
            self.mark(canvas, panel, &mark, y)?;
        }
        Ok(())
    }

    /// The place across of a change.
    fn x(&self, panel: &Panel, change: f64) -> i32 {
        panel.x(self.scale.axis, self.scale.of(change))
    }

    fn mark(&self, canvas: &Canvas<'_>, panel: &Panel, mark: &Mark, y: i32) -> Drawn {
        let colour = mark.look.colour;
        if let Some((low, high)) = mark.bounds {
            let ends = [(low, -1), (high, 1)];
            let [from, to] = ends.map(|(value, _)| self.x(panel, value));
            canvas.line(&[(from, y), (to, y)], colour, 4)?;
            for (value, tip) in ends {
                let x = self.x(panel, value);
                if self.scale.is_beyond(value) {
                    let back = x - 12 * tip;
                    canvas.line(&[(back, y - 9), (x, y), (back, y + 9)], colour, 4)?;
                } else {
                    canvas.line(&[(x, y - 9), (x, y + 9)], colour, 4)?;
                }
            }
        }
        let at = (self.x(panel, mark.value), y);
        if self.scale.is_beyond(mark.value) {
            let right = self.scale.of(mark.value) > self.scale.axis.low;
            let shape = if right { Shape::TriangleRight } else { Shape::TriangleLeft };
            canvas.mark(at, Look { shape, ..mark.look }, 12, 1.0)
        } else if mark.published {
            canvas.hollow(at, mark.look, 12)
        } else {
            canvas.mark(at, mark.look, 11, 1.0)
        }
    }
}

/// What stands beside a row: its change, rounds and verdict.
fn cells(row: &Row<'_, '_>) -> [String; 3] {
    let verdict = row.comparison.verdict.as_deref().filter(|verdict| !verdict.is_empty());
    [
        format!("{} %", change(row.change_pct, row.change_pct)),
        row.comparison.rounds.to_string(),
        verdict.map_or_else(|| NONE.to_owned(), |verdict| fitting(verdict, 260, SMALL)),
    ]
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

//! Draws the forest plot: names, the scale with its band and marks, figures and verdicts.

use super::rows::Row;
use crate::report::figure::canvas::{Canvas, Drawn, Hand};
use crate::report::figure::change::marks::Mark;
use crate::report::figure::change::scale::Scale;
use crate::report::figure::frame::{fitting, text_width};
use crate::report::figure::panel::Panel;
use crate::report::figure::shape::Shape;
use crate::report::figure::style::{EDGE, GRID, INK, LINE, Look, MUTED, SMALL, WIDEST};
use crate::report::numbers::{NONE, change};
use crate::report::text::clean;

/// As wide as text stays legible: there are figures beside the scale.
pub(super) const WIDTH: i32 = WIDEST;
/// Height of a row, and what the paper's mark makes it higher.
const ROW: i32 = 44;
const PAPER: i32 = 26;
/// Widest column of names.
const NAMES: i32 = 430;
/// What stands right of the scale: change, how many pieces of evidence, verdict.
const HEADS: [&str; 3] = ["change", "n", "verdict"];
const COLUMN_GAP: i32 = 24;
/// With more rows than this the scale is labelled at both ends.
const MANY: usize = 20;
/// Of a row below its layout's name.
const INDENT: i32 = 60;

/// All rows and where they are drawn.
pub(super) struct Sheet<'s, 'f, 'r> {
    pub scale: Scale,
    /// All of one backend, so that layouts need no heading.
    pub flat: bool,
    pub rows: &'s [Row<'f, 'r>],
}

impl Sheet<'_, '_, '_> {
    /// The widest band of any row; a run has one.
    pub(super) fn equivalence_pct(&self) -> f64 {
        self.rows.iter().map(|row| row.comparison.equivalence_pct).fold(0.0, f64::max)
    }

    pub(super) fn clips(&self, marks: &[Mark]) -> bool {
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

    pub(super) fn height(&self) -> i32 {
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

    pub(super) fn draw(&self, canvas: &Canvas<'_>, top: i32) -> Drawn {
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

/// What stands beside a row: its change, what its interval is of, and its verdict.
fn cells(row: &Row<'_, '_>) -> [String; 3] {
    let verdict = row.comparison.verdict.as_deref().filter(|verdict| !verdict.is_empty());
    [
        format!("{} %", change(row.change_pct, row.change_pct)),
        row.comparison.units.to_string(),
        verdict.map_or_else(|| NONE.to_owned(), |verdict| fitting(verdict, 260, SMALL)),
    ]
}

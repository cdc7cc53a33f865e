//! What every figure has around its data: title, legend, caption; and panels with axes.
//!
//! Text is placed by an estimate of its width that errs on the wide side, and the sheet grows with
//! it, so that nothing overlaps or is cut off. Used by the figures only.

use super::super::text::{clean, ems, shorten, width, wrap};
use super::axis::{Axis, Tick};
use super::canvas::{Canvas, Drawn, Hand, Point, Refused, document};
use super::style::{EDGE, GRID, INK, LINE, Look, MUTED, SMALL, TEXT, TITLE};

/// What a line of the legend explains.
#[derive(Clone, Copy)]
pub(super) enum Symbol {
    /// A filled mark.
    Mark(Look),
    /// A mark on its line.
    Line(Look),
    /// The outline of a mark.
    Hollow(Look),
    /// A faint mark: one run.
    Run(Look),
    /// A thick stroke.
    Mean,
    /// A shaded band.
    Band,
    /// A bar with ends.
    Whisker,
    /// Short strokes at the edges of a lane.
    Edges,
}

/// A line of the legend.
pub(super) struct Key {
    pub symbol: Symbol,
    pub text: String,
}

/// A figure but for its data.
pub(super) struct Frame {
    pub width: i32,
    pub title: String,
    pub keys: Vec<Key>,
    /// Sentences; wrapped and put below.
    pub caption: String,
}

const SYMBOL: i32 = 64;

/// A length in canvas units from an estimate.
pub(super) fn units(length: f64) -> i32 {
    // Bounded by the clamp.
    #[expect(clippy::cast_possible_truncation)]
    let units = if length.is_nan() { 0.0 } else { length.round().clamp(-1e6, 1e6) } as i32;
    units
}

/// Estimated width of `text` at a font size.
pub(super) fn text_width(text: &str, size: i32) -> i32 {
    units(width(text, ems) * f64::from(size))
}

/// `text` cut to fit.
pub(super) fn fitting(text: &str, room: i32, size: i32) -> String {
    shorten(&clean(text), f64::from(room) / f64::from(size), ems)
}

impl Frame {
    /// Draws the figure; `body` is called with the sheet and the top of its `height` units.
    pub(super) fn draw(
        &self,
        height: i32,
        body: impl FnOnce(&Canvas<'_>, i32) -> Drawn,
    ) -> Result<String, Refused> {
        let room = self.width - 2 * EDGE;
        let lines = |text: &str, size: i32| wrap(text, f64::from(room) / f64::from(size), ems);
        let title = lines(&self.title, TITLE + 3); // bold runs wider
        let caption = lines(&self.caption, SMALL);
        let rows = self.legend_rows(room);
        let legend_top = EDGE + lines_high(title.len(), TITLE + 12) + 12;
        let top = legend_top + lines_high(rows.len(), LINE + 6) + 20;
        let caption_top = top + height + 20;
        let whole = caption_top + lines_high(caption.len(), LINE) + EDGE - 6;
        document(self.width, whole, &self.title, |canvas| {
            for (line, y) in title.iter().zip((EDGE..).step_by(TITLE as usize + 12)) {
                canvas.text(line, (EDGE, y), Hand::new(TITLE, INK).bold())?;
            }
            for (row, y) in rows.iter().zip((legend_top..).step_by(LINE as usize + 6)) {
                for (key, x) in row {
                    draw_key(canvas, key, (*x, y))?;
                }
            }
            for (line, y) in caption.iter().zip((caption_top..).step_by(LINE as usize)) {
                canvas.text(line, (EDGE, y), Hand::new(SMALL, MUTED))?;
            }
            body(canvas, top)
        })
    }

    fn legend_rows(&self, room: i32) -> Vec<Vec<(&Key, i32)>> {
        let mut rows: Vec<Vec<(&Key, i32)>> = Vec::new();
        let mut next = EDGE;
        for key in &self.keys {
            let text = fitting(&key.text, room - SYMBOL, SMALL);
            let wide = SYMBOL + 12 + text_width(&text, SMALL) + 36;
            if rows.is_empty() || next + wide > EDGE + room + 36 {
                rows.push(Vec::new());
                next = EDGE;
            }
            rows.last_mut().expect("just pushed").push((key, next));
            next += wide;
        }
        rows
    }
}

fn lines_high(lines: usize, each: i32) -> i32 {
    i32::try_from(lines).unwrap_or(i32::MAX / 1000).saturating_mul(each)
}

fn draw_key(canvas: &Canvas<'_>, key: &Key, (x, y): Point) -> Drawn {
    let middle = y + SMALL / 2 - 2;
    let centre = (x + SYMBOL / 2, middle);
    let across = [(x, middle), (x + SYMBOL, middle)];
    match key.symbol {
        Symbol::Mark(look) => canvas.mark(centre, look, 12, 1.0)?,
        Symbol::Line(look) => {
            canvas.stroke(&across, look, 5)?;
            canvas.mark(centre, look, 11, 1.0)?;
        }
        Symbol::Hollow(look) => canvas.hollow(centre, look, 13)?,
        Symbol::Run(look) => {
            for dx in [-18, 0, 18] {
                canvas.mark((centre.0 + dx, centre.1 + dx / 3), look, 7, 0.45)?;
            }
        }
        Symbol::Mean => canvas.line(&across, INK, 6)?,
        Symbol::Band => canvas.block((x, middle - 14), (x + SYMBOL, middle + 14), INK, 0.22)?,
        Symbol::Edges => {
            for y in [middle - 12, middle + 12] {
                canvas.line(&[(x + 20, y), (x + SYMBOL - 18, y)], INK, 4)?;
            }
        }
        Symbol::Whisker => whisker(canvas, centre.0, middle - 15, middle + 15, INK)?,
    }
    let text = fitting(&key.text, 100_000, SMALL);
    canvas.text(&text, (x + SYMBOL + 12, y), Hand::new(SMALL, INK))
}

/// A vertical bar with ends.
pub(super) fn whisker(
    canvas: &Canvas<'_>,
    x: i32,
    top: i32,
    bottom: i32,
    colour: plotters::style::RGBColor,
) -> Drawn {
    canvas.line(&[(x, top), (x, bottom)], colour, 3)?;
    for y in [top, bottom] {
        canvas.line(&[(x - 10, y), (x + 10, y)], colour, 3)?;
    }
    Ok(())
}

/// A rectangle with a vertical scale.
pub(super) struct Panel {
    pub left: i32,
    pub right: i32,
    pub top: i32,
    pub bottom: i32,
    pub y: Axis,
}

impl Panel {
    /// The height at which a figure is drawn.
    pub(super) fn y(&self, value: f64) -> i32 {
        self.bottom - units(self.y.place(value) * f64::from(self.bottom - self.top))
    }

    /// The place across of a figure on a horizontal scale.
    pub(super) fn x(&self, axis: Axis, value: f64) -> i32 {
        self.left + units(axis.place(value) * f64::from(self.right - self.left))
    }

    /// Grid lines, labels on the left, and the frame; `title` is read along the axis.
    pub(super) fn draw_left(&self, canvas: &Canvas<'_>, title: &str) -> Drawn {
        let ticks = self.y.ticks(5);
        for tick in &ticks {
            let y = self.y(tick.value);
            canvas.line(&[(self.left, y), (self.right, y)], GRID, 2)?;
            canvas.text(
                &tick.label,
                (self.left - 14, y),
                Hand::new(SMALL, INK).right().middle(),
            )?;
        }
        canvas.line(
            &[(self.left, self.top), (self.left, self.bottom), (self.right, self.bottom)],
            INK,
            3,
        )?;
        self.beside(canvas, self.left - 14 - widest(&ticks) - 16 - TEXT, title)
    }

    /// A second reading of the same scale on the right.
    pub(super) fn draw_right(&self, canvas: &Canvas<'_>, factor: f64, title: &str) -> Drawn {
        let axis = self.y.scaled(factor);
        let ticks = axis.ticks(5);
        for tick in &ticks {
            let y = self.bottom - units(axis.place(tick.value) * f64::from(self.bottom - self.top));
            canvas.line(&[(self.right, y), (self.right + 10, y)], INK, 3)?;
            canvas.text(&tick.label, (self.right + 18, y), Hand::new(SMALL, INK).middle())?;
        }
        canvas.line(&[(self.right, self.top), (self.right, self.bottom)], INK, 3)?;
        self.beside(canvas, self.right + 18 + widest(&ticks) + 12, title)
    }

    /// Room that the labels of a side and its title take.
    pub(super) fn side(axis: Axis) -> i32 {
        14 + widest(&axis.ticks(5)) + 16 + TEXT + EDGE
    }

    fn beside(&self, canvas: &Canvas<'_>, left: i32, title: &str) -> Drawn {
        let middle = i32::midpoint(self.top, self.bottom);
        canvas.text(title, (left, middle), Hand::new(SMALL, INK).centred().upwards())
    }

    /// Labels below, from the right; one that would touch its neighbour is left out.
    pub(super) fn draw_below(
        &self,
        canvas: &Canvas<'_>,
        labels: &[(i32, String)],
        title: &str,
    ) -> Drawn {
        let mut free = i32::MAX;
        for (x, label) in labels.iter().rev() {
            canvas.line(&[(*x, self.bottom), (*x, self.bottom + 10)], INK, 3)?;
            let half = text_width(label, SMALL) / 2;
            if x + half + 8 <= free {
                canvas.text(label, (*x, self.bottom + 18), Hand::new(SMALL, INK).centred())?;
                free = x - half;
            }
        }
        let middle = i32::midpoint(self.left, self.right);
        canvas.text(title, (middle, self.bottom + 18 + LINE + 4), Hand::new(SMALL, INK).centred())
    }

    /// Height of what [`draw_below`](Self::draw_below) draws.
    pub(super) const BELOW: i32 = 18 + 2 * LINE + 4;
}

fn widest(ticks: &[Tick]) -> i32 {
    ticks.iter().map(|tick| text_width(&tick.label, SMALL)).max().unwrap_or(0)
}

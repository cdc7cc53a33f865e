//! What every figure has around its data: title, legend, caption.
//!
//! Text is placed by an estimate of its width that errs on the wide side, and the sheet grows with
//! it, so that nothing overlaps or is cut off. Used by the figures only.

use super::super::text::{clean, ems, shorten, width, wrap};
use super::canvas::{Canvas, Drawn, Hand, Point, Refused, document};
use super::style::{EDGE, INK, LINE, Look, MUTED, SMALL, TITLE};

/// What a line of the legend explains.
#[derive(Clone, Copy)]
pub(super) enum Symbol {
    /// A filled mark.
    Mark(Look),
    /// A mark on its line.
    Line(Look),
    /// The outline of a mark.
    Hollow(Look),
    /// A large mark with a black edge.
    Ringed(Look),
    /// A faint mark: one run.
    Run(Look),
    /// A thick stroke.
    Mean,
    /// A mark of something that has outgrown so many caches.
    Outgrown(Look, usize),
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
        Symbol::Ringed(look) => canvas.ringed(centre, look, 12)?,
        Symbol::Run(look) => {
            for dx in [-18, 0, 18] {
                canvas.mark((centre.0 + dx, centre.1 + dx / 3), look, 7, 0.45)?;
            }
        }
        Symbol::Outgrown(look, levels) => canvas.outgrown(centre, look, 13, levels)?,
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

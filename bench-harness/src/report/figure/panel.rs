//! A rectangle with axes: where figures become places.
//!
//! Used by every figure between its [`Frame`](super::frame::Frame) and its data.

use super::axis::{Axis, Tick};
use super::canvas::{Canvas, Drawn, Hand};
use super::frame::{text_width, units};
use super::style::{EDGE, GRID, INK, LINE, SMALL, TEXT};

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
        let ticks = self.y.ticks(7);
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
        let ticks = axis.ticks(7);
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
        14 + widest(&axis.ticks(7)) + 16 + TEXT + EDGE
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

    /// The labels of [`draw_below`](Self::draw_below) above the panel, where it is so high that nobody sees those.
    pub(super) fn draw_above(&self, canvas: &Canvas<'_>, labels: &[(i32, String)]) -> Drawn {
        let mut free = i32::MAX;
        for (x, label) in labels.iter().rev() {
            let half = text_width(label, SMALL) / 2;
            if x + half + 8 <= free {
                canvas.text(label, (*x, self.top - LINE), Hand::new(SMALL, INK).centred())?;
                free = x - half;
            }
        }
        Ok(())
    }

    /// Height of what [`draw_below`](Self::draw_below) draws.
    pub(super) const BELOW: i32 = 18 + 2 * LINE + 4;
}

/// Into how many rows `count` things go that are each `wide`, where a row has `room`; and how many stand in one.
pub(super) fn in_rows(count: usize, wide: i32, room: i32) -> (usize, usize) {
    let fit = usize::try_from(room / wide.max(1)).unwrap_or(1).max(1);
    let rows = count.div_ceil(fit).max(1);
    (rows, count.div_ceil(rows).max(1)) // as many in the last as in the others, about
}

fn widest(ticks: &[Tick]) -> i32 {
    ticks.iter().map(|tick| text_width(&tick.label, SMALL)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_about_equally_long() {
        assert_eq!(in_rows(2, 200, 1100), (1, 2));
        assert_eq!(in_rows(13, 200, 1100), (3, 5));
        assert_eq!(in_rows(8, 612, 1100), (8, 1));
        assert_eq!(in_rows(6, 170, 1100), (1, 6));
        assert_eq!(in_rows(7, 170, 1100), (2, 4));
        assert_eq!(in_rows(0, 0, -5), (1, 1));
        assert_eq!(in_rows(3, 5000, 100), (3, 1));
    }
}

//! Draws the lines: strokes, bars, marks that say how large an index is, names at the ends.

use super::curve::{Curve, Spot};
use super::ends;
use crate::report::figure::axis::Axis;
use crate::report::figure::canvas::{Canvas, Drawn, Hand, Point};
use crate::report::figure::frame::text_width;
use crate::report::figure::panel::Panel;
use crate::report::figure::style::{INK, MUTED, SMALL};
use crate::report::text::{clean, ems, shorten};

/// Across how much the marks of one layout are spread at most; where no line tells which belong together, less, so
/// that those of neighbouring sizes do not mix.
const SPREAD: i32 = 92;
const SPREAD_APART: i32 = 60;
/// From this many backends on marks are smaller, so that fewer cover one another.
const MANY: usize = 8;

/// Where lines are drawn.
pub(super) struct Sheet {
    pub panel: Panel,
    pub across: Axis,
    /// Shift between neighbours, so that their bars stand beside each other.
    pub dodge: i32,
    /// Whether lines join marks.
    pub joined: bool,
}

/// Room that the names at the right take.
pub(super) fn names_wide(curves: &[Curve<'_>]) -> i32 {
    let widest = curves.iter().map(|curve| text_width(&named(curve), SMALL) * 11 / 10).max();
    ends::LEADER + ends::MARK + widest.unwrap_or(0)
}

/// Height that the names at the right take at least.
pub(super) fn names_high(curves: &[Curve<'_>]) -> i32 {
    ends::GAP * i32::try_from(curves.len()).unwrap_or(1000)
}

fn named(curve: &Curve<'_>) -> String {
    shorten(&clean(curve.name), 16.0, ems)
}

impl Sheet {
    /// Lines, then bars and marks, then names; what is strong above what is not.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, curves: &[Curve<'_>]) -> Drawn {
        for strong in [false, true] {
            for (index, curve) in curves.iter().enumerate().filter(|(_, c)| c.strong == strong) {
                self.lines(canvas, curve, self.shift(index, curves.len()))?;
            }
        }
        for strong in [false, true] {
            for (index, curve) in curves.iter().enumerate().filter(|(_, c)| c.strong == strong) {
                let smaller = if curves.len() >= MANY { 2 } else { 0 };
                self.marks(canvas, curve, self.shift(index, curves.len()), smaller)?;
            }
        }
        self.names(canvas, curves)
    }

    fn shift(&self, index: usize, of: usize) -> i32 {
        let (index, of) = (i32::try_from(index).unwrap_or(0), i32::try_from(of).unwrap_or(1));
        let spread = if self.joined { SPREAD } else { SPREAD_APART };
        let step = self.dodge.min(spread / of.max(1));
        (2 * index - (of - 1)) * step / 2
    }

    fn place(&self, spot: &Spot, shift: i32) -> Point {
        let x = self.panel.x(self.across, spot.across) + shift;
        let x = x.clamp(self.panel.left + 14, self.panel.right);
        let y =
            if spot.net.is_clear() { self.panel.y(spot.net.ns) } else { self.panel.bottom - 34 };
        (x, y)
    }

    fn lines(&self, canvas: &Canvas<'_>, curve: &Curve<'_>, shift: i32) -> Drawn {
        let width = if curve.strong { 7 } else { 4 };
        for stretch in curve.stretches() {
            let places: Vec<Point> = stretch.iter().map(|spot| self.place(spot, shift)).collect();
            canvas.stroke(&places, curve.look, width)?;
        }
        Ok(())
    }

    fn marks(&self, canvas: &Canvas<'_>, curve: &Curve<'_>, shift: i32, smaller: i32) -> Drawn {
        let radius = if curve.strong { 13 } else { 11 } - smaller;
        let colour = curve.look.colour;
        for spot in &curve.points {
            let (x, y) = self.place(spot, shift);
            if !spot.net.is_clear() {
                let tip = self.panel.bottom - 4;
                canvas.line(&[(x, y), (x, tip)], colour, 4)?;
                canvas.line(&[(x - 8, tip - 10), (x, tip), (x + 8, tip - 10)], colour, 4)?;
            } else if let Some(margin) = spot.net.margin {
                let ends = [spot.net.ns - margin, spot.net.ns + margin].map(|ns| self.panel.y(ns));
                canvas.line(&[(x, ends[0]), (x, ends[1])], colour, 3)?;
                // Ends that the mark hides would only thicken it.
                for end in ends.into_iter().filter(|end| (end - y).abs() > radius) {
                    canvas.line(&[(x - 8, end), (x + 8, end)], colour, 3)?;
                }
            }
            if spot.across < self.across.low {
                let tip = self.panel.left - 8;
                canvas.line(&[(tip + 10, y - 8), (tip, y), (tip + 10, y + 8)], colour, 4)?;
            }
            canvas.outgrown((x, y), curve.look, radius, spot.outgrown.unwrap_or(0))?;
        }
        Ok(())
    }

    fn names(&self, canvas: &Canvas<'_>, curves: &[Curve<'_>]) -> Drawn {
        let places: Vec<Point> = curves
            .iter()
            .enumerate()
            .filter_map(|(index, curve)| {
                let shift = self.shift(index, curves.len());
                curve.points.last().map(|spot| self.place(spot, shift))
            })
            .collect();
        let wanted: Vec<i32> = places.iter().map(|(_, y)| *y).collect();
        let heights = ends::spread(&wanted, self.panel.top, self.panel.bottom);
        let furthest = places.iter().map(|(x, _)| *x).max().unwrap_or(0);
        for ((curve, (x, y)), height) in curves.iter().zip(places).zip(heights) {
            let left = self.panel.right + ends::LEADER;
            // A line that ends early would send its leader through all others: its mark tells.
            if furthest - x < 70 {
                canvas.line(&[(x + 16, y), (left - 4, height)], MUTED, 2)?;
            }
            canvas.mark((left + 12, height), curve.look, 11, 1.0)?;
            let hand = Hand::new(SMALL, INK).middle();
            let hand = if curve.strong { hand.bold() } else { hand };
            canvas.text(&named(curve), (left + ends::MARK, height), hand)?;
        }
        Ok(())
    }
}

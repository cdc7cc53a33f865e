//! Draws the step curves: panels one below the other, or a strip for each backend.

use super::{Curve, note};
use crate::report::figure::axis::Axis;
use crate::report::figure::canvas::{Canvas, Drawn, Point};
use crate::report::figure::panel::Panel;
use crate::report::figure::shape::Shape;
use crate::report::figure::strip::{self, Head};
use crate::report::figure::style::{EDGE, Look, MUTED, WIDTH};
use crate::report::numbers::{change, significant};
use crate::report::text::clean;
use crate::report::view::Batch;

/// Height of a panel that all curves share.
const HEIGHT: i32 = 400;
const GAP: i32 = 40;

/// What lies across a panel.
#[derive(Clone, Copy)]
pub(super) enum Across {
    Nanoseconds(Axis),
    /// In percent of each backend's own median.
    Relative(Axis),
}

impl Across {
    fn axis(self) -> Axis {
        let (Self::Nanoseconds(axis) | Self::Relative(axis)) = self;
        axis
    }

    pub(super) fn is_logarithmic(&self) -> bool {
        self.axis().is_logarithmic()
    }

    fn title(self) -> &'static str {
        match self {
            Self::Nanoseconds(_) => "ns per lookup, gross",
            Self::Relative(_) => "difference from the backend's own median (%)",
        }
    }

    /// Where a run lies.
    fn of(self, batch: &Batch<'_>, curve: &Curve<'_>, seconds: f64) -> f64 {
        match self {
            Self::Nanoseconds(_) => batch.ns(seconds),
            Self::Relative(_) => curve.relative_pct(seconds),
        }
    }
}

/// All curves and where they are drawn.
pub(super) struct Sheet<'s, 'a> {
    pub batch: &'s Batch<'a>,
    pub curves: &'s [Curve<'a>],
    /// One for each panel; one for all strips.
    pub across: Vec<Across>,
    /// A strip for each curve.
    pub apart: bool,
}

impl Sheet<'_, '_> {
    pub(super) fn height(&self) -> i32 {
        if self.apart {
            return strip::all(self.curves.len()) + Panel::BELOW;
        }
        let panels = i32::try_from(self.across.len()).unwrap_or(1);
        panels * (HEIGHT + Panel::BELOW) + (panels - 1) * GAP
    }

    pub(super) fn draw(&self, canvas: &Canvas<'_>, top: i32) -> Drawn {
        let shares = Axis::linear(0.0, 1.0);
        let title = "share of runs";
        if let (true, Some(across)) = (self.apart, self.across.first()) {
            let n = self.curves.len();
            let panel = |left: i32, top: i32| {
                let (top, bottom) = strip::panel_at(top, n);
                Panel { left, right: WIDTH - EDGE - 20, top, bottom, y: shares }
            };
            let left = strip::side([&panel(0, 0)]);
            for (index, curve) in self.curves.iter().enumerate() {
                let top = strip::top_of(index, n, top);
                let panel = panel(left, top);
                let head = Head {
                    look: curve.look,
                    name: clean(curve.name),
                    note: note(self.batch, curve),
                };
                strip::draw_head(canvas, (left, top), panel.right, &head)?;
                strip::draw_scale(canvas, &panel)?;
                self.curve(canvas, &panel, *across, curve)?;
                if index + 1 == n {
                    below(canvas, &panel, *across)?;
                }
            }
            return strip::draw_title(canvas, top, top + strip::all(n), title);
        }
        let mut top = top;
        for across in &self.across {
            let left = Panel::side(shares);
            let panel =
                Panel { left, right: WIDTH - EDGE - 20, top, bottom: top + HEIGHT, y: shares };
            panel.draw_left(canvas, title)?;
            below(canvas, &panel, *across)?;
            for curve in self.curves {
                self.curve(canvas, &panel, *across, curve)?;
            }
            top += HEIGHT + Panel::BELOW + GAP;
        }
        Ok(())
    }

    fn curve(
        &self,
        canvas: &Canvas<'_>,
        panel: &Panel,
        across: Across,
        curve: &Curve<'_>,
    ) -> Drawn {
        let axis = across.axis();
        let place = |&(rank, seconds): &(usize, f64)| {
            let value = across.of(self.batch, curve, seconds);
            (value, (panel.x(axis, value), panel.y(curve.share(rank))))
        };
        if matches!(across, Across::Relative(_)) {
            let zero = panel.x(axis, 0.0);
            canvas.line(&[(zero, panel.top), (zero, panel.bottom)], MUTED, 2)?;
        }
        let places: Vec<(f64, Point)> = curve.steps.iter().map(place).collect();
        let below = places.iter().take_while(|(value, _)| *value < axis.low).count();
        let inside: Vec<Point> = places[below..]
            .iter()
            .take_while(|(value, _)| *value <= axis.high)
            .map(|(_, at)| *at)
            .collect();
        let above = places.len() - below - inside.len();
        // From the axis, or from the edge at the height that it has there.
        let start = match below.checked_sub(1).and_then(|last| places.get(last)) {
            Some((_, (_, y))) => Some((panel.left, *y)),
            None => inside.first().map(|(x, _)| (*x, panel.bottom)),
        };
        let mut line: Vec<Point> = start.into_iter().collect();
        for at in &inside {
            let height = line.last().map_or(panel.bottom, |last| last.1);
            line.extend([(at.0, height), *at]);
        }
        if let Some((_, y)) = line.last().copied().filter(|_| above > 0) {
            line.push((panel.right, y));
        }
        canvas.line(&line, curve.look.colour, 4)?;
        let radius = if curve.runs() > 60 { 5 } else { 8 };
        for at in &inside {
            canvas.mark(*at, curve.look, radius, 0.6)?;
        }
        let ends = [
            (below, Shape::TriangleLeft, line.first()),
            (above, Shape::TriangleRight, line.last()),
        ];
        for (_, shape, at) in ends.into_iter().filter(|(runs, ..)| *runs > 0) {
            if let Some((x, y)) = at {
                let x = (*x).clamp(panel.left + 10, panel.right - 4);
                canvas.mark((x, *y), Look { shape, ..curve.look }, 12, 1.0)?;
            }
        }
        // Relative to itself every median is the same: a line through all.
        if matches!(across, Across::Relative(_)) {
            return Ok(());
        }
        let median = panel.x(axis, across.of(self.batch, curve, curve.median_s));
        canvas.ringed((median, panel.y(0.5)), curve.look, 9)
    }

    /// Whether any run lies beyond a scale.
    pub(super) fn clips(&self) -> bool {
        !self.beyond().is_empty()
    }

    /// What lies beyond the scales, in words.
    pub(super) fn beyond(&self) -> String {
        let mut found = Vec::new();
        for curve in self.curves {
            let is_out = |across: &Across, seconds: f64| {
                let value = across.of(self.batch, curve, seconds);
                value < across.axis().low || value > across.axis().high
            };
            let out = |seconds: &&f64| self.across.iter().any(|across| is_out(across, **seconds));
            let runs: Vec<f64> = curve.sorted.iter().filter(out).copied().collect();
            let far = |a: &&f64, b: &&f64| {
                curve.relative_pct(**a).abs().total_cmp(&curve.relative_pct(**b).abs())
            };
            if let Some(furthest) = runs.iter().max_by(far) {
                let pct = curve.relative_pct(*furthest);
                let ns = significant(self.batch.ns(*furthest), 3);
                let (name, n) = (clean(curve.name), runs.len());
                found.push(format!("{name} {n}, to {ns} ns ({} %)", change(pct, pct)));
            }
        }
        if found.is_empty() {
            return String::new();
        }
        format!(" Beyond a scale, at the arrows: {}.", found.join("; "))
    }
}

/// Labels and title below a panel.
fn below(canvas: &Canvas<'_>, panel: &Panel, across: Across) -> Drawn {
    let ticks = across.axis().ticks(6);
    let labels: Vec<(i32, String)> =
        ticks.iter().map(|tick| (panel.x(across.axis(), tick.value), tick.label.clone())).collect();
    panel.draw_below(canvas, &labels, across.title())
}

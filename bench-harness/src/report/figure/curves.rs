//! A line for each backend through its layouts, on logarithmic scales.
//!
//! What the figures of [segments](super::segments) and [memory](super::memory) share: the data, the
//! strokes, the marks that say how large an index is, names at the ends of lines, and the words of
//! the caption.

use super::super::field::{Field, Member, Net};
use super::super::markdown::again;
use super::super::numbers::count;
use super::super::text::clean;
use super::super::view::View;
use super::axis::Axis;
use super::caches::{Cache, outgrown};
use super::canvas::{Canvas, Drawn, Hand, Point};
use super::ends;
use super::frame::{Key, Symbol, text_width};
use super::panel::Panel;
use super::style::{INK, Look, MUTED, SMALL, look};

/// A backend's line.
pub(super) struct Curve<'r> {
    pub name: &'r str,
    pub look: Look,
    /// Drawn thicker: the reference, and the tree of the paper.
    pub strong: bool,
    /// By number of segments.
    pub points: Vec<Spot>,
}

/// A backend on a layout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// Segments, or bytes; 0 lies at the left edge.
    pub across: f64,
    pub net: Net,
    /// How many caches the index has outgrown; older records do not tell its size.
    pub outgrown: Option<usize>,
    pub runs: u64,
}

/// Where lines are drawn.
pub(super) struct Sheet {
    pub panel: Panel,
    pub across: Axis,
    /// Shift between neighbours, so that their bars stand beside each other.
    pub dodge: i32,
}

/// Layouts by number of segments, those whose number is known.
pub(super) fn by_size<'f, 'a, 'r>(field: &'f Field<'a, 'r>) -> Vec<(u64, &'f Member<'a, 'r>)> {
    let mut members: Vec<_> =
        field.members.iter().filter_map(|member| Some((member.segments()?, member))).collect();
    members.sort_by_key(|(segments, _)| *segments); // stable: layouts of one size stay as they are
    members
}

/// The lines of a field; `across` says where a backend on a layout of so many segments lies.
pub(super) fn curves<'r>(
    view: &View<'r>,
    field: &Field<'_, 'r>,
    caches: &[Cache],
    across: impl Fn(u64, Option<u64>) -> Option<f64>,
) -> Vec<Curve<'r>> {
    let members = by_size(field);
    let reference = super::super::conditions::reference(view);
    let curve = |name: &&'r str| {
        let spot = |(segments, member): &(u64, &Member<'_, 'r>)| {
            let row = member.measured(name)?;
            Some(Spot {
                across: across(*segments, row.index_bytes)?,
                net: member.net(name)?,
                outgrown: row.index_bytes.map(|bytes| outgrown(caches, bytes)),
                runs: row.runs,
            })
        };
        Curve {
            name,
            look: look(view.slot(name)),
            strong: reference == Some(*name) || *name == "rbtree",
            points: members.iter().filter_map(spot).collect(),
        }
    };
    view.backends.iter().map(curve).filter(|curve| !curve.points.is_empty()).collect()
}

/// A scale that holds every cost that is clearly above zero, with its interval.
pub(super) fn scale(curves: &[Curve<'_>]) -> Axis {
    let clear = spots(curves).filter(|spot| spot.net.is_clear());
    let ends = |spot: &Spot| {
        let margin = spot.net.margin.unwrap_or(0.0);
        [spot.net.ns - margin, spot.net.ns + margin]
    };
    let axis = Axis::logarithmic(clear.flat_map(ends));
    // Room for marks at the lower edge, apart from those that have a place.
    if spots(curves).all(|spot| spot.net.is_clear()) { axis } else { axis.lowered(2.0) }
}

pub(super) fn spots<'c>(curves: &'c [Curve<'_>]) -> impl Iterator<Item = &'c Spot> {
    curves.iter().flat_map(|curve| &curve.points)
}

/// What filled, dotted and hollow marks mean.
pub(super) fn keys(caches: &[Cache], curves: &[Curve<'_>]) -> Vec<Key> {
    let neutral = Look { colour: INK, ..look(0) };
    let mut keys = vec![Key { symbol: Symbol::Whisker, text: "95 % interval".to_owned() }];
    let Some(most) = spots(curves).filter_map(|spot| spot.outgrown).max() else {
        return keys;
    };
    for (level, cache) in caches.iter().enumerate() {
        if level == 0 {
            let text = format!("index fits {}", cache.text);
            keys.push(Key { symbol: Symbol::Outgrown(neutral, 0), text });
        }
        if level < most {
            let text = format!("outgrows {}", cache.text);
            keys.push(Key { symbol: Symbol::Outgrown(neutral, level + 1), text });
        }
    }
    keys
}

/// What both captions say.
pub(super) fn caption(view: &View<'_>, field: &Field<'_, '_>, curves: &[Curve<'_>]) -> String {
    let runs = || spots(curves).map(|spot| spot.runs);
    let n = match (runs().min().unwrap_or(0), runs().max().unwrap_or(0)) {
        (least, most) if least == most => format!("n = {most}"),
        (least, most) => format!("n = {least} to {most}"),
    };
    let layouts = by_size(field).into_iter().map(|(segments, member)| {
        format!("{} ({segments}; {})", clean(member.group.layout), count(member.batch.lookups))
    });
    let mut text = format!(
        "{}; {n} runs a point; net of {}, bars: Student's t, 95 %. Thick: the reference and rbtree.",
        field.setting,
        field.setting.baseline()
    );
    if spots(curves).any(|spot| !spot.net.is_clear()) {
        text += " Arrows at the lower edge: not above zero, or the interval includes zero.";
    }
    text += &format!(
        " Layouts (segments; lookups a batch): {}. Again: {}",
        layouts.collect::<Vec<_>>().join(", "),
        again(view.run)
    );
    text
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
    super::super::text::shorten(&clean(curve.name), 16.0, super::super::text::ems)
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
                self.marks(canvas, curve, self.shift(index, curves.len()))?;
            }
        }
        self.names(canvas, curves)
    }

    fn shift(&self, index: usize, of: usize) -> i32 {
        let (index, of) = (i32::try_from(index).unwrap_or(0), i32::try_from(of).unwrap_or(1));
        let step = self.dodge.min(60 / of.max(1));
        (2 * index - (of - 1)) * step / 2
    }

    fn place(&self, spot: &Spot, shift: i32) -> Point {
        let x = self.panel.x(self.across, spot.across) + shift;
        let x = x.clamp(self.panel.left + 14, self.panel.right);
        let y =
            if spot.net.is_clear() { self.panel.y(spot.net.ns) } else { self.panel.bottom - 34 };
        (x, y)
    }

    /// Stretches between places that are known; a mark at the edge is nobody's neighbour.
    fn lines(&self, canvas: &Canvas<'_>, curve: &Curve<'_>, shift: i32) -> Drawn {
        let width = if curve.strong { 7 } else { 4 };
        for stretch in curve.points.split(|spot| !spot.net.is_clear()) {
            let places: Vec<Point> = stretch.iter().map(|spot| self.place(spot, shift)).collect();
            if places.len() > 1 {
                canvas.stroke(&places, curve.look, width)?;
            }
        }
        Ok(())
    }

    fn marks(&self, canvas: &Canvas<'_>, curve: &Curve<'_>, shift: i32) -> Drawn {
        let (radius, colour) = (if curve.strong { 13 } else { 11 }, curve.look.colour);
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

//! Figures 3 and 4: a line for each backend through its layouts, on logarithmic scales.
//!
//! They differ in what lies across, [segments] or [memory]; all else is here: the data ([`curve`]), how
//! it is drawn ([`sheet`]), names at the ends of the lines ([`ends`]), the machine's [caches].

mod caches;
mod curve;
mod ends;
mod memory;
mod segments;
mod sheet;

use self::caches::Cache;
use self::curve::{Curve, by_size, caption, joined, keys, scale};
use self::sheet::{Sheet, names_high, names_wide};
use super::Figure;
use super::axis::Axis;
use super::canvas::{Canvas, Drawn};
use super::data::{self, Cell, Rows};
use super::frame::Frame;
use super::panel::Panel;
use super::runs::finish;
use super::style::{EDGE, WIDEST, WIDTH};
use crate::report::ReportError;
use crate::report::field::{Field, Net};
use crate::report::view::View;

const HEIGHT: i32 = 640;
/// Height for each backend where there are many: those that cost about the same lie further apart.
const EACH: i32 = 72;
/// Fewest numbers of segments that make a line.
const FEWEST_SIZES: usize = 3;

/// What lies across.
struct Across {
    axis: Axis,
    /// Where labels stand, and what they say.
    labels: Vec<(f64, String)>,
    title: &'static str,
    /// Shift between neighbours, so that their bars stand beside each other; 0 where each has a
    /// place of its own.
    dodge: i32,
    /// Room above the panel.
    above: i32,
}

/// The words of one of the two figures.
struct Words {
    /// What the file is called, without its ending.
    file: String,
    /// What the cost is held against.
    against: &'static str,
    /// What its caption says besides.
    besides: String,
}

/// Both figures of a field, where its layouts differ enough in size; `stem` follows in their names.
pub(super) fn figures(
    view: &View<'_>,
    field: &Field<'_, '_>,
    stem: &str,
) -> Result<Vec<Figure>, ReportError> {
    if field.sizes().len() < FEWEST_SIZES {
        return Ok(Vec::new());
    }
    let both = [segments::figure(view, field, stem), memory::figure(view, field, stem)];
    both.into_iter().flatten().collect()
}

/// A figure of lines; `extra` draws between the panel and the lines.
fn figure(
    view: &View<'_>,
    field: &Field<'_, '_>,
    (caches, curves): (&[Cache], &[Curve<'_>]),
    across: &Across,
    words: &Words,
    extra: impl FnOnce(&Canvas<'_>, &Panel) -> Drawn,
) -> Result<Figure, ReportError> {
    let y = scale(curves);
    let (left, height) = (
        Panel::side(y),
        HEIGHT.max(names_high(curves)).max(EACH * i32::try_from(curves.len()).unwrap_or(100)),
    );
    let names = names_wide(curves);
    // Long names take from the panel rather than from the size of all text.
    let right = (WIDEST - EDGE - names).min(WIDTH - EDGE);
    let frame = Frame {
        width: right + names + EDGE,
        title: format!("Cost of a lookup against {}: {}", words.against, field.setting.short()),
        keys: keys(caches, curves),
        caption: caption(view, field, curves, &words.besides),
    };
    let drawn = frame.draw(across.above + height + Panel::BELOW, |canvas, top| {
        let top = top + across.above;
        let panel = Panel { left, right, top, bottom: top + height, y };
        panel.draw_left(canvas, "net ns a lookup")?;
        let labels = across.labels.iter();
        let labels: Vec<(i32, String)> =
            labels.map(|(at, label)| (panel.x(across.axis, *at), label.clone())).collect();
        panel.draw_below(canvas, &labels, across.title)?;
        extra(canvas, &panel)?;
        let joined = joined(curves);
        Sheet { panel, across: across.axis, dodge: across.dodge, joined }.draw(canvas, curves)
    });
    let groups = by_size(field).into_iter().map(|(_, member)| member.group);
    finish(format!("{}.svg", words.file), &frame, drawn)?.with(&rows(field, curves), groups)
}

/// The marks, whatever lies across: both numbers of it are in the line.
fn rows(field: &Field<'_, '_>, curves: &[Curve<'_>]) -> Rows {
    let columns = [
        "segments",
        "index_bytes",
        "caches_outgrown",
        "runs",
        "net_ns_per_lookup",
        "net_margin95_ns",
    ];
    let mut rows = Rows::new(&columns);
    let members = by_size(field);
    for curve in curves {
        for spot in &curve.points {
            let Some((segments, member)) = members.get(spot.member) else { continue };
            let key = data::Key {
                layout: member.group.layout,
                setting: field.setting,
                lookups: member.batch.lookups,
                backend: curve.name,
            };
            let index = member.measured(curve.name).and_then(|row| row.index_bytes);
            let outgrown = spot.outgrown.map(|levels| levels as u64);
            let Net { ns, margin } = spot.net;
            let cells = [Some(*segments), index, outgrown, Some(spot.runs)].map(Cell::from);
            let [segments, index, outgrown, runs] = cells;
            rows.push(key, [segments, index, outgrown, runs, ns.into(), margin.into()]);
        }
    }
    rows
}

//! Cost of a lookup against the number of lookups in a batch.
//!
//! What does not fall with the number of lookups is set-up: timer, first misses, in the paper
//! process start. The figure shows from where on a batch measures lookups. The baseline has its own
//! line, because it is part of every other.

use super::super::ReportError;
use super::super::numbers::{count, finite};
use super::super::text::clean;
use super::super::view::{Group, View, mean};
use super::Figure;
use super::axis::{Axis, Fit};
use super::canvas::{Canvas, Drawn};
use super::data::{self, Rows};
use super::frame::{Frame, Key, Symbol};
use super::looks::look;
use super::panel::Panel;
use super::runs::finish;
use super::style::{BASELINE_LOOK, EDGE, Look, WIDTH};
use crate::record::BASELINE;

const HEIGHT: i32 = 560;
/// Shift across between backends, so that their bars stand beside each other.
const DODGE: i32 = 8;

/// A backend's figures, by number of lookups, in nanoseconds a lookup.
struct Series<'a> {
    name: &'a str,
    look: Look,
    points: Vec<Cost>,
}

struct Cost {
    lookups: u64,
    runs: u64,
    mean: f64,
    /// Fastest and slowest run.
    bounds: Option<(f64, f64)>,
}

/// The figure of a group, or `None` when nothing in it was measured.
pub(super) fn figure(view: &View<'_>, group: &Group<'_>) -> Option<Result<Figure, ReportError>> {
    group.largest()?;
    let names = view.backends.iter().copied().chain([BASELINE]);
    let series: Vec<Series<'_>> = names
        .map(|name| Series { name, look: look_of(view, name), points: points(group, name) })
        .filter(|series| !series.points.is_empty())
        .collect();
    let counts: Vec<u64> = group.batches.iter().map(|batch| batch.lookups).collect();
    let across = Axis::counts(&counts);
    let values = series.iter().flat_map(|series| &series.points).flat_map(|cost| {
        let (low, high) = cost.bounds.unwrap_or((cost.mean, cost.mean));
        [cost.mean, low, high]
    });
    let scale = Axis::fitted(values, Fit::FromZero(12));
    let file = format!("cost-{}.svg", group.stem);
    let key = |series: &Series<'_>| {
        let text = if series.name == BASELINE {
            format!("baseline: {} alone", group.setting.baseline())
        } else {
            clean(series.name)
        };
        Key { symbol: Symbol::Line(series.look), text }
    };
    let frame = Frame {
        width: WIDTH,
        title: format!("Cost of a lookup on {}", clean(group.layout)),
        keys: series.iter().map(key).collect(),
        caption: caption(group, scale),
    };
    let left = Panel::side(scale);
    let drawn = frame.draw(HEIGHT + Panel::BELOW, |canvas, top| {
        let panel = Panel { left, right: WIDTH - EDGE - 20, top, bottom: top + HEIGHT, y: scale };
        panel.draw_left(canvas, "ns per lookup, gross mean")?;
        let labels: Vec<(i32, String)> =
            counts.iter().map(|n| (panel.x(across, *n as f64), count(*n))).collect();
        panel.draw_below(canvas, &labels, "lookups in a batch")?;
        draw_series(canvas, &panel, across, &series)
    });
    let rows = rows(group, &series);
    Some(finish(file, &frame, drawn).and_then(|figure| figure.with(&rows, [group])))
}

fn rows(group: &Group<'_>, series: &[Series<'_>]) -> Rows {
    let mut rows = Rows::new(&["runs", "ns_per_lookup", "min_ns", "max_ns"]);
    for series in series {
        for &Cost { lookups, runs, mean, bounds } in &series.points {
            let Group { layout, setting, .. } = *group;
            let key = data::Key { layout, setting, lookups, backend: series.name };
            let (min, max) = bounds.unzip();
            rows.push(key, [runs.into(), mean.into(), min.into(), max.into()]);
        }
    }
    rows
}

fn look_of(view: &View<'_>, name: &str) -> Look {
    if name == BASELINE { BASELINE_LOOK } else { look(name, &view.backends) }
}

fn points(group: &Group<'_>, name: &str) -> Vec<Cost> {
    let cost = |batch: &super::super::view::Batch<'_>| {
        let row = batch.row(name)?;
        let bounds = finite(row.min_s).zip(finite(row.max_s));
        Some(Cost {
            lookups: batch.lookups,
            runs: row.runs,
            mean: batch.ns(mean(row)?),
            bounds: bounds.map(|(min, max)| (batch.ns(min), batch.ns(max))),
        })
    };
    group.batches.iter().filter_map(cost).collect()
}

fn caption(group: &Group<'_>, scale: Axis) -> String {
    let runs: Vec<u64> = group
        .batches
        .iter()
        .flat_map(|batch| &batch.rows)
        .filter(|row| mean(row).is_some())
        .map(|row| row.runs)
        .collect();
    let (least, most) =
        (runs.iter().min().copied().unwrap_or(0), runs.iter().max().copied().unwrap_or(0));
    let n = if least == most { format!("{most}") } else { format!("{least} to {most}") };
    let mut text = format!(
        "{}; n = {n} runs a point. Bars: fastest to slowest run, no interval of the mean (figure 1 has that). Points are shifted across where \
         they would hide each other.",
        group.setting
    );
    text += if scale.is_logarithmic() { " Both scales logarithmic." } else { "" };
    text
}

fn draw_series(canvas: &Canvas<'_>, panel: &Panel, across: Axis, series: &[Series<'_>]) -> Drawn {
    let middle = i32::try_from(series.len()).unwrap_or(0) - 1;
    let step = DODGE.min(60 / (middle + 1).max(1));
    for (series, position) in series.iter().zip(0_i32..) {
        let shift = (2 * position - middle) * step / 2;
        let at = |cost: &Cost| (panel.x(across, cost.lookups as f64) + shift, panel.y(cost.mean));
        for cost in &series.points {
            if let Some((low, high)) = cost.bounds {
                let x = at(cost).0;
                canvas.line(&[(x, panel.y(low)), (x, panel.y(high))], series.look.colour, 3)?;
                for y in [panel.y(low), panel.y(high)] {
                    canvas.line(&[(x - 6, y), (x + 6, y)], series.look.colour, 3)?;
                }
            }
        }
        let line: Vec<_> = series.points.iter().map(at).collect();
        canvas.stroke(&line, series.look, 5)?;
        for point in line {
            canvas.mark(point, series.look, 11, 1.0)?;
        }
    }
    Ok(())
}

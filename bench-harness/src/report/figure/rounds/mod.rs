//! Round by round: the time of every backend relative to its own median, in the order of measurement.
//!
//! Means and intervals take it for granted that a machine is the same from the first round to the last. Here it
//! can be seen whether it was: a step, a slope and a spike have different causes, and what all backends show at
//! once is the machine's. The baseline has a strip like the others.

mod trace;

use std::collections::BTreeSet;

use self::trace::{Point, Trace, is_beyond, scales, trace};
use super::Figure;
use super::axis::Axis;
use super::canvas::{Canvas, Drawn};
use super::data::{self, Rows};
use super::frame::{Frame, Key, Symbol};
use super::panel::Panel;
use super::runs::finish;
use super::shape::Shape;
use super::spans::{scale, union, window};
use super::strip::{self, Head};
use super::style::{ANY_LOOK, EDGE, GRID, INK, Look, MUTED, WIDTH};
use crate::record::BASELINE;
use crate::report::ReportError;
use crate::report::numbers::{change, count, finite, significant};
use crate::report::text::clean;
use crate::report::view::{Batch, Group, View};

/// Of fewer runs nobody sees whether they drift.
pub(super) const FEWEST: usize = 5;

/// The figure of a group's largest number of lookups, or `None` where no backend has [`FEWEST`] runs.
pub(super) fn figure(view: &View<'_>, group: &Group<'_>) -> Option<Result<Figure, ReportError>> {
    let batch = group.largest()?;
    let all: BTreeSet<(u32, u32)> =
        batch.rows.iter().flat_map(|row| batch.rounds(&row.backend).iter().copied()).collect();
    let all: Vec<(u32, u32)> = all.into_iter().collect();
    let traces: Vec<Trace<'_>> =
        batch.rows.iter().filter_map(|row| trace(view, batch, row, &all)).collect();
    traces.iter().find(|trace| trace.name != BASELINE)?;
    let (shared, wild) = scales(&traces);
    let axis = |trace: &Trace<'_>| {
        if wild.contains(&trace.name) { scale(union(trace.span, (0.0, 0.0))) } else { shared }
    };
    let beyond = |trace: &Trace<'_>| trace.points.iter().any(|p| is_beyond(axis(trace), p));
    let clips = traces.iter().any(beyond);
    let heads: Vec<Head> = traces
        .iter()
        .map(|trace| {
            let n = if alike(&traces).is_some() { None } else { Some(trace.measured) };
            head(batch, trace, axis(trace), n)
        })
        .collect();
    let n = traces.len();
    let panel = |trace: &Trace<'_>, left: i32, top: i32| {
        let (top, bottom) = strip::panel_at(top, n);
        Panel { left, right: WIDTH - EDGE - 20, top, bottom, y: axis(trace) }
    };
    let panels: Vec<Panel> = traces.iter().map(|trace| panel(trace, 0, 0)).collect();
    let left = strip::side(&panels);
    let frame = Frame {
        width: WIDTH,
        title: format!(
            "Round by round: {} lookups on {}",
            count(batch.lookups),
            clean(group.layout)
        ),
        keys: keys(clips),
        caption: caption(group, &traces, (&wild, clips), &all),
    };
    let across = Axis::linear(-0.5, all.len().max(1) as f64 - 0.5);
    let drawn = frame.draw(strip::all(n) + Panel::BELOW, |canvas, top| {
        for (index, (trace, head)) in traces.iter().zip(&heads).enumerate() {
            let top = strip::top_of(index, n, top);
            let panel = panel(trace, left, top);
            strip::draw_head(canvas, (left, top), panel.right, head)?;
            strip::draw_scale(canvas, &panel)?;
            draw(canvas, &panel, across, trace, &all)?;
            if index + 1 == n {
                let ticks = across.ticks(8);
                let whole = ticks.iter().filter(|tick| tick.value.fract() == 0.0);
                let labels: Vec<(i32, String)> =
                    whole.map(|tick| (panel.x(across, tick.value), tick.label.clone())).collect();
                panel.draw_below(canvas, &labels, "rounds, in the order of measurement")?;
            }
        }
        strip::draw_title(canvas, top, top + strip::all(n), "time, difference from the median (%)")
    });
    let rows = rows(group, batch, &traces);
    let figure = finish(format!("rounds-{}.svg", group.stem), &frame, drawn);
    Some(figure.and_then(|figure| figure.with(&rows, [group])))
}

/// How many rounds each has, if all have as many.
fn alike(traces: &[Trace<'_>]) -> Option<usize> {
    let n = traces.first()?.measured;
    traces.iter().all(|trace| trace.measured == n).then_some(n)
}

/// What stands above a strip; `n` where it is not said of all.
fn head(batch: &Batch<'_>, trace: &Trace<'_>, axis: Axis, n: Option<usize>) -> Head {
    let mut note = Vec::new();
    if let Some(n) = n {
        note.push(format!("n = {n}"));
    }
    if let Some(median) = finite(trace.row.median_s) {
        note.push(format!("median {} ns", significant(batch.ns(median), 4)));
    }
    if let Some(drift) = finite(trace.row.drift_pct) {
        note.push(format!("drift {} %", change(drift, drift)));
    }
    let beyond = trace.points.iter().filter(|point| is_beyond(axis, point));
    let far = beyond.map(|point| point.change_pct).max_by(|a, b| a.abs().total_cmp(&b.abs()));
    if let Some(far) = far {
        note.push(format!("to {} %", change(far, far)));
    }
    Head { look: trace.look, name: clean(trace.name), note: note.join(", ") }
}

fn keys(clips: bool) -> Vec<Key> {
    let key = |symbol, text: &str| Key { symbol, text: text.to_owned() };
    let mut keys = vec![
        key(Symbol::Run(Look { colour: MUTED, ..ANY_LOOK }), "one round"),
        key(Symbol::Mean, "running median"),
    ];
    if clips {
        let look = Look { shape: Shape::Triangle, ..ANY_LOOK };
        keys.push(key(Symbol::Mark(look), "beyond the scale"));
    }
    keys
}

fn caption(
    group: &Group<'_>,
    traces: &[Trace<'_>],
    (wild, clips): (&[&str], bool),
    all: &[(u32, u32)],
) -> String {
    let windows: BTreeSet<usize> = traces.iter().map(|trace| window(trace.measured)).collect();
    let windows: Vec<String> = windows.iter().map(usize::to_string).collect();
    let n = alike(traces)
        .map_or("n rounds as said above each".to_owned(), |n| format!("n = {n} rounds each"));
    let mut text = format!(
        "{}; {n}, single ones, so without intervals. Zero on each scale is the backend's own median, which stands \
         above it for a lookup. Running median: of up to {} rounds around, of one process. A step: another core, or \
         another clock frequency. A slope: drift, as a machine warms up. Single spikes: interrupted. In every \
         strip at once it is the machine's, in one alone the backend's. Drift, as in summary.csv: median of the last \
         third over that of the first, less 1.",
        group.setting,
        windows.join(" or ")
    );
    if clips {
        text += " Arrows: beyond the scale, the furthest as said above each.";
    }
    if all.first().map(|first| first.0) != all.last().map(|last| last.0) {
        text += " Upright lines: another process.";
    }
    if !wild.is_empty() {
        let names: Vec<String> = wild.iter().map(|name| clean(name)).collect();
        text += &format!(" A scale of its own, because it spans more: {}.", names.join(", "));
    }
    let drawn: usize = traces.iter().map(|trace| trace.points.len()).sum();
    let measured: usize = traces.iter().map(|trace| trace.measured).sum();
    if drawn < measured {
        text += &format!(
            " {drawn} of {measured} rounds are drawn, evenly spread and always the extremes."
        );
    }
    text
}

fn draw(
    canvas: &Canvas<'_>,
    panel: &Panel,
    across: Axis,
    trace: &Trace<'_>,
    all: &[(u32, u32)],
) -> Drawn {
    for (place, pair) in all.windows(2).enumerate() {
        if pair[0].0 != pair[1].0 {
            let x = panel.x(across, place as f64 + 0.5);
            canvas.line(&[(x, panel.top), (x, panel.bottom)], MUTED, 2)?;
        }
    }
    let zero = panel.y(0.0);
    canvas.line(&[(panel.left, zero), (panel.right, zero)], GRID, 4)?;
    let at = |point: &Point, pct: f64| (panel.x(across, point.place as f64), panel.y(pct));
    let radius = if all.len() > 120 { 5 } else { 8 };
    for point in &trace.points {
        let (x, y) = at(point, point.change_pct);
        if is_beyond(panel.y, point) {
            let above = point.change_pct > 0.0;
            let shape = if above { Shape::Triangle } else { Shape::TriangleDown };
            let y = if above { panel.top + 10 } else { panel.bottom - 10 };
            canvas.mark((x, y), Look { shape, ..trace.look }, 11, 1.0)?;
        } else {
            canvas.mark((x, y), trace.look, radius, 0.5)?;
        }
    }
    for process in trace.points.chunk_by(|a, b| a.process == b.process) {
        let line = process.iter().filter_map(|point| Some(at(point, point.running_pct?)));
        canvas.line(&line.collect::<Vec<_>>(), INK, 4)?;
    }
    Ok(())
}

fn rows(group: &Group<'_>, batch: &Batch<'_>, traces: &[Trace<'_>]) -> Rows {
    let columns =
        ["process", "round", "time_s", "median_s", "change_from_median_pct", "running_median_pct"];
    let mut rows = Rows::new(&columns);
    for trace in traces {
        let Group { layout, setting, .. } = *group;
        let key = data::Key { layout, setting, lookups: batch.lookups, backend: trace.name };
        for point in &trace.points {
            let [process, round] = [point.process, point.round].map(|n| u64::from(n).into());
            let time = point.seconds.into();
            let (median, running) = (trace.row.median_s.into(), point.running_pct.into());
            rows.push(key, [process, round, time, median, point.change_pct.into(), running]);
        }
    }
    rows
}

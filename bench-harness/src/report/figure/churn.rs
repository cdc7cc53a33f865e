//! Plug and unplug on one layout: nanoseconds an operation by scenario, a mark a backend, and the
//! extent's part as a band that everybody's mark stands above.

use super::super::ReportError;
use super::super::churn::Group;
use super::super::numbers::finite;
use super::super::text::clean;
use super::Figure;
use super::axis::{Axis, Fit};
use super::canvas::{Canvas, Drawn, Hand};
use super::data::Rows;
use super::frame::{Frame, Key, Symbol, units};
use super::looks::look;
use super::panel::Panel;
use super::runs::finish;
use super::style::{EDGE, GRID, INK, LINE, MUTED, SMALL, WIDTH};
use crate::record::{ChurnSummaryRow, EXTENT};

const HEIGHT: i32 = 620;
/// Widest distance between marks of one scenario.
const DODGE: f64 = 56.0;
/// From this factor between figures on, the scale is logarithmic.
const WIDE: u32 = 6;
/// An extent so many times faster than the fastest backend does not set the scale.
const NEXT_TO_NOTHING: f64 = 10.0;

/// The figure of a layout, or `None` where nothing was measured.
pub(in crate::report) fn churn(
    group: &Group<'_>,
    backends: &[&str],
    file: String,
) -> Option<Result<Figure, ReportError>> {
    let rows = || group.scenarios.iter().flat_map(|rows| rows.iter());
    let values: Vec<f64> = group.scenarios.iter().flat_map(|rows| to_hold(rows)).collect();
    if values.is_empty() {
        return None;
    }
    let y = Axis::fitted(values, Fit::FromZero(WIDE));
    let measured = |name: &&&str| {
        **name != EXTENT
            && rows().any(|row| row.backend == ***name && row.ns_per_operation.is_some())
    };
    let shown: Vec<&str> = backends.iter().filter(measured).copied().collect();
    let key = |name: &&str| Key { symbol: Symbol::Mark(look(name, backends)), text: clean(name) };
    let mut keys: Vec<Key> = shown.iter().map(key).collect();
    keys.push(Key { symbol: Symbol::Whisker, text: "95 % interval".to_owned() });
    keys.push(Key { symbol: Symbol::Band, text: "the extent's part".to_owned() });
    let frame = Frame {
        width: WIDTH,
        title: format!("Plug and unplug on {}", clean(group.layout)),
        keys,
        caption: caption(group, y),
    };
    let left = Panel::side(y);
    let drawn = frame.draw(HEIGHT + 3 * LINE + 24, |canvas, top| {
        let panel = Panel { left, right: WIDTH - EDGE, top, bottom: top + HEIGHT, y };
        panel.draw_left(canvas, "ns an operation")?;
        for (index, rows) in group.scenarios.iter().enumerate() {
            let column = Column::of(&panel, index, group.scenarios.len(), shown.len());
            column.draw_around(canvas, &panel, rows, index)?;
            for row in rows.iter().filter(|row| row.backend != EXTENT) {
                if let Some(series) = shown.iter().position(|name| *name == row.backend) {
                    let x = column.x(series);
                    draw_mark(canvas, &panel, row, x, look(&row.backend, backends))?;
                }
            }
        }
        Ok(())
    });
    let numbers = numbers(group, &shown);
    Some(finish(file, &frame, drawn).and_then(|figure| figure.with(&numbers, [])))
}

/// The marks, and the extent's part, which is drawn as a band.
fn numbers(group: &Group<'_>, shown: &[&str]) -> Rows {
    let mut rows = Rows::keyless(&[
        "layout",
        "scenario",
        "backend",
        "rounds",
        "ns_per_operation",
        "low_ns",
        "high_ns",
    ]);
    for row in group.scenarios.iter().flat_map(|rows| rows.iter()) {
        let ns = finite(row.ns_per_operation);
        if ns.is_some() && (row.backend == EXTENT || shown.contains(&row.backend.as_str())) {
            rows.push_bare([
                group.layout.into(),
                row.scenario.as_str().into(),
                row.backend.as_str().into(),
                row.rounds.into(),
                ns.into(),
                row.low_ns.into(),
                row.high_ns.into(),
            ]);
        }
    }
    rows
}

/// What the scale has to hold of a scenario: the backends, and the extent unless it is next to nothing
/// beside them. Of a table that is built it is, and would take half of the figure.
fn to_hold(rows: &[ChurnSummaryRow]) -> Vec<f64> {
    let typical = |row: &&ChurnSummaryRow| finite(row.ns_per_operation);
    let (extents, backends): (Vec<&ChurnSummaryRow>, Vec<&ChurnSummaryRow>) =
        rows.iter().partition(|row| row.backend == EXTENT);
    let least = backends.iter().filter_map(typical).fold(f64::INFINITY, f64::min);
    let is_something = |ns: &f64| ns * NEXT_TO_NOTHING > least;
    let mut values: Vec<f64> = backends.into_iter().flat_map(figures).collect();
    values.extend(extents.iter().filter_map(typical).filter(is_something));
    values
}

/// The figures of a row.
fn figures(row: &ChurnSummaryRow) -> impl Iterator<Item = f64> {
    [row.ns_per_operation, row.low_ns, row.high_ns].into_iter().filter_map(finite)
}

fn caption(group: &Group<'_>, y: Axis) -> String {
    let rows = || group.scenarios.iter().flat_map(|rows| rows.iter());
    // A run that was cut off has fewer of what it was at.
    let marks = rows().filter(|row| row.backend != EXTENT && row.ns_per_operation.is_some());
    let rounds: Vec<u64> = marks.map(|row| row.rounds).collect();
    let (least, most) =
        (rounds.iter().min().copied().unwrap_or(0), rounds.iter().max().copied().unwrap_or(0));
    let n = if least == most { format!("{most}") } else { format!("{least} to {most}") };
    let mut text = format!(
        "n = {n} rounds a mark; bars: 95 %, Student's t over groups of rounds. ops: operations timed as one; of build, segments. The band \
         reaches up to what allocating and returning page descriptors takes alone, timed as a \
         participant of its own; what lies above it is table and backend. No band: too little to be on the scale."
    );
    if y.is_logarithmic() {
        text += " Logarithmic scale: the band's upper edge counts, not its area.";
    }
    let missing = rows().any(|row| !row.status.is_ok());
    if missing {
        text += " Why backends cannot do a scenario is in the tables.";
    }
    text
}

/// The place of a scenario.
struct Column {
    left: i32,
    right: i32,
    step: f64,
    series: usize,
}

impl Column {
    fn of(panel: &Panel, index: usize, columns: usize, series: usize) -> Self {
        let each = f64::from(panel.right - panel.left) / columns.max(1) as f64;
        let edge = |index: usize| panel.left + units(each * index as f64);
        let step = (each * 0.86 / series.max(1) as f64).min(DODGE);
        Self { left: edge(index), right: edge(index + 1), step, series }
    }

    fn x(&self, series: usize) -> i32 {
        let shift = (series as f64 - (self.series as f64 - 1.0) / 2.0) * self.step;
        i32::midpoint(self.left, self.right) + units(shift)
    }

    /// The extent's band, and below it the scenario, how much was timed as one, how many are missing.
    fn draw_around(
        &self,
        canvas: &Canvas<'_>,
        panel: &Panel,
        rows: &[ChurnSummaryRow],
        index: usize,
    ) -> Drawn {
        if index > 0 {
            canvas.line(&[(self.left, panel.top), (self.left, panel.bottom)], GRID, 2)?;
        }
        let middle = i32::midpoint(self.left, self.right);
        let extent = rows.iter().find(|row| row.backend == EXTENT);
        if let Some(ns) = extent.and_then(|row| finite(row.ns_per_operation)) {
            let (from, to) = (self.left + 8, self.right - 8);
            let y = panel.y(ns);
            canvas.block((from, y), (to, panel.bottom), INK, 0.14)?;
            canvas.line(&[(from, y), (to, y)], MUTED, 3)?;
        }
        let hand = Hand::new(SMALL, INK).centred();
        let name = rows.first().map_or("", |row| row.scenario.as_str());
        canvas.text(&clean(name), (middle, panel.bottom + 14), hand)?;
        let operations = rows.iter().find_map(|row| row.operations);
        let timed = operations.map(super::super::numbers::count);
        let missing = rows.iter().filter(|row| !row.status.is_ok()).count();
        let unable = (missing > 0).then(|| format!("{missing} cannot"));
        let hand = Hand::new(SMALL, MUTED).centred();
        let mut top = panel.bottom + 14;
        for text in [timed.map(|count| format!("{count} ops")), unable].into_iter().flatten() {
            top += LINE;
            canvas.text(&text, (middle, top), hand)?;
        }
        Ok(())
    }
}

fn draw_mark(
    canvas: &Canvas<'_>,
    panel: &Panel,
    row: &ChurnSummaryRow,
    x: i32,
    look: super::style::Look,
) -> Drawn {
    let Some(ns) = finite(row.ns_per_operation) else {
        return Ok(());
    };
    if let (Some(low), Some(high)) = (finite(row.low_ns), finite(row.high_ns)) {
        canvas.line(&[(x, panel.y(low)), (x, panel.y(high))], look.colour, 4)?;
        for value in [low, high] {
            let y = panel.y(value);
            canvas.line(&[(x - 11, y), (x + 11, y)], look.colour, 4)?;
        }
    }
    canvas.mark((x, panel.y(ns)), look, 12, 1.0)
}

//! Figure 1: every run of every backend at a layout's largest number of lookups.
//!
//! The paper's Figure 1 shows averages, minima and maxima of array and tree at 100M lookups; this one
//! shows the runs behind them as well, and how sure the means are.

use super::super::ReportError;
use super::super::numbers::{NONE, TimeUnit, count, decimals, finite, fixed, significant, time};
use super::super::text::{clean, ems, wrap};
use super::super::view::{Batch, Group, View, mean};
use super::Figure;
use super::axis::{Axis, Fit};
use super::canvas::{Canvas, Drawn, Hand};
use super::data::Rows;
use super::frame::{Frame, Key, Symbol, fitting, text_width};
use super::lane::{COLUMNS, Lane, Spot, runs_each, thinning_note};
use super::looks::look;
use super::panel::{Panel, in_rows};
use super::shape::Shape;
use super::style::{EDGE, INK, LINE, Look, MUTED, SMALL, WIDEST, WIDTH};
use crate::record::BASELINE;

const HEIGHT: i32 = 560;
/// The same where lanes go on below, and what is between.
const LOW: i32 = 400;
const GAP: i32 = 36;
/// With more lanes than this a name that is too long for its lane goes on in another line.
const FEW: usize = 4;
/// Narrowest lane: the figures below it must not touch.
const LANE: i32 = 200;
/// Widest lane: longer names are cut.
const WIDEST_LANE: i32 = 480;
const MOST_POINTS: usize = 1000;
const HEADS: [&str; 4] = ["mean", "± 95 %", "ns/lookup", "runs"];

/// The figure of a group, or `None` when nothing in it was measured.
pub(super) fn figure(view: &View<'_>, group: &Group<'_>) -> Option<Result<Figure, ReportError>> {
    let batch = group.largest()?;
    let rows = batch.rows.iter().filter(|row| row.backend != BASELINE);
    let lanes: Vec<Lane<'_>> = rows
        .map(|row| Lane::new(batch, row, look(&row.backend, &view.backends), MOST_POINTS))
        .collect();
    let file = format!("figure1-runs-{}.svg", group.stem);
    let title = format!("Every run of {} lookups on {}", count(batch.lookups), clean(group.layout));
    let longest = lanes.iter().filter_map(|lane| mean(lane.row)).fold(0.0, f64::max);
    let unit = TimeUnit::of(longest);
    let values = lanes.iter().flat_map(Lane::values).map(|v| v * unit.per_second);
    let scale = Axis::fitted(values, Fit::Close(20));
    let per_lookup = batch.ns(1.0 / unit.per_second);
    let head = HEADS.iter().map(|head| text_width(head, SMALL)).max().unwrap_or(0);
    let left = Panel::side(scale).max(EDGE + head + 16);
    let right = Panel::side(scale.scaled(per_lookup));
    let many = lanes.len() > FEW;
    let needed = lanes.iter().map(|lane| room_for(batch, lane, unit, (longest, many)));
    let lane_wide = needed.fold(LANE, i32::max);
    let (rows, each) = in_rows(lanes.len(), lane_wide, WIDEST - left - right);
    let all_wide = lane_wide * i32::try_from(each).unwrap_or(1000);
    let frame = Frame {
        width: WIDTH.max(left + right + all_wide),
        title,
        keys: keys(&lanes),
        caption: caption(group, batch, &lanes, scale),
    };
    let height = if rows > 1 { LOW } else { HEIGHT };
    let lane_wide = (frame.width - left - right) / i32::try_from(each).unwrap_or(1000);
    let named = lanes.iter().map(|lane| names(lane, lane_wide).len()).max().unwrap_or(1);
    // Names and figures.
    let below = 20 + LINE * (4 + i32::try_from(named).unwrap_or(1));
    let whole = i32::try_from(rows).unwrap_or(1000) * (height + below + GAP) - GAP;
    let drawn = frame.draw(whole, |canvas, top| {
        let tops = (top..).step_by((height + below + GAP).unsigned_abs() as usize);
        for (lanes, top) in lanes.chunks(each).zip(tops) {
            let (right, bottom) = (frame.width - right, top + height);
            let panel = Panel { left, right, top, bottom, y: scale };
            panel.draw_left(canvas, &format!("time per batch ({})", unit.symbol))?;
            panel.draw_right(canvas, per_lookup, "ns per lookup, gross")?;
            draw_lanes(canvas, &panel, batch, lanes, (lane_wide, named, unit, longest))?;
        }
        Ok(())
    });
    let mut numbers = Rows::new(&COLUMNS);
    for lane in &lanes {
        lane.enter(&mut numbers, group, batch);
    }
    Some(finish(file, &frame, drawn).and_then(|figure| figure.with(&numbers, [group])))
}

/// A drawn document as a figure.
pub(super) fn finish(
    file: String,
    frame: &Frame,
    drawn: Result<String, super::canvas::Refused>,
) -> Result<Figure, ReportError> {
    match drawn {
        Ok(svg) => Ok(Figure {
            file,
            title: frame.title.clone(),
            caption: frame.caption.clone(),
            svg,
            data: None,
            groups: Vec::new(),
        }),
        Err(refused) => Err(ReportError::Draw { figure: file, reason: refused.0 }),
    }
}

fn keys(lanes: &[Lane<'_>]) -> Vec<Key> {
    let key = |symbol, text: &str| Key { symbol, text: text.to_owned() };
    let mut keys = vec![
        key(Symbol::Run(Look { colour: MUTED, shape: Shape::Circle, dash: None }), "one run"),
        key(Symbol::Mean, "mean"),
    ];
    if lanes.iter().any(|lane| finite(lane.row.margin95_t_s).is_some()) {
        keys.push(key(Symbol::Band, "95 % interval of the mean"));
    }
    keys.push(key(Symbol::Edges, "min, max"));
    keys
}

fn caption(group: &Group<'_>, batch: &Batch<'_>, lanes: &[Lane<'_>], scale: Axis) -> String {
    let mut text = format!("{}; {}.", group.setting, runs_each(lanes));
    text += " Runs from left to right in the order of measurement.";
    if lanes.iter().any(|lane| finite(lane.row.margin95_t_s).is_some()) {
        text += " Band: mean ± Student's t margin, 95 %.";
    } else {
        text += " No band: one run has no margin.";
    }
    text += if scale.is_logarithmic() {
        " Logarithmic scale."
    } else if scale.low > 0.0 {
        " The scale does not start at zero."
    } else {
        ""
    };
    if let Some(mean) = batch.row(BASELINE).and_then(mean) {
        let (time, ns) = (time(mean), significant(batch.ns(mean), 3));
        let takes = group.setting.baseline_takes();
        text += &format!(" {takes} {time} ({ns} ns a lookup) of each batch.");
    }
    text + &thinning_note(lanes)
}

fn draw_lanes(
    canvas: &Canvas<'_>,
    panel: &Panel,
    batch: &Batch<'_>,
    lanes: &[Lane<'_>],
    (wide, named, unit, longest): (i32, usize, TimeUnit, f64),
) -> Drawn {
    let below = panel.bottom + 20;
    let figures = below + LINE * i32::try_from(named).unwrap_or(1);
    for (head, y) in HEADS.iter().zip((figures..).step_by(LINE as usize)) {
        canvas.text(head, (panel.left - 16, y), Hand::new(SMALL, MUTED).right())?;
    }
    let places = places(longest, unit);
    for (lane, left) in lanes.iter().zip((panel.left..).step_by(wide.unsigned_abs() as usize)) {
        let gap = wide / 10;
        let (left, right) = (left + gap, left + wide - gap);
        let radius = if lane.points.len() > 300 { 5 } else { 8 };
        lane.draw(canvas, panel, Spot { left, right, radius, wide: true, unit: unit.per_second })?;
        let centre = i32::midpoint(left, right);
        for (line, y) in names(lane, wide).iter().zip((below..).step_by(LINE as usize)) {
            canvas.text(line, (centre, y), Hand::new(SMALL, INK).bold().centred())?;
        }
        for (cell, y) in
            cells(batch, lane, unit, places).iter().zip((figures..).step_by(LINE as usize))
        {
            canvas.text(cell, (centre, y), Hand::new(SMALL, INK).centred())?;
        }
        if !lane.row.status.is_ok() {
            let room = f64::from(right - left) / f64::from(SMALL);
            let reason_lines = wrap(&clean(&lane.row.status.to_string()), room, ems);
            let most = ((panel.bottom - panel.top - 20) / LINE).unsigned_abs() as usize;
            for (line, y) in
                reason_lines.iter().take(most).zip((panel.top + 20..).step_by(LINE as usize))
            {
                canvas.text(line, (centre, y), Hand::new(SMALL, MUTED).centred())?;
            }
        }
    }
    Ok(())
}

/// Bold runs wider.
fn bold_width(text: &str) -> i32 {
    text_width(text, SMALL) * 11 / 10
}

/// A lane's name in one line, or up to three where it is too long for one.
fn names(lane: &Lane<'_>, wide: i32) -> Vec<String> {
    let name = clean(&lane.row.backend);
    if bold_width(&name) <= wide - 8 {
        return vec![name];
    }
    let room = f64::from(wide - 8) / f64::from(SMALL) / 1.1;
    let lines = wrap(&name, room, ems);
    if lines.len() <= 3 { lines } else { vec![fitting(&name, (wide - 8) * 10 / 11, SMALL)] }
}

fn places(longest: f64, unit: TimeUnit) -> usize {
    decimals(longest * unit.per_second, 5)
}

/// How wide a lane must be so that its name, the figures below it and the words of a reason in it
/// neither touch the next lane's nor are broken; a name that nobody would type is cut.
fn room_for(
    batch: &Batch<'_>,
    lane: &Lane<'_>,
    unit: TimeUnit,
    (longest, many): (f64, bool),
) -> i32 {
    let name = clean(&lane.row.backend);
    let parts = name.split_inclusive(|c| many && c == '-');
    let name = parts.map(bold_width).max().unwrap_or(0);
    let figures = cells(batch, lane, unit, places(longest, unit));
    let figures = figures.iter().map(|cell| text_width(cell, SMALL)).max().unwrap_or(0);
    let reason = if lane.row.status.is_ok() {
        0
    } else {
        let words = clean(&lane.row.status.to_string());
        // A reason has four fifths of the lane.
        words.split(' ').map(|word| text_width(word, SMALL) * 5 / 4).max().unwrap_or(0)
    };
    (name.max(figures).max(reason) + 24).min(WIDEST_LANE)
}

fn cells(batch: &Batch<'_>, lane: &Lane<'_>, unit: TimeUnit, places: usize) -> [String; 4] {
    let none = || NONE.to_owned();
    let Some(mean) = mean(lane.row) else {
        return [none(), none(), none(), none()];
    };
    // Four digits, but no fewer decimals than the longest time of the figure has with five.
    let places = decimals(mean * unit.per_second, 4).max(places);
    let shown =
        |seconds: f64| format!("{} {}", fixed(seconds * unit.per_second, places), unit.symbol);
    [
        shown(mean),
        finite(lane.row.margin95_t_s).map_or_else(none, shown),
        significant(batch.ns(mean), 4),
        lane.row.runs.to_string(),
    ]
}

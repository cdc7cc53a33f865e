//! Figure 2: layouts side by side at one number of lookups.
//!
//! The paper's Figure 2 shows the tree on its four fragmented chunks at 10M lookups. Here every
//! layout that was measured with the same number of lookups stands in one figure, every backend
//! beside the others, with the runs behind minimum, mean and maximum.

use super::super::ReportError;
use super::super::names::Stems;
use super::super::numbers::{TimeUnit, count};
use super::super::setting::Setting;
use super::super::text::{clean, ems, wrap};
use super::super::view::{View, mean};
use super::Figure;
use super::axis::{Axis, Fit};
use super::canvas::{Canvas, Drawn, Hand};
use super::data::Rows;
use super::frame::{Frame, Key, Symbol, units};
use super::lane::{COLUMNS, Lane, Spot, runs_each, thinning_note};
use super::looks::look;
use super::panel::{Panel, in_rows};
use super::runs::finish;
use super::sharing::{Shared, shared_layouts};
use super::style::{GRID, INK, LINE, MUTED, SMALL, WIDEST, WIDTH};
use crate::record::{BASELINE, Status};

const HEIGHT: i32 = 560;
/// The same where layouts go on below, and what is between.
const LOW: i32 = 400;
const GAP: i32 = 30;
const LANE: i32 = 72;
/// The same where more than [`FEW`] backends would make a sheet that nobody can take in, down to
/// [`NARROWEST`] where that lets two layouts stand beside each other.
const NARROW: i32 = 44;
const NARROWEST: i32 = 26;
const FEW: usize = 6;
/// Narrowest group: a layout's name has to find room in lines below it.
const GROUP: i32 = 170;
/// Of a group, outside of its lanes.
const MARGIN: i32 = 40;
const NAME_LINES: usize = 3;
const MOST_POINTS: usize = 200;
const MOST_REASONS: usize = 4;

/// A layout and its lanes.
struct Column<'a> {
    layout: &'a str,
    lanes: Vec<Lane<'a>>,
}

/// One figure for each setting under which two layouts or more share a number of lookups; the one
/// with the most layouts is `figure2-layouts.svg`, others carry their setting in the name.
pub(super) fn figures(view: &View<'_>) -> Result<Vec<Figure>, ReportError> {
    let mut figures = Vec::new();
    let mut stems = Stems::default();
    for (index, shared) in shared_layouts(view).into_iter().enumerate() {
        let file = if index == 0 {
            "figure2-layouts.svg".to_owned()
        } else {
            format!("figure2-layouts-{}.svg", stems.stem(&shared.setting.joined()))
        };
        figures.push(figure(view, &shared, file)?);
    }
    Ok(figures)
}

fn figure(view: &View<'_>, shared: &Shared<'_, '_>, file: String) -> Result<Figure, ReportError> {
    let &Shared { setting, lookups, ref members } = shared;
    let columns: Vec<Column<'_>> = members
        .iter()
        .map(|(group, batch)| Column {
            layout: group.layout,
            lanes: batch
                .rows
                .iter()
                .filter(|row| row.backend != BASELINE)
                .map(|row| Lane::new(batch, row, look(&row.backend, &view.backends), MOST_POINTS))
                .collect(),
        })
        .collect();
    let lanes = || columns.iter().flat_map(|column| &column.lanes);
    let longest = lanes().filter_map(|lane| mean(lane.row)).fold(0.0, f64::max);
    let unit = TimeUnit::of(longest);
    let values = lanes().flat_map(Lane::values).map(|v| v * unit.per_second);
    let scale = Axis::fitted(values, Fit::FromZero(40));
    let per_lookup = 1e9 / unit.per_second / lookups.max(1) as f64;
    let (left, right) = (Panel::side(scale), Panel::side(scale.scaled(per_lookup)));
    let most = columns.iter().map(|column| column.lanes.len()).max().unwrap_or(1);
    let room = WIDEST - left - right;
    let lane = match (room / 2 - MARGIN) / int(most) {
        _ if most <= FEW => LANE,
        half if half < NARROWEST => NARROW,
        half => half.min(NARROW),
    };
    let column = GROUP.max(lane * int(most) + MARGIN);
    let (rows, each) = in_rows(columns.len(), column, room);
    let frame = Frame {
        width: WIDTH.max(left + right + column * int(each)),
        title: format!("Layouts at {} lookups: minimum, mean, maximum", count(lookups)),
        keys: keys(view, &columns),
        caption: caption(setting, &columns, scale),
    };
    let wide = f64::from(frame.width - left - right) / each as f64;
    let named = columns.iter().map(|column| names(column, wide).len()).max().unwrap_or(1);
    let (height, below) = (if rows > 1 { LOW } else { HEIGHT }, 20 + LINE * int(named));
    let drawn = frame.draw(int(rows) * (height + below + GAP) - GAP, |canvas, top| {
        let tops = (top..).step_by((height + below + GAP).unsigned_abs() as usize);
        for (columns, top) in columns.chunks(each).zip(tops) {
            let (right, bottom) = (frame.width - right, top + height);
            let panel = Panel { left, right, top, bottom, y: scale };
            panel.draw_left(canvas, &format!("time per batch ({})", unit.symbol))?;
            panel.draw_right(canvas, per_lookup, "ns per lookup, gross")?;
            draw_columns(canvas, &panel, columns, (each, unit))?;
        }
        Ok(())
    });
    let mut numbers = Rows::new(&COLUMNS);
    for ((group, batch), column) in members.iter().zip(&columns) {
        for lane in &column.lanes {
            lane.enter(&mut numbers, group, batch);
        }
    }
    finish(file, &frame, drawn)?.with(&numbers, members.iter().map(|(group, _)| *group))
}

fn int(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(10_000)
}

fn keys(view: &View<'_>, columns: &[Column<'_>]) -> Vec<Key> {
    let shown = |name: &&&str| {
        columns.iter().any(|column| column.lanes.iter().any(|lane| lane.row.backend == ***name))
    };
    let backend =
        |name: &&str| Key { symbol: Symbol::Mark(look(name, &view.backends)), text: clean(name) };
    let mut keys: Vec<Key> = view.backends.iter().filter(shown).map(backend).collect();
    keys.push(Key { symbol: Symbol::Whisker, text: "min to max".to_owned() });
    keys.push(Key { symbol: Symbol::Band, text: "95 % interval of the mean".to_owned() });
    keys
}

fn caption(setting: Setting<'_>, columns: &[Column<'_>], scale: Axis) -> String {
    let runs = runs_each(columns.iter().flat_map(|column| &column.lanes));
    let mut text = format!(
        "{setting}; {runs}. Large marks: means, outlined in black; bands: mean ± Student's t margin, 95 %. Faint \
         marks: runs, from left to right in the order of measurement."
    );
    if scale.is_logarithmic() {
        text += " Logarithmic scale.";
    }
    text += &unsupported(columns);
    for column in columns {
        text += &thinning_note_of(column);
    }
    text
}

/// The reasons for crosses. A figure has room for a few; the tables hold all.
fn unsupported(columns: &[Column<'_>]) -> String {
    let (mut reasons, mut failed) = (Vec::new(), false);
    for column in columns {
        for lane in &column.lanes {
            if let Some(reason) = lane.row.status.reason() {
                let (backend, layout) = (clean(&lane.row.backend), clean(column.layout));
                failed |= matches!(lane.row.status, Status::Failed(_));
                reasons.push(format!("{backend} on {layout}: {}", clean(reason)));
            }
        }
    }
    if reasons.is_empty() {
        return String::new();
    }
    let more = reasons.len().saturating_sub(MOST_REASONS);
    reasons.truncate(MOST_REASONS);
    let more = if more > 0 { format!("; {more} more in the tables") } else { String::new() };
    let kind = if failed { "unsupported or failed" } else { "unsupported" };
    format!(" ×: {kind} ({}{more}).", reasons.join("; "))
}

fn thinning_note_of(column: &Column<'_>) -> String {
    let note = thinning_note(&column.lanes);
    if note.is_empty() { note } else { format!(" {}:{note}", clean(column.layout)) }
}

/// A layout's name in lines that fit below its group.
fn names(column: &Column<'_>, wide: f64) -> Vec<String> {
    let mut lines = wrap(&clean(column.layout), (wide - 12.0) / f64::from(SMALL), ems);
    if lines.len() > NAME_LINES {
        lines.truncate(NAME_LINES);
        lines[NAME_LINES - 1].push('…');
    }
    lines
}

fn draw_columns(
    canvas: &Canvas<'_>,
    panel: &Panel,
    columns: &[Column<'_>],
    (each, unit): (usize, TimeUnit),
) -> Drawn {
    let wide = f64::from(panel.right - panel.left) / each as f64;
    for (index, column) in columns.iter().enumerate() {
        let left = panel.left + units(index as f64 * wide);
        let right = panel.left + units((index + 1) as f64 * wide);
        if index > 0 {
            canvas.line(&[(left, panel.top), (left, panel.bottom)], GRID, 2)?;
        }
        let inner = f64::from(right - left - 32);
        for (position, lane) in column.lanes.iter().enumerate() {
            let edge = |n: usize| left + 16 + units(inner * n as f64 / column.lanes.len() as f64);
            let (from, to) = (edge(position) + 4, edge(position + 1) - 4);
            // A lane wider than this spreads the runs so thin that they read as unrelated.
            let excess = (to - from - 2 * LANE).max(0) / 2;
            let spot = Spot {
                left: from + excess,
                right: to - excess,
                radius: 6,
                wide: false,
                unit: unit.per_second,
            };
            lane.draw(canvas, panel, spot)?;
            if !lane.row.status.is_ok() {
                let centre = i32::midpoint(spot.left, spot.right);
                let hand = Hand::new(SMALL, MUTED).centred();
                canvas.text("×", (centre, panel.bottom - LINE), hand)?;
            }
        }
        let centre = i32::midpoint(left, right);
        let lines = names(column, wide);
        for (line, y) in lines.iter().zip((panel.bottom + 20..).step_by(LINE as usize)) {
            canvas.text(line, (centre, y), Hand::new(SMALL, INK).centred())?;
        }
    }
    Ok(())
}

//! Figure 5: real memory maps, one below the other by their number of segments, every backend on each.
//!
//! Generated layouts are one memory at several sizes, and figure 3 joins them by lines. A real machine's map is not the
//! next step of another's: here each has a row of its own, with its name, and the costs lie along it.

use super::Figure;
use super::axis::Axis;
use super::canvas::{Canvas, Drawn, Hand};
use super::data::{self, Rows};
use super::frame::{Frame, Key, Symbol, fitting, text_width, units};
use super::looks::look;
use super::runs::finish;
use super::style::{EDGE, GRID, INK, LINE, Look, MUTED, SMALL};
use crate::report::ReportError;
use crate::report::again::again;
use crate::report::field::{Field, Member, Net};
use crate::report::numbers::count;
use crate::report::text::clean;
use crate::report::view::{Group, View};

/// Fewer maps are read from the tables.
const FEWEST: usize = 3;
/// How the names of maps of real machines begin that come with the program, and of the one that this is.
const REAL: [&str; 2] = ["real-", "this-machine"];
/// How those of generated layouts do.
const GENERATED: [&str; 2] = ["frag-", "paper-"];
/// Width of the part where costs lie.
const ACROSS: i32 = 940;
/// Room for a name.
const NAME: i32 = 420;
/// Distance of the marks of a row.
const EACH: i32 = 22;

/// A map and what it costs each backend that can do it.
struct Row<'f, 'r> {
    name: &'r str,
    segments: u64,
    lookups: u64,
    group: &'f Group<'r>,
    /// Index of the backend, its look, its runs, its cost.
    spots: Vec<(usize, Look, u64, Net)>,
}

/// The figure of a field, where it has enough maps of real machines.
pub(super) fn figure(
    view: &View<'_>,
    field: &Field<'_, '_>,
    stem: &str,
) -> Option<Result<Figure, ReportError>> {
    let begins = |name: &str, with: &[&str]| with.iter().any(|start| name.starts_with(start));
    let is_real = |member: &&Member<'_, '_>| !begins(member.group.layout, &GENERATED);
    let mut rows: Vec<Row<'_, '_>> =
        field.members.iter().filter(is_real).filter_map(|member| row(view, member)).collect();
    if rows.iter().filter(|row| begins(row.name, &REAL)).count() < FEWEST {
        return None;
    }
    rows.sort_by_key(|row| row.segments); // stable: those of one size stay as they are
    let mut shown: Vec<usize> = rows.iter().flat_map(|row| &row.spots).map(|spot| spot.0).collect();
    shown.sort_unstable();
    shown.dedup();
    let nets = || rows.iter().flat_map(|row| &row.spots).map(|(.., net)| *net);
    let ends = |net: Net| [net.ns - net.margin.unwrap_or(0.0), net.ns + net.margin.unwrap_or(0.0)];
    let axis = Axis::logarithmic(nets().filter(|net| net.is_clear()).flat_map(ends));
    let all_clear = nets().all(Net::is_clear);
    let axis = if all_clear { axis } else { axis.lowered(1.5) };
    let name = |index: usize| view.backends.get(index).copied().unwrap_or_default();
    let mut keys: Vec<Key> = shown
        .iter()
        .map(|&index| Key {
            symbol: Symbol::Mark(look(name(index), &view.backends)),
            text: clean(name(index)),
        })
        .collect();
    keys.push(Key { symbol: Symbol::Whisker, text: "95 % interval".to_owned() });
    let frame = Frame {
        width: EDGE + NAME + ACROSS + EDGE + 30,
        title: format!("Cost of a lookup on real memory maps: {}", field.setting.short()),
        keys,
        caption: caption(view, field, &rows, all_clear),
    };
    let high = i32::try_from(shown.len()).unwrap_or(1).max(3) * EACH + 2 * EACH;
    let sheet = Sheet { axis, left: EDGE + NAME, high, shown };
    let whole = LINE + high * i32::try_from(rows.len()).unwrap_or(1) + 18 + 2 * LINE;
    let drawn = frame.draw(whole, |canvas, top| sheet.draw(canvas, top + LINE, &rows));
    let figure = finish(format!("figure5-maps{stem}.svg"), &frame, drawn);
    let numbers = numbers(&rows, name);
    Some(figure.and_then(|figure| figure.with(&numbers, rows.iter().map(|row| row.group))))
}

fn numbers<'n>(rows: &[Row<'_, '_>], name: impl Fn(usize) -> &'n str) -> Rows {
    let mut numbers = Rows::new(&["segments", "runs", "net_ns_per_lookup", "net_margin95_ns"]);
    for row in rows {
        for (index, _, runs, net) in &row.spots {
            let Group { layout, setting, .. } = *row.group;
            let key = data::Key { layout, setting, lookups: row.lookups, backend: name(*index) };
            let cells = [row.segments.into(), (*runs).into(), net.ns.into(), net.margin.into()];
            numbers.push(key, cells);
        }
    }
    numbers
}

fn row<'f, 'r>(view: &View<'_>, member: &Member<'f, 'r>) -> Option<Row<'f, 'r>> {
    let spot = |(index, name): (usize, &&str)| {
        let runs = member.measured(name)?.runs;
        Some((index, look(name, &view.backends), runs, member.net(name)?))
    };
    let spots: Vec<_> = view.backends.iter().enumerate().filter_map(spot).collect();
    (!spots.is_empty()).then_some(Row {
        name: member.group.layout,
        segments: member.segments()?,
        lookups: member.batch.lookups,
        group: member.group,
        spots,
    })
}

fn caption(
    view: &View<'_>,
    field: &Field<'_, '_>,
    rows: &[Row<'_, '_>],
    all_clear: bool,
) -> String {
    let lookups = |pick: fn(std::slice::Iter<'_, Row<'_, '_>>) -> Option<u64>| pick(rows.iter());
    let least = lookups(|rows| rows.map(|row| row.lookups).min()).unwrap_or(0);
    let most = lookups(|rows| rows.map(|row| row.lookups).max()).unwrap_or(0);
    let batch =
        if least == most { count(most) } else { format!("{} to {}", count(least), count(most)) };
    let runs = field.members.iter().flat_map(|member| &member.batch.rows).map(|row| row.runs);
    let runs: Vec<u64> = runs.filter(|runs| *runs > 0).collect();
    let n = match (runs.iter().min(), runs.iter().max()) {
        (Some(least), Some(most)) if least != most => format!("{least} to {most}"),
        (_, most) => most.copied().unwrap_or(0).to_string(),
    };
    let mut text = format!(
        "{}; batches of {batch} lookups, n = {n} runs a mark; net of {}, bars: Student's t, 95 %. Every layout \
         of the run but generated ones (frag-, paper-), fewest segments first.",
        field.setting,
        field.setting.baseline()
    );
    if !all_clear {
        text += " Arrows at the left edge: not above zero, or the interval includes zero.";
    }
    format!("{text} Again: {}", again(view.run))
}

/// Where costs lie.
struct Sheet {
    axis: Axis,
    left: i32,
    /// Height of a row.
    high: i32,
    /// The backends that have a mark anywhere, each with a line of its own in every row.
    shown: Vec<usize>,
}

impl Sheet {
    fn draw(&self, canvas: &Canvas<'_>, top: i32, rows: &[Row<'_, '_>]) -> Drawn {
        let right = self.left + ACROSS;
        let bottom = top + self.high * i32::try_from(rows.len()).unwrap_or(1);
        let mut free = i32::MIN;
        for tick in self.axis.ticks(7) {
            let x = self.x(tick.value);
            canvas.line(&[(x, top), (x, bottom)], GRID, 2)?;
            canvas.line(&[(x, bottom), (x, bottom + 10)], INK, 3)?;
            let half = text_width(&tick.label, SMALL) / 2;
            if x - half > free {
                // At both ends: there may be many rows between.
                for y in [top - LINE, bottom + 18] {
                    canvas.text(&tick.label, (x, y), Hand::new(SMALL, INK).centred())?;
                }
                free = x + half + 8;
            }
        }
        for (row, y) in rows.iter().zip((top..).step_by(self.high.unsigned_abs() as usize)) {
            self.row(canvas, row, y)?;
            canvas.line(&[(EDGE, y), (right, y)], GRID, 2)?;
        }
        canvas.line(&[(self.left, top), (self.left, bottom), (right, bottom)], INK, 3)?;
        let middle = i32::midpoint(self.left, right);
        let title = "net ns a lookup";
        canvas.text(title, (middle, bottom + 18 + LINE), Hand::new(SMALL, INK).centred())
    }

    fn row(&self, canvas: &Canvas<'_>, row: &Row<'_, '_>, top: i32) -> Drawn {
        let middle = top + self.high / 2;
        let name = fitting(row.name, NAME - 20, SMALL);
        let hand = |colour| Hand::new(SMALL, colour).right().middle();
        canvas.text(&name, (self.left - 16, middle - LINE / 2), hand(INK))?;
        let segments = match row.segments {
            1 => "1 segment".to_owned(),
            several => format!("{several} segments"),
        };
        canvas.text(&segments, (self.left - 16, middle + LINE / 2), hand(MUTED))?;
        for (index, look, _, net) in &row.spots {
            let line = self.shown.iter().position(|shown| shown == index).unwrap_or(0);
            let y = top + EACH + EACH / 2 + i32::try_from(line).unwrap_or(0) * EACH;
            self.spot(canvas, *look, *net, y)?;
        }
        Ok(())
    }

    fn spot(&self, canvas: &Canvas<'_>, look: Look, net: Net, y: i32) -> Drawn {
        if !net.is_clear() {
            let x = self.left + 18;
            let tip = [(x, y - 9), (x - 14, y), (x, y + 9)];
            canvas.line(&tip, look.colour, 4)?;
            return canvas.mark((x + 12, y), look, 10, 1.0);
        }
        if let Some(margin) = net.margin {
            let (low, high) = (self.x(net.ns - margin), self.x(net.ns + margin));
            canvas.line(&[(low, y), (high, y)], look.colour, 4)?;
            for x in [low, high] {
                canvas.line(&[(x, y - 8), (x, y + 8)], look.colour, 4)?;
            }
        }
        canvas.mark((self.x(net.ns), y), look, 10, 1.0)
    }

    fn x(&self, ns: f64) -> i32 {
        self.left + units(self.axis.place(ns) * f64::from(ACROSS))
    }
}

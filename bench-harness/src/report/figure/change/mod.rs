//! Change of time against the reference, by number of lookups: gross above, net below.
//!
//! The baseline is part of every gross time and dilutes the change; the two panels show by how
//! much. On the paper's layout its published changes stand beside ours as hollow marks.

pub(super) mod forest;
mod marks;
mod paper;
mod scale;

use self::marks::{Mark, marks, paper_look, with_recomputed};
use self::paper::of_paper;
use self::scale::{Scale, is_wide};
use super::Figure;
use super::canvas::{Canvas, Drawn, Hand};
use super::data::{self, Rows};
use super::frame::{Frame, Key, Symbol, text_width, units};
use super::looks::look;
use super::panel::Panel;
use super::runs::finish;
use super::shape::Shape;
use super::style::{EDGE, INK, LINE, Look, SMALL, WIDTH};
use crate::report::ReportError;
use crate::report::evidence::Evidence;
use crate::report::numbers::{change, count, finite};
use crate::report::published::{ARRAY, TREE};
use crate::report::text::clean;
use crate::report::view::{Group, View};

const HEIGHT: i32 = 400;
/// Widest shift between marks of one number of lookups.
const DODGE: f64 = 34.0;

/// The figure of a group, or `None` when nothing in it was compared.
pub(super) fn figure(view: &View<'_>, group: &Group<'_>) -> Option<Result<Figure, ReportError>> {
    let compared = |name: &&&str| {
        let mut rows = group.batches.iter().flat_map(|batch| &batch.comparisons);
        rows.any(|row| row.backend == ***name && finite(row.gross_change_pct).is_some())
    };
    let backends: Vec<&str> = view.backends.iter().filter(compared).copied().collect();
    if backends.is_empty() {
        return None;
    }
    let mut rows = group.batches.iter().flat_map(|batch| &batch.comparisons);
    let reference = rows.clone().next()?.reference.as_str();
    let paper = rows.any(|row| of_paper(view, group, row).is_some());
    let gross = marks(view, group, &backends, paper, |row| {
        (row.gross_change_pct, row.gross_low_pct, row.gross_high_pct)
    });
    let net = marks(view, group, &backends, false, |row| {
        (row.net_change_pct, row.net_low_pct, row.net_high_pct)
    });
    let net = if paper { with_recomputed(view, group, net) } else { net };
    // Both panels alike, so that they can be compared.
    let ratios = is_wide(gross.iter().chain(&net));
    let scales = [&gross, &net].map(|marks| Scale::fitted(marks, ratios));
    let left = scales.iter().map(|scale| Panel::side(scale.axis)).max().unwrap_or(0);
    let clips = scales[0].clips(&gross) || scales[1].clips(&net);
    let frame = Frame {
        width: WIDTH,
        title: format!("Change of time against {} on {}", clean(reference), clean(group.layout)),
        keys: keys(view, &backends, paper),
        caption: caption(group, paper, scales[0], clips, backends.len() + usize::from(paper)),
    };
    let whole = 2 * (LINE + 8 + HEIGHT) + 30 + Panel::BELOW;
    let drawn = frame.draw(whole, |canvas, top| {
        let mut top = top;
        for (index, (marks, scale)) in [&gross, &net].into_iter().zip(scales).enumerate() {
            let net = format!("net of {}", group.setting.baseline());
            let head = ["gross: as timed", &net][index];
            canvas.text(head, (left, top), Hand::new(SMALL, INK).bold())?;
            top += LINE + 8;
            let (right, y) = (WIDTH - EDGE - 20, scale.axis);
            let panel = Panel { left, right, top, bottom: top + HEIGHT, y };
            panel.draw_left(canvas, scale.title())?;
            if index == 1 {
                let labels: Vec<(i32, String)> = (group.batches.iter().enumerate())
                    .map(|(n, batch)| (column(&panel, group, n), count(batch.lookups)))
                    .collect();
                panel.draw_below(canvas, &labels, "lookups in a batch")?;
            }
            let series = backends.len() + usize::from(paper);
            Sheet { panel, scale, group, series }.draw(canvas, marks)?;
            top += HEIGHT + 30;
        }
        Ok(())
    });
    let mut rows = Rows::new(&COLUMNS);
    for (panel, marks) in [("gross", &gross), ("net", &net)] {
        for mark in marks {
            enter(&mut rows, group, panel, mark, (&backends, paper));
        }
    }
    let figure = finish(format!("change-{}.svg", group.stem), &frame, drawn);
    Some(figure.and_then(|figure| figure.with(&rows, [group])))
}

/// Columns of the data behind the key.
const COLUMNS: [&str; 10] = [
    "panel",
    "source",
    "reference",
    "rounds",
    "unit",
    "units",
    "change_pct",
    "low_pct",
    "high_pct",
    "verdict",
];

/// The numbers of a mark; of the backends that of its series, behind the paper's if that is drawn.
fn enter(
    rows: &mut Rows,
    group: &Group<'_>,
    panel: &str,
    mark: &Mark,
    (backends, paper): (&[&str], bool),
) {
    let Some(batch) = group.batches.get(mark.column) else { return };
    let own = mark.series.checked_sub(usize::from(paper)).and_then(|series| backends.get(series));
    let backend = if mark.published { Some(&TREE) } else { own };
    let Some(backend) = backend else { return };
    let row = batch.comparisons.iter().find(|row| row.backend == **backend && !mark.published);
    let Group { layout, setting, .. } = *group;
    let key = data::Key { layout, setting, lookups: batch.lookups, backend };
    let (low, high) = mark.bounds.unzip();
    // The verdict is on the time as measured.
    let verdict = row.and_then(|row| row.verdict.as_deref()).filter(|_| panel == "gross");
    let cells = [
        panel.into(),
        if mark.published { "paper" } else { "measured" }.into(),
        row.map_or(ARRAY, |row| row.reference.as_str()).into(),
        row.map(|row| row.rounds).into(),
        row.map_or("", |row| row.unit.as_str()).into(),
        row.map(|row| row.units).into(),
        mark.value.into(),
        low.into(),
        high.into(),
        verdict.unwrap_or_default().into(),
    ];
    rows.push(key, cells);
}

fn keys(view: &View<'_>, backends: &[&str], paper: bool) -> Vec<Key> {
    let key =
        |name: &&str| Key { symbol: Symbol::Mark(look(name, &view.backends)), text: clean(name) };
    let mut keys: Vec<Key> = backends.iter().map(key).collect();
    keys.push(Key { symbol: Symbol::Whisker, text: "95 % interval".to_owned() });
    if paper {
        let text = format!("the paper, {TREE} against {ARRAY}");
        keys.push(Key { symbol: Symbol::Hollow(paper_look()), text });
    }
    keys
}

fn caption(group: &Group<'_>, paper: bool, scale: Scale, clips: bool, series: usize) -> String {
    let rows = group.batches.iter().flat_map(|batch| batch.comparisons.iter().copied());
    let drawn = rows.filter(|row| finite(row.gross_change_pct).is_some());
    let n = Evidence::of(drawn).map_or_else(String::new, |evidence| {
        format!("n = {} {} a mark{}", evidence.count(), evidence.name(), evidence.rounds())
    });
    let mut text = format!(
        "{}; {n}; bars: 95 % intervals of changes of pairs in the same round. {} The two panels have scales of their own.",
        group.setting,
        scale.words()
    );
    if series > 1 {
        text += " Marks of one number of lookups are shifted sideways, so that they do not cover one \
                 another.";
    }
    if clips {
        text += &format!(" {}", scale.arrows());
    }
    if paper {
        text += " The paper: from its Tables 1 and 2, at 100M with the interval that its Table 3 gives (Welch); net \
                 at 100M only, from Table 3 and its 2.03 s of random().";
    }
    text
}

/// The place across of a number of lookups; they stand at equal distances, so that none crowd.
fn column(panel: &Panel, group: &Group<'_>, index: usize) -> i32 {
    let along = (index as f64 + 0.5) / group.batches.len().max(1) as f64;
    panel.left + units(along * f64::from(panel.right - panel.left))
}

/// A panel and what places marks on it.
struct Sheet<'a, 'r> {
    panel: Panel,
    scale: Scale,
    group: &'a Group<'r>,
    /// Marks that stand beside each other.
    series: usize,
}

impl Sheet<'_, '_> {
    fn draw(&self, canvas: &Canvas<'_>, marks: &[Mark]) -> Drawn {
        let Self { panel, group, .. } = self;
        let none = self.y(0.0);
        canvas.line(&[(panel.left, none), (panel.right, none)], INK, 3)?;
        let each = f64::from(panel.right - panel.left) / group.batches.len().max(1) as f64;
        let step = (each * 0.8 / self.series.max(1) as f64).min(DODGE);
        for mark in marks {
            let shift = (mark.series as f64 - (self.series as f64 - 1.0) / 2.0) * step;
            let x = column(panel, group, mark.column) + units(shift);
            self.interval(canvas, mark, x)?;
            self.centre(canvas, mark, x)?;
        }
        Ok(())
    }

    /// The height of a change.
    fn y(&self, change: f64) -> i32 {
        self.panel.y(self.scale.of(change))
    }

    fn interval(&self, canvas: &Canvas<'_>, mark: &Mark, x: i32) -> Drawn {
        let Some((low, high)) = mark.bounds else { return Ok(()) };
        let colour = mark.look.colour;
        canvas.line(&[(x, self.y(low)), (x, self.y(high))], colour, 4)?;
        for (value, tip) in [(low, 1), (high, -1)] {
            let y = self.y(value);
            if !self.scale.is_beyond(value) {
                canvas.line(&[(x - 9, y), (x + 9, y)], colour, 4)?;
            } else if !self.scale.is_beyond(mark.value) {
                // An arrow, pointing where it goes on; a mark that lies there itself is one.
                let back = y - 14 * tip;
                canvas.line(&[(x - 10, back), (x, y), (x + 10, back)], colour, 4)?;
            }
        }
        Ok(())
    }

    fn centre(&self, canvas: &Canvas<'_>, mark: &Mark, x: i32) -> Drawn {
        let y = self.y(mark.value);
        if !self.scale.is_beyond(mark.value) {
            return if mark.published {
                canvas.hollow((x, y), mark.look, 13)
            } else {
                canvas.mark((x, y), mark.look, 12, 1.0)
            };
        }
        // Beyond the panel: the figure in words beside its arrow.
        let shape = if mark.value > 0.0 { Shape::Triangle } else { Shape::TriangleDown };
        canvas.mark((x, y), Look { shape, ..mark.look }, 12, 1.0)?;
        if mark.value < 0.0 && !self.scale.names_below() {
            return Ok(());
        }
        let text = format!("{} %", change(mark.value, mark.value));
        let wide = text_width(&text, SMALL);
        let left = if x + 20 + wide > self.panel.right { x - 20 - wide } else { x + 20 };
        let below = if mark.value > 0.0 { y } else { y - LINE };
        canvas.text(&text, (left, below), Hand::new(SMALL, INK))
    }
}

//! All comparisons of a self-test: what was found, beside what was put in.

use super::super::ReportError;
use super::super::numbers::fixed;
use super::super::selftest::rates::Rates;
use super::Figure;
use super::axis::{Axis, Fit};
use super::canvas::{Canvas, Drawn, Hand};
use super::frame::{Frame, Key, Symbol, text_width};
use super::looks::numbered;
use super::panel::Panel;
use super::runs::finish;
use super::shape::Shape;
use super::style::{EDGE, INK, LINE, Look, MUTED, SMALL, WIDTH};
use crate::record::SelftestRow;

/// Height of a scenario's strip.
const STRIP: i32 = 120;

/// The figure of a self-test.
pub(in crate::report) fn selftest(rates: &[Rates<'_>], file: &str) -> Result<Figure, ReportError> {
    let title = "What the self-test found, beside what was put in".to_owned();
    let values = rates
        .iter()
        .flat_map(|rates| &rates.rows)
        .flat_map(|row| [Some(row.change_pct), row.true_change_pct].into_iter().flatten());
    let across = Axis::fitted(values, Fit::Close(u32::MAX));
    let labels: Vec<[String; 2]> = rates.iter().map(label).collect();
    let widest = labels.iter().flatten().map(|text| text_width(text, SMALL)).max().unwrap_or(0);
    let frame = Frame {
        width: WIDTH,
        title,
        keys: keys(),
        caption:
            "Each point is one comparison, from top to bottom in the order of measurement; right \
                  of 0 means slower. Filled: its 95 % interval holds the true change, or the true \
                  change is not known; hollow: it does not, as 1 in 20 should. Below each \
                  name: n comparisons × the time of one, and half the width of the median interval."
                .to_owned(),
    };
    let strips = i32::try_from(rates.len()).unwrap_or(100) * STRIP;
    let drawn = frame.draw(strips + Panel::BELOW, |canvas, top| {
        let panel = Panel {
            left: EDGE + widest + 30,
            right: WIDTH - EDGE - 20,
            top,
            bottom: top + strips,
            y: Axis::linear(0.0, 1.0),
        };
        draw_scale(canvas, &panel, across)?;
        for ((index, rates), label) in (0..).zip(rates).zip(&labels) {
            let top = top + index * STRIP;
            for (line, text) in (0..).zip(label) {
                let at = (panel.left - 20, top + 14 + line * LINE);
                let hand = Hand::new(SMALL, if line == 0 { INK } else { MUTED }).right();
                canvas.text(text, at, hand)?;
            }
            draw_strip(
                canvas,
                &panel,
                across,
                rates,
                (top, numbered(index.unsigned_abs() as usize)),
            )?;
        }
        Ok(())
    });
    finish(file.to_owned(), &frame, drawn)
}

fn keys() -> Vec<Key> {
    let grey = Look { colour: MUTED, shape: Shape::Circle, dash: None };
    vec![
        Key { symbol: Symbol::Run(grey), text: "one comparison".to_owned() },
        Key { symbol: Symbol::Hollow(grey), text: "interval misses the truth".to_owned() },
        Key { symbol: Symbol::Whisker, text: "what was put in".to_owned() },
    ]
}

fn label(rates: &Rates<'_>) -> [String; 2] {
    let width =
        rates.half_width_pct.map_or(String::new(), |half| format!(", ±{} %", fixed(half, 2)));
    [rates.name.to_owned(), format!("{} × {} s{width}", rates.rows.len(), fixed(rates.seconds, 2))]
}

fn draw_scale(canvas: &Canvas<'_>, panel: &Panel, across: Axis) -> Drawn {
    let ticks = across.ticks(8);
    for tick in &ticks {
        let x = panel.x(across, tick.value);
        canvas.line(&[(x, panel.top), (x, panel.bottom)], super::style::GRID, 2)?;
    }
    canvas.line(&[(panel.left, panel.bottom), (panel.right, panel.bottom)], INK, 3)?;
    let labels: Vec<(i32, String)> =
        ticks.iter().map(|tick| (panel.x(across, tick.value), tick.label.clone())).collect();
    panel.draw_below(canvas, &labels, "change of time found (%)")
}

fn draw_strip(
    canvas: &Canvas<'_>,
    panel: &Panel,
    across: Axis,
    rates: &Rates<'_>,
    (top, look): (i32, Look),
) -> Drawn {
    let room = f64::from(STRIP - 28);
    let radius = if rates.rows.len() > 200 { 4 } else { 7 };
    let dot = Look { shape: Shape::Circle, ..look };
    for (index, row) in rates.rows.iter().enumerate() {
        let down = (index as f64 + 0.5) / rates.rows.len() as f64 * room;
        let at = (panel.x(across, row.change_pct), top + 14 + super::frame::units(down));
        if misses(row) {
            canvas.hollow(at, Look { colour: INK, ..dot }, radius + 2)?;
        } else {
            canvas.mark(at, dot, radius, 0.4)?;
        }
    }
    if let Some(truth) = rates.truth {
        let x = panel.x(across, truth);
        canvas.line(&[(x, top + 6), (x, top + STRIP - 6)], INK, 5)?;
    }
    canvas.line(&[(panel.left, top), (panel.right, top)], super::style::GRID, 2)
}

fn misses(row: &SelftestRow) -> bool {
    match (row.true_change_pct, row.low_pct, row.high_pct) {
        (Some(truth), Some(low), Some(high)) => truth < low || truth > high,
        _ => false,
    }
}

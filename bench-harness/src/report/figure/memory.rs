//! Figure 4: cost of a lookup against the memory of the index, a line for each backend through its
//! layouts, with the sizes of the caches.
//!
//! A structure is fast while it fits a cache; this shows what each buys with its bytes.

use super::super::ReportError;
use super::super::field::Field;
use super::super::numbers::bytes;
use super::super::view::View;
use super::Figure;
use super::axis::Axis;
use super::caches::{Cache, caches};
use super::canvas::{Canvas, Drawn, Hand};
use super::curves::{Curve, Sheet, caption, curves, keys, names_high, names_wide, scale, spots};
use super::frame::Frame;
use super::panel::Panel;
use super::runs::finish;
use super::style::{EDGE, LINE, Look, MUTED, SMALL, WIDTH, look};

const HEIGHT: i32 = 640;
/// Lines above the panel for the names of the caches, which may stand close to each other.
const ROWS: i32 = 2;

/// The figure of a field; `stem` follows `figure4-memory` in its name.
pub(super) fn figure(
    view: &View<'_>,
    field: &Field<'_, '_>,
    stem: &str,
) -> Option<Result<Figure, ReportError>> {
    let caches = caches(view);
    let curves = curves(view, field, &caches, |_, index| Some(index? as f64));
    if curves.is_empty() {
        return None;
    }
    let y = scale(&curves);
    let (left, height) = (Panel::side(y), HEIGHT.max(names_high(&curves)));
    let right = WIDTH - EDGE;
    let sizes = spots(&curves).map(|spot| spot.across).filter(|bytes| *bytes > 0.0);
    let across = Axis::logarithmic(sizes.chain(caches.iter().map(|cache| cache.bytes)));
    // Room for those without bytes, apart from those that have a place.
    let none = spots(&curves).any(|spot| spot.across <= 0.0);
    let across = if none { across.lowered(2.0) } else { across };
    let frame = Frame {
        width: right + names_wide(&curves) + EDGE,
        title: format!("Cost of a lookup against memory: {}", field.setting.short()),
        keys: keys(&caches, &curves),
        caption: words(view, field, &caches, &curves),
    };
    let drawn = frame.draw(LINE * ROWS + height + Panel::BELOW, |canvas, top| {
        let top = top + LINE * ROWS;
        let panel = Panel { left, right, top, bottom: top + height, y };
        panel.draw_left(canvas, "net ns a lookup")?;
        let labels: Vec<(i32, String)> = powers(across)
            .into_iter()
            .map(|power| (panel.x(across, power as f64), bytes(power)))
            .collect();
        panel.draw_below(canvas, &labels, "bytes that answer page lookups")?;
        draw_caches(canvas, &panel, across, &caches)?;
        Sheet { panel, across, dodge: 0 }.draw(canvas, &curves)
    });
    Some(finish(format!("figure4-memory{stem}.svg"), frame.title.clone(), drawn))
}

fn words(view: &View<'_>, field: &Field<'_, '_>, caches: &[Cache], curves: &[Curve<'_>]) -> String {
    let mut text = "Along a line: more segments.".to_owned();
    text += if caches.is_empty() {
        " The machine did not tell the sizes of its caches."
    } else {
        " Upright lines: sizes of the caches."
    };
    if spots(curves).any(|spot| spot.across <= 0.0) {
        text += " Arrows at the left edge: no bytes at all.";
    }
    format!("{text} {}", caption(view, field, curves))
}

/// Powers of two worth a label, about eight of them.
fn powers(axis: Axis) -> Vec<u64> {
    let (first, last) = (axis.low.log2().ceil().max(0.0), axis.high.log2().floor().min(62.0));
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|step| (last - first) / step <= 8.0);
    let step: f64 = step.unwrap_or(10.0);
    let start = (first / step).ceil() * step;
    (0..64)
        .map(|n| start + f64::from(n) * step)
        .take_while(|exponent| *exponent <= last)
        .map(|exponent| {
            // Between 1 and 2^62.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let power = exponent.exp2() as u64;
            power
        })
        .collect()
}

fn draw_caches(canvas: &Canvas<'_>, panel: &Panel, across: Axis, caches: &[Cache]) -> Drawn {
    for (cache, row) in caches.iter().zip(0_i32..) {
        let x = panel.x(across, cache.bytes);
        let above = panel.top - LINE * (row % ROWS + 1);
        let dashed = Look { colour: MUTED, dash: Some((12, 10)), ..look(0) };
        canvas.stroke(&[(x, above + LINE - 6), (x, panel.bottom)], dashed, 3)?;
        let hand = Hand::new(SMALL, MUTED);
        let hand = if x > i32::midpoint(panel.left, panel.right) { hand.right() } else { hand };
        canvas.text(&cache.text, (x, above), hand)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_powers_of_two() {
        let labels = |values: [f64; 2]| powers(Axis::logarithmic(values));
        assert_eq!(labels([1000.0, 5000.0]), [1024, 2048, 4096]);
        assert_eq!(labels([1.0, 1e9]), [1, 32, 1 << 10, 1 << 15, 1 << 20, 1 << 25, 1 << 30]);
        assert!(labels([1.0, 1e15]).len() <= 9);
    }
}

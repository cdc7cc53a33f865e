//! Figure 4: cost of a lookup against the memory of the index, with the sizes of the caches.
//!
//! A structure is fast while it fits a cache; this shows what each buys with its bytes.

use super::caches::{Cache, caches};
use super::curve::{Curve, curves, joined, spots};
use super::{Across, Words};
use crate::report::ReportError;
use crate::report::field::Field;
use crate::report::figure::Figure;
use crate::report::figure::axis::Axis;
use crate::report::figure::canvas::{Canvas, Drawn, Hand};
use crate::report::figure::panel::Panel;
use crate::report::figure::style::{ANY_LOOK, LINE, Look, MUTED, SMALL};
use crate::report::memory::estimates;
use crate::report::numbers::bytes;
use crate::report::view::View;

/// Lines above the panel for the names of the caches, which may stand close to each other.
const ROWS: i32 = 2;

/// The figure of a field, or `None` where no index has a known size.
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
    let sizes = spots(&curves).map(|spot| spot.across).filter(|bytes| *bytes > 0.0);
    let axis = Axis::logarithmic(sizes.chain(caches.iter().map(|cache| cache.bytes)));
    // Room for those without bytes, apart from those that have a place.
    let none = spots(&curves).any(|spot| spot.across <= 0.0);
    let axis = if none { axis.lowered(2.0) } else { axis };
    let across = Across {
        axis,
        labels: powers(axis).into_iter().map(|power| (power as f64, bytes(power))).collect(),
        title: "bytes that answer page lookups",
        dodge: 0,
        above: LINE * ROWS,
    };
    let words = Words {
        file: format!("figure4-memory{stem}"),
        against: "memory",
        besides: besides(&caches, &curves),
    };
    Some(super::figure(view, field, (&caches, &curves), &across, &words, |canvas, panel| {
        draw_caches(canvas, panel, axis, &caches)
    }))
}

fn besides(caches: &[Cache], curves: &[Curve<'_>]) -> String {
    let mut text = if joined(curves) { "Along a line: more segments. " } else { "" }.to_owned();
    text += "Marks stand at their bytes; of those with the same bytes and cost the last covers \
             the others.";
    text += if caches.is_empty() {
        " The machine did not tell the sizes of its caches."
    } else {
        " Upright lines: sizes of the caches."
    };
    if spots(curves).any(|spot| spot.across <= 0.0) {
        text += " Arrows at the left edge: no bytes at all.";
    }
    if let Some(estimates) = estimates(curves.iter().map(|curve| curve.name)) {
        text += &format!(" {estimates}");
    }
    text
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
        let dashed = Look { colour: MUTED, dash: Some((12, 10)), ..ANY_LOOK };
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

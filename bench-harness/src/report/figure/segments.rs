//! Figure 3: cost of a lookup against the number of segments, a line for each backend.
//!
//! The paper asks how the tree's cost grows with fragmentation; this shows it for every structure,
//! on logarithmic scales, where a power of the number of segments is a straight line.

use super::super::ReportError;
use super::super::field::Field;
use super::super::numbers::count;
use super::super::view::View;
use super::Figure;
use super::axis::Axis;
use super::caches::caches;
use super::curves::{Sheet, caption, curves, keys, names_high, names_wide, scale};
use super::frame::Frame;
use super::panel::Panel;
use super::runs::finish;
use super::style::{EDGE, WIDTH};

const HEIGHT: i32 = 640;

/// The figure of a field; `stem` follows `figure3-segments` in its name.
pub(super) fn figure(
    view: &View<'_>,
    field: &Field<'_, '_>,
    stem: &str,
) -> Option<Result<Figure, ReportError>> {
    let caches = caches(view);
    let curves = curves(view, field, &caches, |segments, _| Some(segments as f64));
    if curves.is_empty() {
        return None;
    }
    let y = scale(&curves);
    let (left, height) = (Panel::side(y), HEIGHT.max(names_high(&curves)));
    let right = WIDTH - EDGE;
    let across = Axis::counts(&field.sizes());
    let frame = Frame {
        width: right + names_wide(&curves) + EDGE,
        title: format!("Cost of a lookup against segments: {}", field.setting.short()),
        keys: keys(&caches, &curves),
        caption: caption(view, field, &curves),
    };
    let drawn = frame.draw(height + Panel::BELOW, |canvas, top| {
        let panel = Panel { left, right, top, bottom: top + height, y };
        panel.draw_left(canvas, "net ns a lookup")?;
        let ticks = across.ticks(8).into_iter().map(|tick| {
            // Positive and below 2^53.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let label = count(tick.value.round() as u64);
            (panel.x(across, tick.value), label)
        });
        panel.draw_below(canvas, &ticks.collect::<Vec<_>>(), "segments")?;
        Sheet { panel, across, dodge: 8 }.draw(canvas, &curves)
    });
    Some(finish(format!("figure3-segments{stem}.svg"), frame.title.clone(), drawn))
}

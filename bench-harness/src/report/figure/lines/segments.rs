//! Figure 3: cost of a lookup against the number of segments.
//!
//! The paper asks how the tree's cost grows with fragmentation; this shows it for every structure,
//! on logarithmic scales, where a power of the number of segments is a straight line.

use super::caches::caches;
use super::curve::curves;
use super::{Across, Words};
use crate::report::ReportError;
use crate::report::field::Field;
use crate::report::figure::Figure;
use crate::report::figure::axis::{Axis, Tick};
use crate::report::numbers::count;
use crate::report::view::View;

/// The figure of a field, or `None` where nothing was measured.
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
    // Room for marks that are shifted to the left.
    let axis = Axis::counts(&field.sizes()).lowered(1.25);
    let label = |tick: Tick| {
        // Positive and below 2^53.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let label = count(tick.value.round() as u64);
        (tick.value, label)
    };
    let across = Across {
        axis,
        // Half a segment has no label.
        labels: axis.ticks(8).into_iter().filter(|tick| tick.value >= 0.99).map(label).collect(),
        title: "segments",
        dodge: 8,
        above: 0,
    };
    let words = Words {
        file: format!("figure3-segments{stem}"),
        against: "segments",
        besides:
            "Marks of one layout are shifted sideways, so that they do not cover one another; \
                  its number of segments is in the list."
                .to_owned(),
    };
    Some(super::figure(view, field, (&caches, &curves), &across, &words, |_, _| Ok(())))
}

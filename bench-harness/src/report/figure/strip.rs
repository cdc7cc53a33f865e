//! Strips one below the other, one for each backend: its name, what its runs sum up to, a panel.
//!
//! A dozen curves in one panel cover one another; beneath each other they can be told apart and compared, all
//! on one scale. Used by the figures of [`rounds`](super::rounds) and of
//! [`distribution`](super::distribution).

use super::canvas::{Canvas, Drawn, Hand, Point};
use super::frame::{fitting, text_width};
use super::panel::Panel;
use super::style::{EDGE, GRID, INK, LINE, Look, MUTED, SMALL, TEXT};

/// Height of a strip's head.
const HEAD: i32 = LINE + 6;
/// Between a strip and the next head.
const GAP: i32 = 16;
/// Room of a mark before a name.
const MARK: i32 = 36;
/// Between labels and their scale.
const LABEL_GAP: i32 = 14;

/// What stands above a strip.
pub(super) struct Head {
    pub look: Look,
    pub name: String,
    pub note: String,
}

/// How high a strip's panel is where there are so many.
pub(super) fn height(strips: usize) -> i32 {
    match strips {
        0..=4 => 190,
        5..=8 => 140,
        _ => 104,
    }
}

/// Height of all strips.
pub(super) fn all(strips: usize) -> i32 {
    i32::try_from(strips).unwrap_or(1000) * (HEAD + height(strips) + GAP)
}

/// The top of a strip's head, where the first stands at `top`.
pub(super) fn top_of(index: usize, strips: usize, top: i32) -> i32 {
    top + i32::try_from(index).unwrap_or(1000) * (HEAD + height(strips) + GAP)
}

/// From the top of the head to the panel: top and bottom.
pub(super) fn panel_at(top: i32, strips: usize) -> (i32, i32) {
    (top + HEAD, top + HEAD + height(strips))
}

/// Name and note of a strip; the note is cut where there is no room.
pub(super) fn draw_head(canvas: &Canvas<'_>, (left, top): Point, right: i32, head: &Head) -> Drawn {
    canvas.mark((left + 12, top + SMALL / 2 - 2), head.look, 12, 1.0)?;
    let left = left + MARK;
    let name = fitting(&head.name, (right - left) / 2, SMALL);
    canvas.text(&name, (left, top), Hand::new(SMALL, INK).bold())?;
    let left = left + text_width(&name, SMALL) * 11 / 10 + 20;
    canvas.text(&fitting(&head.note, right - left, SMALL), (left, top), Hand::new(SMALL, MUTED))
}

/// Labels of a strip that have room above each other: as few as tell a scale.
fn labels(panel: &Panel) -> Vec<(i32, String)> {
    let wanted: &[u32] = if panel.bottom - panel.top < 120 { &[2, 3, 4, 6] } else { &[4, 6] };
    let mut found = Vec::new();
    for wanted in wanted {
        found = spaced(panel, *wanted);
        if found.len() > 1 {
            break;
        }
    }
    found
}

fn spaced(panel: &Panel, wanted: u32) -> Vec<(i32, String)> {
    let mut free = i32::MAX;
    let mut labels = Vec::new();
    for tick in panel.y.ticks(wanted) {
        let y = panel.y(tick.value);
        if y + SMALL / 2 < free {
            labels.push((y, tick.label));
            free = y - SMALL / 2;
        }
    }
    labels
}

/// Room that labels of these scales take beside the panels, with a title along all of them.
pub(super) fn side<'p>(panels: impl IntoIterator<Item = &'p Panel>) -> i32 {
    let all = panels.into_iter().flat_map(labels);
    let widest = all.map(|(_, label)| text_width(&label, SMALL)).max().unwrap_or(0);
    LABEL_GAP + widest + 16 + TEXT + EDGE
}

/// Grid, labels and frame of a strip.
pub(super) fn draw_scale(canvas: &Canvas<'_>, panel: &Panel) -> Drawn {
    for (y, label) in labels(panel) {
        canvas.line(&[(panel.left, y), (panel.right, y)], GRID, 2)?;
        let hand = Hand::new(SMALL, INK).right().middle();
        canvas.text(&label, (panel.left - LABEL_GAP, y), hand)?;
    }
    let corners =
        [(panel.left, panel.top), (panel.left, panel.bottom), (panel.right, panel.bottom)];
    canvas.line(&corners, INK, 3)
}

/// What the scales of all strips show, read upwards beside them.
pub(super) fn draw_title(canvas: &Canvas<'_>, top: i32, bottom: i32, title: &str) -> Drawn {
    let hand = Hand::new(SMALL, INK).centred().upwards();
    canvas.text(title, (EDGE - 8, i32::midpoint(top, bottom)), hand)
}

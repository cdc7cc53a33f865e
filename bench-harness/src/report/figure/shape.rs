//! The shapes of marks.
//!
//! Backends differ in shape as well as in colour, so that a grey print tells them apart.

use super::canvas::Point;

/// Shape of a mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
    TriangleDown,
    TriangleRight,
    Plus,
}

/// The corners of a filled shape, `r` units to each side of its centre.
pub(super) fn corners(shape: Shape, (x, y): Point, r: i32) -> Vec<Point> {
    match shape {
        Shape::Triangle => vec![(x, y - r), (x + r, y + r), (x - r, y + r)],
        Shape::TriangleDown => vec![(x, y + r), (x + r, y - r), (x - r, y - r)],
        Shape::TriangleRight => vec![(x + r, y), (x - r, y + r), (x - r, y - r)],
        Shape::Diamond => {
            let r = r + r / 4; // as much ink as the others
            vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
        }
        _ => vec![(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)],
    }
}

/// The two bars of a plus.
pub(super) fn bars((x, y): Point, r: i32) -> [Vec<Point>; 2] {
    [vec![(x - r, y), (x + r, y)], vec![(x, y - r), (x, y + r)]]
}

/// The middle of a shape's surface, where a dot in it belongs: that of a triangle lies towards its
/// base.
pub(super) fn heart(shape: Shape, (x, y): Point, r: i32) -> Point {
    match shape {
        Shape::Triangle => (x, y + r / 3),
        Shape::TriangleDown => (x, y - r / 3),
        Shape::TriangleRight => (x - r / 3, y),
        _ => (x, y),
    }
}

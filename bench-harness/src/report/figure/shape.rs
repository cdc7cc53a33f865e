//! The shapes of marks.
//!
//! Backends differ in shape as well as in colour, so that a grey print tells them apart.

use super::canvas::Point;
use super::frame::units;

/// Shape of a mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    Circle,
    Square,
    Triangle,
    Diamond,
    TriangleDown,
    TriangleRight,
    TriangleLeft,
    Pentagon,
    Hexagon,
    Star,
    /// A thick upright cross.
    Cross,
    /// The same, slanted.
    Saltire,
    /// A narrow upright bar.
    Tall,
    /// A flat bar.
    Wide,
    Hourglass,
    /// An hourglass that lies.
    Bowtie,
    /// Wide above, narrow below.
    Cup,
    /// Two strokes; the baseline's.
    Plus,
}

/// The corners of a filled shape, `r` units to each side of its centre, about.
pub(super) fn corners(shape: Shape, at: Point, r: i32) -> Vec<Point> {
    let (x, y) = at;
    let half = r * 2 / 5; // of an arm or a waist
    match shape {
        Shape::Triangle => vec![(x, y - r), (x + r, y + r), (x - r, y + r)],
        Shape::TriangleDown => vec![(x, y + r), (x + r, y - r), (x - r, y - r)],
        Shape::TriangleRight => vec![(x + r, y), (x - r, y + r), (x - r, y - r)],
        Shape::TriangleLeft => vec![(x - r, y), (x + r, y + r), (x + r, y - r)],
        Shape::Diamond => {
            let r = r + r / 4; // as much ink as the others
            vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
        }
        Shape::Pentagon => around(at, &[1.15; 5], r),
        Shape::Hexagon => around(at, &[1.1; 6], r),
        Shape::Star => around(at, &[1.4, 0.6, 1.4, 0.6, 1.4, 0.6, 1.4, 0.6, 1.4, 0.6], r),
        Shape::Cross => [(1, 1), (-1, 1), (-1, -1), (1, -1)]
            .into_iter()
            .zip([false, true, false, true])
            .flat_map(|((right, down), turned)| {
                // The two ends of the arms beside a corner, and the corner between them.
                let upright = (x + right * half, y + down * r);
                let level = (x + right * r, y + down * half);
                let inner = (x + right * half, y + down * half);
                if turned { [upright, inner, level] } else { [level, inner, upright] }
            })
            .collect(),
        Shape::Saltire => {
            // The cross, turned by an eighth.
            let turned = |corner: Point| {
                let (right, down) = (f64::from(corner.0 - x), f64::from(corner.1 - y));
                let root = std::f64::consts::FRAC_1_SQRT_2;
                (x + units((right - down) * root), y + units((right + down) * root))
            };
            corners(Shape::Cross, at, r * 6 / 5).into_iter().map(turned).collect()
        }
        Shape::Tall => rectangle(at, r * 3 / 5, r + r / 4),
        Shape::Wide => rectangle(at, r + r / 4, r * 3 / 5),
        Shape::Hourglass => vec![
            (x - r, y - r),
            (x + r, y - r),
            (x + half, y),
            (x + r, y + r),
            (x - r, y + r),
            (x - half, y),
        ],
        Shape::Bowtie => vec![
            (x - r, y - r),
            (x, y - half),
            (x + r, y - r),
            (x + r, y + r),
            (x, y + half),
            (x - r, y + r),
        ],
        Shape::Cup => vec![(x - r, y - r), (x + r, y - r), (x + half, y + r), (x - half, y + r)],
        Shape::Circle | Shape::Square | Shape::Plus => rectangle(at, r, r),
    }
}

fn rectangle((x, y): Point, across: i32, down: i32) -> Vec<Point> {
    vec![
        (x - across, y - down),
        (x + across, y - down),
        (x + across, y + down),
        (x - across, y + down),
    ]
}

/// Corners at equal angles from the top, each so many times `r` from the centre.
fn around((x, y): Point, distances: &[f64], r: i32) -> Vec<Point> {
    let each = std::f64::consts::TAU / distances.len() as f64;
    let corner = |(index, distance): (usize, &f64)| {
        let (sine, cosine) = (each * index as f64).sin_cos();
        let away = distance * f64::from(r);
        (x + units(away * sine), y - units(away * cosine))
    };
    distances.iter().enumerate().map(corner).collect()
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
        Shape::TriangleLeft => (x + r / 3, y),
        Shape::Cup => (x, y - r / 5),
        _ => (x, y),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sines differ in their last digits between systems; whole units do not.
    #[test]
    fn marks_stay_close_to_their_place() {
        let shapes = [Shape::Star, Shape::Cross, Shape::Saltire, Shape::Hexagon, Shape::Bowtie];
        for shape in shapes {
            let corners = corners(shape, (100, 200), 11);
            assert!(corners.len() >= 6, "{shape:?}");
            assert!(
                corners.iter().all(|(x, y)| (x - 100).abs() <= 16 && (y - 200).abs() <= 16),
                "{shape:?}: {corners:?}"
            );
        }
        assert_eq!(
            corners(Shape::Cross, (0, 0), 10),
            [
                (10, 4),
                (4, 4),
                (4, 10),
                (-4, 10),
                (-4, 4),
                (-10, 4),
                (-10, -4),
                (-4, -4),
                (-4, -10),
                (4, -10),
                (4, -4),
                (10, -4)
            ]
        );
    }
}

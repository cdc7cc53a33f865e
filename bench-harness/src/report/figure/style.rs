//! The house style: sizes, colours, markers, dashes.
//!
//! Lengths are canvas units, two to a pixel of the natural size, because plotters places everything
//! on whole units. Printed 8 cm wide, [`SMALL`] text is 5.7 points and [`TEXT`] 6.4.
//!
//! Colours are Okabe and Ito's ("Color Universal Design", 2008), which colour-blind readers tell
//! apart; markers and dashes differ too, so that a grey print loses nothing.

use plotters::style::RGBColor;

use super::shape::Shape;

/// Canvas units in a pixel of the figure's natural size.
pub(super) const UNITS_PER_PIXEL: u32 = 2;
/// Width of a figure unless its lanes need more.
pub(super) const WIDTH: i32 = 1280;
/// Space at the outer edges.
pub(super) const EDGE: i32 = 24;
/// Font sizes.
pub(super) const TITLE: i32 = 40;
pub(super) const TEXT: i32 = 36;
pub(super) const SMALL: i32 = 32;
/// Distance of lines of [`SMALL`] text.
pub(super) const LINE: i32 = 42;
/// The face: the generic name, which every viewer maps to one it has.
pub(super) const FACE: &str = "sans-serif";

pub(super) const INK: RGBColor = RGBColor(30, 30, 30);
pub(super) const MUTED: RGBColor = RGBColor(90, 90, 90);
pub(super) const GRID: RGBColor = RGBColor(222, 222, 222);
pub(super) const PAPER: RGBColor = RGBColor(255, 255, 255);

/// How one backend looks in every figure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Look {
    pub colour: RGBColor,
    pub shape: Shape,
    /// Length of dash and gap; none for an unbroken line.
    pub dash: Option<(i32, i32)>,
}

const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),   // blue
    RGBColor(213, 94, 0),    // vermilion
    RGBColor(0, 158, 115),   // bluish green
    RGBColor(204, 121, 167), // reddish purple
    RGBColor(86, 180, 233),  // sky blue
    RGBColor(230, 159, 0),   // orange
    RGBColor(0, 0, 0),       // black
];

const SHAPES: [Shape; 6] = [
    Shape::Circle,
    Shape::Square,
    Shape::Triangle,
    Shape::Diamond,
    Shape::TriangleDown,
    Shape::TriangleRight,
];

const DASHES: [Option<(i32, i32)>; 5] =
    [None, Some((24, 10)), Some((8, 10)), Some((40, 14)), Some((16, 16))];

/// The look of the backend in this slot. The lists have lengths without common divisor, so that 210
/// slots look different.
pub(super) fn look(slot: usize) -> Look {
    Look {
        colour: COLOURS[slot % COLOURS.len()],
        shape: SHAPES[slot % SHAPES.len()],
        dash: DASHES[slot % DASHES.len()],
    }
}

/// The look of the baseline.
pub(super) const BASELINE_LOOK: Look =
    Look { colour: MUTED, shape: Shape::Plus, dash: Some((4, 8)) };

//! The house style: sizes, the colours of what is no backend, and what makes up a look.
//!
//! Lengths are canvas units, two to a pixel of the natural size, because plotters places everything
//! on whole units. Printed 8 cm wide, [`SMALL`] text is 5.7 points and [`TEXT`] 6.4.
//!
//! What each backend looks like is in [`looks`](super::looks).

use plotters::style::RGBColor;

use super::shape::Shape;

/// Canvas units in a pixel of the figure's natural size.
pub(super) const UNITS_PER_PIXEL: u32 = 2;
/// Width of a figure unless its lanes need more.
pub(super) const WIDTH: i32 = 1280;
/// The widest on which [`SMALL`] text is still five points in a column of 8 cm. What would be wider goes on
/// below.
pub(super) const WIDEST: i32 = 1440;
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

impl Look {
    pub(super) const fn new(colour: RGBColor, shape: Shape, dash: Option<(i32, i32)>) -> Self {
        Self { colour, shape, dash }
    }
}

/// The look of what stands for all backends, as in a legend.
pub(super) const ANY_LOOK: Look = Look { colour: INK, shape: Shape::Circle, dash: None };

/// The look of the baseline.
pub(super) const BASELINE_LOOK: Look =
    Look { colour: MUTED, shape: Shape::Plus, dash: Some((4, 8)) };

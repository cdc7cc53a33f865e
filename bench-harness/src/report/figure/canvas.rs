//! A sheet to draw on: plotters' SVG backend behind the few strokes that the figures need.
//!
//! Its text is escaped by plotters; names must be cleaned of control characters before. Used by the
//! figures only.

use plotters::coord::Shift;
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingArea, IntoDrawingArea, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, ShapeStyle, TextStyle,
};

use super::shape::{Shape, bars, corners, heart};
use super::style::{FACE, INK, Look, PAPER, UNITS_PER_PIXEL};

/// A place on the sheet: right and down, in canvas units.
pub(super) type Point = (i32, i32);

/// Why a stroke failed, in the library's words.
#[derive(Debug)]
pub(super) struct Refused(pub String);

pub(super) type Drawn = Result<(), Refused>;

/// What a text looks like and where it hangs.
#[derive(Clone, Copy)]
pub(super) struct Hand {
    pub size: i32,
    pub colour: RGBColor,
    pub bold: bool,
    pub across: HPos,
    pub down: VPos,
    pub upwards: bool,
}

impl Hand {
    /// Left-aligned, hanging from its place.
    pub(super) fn new(size: i32, colour: RGBColor) -> Self {
        let (across, down) = (HPos::Left, VPos::Top);
        Self { size, colour, bold: false, across, down, upwards: false }
    }

    pub(super) fn centred(mut self) -> Self {
        self.across = HPos::Center;
        self
    }

    pub(super) fn right(mut self) -> Self {
        self.across = HPos::Right;
        self
    }

    pub(super) fn middle(mut self) -> Self {
        self.down = VPos::Center;
        self
    }

    pub(super) fn bold(mut self) -> Self {
        self.bold = true;
        self
    }

    /// Turned to read from bottom to top.
    pub(super) fn upwards(mut self) -> Self {
        self.upwards = true;
        self
    }
}

/// The sheet.
pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Draws a whole document of `width` x `height` units; `title` is read out to those who cannot see
/// it.
pub(super) fn document(
    width: i32,
    height: i32,
    title: &str,
    draw: impl FnOnce(&Canvas<'_>) -> Drawn,
) -> Result<String, Refused> {
    let size = (width.unsigned_abs(), height.unsigned_abs());
    let mut svg = String::new();
    {
        let canvas = Canvas { area: SVGBackend::with_string(&mut svg, size).into_drawing_area() };
        canvas.area.fill(&PAPER).map_err(refused)?;
        draw(&canvas)?;
        canvas.area.present().map_err(refused)?;
    }
    // plotters knows one size only. Shown at half of it, units are half pixels.
    let old = format!("<svg width=\"{}\" height=\"{}\"", size.0, size.1);
    let (shown_width, shown_height) = (size.0 / UNITS_PER_PIXEL, size.1 / UNITS_PER_PIXEL);
    let new = format!("<svg role=\"img\" width=\"{shown_width}\" height=\"{shown_height}\"");
    let svg = svg.replacen(&old, &new, 1);
    let Some(end) = svg.find('>') else {
        return Ok(svg);
    };
    let (opening, rest) = svg.split_at(end + 1);
    Ok(format!("{opening}\n<title>{}</title>{rest}", xml(title)))
}

/// The title of a [`document`], by its first three lines: the sheet's, its title, the ground. `None` of any other text.
pub(super) fn title_of(svg: &str) -> Option<&str> {
    let (opening, rest) = svg.split_once('\n')?;
    let (title, rest) = rest.split_once('\n')?;
    let is_sheet = opening.starts_with("<svg role=\"img\" width=\"") && opening.ends_with('>');
    let is_ground = rest.starts_with("<rect x=\"0\" y=\"0\" width=\"");
    let title = title.strip_prefix("<title>")?.strip_suffix("</title>")?;
    (is_sheet && is_ground).then_some(title)
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn refused<E: std::fmt::Display>(error: E) -> Refused {
    Refused(error.to_string())
}

impl Canvas<'_> {
    pub(super) fn line(&self, points: &[Point], colour: RGBColor, width: u32) -> Drawn {
        let style = ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: width };
        self.area.draw(&PathElement::new(points.to_vec(), style)).map_err(refused)
    }

    /// A line in the dashes of a look.
    pub(super) fn stroke(&self, points: &[Point], look: Look, width: u32) -> Drawn {
        let Some((dash, gap)) = look.dash else {
            return self.line(points, look.colour, width);
        };
        // plotters divides by the length of the path.
        if points.windows(2).all(|pair| pair[0] == pair[1]) {
            return Ok(());
        }
        let style = ShapeStyle { color: look.colour.to_rgba(), filled: false, stroke_width: width };
        let path = DashedPathElement::new(points.to_vec(), dash, gap, style);
        self.area.draw(&path).map_err(refused)
    }

    pub(super) fn block(&self, from: Point, to: Point, colour: RGBColor, opacity: f64) -> Drawn {
        let style = ShapeStyle { color: colour.mix(opacity), filled: true, stroke_width: 0 };
        self.area.draw(&Rectangle::new([from, to], style)).map_err(refused)
    }

    pub(super) fn text(&self, text: &str, at: Point, hand: Hand) -> Drawn {
        // The SVG backend divides font sizes by 1.24.
        let size = f64::from(hand.size) * 1.24;
        let weight = if hand.bold { FontStyle::Bold } else { FontStyle::Normal };
        let turn = if hand.upwards { FontTransform::Rotate270 } else { FontTransform::None };
        let font = FontDesc::new(FontFamily::Name(FACE), size, weight).transform(turn);
        let style = TextStyle {
            font,
            color: hand.colour.to_backend_color(),
            pos: Pos::new(hand.across, hand.down),
        };
        self.area.draw(&Text::new(text, at, style)).map_err(refused)
    }

    /// A mark of a look, `radius` units to each side.
    pub(super) fn mark(&self, at: Point, look: Look, radius: i32, opacity: f64) -> Drawn {
        let color = look.colour.mix(opacity);
        let filled = ShapeStyle { color, filled: true, stroke_width: 0 };
        match look.shape {
            Shape::Circle => self.area.draw(&Circle::new(at, radius, filled)).map_err(refused),
            Shape::Plus => {
                let stroke_width = radius.unsigned_abs() / 3 + 1;
                let style = ShapeStyle { color, filled: false, stroke_width };
                for bar in bars(at, radius) {
                    self.area.draw(&PathElement::new(bar, style)).map_err(refused)?;
                }
                Ok(())
            }
            _ => self
                .area
                .draw(&Polygon::new(corners(look.shape, at, radius), filled))
                .map_err(refused),
        }
    }

    /// The same mark as an outline.
    pub(super) fn hollow(&self, at: Point, look: Look, radius: i32) -> Drawn {
        let style = ShapeStyle { color: look.colour.to_rgba(), filled: false, stroke_width: 4 };
        match look.shape {
            Shape::Circle => self.area.draw(&Circle::new(at, radius, style)).map_err(refused),
            Shape::Plus => self.mark(at, look, radius, 1.0),
            _ => {
                let mut outline = corners(look.shape, at, radius);
                outline.extend_from_within(..2); // past the start, so that the corner closes
                self.area.draw(&PathElement::new(outline, style)).map_err(refused)
            }
        }
    }

    /// The same mark with a white and a black edge, which stands out among others of its look.
    pub(super) fn ringed(&self, at: Point, look: Look, radius: i32) -> Drawn {
        self.mark(at, Look { colour: INK, ..look }, radius + 7, 1.0)?;
        self.mark(at, Look { colour: PAPER, ..look }, radius + 4, 1.0)?;
        self.mark(at, look, radius, 1.0)
    }

    /// A mark that says how many caches something has outgrown: filled, with a white dot, white with
    /// an edge, white with an edge and a dot.
    pub(super) fn outgrown(&self, at: Point, look: Look, radius: i32, levels: usize) -> Drawn {
        let dot = |colour| Look { colour, shape: Shape::Circle, dash: None };
        let heart_of_mark = heart(look.shape, at, radius);
        self.mark(at, look, radius, 1.0)?;
        if levels == 1 {
            return self.mark(heart_of_mark, dot(PAPER), radius * 2 / 5, 1.0);
        }
        if levels >= 2 {
            // White with an edge. A smaller shape inside would leave next to no edge where arms are thin.
            self.mark(at, Look { colour: PAPER, ..look }, radius, 1.0)?;
            self.hollow(at, look, radius - 1)?;
        }
        if levels >= 3 {
            self.mark(heart_of_mark, dot(look.colour), radius / 3, 1.0)?;
        }
        Ok(())
    }
}

//! The marks of the figures one by one, as the outline and colour of a small SVG.
//!
//! A page that names a backend beside a figure, or draws its samples, has to show it as the figure does. The
//! HTML page calls it.

use super::looks;
use super::shape::{self, Shape};
use super::style::{BASELINE_LOOK, Look};

/// Units to each side of a mark's centre.
const RADIUS: i32 = 10;

/// A mark, 14 units to each side of (0, 0) at most.
pub(in crate::report) struct Mark {
    /// `#RRGGBB`, in capitals as in the figures.
    pub colour: String,
    /// Its outline, to be filled: the `d` of an SVG path.
    pub path: String,
}

/// The mark of a backend of a run that has the backends `among`.
pub(in crate::report) fn mark(backend: &str, among: &[&str]) -> Mark {
    of(looks::look(backend, among))
}

/// The mark of the baseline.
pub(in crate::report) fn baseline_mark() -> Mark {
    of(BASELINE_LOOK)
}

fn of(look: Look) -> Mark {
    let (red, green, blue) = (look.colour.0, look.colour.1, look.colour.2);
    let path = match look.shape {
        Shape::Circle => "M-10,0a10,10 0 1 0 20,0a10,10 0 1 0 -20,0Z".to_owned(),
        // Of two strokes, which have no surface: thin bars.
        Shape::Plus => "M-11,-2H-2V-11H2V-2H11V2H2V11H-2V2H-11Z".to_owned(),
        shape => {
            let corners = shape::corners(shape, (0, 0), RADIUS);
            let corners: Vec<String> = corners.iter().map(|(x, y)| format!("{x},{y}")).collect();
            format!("M{}Z", corners.join("L"))
        }
    };
    Mark { colour: format!("#{red:02X}{green:02X}{blue:02X}"), path }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_has_the_colour_of_the_figures() {
        let array = mark("array", &["array"]);
        assert_eq!((array.colour.as_str(), &array.path[..2]), ("#0072B2", "M-"));
        let (tree, plain) = (mark("rbtree", &[]), baseline_mark());
        assert_eq!(tree.path, "M-10,-10L10,-10L10,10L-10,10Z");
        assert_eq!(plain.colour, "#5A5A5A");
    }
}

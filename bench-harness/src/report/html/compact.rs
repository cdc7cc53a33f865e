//! The drawings in fewer bytes, the same to the eye.
//!
//! The drawing library writes every mark with all its attributes, defaults among them; a run of twenty thousand samples
//! makes six megabytes of that, and a page should fit a mail. Consecutive marks of one style become a group that has it
//! once, and outlines are given step by step. The files beside the page stay as they were drawn.

/// Attributes that place a shape, of those that are understood.
const PLACES: [&str; 8] = ["cx", "cy", "r", "x", "y", "width", "height", "points"];

/// A shape of a drawing, one line of it.
struct Shape {
    /// Its attributes that are not of its place, as they are written.
    style: String,
    name: &'static str,
    /// Those that are.
    place: String,
}

/// `svg` with its consecutive shapes of one style in groups.
pub(super) fn compact(svg: &str) -> String {
    // What stands in a group may get a style from it, and leaving out a default would not be the same.
    if svg.contains("<g") {
        return svg.to_owned();
    }
    let mut text = String::with_capacity(svg.len() / 2);
    let mut alike: Vec<Shape> = Vec::new();
    for line in svg.lines() {
        let shape = Shape::of(line);
        let goes_on =
            matches!((&shape, alike.first()), (Some(new), Some(first)) if new.style == first.style);
        if !goes_on {
            close(&mut text, &mut alike);
        }
        if let Some(shape) = shape {
            alike.push(shape);
        } else {
            text += &without_defaults(line);
            text.push('\n');
        }
    }
    close(&mut text, &mut alike);
    text
}

/// Writes the shapes gathered, which have one style.
fn close(text: &mut String, alike: &mut Vec<Shape>) {
    match alike.as_slice() {
        [] => return,
        [Shape { style, name, place }] => *text += &format!("<{name}{place}{style}/>"),
        shapes @ [first, ..] => {
            *text += &format!("<g{}>", first.style);
            for Shape { name, place, .. } in shapes {
                *text += &format!("<{name}{place}/>");
            }
            *text += "</g>";
        }
    }
    text.push('\n');
    alike.clear();
}

/// The tag of a text without what is so anyway; the face of all of them is in the style sheet.
fn without_defaults(line: &str) -> String {
    let Some(tag) = line.strip_prefix("<text").and_then(|rest| rest.strip_suffix('>')) else {
        return line.to_owned();
    };
    let mut tag = tag.to_owned();
    for default in [" text-anchor=\"start\"", " font-family=\"sans-serif\"", " opacity=\"1\""] {
        tag = tag.replace(default, "");
    }
    format!("<text{tag}>")
}

impl Shape {
    /// The shape that a line is; none where it is something else, or not understood in full.
    fn of(line: &str) -> Option<Self> {
        let (name, rest) = line.strip_prefix('<')?.strip_suffix("/>")?.split_once(' ')?;
        let attributes = attributes(rest)?;
        let get =
            |name| attributes.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
        let is_style = |name| ["fill", "stroke", "stroke-width", "opacity"].contains(&name);
        if !attributes.iter().all(|(name, _)| is_style(name) || PLACES.contains(name)) {
            return None;
        }
        let (fill, stroke) = (get("fill")?, get("stroke").filter(|stroke| *stroke != "none"));
        let mut style = format!(" fill=\"{fill}\"");
        if let Some(stroke) = stroke {
            let width = get("stroke-width").unwrap_or("1");
            style += &format!(" stroke=\"{stroke}\" stroke-width=\"{width}\"");
        }
        // Of a group the opacity is one for all of it together; that of surface or line is each shape's own.
        match (get("opacity").filter(|opacity| *opacity != "1"), stroke, fill) {
            (None, ..) => {}
            (Some(opacity), None, _) => style += &format!(" fill-opacity=\"{opacity}\""),
            (Some(opacity), Some(_), "none") => style += &format!(" stroke-opacity=\"{opacity}\""),
            _ => return None,
        }
        let (name, place) = match name {
            "circle" => ("circle", of_place(&attributes)),
            "rect" => ("rect", of_place(&attributes)),
            "polygon" => ("path", format!(" d=\"{}z\"", stepwise(get("points")?)?)),
            "polyline" => ("path", format!(" d=\"{}\"", stepwise(get("points")?)?)),
            _ => return None,
        };
        Some(Self { style, name, place })
    }
}

fn of_place(attributes: &[(&str, &str)]) -> String {
    let places = attributes.iter().filter(|(name, _)| PLACES.contains(name));
    places.fold(String::new(), |text, (name, value)| text + &format!(" {name}=\"{value}\""))
}

/// `a="b" c="d"` taken apart; none where it is anything else.
fn attributes(mut text: &str) -> Option<Vec<(&str, &str)>> {
    let mut found = Vec::new();
    while !text.trim().is_empty() {
        let (name, rest) = text.trim_start().split_once("=\"")?;
        let (value, rest) = rest.split_once('"')?;
        found.push((name, value));
        text = rest;
    }
    Some(found)
}

/// Points with whole coordinates as a path: the first, then the way from each to the next.
fn stepwise(points: &str) -> Option<String> {
    let mut path = String::new();
    let mut last: Option<(i64, i64)> = None;
    for point in points.split_whitespace() {
        let (x, y) = point.split_once(',')?;
        let (x, y): (i64, i64) = (x.parse().ok()?, y.parse().ok()?);
        path += &match last {
            None => format!("M{x} {y}"),
            Some((a, b)) if y == b => format!("h{}", x - a),
            Some((a, b)) if x == a => format!("v{}", y - b),
            Some((a, b)) => format!("l{} {}", x - a, y - b),
        };
        last = Some((x, y));
    }
    last.map(|_| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_one_style_share_it_and_keep_their_place_and_order() {
        let svg = "<svg width=\"9\">\n\
            <circle cx=\"1\" cy=\"2\" r=\"7\" opacity=\"0.45\" fill=\"#5A5A5A\" stroke=\"none\" stroke-width=\"0\"/>\n\
            <polygon opacity=\"0.45\" fill=\"#5A5A5A\" points=\"5,5 9,5 9,8 5,4 \"/>\n\
            <polyline fill=\"none\" opacity=\"1\" stroke=\"#DEDEDE\" stroke-width=\"2\" points=\"3,3 1,3 \"/>\n\
            <text x=\"1\" text-anchor=\"start\" opacity=\"1\" fill=\"#1E1E1E\">\n\
            opacity=&quot;1&quot;\n</text>\n</svg>";
        assert_eq!(
            compact(svg),
            "<svg width=\"9\">\n\
             <g fill=\"#5A5A5A\" fill-opacity=\"0.45\"><circle cx=\"1\" cy=\"2\" r=\"7\"/><path d=\"M5 5h4v3l-4 -4z\"/></g>\n\
             <path d=\"M3 3h-2\" fill=\"none\" stroke=\"#DEDEDE\" stroke-width=\"2\"/>\n\
             <text x=\"1\" fill=\"#1E1E1E\">\nopacity=&quot;1&quot;\n</text>\n</svg>\n"
        );
    }

    /// What is not understood in full stays as it is.
    #[test]
    fn strangers_stay_as_they_are() {
        for line in [
            "<circle cx=\"1\" cy=\"2\" r=\"3\" fill=\"#000000\" stroke=\"#FFFFFF\" opacity=\"0.5\"/>",
            "<polyline fill=\"none\" stroke=\"#000000\" stroke-dasharray=\"4\" points=\"3,3 1,3 \"/>",
            "<polygon fill=\"#000000\" points=\"1.5,2 3,4\"/>",
            "<path d=\"M1 2\"/>",
            "<rect x=\"1\" y=\"2\" width=\"3\" height=\"4\"/>",
            "<g/>",
        ] {
            assert_eq!(compact(line).trim_end(), line);
        }
    }
}

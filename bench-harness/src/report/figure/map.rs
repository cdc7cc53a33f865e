//! A memory map: the span to scale, and below it every segment and hole by its size.
//!
//! To scale alone most maps show one or two bars, because sizes span nine decades; by size alone
//! nobody sees how sparse a map is. Drawn for `layout show --svg`, from addresses alone.

use std::ops::Range;

use plotters::style::RGBColor;

use super::super::ReportError;
use super::super::numbers::fixed;
use super::super::text::clean;
use super::axis::Axis;
use super::canvas::{Canvas, Drawn, Hand};
use super::frame::{Frame, Key, Symbol, text_width, units};
use super::looks::numbered;
use super::panel::Panel;
use super::runs::finish;
use super::shape::Shape;
use super::style::{EDGE, GRID, INK, Look, MUTED, SMALL, TEXT, WIDTH};

/// What its title begins with.
pub(super) const TITLE: &str = "Memory map ";
/// Height of the span, and of the panel of sizes.
const BAR: i32 = 110;
const SIZES: i32 = 420;
/// Between the two.
const GAP: i32 = 50;
/// Stretches of the span that are shaded each by its share.
const STRETCHES: u64 = 560;
/// More segments and holes than this are too thin to be told apart.
const PIECES_MAX: usize = 500;
/// The least shade of a stretch in which there is something: one that stands out also in print and in grey.
const FAINTEST: f64 = 0.5;
/// Between a label and its scale.
const LABEL_GAP: i32 = 14;
/// The most labels of the scale of sizes.
const TICKS_MAX: usize = 7;

/// The figure of a map: `segments` are page frames, sorted and apart, of `page_bytes` each.
pub(in crate::report) fn map(
    name: &str,
    page_bytes: u64,
    segments: &[Range<u64>],
) -> Result<String, ReportError> {
    let Some((first, last)) = segments.first().zip(segments.last()) else {
        let reason = "there is no segment to draw".to_owned();
        return Err(ReportError::Draw { figure: format!("the map of {name}"), reason });
    };
    let span = first.start..last.end;
    let pieces = pieces(segments);
    let sized = pieces.len() <= PIECES_MAX;
    let bytes = |frames: u64| frames as f64 * page_bytes as f64;
    let y = Axis::logarithmic(pieces.iter().map(|piece| bytes(piece.frames))).lowered(1.6);
    let ticks = size_ticks(y);
    let frame = Frame {
        width: WIDTH,
        title: format!("{TITLE}{}", clean(name)),
        keys: vec![
            Key { symbol: Symbol::Mark(square(segment_colour())), text: "segment".to_owned() },
            Key { symbol: Symbol::Mark(square(GRID)), text: "hole".to_owned() },
        ],
        caption: caption(segments, &span, page_bytes, sized),
    };
    let height = BAR + Panel::BELOW + if sized { GAP + SIZES + Panel::BELOW } else { 0 };
    let left = if sized { LABEL_GAP + widest(&ticks) + 16 + TEXT + EDGE } else { EDGE + 20 };
    let drawn = frame.draw(height, |canvas, top| {
        let (right, bottom) = (WIDTH - EDGE - 20, top + BAR);
        let scale = Panel { left, right, top, bottom, y: Axis::linear(0.0, 1.0) };
        draw_span(canvas, &scale, segments, &span, page_bytes)?;
        if sized {
            let top = bottom + Panel::BELOW + GAP;
            let panel = Panel { left, right, top, bottom: top + SIZES, y };
            draw_size_scale(canvas, &panel, &ticks)?;
            draw_sizes(canvas, &panel, &pieces, bytes)?;
        }
        Ok(())
    });
    finish(format!("the map of {name}"), &frame, drawn).map(|figure| figure.svg)
}

/// A segment or a hole.
struct Piece {
    frames: u64,
    present: bool,
}

/// Segments and the holes between them, upwards.
fn pieces(segments: &[Range<u64>]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut before = None;
    for segment in segments.iter().take(PIECES_MAX + 1) {
        let hole = before.map_or(0, |end| segment.start.saturating_sub(end));
        if hole > 0 {
            pieces.push(Piece { frames: hole, present: false });
        }
        pieces.push(Piece { frames: segment.end - segment.start, present: true });
        before = Some(segment.end);
    }
    pieces
}

fn segment_colour() -> RGBColor {
    numbered(0).colour
}

fn square(colour: RGBColor) -> Look {
    Look { colour, shape: Shape::Square, dash: None }
}

/// Between the colour of a hole and that of a segment, by the share that is present.
fn shade(share: f64) -> RGBColor {
    if share <= 0.0 {
        return GRID;
    }
    let share = FAINTEST + (1.0 - FAINTEST) * share.min(1.0);
    let mixed = |hole: u8, segment: u8| {
        let mixed = f64::from(hole) + share * (f64::from(segment) - f64::from(hole));
        // Between two bytes.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let byte = mixed.round().clamp(0.0, 255.0) as u8;
        byte
    };
    let full = segment_colour();
    RGBColor(mixed(GRID.0, full.0), mixed(GRID.1, full.1), mixed(GRID.2, full.2))
}

/// The span to scale: stretches as dark as the share of them that is present.
fn draw_span(
    canvas: &Canvas<'_>,
    panel: &Panel,
    segments: &[Range<u64>],
    span: &Range<u64>,
    page_bytes: u64,
) -> Drawn {
    let stretches = (span.end - span.start).min(STRETCHES);
    // Exact, so that the figure is the same everywhere.
    let edge = |index: u64| {
        let offset = u128::from(span.end - span.start) * u128::from(index) / u128::from(stretches);
        span.start + u64::try_from(offset).unwrap_or(u64::MAX - span.start)
    };
    let across = |index: u64| {
        let share = index as f64 / stretches as f64;
        panel.left + units(share * f64::from(panel.right - panel.left))
    };
    let mut rest = segments.iter().peekable();
    // Stretches of one shade are one block: between two of them a viewer would show a seam.
    let mut block: Option<(u64, RGBColor)> = None;
    for index in 0..stretches {
        let (low, high) = (edge(index), edge(index + 1));
        let mut present = 0;
        while let Some(segment) = rest.peek() {
            present += segment.end.min(high).saturating_sub(segment.start.max(low));
            if segment.end > high {
                break; // goes on in the next stretch, or begins after this one
            }
            rest.next();
        }
        let colour = shade(present as f64 / (high - low) as f64);
        match block {
            Some((_, before)) if before == colour => {}
            _ => {
                if let Some((from, before)) = block {
                    let from = (across(from), panel.top);
                    canvas.block(from, (across(index), panel.bottom), before, 1.0)?;
                }
                block = Some((index, colour));
            }
        }
    }
    if let Some((from, colour)) = block {
        canvas.block((across(from), panel.top), (panel.right, panel.bottom), colour, 1.0)?;
    }
    canvas.line(&[(panel.left, panel.bottom), (panel.right, panel.bottom)], INK, 3)?;
    let (unit, unit_bytes) = unit_of(span.end as f64 * page_bytes as f64);
    let in_units = |frame: u64| frame as f64 * page_bytes as f64 / unit_bytes;
    let axis = Axis::linear(in_units(span.start), in_units(span.end));
    let ticks = axis.ticks(8);
    let labels: Vec<(i32, String)> =
        ticks.iter().map(|tick| (panel.x(axis, tick.value), tick.label.clone())).collect();
    panel.draw_below(canvas, &labels, &format!("physical address ({unit}), to scale"))
}

/// Each piece as a bar, all equally wide, in the order of addresses.
fn draw_sizes(
    canvas: &Canvas<'_>,
    panel: &Panel,
    pieces: &[Piece],
    bytes: impl Fn(u64) -> f64,
) -> Drawn {
    let each = f64::from(panel.right - panel.left) / pieces.len() as f64;
    let gap = if each >= 6.0 { units(each * 0.12).max(1) } else { 0 };
    for (index, piece) in pieces.iter().enumerate() {
        let edge = |index: usize| panel.left + units(each * index as f64);
        let y = panel.y(bytes(piece.frames));
        let (from, to) = ((edge(index) + gap, y), (edge(index + 1) - gap, panel.bottom));
        let colour = if piece.present { segment_colour() } else { GRID };
        canvas.block(from, to, colour, 1.0)?;
        canvas.line(&[from, (to.0, y)], if piece.present { INK } else { MUTED }, 3)?;
    }
    canvas.line(&[(panel.left, panel.bottom), (panel.right, panel.bottom)], INK, 3)?;
    panel.draw_below(canvas, &[], "segments and holes in the order of their addresses")
}

/// Powers of two on a scale of bytes, as people write them: sizes of memory are such powers.
fn size_ticks(axis: Axis) -> Vec<(f64, String)> {
    let inside = |step: usize| {
        let powers = (0..64).step_by(step).map(|power| (power, 2_f64.powi(power)));
        powers.filter(move |(_, bytes)| (axis.low..=axis.high).contains(bytes))
    };
    let step = [1, 2, 5, 10].into_iter().find(|&step| inside(step).count() <= TICKS_MAX);
    let label = |bytes: f64| {
        let (unit, unit_bytes) = unit_of(bytes);
        format!("{} {unit}", fixed(bytes / unit_bytes, 0))
    };
    inside(step.unwrap_or(20)).map(|(_, bytes)| (bytes, label(bytes))).collect()
}

fn widest(ticks: &[(f64, String)]) -> i32 {
    ticks.iter().map(|(_, label)| text_width(label, SMALL)).max().unwrap_or(0)
}

/// Grid, labels and title of the sizes.
fn draw_size_scale(canvas: &Canvas<'_>, panel: &Panel, ticks: &[(f64, String)]) -> Drawn {
    for (bytes, label) in ticks {
        let y = panel.y(*bytes);
        canvas.line(&[(panel.left, y), (panel.right, y)], GRID, 2)?;
        let hand = Hand::new(SMALL, INK).right().middle();
        canvas.text(label, (panel.left - LABEL_GAP, y), hand)?;
    }
    canvas.line(&[(panel.left, panel.top), (panel.left, panel.bottom)], INK, 3)?;
    let left = panel.left - LABEL_GAP - widest(ticks) - 16 - TEXT;
    let middle = i32::midpoint(panel.top, panel.bottom);
    let hand = Hand::new(SMALL, INK).centred().upwards();
    canvas.text("size (logarithmic)", (left, middle), hand)
}

fn caption(segments: &[Range<u64>], span: &Range<u64>, page_bytes: u64, sized: bool) -> String {
    let present: u64 = segments.iter().map(|segment| segment.end - segment.start).sum();
    let holes = segments.windows(2).filter(|pair| pair[0].end < pair[1].start).count() as u64;
    let size = |frames: u64| {
        let bytes = frames as f64 * page_bytes as f64;
        let (unit, unit_bytes) = unit_of(bytes);
        format!("{} {unit}", fixed(bytes / unit_bytes, 1))
    };
    let share = 100.0 * present as f64 / (span.end - span.start) as f64;
    let mut text = format!(
        "{} {} and {} {}: {} present, {} % of a span of {}. Above: the darker, the more of a stretch is present.",
        grouped(segments.len() as u64),
        if segments.len() == 1 { "segment" } else { "segments" },
        grouped(holes),
        if holes == 1 { "hole" } else { "holes" },
        size(present),
        fixed(share, if share < 1.0 { 3 } else { 1 }),
        size(span.end - span.start),
    );
    text += if sized {
        " Below: sizes, each bar equally wide; segments without a hole between them touch."
    } else {
        " There are too many to draw each by its size."
    };
    text
}

/// With a comma between groups of three digits: how many there are is not to be rounded.
fn grouped(number: u64) -> String {
    if number < 1000 {
        return number.to_string();
    }
    format!("{},{:03}", grouped(number / 1000), number % 1000)
}

/// The largest binary unit that leaves at least 1.
fn unit_of(bytes: f64) -> (&'static str, f64) {
    let larger = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let fits = larger.into_iter().map(|(unit, power)| (unit, 2_f64.powi(power)));
    fits.into_iter().find(|&(_, unit)| bytes >= unit).unwrap_or(("bytes", 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Filled rectangles other than the paper, and the document, which must be well-formed.
    fn rectangles(svg: &str) -> usize {
        let document = roxmltree::Document::parse(svg).unwrap();
        document.descendants().filter(|node| node.has_tag_name("rect")).count()
    }

    #[test]
    fn a_map_has_a_bar_for_each_segment_and_hole() {
        let svg = map("a & <b>", 4096, &[1..0x9f, 0x100..0xc_0000, 0x10_0000..0x64_0000]).unwrap();
        assert!(svg.contains("3 segments and 2 holes: 24.0 GiB present, 96.0 %"), "{svg}");
        assert!(svg.contains("physical address (GiB)"));
        // Five bars of sizes and the paper; of the span a block for each shade, no more than needed.
        assert!((8..20).contains(&rectangles(&svg)), "{}", rectangles(&svg));
    }

    #[test]
    fn sizes_are_labelled_as_people_write_them() {
        let labels = |sizes: &[f64]| -> Vec<String> {
            let axis = Axis::logarithmic(sizes.iter().copied());
            size_ticks(axis).into_iter().map(|(_, label)| label).collect()
        };
        let five_apart = ["32 KiB", "1 MiB", "32 MiB", "1 GiB", "32 GiB", "1 TiB"];
        assert_eq!(labels(&[4096.0, 1e12]), five_apart);
        assert_eq!(labels(&[4096.0, 2e13]).last().unwrap(), "1 TiB");
        assert_eq!(labels(&[8192.0]), ["8 KiB"]);
        for size in [1.0, 4096.0, 6e6, 9e15, 1.8e19] {
            assert!(labels(&[size, size * 3.0]).len() <= TICKS_MAX);
        }
        assert_eq!(["0", "999", "1,000", "33,554,401"], [0, 999, 1000, 33_554_401].map(grouped));
    }

    #[test]
    fn extreme_maps_are_drawn_too() {
        let one = std::iter::once(0..1).collect();
        for segments in [one, vec![0..1, 1..2], vec![0..1, (1 << 40) - 1..1 << 40]] {
            let svg = map("x", 4096, &segments).unwrap();
            assert!(rectangles(&svg) > 2);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
        let many: Vec<Range<u64>> = (0..100_000).map(|i| 8 * i..8 * i + 3).collect();
        let svg = map("many", 4096, &many).unwrap();
        assert!(svg.contains("100,000 segments") && svg.contains("too many"));
        assert!(svg.len() < 200_000);
        assert!(map("none", 4096, &[]).is_err());
    }
}

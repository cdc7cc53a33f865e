//! A layout as a page of text: what it says, what it comes to, and a picture of the span.

mod picture;
mod sizes;
mod words;

use std::fmt::{self, Write};

use physseg::{FrameRange, PageSize};

use super::file::span;
use super::model::Layout;
use picture::{LEGEND, bar};
use sizes::sizes;
use words::cut;

pub(crate) use words::{bytes, count, percent, wrapped};

/// More lines of one kind than this are shown as the first and the last few.
const LINES_MAX: usize = 20;

/// The narrowest page that can still be read.
const WIDTH_MIN: usize = 60;

/// Describes `layout` in lines of at most `width` columns (60 at least).
///
/// A layout that cannot be carried out is shown as far as it goes, with the reason.
pub fn show(layout: &Layout, width: usize) -> String {
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = write_page(&mut page, layout, width.max(WIDTH_MIN));
    page
}

fn write_page(page: &mut String, layout: &Layout, width: usize) -> fmt::Result {
    let name = layout.name.escape_debug().to_string();
    for line in wrapped(&name, width) {
        writeln!(page, "{line}")?;
    }
    let page_size = layout.page_size;
    let lookups = layout.lookups;
    let mut looked_up = extent(lookups.range, page_size);
    if let Some(fold_below) = lookups.fold_below {
        write!(looked_up, "; atf folds addresses below {fold_below}")?;
    }
    for (label, text) in [
        ("about", layout.description.clone()),
        ("source", layout.source.clone()),
        ("page size", bytes(page_size.bytes().into())),
        ("capacity", format!("{} segments (physseg_max)", count(layout.physseg_max as u64))),
        ("lookups", looked_up),
    ] {
        labelled(page, label, &text, width)?;
    }

    writeln!(page, "\nsteps")?;
    listed(page, layout.steps.len(), width, |index| {
        format!("{:>4}  {}", index + 1, layout.steps[index].kind)
    })?;

    writeln!(page)?;
    match layout.final_segments() {
        Ok(segments) => write_segments(page, &segments, page_size, width),
        Err(error) => labelled(page, "impossible", &error.to_string(), width),
    }
}

fn write_segments(
    page: &mut String,
    segments: &[FrameRange],
    page_size: PageSize,
    width: usize,
) -> fmt::Result {
    let Some(span) = span(segments) else {
        return Ok(());
    };
    let amount = |frames| amount(frames, page_size);
    let present: u64 = segments.iter().map(|segment| segment.frames()).sum();
    let holes = segments.windows(2).filter(|pair| pair[0].end() < pair[1].start()).count() as u64;
    let summary = [
        ("segments", format!("{}: {}", count(segments.len() as u64), amount(present))),
        ("holes", format!("{}: {}", count(holes), amount(span.frames() - present))),
        (
            "span",
            format!("{}, {} present", extent(span, page_size), percent(present, span.frames())),
        ),
    ];
    for (label, text) in summary {
        labelled(page, label, &text, width)?;
    }

    writeln!(page, "\n{:>24} {:>14} {:>14}", "frames in a segment", "segments", "of all frames")?;
    for (sizes, found) in sizes(segments) {
        writeln!(
            page,
            "{sizes:>24} {:>14} {:>14}",
            count(found.segments),
            percent(found.frames, present)
        )?;
    }

    writeln!(page, "\nmap of the span  {LEGEND}")?;
    writeln!(page, "{}", bar(segments, span, width))?;

    writeln!(page, "\nall segments, in order")?;
    listed(page, segments.len(), width, |index| {
        format!("{:>6}{}", "", extent(segments[index], page_size))
    })
}

/// `[0x100, 0x200): 256 frames (1 MiB)`.
fn extent(range: FrameRange, page_size: PageSize) -> String {
    format!("{range}: {}", amount(range.frames(), page_size))
}

/// `256 frames (1 MiB)`.
fn amount(frames: u64, page_size: PageSize) -> String {
    let unit = if frames == 1 { "frame" } else { "frames" };
    let size = bytes(u128::from(frames) << page_size.shift());
    format!("{} {unit} ({size})", count(frames))
}

/// Where texts begin after their label.
const TEXT_COLUMN: usize = 11;

/// A label and its text, which goes on below itself where it is too long.
fn labelled(page: &mut String, label: &str, text: &str, width: usize) -> fmt::Result {
    let lines = wrapped(text, width - TEXT_COLUMN);
    for (index, line) in lines.iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        writeln!(page, "{label:<TEXT_COLUMN$}{line}")?;
    }
    Ok(())
}

/// `count` lines, or where they are many the first and the last few.
fn listed(
    page: &mut String,
    lines: usize,
    width: usize,
    line: impl Fn(usize) -> String,
) -> fmt::Result {
    const HALF: usize = LINES_MAX / 2;
    let (first, last) = if lines <= LINES_MAX { (lines, lines) } else { (HALF, lines - HALF) };
    for index in 0..first {
        writeln!(page, "{}", cut(&line(index), width))?;
    }
    if last > first {
        writeln!(page, "{:>6}... {} more ...", "", count((last - first) as u64))?;
    }
    for index in last..lines {
        writeln!(page, "{}", cut(&line(index), width))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::{THIS_MACHINE, names, open};

    #[test]
    fn the_page_of_a_fragmented_layout_reads_well() {
        insta::assert_snapshot!(show(&open("frag-256mb").unwrap(), 80));
    }

    #[test]
    fn the_page_of_a_layout_without_holes_reads_well() {
        insta::assert_snapshot!(show(&open("paper-32x8").unwrap(), 80));
    }

    #[test]
    fn no_line_is_wider_than_asked_for() {
        for name in names() {
            if name == THIS_MACHINE {
                continue; // may be hidden; its page is made as all others are
            }
            let layout = open(name).unwrap();
            for (asked, allowed) in [(0, 60), (60, 60), (80, 80), (132, 132)] {
                for line in show(&layout, asked).lines() {
                    assert!(line.chars().count() <= allowed, "{name} at {asked}: {line}");
                    assert_eq!(line.trim_end(), line, "{name}: nothing trails");
                }
            }
        }
    }

    #[test]
    fn a_layout_that_cannot_be_done_says_why() {
        let mut layout = open("paper-32x8").unwrap();
        layout.steps.pop();
        assert!(show(&layout, 80).contains("boot never ends"));
    }
}

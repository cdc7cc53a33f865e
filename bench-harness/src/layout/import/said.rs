//! What the user is told of an import: what was there, what was taken and why, what it comes to.

use physseg::{FrameRange, PageSize};

use super::Normalised;
use super::found::{Found, Map};
use super::input::Text;
use super::source::{From, Source};
use crate::layout::file::span;
use crate::layout::show::{bytes, count, percent};

/// `3 segments, 2 holes; 1,048,442 frames (4.0 GiB) present, 66.7 % of a span of 6.0 GiB`.
pub(super) fn summary(segments: &[FrameRange], page_size: PageSize) -> String {
    let Some(span) = span(segments) else {
        return "no segments".to_owned();
    };
    let present: u64 = segments.iter().map(|segment| segment.frames()).sum();
    let holes = segments.windows(2).filter(|pair| pair[0].end() < pair[1].start()).count() as u64;
    let size = |frames: u64| bytes(u128::from(frames) << page_size.shift());
    format!(
        "{}, {}; {} ({}) present, {} of a span of {}",
        counted(segments.len() as u64, "segment"),
        counted(holes, "hole"),
        counted(present, "frame"),
        size(present),
        percent(present, span.frames()),
        size(span.frames())
    )
}

/// All of it, a line each.
#[allow(clippy::too_many_arguments)] // everything that is known of an import, once
pub(super) fn said(
    file: &str,
    text: &Text,
    all: &[Found],
    found: &Found,
    map: &Map,
    done: &Normalised,
    summary: &str,
    from: From,
) -> Vec<String> {
    let source = found.source;
    let mut said = vec![format!(
        "{file}: {}; taken: {} ({}), lines {} to {}",
        counted(text.lines as u64, "line"),
        source.name(),
        source.about(),
        map.lines.0,
        map.lines.1
    )];
    for (kind, kind_of) in &map.kinds {
        let entries = if kind_of.entries == 1 { "entry" } else { "entries" };
        let use_of = if kind_of.usable { "taken" } else { "left out" };
        let (number, size) = (count(kind_of.entries), bytes(kind_of.bytes));
        said.push(format!("  {kind}: {number} {entries}, {size}, {use_of}"));
    }
    said.extend(which(found, map));
    for other in all.iter().filter(|other| other.source != source && !other.maps.is_empty()) {
        said.push(ignored(other, source, from));
    }
    said.extend(unreadable(file, found));
    said.extend(remarks(done));
    said.extend(found.notes.iter().map(|note| format!("  {note}")));
    if source == Source::FreebsdChunks || source == Source::Xen || source == Source::E820 {
        said.extend(caveat(source).map(|caveat| format!("  {caveat}")));
    }
    if text.cut_short {
        said.push("  the gzip file ends in the middle: what comes after is missing".to_owned());
    }
    if text.long_lines > 0 {
        let lines = counted(text.long_lines as u64, "line");
        said.push(format!("  {lines} longer than 8 KiB, of which the beginning was looked at"));
    }
    said.push(format!("  {summary}"));
    said
}

/// Which of several maps was taken, and by what rule.
fn which(found: &Found, taken: &Map) -> Option<String> {
    const NAMED_MAX: usize = 8;
    let maps = found.maps.len();
    if maps < 2 {
        return None;
    }
    let mut begin: Vec<String> =
        found.maps.iter().take(NAMED_MAX).map(|map| map.lines.0.to_string()).collect();
    if maps > NAMED_MAX {
        begin.push("...".to_owned());
    }
    let mut rules = Vec::new();
    let mut of_boots = String::new();
    if found.boots() > 1 {
        of_boots = format!(" of {} boots", count(found.boots() as u64));
        rules.push("of the boot with the most memory, of equals the last");
    }
    if found.maps.iter().any(|map| map.boot == taken.boot && map.rank < taken.rank) {
        rules.push("as the kernel or its user corrected it");
    }
    let mut said = format!(
        "  there are {} such maps{of_boots}, at lines {}: taken is that at line {}, {}",
        count(maps as u64),
        begin.join(", "),
        taken.lines.0,
        rules.join(", ")
    );
    // A correction takes a little away. One that takes half of the machine may be all that a cut-off log has of it.
    let of_boot = found.maps.iter().filter(|map| map.boot == taken.boot);
    if let Some(larger) = of_boot.max_by_key(|map| map.usable_bytes())
        && larger.usable_bytes() / 2 > taken.usable_bytes()
    {
        said += "\n  warning: it has ";
        said += &bytes(taken.usable_bytes());
        said += " of memory, that at line ";
        said += &larger.lines.0.to_string();
        said += " has ";
        said += &bytes(larger.usable_bytes());
        said += "; if the text was cut short, leave the end of it out";
    }
    Some(said)
}

/// What a source does not know, for those that are taken where something better may exist.
fn caveat(source: Source) -> Option<&'static str> {
    match source {
        Source::E820 => {
            Some("firmware's map: what the kernel kept for itself is in it, nodes are not")
        }
        Source::Xen => Some("the host's map: what Xen kept for itself is in it"),
        Source::FreebsdChunks => Some("what the kernel took before counting is not in it"),
        _ => None,
    }
}

fn ignored(other: &Found, taken: Source, from: From) -> String {
    let entries = other.best().map_or(0, Map::count);
    let why = if !from.takes(other.source) {
        "not asked for".to_owned()
    } else if other.source < taken {
        "nothing usable in it".to_owned()
    } else {
        format!("{} says more of what the system manages", taken.name())
    };
    let noun = if entries == 1 { "entry" } else { "entries" };
    format!("  ignored: {}, {} {noun} ({why})", other.source.name(), count(entries))
}

/// Lines that look like entries and are none.
fn unreadable(file: &str, found: &Found) -> Option<String> {
    let first = found.first_unreadable.as_ref()?;
    Some(format!(
        "  warning: {} like entries but cannot be read; the first is {file}:{}: {:?}: {}",
        if found.unreadable == 1 {
            "1 line looks".to_owned()
        } else {
            format!("{} lines look", count(found.unreadable))
        },
        first.line,
        first.text,
        first.why
    ))
}

fn remarks(done: &Normalised) -> Vec<String> {
    let mut said = Vec::new();
    if done.contested > 0 {
        let size = bytes(done.contested.into());
        said.push(format!("  {size} are usable by one entry and not by another: left out"));
    }
    if done.overlaps > 0 {
        let entries = counted(done.overlaps, "usable range");
        said.push(format!("  {entries} overlapping another: counted once"));
    }
    if done.crumbs > 0 {
        let ranges = counted(done.crumbs, "usable range");
        said.push(format!("  {ranges} without a whole page: left out"));
    }
    if done.beyond > 0 {
        let ranges = counted(done.beyond, "usable range");
        said.push(format!("  {ranges} beyond 52-bit addresses: left out"));
    }
    said
}

fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

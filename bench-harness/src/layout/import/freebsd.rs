//! FreeBSD: the segments of its page allocator, firmware's map, and what is left for pages.

use super::found::{Bytes, Found, Parser, Why};
use super::line::Line;
use super::number::{decimal, hex, pair, prefixed_hex};

/// Reads [`Source::FreebsdPhysSegs`](super::Source::FreebsdPhysSegs): blocks that begin with
/// `SEGMENT N:` and say `start:`, `end:` (excluded) and `domain:`, a line each.
#[derive(Default)]
pub(super) struct PhysSegs {
    segment: Option<Segment>,
}

#[derive(Default)]
struct Segment {
    line: usize,
    start: Option<u64>,
    end: Option<u64>,
    domain: Option<u32>,
    wrong: Option<Why>,
}

impl Parser for PhysSegs {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        let text = line.text.strip_prefix("vm.phys_segs:").map_or(line.text, str::trim_start);
        if text.len() < line.text.len() {
            self.flush(found);
            found.begin(1);
        }
        let number = text.strip_prefix("SEGMENT ").and_then(|rest| rest.strip_suffix(':'));
        if number.is_some_and(|number| decimal(number.trim()).is_some()) {
            self.flush(found);
            self.segment = Some(Segment { line: line.number, ..Segment::default() });
            return;
        }
        let (Some(segment), Some((key, value))) = (&mut self.segment, text.split_once(':')) else {
            return;
        };
        let value = value.trim();
        match key {
            "start" => segment.start = prefixed_hex(value),
            "end" => segment.end = prefixed_hex(value),
            "domain" => segment.domain = decimal(value).and_then(|node| u32::try_from(node).ok()),
            _ => return,
        }
        let read = match key {
            "start" => segment.start.is_some(),
            "end" => segment.end.is_some(),
            _ => segment.domain.is_some(),
        };
        if !read {
            segment.wrong = Some("expected addresses of 64 bits, and a number for the domain");
        }
    }

    fn end(&mut self, found: &mut Found) {
        self.flush(found);
    }
}

impl PhysSegs {
    /// The segment is as complete as it gets.
    fn flush(&mut self, found: &mut Found) {
        let Some(segment) = self.segment.take() else {
            return;
        };
        let bytes = match (segment.start, segment.end, segment.wrong) {
            (_, _, Some(why)) => Err(why),
            (Some(start), Some(end), None) => Bytes::exclusive(start, end),
            _ => Err("`start:` or `end:` is missing"),
        };
        let domain = segment.domain;
        let kind = domain.map_or_else(|| "segment".to_owned(), |node| format!("domain {node}"));
        if let Err(why) = found.add(segment.line, bytes, true, &kind, domain) {
            found.unreadable_at(segment.line, "SEGMENT", why);
        }
    }
}

/// Reads [`Source::FreebsdSmap`](super::Source::FreebsdSmap):
/// `SMAP type=01, xattr=01, base=0000000000000000, len=000000000009d800`; some kernels say `end=`
/// (excluded) for `len=`.
pub(super) struct Smap;

impl Parser for Smap {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        if line.text.starts_with("machdep.smap") {
            found.begin(1);
        }
        let Some((before, entry)) = line.text.split_once("SMAP type=") else {
            return;
        };
        if !before.is_empty() && !before.starts_with("machdep.smap") {
            return;
        }
        let added = smap(entry).and_then(|(kind, bytes)| {
            let (usable, kind) = match kind {
                1 => (true, "type 1".to_owned()),
                _ => (false, format!("type {kind}")),
            };
            found.add(line.number, Ok(bytes), usable, &kind, None)
        });
        if let Err(why) = added {
            found.unreadable(line, why);
        }
    }
}

/// Type and range of what follows `SMAP type=`.
fn smap(entry: &str) -> Result<(u64, Bytes), Why> {
    let mut words = entry.split([',', ' ']).filter(|word| !word.is_empty());
    let kind = words.next().and_then(hex).ok_or("the type is no number")?;
    let (mut base, mut length, mut end) = (None, None, None);
    for (key, value) in words.filter_map(|word| word.split_once('=')) {
        // The loader's command `smap` groups digits.
        let number = || hex(&value.replacen('_', "", 1));
        match key {
            "base" => base = number(),
            "len" => length = number(),
            "end" => end = number(),
            _ => {}
        }
    }
    let base = base.ok_or("`base=` is missing or no number of 64 bits")?;
    let bytes = match (length, end) {
        (Some(length), _) => Bytes::with_length(base, length),
        (None, Some(end)) => Bytes::exclusive(base, end),
        (None, None) => Err("`len=` is missing or no number of 64 bits"),
    };
    Ok((kind, bytes?))
}

/// Reads [`Source::FreebsdChunks`](super::Source::FreebsdChunks):
/// `0x1000 - 0x98fff, 622592 bytes (152 pages)`, the last byte included. On Arm and RISC-V a list of the
/// hardware's chunks comes before, `0x1000 - 0x98fff, 0 MB (152 pages)`, and one of what to exclude.
#[derive(Default)]
pub(super) struct Chunks {
    list: List,
}

/// What a list is of, by its headline and its first line.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum List {
    /// The headline of chunks was the last line; the next one tells which.
    #[default]
    Begins,
    /// What the hardware has.
    Hardware,
    /// What is not for pages.
    Excluded,
    /// What is left for pages.
    Left,
}

impl Parser for Chunks {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        match line.text {
            "Physical memory chunk(s):" => return self.list = List::Begins,
            "Excluded memory regions:" => return self.list = List::Excluded,
            _ => {}
        }
        let Some((range, size)) =
            line.text.split_once(", ").filter(|_| line.text.starts_with("0x"))
        else {
            return;
        };
        let in_bytes = size.contains(" bytes (");
        if !in_bytes && !size.contains(" MB (") {
            return;
        }
        if self.list == List::Begins {
            self.list = if in_bytes { List::Left } else { List::Hardware };
            found.begin(if in_bytes { 2 } else { 1 });
        }
        let (usable, kind) = match self.list {
            // What crash dumps leave out only is memory all the same.
            List::Excluded if !size.contains("NoAlloc") => return,
            List::Excluded => (false, "excluded"),
            _ => (true, "chunk"),
        };
        let bytes = pair(range, " - ").ok_or("expected START - LAST, of 64 bits");
        let bytes = bytes.and_then(|(start, last)| Bytes::inclusive(start, last));
        if let Err(why) = found.add(line.number, bytes, usable, kind, None) {
            found.unreadable(line, why);
        }
    }
}

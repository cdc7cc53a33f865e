//! Linux on x86: the map of the BIOS or of what stands in for it, as the kernel logs it.
//!
//! Three wordings: `TAG: START - END (KIND)` before Linux 3.5, with END excluded; since then
//! `TAG: [mem START-LAST] KIND`; and the same with `System RAM` for usable memory and, for some maps,
//! without a tag. A log may have the map several times: as firmware gave it, as the kernel corrected
//! it, and as the user cut it (`mem=`). The last word counts.

use super::found::{Bytes, Found, Parser, Why};
use super::line::Line;
use super::number::{pair, prefixed_hex};

/// What stands before entries, and which map replaces which.
const TAGS: [(&str, u8); 8] = [
    ("BIOS-e820:", 1),
    ("BIOS-e801:", 1),
    ("BIOS-88:", 1),
    ("Xen:", 1),
    ("reserve setup_data:", 2),
    ("modified:", 3),
    ("update:", 3),
    ("user:", 4),
];

/// What firmware's types are called. An entry without a tag is one only if its kind is among them:
/// the kernel prints ranges for many other reasons.
const KINDS: [&str; 12] = [
    "usable",
    "System RAM",
    "reserved",
    "device reserved",
    "Reserved",
    "ACPI data",
    "ACPI tables",
    "ACPI NVS",
    "ACPI non-volatile storage",
    "unusable",
    "Unusable memory",
    "soft reserved",
];

/// Reads [`Source::E820`](super::Source::E820).
#[derive(Default)]
pub(super) struct E820 {
    tag: Option<&'static str>,
}

impl Parser for E820 {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        let text = line.text.strip_prefix("e820:").map_or(line.text, str::trim_start);
        if line.xen {
            return;
        }
        if text.ends_with("physical RAM map:") {
            self.tag = None;
            found.begin(1);
            return;
        }
        let tagged =
            TAGS.iter().find_map(|&(tag, rank)| Some((tag, rank, text.strip_prefix(tag)?)));
        let entry = match tagged {
            None => untagged(text),
            Some((tag, rank, rest)) => {
                let entry = tagged_entry(rest.trim());
                if entry.is_some() && self.tag != Some(tag) {
                    self.tag = Some(tag);
                    found.begin(rank);
                }
                entry
            }
        };
        let added = match entry {
            None => return,
            Some(Err(why)) => Err(why),
            Some(Ok((bytes, kind))) => {
                found.add(line.number, Ok(bytes), is_usable(kind), kind, None)
            }
        };
        if let Err(why) = added {
            found.unreadable(line, why);
        }
    }
}

pub(super) fn is_usable(kind: &str) -> bool {
    matches!(kind, "usable" | "System RAM")
}

/// A range and its kind; `None` for what is no entry at all.
type MaybeEntry<'a> = Option<Result<(Bytes, &'a str), Why>>;

fn untagged(text: &str) -> MaybeEntry<'_> {
    let (_, kind) = text.strip_prefix("[mem ")?.split_once(']')?;
    KINDS.contains(&kind.trim()).then(|| bracketed(text))?
}

fn tagged_entry(text: &str) -> MaybeEntry<'_> {
    bracketed(text).or_else(|| dashed(text))
}

/// `[mem 0x0-0x9fbff] usable`.
fn bracketed(text: &str) -> MaybeEntry<'_> {
    let rest = text.strip_prefix("[mem ")?;
    let entry = || {
        let (range, kind) = rest.split_once(']').ok_or("`]` is missing")?;
        let (start, last) = range.split_once('-').ok_or("expected START-LAST")?;
        let number = |text: &str| prefixed_hex(text.trim()).ok_or("expected addresses of 64 bits");
        let bytes = Bytes::inclusive(number(start)?, number(last)?)?;
        with_kind(bytes, kind)
    };
    Some(entry())
}

/// `0000000000000000 - 000000000009fc00 (usable)`, END excluded.
fn dashed(text: &str) -> MaybeEntry<'_> {
    let digits = text.bytes().take_while(u8::is_ascii_hexdigit).count();
    if digits < 8 {
        return None;
    }
    let entry = || {
        let (range, kind) = text.split_once('(').ok_or("the kind in brackets is missing")?;
        let (start, end) = pair(range, " - ").ok_or("expected START - END, of 64 bits")?;
        let kind = kind.trim_end().strip_suffix(')').ok_or("`)` is missing")?;
        with_kind(Bytes::exclusive(start, end)?, kind)
    };
    Some(entry())
}

fn with_kind(bytes: Bytes, kind: &str) -> Result<(Bytes, &str), Why> {
    let kind = kind.trim();
    if kind.is_empty() { Err("what kind of memory it is is missing") } else { Ok((bytes, kind)) }
}

//! Linux: the map of UEFI, logged with `efi=debug`.
//!
//! On x86 a line is `efi: memNN: [KIND|ATTRIBUTES] range=[START-END) (SIZE)`, where the last bracket
//! says whether END is included; older kernels have `type=7, attr=0xf` for kind and attributes. On
//! arm64 and RISC-V it is `efi:   START-LAST [KIND|ATTRIBUTES]`. What the loader and the boot services
//! used is free once the system runs, and counts as usable.

use super::found::{Bytes, Found, Parser, Why};
use super::line::Line;
use super::number::{decimal, prefixed_hex};

/// Kinds that the operating system may use, by name and by UEFI's number. Newer kernels say `Conventional`
/// alone.
const USABLE: [(&str, u64); 6] = [
    ("Loader Code", 1),
    ("Loader Data", 2),
    ("Boot Code", 3),
    ("Boot Data", 4),
    ("Conventional Memory", 7),
    ("Conventional", 7),
];

/// Reads [`Source::Efi`](super::Source::Efi).
pub(super) struct Efi;

impl Parser for Efi {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        let tagged = ["efi:", "EFI:"].into_iter().find_map(|tag| line.text.strip_prefix(tag));
        let text = tagged.unwrap_or(line.text).trim();
        if text == "Processing EFI memory map:" {
            return found.begin(1);
        }
        let entry = match text.strip_prefix("mem") {
            Some(rest) => numbered(rest),
            // Before Linux 4.0 the tag stands above the map only. Attributes tell such a line from others.
            None if tagged.is_some() || text.contains('|') => plain(text),
            None => None,
        };
        let added = match entry {
            None => return,
            Some(Err(why)) => Err(why),
            Some(Ok((bytes, kind))) => {
                let usable = USABLE.iter().any(|&(name, _)| name == kind);
                found.add(line.number, Ok(bytes), usable, kind, None)
            }
        };
        if let Err(why) = added {
            found.unreadable(line, why);
        }
    }
}

/// What comes after `mem`: `05: [Conventional Memory|...] range=[0x900000-0x5c800000) (1471MB)`.
fn numbered(rest: &str) -> Option<Result<(Bytes, &str), Why>> {
    let (number, rest) = rest.split_once(':')?;
    decimal(number)?;
    let rest = rest.trim_start();
    if !rest.starts_with('[') && !rest.starts_with("type=") {
        return None;
    }
    let entry = || {
        let kind = kind(rest).ok_or("the kind of memory is missing")?;
        let (_, range) = rest.split_once("range=[").ok_or("`range=[START-END)` is missing")?;
        let end = range.find([')', ']']).ok_or("the bracket after the range is missing")?;
        let (start, last) = prefixed_pair(&range[..end]).ok_or("expected addresses of 64 bits")?;
        let inclusive = range[end..].starts_with(']');
        let bytes =
            if inclusive { Bytes::inclusive(start, last) } else { Bytes::exclusive(start, last) };
        Ok((bytes?, kind))
    };
    Some(entry())
}

/// `0x000000000000-0x00000009ffff [Conventional Memory|...]`.
fn plain(text: &str) -> Option<Result<(Bytes, &str), Why>> {
    let (range, rest) = text.split_once(char::is_whitespace)?;
    let (start, last) = prefixed_pair(range)?;
    let kind = kind(rest.trim_start()).ok_or("the kind of memory is missing");
    Some(kind.and_then(|kind| Ok((Bytes::inclusive(start, last)?, kind))))
}

/// The kind at the start of the text, in words.
fn kind(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix("type=") {
        let digits = rest.split([',', ' ']).next()?;
        let number = decimal(digits)?;
        let name = USABLE.iter().find_map(|&(name, n)| (n == number).then_some(name));
        return Some(name.unwrap_or("other types"));
    }
    let (kind, _) = text.strip_prefix('[')?.split_once(['|', ']'])?;
    Some(kind.trim())
}

fn prefixed_pair(text: &str) -> Option<(u64, u64)> {
    let (start, end) = text.split_once('-')?;
    Some((prefixed_hex(start.trim())?, prefixed_hex(end.trim())?))
}

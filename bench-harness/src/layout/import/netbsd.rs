//! NetBSD with `options DEBUG_MEMLOAD`: every segment as it goes to `uvm_page_physload`.
//!
//! `loading freelist N START-END (FIRST-END)`: bytes, then page frames, both ends excluded. What goes to
//! the default list is `loading default`, and older kernels name lists by what is in them (`first16q`) or
//! not at all.

use super::found::{Bytes, Found, Parser, Why};
use super::line::Line;
use super::number::prefixed_hex;

/// Reads [`Source::Netbsd`](super::Source::Netbsd).
pub(super) struct Netbsd;

impl Parser for Netbsd {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        let Some(rest) = line.text.strip_prefix("loading ") else {
            return;
        };
        let added = match entry(rest) {
            None => return,
            Some(Err(why)) => Err(why),
            Some(Ok((bytes, list))) => {
                let kind =
                    list.map_or_else(|| "segment".to_owned(), |list| format!("freelist {list}"));
                found.add(line.number, Ok(bytes), true, &kind, None)
            }
        };
        if let Err(why) = added {
            found.unreadable(line, why);
        }
    }
}

/// Addresses, and the list that they go to.
fn entry(rest: &str) -> Option<Result<(Bytes, Option<&str>), Why>> {
    let rest = rest.strip_prefix("freelist ").unwrap_or(rest);
    let (list, range) = match rest.split_once(' ') {
        Some((list, range)) if !list.starts_with("0x") => (Some(list), range),
        _ => (None, rest),
    };
    // Drivers load defaults, too; only here is a range given in both units.
    let (range, frames) = range.split_once(' ').unwrap_or((range, ""));
    if !range.starts_with("0x") || (list.is_some() && !frames.starts_with("(0x")) {
        return None;
    }
    let bytes = range
        .split_once('-')
        .and_then(|(start, end)| Some((prefixed_hex(start)?, prefixed_hex(end)?)))
        .ok_or("expected START-END, of 64 bits")
        .and_then(|(start, end)| Bytes::exclusive(start, end));
    Some(bytes.map(|bytes| (bytes, list)))
}

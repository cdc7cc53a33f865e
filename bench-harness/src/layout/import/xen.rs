//! Xen's log: the map of the host as the hypervisor got it, before it kept a part for itself.
//!
//! `START - END (KIND)` with END excluded, in newer versions `[START, LAST] (KIND)`; on Arm
//! `RAM: START - LAST`. Lines that lost the `(XEN)` at their start count below the map's headline.

use super::found::{Bytes, Found, Parser, Why};
use super::line::Line;
use super::number::pair;

/// Reads [`Source::Xen`](super::Source::Xen).
#[derive(Default)]
pub(super) struct Xen {
    below_headline: bool,
}

impl Parser for Xen {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        if line.text.ends_with("RAM map:") && (line.xen || line.text.starts_with("Xen-e8")) {
            self.below_headline = true;
            return found.begin(1);
        }
        if !line.xen {
            let continues = line.text.is_empty() || entry(line.text).is_some();
            self.below_headline &= continues;
            if !self.below_headline {
                return;
            }
        }
        if let Some(range) = line.text.strip_prefix("RAM: ") {
            let range = pair(range, " - ").ok_or("expected START - LAST");
            let bytes = range.and_then(|(start, last)| Bytes::inclusive(start, last));
            if let Err(why) = found.add(line.number, bytes, true, "RAM", None) {
                found.unreadable(line, why);
            }
            return;
        }
        let added = match entry(line.text) {
            None => return,
            Some(Err(why)) => Err(why),
            Some(Ok((bytes, kind))) => {
                found.add(line.number, Ok(bytes), kind == "usable", kind, None)
            }
        };
        if let Err(why) = added {
            found.unreadable(line, why);
        }
    }
}

fn entry(text: &str) -> Option<Result<(Bytes, &str), Why>> {
    let (range, kind) = text.strip_suffix(')')?.split_once('(')?;
    let range = range.trim();
    if let Some(range) = range.strip_prefix('[') {
        let (start, last) = pair(range.strip_suffix(']')?, ",")?;
        return Some(Bytes::inclusive(start, last).map(|bytes| (bytes, kind)));
    }
    let (start, end) = pair(range, " - ")?;
    Some(Bytes::exclusive(start, end).map(|bytes| (bytes, kind)))
}

//! Linux: /proc/zoneinfo, the outline of each zone: `Node N, zone NAME`, below it `spanned`, `present`
//! and `start_pfn`, in page frames.
//!
//! Holes inside a zone are not told, only how many pages they have.

use physseg::PageSize;

use super::found::{Bytes, Found, Parser};
use super::line::Line;
use super::number::decimal;
use crate::layout::show::count;

/// Reads [`Source::Zoneinfo`](super::Source::Zoneinfo).
pub(super) struct Zoneinfo {
    page_size: PageSize,
    zone: Option<Zone>,
    absent: u64,
}

#[derive(Default)]
struct Zone {
    line: usize,
    title: String,
    node: Option<u32>,
    spanned: Option<u64>,
    present: Option<u64>,
    start: Option<u64>,
}

impl Zoneinfo {
    pub(super) fn new(page_size: PageSize) -> Self {
        Self { page_size, zone: None, absent: 0 }
    }

    fn flush(&mut self, found: &mut Found) {
        let Some(zone) = self.zone.take() else {
            return;
        };
        if zone.present == Some(0) || zone.spanned == Some(0) {
            return; // nothing is in it, and newer kernels do not even say where it would begin
        }
        let (Some(spanned), Some(start)) = (zone.spanned, zone.start) else {
            let why = "`spanned` or `start_pfn` is missing";
            return found.unreadable_at(zone.line, &zone.title, why);
        };
        let present = zone.present.unwrap_or(spanned);
        self.absent = self.absent.saturating_add(spanned.saturating_sub(present));
        let bytes = start
            .checked_add(spanned)
            .ok_or("start and length exceed 64 bits")
            .and_then(|end| Bytes::of_frames(start, end, self.page_size.bytes()));
        if let Err(why) = found.add(zone.line, bytes, true, &zone.title, zone.node) {
            found.unreadable_at(zone.line, &zone.title, why);
        }
    }
}

impl Parser for Zoneinfo {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        if let Some((node, name)) =
            line.text.strip_prefix("Node ").and_then(|rest| rest.split_once(", zone"))
        {
            if name.split_whitespace().count() > 1 {
                return; // /proc/buddyinfo: numbers of free blocks follow
            }
            self.flush(found);
            let node = decimal(node).and_then(|node| u32::try_from(node).ok());
            let title = format!("zone {}", super::found::quoted(name.trim()));
            self.zone = Some(Zone { line: line.number, title, node, ..Zone::default() });
            return;
        }
        let Some(zone) = &mut self.zone else {
            return;
        };
        let mut words = line.text.split_whitespace();
        let (key, value) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        match key {
            "spanned" => zone.spanned = decimal(value),
            "present" => zone.present = decimal(value),
            "start_pfn:" => zone.start = decimal(value),
            _ => {}
        }
    }

    fn end(&mut self, found: &mut Found) {
        self.flush(found);
        if self.absent > 0 {
            found.notes.push(format!(
                "{} of the pages in these zones are holes that zoneinfo does not place: they count as \
                 memory here; dmesg or /proc/iomem (as root) would tell",
                count(self.absent)
            ));
        }
    }
}

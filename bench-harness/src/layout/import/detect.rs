//! All parsers over one text: what is in it, and which of it to take.

use physseg::PageSize;

use super::found::{Found, Parser};
use super::line::Line;
use super::mail::Unfolded;
use super::source::{From, Source};
use super::{dts, e820, efi, freebsd, iomem, lsmem, netbsd, node_ranges, sysfs, xen, zoneinfo};

/// Every source, looked for at once.
pub(super) struct Scan {
    parsers: Vec<(Box<dyn Parser>, Found)>,
    unfolded: Unfolded,
}

impl Scan {
    /// Sources that count in page frames count in those of `page_size`.
    pub(super) fn new(page_size: PageSize) -> Self {
        let parser = |source| -> Box<dyn Parser> {
            match source {
                Source::Netbsd => Box::new(netbsd::Netbsd),
                Source::FreebsdPhysSegs => Box::new(freebsd::PhysSegs::default()),
                Source::NodeRanges => Box::new(node_ranges::NodeRanges::new(page_size)),
                Source::FreebsdChunks => Box::new(freebsd::Chunks::default()),
                Source::Iomem => Box::new(iomem::Iomem),
                Source::Lsmem => Box::new(lsmem::Lsmem::default()),
                Source::Sysfs => Box::new(sysfs::Sysfs::default()),
                Source::E820 => Box::new(e820::E820::default()),
                Source::FreebsdSmap => Box::new(freebsd::Smap),
                Source::Xen => Box::new(xen::Xen::default()),
                Source::Efi => Box::new(efi::Efi),
                Source::Dts => Box::new(dts::Dts::default()),
                Source::Zoneinfo => Box::new(zoneinfo::Zoneinfo::new(page_size)),
            }
        };
        let parsers = Source::ALL.into_iter().map(|source| (parser(source), Found::new(source)));
        Self { parsers: parsers.collect(), unfolded: Unfolded::default() }
    }

    /// The next line of the text.
    pub(super) fn line(&mut self, number: usize, raw: &str) {
        if let Some((number, text)) = self.unfolded.line(number, raw) {
            self.whole_line(number, &text);
        }
    }

    fn whole_line(&mut self, number: usize, text: &str) {
        let line = Line::new(number, text);
        for (parser, found) in &mut self.parsers {
            parser.line(&line, found);
        }
    }

    /// What there is, best source first.
    pub(super) fn end(mut self) -> Vec<Found> {
        if let Some((number, text)) = self.unfolded.end() {
            self.whole_line(number, &text);
        }
        for (parser, found) in &mut self.parsers {
            parser.end(found);
        }
        self.parsers.into_iter().map(|(_, found)| found).collect()
    }
}

/// The source to take: of those asked for the first, in the order of [`Source`], that has something
/// usable. `None` where none has.
pub(super) fn choose(all: &[Found], from: From) -> Option<&Found> {
    let usable = |found: &&Found| found.best().is_some_and(|map| map.usable_bytes() > 0);
    all.iter().filter(|found| from.takes(found.source)).find(usable)
}

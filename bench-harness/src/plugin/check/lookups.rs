//! Cases of lookups: several tables, batches of every length, many segments.

use physseg::Pfn;

use super::probe::Done;
use super::{Failed, Stage};
use crate::plugin::{Answer, Table};

pub(super) fn two_tables(stage: &mut Stage<'_>) -> Result<(), Failed> {
    // One behind the back of a probe, which goes on comparing its own.
    let library = stage.library;
    let mut probe = stage.probe(0, 128, 4)?;
    probe.boot(&[(16, 32, 100), (48, 64, 10)])?;
    let called = "create of a second table".to_owned();
    let mut other = match Table::create(library, physseg::PageSize::FOUR_KIB, 4) {
        Ok(table) => table,
        Err(code) => return Err(probe.wrong(called, "a table", &code.to_string())),
    };
    let (start, end) = (Pfn::new(24), Pfn::new(56));
    let calls = [
        ("physload of a second table", other.physload_from(start, end)),
        ("page_init of a second table", other.page_init(start, end, 7)),
        ("boot_done of a second table", other.boot_done()),
    ];
    for (called, given) in calls {
        if let Err(code) = given {
            return Err(probe.wrong(called.to_owned(), "PHYSSEG_OK", &code.to_string()));
        }
    }
    probe.verify()?;
    for (pfn, expected) in [(24, 7), (47, 30), (55, 38)] {
        let given = other.find(Pfn::new(pfn));
        if given != (Answer { segment_start: 24, page: expected }) {
            let called = format!("find({pfn:#x}) in a second table");
            let given = format!("segment_start {:#x}, page {:#x}", given.segment_start, given.page);
            let expected = format!("segment_start 0x18, page {expected:#x}");
            return Err(probe.wrong(called, &expected, &given));
        }
    }
    drop(other);
    probe.verify()
}

pub(super) fn batches(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let mut probe = stage.probe(0, 256, 8)?;
    let segments: Vec<_> =
        (0..8).map(|index| (32 * index, 32 * index + 20, 64 * index + 1)).collect();
    probe.boot(&segments)?;
    for length in [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 2048, 5001] {
        // Every frame in turn, by a stride that has nothing in common with the ground.
        let pfns: Vec<Pfn> = (0..length).map(|index| Pfn::new(index * 101 % 256)).collect();
        probe.batch(&pfns)?;
        let same = vec![Pfn::new(33); pfns.len()];
        probe.batch(&same)?;
    }
    Ok(())
}

/// Segments of [`many`].
const MANY: u64 = 3000;

pub(super) fn many(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let mut probe = stage.probe(1 << 20, MANY * 4, MANY)?;
    // In an order that is neither up nor down: 1009 is a prime that does not divide MANY.
    let segments: Vec<_> = (0..MANY)
        .map(|index| index * 1009 % MANY)
        .map(|index| ((1 << 20) + 4 * index, (1 << 20) + 4 * index + 1 + index % 4, 8 * index + 1))
        .collect();
    probe.load_many(&segments)
}

impl super::Probe<'_> {
    /// As `boot`, but a table of fixed size may be full before the end.
    fn load_many(&mut self, segments: &[(u64, u64, u64)]) -> Result<(), Failed> {
        for (count, &(start, end, _)) in segments.iter().enumerate() {
            let called = format!("physload({start:#x}, {end:#x})");
            match self.physload(start, end)? {
                Done::Unable(crate::plugin::Code::NoMemory) if count > 0 => {
                    return Err(Failed::Skipped(format!(
                        "the plugin has room for {count} segments"
                    )));
                }
                done => self.must(called, done)?,
            }
        }
        for &(start, end, page) in segments {
            let done = self.page_init(start, end, page)?;
            self.must(format!("page_init({start:#x}, {end:#x}, {page:#x})"), done)?;
        }
        self.boot_done()
    }
}

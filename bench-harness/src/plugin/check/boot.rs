//! Cases of boot: segments are loaded, get their pages, and are found.

use super::{Failed, Stage};

pub(super) fn empty_tables(stage: &mut Stage<'_>) -> Result<(), Failed> {
    for capacity in [0, 1, 32, 4096] {
        stage.probe(0, 0, capacity)?; // which compares segments() with 0, and destroys it
    }
    Ok(())
}

pub(super) fn one_segment(stage: &mut Stage<'_>) -> Result<(), Failed> {
    stage.probe(64, 128, 1)?.boot(&[(96, 160, 5000)])
}

pub(super) fn any_order(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let segments = [(16, 24, 1), (40, 48, 9), (64, 80, 17), (96, 97, 33), (112, 128, 34)];
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1], [1, 3, 0, 4, 2]] {
        stage.probe(0, 160, 5)?.boot(&order.map(|index| segments[index]))?;
    }
    Ok(())
}

pub(super) fn touching(stage: &mut Stage<'_>) -> Result<(), Failed> {
    stage.probe(0, 64, 3)?.boot(&[(16, 32, 100), (8, 16, 200), (32, 40, 116)])
}

pub(super) fn single_frames(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let segments: Vec<_> =
        (0..16).map(|index| (8 + 3 * index, 9 + 3 * index, 40 - index)).collect();
    stage.probe(0, 64, 16)?.boot(&segments)
}

pub(super) fn ends_of_memory(stage: &mut Stage<'_>) -> Result<(), Failed> {
    stage.probe(0, 16, 1)?.boot(&[(0, 4, 77)])?;
    let end = 1 << 52;
    stage.probe(end - 32, 32, 2)?.boot(&[(end - 8, end, 1), (end - 16, end - 12, 9)])
}

pub(super) fn identities(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let highest = (1 << 63) - 8;
    let segments = [(8, 16, highest), (24, 32, 1), (40, 48, 1 << 32), (56, 64, (1 << 32) - 8)];
    stage.probe(0, 80, 4)?.boot(&segments)
}

pub(super) fn physload_refuses(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let mut probe = stage.probe(0, 128, 8)?;
    let first = probe.physload(32, 48)?;
    probe.must("physload".to_owned(), first)?;
    let second = probe.physload(64, 80)?;
    probe.must("physload".to_owned(), second)?;
    for (start, end) in NONSENSE.into_iter().chain(OVERLAPS) {
        let done = probe.physload(start, end)?;
        probe.must_be_refused(format!("physload({start:#x}, {end:#x})"), done)?;
    }
    for (start, end, page) in [(32, 48, 10), (64, 80, 50)] {
        let done = probe.page_init(start, end, page)?;
        probe.must("page_init".to_owned(), done)?;
    }
    probe.boot_done()
}

/// Ranges without frames.
pub(super) const NONSENSE: [(u64, u64); 5] = [(8, 8), (9, 8), (0, 0), (40, 33), (100, 0)];

/// Ranges that share frames with 32..48 or 64..80: the same, inside, at either end, around one, over both.
pub(super) const OVERLAPS: [(u64, u64); 8] =
    [(32, 48), (36, 40), (24, 33), (47, 50), (30, 50), (32, 33), (40, 70), (16, 100)];

pub(super) fn page_init_refuses(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let mut probe = stage.probe(0, 128, 8)?;
    for (start, end) in [(32, 48), (48, 64)] {
        let done = probe.physload(start, end)?;
        probe.must("physload".to_owned(), done)?;
    }
    let within = [(32, 40), (40, 48), (33, 47), (32, 64), (31, 48), (32, 49), (8, 16), (48, 47)];
    for (start, end) in NONSENSE.into_iter().chain(within) {
        let done = probe.page_init(start, end, 5)?;
        probe.must_be_refused(format!("page_init({start:#x}, {end:#x}, 0x5)"), done)?;
    }
    for (start, end, page) in [(48, 64, 300), (32, 48, 100)] {
        let done = probe.page_init(start, end, page)?;
        probe.must("page_init".to_owned(), done)?;
    }
    probe.boot_done()
}

pub(super) fn given_up(stage: &mut Stage<'_>) -> Result<(), Failed> {
    stage.probe(0, 64, 2)?.physload(16, 32)?;
    let mut probe = stage.probe(0, 64, 2)?;
    probe.physload(32, 48)?;
    probe.physload(16, 24)?;
    probe.page_init(16, 24, 9)?;
    drop(probe);
    stage.probe(0, 64, 2)?.boot(&[(16, 32, 3)])
}

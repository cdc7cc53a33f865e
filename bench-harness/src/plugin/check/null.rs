//! Cases of a plugin with `PHYSSEG_FLAG_NULL`: it finds every frame with its own number, and nothing else is asked of it.

use physseg::{PageSize, Pfn};

use super::{Failed, Stage, Wrong};
use crate::plugin::{Answer, Table};

/// Frames at the ends of words and of memory, and some in between.
const FRAMES: [u64; 8] =
    [0, 1, 255, 0x1234_5678, (1 << 52) - 1, 1 << 52, u64::MAX - 2, u64::MAX - 1];

/// What an answer holds before the plugin writes it.
const UNWRITTEN: Answer = Answer { segment_start: u64::MAX, page: u64::MAX };

pub(super) fn one_by_one(stage: &mut Stage<'_>) -> Result<(), Failed> {
    if !stage.library.finds_one() {
        return Err(Failed::Skipped("the plugin has no find".to_owned()));
    }
    let table = table(stage)?;
    for frame in FRAMES {
        let called = format!("find({frame:#x})");
        (stage.announce)(&called);
        held(called, frame, table.find(Pfn::new(frame)))?;
    }
    Ok(())
}

pub(super) fn batches(stage: &mut Stage<'_>) -> Result<(), Failed> {
    if !stage.library.finds_batches() {
        return Err(Failed::Skipped("the plugin has no find_batch".to_owned()));
    }
    let table = table(stage)?;
    for length in [0, 1, 2, 3, 7, 8, 9, 255, 2048, 5001] {
        (stage.announce)(&format!("find_batch of {length} frames"));
        let pfns: Vec<Pfn> = FRAMES.iter().cycle().take(length).map(|&pfn| Pfn::new(pfn)).collect();
        let mut answers = vec![UNWRITTEN; length];
        table.find_batch(&pfns, &mut answers);
        for (at, (pfn, &answer)) in pfns.iter().zip(&answers).enumerate() {
            held(format!("find_batch of {length} frames, answers[{at}]"), pfn.get(), answer)?;
        }
    }
    Ok(())
}

fn table(stage: &mut Stage<'_>) -> Result<Table, Failed> {
    let called = "create(4096, 0)";
    (stage.announce)(called);
    Table::create(stage.library, PageSize::FOUR_KIB, 0)
        .map_err(|code| wrong(called.to_owned(), "a table".to_owned(), code.to_string()))
}

fn held(called: String, frame: u64, given: Answer) -> Result<(), Failed> {
    let expected = Answer { segment_start: 0, page: frame };
    let words = |answer: Answer| {
        format!("segment_start {:#x}, page {:#x}", answer.segment_start, answer.page)
    };
    if given == expected { Ok(()) } else { Err(wrong(called, words(expected), words(given))) }
}

fn wrong(called: String, expected: String, given: String) -> Failed {
    Failed::Wrong(Wrong { before: Vec::new(), called, expected, given })
}

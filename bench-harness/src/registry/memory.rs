//! Whether there is memory for a table, asked before it is built.
//!
//! The structures of this workspace say when they get no memory; the standard library's collections and
//! most others end the program. So a table is announced to the allocator first, in one piece that is given
//! back at once: what the system refuses is then an answer, with the size that it takes.

use super::Recipe;
use crate::layout::build::{BuildError, Plan};
use crate::machine::{beside_available, bytes_in_words};
use crate::measure::churn::Size;

/// What a measurement takes beside the tables, whatever the layout: addresses drawn ahead, answers of the
/// control `oracle`, other work before cold bursts, stacks. Asked for with every table, so that it is still
/// there when all of them are built.
const ROOM: u64 = 64 << 20;

/// What the slabs keep for each run of descriptors while a history is replayed, and what the checks
/// keep for each segment afterwards: bytes, at most.
const BESIDE: u64 = 96;

/// Whether there is memory for a table of `R` as `plan` has it.
///
/// # Errors
/// How much it takes, and that it is not to be had.
pub(super) fn check<R: Recipe>(plan: &Plan<'_>) -> Result<(), BuildError> {
    check_bytes(plan, needed::<R>(plan))
}

/// Whether there are `needed` bytes of memory for what is made of `plan`.
///
/// # Errors
/// As [`check`].
pub(super) fn check_bytes(plan: &Plan<'_>, needed: u64) -> Result<(), BuildError> {
    let segments = plan.segments.len() as u64;
    ask(segments, needed, "while they are built").map_err(BuildError::Unsupported)
}

/// Whether there is memory for a table of `R` that is changed, and beside it for the script and for the
/// model that it is held against.
///
/// # Errors
/// As [`check`].
pub(super) fn check_churn<R: Recipe>(size: &Size) -> Result<(), String> {
    let needed = with_slabs::<R>(size.segments, size.frames).saturating_add(size.bytes);
    ask(size.segments, needed, "with the script and the model")
}

/// The same for a table of which so many `bytes` a segment are known.
///
/// # Errors
/// As [`check`].
pub(super) fn check_churn_bytes(size: &Size, bytes: u64) -> Result<(), String> {
    let needed = bytes.saturating_add(BESIDE).saturating_mul(size.segments);
    ask(size.segments, needed.saturating_add(size.bytes), "with the script and the model")
}

/// Whether so many bytes are to be had for so many segments; if not, how much they take `when`.
fn ask(segments: u64, needed: u64, when: &str) -> Result<(), String> {
    if can_be_had(needed.saturating_add(ROOM)) {
        return Ok(());
    }
    Err(format!(
        "out of memory: {segments} segments take up to {} {when}, measuring {} more{}",
        bytes_in_words(needed),
        bytes_in_words(ROOM),
        beside_available()
    ))
}

/// Bytes that a table takes at most while it is built and checked.
fn needed<R: Recipe>(plan: &Plan<'_>) -> u64 {
    let (Some(low), Some(high)) = (plan.segments.first(), plan.segments.last()) else { return 0 };
    with_slabs::<R>(plan.segments.len() as u64, high.end().get() - low.start().get())
}

/// Bytes of the structure and of the slabs, with so many segments over so many frames.
fn with_slabs<R: Recipe>(segments: u64, frames: u64) -> u64 {
    structure::<R>(segments, frames).saturating_add(BESIDE.saturating_mul(segments))
}

/// Bytes of the structure alone.
fn structure<R: Recipe>(segments: u64, frames: u64) -> u64 {
    let room = if R::DOUBLES { segments.next_power_of_two() / 2 * 3 } else { segments };
    let records = R::BYTES_PER_SEGMENT.saturating_mul(room);
    records.saturating_add(R::BYTES_PER_FRAME.saturating_mul(frames))
}

/// Whether the allocator promises so many bytes in one piece.
fn can_be_had(bytes: u64) -> bool {
    let mut piece: Vec<u8> = Vec::new();
    usize::try_from(bytes).is_ok_and(|bytes| piece.try_reserve_exact(bytes).is_ok())
}

#[cfg(test)]
mod tests {
    use physseg::FrameRange;
    use physseg::backend::Backend;

    use super::*;
    use crate::layout::{self, Layout, build::Build};
    use crate::machine::Available;
    use crate::registry::{Room, recipes};

    /// Holds what a structure has taken of a layout, built as its history goes and from its end, against
    /// what was asked for; whether it can do the layout.
    fn hold<R: Recipe>(layout: &Layout, segments: &[FrameRange]) -> bool {
        let plan = Plan { layout, segments };
        let frames = segments[segments.len() - 1].end().get() - segments[0].start().get();
        let asked = structure::<R>(segments.len() as u64, frames);
        assert!(needed::<R>(&plan) >= asked);
        let mut builds = 0;
        for build in [Build::Replay, Build::Final] {
            // What moves thousands of records for each of thousands of operations takes too long for a test.
            let is_quick = !R::Backend::CAPABILITIES.linear_updates || segments.len() < 4096;
            if R::missing().is_some() || build == Build::Replay && !is_quick {
                continue;
            }
            if let Ok(built) = plan.build(build, |boot| R::empty(Room { boot, array: None })) {
                let taken = built.table.backend().bytes() as u64;
                let name = std::any::type_name::<R>();
                assert!(taken <= asked, "{name}, {}, {build:?}: {taken} > {asked}", layout.name);
                builds += 1;
            }
        }
        builds > 0
    }

    #[test]
    fn what_is_asked_for_covers_what_a_table_takes() {
        // One segment more than a power of two, and nearly the next one.
        for name in ["frag-64mb", "frag-256mb"] {
            let layout = layout::open(name).expect("shipped");
            let all = layout.final_segments().expect("a valid layout");
            assert!(hold::<recipes::Array>(&layout, &all));
            assert!(hold::<recipes::ArrayLinear>(&layout, &all));
            assert!(hold::<recipes::ArrayBigFirst>(&layout, &all));
            assert!(hold::<recipes::RbTree>(&layout, &all));
            assert!(hold::<recipes::ArrayRebuild>(&layout, &all));
            assert!(hold::<recipes::ArrayBranchless>(&layout, &all));
            assert!(hold::<recipes::Eytzinger>(&layout, &all));
            assert!(hold::<recipes::STree>(&layout, &all));
            assert!(hold::<recipes::Section>(&layout, &all));
            assert!(hold::<recipes::BTree>(&layout, &all));
            assert!(hold::<recipes::Direct>(&layout, &all));
            assert!(hold::<recipes::LastHit<recipes::Section>>(&layout, &all));
            // These hold one segment only.
            assert!(!hold::<recipes::ArrayContig>(&layout, &all));
            assert!(!hold::<recipes::Dense>(&layout, &all));
            #[cfg(feature = "rangemap")]
            assert!(hold::<recipes::RangeMap>(&layout, &all));
            #[cfg(feature = "intrusive")]
            assert!(hold::<recipes::Intrusive>(&layout, &all));
            #[cfg(feature = "vm-memory")]
            assert!(hold::<recipes::VmMemory>(&layout, &all));
        }
    }

    #[test]
    fn a_table_is_asked_for_with_what_lies_beside_it() {
        let layout = layout::open("frag-256mb").expect("shipped");
        let segments = layout.final_segments().expect("a valid layout");
        let plan = Plan { layout: &layout, segments: &segments };
        assert_eq!(needed::<recipes::Array>(&plan), 8192 / 2 * 3 * 72 + 8161 * BESIDE);
        assert_eq!(needed::<recipes::RbTree>(&plan), 8161 * (112 + BESIDE));
        assert_eq!(needed::<recipes::Direct>(&plan), 8161 * (112 + BESIDE) + 65536 * 24);
        assert!(check::<recipes::Array>(&plan).is_ok());
    }

    #[test]
    fn a_script_that_gets_no_memory_is_refused_and_said_how_much() {
        let size = |bytes| Size { segments: 33, frames: 256, bytes };
        assert_eq!(check_churn::<recipes::RbTree>(&size(1 << 20)), Ok(()));
        let refused =
            check_churn::<recipes::RbTree>(&size(1 << 62)).expect_err("more than there can be");
        let (wanted, available) = refused.split_at(refused.find(';').unwrap_or(refused.len()));
        assert_eq!(
            wanted,
            "out of memory: 33 segments take up to 4294967296.0 GiB with the script and the model, \
             measuring 64 MiB more"
        );
        let known = Available::now().is_some();
        assert_eq!(known, available.contains("available") || available.contains("leaves"));
    }

    #[test]
    fn more_than_there_can_be_is_refused() {
        assert!(can_be_had(1 << 20));
        assert!(!can_be_had(1 << 62));
    }
}

//! Whether there is memory for a table, asked before it is built.
//!
//! The structures of this workspace say when they get no memory; the standard library's collections and
//! most others end the program. So a large table is announced to the allocator first, in one piece that
//! is given back at once: what the system refuses is then an answer, with the size that it takes.

use super::Recipe;
use crate::layout::build::{BuildError, Plan};

/// A table that takes less is built without asking.
const SMALL: u64 = 64 << 20;

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
    if needed <= SMALL || can_be_had(needed) {
        return Ok(());
    }
    let segments = plan.segments.len();
    Err(BuildError::Unsupported(format!(
        "out of memory: {segments} segments take up to {} while they are built",
        in_words(needed)
    )))
}

/// Bytes that a table takes at most while it is built and checked.
fn needed<R: Recipe>(plan: &Plan<'_>) -> u64 {
    let (Some(low), Some(high)) = (plan.segments.first(), plan.segments.last()) else { return 0 };
    let (frames, segments) = (high.end().get() - low.start().get(), plan.segments.len() as u64);
    let room = if R::DOUBLES { segments.next_power_of_two() / 2 * 3 } else { segments };
    [(R::BYTES_PER_SEGMENT, room), (BESIDE, segments), (R::BYTES_PER_FRAME, frames)]
        .into_iter()
        .fold(0, |sum: u64, (bytes, each)| sum.saturating_add(bytes.saturating_mul(each)))
}

/// Whether the allocator promises so many bytes in one piece.
fn can_be_had(bytes: u64) -> bool {
    let mut piece: Vec<u8> = Vec::new();
    usize::try_from(bytes).is_ok_and(|bytes| piece.try_reserve_exact(bytes).is_ok())
}

fn in_words(bytes: u64) -> String {
    let mib = bytes as f64 / f64::from(1 << 20);
    if mib < 1024.0 { format!("{mib:.0} MiB") } else { format!("{:.1} GiB", mib / 1024.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout;
    use crate::registry::recipes;

    #[test]
    fn what_is_asked_for_covers_what_a_table_takes() {
        let layout = layout::open("frag-256mb").unwrap();
        let segments = layout.final_segments().unwrap();
        let plan = Plan { layout: &layout, segments: &segments };
        assert_eq!(needed::<recipes::Array>(&plan), 8192 / 2 * 3 * 72 + 8161 * BESIDE);
        assert_eq!(needed::<recipes::RbTree>(&plan), 8161 * (112 + BESIDE));
        assert_eq!(needed::<recipes::Direct>(&plan), 8161 * (112 + BESIDE) + 65536 * 24);
        assert!(check::<recipes::Array>(&plan).is_ok());
    }

    #[test]
    fn more_than_there_can_be_is_refused_and_said_how_much() {
        assert!(can_be_had(1 << 20));
        assert!(!can_be_had(1 << 62));
        assert_eq!((in_words(72 << 20), in_words(9 << 29)), ("72 MiB".into(), "4.5 GiB".into()));
    }
}

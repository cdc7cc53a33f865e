//! What runs, untimed and discarded, directly before every timed batch: enough lookups of the same
//! backend to bring what it reads back to where a long run would have it.
//!
//! Between two batches of one backend all others have run, and between two rounds the oracle and the
//! file system. A structure of a few KiB is back in the cache after some thousand lookups; one of a
//! megabyte is not, and a batch of a few thousand lookups would then measure the memory that it comes
//! back from. So the larger it is, the longer it settles, up to [`SETTLE_NS`].

use super::batch::{Batch, Timed};
use super::descriptors::Descriptor;
use super::kind::Target;
use super::subject::{Facts, Subject};

/// Lookups before every timed batch, however small the structure: enough to take the predictors back
/// from whatever ran before, few enough to cost nothing beside a batch of a million.
pub const SETTLE_LOOKUPS: u64 = 10_000;

/// How long they may take at most, in nanoseconds: what is not in the caches then is mostly too large
/// for them, and stays out of them in a long run too.
pub const SETTLE_NS: u64 = 50_000_000;

/// Bursts of them in [`Mode::Cold`](super::Mode::Cold), where nothing is to be warm: one, so that
/// memory and clock have been met.
const SETTLE_BURSTS: u64 = 1;

/// Bytes that a cache fetches at once, on nearly every machine there is.
const LINE_BYTES: u64 = 64;

/// Lookups for each line. At random, n of them a line leave one line in e^n untouched, if a lookup
/// reads a single line: 5 % here, and fewer as most read several.
const LOOKUPS_A_LINE: u64 = 3;

/// Runs the untimed lookups that belong before `batch`, of a structure of which lookups read `bytes`,
/// and returns the batch to be timed then. Where its addresses are drawn far ahead, which displaces
/// what lookups read, they are not run here: the batch itself has them between drawing and timing.
pub(super) fn settle<'a>(
    batch: &Batch<'a>,
    bytes: u64,
    run: impl Fn(&Batch<'_>) -> Timed,
) -> Batch<'a> {
    let seed = !batch.seed; // other addresses than the timed ones, of the same kind
    if let Some(burst) = batch.mode.burst() {
        run(&Batch { lookups: burst * SETTLE_BURSTS, seed, ..*batch });
        return *batch;
    }
    let first = run(&Batch { lookups: SETTLE_LOOKUPS, seed, ..*batch });
    let lookups = lookups_more(bytes, first.elapsed_ns);
    if batch.workload.is_searched() {
        return Batch { restoring: SETTLE_LOOKUPS + lookups, ..*batch };
    }
    if lookups > 0 {
        run(&Batch { lookups, seed: seed.wrapping_add(1), ..*batch });
    }
    *batch
}

/// Times a batch of `subject` alone, for a first guess of how long lookups take. Trials that follow one
/// another settle each other, but not where addresses are drawn far ahead: what that displaces would be
/// most of a short trial, and it is settled as a batch of a round is.
pub fn time_alone(subject: &dyn Subject, batch: &Batch<'_>) -> Timed {
    let is_ahead = batch.workload.is_searched() && batch.mode.burst().is_none();
    if !is_ahead {
        return subject.run(batch);
    }
    let bytes = bytes_read(&subject.facts(), batch.target, batch.descriptors);
    subject.run(&settle(batch, bytes, |untimed| subject.run(untimed)))
}

/// How many more lookups after the first [`SETTLE_LOOKUPS`], which took so long: what the bytes ask
/// for, and what the time allows.
fn lookups_more(bytes: u64, first_ns: u64) -> u64 {
    let wanted = bytes.div_ceil(LINE_BYTES).saturating_mul(LOOKUPS_A_LINE);
    let left_ns = u128::from(SETTLE_NS.saturating_sub(first_ns));
    let affordable = u128::from(SETTLE_LOOKUPS) * left_ns / u128::from(first_ns.max(1));
    wanted.saturating_sub(SETTLE_LOOKUPS).min(u64::try_from(affordable).unwrap_or(u64::MAX))
}

/// Bytes that lookups of `target` read: what answers pages, all of the structure for a handle, and
/// the page descriptors too where they are touched. What a plugin does not say counts as nothing.
pub(super) fn bytes_read(facts: &Facts, target: Target, descriptors: &[Descriptor]) -> u64 {
    match target {
        Target::Page => facts.index_bytes.unwrap_or(0),
        Target::Handle => facts.bytes_total.unwrap_or(0),
        Target::Touch => facts.index_bytes.unwrap_or(0) + size_of_val(descriptors) as u64,
    }
}

#[cfg(test)]
mod tests {
    use physseg::{FrameRange, Pfn};

    use super::{Facts, SETTLE_LOOKUPS, SETTLE_NS, Target, bytes_read, lookups_more};
    use crate::layout::build::BuiltBy;
    use crate::measure::{Run, descriptors_of};

    const QUICK_NS: u64 = 10 * SETTLE_LOOKUPS;

    #[test]
    fn a_small_structure_settles_with_the_usual_lookups() {
        assert_eq!(lookups_more(0, QUICK_NS), 0);
        assert_eq!(lookups_more(32 * 72, QUICK_NS), 0);
        assert_eq!(lookups_more(SETTLE_LOOKUPS / 3 * 64, QUICK_NS), 0);
    }

    #[test]
    fn a_large_one_reads_every_line_three_times() {
        assert_eq!(lookups_more(64 * 100_000, QUICK_NS), 290_000);
        assert_eq!(lookups_more(64 * 100_000 + 1, QUICK_NS), 290_003);
    }

    #[test]
    fn but_not_longer_than_it_may() {
        // At a microsecond a lookup there is time for 50,000, the first 10,000 included.
        assert_eq!(lookups_more(1 << 40, 1_000 * SETTLE_LOOKUPS), 40_000);
        assert_eq!(lookups_more(1 << 40, SETTLE_NS), 0);
        assert_eq!(lookups_more(1 << 40, u64::MAX), 0);
        assert_eq!(lookups_more(u64::MAX, 0), SETTLE_LOOKUPS * SETTLE_NS, "a coarse clock");
    }

    #[test]
    fn what_is_read_depends_on_what_is_asked_for() {
        let facts = Facts {
            built_by: BuiltBy::Final,
            build_s: 0.0,
            bytes_total: Some(1_000),
            index_bytes: Some(100),
            segments: 1,
            frames: 3,
        };
        let frames = FrameRange::new(Pfn::new(8), Pfn::new(11)).expect("not empty");
        let descriptors = descriptors_of(&[Run { frames, first_answer: 1 }]).expect("three");
        assert_eq!(bytes_read(&facts, Target::Page, &descriptors), 100);
        assert_eq!(bytes_read(&facts, Target::Handle, &descriptors), 1_000);
        assert_eq!(bytes_read(&facts, Target::Touch, &descriptors), 100 + 3 * 128);
    }
}

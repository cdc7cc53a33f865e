//! How much there is of a batch size, how precisely it is known, and how its rounds ended.

use std::time::Duration;

use super::rounds::Rounds;
use crate::record::{self, BatchEnd, Configuration, Judging, Limit, SampleRow};
use crate::stats::rounds_needed;

/// How many rounds so many samples of one batch size are.
pub(super) fn rounds_in(samples: usize, per_round: usize) -> u32 {
    u32::try_from(samples / per_round.max(1)).unwrap_or(u32::MAX)
}

/// How long batches took, before a resume: the rest of that time is not recorded.
pub(super) fn batch_time(samples: &[SampleRow]) -> Duration {
    Duration::from_nanos(samples.iter().map(|row| row.elapsed_ns).sum())
}

/// The half-width of the least certain gross change, as a fraction; `None` if there is no interval.
pub(super) fn widest(samples: &[SampleRow], judging: &Judging<'_>) -> Option<f64> {
    record::compare_all(samples, judging)
        .iter()
        .map(|row| Some((row.gross_high_pct? - row.gross_low_pct?) / 200.0))
        .reduce(|a, b| Some(a?.max(b?)))
        .flatten()
}

/// How a batch size ended after `done` rounds, which took `spent`.
pub(super) fn batch_end(
    configuration: &Configuration,
    rounds: Rounds,
    limit: Limit,
    done: u32,
    spent: Duration,
    width: Option<f64>,
) -> BatchEnd {
    let wanted = rounds.limits().half_width;
    let done = u64::from(done);
    let elapsed_s = spent.as_secs_f64();
    let missing = wanted.zip(width).filter(|(wanted, width)| width > wanted);
    let more = missing.and_then(|(wanted, width)| Some(rounds_needed(done, width, wanted)? - done));
    BatchEnd {
        layout: configuration.layout.clone(),
        workload: configuration.workload.clone(),
        mode: configuration.mode.clone(),
        target: configuration.target.clone(),
        lookups: configuration.lookups,
        limit,
        rounds: done,
        elapsed_s,
        half_width_pct: width.map(|width| 100.0 * width),
        wanted_half_width_pct: wanted.map(percent),
        more_rounds: more,
        more_processes: None,
        more_s: more.map(|more| elapsed_s * more as f64 / done.max(1) as f64),
    }
}

/// Percent as it was typed: `0.003` is 0.3, and not 0.30000000000000004.
pub(super) fn percent(fraction: f64) -> f64 {
    (fraction * 1e11).round() / 1e9
}

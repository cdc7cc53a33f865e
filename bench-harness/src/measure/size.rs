//! How many lookups a batch should have: long against the clock, short against the machine's moods.

use super::{Batch, Bench, MeasureError};

/// What the clock can do, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Clockwork {
    /// Smallest step.
    pub resolution_ns: f64,
    /// Time of one reading.
    pub overhead_ns: f64,
}

/// Two readings and one step are at most this part of a batch.
const CLOCK_PART: f64 = 1e-3;
/// A batch takes about so long. Shorter ones pair moments that lie closer together, so more of what the machine
/// does falls out of the ratio; but every batch is settled first, and below this the
/// settling takes longer than the batch.
const AIM_NS: f64 = 400_000.0;
const LOOKUPS_MIN: u64 = 1_000;
/// Rounds tried, of which the middle one counts.
const TRIED: u32 = 7;
const TRIED_LOOKUPS: u64 = 5_000;

/// Lookups of a batch in which neither the clock's cost nor its step matters (0.1 % at most) and that
/// is short, about 0.4 ms of the reference: measured on the first participant, rounded to one digit. `batch` says
/// everything but how many.
///
/// # Errors
/// [`MeasureError::WrongBatch`].
pub fn lookups_for(
    bench: &Bench,
    batch: &Batch<'_>,
    clock: Clockwork,
) -> Result<u64, MeasureError> {
    let mut times = Vec::new();
    for round in 0..TRIED {
        let tried = Batch { lookups: TRIED_LOOKUPS, ..*batch };
        let samples = bench.round(&tried, round, || true)?.unwrap_or_default();
        let reference = samples.iter().filter(|sample| sample.backend.is_some());
        times.extend(reference.min_by_key(|sample| sample.backend).map(|one| one.timed.elapsed_ns));
    }
    times.sort_unstable();
    let ns = times.get(times.len() / 2).map_or(1.0, |&ns| ns.max(1) as f64);
    Ok(rounded(aim_ns(clock) * TRIED_LOOKUPS as f64 / ns))
}

fn aim_ns(clock: Clockwork) -> f64 {
    AIM_NS.max((2.0 * clock.overhead_ns).max(clock.resolution_ns) / CLOCK_PART)
}

/// To one digit, so that runs of one machine agree on it, and at least [`LOOKUPS_MIN`].
fn rounded(lookups: f64) -> u64 {
    let digit = 10_f64.powf(lookups.max(1.0).log10().floor());
    // Bounded: a lookup takes a part of a nanosecond at the least.
    let lookups = ((lookups / digit).round() * digit).clamp(LOOKUPS_MIN as f64, 1e12);
    lookups as u64
}

#[cfg(test)]
mod tests {
    use super::{Clockwork, aim_ns, rounded};

    #[test]
    fn one_digit_and_not_too_few() {
        let cases = [(21_333.0, 20_000), (96_000.0, 100_000), (120.0, 1_000), (0.0, 1_000)];
        for (lookups, want) in cases {
            assert_eq!(rounded(lookups), want);
        }
    }

    #[test]
    fn a_slow_or_coarse_clock_asks_for_longer_batches() {
        let clock = |resolution_ns, overhead_ns| Clockwork { resolution_ns, overhead_ns };
        let near = |got: f64, want: f64| assert!((got / want - 1.0).abs() < 1e-12, "{got}");
        near(aim_ns(clock(20.0, 25.0)), 400_000.0);
        near(aim_ns(clock(20.0, 700.0)), 1_400_000.0);
        near(aim_ns(clock(1e6, 25.0)), 1e9);
    }
}

//! How many lookups a batch should have: long against the clock, short against the machine's moods.
//!
//! Two things pull. Reading the clock costs something and its reading is only so fine, so a batch
//! should be long. What disturbs a machine comes and goes, and what is slower than a round falls out of a change,
//! so a batch should be short; short ones also give more rounds in the same time, which average away
//! what is left. But every batch is settled first, and below a part of a millisecond the settling
//! takes longer than the batch.

/// What a batch should take, unless the clock asks for more, in nanoseconds.
const AIM_NS: f64 = 400_000.0;
/// Two readings of the clock, and its step, are each at most this part of a batch.
const CLOCK_PART: f64 = 1e-3;
const LOOKUPS_MIN: u64 = 1_000;
/// What a batch of cold bursts should take with the other work between them, in nanoseconds: the bursts
/// themselves are a small part of that, so ten times as long.
const COLD_AIM_NS: f64 = 10.0 * AIM_NS;
/// Bursts of such a batch, and of one that tells how long a burst takes.
const BURSTS_MIN: u64 = 4;
const BURSTS_MAX: u64 = 1_000;
const TRIAL_BURSTS: u64 = 4;
/// Where a lookup seems to take no time at all.
const LOOKUPS_OF_NOTHING: u64 = 10_000;
/// A batch that tells how long a lookup takes, and how many of them: the shortest was disturbed least.
const TRIAL_LOOKUPS: u64 = 20_000;
const TRIALS: u32 = 9;

/// What the clock can do, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Clockwork {
    /// Smallest step.
    pub resolution_ns: f64,
    /// Time of one reading.
    pub overhead_ns: f64,
}

/// Lookups of a batch in which neither the clock's cost nor its step matters (0.1 % at most each), and
/// that takes about 0.4 ms where the clock allows it; two significant digits, so that the number can be typed. `time_ns`
/// runs a batch of so many lookups, the which-th, and says how long it took in nanoseconds.
pub fn lookups_for(clock: Clockwork, mut time_ns: impl FnMut(u64, u32) -> u64) -> u64 {
    time_ns(TRIAL_LOOKUPS, 0); // cold
    let shortest = (1..=TRIALS).map(|which| time_ns(TRIAL_LOOKUPS, which)).min().unwrap_or(0);
    rounded(aim_ns(clock) * TRIAL_LOOKUPS as f64 / shortest as f64)
}

/// Lookups of a batch of cold bursts, `burst` lookups each, that takes about 4 ms in all, other work
/// included; at least four bursts. What reading the clock costs is in every burst and in the baseline's,
/// so it sets no least length here. `whole_ns` runs a batch of so many lookups, the which-th, and says
/// how long all of it took in nanoseconds.
pub fn cold_lookups_for(burst: u64, mut whole_ns: impl FnMut(u64, u32) -> u64) -> u64 {
    let trial = TRIAL_BURSTS * burst;
    let shortest = (0..4).map(|which| whole_ns(trial, which)).min().unwrap_or(0);
    let bursts = COLD_AIM_NS * TRIAL_BURSTS as f64 / shortest.max(1) as f64;
    // Not negative, and far below 2^64.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let bursts = bursts.round().min(BURSTS_MAX as f64) as u64;
    bursts.clamp(BURSTS_MIN, BURSTS_MAX) * burst
}

/// A number of lookups where there is nobody to time.
pub fn lookups_for_nobody() -> u64 {
    LOOKUPS_OF_NOTHING
}

fn aim_ns(clock: Clockwork) -> f64 {
    AIM_NS.max((2.0 * clock.overhead_ns).max(clock.resolution_ns) / CLOCK_PART)
}

fn rounded(lookups: f64) -> u64 {
    let scale = 10_f64.powf(lookups.max(1.0).log10().floor() - 1.0);
    let rounded = (lookups / scale).round() * scale;
    // Not negative, and 10^12 lookups take hours even at a nanosecond each.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rounded = if rounded < 1e12 { rounded.round() as u64 } else { LOOKUPS_OF_NOTHING };
    rounded.max(LOOKUPS_MIN)
}

#[cfg(test)]
mod tests {
    use super::{Clockwork, aim_ns, cold_lookups_for, lookups_for, rounded};

    const QUICK: Clockwork = Clockwork { resolution_ns: 1.0, overhead_ns: 25.0 };

    #[test]
    fn the_clock_is_at_most_a_thousandth_of_a_batch() {
        let clock = |overhead_ns, resolution_ns| Clockwork { resolution_ns, overhead_ns };
        let near = |got: f64, want: f64| assert!((got / want - 1.0).abs() < 1e-12, "{got}");
        near(aim_ns(QUICK), 400_000.0);
        near(aim_ns(clock(1_000.0, 1.0)), 2_000_000.0);
        near(aim_ns(clock(25.0, 10_000_000.0)), 1e10);
    }

    #[test]
    fn numbers_of_lookups_are_round_and_not_too_small() {
        assert_eq!(rounded(21_449.7), 21_000);
        assert_eq!(rounded(1_951.0), 2_000);
        assert_eq!(rounded(99_600.0), 100_000);
        assert_eq!(rounded(3.0), 1_000);
        assert_eq!(rounded(f64::INFINITY), 10_000, "a lookup that took no time");
        assert_eq!(rounded(f64::NAN), 10_000);
    }

    #[test]
    fn the_least_disturbed_trial_counts() {
        let times = [9_000_000, 400_000, 3_000_000, 500_000, 401_000];
        let asked = lookups_for(QUICK, |_, which| times[which as usize % times.len()]);
        assert_eq!(asked, 20_000);
    }

    #[test]
    fn cold_bursts_are_as_many_as_fit_with_what_lies_between_them() {
        let ns_a_burst = |ns: u64| move |lookups: u64, _| ns * lookups / 16;
        assert_eq!(cold_lookups_for(16, ns_a_burst(250_000)), 16 * 16);
        assert_eq!(cold_lookups_for(16, ns_a_burst(100_000_000)), 4 * 16);
        assert_eq!(cold_lookups_for(16, ns_a_burst(0)), 1_000 * 16);
    }
}

//! Values of flags, and what was expected where one is not that.

use std::time::Duration;

use physseg::backend::RESERVED_MAX;

use super::Lookups;
use crate::layout::build::Build;
use crate::measure::churn::Scenario;
use crate::measure::{Mode, Target};
use crate::names::{BadName, UnknownName};
use crate::recording::ADDRESSES_MAX;
use crate::registry::{ArrayCapacity, Entry};
use crate::workload::WorkloadKind;

pub(super) fn processes(text: &str) -> Result<u32, String> {
    let processes = text.parse().ok().filter(|processes| (1..=1_000).contains(processes));
    processes.ok_or_else(|| "expected a number of processes, 1 to 1000".to_owned())
}

/// A percentage that `is_fine`, or what was expected.
fn percentage(text: &str, is_fine: fn(f64) -> bool, expected: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|&number| is_fine(number));
    number.ok_or_else(|| format!("expected {expected}"))
}

pub(super) fn precision(text: &str) -> Result<f64, String> {
    let expected = "percentage points above 0 and up to 100, as 0.5";
    percentage(text, |number| number > 0.0 && number <= 100.0, expected)
}

pub(super) fn equivalence(text: &str) -> Result<f64, String> {
    let expected = "a percentage above 0 and below 100, as 1";
    percentage(text, |number| number > 0.0 && number < 100.0, expected)
}

pub(super) fn gate(text: &str) -> Result<f64, String> {
    let expected = "a percentage, 0 or more, as 5";
    percentage(text, |number| number >= 0.0 && number.is_finite(), expected)
}

/// From a millisecond to a year.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let fits = Duration::from_millis(1)..=Duration::from_secs(365 * 24 * 3_600);
    match humantime::parse_duration(text) {
        Ok(duration) if fits.contains(&duration) => Ok(duration),
        Ok(_) => Err("expected a duration of 1 ms to 365 days, as 30s, 5m or 1h30m".to_owned()),
        Err(_) => Err("expected a duration with its unit, as 30s, 5m or 1h30m".to_owned()),
    }
}

/// A count, or `auto`.
pub(super) fn lookups(text: &str) -> Result<Lookups, String> {
    match text {
        "auto" => Ok(Lookups::Auto),
        _ => count(text).map(Lookups::Count).map_err(|expected| match text.as_bytes() {
            // Somebody meant a word.
            [b'a'..=b'z', ..] => format!("{expected}, or `auto`"),
            _ => expected,
        }),
    }
}

pub(super) fn backend(name: &str) -> Result<&'static Entry, String> {
    crate::registry::find(name).map_err(|error| error.to_string())
}

pub(super) fn workload(name: &str) -> Result<WorkloadKind, String> {
    name.parse().map_err(|error: BadName| error.to_string())
}

pub(super) fn mode(name: &str) -> Result<Mode, String> {
    name.parse().map_err(|error: BadName| error.to_string())
}

pub(super) fn target(name: &str) -> Result<Target, String> {
    name.parse().map_err(|error: UnknownName| error.to_string())
}

pub(super) fn scenario(name: &str) -> Result<Scenario, String> {
    name.parse().map_err(|error: UnknownName| error.to_string())
}

pub(super) fn build(name: &str) -> Result<Build, String> {
    match name {
        "auto" => Ok(Build::Auto),
        "replay" => Ok(Build::Replay),
        "final" => Ok(Build::Final),
        _ => Err(UnknownName::new("build", name, &["auto", "replay", "final"]).to_string()),
    }
}

/// As many as a static array takes memory for: what is called a limit must not be a slip that grows.
pub(super) fn array_capacity(text: &str) -> Result<ArrayCapacity, String> {
    if text == "unlimited" {
        return Ok(ArrayCapacity::Unlimited);
    }
    let capacity = text.parse().ok().filter(|capacity| (1..=RESERVED_MAX).contains(capacity));
    capacity.map(ArrayCapacity::Segments).ok_or_else(|| {
        format!(
            "expected a number of segments from 1 to {RESERVED_MAX}, for all of which an array takes \
             memory at once, or `unlimited` for one that grows as it is loaded"
        )
    })
}

/// A number of rounds.
pub(super) fn rounds(text: &str) -> Result<u32, String> {
    let rounds = text.parse().ok().filter(|&rounds| rounds > 0);
    rounds.ok_or_else(|| format!("expected a number of rounds, 1 or more, up to {}", u32::MAX))
}

/// A count with an optional K, M or G (powers of 1000), at least 1.
fn count(text: &str) -> Result<u64, String> {
    let expected = || "expected a count of 1 or more, as 100, 10K, 1M or 2G".to_owned();
    let (digits, factor) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1_000),
        Some((at, 'm' | 'M')) => (&text[..at], 1_000_000),
        Some((at, 'g' | 'G')) => (&text[..at], 1_000_000_000),
        _ => (text, 1),
    };
    let number: u64 = digits.parse().map_err(|_| expected())?;
    match number.checked_mul(factor) {
        Some(0) => Err(expected()),
        // A batch of 10^13 lookups would run for days; the checksum of addresses could wrap no
        // sooner, but nobody means it.
        Some(lookups) if lookups <= 10_000_000_000_000 => Ok(lookups),
        _ => Err("at most 10000G lookups in one batch".to_owned()),
    }
}

/// A number of addresses in a recording.
pub(super) fn addresses(text: &str) -> Result<u64, String> {
    let number = count(text).ok().filter(|&number| number <= ADDRESSES_MAX);
    number.ok_or_else(|| format!("expected a count from 1 to {ADDRESSES_MAX}, as 100K or 2M"))
}

#[cfg(test)]
mod tests {
    use super::{array_capacity, count, duration};
    use crate::registry::ArrayCapacity;

    #[test]
    fn counts_are_powers_of_a_thousand() {
        for (text, value) in [("1", 1), ("100", 100), ("10K", 10_000), ("1m", 1_000_000)] {
            assert_eq!(count(text), Ok(value));
        }
        assert_eq!(count("2G"), Ok(2_000_000_000));
        for bad in ["", "0", "0K", "K", "-1", "1.5M", "1KK", "99999999999999G", "1 K", "é"] {
            assert!(count(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn capacities_are_positive_or_unlimited() {
        assert_eq!(array_capacity("unlimited"), Ok(ArrayCapacity::Unlimited));
        assert_eq!(array_capacity("1"), Ok(ArrayCapacity::Segments(1)));
        assert_eq!(array_capacity("1048576"), Ok(ArrayCapacity::Segments(1 << 20)));
        for bad in ["0", "-3", "", "1048577", "99999999999", "99999999999999999999999"] {
            let why = array_capacity(bad).expect_err("refused");
            assert!(why.contains("1 to 1048576") && why.contains("`unlimited`"), "{bad}: {why}");
        }
    }

    #[test]
    fn durations_have_a_unit_and_a_range() {
        assert!(duration("90s").is_ok() && duration("1h30m").is_ok());
        for (bad, says) in [("5", "with its unit"), ("0s", "1 ms to 365 days"), ("2y", "365 days")]
        {
            let why = duration(bad).expect_err("refused");
            assert!(why.contains(says), "{bad}: {why}");
        }
    }
}

//! Values of flags that say how long and how precisely to measure, and what was expected where one is not
//! that.

use std::time::Duration;

use super::{Lookups, count};

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
    let duration = humantime::parse_duration(text).ok().filter(|duration| fits.contains(duration));
    duration.ok_or_else(|| "expected a duration with its unit, as 30s, 5m or 1h30m".to_owned())
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

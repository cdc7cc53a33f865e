//! The clock that is read, and the one that the core runs at.

use super::{Check, Examination, told};
use crate::machine::warnings::{is_coarse, is_slow, shortest_batch_us};

pub(super) fn timer(seen: &Examination) -> Check {
    const NAME: &str = "timer";
    const MEANING: &str =
        "A batch should last a thousand times as long as reading the clock takes.";
    let environment = &seen.environment;
    if !(environment.timer_overhead_ns > 0.0 && environment.timer_resolution_ns > 0.0) {
        return Check::unknown(NAME, MEANING);
    }
    let source = told(&environment.clock_source).map(|name| format!(", clock source {name}"));
    let value = format!(
        "step {:.0} ns, {:.0} ns a reading{}; batches from {:.0} us",
        environment.timer_resolution_ns,
        environment.timer_overhead_ns,
        source.unwrap_or_default(),
        shortest_batch_us(environment)
    );
    if is_slow(environment) || is_coarse(environment) {
        let advice = "Use more lookups a batch. On Linux the clock source `tsc` is the cheapest to \
                      read: boot with clocksource=tsc if the processor's is reliable.";
        return Check::warn(NAME, value, MEANING, advice);
    }
    Check::ok(NAME, value, MEANING)
}

pub(super) fn frequency(seen: &Examination) -> Check {
    const NAME: &str = "frequency";
    const MEANING: &str = "Unless it is held high, the clock follows the load: the first rounds are slower, and times \
         drift.";
    let driver = told(&seen.environment.scaling_driver);
    let Some(governor) = told(&seen.environment.governor) else {
        return Check::unknown(NAME, MEANING);
    };
    let value = match driver {
        Some(driver) => format!("governor {governor}, driver {driver}"),
        None => format!("governor {governor}"),
    };
    if governor == "performance" {
        return Check::ok(NAME, value, MEANING);
    }
    Check::warn(NAME, value, MEANING, "Set it: cpupower frequency-set -g performance.")
}

pub(super) fn turbo(seen: &Examination) -> Check {
    const NAME: &str = "turbo";
    const MEANING: &str =
        "With turbo the clock depends on heat, and on how many neighbouring cores are at work.";
    match told(&seen.environment.turbo) {
        None => Check::unknown(NAME, MEANING),
        Some("on") => {
            let driver = seen.environment.scaling_driver.as_str();
            let advice = if driver.starts_with("intel_pstate") || driver == "intel_cpufreq" {
                "Turn it off: echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo (as root)."
            } else {
                "Turn it off: echo 0 > /sys/devices/system/cpu/cpufreq/boost (as root)."
            };
            Check::warn(NAME, "on".to_owned(), MEANING, advice)
        }
        Some(other) => Check::ok(NAME, other.to_owned(), MEANING),
    }
}

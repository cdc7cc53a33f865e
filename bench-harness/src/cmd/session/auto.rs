//! `--lookups auto`: a batch long enough that the timer does not matter, and no longer.
//!
//! Two things pull. Reading the clock costs something and its reading is only so fine, so a batch
//! should be long. What disturbs a machine comes and goes, and what is slower than a round falls out of a change,
//! so a batch should be short; short ones also give more rounds in the same time, which average away
//! what is left. Below a millisecond or so nothing is gained any more.

use std::time::Duration;

use super::plan::{Part, Plan};
use crate::layout::build;
use crate::machine;
use crate::measure::Subject;
use crate::record::Environment;
use crate::registry::Options;

/// What a batch of the reference should take, unless the timer asks for more.
const TARGET: Duration = Duration::from_micros(400);

/// Two readings of the clock, and its step, are each at most this part of a batch.
const TIMER_PART_MAX: f64 = 0.001;

const LOOKUPS_MIN: u64 = 1_000;

/// Where nobody can do the layout there is nothing to time.
const LOOKUPS_OF_NOBODY: u64 = 10_000;

/// A batch that tells how long a lookup takes, and how many of them: the shortest was disturbed least.
const TRIAL_LOOKUPS: u64 = 20_000;
const TRIALS: u32 = 9;

/// Settles how many lookups the batches have that the timer decides. Builds the tables that tell.
pub(super) fn settle(plan: &mut Plan, environment: &Environment) {
    if plan.parts.iter().all(|part| part.auto.is_none()) {
        return;
    }
    let target_ns = target_ns(environment.timer_overhead_ns, environment.timer_resolution_ns);
    // On a thread of its own, which is pinned as the measurement will be and leaves this one free.
    let settled = std::thread::scope(|scope| {
        let plan: &Plan = plan;
        let settle = move || -> Vec<Option<u64>> {
            let _ = machine::pin_to_one_core();
            let of = |part: &Part| part.auto.is_some().then(|| lookups(plan, part, target_ns));
            plan.parts.iter().map(of).collect()
        };
        scope.spawn(settle).join().unwrap_or_default()
    });
    for (part, lookups) in plan.parts.iter_mut().zip(settled) {
        if let Some(lookups) = lookups {
            part.settle(lookups);
        }
    }
}

fn target_ns(overhead_ns: f64, resolution_ns: f64) -> f64 {
    let of_timer = (2.0 * overhead_ns).max(resolution_ns) / TIMER_PART_MAX;
    of_timer.max(TARGET.as_secs_f64() * 1e9)
}

/// How many lookups of the reference take `target_ns`, or of the first backend that can do the
/// layout.
fn lookups(plan: &Plan, part: &Part, target_ns: f64) -> u64 {
    let options = Options { build: plan.build, array_capacity: part.array_capacity };
    let to_build = build::Plan { layout: &part.layout, segments: &part.segments };
    let mut backends = std::iter::once(&plan.reference).chain(&plan.backends);
    let subject = backends.find_map(|entry| entry.build(&to_build, options).ok());
    let Some(subject) = subject else { return LOOKUPS_OF_NOBODY };
    round(target_ns / ns_per_lookup(plan, part, subject.as_ref()))
}

fn ns_per_lookup(plan: &Plan, part: &Part, subject: &dyn Subject) -> f64 {
    let trial = |which| {
        let batch = plan.batch(part, TRIAL_LOOKUPS, 0, u32::MAX - which);
        subject.run(&batch).elapsed_ns as f64 / TRIAL_LOOKUPS as f64
    };
    trial(0); // cold
    (1..=TRIALS).map(trial).fold(f64::INFINITY, f64::min)
}

/// Two significant digits, so that the number can be typed.
fn round(lookups: f64) -> u64 {
    let scale = 10_f64.powf(lookups.max(1.0).log10().floor() - 1.0);
    let rounded = (lookups / scale).round() * scale;
    // Not negative, and 10^12 lookups take hours even at a nanosecond each.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let rounded = if rounded < 1e12 { rounded.round() as u64 } else { LOOKUPS_OF_NOBODY };
    rounded.max(LOOKUPS_MIN)
}

#[cfg(test)]
mod tests {
    use super::{round, target_ns};

    #[test]
    fn the_timer_is_at_most_a_thousandth_of_a_batch() {
        let close = |got: f64, want: f64| assert!((got / want - 1.0).abs() < 1e-12, "{got} {want}");
        close(target_ns(25.0, 1.0), 400_000.0);
        close(target_ns(1_000.0, 1.0), 2_000_000.0);
        close(target_ns(25.0, 10_000_000.0), 1e10);
    }

    #[test]
    fn numbers_of_lookups_are_round_and_not_too_small() {
        assert_eq!(round(21_449.7), 21_000);
        assert_eq!(round(1_951.0), 2_000);
        assert_eq!(round(99_600.0), 100_000);
        assert_eq!(round(3.0), 1_000);
        assert_eq!(round(f64::INFINITY), 10_000, "a lookup that took no time");
        assert_eq!(round(f64::NAN), 10_000);
    }
}

//! What about the machine spoils a measurement, what it does to the figures, and what helps.

use crate::record::{Environment, UNKNOWN};

/// More runnable threads than this for each core means that somebody else is at work.
const LOAD_A_CORE_MAX: f64 = 0.5;
/// A reading that takes longer than this goes through the kernel.
const OVERHEAD_NS_MAX: f64 = 200.0;
/// A clock that steps more coarsely than this shows in batches of a millisecond.
const RESOLUTION_NS_MAX: f64 = 1_000.0;
/// The timer's part in a batch that can be left out of account.
const NEGLIGIBLE_PART: f64 = 1_000.0;

/// What is worth warning about, one sentence or two each: what it means, then what to do. What the
/// machine does not tell is not warned about.
pub fn warnings(environment: &Environment) -> Vec<String> {
    [load(environment), governor(environment), timer(environment)].into_iter().flatten().collect()
}

fn load(environment: &Environment) -> Option<String> {
    let (load, cores) = (environment.load_before?, environment.cores?);
    (cores > 0 && load > LOAD_A_CORE_MAX * f64::from(cores)).then(|| {
        format!(
            "load was {load:.2} on {cores} core(s) before the start: other programs compete for \
             cores and caches, which widens the intervals. Stop them, or wait, and measure again."
        )
    })
}

fn governor(environment: &Environment) -> Option<String> {
    let governor = environment.governor.as_str();
    (![UNKNOWN, "performance"].contains(&governor)).then(|| {
        format!(
            "the frequency governor is `{governor}`: the clock may change during the run, and the \
             first rounds may be slower. Set it to `performance` (cpupower frequency-set -g \
             performance) and measure again."
        )
    })
}

fn timer(environment: &Environment) -> Option<String> {
    let (overhead, resolution) = (environment.timer_overhead_ns, environment.timer_resolution_ns);
    let what = if overhead > OVERHEAD_NS_MAX {
        format!("reading the timer takes {overhead:.0} ns")
    } else if resolution > RESOLUTION_NS_MAX {
        format!("the timer steps by {resolution:.0} ns")
    } else {
        return None;
    };
    let shortest_us = overhead.max(resolution) * NEGLIGIBLE_PART / 1e3;
    Some(format!(
        "{what}: in batches under {shortest_us:.0} us that is more than 0.1 % of the time. Use more \
         lookups a batch; on Linux, the clock source `tsc` is the cheapest to read."
    ))
}

#[cfg(test)]
mod tests {
    use super::warnings;
    use crate::record::{Environment, UNKNOWN};

    fn quiet() -> Environment {
        Environment {
            cores: Some(2),
            load_before: Some(0.9),
            governor: "performance".to_owned(),
            timer_overhead_ns: 25.0,
            timer_resolution_ns: 20.0,
            ..crate::machine::capture()
        }
    }

    #[track_caller]
    fn only_warning(environment: &Environment, parts: &[&str]) {
        let warnings = warnings(environment);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        for part in parts {
            assert!(warnings[0].contains(part), "`{part}` is not in: {}", warnings[0]);
        }
    }

    #[test]
    fn a_quiet_machine_is_not_warned_about_nor_one_that_does_not_tell() {
        assert_eq!(warnings(&quiet()), [""; 0]);
        let silent =
            Environment { cores: None, load_before: None, governor: UNKNOWN.to_owned(), ..quiet() };
        assert_eq!(warnings(&silent), [""; 0]);
    }

    #[test]
    fn load_counts_by_the_core() {
        let busy = Environment { load_before: Some(1.1), ..quiet() };
        only_warning(&busy, &["load was 1.10 on 2 core(s)", "measure again"]);
        let wide = Environment { cores: Some(64), ..busy };
        assert_eq!(warnings(&wide), [""; 0]);
    }

    #[test]
    fn a_governor_that_changes_the_clock_is_named() {
        let saving = Environment { governor: "powersave".to_owned(), ..quiet() };
        only_warning(&saving, &["`powersave`", "cpupower frequency-set -g performance"]);
    }

    #[test]
    fn a_slow_or_coarse_timer_says_how_long_a_batch_should_be() {
        let slow = Environment { timer_overhead_ns: 700.0, ..quiet() };
        only_warning(&slow, &["takes 700 ns", "under 700 us", "more lookups a batch"]);
        let coarse = Environment { timer_resolution_ns: 1e6, ..quiet() };
        only_warning(&coarse, &["steps by 1000000 ns", "under 1000000 us"]);
    }
}

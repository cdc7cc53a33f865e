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

/// Less than this part of the memory available, and the kernel reclaims pages.
const AVAILABLE_MIN: f64 = 0.05;
/// As much, whatever part it is: room for the largest tables that fit a small machine.
const AVAILABLE_MIN_BYTES: u64 = 256 << 20;
/// Swap in use matters only while memory is short; else it holds what nobody has asked for since.
const AVAILABLE_WITH_SWAP_MIN: f64 = 0.25;

/// What is worth warning about, one sentence or two each: what it means, then what to do. What the
/// machine does not tell is not warned about.
///
/// Only what widens or biases a run of this program: paired rounds cancel a clock that drifts
/// slowly, and what others really did is for [`Watch`](super::Watch) to say, so a hypervisor, shared
/// cores and huge pages by themselves are left to [`doctor`](super::doctor).
pub fn warnings(environment: &Environment) -> Vec<String> {
    let all = [load, clock, timer, aslr, memory].map(|look| look(environment));
    all.into_iter().flatten().collect()
}

fn load(environment: &Environment) -> Option<String> {
    let (load, cores) = (environment.load_before?, environment.cores?);
    is_loaded(environment).then(|| {
        format!(
            "load was {load:.2} on {cores} core(s) before the start: other programs compete for \
             cores and caches, which widens the intervals. Stop them, or wait, and measure again."
        )
    })
}

/// Whether others wanted to run during the minute before.
pub(super) fn is_loaded(environment: &Environment) -> bool {
    let load = environment.load_before.zip(environment.cores);
    load.is_some_and(|(load, cores)| cores > 0 && load > LOAD_A_CORE_MAX * f64::from(cores))
}

/// Governor and turbo together: both let the clock change, and one sentence is enough.
fn clock(environment: &Environment) -> Option<String> {
    let governor = environment.governor.as_str();
    let governor = (![UNKNOWN, "performance"].contains(&governor)).then_some(governor);
    let turbo = environment.turbo == "on";
    let threads = if environment.smt == "on" {
        ", and two hardware threads share each core (SMT)"
    } else {
        ""
    };
    match (governor, turbo) {
        (None, false) => None,
        (Some(governor), turbo) => Some(format!(
            "the frequency governor is `{governor}`{}{threads}: the clock may change during the \
             run, and the first rounds may be slower. Set it to `performance` (cpupower \
             frequency-set -g performance) and measure again; `bench-harness doctor` says more.",
            if turbo { ", turbo is on" } else { "" }
        )),
        (None, true) => Some(format!(
            "turbo is on{threads}: the clock depends on heat and on what other cores do. Keep \
             them idle or turn it off; `bench-harness doctor` says how."
        )),
    }
}

fn timer(environment: &Environment) -> Option<String> {
    let what = if is_slow(environment) {
        format!("reading the timer takes {:.0} ns", environment.timer_overhead_ns)
    } else if is_coarse(environment) {
        format!("the timer steps by {:.0} ns", environment.timer_resolution_ns)
    } else {
        return None;
    };
    let shortest_us = shortest_batch_us(environment);
    Some(format!(
        "{what}: in batches under {shortest_us:.0} us that is more than 0.1 % of the time. Use more \
         lookups a batch; on Linux, the clock source `tsc` is the cheapest to read."
    ))
}

/// Whether reading the clock goes through the kernel.
pub(super) fn is_slow(environment: &Environment) -> bool {
    environment.timer_overhead_ns > OVERHEAD_NS_MAX
}

/// Whether the clock's steps show in ordinary batches.
pub(super) fn is_coarse(environment: &Environment) -> bool {
    environment.timer_resolution_ns > RESOLUTION_NS_MAX
}

/// The shortest batch in which the timer can be left out of account, in microseconds.
pub(super) fn shortest_batch_us(environment: &Environment) -> f64 {
    environment.timer_overhead_ns.max(environment.timer_resolution_ns) * NEGLIGIBLE_PART / 1e3
}

fn aslr(environment: &Environment) -> Option<String> {
    (environment.aslr == "off").then(|| {
        "address-space randomisation is off: code and data lie in the same place in every process, \
         so the luck of that place looks like a difference between backends. Switch it on (sysctl \
         kernel.randomize_va_space=2) and measure in several processes."
            .to_owned()
    })
}

fn memory(environment: &Environment) -> Option<String> {
    let mib = |bytes: u64| bytes >> 20;
    let available = mib(environment.memory_available_bytes?);
    if is_swapping(environment) {
        let used = mib(environment.swap_used_bytes?);
        return Some(format!(
            "{used} MiB are swapped out and {available} MiB of memory are available: a lookup may \
             wait for the disk. Stop programs that hold memory and measure again."
        ));
    }
    is_short_of_memory(environment).then(|| {
        format!(
            "only {available} MiB of memory are available: the kernel may reclaim pages while a \
             batch is timed. Stop programs that hold memory and measure again."
        )
    })
}

/// Whether so little memory is left that the kernel has to look for some.
pub(super) fn is_short_of_memory(environment: &Environment) -> bool {
    is_below(environment, AVAILABLE_MIN)
        || environment.memory_available_bytes.is_some_and(|bytes| bytes < AVAILABLE_MIN_BYTES)
}

/// Whether pages were swapped out and memory is still short.
pub(super) fn is_swapping(environment: &Environment) -> bool {
    environment.swap_used_bytes.is_some_and(|used| used > 0)
        && (is_below(environment, AVAILABLE_WITH_SWAP_MIN) || is_short_of_memory(environment))
}

fn is_below(environment: &Environment, part: f64) -> bool {
    let memory = environment.memory_available_bytes.zip(environment.memory_bytes);
    memory.is_some_and(|(available, all)| (available as f64) < part * all as f64)
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
            turbo: "off".to_owned(),
            aslr: "on".to_owned(),
            memory_bytes: Some(16 << 30),
            memory_available_bytes: Some(8 << 30),
            swap_used_bytes: Some(1 << 30),
            timer_overhead_ns: 25.0,
            timer_resolution_ns: 20.0,
            ..Environment::blank()
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
        assert_eq!(warnings(&Environment::blank()), [""; 0]);
        let virtual_machine =
            Environment { governor: UNKNOWN.to_owned(), hypervisor: "KVM".to_owned(), ..quiet() };
        assert_eq!(warnings(&virtual_machine), [""; 0]);
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
    fn all_about_the_clock_is_one_warning() {
        let turbo = Environment { turbo: "on".to_owned(), ..quiet() };
        only_warning(&turbo, &["turbo is on:", "doctor"]);
        let laptop =
            Environment { governor: "powersave".to_owned(), smt: "on".to_owned(), ..turbo };
        only_warning(&laptop, &["`powersave`, turbo is on, and two hardware threads"]);
        // By itself it is not known to do harm; the watch sees when it does.
        assert_eq!(warnings(&Environment { smt: "on".to_owned(), ..quiet() }), [""; 0]);
    }

    #[test]
    fn placement_that_is_always_the_same_is_a_bias() {
        let fixed = Environment { aslr: "off".to_owned(), ..quiet() };
        only_warning(&fixed, &["randomisation is off", "randomize_va_space=2"]);
    }

    #[test]
    fn memory_that_runs_out_is_said_once() {
        let full = Environment {
            memory_available_bytes: Some(300 << 20),
            swap_used_bytes: Some(0),
            ..quiet()
        };
        only_warning(&full, &["only 300 MiB"]);
        let swapping = Environment { swap_used_bytes: Some(512 << 20), ..full };
        only_warning(&swapping, &["512 MiB are swapped out and 300 MiB"]);
        let unknown = Environment { memory_available_bytes: None, ..swapping };
        assert_eq!(warnings(&unknown), [""; 0]);
    }

    #[test]
    fn a_slow_or_coarse_timer_says_how_long_a_batch_should_be() {
        let slow = Environment { timer_overhead_ns: 700.0, ..quiet() };
        only_warning(&slow, &["takes 700 ns", "under 700 us", "more lookups a batch"]);
        let coarse = Environment { timer_resolution_ns: 1e6, ..quiet() };
        only_warning(&coarse, &["steps by 1000000 ns", "under 1000000 us"]);
    }
}

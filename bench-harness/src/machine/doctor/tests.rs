//! What is said about machines that are not at hand.

use super::{Check, Examination, State};
use crate::machine::{CounterError, Disturbance, Event, PinError};
use crate::record::Environment;

/// A machine that tells nothing, as on a system that the program knows nothing about.
fn silent() -> Examination {
    Examination {
        environment: Environment::blank(),
        pinned: Err(PinError::Unsupported),
        siblings: None,
        disturbance: Disturbance::default(),
        counters: Err(CounterError::Unsupported),
    }
}

/// A server that was prepared for measuring.
fn prepared() -> Examination {
    let environment = Environment {
        cores: Some(8),
        hypervisor: "none".to_owned(),
        simd_kernel: "avx2".to_owned(),
        governor: "performance".to_owned(),
        scaling_driver: "intel_pstate".to_owned(),
        turbo: "off".to_owned(),
        smt: "off".to_owned(),
        aslr: "on".to_owned(),
        transparent_huge_pages: "madvise".to_owned(),
        memory_bytes: Some(64 << 30),
        memory_available_bytes: Some(60 << 30),
        swap_used_bytes: Some(0),
        clock_source: "tsc".to_owned(),
        timer_resolution_ns: 20.0,
        timer_overhead_ns: 23.0,
        load_before: Some(0.05),
        ..Environment::blank()
    };
    Examination {
        environment,
        pinned: Ok(7),
        siblings: Some(vec![7]),
        disturbance: Disturbance {
            steal_share: Some(0.0),
            other_cores_busy_share: Some(0.02),
            own_core_others_share: Some(0.0),
            sibling_busy_share: None,
            involuntary_switches: Some(1),
            wall_s: 0.3,
        },
        counters: Ok(Event::ALL.to_vec()),
    }
}

#[track_caller]
fn check(seen: &Examination, name: &str) -> Check {
    let checks = seen.checks();
    checks.iter().find(|check| check.name == name).expect("the check").clone()
}

/// `name` is warned about, with these words in what was found and what to do.
#[track_caller]
fn warned(seen: &Examination, name: &str, value: &str, advice: &str) {
    let check = check(seen, name);
    assert_eq!(check.state, State::Warn, "{check:?}");
    assert!(check.value.contains(value), "{check:?}");
    assert!(check.advice.as_ref().is_some_and(|text| text.contains(advice)), "{check:?}");
}

#[test]
fn a_machine_that_tells_nothing_is_unknown_and_never_warned_about() {
    for check in silent().checks() {
        assert_eq!(check.state, State::Unknown, "{check:?}");
        assert_eq!((check.value.as_str(), check.advice), ("unknown", None));
        assert!(!check.meaning.is_empty());
    }
}

#[test]
fn a_prepared_machine_is_in_order() {
    for check in prepared().checks() {
        assert_eq!((check.state, &check.advice), (State::Ok, &None), "{check:?}");
    }
    let found = |name| check(&prepared(), name).value;
    assert_eq!(found("timer"), "step 20 ns, 23 ns a reading, clock source tsc; batches from 23 us");
    assert_eq!(found("frequency"), "governor performance, driver intel_pstate");
    assert_eq!(found("pinning"), "core 7");
    assert_eq!(found("simd"), "avx2");
    assert_eq!(found("counters"), "instructions, cycles, branch misses, cache misses");
    assert_eq!(found("memory"), "60.0 GiB of 64.0 GiB available");
}

#[test]
fn checks_have_one_word_names_in_one_order() {
    let names = |seen: &Examination| seen.checks().iter().map(|c| c.name).collect::<Vec<_>>();
    let known = [
        "timer",
        "frequency",
        "turbo",
        "pinning",
        "smt",
        "hypervisor",
        "simd",
        "counters",
        "steal",
        "load",
        "other-cores",
        "own-core",
        "aslr",
        "huge-pages",
        "memory",
        "swap",
    ];
    assert_eq!(names(&prepared()), known);
    assert_eq!(names(&silent()), known);
}

#[test]
fn a_laptop_is_told_about_its_clock_and_its_threads() {
    let mut laptop = prepared();
    laptop.environment.governor = "powersave".to_owned();
    laptop.environment.turbo = "on".to_owned();
    laptop.environment.smt = "on".to_owned();
    laptop.environment.transparent_huge_pages = "always".to_owned();
    laptop.siblings = Some(vec![3, 7]);
    warned(&laptop, "frequency", "powersave", "frequency-set -g performance");
    warned(&laptop, "turbo", "on", "no_turbo");
    warned(&laptop, "smt", "core 7 shares with 3", "cpu3/online");
    warned(&laptop, "huge-pages", "always", "madvise");
    laptop.environment.scaling_driver = "acpi-cpufreq".to_owned();
    warned(&laptop, "turbo", "on", "cpufreq/boost");
    // Efficiency cores have one thread where the others have two.
    laptop.siblings = Some(vec![7]);
    assert_eq!(check(&laptop, "smt").state, State::Ok);
    laptop.siblings = None;
    warned(&laptop, "smt", "on", "smt/control");
}

#[test]
fn a_busy_virtual_machine_is_told_about_its_neighbours() {
    let mut busy = prepared();
    busy.environment.hypervisor = "KVM".to_owned();
    busy.environment.load_before = Some(4.01);
    busy.disturbance = Disturbance {
        steal_share: Some(0.1),
        other_cores_busy_share: Some(1.5),
        own_core_others_share: Some(0.3),
        involuntary_switches: Some(40),
        ..busy.disturbance
    };
    busy.counters = Err(CounterError::NoHardware);
    warned(&busy, "hypervisor", "KVM", "one sitting");
    warned(&busy, "load", "4.01 on 8 core(s)", "Stop");
    warned(&busy, "steal", "10.0 % in 0.3 s", "host");
    warned(&busy, "other-cores", "1.50 cores busy", "Stop");
    warned(&busy, "own-core", "others had 30.0 %, switched away 40 time(s)", "isolcpus");
    let counters = check(&busy, "counters");
    assert_eq!(counters.state, State::Ok);
    assert!(counters.value.starts_with("n/a: "), "{counters:?}");
}

#[test]
fn what_the_kernel_forbids_can_be_allowed() {
    let mut shut = prepared();
    shut.counters = Err(CounterError::Forbidden { paranoid: Some(3) });
    warned(&shut, "counters", "perf_event_paranoid is 3", "perf_event_paranoid=2");
    shut.pinned = Err(PinError::Refused(std::io::ErrorKind::PermissionDenied.into()));
    warned(&shut, "pinning", "refused", "cpusets");
    shut.environment.aslr = "off".to_owned();
    warned(&shut, "aslr", "off", "randomize_va_space=2");
}

#[test]
fn memory_and_clock_can_be_bad_too() {
    let mut bad = prepared();
    bad.environment.memory_available_bytes = Some(1 << 30);
    bad.environment.swap_used_bytes = Some(3 << 29);
    bad.environment.timer_overhead_ns = 700.0;
    warned(&bad, "memory", "1.0 GiB of 64.0 GiB", "Stop");
    warned(&bad, "swap", "1.5 GiB in use", "swapoff");
    warned(&bad, "timer", "700 ns a reading", "tsc");
}

//! Who else is at work.

use super::{Check, Examination, percent};
use crate::machine::warnings::is_loaded;

const STOP: &str = "Stop other programs, or wait, and measure again.";

pub(super) fn steal(seen: &Examination) -> Check {
    const NAME: &str = "steal";
    const MEANING: &str =
        "Time that the hypervisor gives to other machines lengthens the batches it is taken from.";
    let Some(share) = seen.disturbance.steal_share else { return Check::unknown(NAME, MEANING) };
    let value = format!("{} in {:.1} s", percent(share), seen.disturbance.wall_s);
    if seen.disturbance.time_was_stolen() {
        let advice =
            "Measure when the host is quieter, or on a machine with processors of its own.";
        return Check::warn(NAME, value, MEANING, advice);
    }
    Check::ok(NAME, value, MEANING)
}

pub(super) fn load(seen: &Examination) -> Check {
    const NAME: &str = "load";
    const MEANING: &str = "Threads that want to run, averaged over the last minute; they compete for cores and caches.";
    let Some(load) = seen.environment.load_before else { return Check::unknown(NAME, MEANING) };
    let value = match seen.environment.cores {
        Some(cores) => format!("{load:.2} on {cores} core(s)"),
        None => format!("{load:.2}"),
    };
    if is_loaded(&seen.environment) {
        return Check::warn(NAME, value, MEANING, STOP);
    }
    Check::ok(NAME, value, MEANING)
}

pub(super) fn other_cores(seen: &Examination) -> Check {
    const NAME: &str = "other-cores";
    const MEANING: &str =
        "Programs on other cores share the last cache and memory, and often the physical core.";
    let Some(busy) = seen.disturbance.other_cores_busy_share else {
        return Check::unknown(NAME, MEANING);
    };
    let value = format!("{busy:.2} cores busy in {:.1} s", seen.disturbance.wall_s);
    if seen.disturbance.others_were_busy() {
        return Check::warn(NAME, value, MEANING, STOP);
    }
    Check::ok(NAME, value, MEANING)
}

pub(super) fn own_core(seen: &Examination) -> Check {
    const NAME: &str = "own-core";
    const MEANING: &str = "Whoever else runs on the core measured on cuts into batches and leaves cold caches behind.";
    let disturbance = &seen.disturbance;
    let share =
        disturbance.own_core_others_share.map(|share| format!("others had {}", percent(share)));
    let switches = disturbance.involuntary_switches.map(|n| format!("switched away {n} time(s)"));
    let said: Vec<String> = [share, switches].into_iter().flatten().collect();
    if said.is_empty() {
        return Check::unknown(NAME, MEANING);
    }
    let value = format!("{} in {:.1} s", said.join(", "), disturbance.wall_s);
    if disturbance.core_was_shared() {
        let advice = "Stop what runs there, or keep it off that core (isolcpus, cpusets, interrupt \
                      affinity).";
        return Check::warn(NAME, value, MEANING, advice);
    }
    Check::ok(NAME, value, MEANING)
}

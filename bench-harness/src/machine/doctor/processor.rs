//! The core that is measured on: whether it can be kept, whom it is shared with, what it counts.

use super::{Check, Examination, told};
use crate::machine::{CounterError, pinning_in_words};

pub(super) fn pinning(seen: &Examination) -> Check {
    const NAME: &str = "pinning";
    const MEANING: &str =
        "A thread that stays on one core keeps its caches; each move costs some of them.";
    let value = pinning_in_words(&seen.pinned);
    match seen.pinned {
        Ok(_) => Check::ok(NAME, value, MEANING),
        Err(crate::machine::PinError::Unsupported) => Check::unknown(NAME, MEANING),
        Err(_) => {
            let advice = "Let the process choose its core (cpusets, seccomp), and keep others off \
                          the machine until then.";
            Check::warn(NAME, value, MEANING, advice)
        }
    }
}

pub(super) fn smt(seen: &Examination) -> Check {
    const NAME: &str = "smt";
    const MEANING: &str = "Two hardware threads of a core share its caches and execution units: what one does slows \
         the other.";
    let Some(smt) = told(&seen.environment.smt) else { return Check::unknown(NAME, MEANING) };
    let core = seen.pinned.as_ref().ok().copied();
    let others: Vec<u32> =
        seen.siblings.iter().flatten().copied().filter(|&s| Some(s) != core).collect();
    if smt != "on" {
        return Check::ok(NAME, smt.to_owned(), MEANING);
    }
    if seen.siblings.is_some() && others.is_empty() {
        return Check::ok(NAME, "on, but this core has one thread".to_owned(), MEANING);
    }
    let list = others.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let value = match core {
        Some(core) if !others.is_empty() => format!("on, core {core} shares with {list}"),
        _ => "on".to_owned(),
    };
    let advice = match others.first() {
        Some(other) => format!(
            "Keep programs off the other thread, or switch it off: echo 0 > \
             /sys/devices/system/cpu/cpu{other}/online (as root)."
        ),
        None => {
            "Switch it off: echo off > /sys/devices/system/cpu/smt/control (as root).".to_owned()
        }
    };
    Check::warn(NAME, value, MEANING, &advice)
}

pub(super) fn hypervisor(seen: &Examination) -> Check {
    const NAME: &str = "hypervisor";
    const MEANING: &str = "In a virtual machine others share the host's caches and cores unseen, and page tables are \
         walked twice.";
    match told(&seen.environment.hypervisor) {
        None => Check::unknown(NAME, MEANING),
        Some("none") => Check::ok(NAME, "none".to_owned(), MEANING),
        Some(name) => {
            let advice = "Compare only figures of one sitting, and repeat on a machine without a \
                          hypervisor what has to hold there.";
            Check::warn(NAME, name.to_owned(), MEANING, advice)
        }
    }
}

pub(super) fn simd(seen: &Examination) -> Check {
    const NAME: &str = "simd";
    const MEANING: &str = "The fastest kernel that this processor has for s-tree, which takes it; s-tree:KERNEL names \
         another.";
    match told(&seen.environment.simd_kernel) {
        None => Check::unknown(NAME, MEANING),
        Some(kernel) => Check::ok(NAME, kernel.to_owned(), MEANING),
    }
}

pub(super) fn counters(seen: &Examination) -> Check {
    const NAME: &str = "counters";
    const MEANING: &str = "Instructions, cycles and misses a lookup say why a backend is slow; times are measured \
         without them.";
    match &seen.counters {
        Ok(events) => {
            let names: Vec<&str> = events.iter().map(|event| event.as_str()).collect();
            Check::ok(NAME, names.join(", "), MEANING)
        }
        Err(CounterError::Unsupported) => Check::unknown(NAME, MEANING),
        Err(error @ CounterError::Forbidden { .. }) => {
            let advice = "Allow them: sysctl kernel.perf_event_paranoid=2 (as root); in a container, \
                          the system call perf_event_open.";
            Check::warn(NAME, format!("n/a: {error}"), MEANING, advice)
        }
        // Nothing that could be done about it, and nothing that the times lack.
        Err(error) => Check::ok(NAME, format!("n/a: {error}"), MEANING),
    }
}

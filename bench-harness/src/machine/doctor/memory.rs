//! Where memory comes from: placement, page size, how much is left.

use super::{Check, Examination, gib, told};
use crate::machine::warnings::{is_short_of_memory, is_swapping};

pub(super) fn aslr(seen: &Examination) -> Check {
    const NAME: &str = "aslr";
    const MEANING: &str = "Code and data lie elsewhere in every process: one process is one draw of a placement, \
         several show how much it matters.";
    match told(&seen.environment.aslr) {
        None => Check::unknown(NAME, MEANING),
        Some("off") => {
            let advice = "Switch it on: sysctl kernel.randomize_va_space=2 (as root), and do not \
                          start the program under setarch -R. Without it every process has the \
                          same placement, and its luck looks like an effect.";
            Check::warn(NAME, "off".to_owned(), MEANING, advice)
        }
        Some(other) => Check::ok(NAME, other.to_owned(), MEANING),
    }
}

pub(super) fn huge_pages(seen: &Examination) -> Check {
    const NAME: &str = "huge-pages";
    const MEANING: &str = "Large tables are faster on huge pages; with `always`, whether they get some depends on what \
         memory is free, and may change during a run.";
    match told(&seen.environment.transparent_huge_pages) {
        None => Check::unknown(NAME, MEANING),
        Some("always") => {
            let advice = "For layouts larger than the caches, set it to `madvise` or `never`: echo \
                          madvise > /sys/kernel/mm/transparent_hugepage/enabled (as root).";
            Check::warn(NAME, "always".to_owned(), MEANING, advice)
        }
        Some(other) => Check::ok(NAME, other.to_owned(), MEANING),
    }
}

pub(super) fn available(seen: &Examination) -> Check {
    const NAME: &str = "memory";
    const MEANING: &str =
        "Where memory is short the kernel reclaims pages while batches are timed.";
    let environment = &seen.environment;
    let value = match (environment.memory_available_bytes, environment.memory_bytes) {
        (Some(free), Some(all)) => format!("{} of {} available", gib(free), gib(all)),
        (Some(free), None) => format!("{} available", gib(free)),
        (None, _) => return Check::unknown(NAME, MEANING),
    };
    if is_short_of_memory(environment) {
        return Check::warn(NAME, value, MEANING, "Stop programs that hold memory.");
    }
    Check::ok(NAME, value, MEANING)
}

pub(super) fn swap(seen: &Examination) -> Check {
    const NAME: &str = "swap";
    const MEANING: &str =
        "A page that has been swapped out is read from disk when it is looked up.";
    let Some(used) = seen.environment.swap_used_bytes else { return Check::unknown(NAME, MEANING) };
    let value = if used == 0 { "none in use".to_owned() } else { format!("{} in use", gib(used)) };
    if is_swapping(&seen.environment) {
        return Check::warn(NAME, value, MEANING, "Free memory, then: swapoff -a && swapon -a.");
    }
    Check::ok(NAME, value, MEANING)
}

//! The machine and the program of a run as a table of the page.
//!
//! What the machine did not tell is "unknown", never left out: a reader must see the gap.

use super::markdown::escape;
use super::numbers::significant;
use super::text::clean;
use crate::record::{Environment, UNKNOWN};

/// The table as Markdown.
pub(super) fn machine(environment: &Environment) -> String {
    let mut text = "| | |\n|---|---|\n".to_owned();
    for (name, value) in rows(environment) {
        text += &format!("| {name} | {} |\n", escape(&value));
    }
    text
}

/// What is told of the machine and the program, each under its name; what stands between backticks in a name is code.
/// Nothing is escaped yet.
pub(super) fn rows(environment: &Environment) -> Vec<(&'static str, String)> {
    let known = or_unknown;
    let number = |value: Option<String>| value.unwrap_or_else(|| UNKNOWN.to_owned());
    let load =
        |value: Option<f64>| number(value.filter(|v| v.is_finite()).map(|v| format!("{v:.2}")));
    let nanoseconds = |value: f64| {
        let real = value.is_finite() && value > 0.0;
        number(real.then(|| format!("{} ns", significant(value, 3))))
    };
    let caches = if environment.caches.is_empty() {
        UNKNOWN.to_owned()
    } else {
        clean(&environment.caches.join(", "))
    };
    let real = |value: Option<f64>| value.filter(|value| value.is_finite());
    let percent = |value| number(real(value).map(|share| format!("{:.1} %", 100.0 * share)));
    vec![
        ("fingerprint of the machine", known(&environment.machine_fingerprint)),
        ("processor", known(&environment.cpu_model)),
        ("logical processors", number(environment.cores.map(|n| n.to_string()))),
        ("SIMD kernel of `s-tree`", known(&environment.simd_kernel)),
        ("caches", caches),
        (
            "memory, available before",
            format!(
                "{}, {}",
                number(environment.memory_bytes.map(bytes)),
                number(environment.memory_available_bytes.map(bytes))
            ),
        ),
        ("swap in use", number(environment.swap_used_bytes.map(bytes))),
        ("transparent huge pages", known(&environment.transparent_huge_pages)),
        ("page size", number(environment.page_size.map(bytes))),
        ("kernel", known(&environment.kernel)),
        ("hypervisor", known(&environment.hypervisor)),
        (
            "governor, driver, turbo",
            format!(
                "{}, {}, {}",
                known(&environment.governor),
                known(&environment.scaling_driver),
                known(&environment.turbo)
            ),
        ),
        ("hardware threads sharing a core (SMT)", known(&environment.smt)),
        ("address-space randomisation", known(&environment.aslr)),
        ("pinned to", known(&environment.pinned)),
        (
            "load before, after",
            format!("{}, {}", load(environment.load_before), load(environment.load_after)),
        ),
        (
            "others at work during the run",
            format!(
                "{} on other cores, {} of the own core, {} stolen by the hypervisor",
                number(real(environment.other_cores_busy_share).map(|busy| format!("{busy:.2}"))),
                percent(environment.own_core_others_share),
                percent(environment.steal_share)
            ),
        ),
        (
            "involuntary switches during the run",
            number(environment.involuntary_switches.map(|count| count.to_string())),
        ),
        (
            "timer step, cost, source",
            format!(
                "{}, {}, {}",
                nanoseconds(environment.timer_resolution_ns),
                nanoseconds(environment.timer_overhead_ns),
                known(&environment.clock_source)
            ),
        ),
        ("compiler", known(&environment.compiler)),
        ("flags", known(&environment.compiler_flags)),
        (
            "program",
            format!(
                "{}, commit {}",
                known(&environment.tool_version),
                known(&environment.tool_commit)
            ),
        ),
        ("seed", environment.seed.to_string()),
        (
            "started, ended",
            format!(
                "{}, {}",
                known(&environment.started),
                known(environment.ended.as_deref().unwrap_or("not ended"))
            ),
        ),
    ]
}

/// A text of the environment, or that it is not known.
pub(super) fn or_unknown(text: &str) -> String {
    if text.trim().is_empty() { UNKNOWN.to_owned() } else { clean(text) }
}

fn bytes(n: u64) -> String {
    let units = [(1_u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    units.into_iter().find(|(unit, _)| n >= *unit).map_or_else(
        || format!("{n} B"),
        |(unit, symbol)| {
            let text = format!("{:.1}", n as f64 / unit as f64);
            format!("{} {symbol}", text.trim_end_matches(".0"))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_memory() {
        assert_eq!(
            [512, 4096, 3_221_225_472, 1_610_612_736].map(bytes),
            ["512 B", "4 KiB", "3 GiB", "1.5 GiB"].map(String::from)
        );
    }
}

//! What Linux tells about itself in /proc and /sys.
//!
//! Reading is here, understanding in [`parse`], so that texts of other machines can be tested. Any
//! file may be missing, in containers and on other architectures; then that fact is unknown.

mod parse;

use std::fs;

use super::facts::Facts;
use super::watch::CoreTicks;

const CPUS: &str = "/sys/devices/system/cpu";
const CLOCK_SOURCE: &str = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
const HUGE_PAGES: &str = "/sys/kernel/mm/transparent_hugepage/enabled";

pub(super) fn facts() -> Facts {
    let cpuinfo = read("/proc/cpuinfo").unwrap_or_default();
    let meminfo = read("/proc/meminfo").unwrap_or_default();
    let device_tree = read("/sys/firmware/devicetree/base/model");
    Facts {
        cpu_model: parse::cpu_model(&cpuinfo).or(device_tree),
        cores: read_cpu("online")
            .and_then(|text| parse::list(&text))
            .and_then(|cores| u32::try_from(cores.len()).ok()),
        caches: caches(),
        hypervisor: parse::hypervisor(
            &cpuinfo,
            read("/sys/hypervisor/type").as_deref(),
            read("/sys/class/dmi/id/sys_vendor").as_deref(),
            read("/sys/class/dmi/id/product_name").as_deref(),
        ),
        governor: read_cpu("cpu0/cpufreq/scaling_governor"),
        turbo: parse::turbo(
            read_cpu("intel_pstate/no_turbo").as_deref(),
            read_cpu("cpufreq/boost").as_deref(),
        ),
        aslr: read("/proc/sys/kernel/randomize_va_space").and_then(|text| parse::aslr(&text)),
        memory_bytes: parse::memory_bytes(&meminfo),
        scaling_driver: read_cpu("cpu0/cpufreq/scaling_driver"),
        smt: read_cpu("smt/active").and_then(|text| parse::smt(&text)),
        clock_source: read(CLOCK_SOURCE),
        huge_pages: read(HUGE_PAGES).and_then(|text| parse::huge_pages(&text)),
        memory_available_bytes: parse::available_bytes(&meminfo),
        swap_used_bytes: parse::swap_used_bytes(&meminfo),
    }
}

/// Memory that a program could still get, in bytes.
pub(super) fn available_bytes() -> Option<u64> {
    parse::available_bytes(&read("/proc/meminfo")?)
}

/// What the limits on this process's addresses and on its data leave, in bytes; `None` without a limit.
pub(super) fn left_of_limit_bytes() -> Option<u64> {
    use rustix::process::{Resource, getrlimit};
    let status = read("/proc/self/status")?;
    let left = |limit, used: Option<u64>| Some(getrlimit(limit).current?.saturating_sub(used?));
    let addresses = left(Resource::As, parse::mapped_bytes(&status));
    let data = left(Resource::Data, parse::data_bytes(&status));
    addresses.into_iter().chain(data).min()
}

pub(super) fn load_average() -> Option<f64> {
    read("/proc/loadavg").and_then(|text| parse::load_average(&text))
}

pub(super) fn ignored_signals() -> Option<u64> {
    read("/proc/self/status").and_then(|text| parse::ignored_signals(&text))
}

pub(super) fn end_with_parent() {
    // Where it is refused nothing is lost but speed: the process notices later.
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

/// The hardware threads of the core that `core` is one of, itself among them.
pub(super) fn siblings(core: u32) -> Option<Vec<u32>> {
    let threads = read_cpu(&format!("cpu{core}/topology/thread_siblings_list"))?;
    parse::list(&threads)
}

/// What every core has done since boot, in [`tick_s`].
pub(super) fn ticks() -> Option<Vec<CoreTicks>> {
    parse::ticks(&read("/proc/stat")?)
}

/// A tick of [`ticks`] in seconds: 0.01 nearly everywhere.
pub(super) fn tick_s() -> f64 {
    1.0 / rustix::param::clock_ticks_per_second().max(1) as f64
}

/// How often the calling thread has lost its core without asking for it.
pub(super) fn involuntary_switches() -> Option<u64> {
    read("/proc/thread-self/status").and_then(|text| parse::involuntary_switches(&text))
}

/// What the kernel lets ordinary users count: -1 is everything, 2 their own programs, above that
/// some kernels allow nothing.
pub(super) fn perf_event_paranoid() -> Option<i32> {
    read("/proc/sys/kernel/perf_event_paranoid")?.parse().ok()
}

/// The first processor's caches, nearest first; the kernel numbers them without gaps.
fn caches() -> Vec<String> {
    let of = |index: u32, file: &str| read_cpu(&format!("cpu0/cache/index{index}/{file}"));
    (0..)
        .map_while(|index| Some((of(index, "level")?, of(index, "type")?, of(index, "size")?)))
        .filter_map(|(level, kind, size)| parse::cache(&level, &kind, &size))
        .collect()
}

fn read_cpu(file: &str) -> Option<String> {
    read(&format!("{CPUS}/{file}"))
}

/// The file's text without what surrounds it (the device tree ends its strings with a NUL); `None`
/// if it is missing, may not be read, or says nothing.
fn read(path: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!text.is_empty()).then(|| text.to_owned())
}

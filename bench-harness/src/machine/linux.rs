//! What Linux tells about itself in /proc and /sys.
//!
//! Reading is here, understanding in [`parse`], so that texts of other machines can be tested. Any
//! file may be missing, in containers and on other architectures; then that fact is unknown.

mod parse;

use std::fs;

use super::Facts;

const CPUS: &str = "/sys/devices/system/cpu";

pub(super) fn facts() -> Facts {
    let cpuinfo = read("/proc/cpuinfo").unwrap_or_default();
    let device_tree = read("/sys/firmware/devicetree/base/model");
    Facts {
        cpu_model: parse::cpu_model(&cpuinfo).or(device_tree),
        cores: read_cpu("online").and_then(|text| parse::count_of_list(&text)),
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
        memory_bytes: read("/proc/meminfo").and_then(|text| parse::memory_bytes(&text)),
    }
}

pub(super) fn load_average() -> Option<f64> {
    read("/proc/loadavg").and_then(|text| parse::load_average(&text))
}

pub(super) fn ignored_signals() -> Option<u64> {
    read("/proc/self/status").and_then(|text| parse::ignored_signals(&text))
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

//! The texts of /proc and /sys, understood. Text in, facts out; nothing is read here.

/// The value of the first line `key : value` whose key is one of `keys`, the earliest key first.
fn value_of<'a>(text: &'a str, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|key| {
        text.lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.trim() == *key)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    })
}

/// The processor's model from /proc/cpuinfo: by name where the architecture has names (x86, POWER,
/// RISC-V), by the numbers of its maker and part on arm64.
pub(super) fn cpu_model(cpuinfo: &str) -> Option<String> {
    if let Some(name) = value_of(cpuinfo, &["model name", "cpu", "uarch", "cpu model"]) {
        return Some(name.to_owned());
    }
    let implementer = value_of(cpuinfo, &["CPU implementer"])?;
    let part = value_of(cpuinfo, &["CPU part"])?;
    Some(format!("arm64 implementer {implementer} part {part}"))
}

/// How many numbers a list like `0-3,8,10-11` holds.
pub(super) fn count_of_list(text: &str) -> Option<u32> {
    let count = |range: &str| -> Option<u32> {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        last.checked_sub(first)?.checked_add(1)
    };
    text.split(',').try_fold(0_u32, |total, range| total.checked_add(count(range)?))
}

/// One cache, as `L1d 32 KiB`.
pub(super) fn cache(level: &str, kind: &str, size: &str) -> Option<String> {
    let letter = match kind {
        "Data" => "d",
        "Instruction" => "i",
        "Unified" => "",
        _ => return None,
    };
    let kib: u64 = match size.strip_suffix('K') {
        Some(kib) => kib.parse().ok()?,
        None => size.strip_suffix('M')?.parse::<u64>().ok()?.checked_mul(1024)?,
    };
    if kib >= 1024 && kib.is_multiple_of(1024) {
        return Some(format!("L{level}{letter} {} MiB", kib / 1024));
    }
    Some(format!("L{level}{letter} {kib} KiB"))
}

/// Under what the system runs: a name, `none`, or unknown.
///
/// The firmware names the well-known ones. Without a name, x86 processors carry a flag that says
/// whether there is one; other architectures have no such flag, so there its absence proves nothing.
pub(super) fn hypervisor(
    cpuinfo: &str,
    kind: Option<&str>,
    vendor: Option<&str>,
    product: Option<&str>,
) -> Option<String> {
    let flags = value_of(cpuinfo, &["flags"]);
    let flagged = flags.map(|flags| flags.split_whitespace().any(|flag| flag == "hypervisor"));
    let firmware = format!("{} {}", vendor.unwrap_or_default(), product.unwrap_or_default());
    let known = [
        ("VirtualBox", "VirtualBox"),
        ("VMware", "VMware"),
        ("Microsoft Corporation Virtual Machine", "Hyper-V"),
        ("Amazon EC2", "Amazon EC2"),
        ("Google Compute Engine", "Google Compute Engine"),
        ("Parallels", "Parallels"),
        ("KVM", "KVM"),
        ("QEMU", "QEMU"),
    ];
    let named = || known.iter().find(|(mark, _)| firmware.contains(mark)).map(|&(_, name)| name);
    match flagged {
        // Firmware names clouds on their bare machines too; the flag decides.
        Some(false) => Some(kind.unwrap_or("none").to_owned()),
        Some(true) => Some(kind.or_else(named).unwrap_or("yes, not named").to_owned()),
        None => kind.or_else(named).map(str::to_owned),
    }
}

/// Turbo or boost from the files `intel_pstate/no_turbo` and `cpufreq/boost`.
pub(super) fn turbo(no_turbo: Option<&str>, boost: Option<&str>) -> Option<String> {
    let on = match (no_turbo, boost) {
        (Some("0"), _) | (None, Some("1")) => true,
        (Some("1"), _) | (None, Some("0")) => false,
        _ => return None,
    };
    Some(if on { "on" } else { "off" }.to_owned())
}

/// Address-space layout randomisation from `randomize_va_space`.
pub(super) fn aslr(text: &str) -> Option<String> {
    let words = match text {
        "0" => "off",
        "1" => "on, without the heap",
        "2" => "on",
        _ => return None,
    };
    Some(words.to_owned())
}

/// Memory in bytes from /proc/meminfo, which calls 1024 bytes a kB.
pub(super) fn memory_bytes(meminfo: &str) -> Option<u64> {
    let (kib, unit) = value_of(meminfo, &["MemTotal"])?.split_once(' ')?;
    (unit == "kB").then(|| kib.parse::<u64>().ok()?.checked_mul(1024)).flatten()
}

/// The one-minute average from /proc/loadavg.
pub(super) fn load_average(loadavg: &str) -> Option<f64> {
    let load: f64 = loadavg.split_whitespace().next()?.parse().ok()?;
    (load.is_finite() && load >= 0.0).then_some(load)
}

/// The mask of ignored signals from /proc/PID/status.
pub(super) fn ignored_signals(status: &str) -> Option<u64> {
    u64::from_str_radix(value_of(status, &["SigIgn"])?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::{
        aslr, cache, count_of_list, cpu_model, hypervisor, ignored_signals, load_average,
        memory_bytes, turbo,
    };

    #[test]
    fn ignored_signals_are_a_mask() {
        let status = "Name:\tx\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000003\n";
        assert_eq!(ignored_signals(status), Some(3));
        assert_eq!(ignored_signals("Name:\tx\n"), None);
        assert_eq!(ignored_signals("SigIgn:\tzz\n"), None);
    }

    const X86: &str = "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel\t\t: 17\n\
        model name\t: AMD EPYC 9B14\nflags\t\t: fpu vme hypervisor lahf_lm\n\nprocessor\t: 1\n";
    const X86_BARE: &str = "model name\t: Intel(R) Core(TM) i7-8700 CPU @ 3.20GHz\n\
        flags\t\t: fpu vme vmx\n";
    const ARM64: &str = "processor\t: 0\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\n\
        CPU architecture: 8\nCPU part\t: 0xd0c\n";

    #[test]
    fn processors_have_names_or_numbers() {
        assert_eq!(cpu_model(X86).as_deref(), Some("AMD EPYC 9B14"));
        assert_eq!(cpu_model(ARM64).as_deref(), Some("arm64 implementer 0x41 part 0xd0c"));
        let power = "processor\t: 0\ncpu\t\t: POWER9, altivec supported\n";
        assert_eq!(cpu_model(power).as_deref(), Some("POWER9, altivec supported"));
        for nothing in ["", "model name :\n", "no colons here"] {
            assert_eq!(cpu_model(nothing), None);
        }
    }

    #[test]
    fn lists_of_processors_are_counted() {
        for (list, count) in [("0", 1), ("0-1", 2), ("0-3,8,10-11", 7)] {
            assert_eq!(count_of_list(list), Some(count));
        }
        for bad in ["", "a", "3-1", "0-4294967295", "0-"] {
            assert_eq!(count_of_list(bad), None, "{bad}");
        }
    }

    #[test]
    fn caches_are_named_as_people_do() {
        assert_eq!(cache("1", "Data", "32K").as_deref(), Some("L1d 32 KiB"));
        assert_eq!(cache("1", "Instruction", "48K").as_deref(), Some("L1i 48 KiB"));
        assert_eq!(cache("2", "Unified", "1280K").as_deref(), Some("L2 1280 KiB"));
        assert_eq!(cache("3", "Unified", "32768K").as_deref(), Some("L3 32 MiB"));
        assert_eq!(cache("3", "Unified", "16M").as_deref(), Some("L3 16 MiB"));
        assert_eq!(cache("1", "Trace", "12K"), None);
        assert_eq!(cache("1", "Data", "32"), None);
    }

    #[test]
    fn hypervisors_are_named_where_anything_names_them() {
        let under = |cpuinfo, kind, vendor, product| hypervisor(cpuinfo, kind, vendor, product);
        let name = under(X86, None, Some("innotek GmbH"), Some("VirtualBox"));
        assert_eq!(name.as_deref(), Some("VirtualBox"));
        let name = under(X86, None, Some("Microsoft Corporation"), Some("Virtual Machine"));
        assert_eq!(name.as_deref(), Some("Hyper-V"));
        assert_eq!(under(X86, Some("xen"), None, None).as_deref(), Some("xen"));
        assert_eq!(under(X86, None, None, None).as_deref(), Some("yes, not named"));
        assert_eq!(under(X86_BARE, None, Some("LENOVO"), None).as_deref(), Some("none"));
        let bare_cloud = under(X86_BARE, None, Some("Amazon EC2"), Some("c5.metal"));
        assert_eq!(bare_cloud.as_deref(), Some("none"));
        assert_eq!(
            under(ARM64, None, Some("QEMU"), Some("KVM Virtual Machine")).as_deref(),
            Some("KVM")
        );
        assert_eq!(under(ARM64, None, None, None), None);
    }

    #[test]
    fn settings_are_words_and_what_is_new_is_unknown() {
        assert_eq!(turbo(Some("0"), None).as_deref(), Some("on"));
        assert_eq!(turbo(Some("1"), Some("1")).as_deref(), Some("off"));
        assert_eq!(turbo(None, Some("1")).as_deref(), Some("on"));
        assert_eq!(turbo(None, Some("0")).as_deref(), Some("off"));
        assert_eq!((turbo(None, None), turbo(Some("x"), None)), (None, None));
        assert_eq!(aslr("2").as_deref(), Some("on"));
        assert_eq!(aslr("0").as_deref(), Some("off"));
        assert_eq!(aslr("3"), None);
    }

    #[test]
    fn memory_and_load() {
        let meminfo = "MemTotal:       16384000 kB\nMemFree:         1000 kB\n";
        assert_eq!(memory_bytes(meminfo), Some(16_384_000 * 1024));
        assert_eq!(memory_bytes("MemTotal: 99999999999999999999 kB\n"), None);
        assert_eq!(memory_bytes("MemFree: 1 kB\n"), None);
        assert_eq!(load_average("2.29 0.64 0.24 3/113 8697\n"), Some(2.29));
        for bad in ["", "x", "NaN 0 0", "-1 0 0"] {
            assert_eq!(load_average(bad), None);
        }
    }
}

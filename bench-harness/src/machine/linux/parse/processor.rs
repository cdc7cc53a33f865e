//! What the processor is: model, caches, what it runs under, which of its threads belong together.

use super::value_of;

/// The processor's model from /proc/cpuinfo: by name where the architecture has names (x86, POWER,
/// RISC-V), by the numbers of its maker and part on arm64.
pub(in crate::machine) fn cpu_model(cpuinfo: &str) -> Option<String> {
    if let Some(name) = value_of(cpuinfo, &["model name", "cpu", "uarch", "cpu model"]) {
        return Some(name.to_owned());
    }
    let implementer = value_of(cpuinfo, &["CPU implementer"])?;
    let part = value_of(cpuinfo, &["CPU part"])?;
    Some(format!("arm64 implementer {implementer} part {part}"))
}

/// The numbers in a list like `0-3,8,10-11`, ascending as the kernel writes them. No machine has
/// more processors than [`PROCESSORS_MAX`]; a list that claims it is not one.
pub(in crate::machine) fn list(text: &str) -> Option<Vec<u32>> {
    let mut numbers = Vec::new();
    for range in text.trim().split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        if first > last || last >= PROCESSORS_MAX {
            return None;
        }
        numbers.extend(first..=last);
    }
    Some(numbers)
}

/// More than any kernel can be built for.
const PROCESSORS_MAX: u32 = 65_536;

/// One cache, as `L1d 32 KiB`.
pub(in crate::machine) fn cache(level: &str, kind: &str, size: &str) -> Option<String> {
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
pub(in crate::machine) fn hypervisor(
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

#[cfg(test)]
mod tests {
    use super::{cache, cpu_model, hypervisor, list};

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
    fn lists_of_processors_are_spelled_out() {
        for (text, numbers) in
            [("0", vec![0]), ("0-1\n", vec![0, 1]), ("0-3,8,10-11", vec![0, 1, 2, 3, 8, 10, 11])]
        {
            assert_eq!(list(text), Some(numbers));
        }
        for bad in ["", "a", "3-1", "0-4294967295", "0-", "70000"] {
            assert_eq!(list(bad), None, "{bad}");
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
}

//! How much memory there is, how much of it is free, and how it is mapped.

use super::value_of;

/// Memory in bytes.
pub(in crate::machine) fn memory_bytes(meminfo: &str) -> Option<u64> {
    bytes(meminfo, "MemTotal")
}

/// Memory that a program could still get without swapping, in bytes, as the kernel estimates it.
pub(in crate::machine) fn available_bytes(meminfo: &str) -> Option<u64> {
    bytes(meminfo, "MemAvailable")
}

/// Swap space that is taken, in bytes; 0 where there is no swap.
pub(in crate::machine) fn swap_used_bytes(meminfo: &str) -> Option<u64> {
    bytes(meminfo, "SwapTotal")?.checked_sub(bytes(meminfo, "SwapFree")?)
}

/// What a process has mapped, in bytes, from /proc/PID/status.
pub(in crate::machine) fn mapped_bytes(status: &str) -> Option<u64> {
    bytes(status, "VmSize")
}

/// Memory for data of this process, from `VmData` in its status.
pub(in crate::machine) fn data_bytes(status: &str) -> Option<u64> {
    bytes(status, "VmData")
}

/// A line of /proc/meminfo or /proc/PID/status, which call 1024 bytes a kB.
fn bytes(text: &str, key: &str) -> Option<u64> {
    let (kib, unit) = value_of(text, &[key])?.split_once(' ')?;
    (unit == "kB").then(|| kib.parse::<u64>().ok()?.checked_mul(1024)).flatten()
}

/// The choice that is made in a file like `always [madvise] never`.
pub(in crate::machine) fn huge_pages(text: &str) -> Option<String> {
    let chosen = text.split_whitespace().find_map(|word| word.strip_prefix('[')?.strip_suffix(']'));
    chosen.filter(|word| !word.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{available_bytes, huge_pages, mapped_bytes, memory_bytes, swap_used_bytes};

    const LAPTOP: &str = "MemTotal:       16384000 kB\nMemFree:         1000 kB\n\
        MemAvailable:    8000000 kB\nSwapCached:         12 kB\nSwapTotal:       2097148 kB\n\
        SwapFree:        2000000 kB\n";

    #[test]
    fn memory_is_counted_in_bytes() {
        assert_eq!(memory_bytes(LAPTOP), Some(16_384_000 * 1024));
        assert_eq!(available_bytes(LAPTOP), Some(8_000_000 * 1024));
        assert_eq!(swap_used_bytes(LAPTOP), Some(97_148 * 1024));
        assert_eq!(swap_used_bytes("SwapTotal: 0 kB\nSwapFree: 0 kB\n"), Some(0));
    }

    #[test]
    fn what_a_process_has_mapped_is_counted_likewise() {
        let status = "Name:\tx\nVmPeak:\t    4096 kB\nVmSize:\t    3072 kB\nVmLck:\t 0 kB\n";
        assert_eq!(mapped_bytes(status), Some(3 << 20));
        assert_eq!(mapped_bytes("Name:\tkthreadd\n"), None);
    }

    #[test]
    fn what_is_missing_or_out_of_range_is_unknown() {
        assert_eq!(memory_bytes("MemTotal: 99999999999999999999 kB\n"), None);
        assert_eq!(memory_bytes("MemFree: 1 kB\n"), None);
        assert_eq!(memory_bytes("MemTotal: 1 pages\n"), None);
        // Kernels before 3.14 do not estimate what is available.
        assert_eq!(available_bytes("MemTotal: 5 kB\nMemFree: 1 kB\n"), None);
        assert_eq!(swap_used_bytes("SwapTotal: 1 kB\nSwapFree: 2 kB\n"), None);
        assert_eq!(swap_used_bytes("SwapTotal: 1 kB\n"), None);
    }

    #[test]
    fn the_bracketed_word_is_chosen() {
        assert_eq!(huge_pages("always [madvise] never\n").as_deref(), Some("madvise"));
        assert_eq!(huge_pages("[always] madvise never").as_deref(), Some("always"));
        for nothing in ["", "always madvise never", "[]", "[never"] {
            assert_eq!(huge_pages(nothing), None, "{nothing}");
        }
    }
}

//! What the system tells about itself, in one piece; and the few facts that every unix tells alike.

#[cfg(unix)]
use std::ffi::CStr;

use crate::record::UNKNOWN;

/// What the system tells about itself; whatever it does not tell is left at the default.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Facts {
    pub(super) cpu_model: Option<String>,
    pub(super) cores: Option<u32>,
    pub(super) caches: Vec<String>,
    pub(super) hypervisor: Option<String>,
    pub(super) governor: Option<String>,
    pub(super) scaling_driver: Option<String>,
    pub(super) turbo: Option<String>,
    pub(super) smt: Option<String>,
    pub(super) aslr: Option<String>,
    pub(super) clock_source: Option<String>,
    pub(super) huge_pages: Option<String>,
    pub(super) memory_bytes: Option<u64>,
    pub(super) memory_available_bytes: Option<u64>,
    pub(super) swap_used_bytes: Option<u64>,
}

impl Facts {
    #[cfg(target_os = "linux")]
    pub(super) fn read() -> Self {
        super::linux::facts()
    }

    /// The number of processors that this process may use stands for those online: nothing portable
    /// counts them.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn read() -> Self {
        let cores = std::thread::available_parallelism().ok();
        Self { cores: cores.and_then(|cores| u32::try_from(cores.get()).ok()), ..Self::default() }
    }
}

/// Bytes of the second-level cache among `caches`, which are written as `L2 1280 KiB`.
pub(super) fn level2_bytes(caches: &[String]) -> Option<u64> {
    let size = caches.iter().find_map(|cache| cache.strip_prefix("L2 "))?;
    let (number, unit) = size.split_once(' ')?;
    let unit = match unit {
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

/// System, release and processor architecture, as uname(2) has them.
#[cfg(unix)]
pub(super) fn kernel() -> String {
    let name = rustix::system::uname();
    let parts = [name.sysname(), name.release(), name.machine()];
    parts.map(CStr::to_string_lossy).join(" ")
}

#[cfg(not(unix))]
pub(super) fn kernel() -> String {
    UNKNOWN.to_owned()
}

/// Bytes in a page of the running system.
#[allow(clippy::unnecessary_wraps)] // elsewhere there is none
#[cfg(unix)]
pub(super) fn page_size() -> Option<u64> {
    u64::try_from(rustix::param::page_size()).ok()
}

#[cfg(not(unix))]
pub(super) fn page_size() -> Option<u64> {
    None
}

/// The fact, or that the machine does not tell it.
pub(super) fn or_unknown(fact: Option<String>) -> String {
    fact.unwrap_or_else(|| UNKNOWN.to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    #[test]
    fn the_second_level_is_found_among_the_caches() {
        let caches = |all: &[&str]| all.iter().map(|&cache| cache.to_owned()).collect::<Vec<_>>();
        let bytes = |all: &[&str]| super::level2_bytes(&caches(all));
        assert_eq!(bytes(&["L1d 32 KiB", "L2 1280 KiB", "L3 32 MiB"]), Some(1280 << 10));
        assert_eq!(bytes(&["L2 2 MiB"]), Some(2 << 20));
        assert_eq!((bytes(&[]), bytes(&["L2 x KiB"]), bytes(&["L2d 1 MiB"])), (None, None, None));
    }

    #[test]
    fn the_page_size_is_a_power_of_two() {
        assert!(super::page_size().is_some_and(u64::is_power_of_two));
        assert!(super::kernel().contains(' '));
    }
}

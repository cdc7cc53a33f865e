//! How much memory this process could still get, for messages about memory that it did not get.

use std::fmt::{self, Display};

/// Memory that this process could still get.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Available {
    /// Bytes.
    pub bytes: u64,
    /// Whether a limit of the process's own (`ulimit -v`, `ulimit -d`) leaves no more, rather than the machine.
    pub limited: bool,
}

impl Available {
    /// What this process could get now; `None` where the system does not tell.
    pub fn now() -> Option<Self> {
        #[cfg(target_os = "linux")]
        return Self::least(super::linux::available_bytes(), super::linux::left_of_limit_bytes());
        #[cfg(not(target_os = "linux"))]
        None
    }

    /// The lesser of what the machine has and what the limit leaves.
    #[cfg(any(target_os = "linux", test))]
    fn least(machine: Option<u64>, limit: Option<u64>) -> Option<Self> {
        match (machine, limit) {
            (Some(bytes), limit) if limit.is_none_or(|limit| bytes <= limit) => {
                Some(Self { bytes, limited: false })
            }
            (_, limit) => limit.map(|bytes| Self { bytes, limited: true }),
        }
    }
}

impl Display for Available {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = bytes_in_words(self.bytes);
        if self.limited {
            return write!(f, "the limit of this process (ulimit -v or -d) leaves {bytes}");
        }
        write!(f, "{bytes} are available")
    }
}

/// To follow what somebody wanted: `; 3.2 GiB are available`, or nothing where that is unknown.
pub fn beside_available() -> String {
    Available::now().map(|available| format!("; {available}")).unwrap_or_default()
}

/// A size in KiB, from one on in MiB, and then in GiB.
pub fn bytes_in_words(bytes: u64) -> String {
    let kib = bytes as f64 / 1024.0;
    match kib / 1024.0 {
        mib if mib >= 1024.0 => format!("{:.1} GiB", mib / 1024.0),
        mib if mib >= 1.0 => format!("{mib:.0} MiB"),
        _ => format!("{kib:.0} KiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Available, bytes_in_words};

    #[test]
    fn the_lesser_of_machine_and_limit_is_what_there_is() {
        let words = |machine, limit| Available::least(machine, limit).map(|it| it.to_string());
        let machine = Some("3.0 GiB are available".to_owned());
        assert_eq!(words(Some(3 << 30), None), machine);
        assert_eq!(words(Some(3 << 30), Some(4 << 30)), machine);
        let limit = Some("the limit of this process (ulimit -v or -d) leaves 512 MiB".to_owned());
        assert_eq!(words(Some(3 << 30), Some(512 << 20)), limit);
        assert_eq!(words(None, Some(512 << 20)), limit);
        assert_eq!(words(None, None), None);
    }

    #[test]
    fn sizes_are_said_in_the_unit_that_fits() {
        assert_eq!(bytes_in_words(33 * 72), "2 KiB");
        assert_eq!(bytes_in_words(72 << 20), "72 MiB");
        assert_eq!(bytes_in_words(9 << 29), "4.5 GiB");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_tells_how_much_there_is() {
        assert!(Available::now().is_some_and(|available| available.bytes > 0));
    }
}

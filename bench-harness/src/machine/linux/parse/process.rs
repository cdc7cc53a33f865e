//! What the kernel says about this process: /proc/PID/status, and that of a thread.

use super::value_of;

/// The mask of ignored signals from /proc/PID/status.
pub(in crate::machine) fn ignored_signals(status: &str) -> Option<u64> {
    u64::from_str_radix(value_of(status, &["SigIgn"])?, 16).ok()
}

/// How often the thread lost its core without having asked for it.
pub(in crate::machine) fn involuntary_switches(status: &str) -> Option<u64> {
    value_of(status, &["nonvoluntary_ctxt_switches"])?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{ignored_signals, involuntary_switches};

    #[test]
    fn ignored_signals_are_a_mask() {
        let status = "Name:\tx\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000003\n";
        assert_eq!(ignored_signals(status), Some(3));
        assert_eq!(ignored_signals("Name:\tx\n"), None);
        assert_eq!(ignored_signals("SigIgn:\tzz\n"), None);
    }

    #[test]
    fn switches_are_counted() {
        let status = "voluntary_ctxt_switches:\t150\nnonvoluntary_ctxt_switches:\t545\n";
        assert_eq!(involuntary_switches(status), Some(545));
        assert_eq!(involuntary_switches("voluntary_ctxt_switches:\t150\n"), None);
        assert_eq!(involuntary_switches("nonvoluntary_ctxt_switches:\t-1\n"), None);
    }
}

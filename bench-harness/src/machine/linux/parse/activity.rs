//! How busy the machine is: /proc/loadavg and the lines of /proc/stat for each core.

use crate::machine::watch::CoreTicks;

/// The one-minute average from /proc/loadavg.
pub(in crate::machine) fn load_average(loadavg: &str) -> Option<f64> {
    let load: f64 = loadavg.split_whitespace().next()?.parse().ok()?;
    (load.is_finite() && load >= 0.0).then_some(load)
}

/// What every core did since boot, from /proc/stat: one line a core, in ticks of user, nice, system,
/// idle, iowait, irq, softirq, steal, guest and `guest_nice`. `None` if no line is understood.
///
/// Guests' time is in user and nice already. Waiting for a disk leaves the core free, and what the
/// hypervisor took is not work of this machine: both are not busy.
pub(in crate::machine) fn ticks(stat: &str) -> Option<Vec<CoreTicks>> {
    let cores: Vec<CoreTicks> = stat.lines().filter_map(core).collect();
    (!cores.is_empty()).then_some(cores)
}

fn core(line: &str) -> Option<CoreTicks> {
    let mut words = line.split_ascii_whitespace();
    // The first line, `cpu`, is the sum of the others.
    let core = words.next()?.strip_prefix("cpu")?.parse().ok()?;
    let ticks: Vec<u64> = words.map_while(|word| word.parse().ok()).collect();
    let &[user, nice, system, _idle, _iowait, irq, softirq, ref rest @ ..] = ticks.as_slice()
    else {
        return None;
    };
    let busy = [user, nice, system, irq, softirq].into_iter().fold(0, u64::saturating_add);
    // Kernels before 2.6.11 know of no steal.
    Some(CoreTicks { core, busy, steal: rest.first().copied() })
}

#[cfg(test)]
mod tests {
    use super::{load_average, ticks};
    use crate::machine::watch::CoreTicks;

    #[test]
    fn load_is_a_number_from_zero() {
        assert_eq!(load_average("2.29 0.64 0.24 3/113 8697\n"), Some(2.29));
        for bad in ["", "x", "NaN 0 0", "-1 0 0"] {
            assert_eq!(load_average(bad), None);
        }
    }

    #[test]
    fn every_core_has_a_line_and_the_sum_is_left_out() {
        let stat = "cpu  784291 0 93909 1421913 7206 0 1076 1224 0 0\n\
            cpu0 329797 1 43069 778403 2272 3 147 604 9 9\n\
            cpu11 454494 0 50839 643510 4933 0 929 619 0 0\n\
            intr 5713825 0 0\nctxt 1\nbtime 1\nsoftirq 5 4 3\n";
        let first = CoreTicks { core: 0, busy: 329_797 + 1 + 43_069 + 3 + 147, steal: Some(604) };
        let second = CoreTicks { core: 11, busy: 454_494 + 50_839 + 929, steal: Some(619) };
        assert_eq!(ticks(stat), Some(vec![first, second]));
    }

    #[test]
    fn old_kernels_tell_no_steal_and_other_texts_nothing() {
        let old = "cpu0 10 20 30 40 50 60 70\n";
        assert_eq!(ticks(old), Some(vec![CoreTicks { core: 0, busy: 190, steal: None }]));
        for nothing in ["", "cpu 1 2 3 4 5 6 7 8\n", "cpu0 1 2 3\n", "cpux 1 2 3 4 5 6 7 8", "a"] {
            assert_eq!(ticks(nothing), None, "{nothing}");
        }
        let full = format!("cpu0 {0} {0} 1 1 1 1 1 1", u64::MAX);
        assert_eq!(ticks(&full).unwrap()[0].busy, u64::MAX);
    }
}

//! What others did during a measurement, and when it is worth a warning.

use serde::{Deserialize, Serialize};

use crate::record::Environment;

/// What others did while something was measured; `None` where the system does not tell, or the time
/// was too short to.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Disturbance {
    /// Part of the time that the hypervisor gave to others while this machine wanted to run, 0 to 1:
    /// on the core measured on, or of the mean core where that is not known.
    pub steal_share: Option<f64>,
    /// How many cores other programs kept busy, in cores (1.5: one and a half): those besides the one
    /// measured on, or all where that is not known. What this process did itself is taken off.
    pub other_cores_busy_share: Option<f64>,
    /// Part of the time that others, interrupts among them, had on the core measured on, 0 to 1.
    pub own_core_others_share: Option<f64>,
    /// How busy the other hardware threads of the core measured on were, in threads; `None` also
    /// where it has no others.
    pub sibling_busy_share: Option<f64>,
    /// How often the measuring thread lost its core without asking for it.
    pub involuntary_switches: Option<u64>,
    /// For how long was watched, in seconds.
    pub wall_s: f64,
}

/// Cores that others may keep busy. Systems at rest stay under a tenth, a program at work fills one.
const OTHER_CORES_MAX: f64 = 0.25;
/// As much of the other hardware thread: what it takes is taken directly.
const SIBLING_MAX: f64 = 0.1;
/// A hundredth lost to the hypervisor is as large as the changes that are looked for.
const STEAL_MAX: f64 = 0.01;
/// Interrupts and the kernel's own threads stay under this.
const OWN_CORE_MAX: f64 = 0.05;
/// Counted in ticks of 10 ms; up to two may be there by rounding.
const ROUNDING_S: f64 = 0.025;
/// Seen on a virtual machine: 45 to 65 with nobody but the kernel's own threads on the core, which
/// took 0 to 3 % of it; 115 and more with a program that had a third of it.
const SWITCHES_A_SECOND_MAX: f64 = 100.0;
/// Fewer in all prove nothing about a rate.
const SWITCHES_MIN: u64 = 10;

impl Disturbance {
    /// What is worth warning about, one or two sentences each: what it means, then what to do.
    /// Nothing where the system tells nothing.
    pub fn warnings(&self) -> Vec<String> {
        [self.other_cores(), self.own_core(), self.steal()].into_iter().flatten().collect()
    }

    /// The worse of two watches, figure by figure.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let share = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (one, other) => one.or(other),
        };
        Self {
            steal_share: share(self.steal_share, other.steal_share),
            other_cores_busy_share: share(
                self.other_cores_busy_share,
                other.other_cores_busy_share,
            ),
            own_core_others_share: share(self.own_core_others_share, other.own_core_others_share),
            sibling_busy_share: share(self.sibling_busy_share, other.sibling_busy_share),
            involuntary_switches: self.involuntary_switches.max(other.involuntary_switches),
            wall_s: self.wall_s.max(other.wall_s),
        }
    }

    /// Notes it in the environment of the run that was watched.
    pub fn note_in(&self, environment: &mut Environment) {
        environment.steal_share = self.steal_share;
        environment.other_cores_busy_share = self.other_cores_busy_share;
        environment.own_core_others_share = self.own_core_others_share;
        environment.involuntary_switches = self.involuntary_switches;
    }

    /// Whether programs on other cores were at work.
    pub fn others_were_busy(&self) -> bool {
        self.beyond(self.other_cores_busy_share, OTHER_CORES_MAX)
            || self.beyond(self.sibling_busy_share, SIBLING_MAX)
    }

    /// Whether the measuring thread had to share its core.
    pub fn core_was_shared(&self) -> bool {
        let switches = self.involuntary_switches.unwrap_or(0);
        let rate = switches as f64 / self.wall_s;
        self.beyond(self.own_core_others_share, OWN_CORE_MAX)
            || (switches >= SWITCHES_MIN && rate > SWITCHES_A_SECOND_MAX)
    }

    /// Whether the hypervisor took time away.
    pub fn time_was_stolen(&self) -> bool {
        self.beyond(self.steal_share, STEAL_MAX)
    }

    /// Whether a share is above `limit`, and by more than rounding to ticks can make.
    fn beyond(&self, share: Option<f64>, limit: f64) -> bool {
        share.is_some_and(|share| share > limit && share * self.wall_s > ROUNDING_S)
    }

    fn other_cores(&self) -> Option<String> {
        if !self.others_were_busy() {
            return None;
        }
        let busy = self.other_cores_busy_share.or(self.sibling_busy_share)?;
        let sibling = match self.sibling_busy_share {
            Some(share) if self.beyond(Some(share), SIBLING_MAX) => format!(
                ", {:.0} % of it on the other hardware thread of the core measured on",
                100.0 * (share / busy).min(1.0)
            ),
            _ => String::new(),
        };
        Some(format!(
            "other programs kept {} busy during the run{sibling}: they share caches, memory and \
             often the physical core, which slows lookups and widens the intervals. Stop them and \
             measure again.",
            cores(busy)
        ))
    }

    fn own_core(&self) -> Option<String> {
        if !self.core_was_shared() {
            return None;
        }
        let share = self
            .own_core_others_share
            .map(|share| format!("others had {:.0} % of its time and ", 100.0 * share));
        Some(format!(
            "the core measured on was shared: {}it was taken away {} times in {:.1} s. \
             Batches that were cut into look slower. Stop what runs there, or keep it off that core \
             (isolcpus, cpusets), and measure again.",
            share.unwrap_or_default(),
            self.involuntary_switches
                .map_or_else(|| "an unknown number of".to_owned(), |n| n.to_string()),
            self.wall_s
        ))
    }

    fn steal(&self) -> Option<String> {
        self.steal_share.filter(|_| self.time_was_stolen()).map(|share| {
            format!(
                "the hypervisor gave {:.1} % of the time to other machines: batches in which that \
                 happened look slower. Measure again when the host is quieter, or on a machine with \
                 processors of its own.",
                100.0 * share
            )
        })
    }
}

/// `62 % of a core`, `1.9 cores`.
fn cores(busy: f64) -> String {
    if busy < 0.995 {
        format!("{:.0} % of a core", 100.0 * busy)
    } else {
        format!("{busy:.1} core(s)")
    }
}

#[cfg(test)]
mod tests {
    use super::Disturbance;
    use crate::record::Environment;

    fn quiet() -> Disturbance {
        Disturbance {
            steal_share: Some(0.0),
            other_cores_busy_share: Some(0.08),
            own_core_others_share: Some(0.01),
            sibling_busy_share: None,
            involuntary_switches: Some(57),
            wall_s: 1.0,
        }
    }

    #[track_caller]
    fn only(seen: Disturbance, parts: &[&str]) {
        let warnings = seen.warnings();
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        for part in parts {
            assert!(warnings[0].contains(part), "`{part}` is not in: {}", warnings[0]);
        }
    }

    #[test]
    fn a_machine_at_rest_is_not_warned_about_nor_one_that_does_not_tell() {
        assert_eq!(quiet().warnings(), [""; 0]);
        assert_eq!(Disturbance::default().warnings(), [""; 0]);
        assert_eq!(Disturbance { wall_s: 1.0, ..Disturbance::default() }.warnings(), [""; 0]);
    }

    #[test]
    fn programs_on_other_cores_are() {
        let busy = |share| Disturbance { other_cores_busy_share: Some(share), ..quiet() };
        only(busy(0.62), &["62 % of a core", "measure again"]);
        only(busy(1.93), &["1.9 core(s)"]);
        assert!(!busy(0.25).others_were_busy());
        // On the thread next door less is enough.
        let sibling = Disturbance { sibling_busy_share: Some(0.15), ..busy(0.2) };
        only(sibling, &["20 % of a core", "75 % of it on the other hardware thread"]);
    }

    #[test]
    fn a_shared_core_is() {
        only(
            Disturbance { own_core_others_share: Some(0.4), ..quiet() },
            &["others had 40 % of its time and it was taken away 57 times in 1.0 s", "isolcpus"],
        );
        only(
            Disturbance { involuntary_switches: Some(280), own_core_others_share: None, ..quiet() },
            &["was shared: it was taken away 280 times"],
        );
        // The same number over an hour is nothing.
        let hour = Disturbance { involuntary_switches: Some(280), wall_s: 3_600.0, ..quiet() };
        assert_eq!(hour.warnings(), [""; 0]);
    }

    #[test]
    fn stolen_time_is_unless_it_may_be_rounding() {
        let stolen = |share, wall_s| Disturbance { steal_share: Some(share), wall_s, ..quiet() };
        only(stolen(0.03, 1.0), &["3.0 % of the time to other machines"]);
        only(stolen(0.011, 10.0), &["1.1 %"]);
        assert_eq!(stolen(0.02, 1.0).warnings(), [""; 0]);
        assert_eq!(stolen(0.009, 100.0).warnings(), [""; 0]);
    }

    #[test]
    fn the_run_keeps_it() {
        let mut environment = Environment::blank();
        quiet().note_in(&mut environment);
        assert_eq!(environment.other_cores_busy_share, Some(0.08));
        assert_eq!(environment.involuntary_switches, Some(57));
    }
}

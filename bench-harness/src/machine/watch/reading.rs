//! Two readings of what every core and this process have done, and what lies between them.

use super::Disturbance;

/// What a core has done since boot, in ticks of some 10 ms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::machine) struct CoreTicks {
    pub(in crate::machine) core: u32,
    /// In programs, the kernel and interrupts.
    pub(in crate::machine) busy: u64,
    /// Given to others by the hypervisor while this machine had work to do.
    pub(in crate::machine) steal: Option<u64>,
}

/// Shares over less than this are not told: a tick more or less is a tenth of it.
const SHORTEST_S: f64 = 0.1;

/// Everything as of now; `None` for what the system does not tell.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) tick_s: f64,
    pub(super) cores: Option<Vec<CoreTicks>>,
    /// Of the calling thread.
    pub(super) involuntary_switches: Option<u64>,
    /// Time on a processor: of all threads of the process, and of the calling one.
    pub(super) process_cpu_s: Option<f64>,
    pub(super) thread_cpu_s: Option<f64>,
}

impl Reading {
    #[cfg(target_os = "linux")]
    pub(super) fn now() -> Self {
        use rustix::time::{ClockId, clock_gettime};

        let seconds = |clock| {
            let time = clock_gettime(clock);
            time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
        };
        Self {
            tick_s: crate::machine::linux::tick_s(),
            cores: crate::machine::linux::ticks(),
            involuntary_switches: crate::machine::linux::involuntary_switches(),
            process_cpu_s: Some(seconds(ClockId::ProcessCPUTime)),
            thread_cpu_s: Some(seconds(ClockId::ThreadCPUTime)),
        }
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn now() -> Self {
        Self::default()
    }
}

/// What happened in the `wall_s` between two readings, seen by a thread pinned to `core`, whose other
/// hardware threads are among `siblings`.
pub(super) fn between(
    before: &Reading,
    after: &Reading,
    core: Option<u32>,
    siblings: &[u32],
    wall_s: f64,
) -> Disturbance {
    let switches = before.involuntary_switches.zip(after.involuntary_switches);
    let mut seen = Disturbance {
        wall_s,
        involuntary_switches: switches.and_then(|(before, after)| after.checked_sub(before)),
        ..Disturbance::default()
    };
    let (Some(first), Some(last)) = (&before.cores, &after.cores) else { return seen };
    let worked: Vec<Worked> = last.iter().filter_map(|last| since(first, last)).collect();
    if wall_s < SHORTEST_S || worked.is_empty() {
        return seen;
    }
    let share = |ticks: u64| ticks as f64 * before.tick_s / wall_s;
    let ours = |before: Option<f64>, after: Option<f64>| Some((after? - before?).max(0.0) / wall_s);
    let process = ours(before.process_cpu_s, after.process_cpu_s);
    let thread = ours(before.thread_cpu_s, after.thread_cpu_s);

    let own = core.and_then(|core| worked.iter().find(|worked| worked.core == core));
    let elsewhere: u64 = worked
        .iter()
        .filter(|worked| own.is_none_or(|own| own.core != worked.core))
        .map(|w| w.busy)
        .sum();
    // Elsewhere only this process's other threads can have been; without a core, all of it.
    let ours_elsewhere =
        if own.is_some() { process.zip(thread).map(|(p, t)| p - t) } else { process };
    seen.other_cores_busy_share =
        ours_elsewhere.map(|ours| (share(elsewhere) - ours.max(0.0)).max(0.0));
    // All of this process is taken to have been here: too little of others rather than too much.
    seen.own_core_others_share =
        own.zip(process).map(|(own, ours)| (share(own.busy) - ours).clamp(0.0, 1.0));
    seen.sibling_busy_share =
        own.filter(|own| siblings.contains(&own.core) && siblings.len() > 1).map(|own| {
            let others = worked.iter().filter(|w| w.core != own.core && siblings.contains(&w.core));
            share(others.map(|worked| worked.busy).sum())
        });
    // On the core measured on; of the mean core where that is not known.
    seen.steal_share = match own {
        Some(own) => own.steal.map(share),
        None => worked
            .iter()
            .map(|worked| worked.steal)
            .sum::<Option<u64>>()
            .map(|all| share(all) / worked.len() as f64),
    }
    .map(|share| share.min(1.0));
    seen
}

/// What a core did between two readings.
struct Worked {
    core: u32,
    busy: u64,
    steal: Option<u64>,
}

/// `None` for a core that was not there before, or whose counts went backwards.
fn since(first: &[CoreTicks], last: &CoreTicks) -> Option<Worked> {
    let first = first.iter().find(|first| first.core == last.core)?;
    Some(Worked {
        core: last.core,
        busy: last.busy.checked_sub(first.busy)?,
        steal: first.steal.zip(last.steal).and_then(|(first, last)| last.checked_sub(first)),
    })
}

#[cfg(test)]
mod tests {
    use super::{CoreTicks, Reading, between};

    fn reading(cores: &[(u32, u64, u64)], process_cpu_s: f64, thread_cpu_s: f64) -> Reading {
        let ticks = |&(core, busy, steal)| CoreTicks { core, busy, steal: Some(steal) };
        Reading {
            tick_s: 0.01,
            cores: Some(cores.iter().map(ticks).collect()),
            involuntary_switches: Some(1_000),
            process_cpu_s: Some(process_cpu_s),
            thread_cpu_s: Some(thread_cpu_s),
        }
    }

    #[track_caller]
    fn near(value: Option<f64>, expected: f64) {
        let value = value.expect("told");
        assert!((value - expected).abs() < 1e-9, "{value} is not {expected}");
    }

    #[test]
    fn a_busy_program_on_the_other_core_of_two_is_seen() {
        let before = reading(&[(0, 5_000, 60), (1, 7_000, 70)], 10.0, 9.0);
        let mut after = reading(&[(0, 5_099, 60), (1, 7_101, 73)], 11.0, 10.0);
        after.involuntary_switches = Some(1_004);
        let seen = between(&before, &after, Some(1), &[1], 1.0);
        near(seen.other_cores_busy_share, 0.99);
        near(seen.own_core_others_share, 0.01);
        near(seen.steal_share, 0.03);
        assert_eq!(seen.involuntary_switches, Some(4));
        assert_eq!(seen.sibling_busy_share, None);
    }

    #[test]
    fn what_this_process_does_elsewhere_is_not_others() {
        // Half a core of work on another thread: 100 ticks of 1.5 s are this one's, 50 the other's.
        let before = reading(&[(0, 0, 0), (1, 0, 0)], 0.0, 0.0);
        let after = reading(&[(0, 60, 0), (1, 100, 0)], 1.5, 1.0);
        let seen = between(&before, &after, Some(1), &[], 1.0);
        near(seen.other_cores_busy_share, 0.1);
        near(seen.own_core_others_share, 0.0);
    }

    #[test]
    fn without_a_core_everybody_else_is_added_up() {
        let before = reading(&[(0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0)], 0.0, 0.0);
        let after = reading(&[(0, 200, 4), (1, 100, 0), (2, 0, 0), (3, 0, 4)], 2.0, 2.0);
        let seen = between(&before, &after, None, &[], 2.0);
        near(seen.other_cores_busy_share, 0.5);
        near(seen.steal_share, 0.01);
        assert_eq!(seen.own_core_others_share, None);
    }

    #[test]
    fn the_thread_that_shares_the_core_is_told_apart() {
        let before = reading(&[(0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0)], 0.0, 0.0);
        let after = reading(&[(0, 50, 0), (1, 20, 0), (2, 100, 0), (3, 10, 0)], 1.0, 1.0);
        let seen = between(&before, &after, Some(2), &[0, 2], 1.0);
        near(seen.sibling_busy_share, 0.5);
        near(seen.other_cores_busy_share, 0.8);
    }

    #[test]
    fn cores_that_come_and_go_are_left_out() {
        let before = reading(&[(0, 10, 0), (1, 10, 0)], 0.0, 0.0);
        let after = reading(&[(0, 110, 0), (2, 5_000, 0)], 1.0, 1.0);
        let seen = between(&before, &after, Some(0), &[], 1.0);
        near(seen.other_cores_busy_share, 0.0);
        let backwards = reading(&[(0, 5, 0)], 0.0, 0.0);
        assert_eq!(between(&before, &backwards, Some(0), &[], 1.0).other_cores_busy_share, None);
    }

    #[test]
    fn what_the_system_does_not_tell_stays_unknown() {
        let nothing = Reading::default();
        let seen = between(&nothing, &nothing, Some(0), &[0, 1], 1.0);
        let blank = crate::machine::Disturbance { wall_s: 1.0, ..Default::default() };
        assert_eq!(seen, blank);
        let whole = reading(&[(0, 5, 0)], 0.0, 0.0);
        let short = between(&whole, &whole, Some(0), &[], 0.02);
        assert_eq!((short.steal_share, short.other_cores_busy_share), (None, None));
        assert_eq!(short.involuntary_switches, Some(0));
    }
}

//! Hardware counters: what the processor itself counted while something ran.
//!
//! Times say how long, counters why. Few virtual machines have any, and many systems keep them from
//! ordinary users; then they are absent, and that is never a failure. Whoever measures opens them
//! once, on the thread that measures.

#[cfg(all(
    target_os = "linux",
    any(
        target_arch = "x86",
        target_arch = "x86_64",
        target_arch = "aarch64",
        target_arch = "riscv64",
        target_arch = "powerpc64",
        target_arch = "loongarch64"
    )
))]
#[path = "linux.rs"]
mod system;
#[cfg(not(all(
    target_os = "linux",
    any(
        target_arch = "x86",
        target_arch = "x86_64",
        target_arch = "aarch64",
        target_arch = "riscv64",
        target_arch = "powerpc64",
        target_arch = "loongarch64"
    )
)))]
#[path = "elsewhere.rs"]
mod system;

use std::io;

/// What can be counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// Instructions retired.
    Instructions,
    /// Clock cycles of the core, which stretch with its frequency.
    Cycles,
    /// Branches predicted wrongly.
    BranchMisses,
    /// Misses of the last cache that the processor counts.
    CacheMisses,
}

impl Event {
    /// All, in the order they are shown in.
    pub const ALL: [Self; 4] =
        [Self::Instructions, Self::Cycles, Self::BranchMisses, Self::CacheMisses];

    /// Its name for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Instructions => "instructions",
            Self::Cycles => "cycles",
            Self::BranchMisses => "branch misses",
            Self::CacheMisses => "cache misses",
        }
    }
}

/// Why nothing can be counted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CounterError {
    /// This system has no call for it, or not one that the program knows.
    #[error("this system has no counters that the program knows")]
    Unsupported,
    /// The processor shows none, as in most virtual machines.
    #[error("the processor shows no counters, as in most virtual machines")]
    NoHardware,
    /// There may be some, but not for this user.
    #[error(
        "the kernel keeps them from this user{}",
        paranoid.map_or_else(String::new, |level| format!(" (perf_event_paranoid is {level})"))
    )]
    Forbidden {
        /// The value of the kernel's setting, where it tells.
        paranoid: Option<i32>,
    },
    /// The system refused for another reason.
    #[error("the system refused ({0})")]
    Refused(#[source] io::Error),
}

/// What was counted; `None` for what could not be. User space only, the calling thread only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Instructions retired.
    pub instructions: Option<u64>,
    /// Clock cycles of the core.
    pub cycles: Option<u64>,
    /// Branches predicted wrongly.
    pub branch_misses: Option<u64>,
    /// Misses of the last cache.
    pub cache_misses: Option<u64>,
}

impl Counts {
    /// The count of an event.
    pub fn get(&self, event: Event) -> Option<u64> {
        match event {
            Event::Instructions => self.instructions,
            Event::Cycles => self.cycles,
            Event::BranchMisses => self.branch_misses,
            Event::CacheMisses => self.cache_misses,
        }
    }

    fn set(&mut self, event: Event, count: Option<u64>) {
        let place = match event {
            Event::Instructions => &mut self.instructions,
            Event::Cycles => &mut self.cycles,
            Event::BranchMisses => &mut self.branch_misses,
            Event::CacheMisses => &mut self.cache_misses,
        };
        *place = count;
    }
}

/// Counters that are open, for the thread that opened them.
#[derive(Debug)]
pub struct Counters {
    open: Vec<(Event, system::Counter)>,
}

impl Counters {
    /// Opens as many of the counters as can be had.
    ///
    /// # Errors
    /// [`CounterError`] where not a single one can be: the reason of the first.
    pub fn open() -> Result<Self, CounterError> {
        let mut open = Vec::new();
        let mut first_error = None;
        for event in Event::ALL {
            match system::Counter::open(event) {
                Ok(counter) => open.push((event, counter)),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        match first_error {
            Some(error) if open.is_empty() => Err(error),
            _ => Ok(Self { open }),
        }
    }

    /// Which of them are open, in the order of [`Event::ALL`].
    pub fn events(&self) -> impl Iterator<Item = Event> {
        self.open.iter().map(|(event, _)| *event)
    }

    /// Counts while `work` runs. Starting and stopping takes a call of the kernel for each counter
    /// (some microseconds in all, user space hardly any): make `work` a batch, not a lookup.
    ///
    /// Counters that had to share the processor's registers are scaled up to the whole time.
    pub fn count<R>(&mut self, work: impl FnOnce() -> R) -> (R, Counts) {
        let before: Vec<Option<Reading>> = self.each(system::Counter::start);
        let result = work();
        // Stopped in the opposite order, so that all see the work and as little else as possible.
        for (_, counter) in self.open.iter_mut().rev() {
            counter.stop();
        }
        let after = self.each(system::Counter::read);
        let mut counts = Counts::default();
        for ((event, _), (before, after)) in self.open.iter().zip(before.iter().zip(&after)) {
            let count = before.zip(*after).and_then(|(before, after)| scaled(before, after));
            counts.set(*event, count);
        }
        (result, counts)
    }

    fn each(
        &mut self,
        act: impl Fn(&mut system::Counter) -> Option<Reading>,
    ) -> Vec<Option<Reading>> {
        self.open.iter_mut().map(|(_, counter)| act(counter)).collect()
    }
}

/// A counter as the kernel tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reading {
    count: u64,
    /// For how long it was wanted.
    enabled_ns: u64,
    /// For how long it had a register of the processor.
    running_ns: u64,
}

/// What was counted between two readings, for all of the time between them. `None` if it never ran
/// or ran backwards.
fn scaled(before: Reading, after: Reading) -> Option<u64> {
    let count = after.count.checked_sub(before.count)?;
    let enabled_ns = after.enabled_ns.checked_sub(before.enabled_ns)?;
    let running_ns = after.running_ns.checked_sub(before.running_ns)?;
    match running_ns {
        0 => None,
        _ if running_ns == enabled_ns => Some(count),
        _ => {
            let whole = u128::from(count) * u128::from(enabled_ns) / u128::from(running_ns);
            u64::try_from(whole).ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CounterError, Counters, Counts, Event, Reading, scaled};

    fn reading(count: u64, enabled_ns: u64, running_ns: u64) -> Reading {
        Reading { count, enabled_ns, running_ns }
    }

    #[test]
    fn a_counter_that_shared_its_register_is_scaled_up() {
        let start = reading(100, 1_000, 500);
        assert_eq!(scaled(start, reading(150, 2_000, 1_500)), Some(50));
        assert_eq!(scaled(start, reading(150, 2_000, 750)), Some(200));
        assert_eq!(
            scaled(reading(0, 0, 0), reading(u64::MAX / 2, 3, 2)),
            Some(u64::MAX / 4 * 3 + 1)
        );
    }

    #[test]
    fn a_counter_that_never_ran_has_counted_nothing_known() {
        let start = reading(100, 1_000, 500);
        assert_eq!(scaled(start, reading(100, 2_000, 500)), None);
        assert_eq!(scaled(start, reading(99, 2_000, 1_500)), None);
        assert_eq!(scaled(reading(0, 0, 0), reading(u64::MAX, 3, 1)), None);
    }

    #[test]
    fn counts_are_got_by_what_they_count() {
        let mut counts = Counts::default();
        for (number, event) in (1..).zip(Event::ALL) {
            counts.set(event, Some(number));
            assert_eq!(counts.get(event), Some(number), "{}", event.as_str());
        }
        let all = Counts {
            instructions: Some(1),
            cycles: Some(2),
            branch_misses: Some(3),
            cache_misses: Some(4),
        };
        assert_eq!(counts, all);
    }

    #[test]
    fn counters_are_there_or_say_why_not_and_the_work_is_done() {
        match Counters::open() {
            Ok(mut counters) => {
                assert!(counters.events().next().is_some());
                let (sum, counts) =
                    counters.count(|| std::hint::black_box((0..10_000_u64).sum::<u64>()));
                assert_eq!(sum, 49_995_000);
                assert!(counts.instructions.is_none_or(|count| count > 0));
                let open: Vec<Event> = counters.events().collect();
                for event in Event::ALL.into_iter().filter(|event| !open.contains(event)) {
                    assert_eq!(counts.get(event), None);
                }
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn reasons_name_the_setting() {
        let said = |paranoid| CounterError::Forbidden { paranoid }.to_string();
        assert!(said(Some(4)).ends_with("(perf_event_paranoid is 4)"));
        assert!(said(None).ends_with("this user"));
    }
}

//! Counters by `perf_event_open(2)`.

use std::io::ErrorKind;

use perf_event::events::{self, Hardware};

use super::{CounterError, Event, Reading};

/// One open counter.
#[derive(Debug)]
pub(super) struct Counter(perf_event::Counter);

impl Counter {
    pub(super) fn open(event: Event) -> Result<Self, CounterError> {
        Self::open_any(match event {
            Event::Instructions => Hardware::INSTRUCTIONS,
            Event::Cycles => Hardware::CPU_CYCLES,
            Event::BranchMisses => Hardware::BRANCH_MISSES,
            Event::CacheMisses => Hardware::CACHE_MISSES,
        })
    }

    /// Of this thread, on whatever core it is; kernel and hypervisor are left out, as the builder
    /// does by itself and `perf_event_paranoid` 2 asks for.
    fn open_any(event: impl Into<events::Event>) -> Result<Self, CounterError> {
        perf_event::Builder::new().kind(event).build().map(Self).map_err(|error| {
            match error.kind() {
                // No such counter, no such device, or an event this processor cannot count.
                ErrorKind::NotFound | ErrorKind::Unsupported => CounterError::NoHardware,
                _ if error.raw_os_error() == Some(NO_SUCH_DEVICE) => CounterError::NoHardware,
                ErrorKind::PermissionDenied => CounterError::Forbidden {
                    paranoid: crate::machine::linux::perf_event_paranoid(),
                },
                _ => CounterError::Refused(error),
            }
        })
    }

    /// Starts counting; `None` where the kernel refuses.
    pub(super) fn start(&mut self) -> Option<Reading> {
        let before = self.read()?;
        self.0.enable().ok()?;
        Some(before)
    }

    /// Stops counting. A counter that cannot be stopped counts on, which the next reading shows.
    pub(super) fn stop(&mut self) {
        let _ = self.0.disable();
    }

    pub(super) fn read(&mut self) -> Option<Reading> {
        let now = self.0.read_count_and_time().ok()?;
        Some(Reading {
            count: now.count,
            enabled_ns: now.time_enabled,
            running_ns: now.time_running,
        })
    }
}

/// ENODEV; the standard library has no kind for it.
const NO_SUCH_DEVICE: i32 = rustix::io::Errno::NODEV.raw_os_error();

#[cfg(test)]
mod tests {
    use perf_event::events::Software;

    use super::Counter;
    use crate::machine::counters::{CounterError, Counters, Event, scaled};

    /// The kernel counts page faults without any hardware, but by the same calls: this shows that
    /// they work where the processor has nothing to count with.
    #[test]
    fn a_counter_of_the_kernel_goes_the_same_way() {
        let mut counter = match Counter::open_any(Software::PAGE_FAULTS) {
            Ok(counter) => counter,
            // Some containers allow no counter at all.
            Err(error) => {
                assert!(matches!(
                    error,
                    CounterError::Forbidden { .. }
                        | CounterError::Refused(_)
                        | CounterError::NoHardware
                ));
                return;
            }
        };
        let before = counter.start().expect("started");
        let pages = std::hint::black_box(vec![1_u8; 1 << 26]);
        counter.stop();
        let after = counter.read().expect("read");
        // More than any allocator keeps from what was freed before, so that its pages are new.
        assert!(scaled(before, after).expect("it ran") >= 1, "{before:?} {after:?}");
        drop(pages);
        assert_eq!(counter.read(), Some(after), "it was stopped");
    }

    #[test]
    fn work_is_counted_once_and_again() {
        let Ok(counter) = Counter::open_any(Software::TASK_CLOCK) else { return };
        // In the place of cycles, which a virtual machine has not.
        let mut counters = Counters { open: vec![(Event::Cycles, counter)] };
        for _ in 0..2 {
            let (sum, counts) = counters
                .count(|| (0..1_000_000_u64).fold(0, |sum, n| std::hint::black_box(sum + n)));
            assert_eq!(sum, 499_999_500_000);
            assert!(counts.cycles.is_some_and(|ns| ns > 0), "{counts:?}");
            assert_eq!(counts.instructions, None);
        }
    }
}

//! The clock of the timed loops, as a type, so that a test can ask what a loop does while it runs.
//!
//! Compiled into the loops like everything else there; only `batch` uses it.

use std::time::Instant;

/// Reads the time.
pub(super) trait Clock {
    /// A reading.
    type Moment;

    /// Reads the clock.
    fn now(&self) -> Self::Moment;

    /// Nanoseconds since an earlier reading.
    fn nanoseconds_since(&self, start: Self::Moment) -> u64;
}

/// The system's monotonic clock.
pub(super) struct Monotonic;

impl Clock for Monotonic {
    type Moment = Instant;

    #[inline]
    fn now(&self) -> Instant {
        Instant::now()
    }

    /// 64 bits of nanoseconds last 584 years.
    #[inline]
    fn nanoseconds_since(&self, start: Instant) -> u64 {
        u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

//! How fine the clock is and what a reading costs, measured: a batch has to be long against both.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

/// The clock that batches are timed with (`std::time::Instant`), as seen from this program.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Timer {
    /// Smallest step between two readings that differ, in nanoseconds. Never below what a reading
    /// takes: a clock that ticks faster cannot be seen to.
    pub resolution_ns: f64,
    /// Time of one reading, in nanoseconds; the least of several blocks.
    pub overhead_ns: f64,
}

/// Long enough for a clock that ticks 100 times a second to step.
const LONGEST_LOOK: Duration = Duration::from_millis(25);
const STEPS: u32 = 10_000;
const BLOCKS: u32 = 8;
const READINGS_A_BLOCK: u32 = 10_000;

/// Measures the timer; takes a few milliseconds, with a coarse clock some 25.
pub fn measure_timer() -> Timer {
    Timer { resolution_ns: resolution_ns(), overhead_ns: overhead_ns() }
}

fn resolution_ns() -> f64 {
    let start = Instant::now();
    let mut smallest = LONGEST_LOOK;
    for _ in 0..STEPS {
        let before = Instant::now();
        let mut after = Instant::now();
        while after == before && before.duration_since(start) < LONGEST_LOOK {
            after = Instant::now();
        }
        let step = after.duration_since(before);
        if !step.is_zero() {
            smallest = smallest.min(step);
        }
        if after.duration_since(start) >= LONGEST_LOOK {
            break;
        }
    }
    nanoseconds(smallest)
}

fn overhead_ns() -> f64 {
    let block = || {
        let start = Instant::now();
        for _ in 0..READINGS_A_BLOCK {
            black_box(Instant::now());
        }
        nanoseconds(start.elapsed()) / f64::from(READINGS_A_BLOCK)
    };
    // The quickest block is the one that was disturbed least.
    (0..BLOCKS).map(|_| block()).fold(f64::INFINITY, f64::min)
}

fn nanoseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e9
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_timer_has_a_step_and_a_cost() {
        let timer = super::measure_timer();
        assert!(timer.resolution_ns.is_finite() && timer.resolution_ns > 0.0, "{timer:?}");
        assert!(timer.overhead_ns.is_finite() && timer.overhead_ns > 0.0, "{timer:?}");
    }
}

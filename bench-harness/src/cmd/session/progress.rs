//! Progress with time left, on a terminal only.
//!
//! The bar counts expected milliseconds of measurement, not batches: a batch of 100M lookups takes
//! a million times as long as one of 100. It is drawn between batches and never by a timer of its
//! own, which would run while a batch is timed.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::plan::Plan;

/// A first guess, in nanoseconds a lookup and backend; corrected as soon as something is measured.
const GUESS_NS: f64 = 60.0;

/// How far the run has come.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    /// Expected nanoseconds of lookups still to come, and done so far, at [`GUESS_NS`].
    left_guess: f64,
    done_guess: f64,
    /// Measured nanoseconds of lookups done so far.
    done_ns: f64,
}

impl Progress {
    pub(super) fn new(plan: &Plan, shown: bool) -> Self {
        let target = if shown && std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(1), target);
        if let Ok(style) =
            ProgressStyle::with_template("{bar:20} {percent:>3} % {eta:>4} left  {wide_msg}")
        {
            bar.set_style(style);
        }
        let left_guess = plan
            .parts
            .iter()
            .flat_map(|part| &part.batches)
            .map(|&(lookups, rounds)| guess(plan, lookups) * f64::from(rounds.at_most()))
            .sum();
        Self { bar, left_guess, done_guess: 0.0, done_ns: 0.0 }
    }

    /// Says what is under way.
    pub(super) fn say(&self, what: String) {
        self.bar.set_message(what);
        self.bar.tick();
    }

    /// A round of `lookups` is done and took `elapsed_ns` in all.
    pub(super) fn round_done(&mut self, plan: &Plan, lookups: u64, elapsed_ns: u64) {
        self.done_ns += elapsed_ns as f64;
        self.skip(plan, lookups, 1);
        self.done_guess += guess(plan, lookups);
        let scale = self.done_ns / self.done_guess;
        let done_ms = self.done_ns / 1e6;
        let left_ms = (self.left_guess * scale / 1e6).max(0.0);
        // Milliseconds of a run fit easily, and neither is negative.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        {
            self.bar.set_length((done_ms + left_ms).ceil() as u64);
            self.bar.set_position(done_ms as u64);
        }
    }

    /// `rounds` of `lookups` need not be measured.
    pub(super) fn skip(&mut self, plan: &Plan, lookups: u64, rounds: u32) {
        self.left_guess -= guess(plan, lookups) * f64::from(rounds);
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn guess(plan: &Plan, lookups: u64) -> f64 {
    lookups as f64 * GUESS_NS * plan.backends.len() as f64
}

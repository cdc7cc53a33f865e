//! Progress with time left, on a terminal only.
//!
//! The bar counts expected milliseconds of measurement, not batches: a batch of 100M lookups takes
//! a million times as long as one of 100. Where time is the limit, it counts what may be spent, which
//! shrinks when a batch size is precise enough before. It is drawn between batches and never by a timer of its
//! own, which would run while a batch is timed.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::plan::Plan;
use super::question::Planned;
use crate::record::{BatchEnd, Configuration};

/// A first guess, in nanoseconds a lookup and backend; corrected as soon as something is measured.
const GUESS_NS: f64 = 60.0;
/// The same of what lies between two bursts of mode `cold`.
const BURST_GUESS_NS: f64 = 250_000.0;

/// How far the run has come.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    /// When the run began, and what it may take, where that is how it ends.
    timed: Option<(Instant, Duration)>,
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
            .configurations()
            .map(|(_, of)| guess(plan, of) * f64::from(of.rounds.limits().at_most))
            .sum::<f64>()
            * f64::from(plan.processes);
        let timed = allowed(plan).map(|time| (Instant::now(), time));
        Self { bar, timed, left_guess, done_guess: 0.0, done_ns: 0.0 }
    }

    /// Says what is under way.
    pub(super) fn say(&self, what: String) {
        self.bar.set_message(what);
        self.bar.tick();
    }

    /// The run may take `more` than was said.
    pub(super) fn extend(&mut self, more: Duration) {
        if let Some((_, time)) = &mut self.timed {
            *time = time.saturating_add(more);
        }
    }

    /// A round of `configuration` is done and took `elapsed_ns` in all.
    pub(super) fn round_done(&mut self, plan: &Plan, of: &Configuration, elapsed_ns: u64) {
        if let Some((began, time)) = self.timed {
            let spent = began.elapsed();
            self.bar.set_length(milliseconds(time.max(spent)));
            self.bar.set_position(milliseconds(spent));
            return;
        }
        let Some(planned) = planned(plan, |it| it == of) else { return };
        let guess = guess(plan, planned);
        // What lies between bursts is not in their time.
        let is_whole = planned.question.mode.burst().is_none();
        self.done_ns += if is_whole { elapsed_ns as f64 } else { guess };
        self.left_guess -= guess;
        self.done_guess += guess;
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

    /// A batch size has had enough: what it might still have taken is saved. Of a time for the whole
    /// run the others get it instead.
    pub(super) fn batch_ended(&mut self, plan: &Plan, end: &BatchEnd) {
        let Some(planned) = planned(plan, |it| end.is_of(it)) else { return };
        let limits = planned.rounds.limits();
        if let (Some((_, left)), None, Some(time)) = (&mut self.timed, plan.time, limits.time) {
            let spent = Duration::try_from_secs_f64(end.elapsed_s).unwrap_or_default();
            *left = left.saturating_sub(time.saturating_sub(spent));
        } else if self.timed.is_none() {
            let done = u32::try_from(end.rounds).unwrap_or(u32::MAX);
            self.left_guess -=
                guess(plan, planned) * f64::from(limits.at_most.saturating_sub(done));
        }
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// What the run may take, where some of its batch sizes have no other limit.
fn allowed(plan: &Plan) -> Option<Duration> {
    let batches = || plan.configurations().map(|(_, of)| of.rounds.limits());
    if batches().all(|limits| limits.at_most < u32::MAX) {
        return None;
    }
    plan.time.or_else(|| {
        Some(batches().filter_map(|limits| limits.time).sum::<Duration>() * plan.processes)
    })
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Expected nanoseconds of a round.
fn guess(plan: &Plan, of: &Planned) -> f64 {
    let bursts = of.question.mode.burst().map_or(0, |burst| of.lookups.div_ceil(burst));
    let batch = of.lookups as f64 * GUESS_NS + bursts as f64 * BURST_GUESS_NS;
    batch * plan.backends.len() as f64
}

/// The batch size filed under a heading that `is_it`.
fn planned(plan: &Plan, is_it: impl Fn(&Configuration) -> bool) -> Option<&Planned> {
    plan.configurations().find(|(of, _)| is_it(of)).map(|(_, planned)| planned)
}

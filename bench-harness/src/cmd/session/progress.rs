//! Progress with time left, on a terminal only.
//!
//! The bar counts milliseconds as [`Forecast`] has them, not batches: a batch of 100M lookups takes
//! a million times as long as one of 100. Where time is the limit, it counts what may be spent. While tables
//! are built it says which, and no time left: how long that takes is not known. It is drawn between
//! batches and never by a timer of its own, which would run while a batch is timed.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::announcement::{self, in_words};
use super::forecast::Forecast;
use super::plan::Plan;
use crate::record::{BatchEnd, Configuration, SummaryRow};

/// How far the run has come.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    forecast: Forecast,
    /// When the run began, and what it may take, where that is how it ends.
    timed: Option<(Instant, Duration)>,
    /// When what is under way began.
    began: Instant,
    /// Whether it is still to be said how long a run takes by what was measured of it.
    announces: bool,
}

impl Progress {
    /// Of a run with so much left, `shown` if there is a terminal. `announces` says whether anything
    /// is said besides.
    pub(super) fn new(plan: &Plan, forecast: Forecast, shown: bool, announces: bool) -> Self {
        let target = if shown && std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(1), target);
        if let Ok(style) =
            ProgressStyle::with_template("{bar:20} {percent:>3} %  {prefix}{wide_msg}")
        {
            bar.set_style(style);
        }
        let began = Instant::now();
        let timed = plan.time.map(|time| (began, time));
        Self { bar, forecast, timed, began, announces }
    }

    /// Says what is being made before anything can be measured.
    pub(super) fn prepare(&mut self, what: String) {
        self.bar.set_prefix("");
        self.begin(what);
    }

    /// Says what is being measured.
    pub(super) fn say(&mut self, what: String) {
        let known = self.timed.is_some() || self.forecast.is_measured();
        let left = known.then(|| format!("{} left  ", in_words(self.left())));
        self.bar.set_prefix(left.unwrap_or_default());
        self.begin(what);
    }

    fn begin(&mut self, what: String) {
        self.began = Instant::now();
        self.bar.set_message(what);
        self.bar.tick();
    }

    /// Has something said that is no progress, past the bar.
    pub(super) fn aside<T>(&self, say: impl FnOnce() -> T) -> T {
        self.bar.suspend(say)
    }

    /// Notes who takes part in what.
    pub(super) fn take_part(&mut self, rows: &[SummaryRow]) {
        self.forecast.take_part(rows);
    }

    /// The run may take `more` than was said.
    pub(super) fn extend(&mut self, more: Duration) {
        if let Some((_, time)) = &mut self.timed {
            *time = time.saturating_add(more);
        }
    }

    /// A round of `of` is done, which was measured in process `process`.
    pub(super) fn round_done(&mut self, plan: &Plan, of: &Configuration, process: u32) {
        self.forecast.round_done(of, process, self.began.elapsed());
        self.began = Instant::now();
        if self.announces && self.forecast.is_measured() {
            self.announces = false;
            if let Some(sentence) = announcement::measured(plan, &self.forecast) {
                self.bar.suspend(|| eprintln!("{sentence}"));
            }
        }
        let done = self.timed.map_or_else(|| self.forecast.done(), |(began, _)| began.elapsed());
        self.bar.set_length(milliseconds(done.saturating_add(self.left())).max(1));
        self.bar.set_position(milliseconds(done));
    }

    /// A batch size has had enough: what it might still have taken is saved. Of a time for the whole
    /// run the others get it instead.
    pub(super) fn batch_ended(&mut self, end: &BatchEnd) {
        self.forecast.batch_ended(end);
    }

    /// Removes the bar.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn left(&self) -> Duration {
        self.timed.map_or_else(
            || self.forecast.left(),
            |(began, time)| time.saturating_sub(began.elapsed()),
        )
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::forecast::tests::plan;
    use super::*;

    #[test]
    fn while_tables_are_built_no_time_is_made_up() {
        let plan = plan("--backends array,rbtree --lookups 1M --runs 20");
        let forecast = Forecast::of(&plan, 0, |_| Some(0));
        let mut progress = Progress::new(&plan, forecast, false, false);
        let said = |of: &Progress| (of.bar.prefix(), of.bar.message());
        progress.prepare("mine: building array (1 of 2)".to_owned());
        assert_eq!(said(&progress), (String::new(), "mine: building array (1 of 2)".to_owned()));
        progress.say("round 1".to_owned());
        assert_eq!(said(&progress).0, "", "nothing is known yet");
        let of = plan.configurations().next().expect("a batch size").0;
        progress.round_done(&plan, &of, 0);
        progress.say("round 2".to_owned());
        assert!(said(&progress).0.ends_with(" left  "), "{:?}", said(&progress));
        progress.prepare("other: building array (1 of 2)".to_owned());
        assert_eq!(said(&progress).0, "");
    }
}

//! Where rounds go as they are measured: into the folder, or to the process that has it.

use std::io::IsTerminal;

use anyhow::anyhow;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::files::Files;
use super::plan::Plan;
use super::recorded::{Recorded, Round};
use crate::cmd::Failure;
use crate::cmd::session::interrupt;
use crate::record::ChurnSummaryRow;

/// Takes what is measured, and knows what was measured before.
pub(super) trait Sink {
    /// Says what is measured now.
    fn say(&mut self, what: String);

    /// What there is of a scenario on a layout.
    fn recorded(&self, layout: &str, scenario: &str) -> Recorded;

    /// Files who takes part in a scenario.
    fn declare(&mut self, rows: Vec<ChurnSummaryRow>) -> Result<(), Failure>;

    /// Files a round.
    fn round(&mut self, round: Round) -> Result<(), Failure>;

    /// So many rounds need not be measured.
    fn skip(&mut self, rounds: u32);

    /// Ends the run where it was asked to.
    fn interrupted(&mut self) -> Result<(), Failure>;
}

/// The folder and the progress bar, which only one process of a run has.
pub(super) struct Recorder<'a> {
    pub files: &'a mut Files,
    pub progress: ProgressBar,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(plan: &Plan, files: &'a mut Files, shown: bool) -> Self {
        Self { files, progress: progress(plan, shown) }
    }
}

impl Sink for Recorder<'_> {
    fn say(&mut self, what: String) {
        self.progress.set_message(what);
        self.progress.tick();
    }

    fn recorded(&self, layout: &str, scenario: &str) -> Recorded {
        self.files.recorded(layout, scenario)
    }

    fn declare(&mut self, rows: Vec<ChurnSummaryRow>) -> Result<(), Failure> {
        self.files.declare(rows)
    }

    fn round(&mut self, round: Round) -> Result<(), Failure> {
        self.files.append(round)?;
        self.progress.inc(1);
        Ok(())
    }

    fn skip(&mut self, rounds: u32) {
        self.progress.inc(u64::from(rounds));
    }

    fn interrupted(&mut self) -> Result<(), Failure> {
        if !interrupt::asked() {
            return Ok(());
        }
        self.progress.finish_and_clear();
        Err(Failure::running(anyhow!(
            "interrupted; {} timed phases are in {dir}; the same command with --resume goes on, \
             `bench-harness report {dir}` renders what there is",
            self.files.phases(),
            dir = self.files.dir().display()
        )))
    }
}

fn progress(plan: &Plan, shown: bool) -> ProgressBar {
    let shown = shown && std::io::stderr().is_terminal();
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let rounds = plan.layouts.len() as u64 * plan.scenarios.len() as u64 * u64::from(plan.rounds);
    let bar = ProgressBar::with_draw_target(Some(rounds), target);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:20} {percent:>3} % {eta:>4} left  {wide_msg}")
    {
        bar.set_style(style);
    }
    bar
}

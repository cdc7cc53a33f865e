//! The process in which plugins are plugged and unplugged: it tells the one that started it, and writes no file but
//! the note of who is in charge.

use anyhow::anyhow;

use super::measuring;
use super::messages::{Job, Message};
use super::plan::Plan;
use super::recorded::{Recorded, Round};
use super::sink::Sink;
use crate::cli::Churn;
use crate::cmd::worker::Parent;
use crate::cmd::{Failure, session};
use crate::machine;
use crate::record::ChurnSummaryRow;

/// Works for the process at the other end of standard input and output; `args` are those of the run.
///
/// # Errors
/// Standard input holds no job: somebody typed the hidden command.
pub(in crate::cmd) fn work(args: &Churn) -> Result<(), Failure> {
    let (mut parent, job) = Parent::meet::<Job>().map_err(|error| {
        Failure::input(anyhow!(
            "`worker` is what the program starts itself with, not for the command line ({error})"
        ))
    })?;
    if let Err(failure) = carry_out(&mut parent, args, job) {
        let blamed = session::blamed(&failure);
        parent.tell(&Message::Failed { why: failure.to_string(), blamed });
        return Err(failure);
    }
    parent.tell(&Message::Done);
    Ok(())
}

fn carry_out(parent: &mut Parent, args: &Churn, job: Job) -> Result<(), Failure> {
    let mut plan = Plan::new(args)?;
    if plan.to_json() != job.plan {
        return Err(Failure::running(anyhow!(
            "its plan is not that of the run: a layout file or a plugin was changed meanwhile, or the program was \
             replaced by another build"
        )));
    }
    plan.barred = job.barred;
    let names = plan.backends.iter().map(|entry| entry.name).collect();
    session::watch(parent, &job.beacon, names, &plan.backends, &plan.barred)?;
    if !job.measures {
        return Ok(());
    }
    let pinned = machine::pin_to_one_core();
    parent.tell(&Message::Began { pinned: machine::pinning_in_words(&pinned) });
    let watch = machine::Watch::start(pinned.ok());
    let mut pipe = Pipe { parent, begun: job.begun };
    let outcome = measuring::measure(&plan, &job.run_id, &mut pipe);
    parent.tell(&Message::Disturbed { by: watch.finish() });
    outcome
}

/// Everything goes to the process that has the folder.
struct Pipe<'a> {
    parent: &'a mut Parent,
    begun: Vec<(String, String, Recorded)>,
}

impl Sink for Pipe<'_> {
    fn say(&mut self, what: String) {
        self.parent.tell(&Message::Say { what });
    }

    fn recorded(&self, layout: &str, scenario: &str) -> Recorded {
        let mut begun = self.begun.iter();
        let of_it = begun.find(|(on, of, _)| (on.as_str(), of.as_str()) == (layout, scenario));
        of_it.map(|(.., recorded)| recorded.clone()).unwrap_or_default()
    }

    fn declare(&mut self, rows: Vec<ChurnSummaryRow>) -> Result<(), Failure> {
        self.parent.tell(&Message::Declare { rows });
        Ok(())
    }

    fn round(&mut self, round: Round) -> Result<(), Failure> {
        self.parent.tell(&Message::Round { round });
        Ok(())
    }

    fn skip(&mut self, rounds: u32) {
        self.parent.tell(&Message::Skip { rounds });
    }

    /// The process that has the folder listens to signals, and ends this one.
    fn interrupted(&mut self) -> Result<(), Failure> {
        Ok(())
    }
}

//! The process that plays one case: it alone has the plugin loaded.

use std::cell::RefCell;

use anyhow::anyhow;

use super::messages::{Job, Loaded, Message};
use crate::cmd::Failure;
use crate::cmd::worker::Parent;
use crate::plugin::Library;
use crate::plugin::check::{cases, play};

/// Plays the case that standard input says, and tells on standard output.
///
/// # Errors
/// Standard input holds no job: somebody typed the hidden flag.
pub(super) fn work() -> Result<(), Failure> {
    let (parent, job) = Parent::meet::<Job>().map_err(|error| {
        Failure::input(anyhow!("`--as-worker` is not for the command line ({error})"))
    })?;
    let parent = RefCell::new(parent);
    let tell = |message: &Message| parent.borrow_mut().tell(message);
    let library = match Library::load(&job.file) {
        Ok(library) => library,
        Err(error) => {
            tell(&Message::NoPlugin { why: error.to_string() });
            return Ok(());
        }
    };
    let Some(case) = job.case.and_then(|index| cases(library.is_null()).get(index)) else {
        tell(&Message::Loaded { loaded: Loaded::of(library) });
        return Ok(());
    };
    let mut announce = |call: &str| tell(&Message::Calling { call: call.to_owned() });
    let outcome = play(case, library, job.seed, &mut announce);
    tell(&Message::Ended { outcome });
    Ok(())
}

//! `record`: runs that are kept, and the documents that are made from them.

mod diff;
mod sources;
mod splice;

use super::Failure;
use crate::cli::RecordAction;

pub(super) fn run(action: &RecordAction) -> Result<(), Failure> {
    match action {
        RecordAction::Add(_) => Err(Failure::input(anyhow::anyhow!("not yet"))),
        RecordAction::Splice(args) => splice::run(args),
    }
}

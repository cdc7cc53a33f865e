//! `record`: runs that are kept, and the documents that are made from them.

mod add;
mod diff;
mod sources;
mod splice;
mod told;

use super::Failure;
use crate::cli::RecordAction;

pub(super) fn run(action: &RecordAction) -> Result<(), Failure> {
    match action {
        RecordAction::Add(args) => add::run(args),
        RecordAction::Splice(args) => splice::run(args),
    }
}

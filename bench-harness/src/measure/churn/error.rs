//! What can go wrong with a script.

use physseg::Error;
use physseg::slab::SlabError;

use super::Scenario;
use crate::layout::Operation;

/// Why a participant did not come to the end of its operations.
#[derive(Clone, PartialEq, Debug)]
pub struct Stopped {
    /// Which operation was refused, from 0.
    pub operation: usize,
    /// Why.
    pub cause: Cause,
}

/// Who refused.
#[derive(Clone, PartialEq, Debug)]
pub enum Cause {
    /// The table.
    Table(Error),
    /// The slabs, of the control.
    Slabs(SlabError),
    /// Foreign code.
    Foreign {
        /// What was called, and with what.
        call: String,
        /// What it returned.
        returned: String,
        /// What that means.
        refused: Refused,
    },
}

/// What foreign code means by what it returned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refused {
    /// It has no memory or no room for it.
    NoRoom,
    /// It cannot do that, by design.
    Unsupported,
    /// Nothing that it may return: the call is right.
    Wrong,
}

impl Stopped {
    /// Why the backend cannot do this at all, as opposed to what went wrong: in words.
    pub fn unsupported(&self, segments: usize) -> Option<String> {
        match &self.cause {
            &Cause::Table(Error::NoRoom { capacity }) if capacity < segments => {
                Some(format!("capacity {capacity} < {segments} segments"))
            }
            Cause::Table(
                error @ (Error::NoPlugAfterBoot
                | Error::NoSplit
                | Error::NoRoom { .. }
                | Error::SpanTooWide { .. }),
            ) => Some(error.to_string()),
            Cause::Foreign { call, returned, refused: Refused::NoRoom } => Some(format!(
                "{call} returned {returned}, no memory or no room on the way to {segments} segments"
            )),
            Cause::Foreign { call, returned, refused: Refused::Unsupported } => {
                Some(format!("{call} is not supported by the plugin ({returned})"))
            }
            _ => None,
        }
    }
}

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "operation {}: ", self.operation + 1)?;
        match &self.cause {
            Cause::Table(error) => error.fmt(f),
            Cause::Slabs(error) => error.fmt(f),
            Cause::Foreign { call, returned, refused: Refused::Wrong } => write!(
                f,
                "{call} returned {returned}, though the call is right; `bench-harness plugin check` says more"
            ),
            Cause::Foreign { call, returned, .. } => {
                write!(
                    f,
                    "{call} returned {returned}, which it did not when this scenario was tried"
                )
            }
        }
    }
}

/// What went wrong while plugging and unplugging.
#[derive(Debug, thiserror::Error)]
pub enum ChurnError {
    /// The layout leaves the scenario nothing to do.
    #[error("{0}")]
    NothingToDo(&'static str),
    /// A script asks for what cannot be done: a defect of the program.
    #[error("the script does what cannot be done: {0:?}; please report this as a bug")]
    Impossible(Operation),
    /// The slabs of the model have no memory.
    #[error("page descriptors: {0}")]
    Slabs(#[from] SlabError),
    /// An operation failed that can be done.
    #[error("{backend}, {scenario}: {stopped}")]
    Failed {
        /// Which participant.
        backend: &'static str,
        /// In which scenario.
        scenario: Scenario,
        /// Where, and why.
        stopped: Stopped,
    },
    /// What came of a script is not what must come of it.
    #[error("{backend}, {scenario}: {what}: its figures would mean nothing")]
    Wrong {
        /// Which participant.
        backend: &'static str,
        /// In which scenario.
        scenario: Scenario,
        /// The first difference.
        what: String,
    },
}

impl ChurnError {
    /// Whose fault it is, if it is a participant's, and what it did, in words.
    pub fn blamed(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Failed { backend, scenario, stopped } => {
                Some((backend, format!("{scenario}, {stopped}")))
            }
            Self::Wrong { backend, scenario, what } => {
                Some((backend, format!("{scenario}, {what}")))
            }
            Self::NothingToDo(_) | Self::Impossible(_) | Self::Slabs(_) => None,
        }
    }

    /// Whether there was no memory.
    pub fn is_of_memory(&self) -> bool {
        let slabs = |error: &SlabError| matches!(error, SlabError::NoMemory { .. });
        match self {
            Self::Slabs(error) => slabs(error),
            Self::Failed { stopped, .. } => match &stopped.cause {
                Cause::Table(error) => matches!(error, Error::NoMemory { .. }),
                Cause::Slabs(error) => slabs(error),
                Cause::Foreign { .. } => false,
            },
            _ => false,
        }
    }
}

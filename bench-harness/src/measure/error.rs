//! What can go wrong while measuring.

use physseg::Pfn;

use super::batch::Answers;
use super::kind::Target;
use super::subject::Subject;
use crate::layout::build::BuildError;

/// The answer of what finds a frame and has no page for it: none that is ever right.
pub const NO_PAGE: u64 = u64::MAX;

/// What went wrong while measuring.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    /// A backend answered a lookup wrongly.
    #[error(
        "{backend} answers {given:#x} for frame {pfn}, the oracle {expected:#x} (0 is a miss): \
         its figures would mean nothing"
    )]
    WrongAnswer {
        /// Which backend.
        backend: String,
        /// The frame asked for.
        pfn: Pfn,
        /// The oracle's answer.
        expected: u64,
        /// The backend's answer.
        given: u64,
    },
    /// A backend whose segments are known by their starts found a frame in the wrong one.
    #[error(
        "{backend} answers {given} for frame {pfn}, the oracle {expected}: its figures would mean nothing"
    )]
    WrongSegment {
        /// Which backend.
        backend: String,
        /// The frame asked for.
        pfn: Pfn,
        /// The oracle's answer, in words.
        expected: String,
        /// The backend's answer, in words.
        given: String,
    },
    /// A table finds another page by a physical address than by its frame.
    #[error(
        "{backend} answers {by_address:#x} for the physical address of frame {pfn}, but \
         {by_frame:#x} for the frame itself (0 is a miss)"
    )]
    WrongByAddress {
        /// Which backend.
        backend: String,
        /// The frame.
        pfn: Pfn,
        /// The answer for the frame.
        by_frame: u64,
        /// The answer for its address.
        by_address: u64,
    },
    /// A timed batch did not answer what the oracle did.
    #[error(
        "{backend} answered {given:?} in round {round}, the oracle {expected:?}, \
         though single lookups agreed: a defect in the backend or in the program"
    )]
    WrongBatch {
        /// Which backend.
        backend: String,
        /// Which round.
        round: u32,
        /// The oracle's answers.
        expected: Answers,
        /// The backend's answers.
        given: Answers,
    },
    /// A built table is not what the layout says.
    #[error("{backend}: {what}")]
    WrongTable {
        /// Which backend.
        backend: String,
        /// What is wrong.
        what: String,
    },
    /// There is no memory for the checks of a table's answers, which nothing is measured without.
    #[error("{backend}: {what}")]
    NoMemory {
        /// Which backend.
        backend: String,
        /// How much it would have taken.
        what: String,
    },
    /// A table could not be built although the backend supports the layout.
    #[error("{backend} could not be built on the layout: {error}")]
    Build {
        /// Which backend.
        backend: String,
        /// Why.
        error: BuildError,
    },
}

impl MeasureError {
    /// Whose fault it is.
    pub fn backend(&self) -> &str {
        match self {
            Self::WrongAnswer { backend, .. }
            | Self::WrongSegment { backend, .. }
            | Self::WrongByAddress { backend, .. }
            | Self::WrongBatch { backend, .. }
            | Self::WrongTable { backend, .. }
            | Self::NoMemory { backend, .. }
            | Self::Build { backend, .. } => backend,
        }
    }

    /// The same, in terms of segments where `subject` can say which ones answers of `target` are about.
    pub(super) fn of_segments(self, subject: &dyn Subject, target: Target) -> Self {
        match self {
            Self::WrongAnswer { backend, pfn, expected, given } if target == Target::Handle => {
                let words = |answer| subject.segment_in_words(pfn, answer);
                match words(expected).zip(words(given)) {
                    Some((expected, given)) => Self::WrongSegment { backend, pfn, expected, given },
                    None => Self::WrongAnswer { backend, pfn, expected, given },
                }
            }
            other => other,
        }
    }

    /// What is wrong, without whose fault it is.
    pub fn what(&self) -> String {
        match self {
            Self::WrongAnswer { pfn, expected, given, .. } => {
                let words = |answer: u64| match answer {
                    0 => "a miss".to_owned(),
                    NO_PAGE => "page 0, which there is not".to_owned(),
                    page => format!("{page:#x}"),
                };
                format!(
                    "answers {} for frame {pfn}, the oracle {}",
                    words(*given),
                    words(*expected)
                )
            }
            Self::WrongSegment { pfn, expected, given, .. } => {
                format!("answers {given} for frame {pfn}, the oracle {expected}")
            }
            Self::WrongByAddress { pfn, by_frame, by_address, .. } => format!(
                "answers {by_address:#x} for the physical address of frame {pfn}, but {by_frame:#x} \
                 for the frame itself (0 is a miss)"
            ),
            Self::WrongBatch { round, expected, given, .. } => format!(
                "answered {given:?} in round {round}, the oracle {expected:?}, though single lookups agreed"
            ),
            Self::WrongTable { what, .. } | Self::NoMemory { what, .. } => what.clone(),
            Self::Build { error, .. } => error.to_string(),
        }
    }
}

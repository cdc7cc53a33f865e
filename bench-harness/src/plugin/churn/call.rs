//! The calls of a plugin that plug and unplug: how they are shown and noted, and what a refused one means.

use std::fmt;

use physseg::{FrameRange, PageId};

use crate::layout::Operation;
use crate::measure::beacon::Doing;
use crate::measure::churn::{Cause, Refused, Stopped};
use crate::plugin::Code;

/// A call, for messages.
pub(super) enum Call {
    Create { capacity: u64 },
    Physload(FrameRange),
    PageInit(FrameRange, PageId),
    BootDone,
    Plug(FrameRange, PageId),
    Unplug(FrameRange),
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends = |range: &FrameRange| format!("{}, {}", range.start(), range.end());
        match self {
            Self::Create { capacity } => write!(f, "create(.., {capacity})"),
            Self::Physload(range) => write!(f, "physload({})", ends(range)),
            Self::PageInit(range, page) => {
                write!(f, "page_init({}, {:#x})", ends(range), page.raw())
            }
            Self::BootDone => f.write_str("boot_done()"),
            Self::Plug(range, page) => write!(f, "plug({}, {:#x})", ends(range), page.raw()),
            Self::Unplug(range) => write!(f, "unplug({})", ends(range)),
        }
    }
}

/// Why an operation was not carried out.
pub(super) enum Refusal {
    Plugin(Call, Code),
    Slabs(physseg::slab::SlabError),
}

impl Refusal {
    pub(super) fn at(self, operation: usize) -> Stopped {
        let cause = match self {
            Self::Slabs(error) => Cause::Slabs(error),
            Self::Plugin(call, code) => Cause::Foreign {
                call: call.to_string(),
                returned: match (&call, code) {
                    (Call::Create { .. }, Code::NoMemory) => "NULL".to_owned(),
                    _ => code.to_string(),
                },
                refused: match code {
                    Code::NoMemory => Refused::NoRoom,
                    Code::Unsupported => Refused::Unsupported,
                    Code::Invalid | Code::Other(_) | Code::OtherThread => Refused::Wrong,
                },
            },
        };
        Stopped { operation, cause }
    }
}

/// Which function an operation is a call of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Load,
    Boot,
    Plug,
    Unplug,
}

impl Kind {
    pub(super) fn of(operation: Operation) -> Self {
        match operation {
            Operation::Load(_) => Self::Load,
            Operation::Boot => Self::Boot,
            Operation::Plug(_) => Self::Plug,
            Operation::Unplug(_) => Self::Unplug,
        }
    }

    pub(super) fn doing(self) -> Doing {
        match self {
            Self::Load => Doing::Physload,
            Self::Boot => Doing::PageInit,
            Self::Plug => Doing::Plug,
            Self::Unplug => Doing::Unplug,
        }
    }
}

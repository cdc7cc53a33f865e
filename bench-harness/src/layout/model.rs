//! What a layout is: a name, and the steps that bring a segment table into a state.

use std::fmt;
use std::path::PathBuf;

use physseg::{FrameRange, PageSize, Pfn};

use super::expand::StepOperations;

/// A memory map as a history: what is loaded at boot, then plugged and unplugged, and which
/// frames are asked for afterwards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    /// Its name in records and on the command line; never empty, without control characters.
    pub name: String,
    /// What it is, for people.
    pub description: String,
    /// Where it comes from, for people.
    pub source: String,
    /// The unit of all frame numbers.
    pub page_size: PageSize,
    /// `VM_PHYSSEG_MAX`: the capacity of an array, and of the boot pool, unless told otherwise.
    pub physseg_max: usize,
    /// The history, oldest first.
    pub steps: Vec<Step>,
    /// Which frames workloads ask for.
    pub lookups: LookupRange,
    /// Where this value was read.
    pub origin: Origin,
}

/// One step of the history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// What is done.
    pub kind: StepKind,
    /// The line of the file that says so, from 1; `None` when there is no file.
    pub line: Option<usize>,
}

impl From<StepKind> for Step {
    /// A step that stands in no file.
    fn from(kind: StepKind) -> Self {
        Self { kind, line: None }
    }
}

/// What a step does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StepKind {
    /// Loads `range` before boot ends.
    Load {
        /// The frames.
        range: FrameRange,
        /// Loads them as segments of so many frames each; the last one may be smaller.
        split: Option<u64>,
    },
    /// Ends boot (`uvm_page_init`): from here on the allocator exists.
    Boot,
    /// Plugs a segment, before or after boot.
    Plug {
        /// The frames.
        range: FrameRange,
    },
    /// Unplugs frames, before or after boot.
    Unplug {
        /// The frames, or with `every` the frames walked over.
        range: FrameRange,
        /// Unplugs only the first few of every so many frames.
        every: Option<Every>,
    },
}

impl StepKind {
    /// The single operations this step consists of, in ascending order of frames, made on demand.
    ///
    /// Values that [`Layout::check`] refuses (a split of 0, say) still give a finite sequence.
    pub fn operations(self) -> StepOperations {
        StepOperations::new(self)
    }
}

/// Fragmentation as in the paper's second experiment: the range is walked in pieces of `every`
/// frames, and of each piece the first k frames go, k drawn uniformly from `frames`.
///
/// The draws come from xoshiro256++ seeded with `seed` through `SplitMix64`, reduced by
/// multiply-shift, so a layout is the same map everywhere and always. One draw is made for each
/// piece. The last piece may be cut short by the end of the range; of it at most all frames but one
/// go, as of any other piece (none go when it is a single frame).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Every {
    /// Frames in a piece; at least 2.
    pub every: u64,
    /// How many frames to unplug from a piece, smallest and largest, both included;
    /// `1 <= smallest <= largest < every`.
    pub frames: (u64, u64),
    /// Seed of the draws.
    pub seed: u64,
}

/// The frames that workloads ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LookupRange {
    /// The frames.
    pub range: FrameRange,
    /// Workload `atf` only: addresses below this frame are folded upwards. `None` stands for the
    /// start of `range`.
    pub fold_below: Option<Pfn>,
}

/// Where a layout was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// Compiled into the program.
    Shipped,
    /// A file.
    Path(PathBuf),
    /// The running machine.
    Live,
}

/// One operation on a segment table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation {
    /// Load one segment at boot.
    Load(FrameRange),
    /// End boot.
    Boot,
    /// Plug one segment.
    Plug(FrameRange),
    /// Unplug these frames, which lie in one segment.
    Unplug(FrameRange),
}

impl Layout {
    /// All operations in order, each with the index of its step (from 0).
    ///
    /// They are made on demand: tens of millions of them need no memory.
    pub fn operations(&self) -> impl Iterator<Item = (usize, Operation)> + '_ {
        self.steps
            .iter()
            .enumerate()
            .flat_map(|(index, step)| step.kind.operations().map(move |done| (index, done)))
    }

    /// What error messages call the place this layout was read from.
    pub(super) fn place(&self) -> String {
        match &self.origin {
            Origin::Shipped => format!("layouts/{}.toml", self.name.escape_default()),
            Origin::Path(path) => path.display().to_string(),
            Origin::Live => self.name.escape_default().to_string(),
        }
    }
}

impl fmt::Display for StepKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Load { range, split: None } => write!(f, "load {range}"),
            Self::Load { range, split: Some(split) } => {
                write!(f, "load {range} as segments of {split}")
            }
            Self::Boot => write!(f, "boot"),
            Self::Plug { range } => write!(f, "plug {range}"),
            Self::Unplug { range, every: None } => write!(f, "unplug {range}"),
            Self::Unplug { range, every: Some(every) } => write!(
                f,
                "unplug {range}: {}..={} of every {} (seed {})",
                every.frames.0, every.frames.1, every.every, every.seed
            ),
        }
    }
}

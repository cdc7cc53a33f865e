//! Whether a plugin does what the header demands: cases, each with a name, and random operations held
//! against a list of frames.
//!
//! Nothing of the program's own tables is used: what is right is looked up in a plain list, frame by frame, so
//! that a slip in a search here and there cannot cancel out. Every case makes its own tables. A case may
//! crash or hang with the plugin, so whoever runs one (`plugin check`) does it in a process made for it, and is
//! told of every call beforehand.

mod boot;
mod hotplug;
mod lookups;
mod model;
mod null;
mod probe;
mod random;

use serde::{Deserialize, Serialize};

use super::Library;
use probe::Probe;

/// A case: its name says what a backend does that passes it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What is held against the header, in a line.
    pub name: &'static str,
    run: fn(&mut Stage<'_>) -> Result<(), Failed>,
}

/// How a case ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// As the header demands.
    Passed,
    /// The plugin does not do that, which it need not.
    Skipped {
        /// What it does not do.
        why: String,
    },
    /// Not as the header demands.
    Failed(Wrong),
}

/// What was not as the header demands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Wrong {
    /// The last calls that change a table, oldest first.
    pub before: Vec<String>,
    /// What was called.
    pub called: String,
    /// What the header demands of it.
    pub expected: String,
    /// What came instead.
    pub given: String,
}

/// Why a case does not go on.
#[derive(Debug)]
enum Failed {
    Wrong(Wrong),
    Skipped(String),
}

/// What a case is played on.
struct Stage<'a> {
    library: &'static Library,
    seed: u64,
    /// Is told of each call before it is made.
    announce: &'a mut dyn FnMut(&str),
}

impl Stage<'_> {
    /// A table over the frames `base..base + frames` for `capacity` segments.
    fn probe(&mut self, base: u64, frames: u64, capacity: u64) -> Result<Probe<'_>, Failed> {
        Probe::new(self.library, base, frames, capacity, self.announce)
    }
}

/// Every case, in the order in which they build on one another.
const CASES: &[Case] = &[
    Case { name: "tables are made empty, and destroyed", run: boot::empty_tables },
    Case { name: "one segment is found, and nothing beside it", run: boot::one_segment },
    Case { name: "segments are found in whatever order they came", run: boot::any_order },
    Case { name: "segments that touch stay two", run: boot::touching },
    Case { name: "segments of one frame are found", run: boot::single_frames },
    Case { name: "the lowest and the highest frames are found", run: boot::ends_of_memory },
    Case { name: "page identities are in no order, and large", run: boot::identities },
    Case { name: "physload refuses what makes no sense", run: boot::physload_refuses },
    Case { name: "page_init refuses what makes no sense", run: boot::page_init_refuses },
    Case { name: "a table may be given up before boot is over", run: boot::given_up },
    Case { name: "two tables know nothing of each other", run: lookups::two_tables },
    Case { name: "find_batch answers any number of frames", run: lookups::batches },
    Case { name: "thousands of segments are found", run: lookups::many },
    Case { name: "a segment is plugged below, between and above", run: hotplug::plug },
    Case { name: "plug refuses what makes no sense", run: hotplug::plug_refuses },
    Case { name: "a whole segment is unplugged", run: hotplug::whole },
    Case { name: "a segment is cut at its front", run: hotplug::front },
    Case { name: "a segment is cut at its back", run: hotplug::back },
    Case { name: "a segment that loses its middle becomes two", run: hotplug::middle },
    Case { name: "unplug refuses what makes no sense", run: hotplug::unplug_refuses },
    Case { name: "what was unplugged is plugged again", run: hotplug::again },
    Case { name: "random operations, few and large segments", run: random::few },
    Case { name: "random operations, many and small segments", run: random::many },
    Case { name: "random operations, a full table", run: random::full },
    Case { name: "random operations, high frames", run: random::high },
];

/// The cases of a plugin that is no backend but shows what calls cost (`PHYSSEG_FLAG_NULL`).
const NULL_CASES: &[Case] = &[
    Case { name: "find answers every frame with its number", run: null::one_by_one },
    Case { name: "find_batch answers every frame with its number", run: null::batches },
];

/// The cases of a plugin with `PHYSSEG_FLAG_NULL`, or of a backend.
pub fn cases(is_null: bool) -> &'static [Case] {
    if is_null { NULL_CASES } else { CASES }
}

/// Plays a case. `announce` is told of each call before it is made; `seed` is that of the random ones.
pub fn play(
    case: &Case,
    library: &'static Library,
    seed: u64,
    announce: &mut dyn FnMut(&str),
) -> Outcome {
    match (case.run)(&mut Stage { library, seed, announce }) {
        Ok(()) => Outcome::Passed,
        Err(Failed::Skipped(why)) => Outcome::Skipped { why },
        Err(Failed::Wrong(wrong)) => Outcome::Failed(wrong),
    }
}

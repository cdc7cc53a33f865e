//! The backends by name. A new one is its file in `physseg`, a recipe that makes an empty one, and one
//! line here.

mod abilities;
mod controls;
mod kernels;
mod memory;
mod named;
mod plugins;
mod recipes;

use std::path::Path;

use physseg::backend::Backend;

use crate::layout::build::{Build, BuildError, Plan};
use crate::measure::churn::{Churn, Tables};
use crate::measure::{self, Outcome, Streamed, Subject};
use crate::plugin::PluginError;

pub use abilities::{Abilities, Holds};
pub use named::{NoBackend, find, kinds};

/// What a backend may be told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// How tables are built.
    pub build: Build,
    /// How many segments an array may hold.
    pub array_capacity: ArrayCapacity,
}

/// How many segments an array may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ArrayCapacity {
    /// The layout's `physseg_max`.
    #[default]
    OfLayout,
    /// This many.
    Segments(usize),
    /// As many as memory holds.
    Unlimited,
}

impl ArrayCapacity {
    fn on(self, plan: &Plan<'_>) -> Option<usize> {
        match self {
            Self::OfLayout => Some(plan.layout.physseg_max),
            Self::Segments(capacity) => Some(capacity),
            Self::Unlimited => None,
        }
    }
}

/// Room for records, as an empty backend is told of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Room {
    /// Records that it has to hold before boot ends.
    pub boot: usize,
    /// Records that a static array may hold at all; `None` for as many as memory holds.
    pub array: Option<usize>,
}

/// How to make an empty backend of one kind: what everything that builds tables is generic over.
pub trait Recipe {
    /// The data structure.
    type Backend: Backend + 'static;

    /// About how many bytes it takes a segment.
    const BYTES_PER_SEGMENT: u64 = 72;

    /// Whether they lie in one piece that doubles, old and new side by side for a moment.
    const DOUBLES: bool = true;

    /// How many it takes for each frame of the span, present or not.
    const BYTES_PER_FRAME: u64 = 0;

    /// What this machine lacks for it, in words, if anything: nothing is made then.
    fn missing() -> Option<String> {
        None
    }

    /// One without segments. Only where nothing is [`missing`](Self::missing).
    fn empty(room: Room) -> Self::Backend;
}

/// One backend.
#[derive(Debug)]
pub struct Entry {
    /// As the command line and the CSV files name it.
    pub name: &'static str,
    /// What it is, in one line.
    pub description: &'static str,
    /// How its tables are built, whatever the options say: [`find`] of `NAME@final`.
    build: Option<Build>,
    source: Source,
}

/// Where the tables of a backend come from.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// From this program.
    Ours {
        makers: Makers,
        /// The same with a memory of the segment found last: [`find`] of `last-hit:NAME`.
        last_hit: Makers,
    },
    /// From a shared object: [`find`] of `plugin:FILE`.
    Plugin(plugins::Asked),
    /// From this program, called as a plugin is: [`find`] of `abi:NAME`.
    Abi(controls::Asked),
}

/// Tables of one kind, made for what is measured of them.
#[derive(Clone, Copy, Debug)]
struct Makers {
    /// To be asked.
    lookups: fn(&Plan<'_>, Options) -> Outcome,
    /// To be changed; `None` for what has no table.
    churn: Option<fn() -> Box<dyn Churn>>,
    /// What they can do.
    abilities: fn() -> Option<Abilities>,
}

impl Makers {
    const fn of<R: Recipe>() -> Self {
        Self { lookups: make::<R>, churn: Some(churn::<R>), abilities: Abilities::of::<R> }
    }
}

/// Why nothing of a backend can be plugged.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoChurn {
    /// It has no table.
    #[error("it has no table that could be plugged")]
    NoTable,
    /// It is a file that is no plugin.
    #[error("plugin {0}")]
    Plugin(#[from] PluginError),
}

/// Every backend, the paper's two first.
pub static ENTRIES: &[Entry] = &[
    Entry {
        name: "array",
        description: "static array of records, binary search (BSEARCH; CONTIG for capacity 1)",
        build: None,
        source: Source::Ours {
            makers: Makers { lookups: array, ..Makers::of::<recipes::Array>() },
            last_hit: Makers::of::<recipes::LastHit<recipes::Array>>(),
        },
    },
    Entry::of::<recipes::RbTree>(
        "rbtree",
        "red-black tree as rbtree(3): intrusive nodes, compare callbacks",
    ),
    Entry::of::<recipes::Section>(
        "section",
        "two-level map of frames to their descriptors, with an ordered index beside it",
    ),
    Entry::of::<recipes::ArrayLinear>(
        "array-linear",
        "static array in the order of loading, linear search (RANDOM)",
    ),
    Entry::of::<recipes::ArrayBigFirst>(
        "array-bigfirst",
        "static array, largest segment first, linear search (BIGFIRST)",
    ),
    Entry::of::<recipes::ArrayContig>("array-contig", "one segment and one range check (CONTIG)"),
    Entry::of::<recipes::ArrayRebuild>(
        "array-rebuild",
        "the array of records, copied and swapped for every plug and unplug",
    ),
    Entry::of::<recipes::ArrayBranchless>(
        "array-branchless",
        "starts alone in a compact array, binary search without branches",
    ),
    Entry::of::<recipes::Eytzinger>(
        "eytzinger",
        "starts in breadth-first order, without branches, prefetched",
    ),
    Entry::of::<recipes::STree>(
        "s-tree",
        "static B-tree, nodes compared with SIMD where the processor has it",
    ),
    Entry::of::<recipes::BTree>("btree", "the standard library's B-tree"),
    Entry::of::<recipes::Dense>(
        "dense",
        "control: one segment, one subtraction and one comparison (VM_PHYSSEG_DENSE)",
    ),
    Entry::of::<recipes::Direct>("direct", "control: one entry for every frame of the span"),
    Entry {
        name: "oracle",
        description: "control: answers found beforehand and read off, no search",
        build: None,
        source: Source::Ours { makers: ORACLE, last_hit: ORACLE },
    },
    #[cfg(feature = "rangemap")]
    Entry::of::<recipes::RangeMap>("rangemap", "crate rangemap: ranges as keys of a BTreeMap"),
    #[cfg(feature = "intrusive")]
    Entry::of::<recipes::Intrusive>(
        "intrusive",
        "crate intrusive-collections: red-black tree, links inside its nodes",
    ),
    #[cfg(feature = "vm-memory")]
    Entry::of::<recipes::VmMemory>(
        "vm-memory",
        "crate vm-memory of rust-vmm: GuestRegionCollection, new for every plug",
    ),
];

/// Answers without a table.
const ORACLE: Makers =
    Makers { lookups: oracle, churn: None, abilities: || Some(Abilities::OF_ANSWERS) };

fn oracle(plan: &Plan<'_>, _options: Options) -> Outcome {
    let run = size_of::<measure::Run>() as u64; // for pages, for descriptors' words, and while checked
    memory::check_bytes(plan, 3 * run * plan.segments.len() as u64)?;
    let answers = Streamed::new(plan).map_err(|why| BuildError::Unsupported(why.to_string()))?;
    Ok(Box::new(answers))
}

/// A kernel with room for one segment compiles the search away, and so does this.
fn array(plan: &Plan<'_>, options: Options) -> Outcome {
    match options.array_capacity.on(plan) {
        Some(1) => make::<recipes::ArrayContig>(plan, options),
        _ => make::<recipes::Array>(plan, options),
    }
}

fn make<R: Recipe>(plan: &Plan<'_>, options: Options) -> Outcome {
    if let Some(missing) = R::missing() {
        return Err(BuildError::Unsupported(missing));
    }
    memory::check::<R>(plan)?;
    let array = options.array_capacity.on(plan);
    let mut built = plan.build(options.build, |boot| R::empty(Room { boot, array }))?;
    // Only lookups are asked of it from here on.
    built.table.freeze().map_err(|error| BuildError::Failed { step: 0, error })?;
    Ok(Box::new(built) as Box<dyn Subject>)
}

/// Arrays get the room they need: how long plugging takes is asked here, not whether it fits.
fn churn<R: Recipe>() -> Box<dyn Churn> {
    let tables = Tables::new(|boot| R::empty(Room { boot, array: None }));
    Box::new(tables.lacking(R::missing()).asking(memory::check_churn::<R>))
}

impl Entry {
    const fn of<R: Recipe>(name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            description,
            build: None,
            source: Source::Ours {
                makers: Makers::of::<R>(),
                last_hit: Makers::of::<recipes::LastHit<R>>(),
            },
        }
    }

    /// Builds the backend on a layout.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn build(&self, plan: &Plan<'_>, options: Options) -> Outcome {
        let options = Options { build: self.build.unwrap_or(options.build), ..options };
        match self.source {
            Source::Ours { makers, .. } => (makers.lookups)(plan, options),
            Source::Plugin(asked) => asked.build(plan, options),
            Source::Abi(asked) => asked.build(plan, options),
        }
    }

    /// The file of a plugin; `None` for what this program has itself.
    pub fn plugin_file(&self) -> Option<&'static Path> {
        match self.source {
            Source::Ours { .. } | Source::Abi(_) => None,
            Source::Plugin(asked) => Some(asked.file()),
        }
    }

    /// Loads the file of a plugin, which may crash or never return. Of others nothing has to be loaded.
    ///
    /// # Errors
    /// Why the file is no plugin.
    pub fn load(&self) -> Result<(), PluginError> {
        match self.source {
            Source::Ours { .. } | Source::Abi(_) => Ok(()),
            Source::Plugin(asked) => asked.load().map(drop),
        }
    }

    /// What the backend can do, found by trying; `None` where this machine lacks something for it, and for
    /// plugins, which are tried by `plugin check`.
    pub fn abilities(&self) -> Option<Abilities> {
        (self.makers()?.abilities)()
    }

    /// How its tables are made, if this program makes them.
    fn makers(&self) -> Option<Makers> {
        match self.source {
            Source::Ours { makers, .. } => Some(makers),
            Source::Plugin(_) | Source::Abi(_) => None,
        }
    }

    /// Whether it is there to show what calling others costs.
    pub fn shows_cost_of_calls(&self) -> bool {
        matches!(self.source, Source::Abi(asked) if asked.is_single().is_none())
    }

    /// The control that shows what calling it costs, where it is called through the plugins' interface and is not
    /// such a control itself.
    pub fn cost_of_calls(&self) -> Option<&'static Self> {
        let single = match self.source {
            Source::Ours { .. } => return None,
            Source::Plugin(asked) => asked.is_single(),
            Source::Abi(asked) => asked.is_single()?,
        };
        find(if single { "abi:null@single" } else { "abi:null" }).ok()
    }

    /// The crate of others that it is, if it is one.
    pub fn of_crate(&self) -> Option<&'static str> {
        named::FEATURES.into_iter().find(|&feature| feature == self.name)
    }

    /// Tables of the backend to be plugged and unplugged; an array may hold as many segments as it
    /// gets.
    ///
    /// # Errors
    /// Why the file is no plugin, which loading it shows; of others nothing is loaded.
    pub fn churn(&self) -> Result<Box<dyn Churn>, NoChurn> {
        match self.source {
            Source::Ours { makers, .. } => makers.churn.map(|make| make()).ok_or(NoChurn::NoTable),
            Source::Plugin(asked) => Ok(asked.churn()?),
            Source::Abi(asked) => Ok(asked.churn()),
        }
    }

    /// Whether it has tables that can be plugged and unplugged, as far as that shows before anything is loaded.
    pub fn has_table(&self) -> bool {
        match self.source {
            Source::Ours { makers, .. } => makers.churn.is_some(),
            Source::Plugin(_) | Source::Abi(_) => true,
        }
    }
}

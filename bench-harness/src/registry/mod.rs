//! The backends by name. A new one is its file in `physseg`, a recipe that makes an empty one, and one
//! line here.

mod recipes;

use physseg::backend::Backend;

use crate::layout::build::{Build, BuildError, Plan};
use crate::measure::{Outcome, Subject};
use crate::names::UnknownName;

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

    /// One without segments.
    fn empty(room: Room) -> Self::Backend;
}

/// One backend.
#[derive(Debug)]
pub struct Entry {
    /// As the command line and the CSV files name it.
    pub name: &'static str,
    /// What it is, in one line.
    pub description: &'static str,
    make: fn(&Plan<'_>, Options) -> Outcome,
}

/// Every backend, the paper's two first.
pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "array",
        description: "static array of records, binary search (BSEARCH; CONTIG for capacity 1)",
        make: array,
    },
    Entry::of::<recipes::RbTree>(
        "rbtree",
        "red-black tree as rbtree(3): intrusive nodes, compare callbacks",
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

/// Backends that a program may be built without: each is behind the feature of its name.
const FEATURES: [&str; 3] = ["rangemap", "intrusive", "vm-memory"];

/// Why there is no backend of a name.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoBackend {
    /// It is none of the names.
    #[error(transparent)]
    Unknown(#[from] UnknownName),
    /// It is, but this program was built without it.
    #[error(
        "backend {0:?}: this program was built without the feature `{0}`; \
         build with `cargo build --release -p bench-harness --features {0}`"
    )]
    NotBuilt(&'static str),
}

/// A kernel with room for one segment compiles the search away, and so does this.
fn array(plan: &Plan<'_>, options: Options) -> Outcome {
    match options.array_capacity.on(plan) {
        Some(1) => make::<recipes::ArrayContig>(plan, options),
        _ => make::<recipes::Array>(plan, options),
    }
}

fn make<R: Recipe>(plan: &Plan<'_>, options: Options) -> Outcome {
    let array = options.array_capacity.on(plan);
    boxed(plan.build(options.build, |boot| R::empty(Room { boot, array })))
}

fn boxed<S: Subject + 'static>(built: Result<S, BuildError>) -> Outcome {
    built.map(|subject| Box::new(subject) as Box<dyn Subject>)
}

impl Entry {
    const fn of<R: Recipe>(name: &'static str, description: &'static str) -> Self {
        Self { name, description, make: make::<R> }
    }

    /// Builds the backend on a layout.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn build(&self, plan: &Plan<'_>, options: Options) -> Outcome {
        (self.make)(plan, options)
    }
}

/// The backend called `name`.
///
/// # Errors
/// The valid names, and the nearest; or the feature that the program was built without.
pub fn find(name: &str) -> Result<&'static Entry, NoBackend> {
    among(ENTRIES, name)
}

fn among<'a>(entries: &'a [Entry], name: &str) -> Result<&'a Entry, NoBackend> {
    if let Some(entry) = entries.iter().find(|entry| entry.name == name) {
        return Ok(entry);
    }
    if let Some(feature) = FEATURES.into_iter().find(|&feature| feature == name) {
        return Err(NoBackend::NotBuilt(feature));
    }
    let valid: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
    Err(UnknownName::new("backend", name, &valid).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout;

    #[test]
    fn a_backend_left_out_of_the_program_is_said_to_be() {
        let without: Vec<Entry> = ENTRIES
            .iter()
            .filter(|entry| !FEATURES.contains(&entry.name))
            .map(|entry| Entry { ..*entry })
            .collect();
        for feature in FEATURES {
            let error = among(&without, feature).expect_err("not built");
            assert_eq!(error, NoBackend::NotBuilt(feature));
            let words = error.to_string();
            assert!(words.contains(&format!("without the feature `{feature}`")), "{words}");
            assert!(words.contains(&format!("--features {feature}")), "{words}");
        }
        assert!(matches!(among(&without, "rangemaps"), Err(NoBackend::Unknown(_))));
    }

    #[test]
    fn a_feature_that_is_on_names_an_entry() {
        let on =
            [cfg!(feature = "rangemap"), cfg!(feature = "intrusive"), cfg!(feature = "vm-memory")];
        for (feature, on) in FEATURES.into_iter().zip(on) {
            assert_eq!(find(feature).is_ok(), on, "{feature}");
        }
    }

    /// The table that each entry builds of a fragmented layout answers as the layout's segments do.
    #[test]
    fn crates_of_others_build_a_fragmented_layout() {
        let layout = layout::open("frag-1mb").expect("shipped");
        let segments = layout.final_segments().expect("a valid layout");
        let plan = Plan { layout: &layout, segments: &segments };
        for entry in ENTRIES.iter().filter(|entry| FEATURES.contains(&entry.name)) {
            let subject = entry.build(&plan, Options::default()).expect("it can");
            subject.check().expect(entry.name);
            let facts = subject.facts();
            assert_eq!(facts.segments, segments.len() as u64, "{}", entry.name);
            assert!(facts.bytes_total > facts.segments * 72, "{}", entry.name);
            let walk = subject.walk(crate::measure::Target::Page).expect("descriptors");
            assert_eq!(walk.len(), segments.len(), "{}", entry.name);
        }
    }
}

//! The backends by name. A new one is its file in `physseg` and one line here.

use physseg::backend::{Array, BigFirst, Bsearch, Contig, Linear, RbTree};

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
    Entry {
        name: "rbtree",
        description: "red-black tree as rbtree(3): intrusive nodes, compare callbacks",
        make: |plan, options| boxed(plan.build(options.build, RbTree::with_boot_capacity)),
    },
    Entry {
        name: "array-linear",
        description: "static array in the order of loading, linear search (RANDOM)",
        make: |plan, options| {
            let capacity = options.array_capacity.on(plan);
            boxed(plan.build(options.build, |_| Array::<Linear>::new(capacity)))
        },
    },
    Entry {
        name: "array-bigfirst",
        description: "static array, largest segment first, linear search (BIGFIRST)",
        make: |plan, options| {
            let capacity = options.array_capacity.on(plan);
            boxed(plan.build(options.build, |_| Array::<BigFirst>::new(capacity)))
        },
    },
    Entry {
        name: "array-contig",
        description: "one segment and one range check (CONTIG)",
        make: |plan, options| boxed(plan.build(options.build, |_| Array::<Contig>::new(Some(1)))),
    },
];

/// A kernel with room for one segment compiles the search away, and so does this.
fn array(plan: &Plan<'_>, options: Options) -> Outcome {
    match options.array_capacity.on(plan) {
        Some(1) => boxed(plan.build(options.build, |_| Array::<Contig>::new(Some(1)))),
        capacity => boxed(plan.build(options.build, |_| Array::<Bsearch>::new(capacity))),
    }
}

fn boxed<S: Subject + 'static>(built: Result<S, BuildError>) -> Outcome {
    built.map(|subject| Box::new(subject) as Box<dyn Subject>)
}

impl Entry {
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
/// The valid names, and the nearest.
pub fn find(name: &str) -> Result<&'static Entry, UnknownName> {
    ENTRIES.iter().find(|entry| entry.name == name).ok_or_else(|| {
        let valid: Vec<&str> = ENTRIES.iter().map(|entry| entry.name).collect();
        UnknownName::new("backend", name, &valid)
    })
}

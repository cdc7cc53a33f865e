//! The backends by name. A new one is its file in `physseg`, a recipe that makes an empty one, and one
//! line here.

mod recipes;

use physseg::backend::Backend;

use crate::layout::build::{Build, BuildError, Plan};
use crate::measure::churn::{Churn, Tables};
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
    churn: fn() -> Box<dyn Churn>,
}

/// Every backend, the paper's two first.
pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "array",
        description: "static array of records, binary search (BSEARCH; CONTIG for capacity 1)",
        make: array,
        churn: churn::<recipes::Array>,
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
];

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

/// Arrays get the room they need: how long plugging takes is asked here, not whether it fits.
fn churn<R: Recipe>() -> Box<dyn Churn> {
    Box::new(Tables::new(|boot| R::empty(Room { boot, array: None })))
}

fn boxed<S: Subject + 'static>(built: Result<S, BuildError>) -> Outcome {
    built.map(|subject| Box::new(subject) as Box<dyn Subject>)
}

impl Entry {
    const fn of<R: Recipe>(name: &'static str, description: &'static str) -> Self {
        Self { name, description, make: make::<R>, churn: churn::<R> }
    }

    /// Builds the backend on a layout.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn build(&self, plan: &Plan<'_>, options: Options) -> Outcome {
        (self.make)(plan, options)
    }

    /// Tables of the backend to be plugged and unplugged; an array may hold as many segments as it
    /// gets.
    pub fn churn(&self) -> Box<dyn Churn> {
        (self.churn)()
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

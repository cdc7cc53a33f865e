//! The model test: random sequences of operations on a table, and the same on a list of frames.
//!
//! | file | holds |
//! |---|---|
//! | `operation.rs` | what can be done, and how sequences of it are drawn |
//! | `ground.rs` | which frames of the table each of the model's stands for |
//! | `frames.rs` | the naive model: one entry for each frame |
//! | `rules.rs` | what each operation does to the model, or why it is refused |
//! | `driver.rs` | carries an operation out on both and compares the outcome |
//! | `aim.rs` | which segment, hole or frames an operation means when its turn comes |
//! | `agreement.rs` | compares everything that can be asked, after every step |
//! | `met.rs` | what a sequence has led to |
//! | `reach.rs` | makes sure that the sequences drawn reach what there is to reach |

mod agreement;
mod aim;
mod driver;
mod frames;
mod ground;
mod met;
mod operation;
#[cfg(test)]
mod reach;
mod rules;

use std::cell::{Cell, OnceCell};
use std::fmt;
use std::str::FromStr;

use physseg::backend::Backend;
use physseg::{FrameRange, FreeList, Pfn, Segment};
use proptest::test_runner::{Config, TestRunner};

use self::driver::Driver;
use self::ground::Ground;
use self::operation::sequences;

/// How many segments should fit at boot: few enough to be used up now and then.
pub const CAPACITY: usize = 8;

/// What table and model agreed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Agreement {
    /// Sequences of operations, each from an empty table on.
    pub sequences: u64,
    /// Operations in all of them. After each, everything that can be asked was compared; where there
    /// are many segments, at first what lies nearby.
    pub operations: u64,
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sequences, operations } = self;
        write!(f, "{sequences} sequences, {operations} operations, no difference")
    }
}

/// How long to look for a difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effort {
    /// Sequences of operations to draw, at least one.
    pub sequences: u32,
    /// As many more times that number as it takes to carry out so many operations.
    pub operations: u64,
}

impl Effort {
    /// `sequences` of them, however many operations that makes.
    pub const fn sequences(sequences: u32) -> Self {
        Self { sequences, operations: 0 }
    }

    /// What the environment asks for in `PHYSSEG_MODEL_CASES` and `PHYSSEG_MODEL_OPERATIONS`, or else
    /// the `usual` number of sequences.
    ///
    /// # Panics
    /// If a variable holds no number.
    pub fn asked_for(usual: u32) -> Self {
        Self {
            sequences: number("PHYSSEG_MODEL_CASES").unwrap_or(usual),
            operations: number("PHYSSEG_MODEL_OPERATIONS").unwrap_or(0),
        }
    }
}

/// How long a sequence that failed is made shorter, in milliseconds: with crowds of thousands of segments it
/// would go on for the better part of an hour.
const SHRINK_MS_MAX: u32 = 60_000;

/// A number from the environment.
fn number<N: FromStr<Err: fmt::Debug>>(variable: &str) -> Option<N> {
    Some(std::env::var(variable).ok()?.parse().expect(variable))
}

/// Where table and model differ, and the shortest sequence of operations found that leads there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Disagreement(String);

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Disagreement {}

/// Draws sequences of operations, carries each out on a table over a backend from `make` and on the
/// model, and compares after every operation.
///
/// `capacity` is how many segments the backend takes at boot (or, where it cannot plug after boot,
/// at all); best [`CAPACITY`]. `regions` limits how many runs of descriptors each slab can describe,
/// so that giving some back often fails; `None` for no limit.
///
/// # Errors
/// [`Disagreement`]. A panic of the backend is one.
pub fn agree<B: Backend>(
    effort: Effort,
    make: impl Fn() -> B,
    capacity: usize,
    regions: Option<usize>,
) -> Result<Agreement, Disagreement> {
    let cases = effort.sequences.max(1);
    let (mut drawn, operations, near) = (0, Cell::new(0), OnceCell::new());
    // A runner that is made anew draws anew.
    while drawn == 0 || operations.get() < effort.operations {
        let config = Config {
            failure_persistence: None,
            max_shrink_time: SHRINK_MS_MAX,
            ..Config::with_cases(cases)
        };
        let outcome = TestRunner::new(config).run(&sequences(), |sequence| {
            let near = *near.get_or_init(|| follows_the_span(&make));
            let ground = Ground::new(&sequence.plan, near);
            let mut driver = Driver::new(make(), ground, capacity, regions);
            driver.run(&sequence.operations)?;
            operations.set(operations.get() + driver.operations);
            Ok(())
        });
        outcome.map_err(|failure| Disagreement(failure.to_string()))?;
        drawn += u64::from(cases);
    }
    Ok(Agreement { sequences: drawn, operations: operations.get() })
}

/// Whether the backend takes memory for what lies between segments, so that they must not be petabytes
/// apart.
fn follows_the_span<B: Backend>(make: impl Fn() -> B) -> bool {
    const FAR: u64 = 1 << 20;
    let bytes = |apart| {
        let mut backend = make();
        for start in [0, apart].map(Pfn::new) {
            if let Some(range) = FrameRange::with_len(start, 1) {
                // Whoever has room for one alone refuses the other.
                _ = backend.insert(Segment::new(range, FreeList::Default));
            }
        }
        backend.bytes() as u64
    };
    bytes(FAR) >= bytes(1) + FAR
}

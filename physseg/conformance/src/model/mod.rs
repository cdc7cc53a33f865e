//! The model test: random sequences of operations on a table, and the same on a list of frames.
//!
//! | file | holds |
//! |---|---|
//! | `operation.rs` | what can be done, and how sequences of it are drawn |
//! | `frames.rs` | the naive model: one entry for each frame |
//! | `rules.rs` | what each operation does to the model, or why it is refused |
//! | `driver.rs` | carries an operation out on both and compares the outcome |
//! | `aim.rs` | which segment, hole or frames an operation means when its turn comes |
//! | `agreement.rs` | compares everything that can be asked, after every step |
//! | `reach.rs` | makes sure that the sequences drawn reach what there is to reach |

mod agreement;
mod aim;
mod driver;
mod frames;
mod operation;
#[cfg(test)]
mod reach;
mod rules;

use std::cell::Cell;
use std::fmt;

use physseg::backend::Backend;
use proptest::test_runner::{Config, TestRunner};

use self::driver::Driver;
use self::operation::sequences;

/// How many segments should fit at boot: few enough to be used up now and then.
pub const CAPACITY: usize = 8;

/// What table and model agreed on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Agreement {
    /// Sequences of operations, each from an empty table on.
    pub sequences: u32,
    /// Operations in all of them. After each, everything that can be asked was compared.
    pub operations: u64,
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

/// Draws `cases` sequences of operations, carries each out on a table over a backend from `make` and
/// on the model, and compares after every operation.
///
/// `capacity` is how many segments the backend takes at boot (or, where it cannot plug after boot,
/// at all); best [`CAPACITY`]. `regions` limits how many runs of descriptors each slab can describe,
/// so that giving some back often fails; `None` for no limit.
///
/// # Errors
/// [`Disagreement`]. A panic of the backend is one.
pub fn agree<B: Backend>(
    cases: u32,
    make: impl Fn() -> B,
    capacity: usize,
    regions: Option<usize>,
) -> Result<Agreement, Disagreement> {
    let config = Config { failure_persistence: None, ..Config::with_cases(cases) };
    let counted = Cell::new(0);
    let outcome = TestRunner::new(config).run(&sequences(), |operations| {
        let mut driver = Driver::new(make(), capacity, regions);
        driver.agree()?;
        for operation in operations {
            driver.step(&operation)?;
        }
        counted.set(counted.get() + driver.operations);
        Ok(())
    });
    match outcome {
        Ok(()) => Ok(Agreement { sequences: cases, operations: counted.get() }),
        Err(failure) => Err(Disagreement(failure.to_string())),
    }
}

/// How many sequences a test draws: as many as the environment says in `PHYSSEG_MODEL_CASES`, or else
/// `usual`.
///
/// # Panics
/// If the variable holds no number.
pub fn asked_for(usual: u32) -> u32 {
    std::env::var("PHYSSEG_MODEL_CASES")
        .map_or(usual, |number| number.parse().expect("PHYSSEG_MODEL_CASES is a number"))
}

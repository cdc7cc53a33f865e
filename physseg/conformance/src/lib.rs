//! What every backend of `physseg` has to pass, wherever it lives: a suite of cases and a model test.
//!
//! A backend outside `physseg` cannot be reached by the tests inside it, and one that is loaded at run
//! time by no test at all. So both are a library: [`stamp!`] makes tests of all cases for a type that
//! is a [`Subject`], [`cases`] lists them to be run one by one, and [`model::agree`] compares
//! a table with a naive model over random sequences of operations.
//!
//! Used by the tests of `physseg` and by those who have a backend of their own; `physseg` itself never
//! depends on it. A case says that something is wrong by a panic, as tests do.

pub mod behaviour;
pub mod model;

pub use behaviour::{Case, ROOM, Subject, cases, find};

//! Measures what a segment backend costs, and says how sure it is.
//!
//! Data flows one way: a layout says what to build, a workload what to look up, `measure` times it in
//! rounds, `stats` turns numbers into estimates, `record` keeps both, `report` draws what was
//! recorded. docs/ARCHITECTURE.md has the picture and the rules.

#![forbid(unsafe_code)]

pub mod cli;
pub mod cmd;
pub mod layout;
pub mod machine;
pub mod measure;
pub mod names;
pub mod record;
pub mod registry;
pub mod report;
pub mod stats;
pub mod workload;

//! Measures what a segment backend costs, and says how sure it is.
//!
//! Data flows one way: a layout says what to build, a workload what to look up, `measure` times it in
//! rounds, `stats` turns numbers into estimates, `record` keeps both, `report` draws what was
//! recorded. docs/ARCHITECTURE.md has the picture and the rules.

// The workspace denies `unsafe`. `plugin` allows it in the three modules that deal with foreign code, and the
// macro of `intrusive-collections` that describes a node allows it to itself; `forbid` would let neither.

pub mod backends;
pub mod cli;
pub mod cmd;
pub mod console;
pub mod layout;
pub mod machine;
pub mod measure;
pub mod names;
pub mod plugin;
pub mod record;
pub mod recording;
pub mod registry;
pub mod report;
pub mod stats;
pub mod workload;

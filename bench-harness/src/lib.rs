//! Measures what a segment backend costs, and says how sure it is.
//!
//! Data flows one way: a layout says what to build, a workload what to look up, `measure` times it in
//! rounds, `stats` turns numbers into estimates, `record` keeps both, `report` draws what was
//! recorded. docs/ARCHITECTURE.md has the picture and the rules.

// The macro of `intrusive-collections` that describes a node allows itself `unsafe`, which `forbid` would
// not let it do. Our own code stays without: the workspace denies it.
#![cfg_attr(not(feature = "intrusive"), forbid(unsafe_code))]

pub mod backends;
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

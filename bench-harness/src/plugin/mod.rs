//! Backends in C, or in whatever makes a shared object: loaded at run time through the interface of
//! `plugin/include/physseg_backend.h`.
//!
//! The people who ask what a segment structure costs have one in their kernel, in C. It is measured, and
//! checked, as the built-in backends are: a library's table is built from the same layouts ([`build`])
//! and answers the same batches in the same timed loops ([`subject`]). The registry makes a backend of
//! it under the name `plugin:FILE`.
//!
//! Foreign code cannot be proven right. What is `unsafe` about that is in `abi`, `library` and `table`
//! alone, and rests on what the header demands; behind [`Table`] everything is ordinary Rust. A library
//! that breaks the header's rules can still end the process: the caller who must not end with it starts
//! a process for it.

mod abi;
mod build;
pub mod check;
mod churn;
mod error;
mod library;
mod own;
mod subject;
mod table;

#[cfg(test)]
mod tests;

pub use abi::Answer;
pub use churn::PluginChurn;
pub use error::{NoPlugin, PluginError};
pub use library::Library;
pub use own::Own;
pub use subject::{PluginSubject, Ways};
pub use table::{Code, Table};

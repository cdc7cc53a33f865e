//! The program started anew by itself, to do a part of the work in a process of its own.
//!
//! Two things need that: a measurement that is to see several placements of code and data in memory,
//! and foreign code, which may crash or hang and must not take the run with it. The one that starts
//! is the *parent*. It alone writes files, prints, and listens to signals; the *worker* gets a job on
//! its standard input and answers on its standard output, one JSON object a line. Each message of
//! the worker is answered before it goes on, so that the parent is idle while the worker measures, and
//! so that a worker whose parent is gone notices at its next message and ends.
//!
//! This module knows lines and processes, and nothing of what is in the messages. Commands use it.

mod child;
mod error;
mod lines;
mod parent;

pub(super) use child::Parent;
pub(super) use error::WorkerError;
pub(super) use parent::Worker;

/// What a worker is told when its message was dealt with.
const GO_ON: &str = "\"go on\"\n";

//! What the two processes of `plugin check` tell each other.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::plugin::Library;
use crate::plugin::check::Outcome;

/// What a process is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    /// The plugin.
    pub(super) file: PathBuf,
    /// Of the random operations.
    pub(super) seed: u64,
    /// Which case; `None` to load the plugin and say what it is.
    pub(super) case: Option<usize>,
}

/// What it says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Message {
    /// It is about to call this.
    Calling {
        /// As in C.
        call: String,
    },
    /// The plugin could be loaded.
    Loaded {
        /// What it is.
        loaded: Loaded,
    },
    /// It could not.
    NoPlugin {
        /// Why.
        why: String,
    },
    /// The case came to an end.
    Ended {
        /// Which.
        outcome: Outcome,
    },
}

/// What a plugin is.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Loaded {
    name: String,
    version: String,
    lacks: Vec<String>,
    pub(super) is_null: bool,
}

impl Loaded {
    pub(super) fn of(library: &Library) -> Self {
        let optional = [
            ("plug", library.plugs()),
            ("unplug", library.unplugs()),
            ("find", library.finds_one()),
            ("find_batch", library.finds_batches()),
        ];
        let lacks = optional.into_iter().filter(|(_, there)| !there);
        Self {
            name: library.name().to_owned(),
            version: library.version().to_owned(),
            lacks: lacks.map(|(name, _)| name.to_owned()).collect(),
            is_null: library.is_null(),
        }
    }
}

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`, version {}", self.name, self.version)?;
        if !self.lacks.is_empty() {
            write!(f, ", without {}", self.lacks.join(", "))?;
        }
        Ok(())
    }
}

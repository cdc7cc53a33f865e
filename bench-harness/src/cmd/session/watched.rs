//! Who is watched in a process that measures plugins, and the file in which that process notes who is in charge.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use tempfile::{NamedTempFile, TempPath};

use super::barred::Barred;
use crate::cmd::Failure;
use crate::registry::Entry;

/// Who may be in charge of a process that is watched, and for how long.
#[derive(Clone, Debug)]
pub(in crate::cmd) struct Watched {
    /// As the process notes them, by their place here.
    pub backends: Vec<&'static Entry>,
    /// Names of layouts, likewise.
    pub layouts: Vec<String>,
    /// How long a plugin may go without a sign of life, as `--patience` says.
    pub patience: Option<Duration>,
    /// The same in whatever it does but being loaded, where nothing is said.
    pub usual: Duration,
}

impl Watched {
    /// Whether foreign code is among them.
    pub(in crate::cmd) fn has_plugins(&self) -> bool {
        self.backends.iter().any(|entry| entry.plugin_file().is_some())
    }

    /// Whether nobody is left to measure once these have failed: what shows the cost of calls alone is no reason to.
    pub(in crate::cmd) fn is_deserted(&self, barred: &[Barred]) -> bool {
        let is_left = |entry: &&Entry| {
            !entry.shows_cost_of_calls() && !barred.iter().any(|one| one.backend == entry.name)
        };
        !barred.is_empty() && !self.backends.iter().copied().any(|entry| is_left(&entry))
    }

    /// What is worth knowing of a process that died without a plugin in charge, if it had some loaded.
    pub(in crate::cmd) fn suspects(&self, barred: &[Barred]) -> String {
        let plugins = self.backends.iter().filter(|entry| entry.plugin_file().is_some());
        let names = plugins.map(|entry| entry.name);
        let loaded: Vec<&str> =
            names.filter(|name| !barred.iter().any(|one| one.backend == *name)).collect();
        if loaded.is_empty() {
            return String::new();
        }
        format!(
            ". In that process there was foreign code too ({}), which may have damaged memory that is not its own: \
             without it you would know",
            loaded.join(", ")
        )
    }

    /// The file in which a process notes who is in charge; none where there are no plugins.
    ///
    /// # Errors
    /// It cannot be made.
    pub(in crate::cmd) fn beacon(&self) -> Result<Option<BeaconFile>, Failure> {
        if !self.has_plugins() {
            return Ok(None);
        }
        let file = BeaconFile::create()
            .context("plugins are watched through a temporary file, which cannot be made (TMPDIR)");
        file.map(Some).map_err(Failure::running)
    }
}

/// The file that notes go to. Its name is gone as soon as the process that writes to it has opened it.
pub(in crate::cmd) struct BeaconFile {
    pub(super) file: File,
    pub(super) path: Option<TempPath>,
}

impl BeaconFile {
    /// # Errors
    /// There is no folder for temporary files, or no room.
    pub(super) fn create() -> io::Result<Self> {
        let (file, path) = NamedTempFile::with_prefix("bench-harness-beacon-")?.into_parts();
        Ok(Self { file, path: Some(path) })
    }

    pub(in crate::cmd) fn path(&self) -> Option<PathBuf> {
        self.path.as_deref().map(Path::to_owned)
    }
}

//! A file that a command makes where the user says, and where none may be yet.
//!
//! What was there before is somebody's: it is never replaced. The name is claimed before the work begins, so that
//! nothing is computed that has nowhere to go.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use anyhow::anyhow;

use super::Failure;
use crate::record::write_atomically;

/// A file that is to be written. One that is there already is somebody's.
pub(super) struct NewFile<'a> {
    path: &'a Path,
    /// Whether the file was made here, empty, to keep the name; it goes again if nothing comes of it.
    ours: bool,
}

impl<'a> NewFile<'a> {
    /// Keeps the name, which `flag` gave.
    ///
    /// # Errors
    /// There is such a file, or none can be made there.
    pub(super) fn claim(flag: &str, path: &'a Path) -> Result<Self, Failure> {
        let shown = path.display();
        match File::options().write(true).create_new(true).open(path) {
            Ok(_) => Ok(Self { path, ours: true }),
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                Err(Failure::input(anyhow!("{flag} {shown}: cannot be written: {error}")))
            }
            // A pipe or a device, such as /dev/stdout.
            Err(_) if fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) => {
                Ok(Self { path, ours: false })
            }
            Err(_) => Err(Failure::input(anyhow!(
                "{flag} {shown}: exists, and is not overwritten; give another name, or remove it first"
            ))),
        }
    }

    /// Writes it whole.
    ///
    /// # Errors
    /// It cannot be written; nothing is left.
    pub(super) fn write(mut self, bytes: &[u8]) -> Result<(), Failure> {
        write_atomically(self.path, bytes).map_err(Failure::running)?;
        self.ours = false;
        Ok(())
    }
}

impl Drop for NewFile<'_> {
    fn drop(&mut self) {
        if self.ours {
            // What is left would only be an empty file.
            let _ = fs::remove_file(self.path);
        }
    }
}

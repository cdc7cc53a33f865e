//! Puts files in place whole: written beside their place under another name, then renamed.
//!
//! A reader, or a report interrupted by a full disk, must never meet half a figure. Called by
//! [`render`](super::render) only.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process;

use super::ReportError;

/// Makes the folder and its parents.
pub(super) fn make_folder(path: &Path) -> Result<(), ReportError> {
    fs::create_dir_all(path).map_err(|source| ReportError::Write { path: path.to_owned(), source })
}

/// Writes `bytes` as `folder/name`, or leaves what was there.
pub(super) fn whole(folder: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, ReportError> {
    let path = folder.join(name);
    // The process number keeps two programs that render into one folder out of each other's way.
    let partial = folder.join(format!(".{name}.{}.partial", process::id()));
    let written = File::create(&partial)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all() // a full disk may be reported only here
        })
        .and_then(|()| fs::rename(&partial, &path));
    match written {
        Ok(()) => Ok(path),
        Err(source) => {
            // It may not exist; what matters is the first error.
            let _ = fs::remove_file(&partial);
            Err(ReportError::Write { path, source })
        }
    }
}

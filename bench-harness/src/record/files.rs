//! Opening and reading a file, with errors that name it. Only `record` uses it.

use std::{fs, io, path::Path};

use super::RecordError;

/// Refuses pipes and devices, which may have no end, or nothing to read until somebody writes.
/// Whether anything is there, and folders, are for opening to find out.
pub(super) fn refuse_irregular(path: &Path) -> Result<(), RecordError> {
    match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => {
            Err(RecordError::NotRegular { path: path.to_owned() })
        }
        _ => Ok(()),
    }
}

/// The bytes of a file, or an error that names it.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, RecordError> {
    refuse_irregular(path)?;
    fs::read(path).map_err(|source| open_error(path, source))
}

/// What to say about a file that could not be opened or read.
pub(super) fn open_error(path: &Path, source: io::Error) -> RecordError {
    let path = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => RecordError::Missing { path },
        _ => RecordError::Io { path, doing: "read", source },
    }
}

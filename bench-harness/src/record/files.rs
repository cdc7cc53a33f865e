//! Opening and reading a file, with errors that name it. Only `record` uses it.

use std::{fs, io, path::Path};

use super::RecordError;

/// The bytes of a file, or an error that names it.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, RecordError> {
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

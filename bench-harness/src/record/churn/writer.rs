//! Appending phases so that a round is on disk whole or not at all.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::ChurnRow;
use crate::record::atomic::sync_folder_of;
use crate::record::sample_writer::{RoundLog, check_whole, io_error, lock};
use crate::record::{RecordError, files, table};

/// churn.csv, open for appending. While it is open, no other process may write to it.
#[derive(Debug)]
pub struct ChurnWriter {
    path: PathBuf,
    log: RoundLog<File>,
}

impl ChurnWriter {
    /// Starts a new file with its header on disk.
    ///
    /// # Errors
    /// [`RecordError::Io`] where it is there already or cannot be written, [`RecordError::InUse`] where
    /// another run is writing it.
    pub fn create(path: &Path) -> Result<Self, RecordError> {
        let failed = |source| io_error(path, "create", source);
        let file = File::options().append(true).create_new(true).open(path).map_err(failed)?;
        lock(path, &file)?;
        let mut log = RoundLog::new(file, 0);
        log.append_round(&table::encode::<ChurnRow>(path, &[])?).map_err(failed)?;
        sync_folder_of(path);
        Ok(Self { path: path.to_owned(), log })
    }

    /// Goes on with a file as [`recover_churn`](super::recover_churn) leaves it.
    ///
    /// # Errors
    /// As [`ChurnWriter::create`]; and [`RecordError::Header`] or [`RecordError::TornLine`] where it is
    /// not such a file.
    pub fn append(path: &Path) -> Result<Self, RecordError> {
        let opened = File::options().read(true).append(true).open(path);
        let mut file = opened.map_err(|source| files::open_error(path, source))?;
        lock(path, &file)?;
        let length = check_whole::<ChurnRow>(path, &mut file)?;
        Ok(Self { path: path.to_owned(), log: RoundLog::new(file, length) })
    }

    /// Appends the phases of one round; when this returns, they are on disk.
    ///
    /// # Errors
    /// [`RecordError::Io`], naming the file, which is then as it was before.
    pub fn write_round(&mut self, rows: &[ChurnRow]) -> Result<(), RecordError> {
        let bytes = table::encode_rows(&self.path, rows)?;
        self.log.append_round(&bytes).map_err(|source| io_error(&self.path, "write", source))
    }
}

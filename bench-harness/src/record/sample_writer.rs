//! Appending samples so that a round is on disk whole or not at all.

use std::{
    fs::{File, TryLockError},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use super::{RecordError, SampleRow, atomic::sync_folder_of, files, table};

/// samples.csv, open for appending. While it is open, no other process may write to it.
#[derive(Debug)]
pub struct SampleWriter {
    path: PathBuf,
    log: RoundLog<File>,
}

impl SampleWriter {
    /// Starts a new file with its header on disk. What was there before is gone.
    ///
    /// # Errors
    /// [`RecordError::Io`] where it cannot be written, [`RecordError::InUse`] where another run is.
    pub fn create(path: &Path) -> Result<Self, RecordError> {
        let failed = |source| io_error(path, "create", source);
        let options = File::options().append(true).create(true).clone();
        let file = options.open(path).map_err(failed)?;
        lock(path, &file)?;
        // Emptied only once it is ours; a device cannot be and need not be.
        if file.metadata().map_err(failed)?.is_file() {
            file.set_len(0).map_err(failed)?;
        }
        let mut log = RoundLog::new(file, 0);
        log.append_round(&table::encode::<SampleRow>(path, &[])?).map_err(failed)?;
        sync_folder_of(path);
        Ok(Self { path: path.to_owned(), log })
    }

    /// Goes on with a file as [`recover_samples`](super::recover_samples) leaves it.
    ///
    /// # Errors
    /// As [`SampleWriter::create`]; and [`RecordError::Missing`], [`RecordError::Header`] or
    /// [`RecordError::TornLine`] where it is not such a file.
    pub fn append(path: &Path) -> Result<Self, RecordError> {
        let mut file = File::options().read(true).append(true).open(path).map_err(|source| {
            match source.kind() {
                io::ErrorKind::NotFound => files::open_error(path, source),
                _ => io_error(path, "open for appending", source),
            }
        })?;
        lock(path, &file)?;
        let length = check_whole::<SampleRow>(path, &mut file)?;
        Ok(Self { path: path.to_owned(), log: RoundLog::new(file, length) })
    }

    /// Appends the samples of one round; when this returns, they are on disk.
    ///
    /// # Errors
    /// [`RecordError::Io`], naming the file. Then the file is as it was before the call: what had
    /// been written of the round is cut off again.
    pub fn write_round(&mut self, rows: &[SampleRow]) -> Result<(), RecordError> {
        let bytes = table::encode_rows(&self.path, rows)?;
        self.log.append_round(&bytes).map_err(|source| io_error(&self.path, "write", source))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

pub(super) fn io_error(path: &Path, doing: &'static str, source: io::Error) -> RecordError {
    RecordError::Io { path: path.to_owned(), doing, source }
}

/// Claims the file for this process until it is closed. A file system without locks does not stop
/// the run.
pub(super) fn lock(path: &Path, file: &File) -> Result<(), RecordError> {
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(RecordError::InUse { path: path.to_owned() }),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// Length of a file that has the right header and ends with a line end.
pub(super) fn check_whole<R: table::Row>(path: &Path, file: &mut File) -> Result<u64, RecordError> {
    let failed = |source| io_error(path, "read", source);
    let length = file.metadata().map_err(failed)?.len();
    let expected = table::header::<R>();
    let mut start = Vec::new();
    file.take(expected.len() as u64 + 1).read_to_end(&mut start).map_err(failed)?;
    if start != format!("{expected}\n").as_bytes() {
        let found = String::from_utf8_lossy(&start);
        let found = found.lines().next().unwrap_or_default().to_owned();
        return Err(RecordError::Header { path: path.to_owned(), found, expected });
    }
    file.seek(SeekFrom::Start(length - 1)).map_err(failed)?;
    let mut last = [0];
    file.read_exact(&mut last).map_err(failed)?;
    if last != *b"\n" {
        file.rewind().map_err(failed)?;
        let mut all = Vec::new();
        file.read_to_end(&mut all).map_err(failed)?;
        let line = all.split(|&byte| byte == b'\n').count() as u64;
        return Err(RecordError::TornLine { path: path.to_owned(), line });
    }
    Ok(length)
}

/// What a log of rounds needs of a file; apart, so that a test can let it fail half-way.
pub(super) trait Storage {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    fn sync(&mut self) -> io::Result<()>;
    fn truncate(&mut self, length: u64) -> io::Result<()>;
}

impl Storage for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        match self.sync_data() {
            // A pipe or device has nothing to sync.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            done => done,
        }
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// A file and how much of it is whole rounds.
#[derive(Debug)]
pub(super) struct RoundLog<S> {
    storage: S,
    whole_bytes: u64,
    /// A failed round could not be cut off yet.
    torn: bool,
}

impl<S: Storage> RoundLog<S> {
    pub(super) fn new(storage: S, whole_bytes: u64) -> Self {
        Self { storage, whole_bytes, torn: false }
    }

    pub(super) fn append_round(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.torn {
            // Behind half a row, a whole one would be lost too.
            self.storage.truncate(self.whole_bytes)?;
            self.torn = false;
        }
        let written = self.storage.append(bytes).and_then(|()| self.storage.sync());
        match written {
            Ok(()) => self.whole_bytes += bytes.len() as u64,
            Err(_) => self.torn = self.storage.truncate(self.whole_bytes).is_err(),
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::{RoundLog, Storage};
    use std::io;

    /// A disk with room for so many bytes, which takes what fits before it fails.
    struct SmallDisk {
        content: Vec<u8>,
        room: usize,
        may_truncate: bool,
        may_sync: bool,
    }

    impl Storage for SmallDisk {
        fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
            let fits = bytes.len().min(self.room - self.content.len());
            self.content.extend(&bytes[..fits]);
            if fits < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        }

        fn sync(&mut self) -> io::Result<()> {
            if self.may_sync { Ok(()) } else { Err(io::ErrorKind::Other.into()) }
        }

        fn truncate(&mut self, length: u64) -> io::Result<()> {
            if !self.may_truncate {
                return Err(io::ErrorKind::Other.into());
            }
            self.content.truncate(usize::try_from(length).expect("small"));
            Ok(())
        }
    }

    fn log(room: usize) -> RoundLog<SmallDisk> {
        let disk = SmallDisk { content: Vec::new(), room, may_truncate: true, may_sync: true };
        RoundLog::new(disk, 0)
    }

    #[test]
    fn a_round_that_does_not_fit_is_cut_off_again() {
        let mut log = log(10);
        log.append_round(b"one\n").expect("fits");
        let error = log.append_round(b"two-is-long\n").expect_err("full");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(log.storage.content, b"one\n");
        log.append_round(b"three\n").expect("fits");
        assert_eq!(log.storage.content, b"one\nthree\n");
    }

    #[test]
    fn a_round_that_was_not_synced_does_not_count() {
        let mut log = log(100);
        log.append_round(b"one\n").expect("synced");
        log.storage.may_sync = false;
        log.append_round(b"two\n").expect_err("not synced");
        assert_eq!(log.storage.content, b"one\n");
    }

    #[test]
    fn nothing_is_written_behind_half_a_round() {
        let mut log = log(6);
        log.append_round(b"one\n").expect("fits");
        log.storage.may_truncate = false;
        log.append_round(b"two\n").expect_err("full");
        assert_eq!(log.storage.content, b"one\ntw");
        log.storage.room = 100;
        log.append_round(b"three\n").expect_err("still torn");
        assert_eq!(log.storage.content, b"one\ntw");
        log.storage.may_truncate = true;
        log.append_round(b"three\n").expect("mended first");
        assert_eq!(log.storage.content, b"one\nthree\n");
    }
}

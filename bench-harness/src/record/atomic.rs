//! Replacing a file whole or not at all.

use std::{
    fs::{self, File, Permissions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::RecordError;

/// Writes `bytes` to `path` so that at any moment, also after a power cut, the file holds either
/// what it held before or all of `bytes`.
///
/// The bytes go to a temporary file in the same folder, which is synced and then renamed. A
/// symbolic link is followed and stays, and so do the permissions of a file that is replaced. What is not a regular file, a pipe or a device, is written
/// directly, since renaming would put a file in its place.
///
/// # Errors
/// [`RecordError::Io`] naming the file; the temporary file is removed again.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), RecordError> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let written = match fs::metadata(&target) {
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => write_directly(&target, bytes),
        _ => replace(&target, bytes),
    };
    written.map_err(|source| RecordError::Io { path: path.to_owned(), doing: "write", source })
}

fn write_directly(target: &Path, bytes: &[u8]) -> io::Result<()> {
    File::options().write(true).open(target)?.write_all(bytes)
}

fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = temporary_beside(target);
    let before = fs::metadata(target).ok().filter(fs::Metadata::is_file);
    let permissions = before.map(|before| before.permissions());
    let replaced =
        write_synced(&temporary, bytes, permissions).and_then(|()| fs::rename(&temporary, target));
    if replaced.is_err() {
        // The first error is the one to report; a leftover would only be litter.
        let _ = fs::remove_file(&temporary);
    }
    replaced?;
    sync_folder_of(target);
    Ok(())
}

fn write_synced(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let mut file = File::create(path)?;
    // Before there is anything in it to read. Not every file system has permissions to set.
    if let Some(permissions) =
        permissions.filter(|kept| file.metadata().map_or(true, |made| made.permissions() != *kept))
    {
        file.set_permissions(permissions)?;
    }
    file.write_all(bytes)?;
    file.sync_all()
}

/// A name that does not meet another process's, hidden from listings.
fn temporary_beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}

/// Makes the new name itself durable. Not every system lets a folder be synced; where it does not,
/// the old or the new name survives a power cut, and both are whole.
pub(super) fn sync_folder_of(path: &Path) {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use super::write_atomically;
    use std::fs;

    fn names_in(folder: &std::path::Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("folder");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("entry").file_name();
        entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_file_is_made_then_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("summary.csv");
        for content in ["first, longer", "second"] {
            write_atomically(&path, content.as_bytes()).expect("written");
            assert_eq!(fs::read_to_string(&path).expect("read"), content);
        }
        assert_eq!(names_in(folder.path()), ["summary.csv"]);
    }

    #[test]
    fn what_cannot_be_replaced_is_named_and_leaves_no_litter() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("in-the-way");
        fs::create_dir(&path).expect("folder in the way");
        let message = write_atomically(&path, b"text").expect_err("a folder").to_string();
        assert!(message.contains("in-the-way: cannot write"), "{message}");
        assert_eq!(names_in(folder.path()), ["in-the-way"]);
        let nowhere = folder.path().join("no-folder").join("summary.csv");
        let message = write_atomically(&nowhere, b"text").expect_err("no folder").to_string();
        assert!(message.contains("no-folder"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("folder");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "before").expect("written");
        std::os::unix::fs::symlink(&file, &link).expect("linked");
        write_atomically(&link, b"after").expect("written");
        assert!(fs::symlink_metadata(&link).expect("link").is_symlink());
        assert_eq!(fs::read_to_string(&file).expect("read"), "after");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_also_behind_a_link() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("folder");
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "before").expect("written");
        std::os::unix::fs::symlink(&file, &link).expect("linked");
        for mode in [0o640, 0o600, 0o755, 0o444] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("set");
            write_atomically(&link, b"after").expect("written");
            let kept = fs::metadata(&file).expect("file").permissions().mode() & 0o7777;
            assert_eq!(kept, mode, "{kept:o} of {mode:o}");
            assert_eq!(fs::read_to_string(&file).expect("read"), "after");
        }
        assert!(fs::symlink_metadata(&link).expect("link").is_symlink());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_says_so_and_a_device_stays_a_device() {
        use std::os::unix::fs::FileTypeExt as _;
        let full = std::path::Path::new("/dev/full");
        if !full.exists() {
            return;
        }
        let message = write_atomically(full, b"text").expect_err("full").to_string();
        assert!(message.contains("/dev/full") && message.contains("free some space"), "{message}");
        assert!(fs::metadata(full).expect("still there").file_type().is_char_device());
    }
}

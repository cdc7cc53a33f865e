//! Claiming a folder for a run: an older run is moved beside it first, and if the new one cannot begin,
//! everything is as it was.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::place::run_id;
use crate::cmd::Failure;
use crate::record::{self, RecordError};

/// A folder that was claimed, and what it takes to leave everything as it was before.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::cmd) struct Claimed {
    folder: PathBuf,
    /// Where the run went that was in it.
    aside: Option<PathBuf>,
    /// Folders that were made, innermost first.
    made: Vec<PathBuf>,
    /// The run's own files that were not there yet.
    files: Vec<PathBuf>,
}

impl Claimed {
    /// Leaves everything as it was before the claim: files that were there before stay, and so do
    /// folders that were, or that hold something else by now. Whoever writes the files has to be done.
    /// Where a run is that is back, if one was moved aside.
    pub(in crate::cmd) fn withdraw(self) -> Option<PathBuf> {
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        remove_empty(&self.made);
        let back = self
            .aside
            .is_some_and(|aside| !self.folder.exists() && fs::rename(aside, &self.folder).is_ok());
        back.then_some(self.folder)
    }
}

/// Folders go only if nothing is in them.
fn remove_empty(folders: &[PathBuf]) {
    for folder in folders {
        let _ = fs::remove_dir(folder);
    }
}

/// Has `create` make the first files of a run in `folder`, from which an older one goes to `aside`; `files` are
/// all that the run may have.
///
/// # Errors
/// Whatever is in the way: bad input, since nothing has been measured yet. Folders made on the way are gone
/// again then, and the older run is back; the files are up to `create`.
pub(in crate::cmd) fn claim(
    folder: &Path,
    aside: Option<&Path>,
    files: Vec<PathBuf>,
    create: impl FnOnce() -> Result<(), RecordError>,
) -> Result<Claimed, Failure> {
    if let Some(aside) = aside {
        fs::rename(folder, aside)
            .with_context(|| format!("cannot move {} to {}", folder.display(), aside.display()))
            .map_err(Failure::input)?;
    }
    let made = missing_folders(folder);
    let files = files.into_iter().filter(|file| !file.exists()).collect();
    if let Err(error) = create() {
        // Nothing that was not there before is left behind.
        remove_empty(&made);
        if let Some(aside) = aside {
            let _ = fs::rename(aside, folder);
        }
        return Err(Failure::input(error));
    }
    Ok(Claimed { folder: folder.to_owned(), aside: aside.map(Path::to_owned), made, files })
}

/// Where the run in `folder` goes: beside it, named after itself behind `prefix`.
///
/// # Errors
/// A hundred such names are taken.
pub(in crate::cmd) fn name_beside(
    folder: &Path,
    environment: &Path,
    prefix: &str,
) -> Result<PathBuf, Failure> {
    let name = record::read_environment(environment)
        .map_or_else(|_| format!("before-{}", run_id()), |environment| environment.run_id);
    let parent = folder.parent().unwrap_or(Path::new("."));
    (0..100)
        .map(|copy| match copy {
            0 => parent.join(format!("{prefix}{name}")),
            _ => parent.join(format!("{prefix}{name}-{copy}")),
        })
        .find(|path| !path.exists())
        .ok_or_else(|| {
            Failure::input(anyhow!(
                "{} holds a run and no name is left to move it to; use --out",
                folder.display()
            ))
        })
}

/// The folder and those above it that are not there yet, innermost first.
fn missing_folders(folder: &Path) -> Vec<PathBuf> {
    let missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
    folder.ancestors().take_while(missing).map(Path::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fail(path: &Path) -> Result<(), RecordError> {
        Err(RecordError::InUse { path: path.to_owned() })
    }

    #[test]
    fn what_cannot_begin_leaves_everything_as_it_was() {
        let scratch = tempfile::tempdir().expect("a folder");
        let (older, aside) = (scratch.path().join("latest"), scratch.path().join("older"));
        fs::create_dir(&older).expect("made");
        fs::write(older.join("a"), "b").expect("written");
        let outcome = claim(&older, Some(&aside), Vec::new(), || {
            assert!(aside.join("a").exists() && !older.exists());
            fs::create_dir(&older).expect("made");
            fail(&older)
        });
        assert!(matches!(outcome, Err(Failure::Input(_))));
        assert!(older.join("a").exists() && !aside.exists(), "put back");

        let deep = scratch.path().join("x/y/z");
        let outcome = claim(&deep, None, Vec::new(), || {
            fs::create_dir_all(&deep).expect("made");
            fail(&deep)
        });
        assert!(outcome.is_err() && !scratch.path().join("x").exists(), "nothing is left behind");
    }

    #[test]
    fn what_begins_keeps_the_older_run_beside_it_under_a_name_of_its_own() {
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = scratch.path().join("latest");
        fs::create_dir(&folder).expect("made");
        let recorded = folder.join("environment.json");
        let environment =
            record::Environment { run_id: "r".to_owned(), ..record::Environment::blank() };
        record::write_environment(&recorded, &environment).expect("written");
        fs::create_dir(scratch.path().join("churn-r")).expect("made");
        let aside = name_beside(&folder, &recorded, "churn-").expect("a name");
        assert_eq!(aside, scratch.path().join("churn-r-1"));
        claim(&folder, Some(&aside), Vec::new(), || Ok(())).expect("claimed");
        assert!(aside.join("environment.json").exists() && !folder.exists());
    }

    #[test]
    fn what_is_withdrawn_takes_away_what_it_made_and_nothing_else() {
        let scratch = tempfile::tempdir().expect("a folder");
        let write = |path: PathBuf| fs::write(path, "x").expect("written");
        let files = |folder: &Path| vec![folder.join("samples"), folder.join("summary")];
        // `mine` stands there; `theirs`, or a file of the run's names, was there before.
        let run = |folder: &Path, theirs: &[&str]| {
            let claimed = claim(folder, None, files(folder), || {
                fs::create_dir_all(folder).expect("made");
                Ok(())
            });
            files(folder).into_iter().for_each(write);
            assert_eq!(claimed.expect("claimed").withdraw(), None);
            for file in theirs {
                assert!(folder.join(file).exists(), "{file}");
            }
        };
        let deep = scratch.path().join("x/y");
        run(&deep, &[]);
        assert!(!scratch.path().join("x").exists(), "the folders above it are gone too");
        let there = scratch.path().join("there");
        fs::create_dir(&there).expect("made");
        run(&there, &[]);
        assert_eq!(fs::read_dir(&there).expect("still there").count(), 0);
        write(there.join("notes"));
        write(there.join("summary"));
        run(&there, &["notes", "summary"]);
        assert!(!there.join("samples").exists());
    }

    #[test]
    fn a_run_moved_aside_comes_back_when_the_new_one_is_withdrawn() {
        let scratch = tempfile::tempdir().expect("a folder");
        let (folder, aside) = (scratch.path().join("latest"), scratch.path().join("older"));
        fs::create_dir(&folder).expect("made");
        fs::write(folder.join("samples"), "older").expect("written");
        let claimed = claim(&folder, Some(&aside), vec![folder.join("samples")], || {
            fs::create_dir(&folder).expect("made");
            Ok(())
        });
        fs::write(folder.join("samples"), "newer").expect("written");
        assert_eq!(claimed.expect("claimed").withdraw(), Some(folder.clone()));
        assert_eq!(fs::read_to_string(folder.join("samples")).expect("back"), "older");
        assert!(!aside.exists());
    }
}

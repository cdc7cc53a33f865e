//! Claiming a folder for a run: an older run is moved beside it first, and if the new one cannot begin,
//! everything is as it was.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::place::run_id;
use crate::cmd::Failure;
use crate::record::{self, RecordError};

/// Has `create` make the first files of a run in `folder`, from which an older one goes to `aside`.
///
/// # Errors
/// Whatever is in the way: bad input, since nothing has been measured yet. Folders made on the way are gone
/// again then, and the older run is back; the files are up to `create`.
pub(in crate::cmd) fn claim(
    folder: &Path,
    aside: Option<&Path>,
    create: impl FnOnce() -> Result<(), RecordError>,
) -> Result<(), Failure> {
    if let Some(aside) = aside {
        fs::rename(folder, aside)
            .with_context(|| format!("cannot move {} to {}", folder.display(), aside.display()))
            .map_err(Failure::input)?;
    }
    let missing = missing_folders(folder);
    create().map_err(|error| {
        // Nothing that was not there before is left behind; folders go only if empty.
        for made in &missing {
            let _ = fs::remove_dir(made);
        }
        if let Some(aside) = aside {
            let _ = fs::rename(aside, folder);
        }
        Failure::input(error)
    })
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
        let outcome = claim(&older, Some(&aside), || {
            assert!(aside.join("a").exists() && !older.exists());
            fs::create_dir(&older).expect("made");
            fail(&older)
        });
        assert!(matches!(outcome, Err(Failure::Input(_))));
        assert!(older.join("a").exists() && !aside.exists(), "put back");

        let deep = scratch.path().join("x/y/z");
        let outcome = claim(&deep, None, || {
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
        claim(&folder, Some(&aside), || Ok(())).expect("claimed");
        assert!(aside.join("environment.json").exists() && !folder.exists());
    }
}

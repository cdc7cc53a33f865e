//! What an earlier report left in the folder of this one: its figures, each with its numbers.
//!
//! A figure that this run does not have would be taken for this run's. But the folder is the user's, and `forestry.svg` or
//! `rounds-notes.svg` may be theirs: a file is removed only if it is named as our figures are and begins as our canvas begins
//! a document, and its numbers only with it. [`render`](super::render) calls this when all is written.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::figure;

/// How far a figure is read: past its title, which has names in it that anybody may have made up.
const BEGINNING_BYTES: u64 = 1 << 16;

/// Removes figures of an earlier report that are not among those `written`. One that cannot be removed is no reason to
/// fail: the page does not name it.
pub(super) fn remove(out: &Path, written: &[PathBuf]) {
    for path in fs::read_dir(out).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !figure::is_named_so(&name) || written.contains(&path) || !begins(&path, figure::is_ours)
        {
            continue;
        }
        if fs::remove_file(&path).is_ok() {
            let numbers = path.with_file_name(figure::csv_name(&name));
            // A file of that name alone, or with other columns, may be somebody's.
            if begins(&numbers, figure::is_data) {
                let _ = fs::remove_file(numbers);
            }
        }
    }
}

/// Whether a file begins as it should; nothing but a plain file does, and no link to one.
fn begins(path: &Path, as_it_should: fn(&str) -> bool) -> bool {
    let is_plain = fs::symlink_metadata(path).is_ok_and(|of| of.is_file());
    let mut beginning = Vec::new();
    let read = is_plain
        && File::open(path)
            .and_then(|file| file.take(BEGINNING_BYTES).read_to_end(&mut beginning))
            .is_ok();
    read && as_it_should(&String::from_utf8_lossy(&beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::synthetic::{Cost, Maker, reproduction};
    use crate::report::{memory_map, render};

    /// A run of one backend, which has neither forest nor change.
    fn lonely() -> crate::record::Run {
        let mut maker = Maker::new();
        maker.batch("alone", 1000, 6, 1.5, &[Cost("array", 7.4, 0.02)]);
        maker.run
    }

    #[test]
    fn files_of_the_user_stay_whatever_they_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        let map = memory_map("mine", 4096, &[0..4, 6..9]).unwrap();
        let theirs = [
            ("cost-of-living.svg", svg),
            ("cost-of-living.csv", "year,cost\n"),
            (
                "rounds-notes.svg",
                "<?xml version=\"1.0\"?>\n<svg role=\"img\"><title>x</title></svg>",
            ),
            ("forestry.svg", svg),
            ("forestry.csv", "tree,height\n"),
            ("forest-map.svg", &map),
            ("change-empty.svg", ""),
        ];
        for (name, text) in theirs {
            fs::write(folder.path().join(name), text).unwrap();
        }
        fs::create_dir(folder.path().join("forest-of-files.svg")).unwrap();
        render(&lonely(), folder.path()).unwrap();
        for (name, text) in theirs {
            let kept = fs::read_to_string(folder.path().join(name));
            assert_eq!(kept.ok().as_deref(), Some(text), "{name}");
        }
        assert!(folder.path().join("forest-of-files.svg").is_dir());
    }

    #[test]
    fn a_figure_goes_with_its_numbers_but_not_with_somebodys() {
        let folder = tempfile::tempdir().unwrap();
        let written = render(&reproduction(6), folder.path()).unwrap();
        let theirs = folder.path().join("change-paper-32x8.csv");
        fs::write(&theirs, "mine\n").unwrap();
        // Ours in all but its name.
        let renamed = folder.path().join("forestry.svg");
        fs::copy(folder.path().join("forest.svg"), &renamed).unwrap();
        let kept = render(&lonely(), folder.path()).unwrap();
        for path in written.iter().filter(|path| !kept.contains(path) && **path != theirs) {
            assert!(!path.exists(), "{}", path.display());
        }
        assert!(theirs.exists() && renamed.exists());
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_is_not_read_and_the_link_stays() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("cost-linked.svg");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        render(&lonely(), folder.path()).unwrap();
        assert!(fs::symlink_metadata(&link).is_ok());
    }
}

//! Records that are kept: folders named `<date>-<machine>` in one place, and what is in them.
//!
//! A record is a run, or a folder of runs that belong together. Documents are made from them, and new ones are
//! filed beside them; both look here for what there is.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{RecordError, RunDir};

/// The folder in which rendered reports stand, in that of a run.
pub const REPORT: &str = "report";

/// A record that is kept.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Kept {
    /// Its folder's name, which begins with its date: `2026-11-21-epyc-2core-vm`.
    pub name: String,
    /// Its folder.
    pub path: PathBuf,
}

impl Kept {
    /// The date in its name, `YYYY-MM-DD`.
    pub fn date(&self) -> &str {
        self.name.get(..10).unwrap_or_default()
    }
}

/// The records in a folder, newest first; of one day in the reverse order of their names. Other folders and
/// files are passed over.
///
/// # Errors
/// [`RecordError::Missing`], [`RecordError::NotAFolder`] or [`RecordError::Io`] where the folder cannot be read.
pub fn kept_in(folder: &Path) -> Result<Vec<Kept>, RecordError> {
    let mut kept = Vec::new();
    for (name, path) in entries(folder)? {
        if name.get(..10).is_some_and(is_date) && path.is_dir() {
            kept.push(Kept { name, path });
        }
    }
    kept.sort_by(|a, b| b.cmp(a));
    Ok(kept)
}

/// The folders of the runs in a record: its own, and those below it, in which the runs of a record that has several
/// stand. Links are not followed, and what cannot be listed holds no run.
pub fn runs_in(folder: &Path) -> Vec<PathBuf> {
    let mut runs = Vec::new();
    let mut ahead = vec![folder.to_owned()];
    while let Some(folder) = ahead.pop() {
        let below = entries(&folder).unwrap_or_default().into_iter().map(|(_, path)| path);
        ahead.extend(below.filter(|path| path.is_dir() && !path.is_symlink()));
        if RunDir::at(&folder).environment().is_file() {
            runs.push(folder);
        }
    }
    runs.sort();
    runs
}

/// The files of a run's folder and of the report in it, as `summary.csv` and `report/report.md`, in order. What
/// cannot be listed is not there.
pub fn files_in(folder: &Path) -> Vec<String> {
    let files = |folder: &Path, before: &str| {
        let entries = entries(folder).unwrap_or_default().into_iter();
        let files = entries.filter(|(_, path)| path.is_file());
        files.map(|(name, _)| format!("{before}{name}")).collect::<Vec<_>>()
    };
    let mut all = files(folder, "");
    all.extend(files(&folder.join(REPORT), &format!("{REPORT}/")));
    all.sort();
    all
}

/// Whether a text is a day of the calendar, `YYYY-MM-DD`.
pub fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let number = |text: &str, digits: usize| {
        (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<u32>().ok())
            .flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, RecordError> {
    let failed = |source: std::io::Error| {
        let path = folder.to_owned();
        match source.kind() {
            std::io::ErrorKind::NotFound => RecordError::Missing { path },
            std::io::ErrorKind::NotADirectory => RecordError::NotAFolder { path },
            _ => RecordError::Io { path, doing: "read this folder", source },
        }
    };
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // A name that is not UTF-8 is nobody's record.
        if let Ok(name) = entry.file_name().into_string() {
            entries.push((name, entry.path()));
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_found_newest_first_and_nothing_else() {
        let folder = tempfile::tempdir().expect("folder");
        for name in ["2026-01-02-a", "2025-12-31-b", "2026-01-02-c", "latest", "2026-13-01-d"] {
            fs::create_dir(folder.path().join(name)).expect("folder");
        }
        fs::write(folder.path().join("2027-01-01-file"), "").expect("file");
        let found = kept_in(folder.path()).expect("readable");
        let names: Vec<_> = found.iter().map(|kept| kept.name.as_str()).collect();
        assert_eq!(names, ["2026-01-02-c", "2026-01-02-a", "2025-12-31-b"]);
        assert_eq!(found[0].date(), "2026-01-02");
        let nowhere = kept_in(&folder.path().join("nowhere")).expect_err("nothing there");
        assert!(nowhere.to_string().contains("nowhere"), "{nowhere}");
    }

    #[test]
    fn runs_are_found_however_deep() {
        let folder = tempfile::tempdir().expect("folder");
        let at = |name: &str| folder.path().join(name);
        for name in ["field", "more/deep", "report"] {
            fs::create_dir_all(at(name)).expect("folder");
        }
        for name in ["field", "more/deep"] {
            fs::write(at(name).join("environment.json"), "").expect("file");
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path(), at("more/round")).expect("linked");
        assert_eq!(runs_in(folder.path()), [at("field"), at("more/deep")]);
        assert!(runs_in(&at("nowhere")).is_empty());
    }

    #[test]
    fn files_are_listed_with_those_of_the_report() {
        let folder = tempfile::tempdir().expect("folder");
        fs::create_dir_all(folder.path().join("report/deep")).expect("folder");
        for name in ["samples.csv", "report/b.svg", "report/a.md", "report/deep/x"] {
            fs::write(folder.path().join(name), "").expect("file");
        }
        assert_eq!(files_in(folder.path()), ["report/a.md", "report/b.svg", "samples.csv"]);
        assert!(files_in(&folder.path().join("nowhere")).is_empty());
    }

    #[test]
    fn dates_are_days_of_the_calendar() {
        for date in ["2026-11-21", "2024-02-29", "2000-02-29"] {
            assert!(is_date(date), "{date}");
        }
        for text in
            ["2026-02-29", "1900-02-29", "2026-00-01", "2026-4-1", "26-04-01", "+026-04-01", ""]
        {
            assert!(!is_date(text), "{text}");
        }
    }
}

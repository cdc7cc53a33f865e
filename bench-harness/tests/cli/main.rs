//! The program as a user runs it: what it prints, what it leaves on disk, how it ends.
//!
//! No test here asserts a time. Runs are as small as they can be: 100 lookups, two rounds.

mod arguments;
mod churn;
mod churn_plugins;
mod doctor;
mod faults;
mod formats;
mod from;
mod interrupted;
mod kernels;
mod layouts;
mod limits;
#[cfg(target_os = "linux")]
mod memory;
mod outputs;
mod plugins;
mod processes;
mod questions;
mod recordings;
mod records;
mod runs;
mod selftest;
mod skeleton;

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

/// The signal that means "stop now" to a program under test: Ctrl-C's, unless these tests run where it is
/// ignored, as shells make it for what they start in the background; children inherit that.
#[cfg(unix)]
fn interrupt() -> &'static str {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // SIGINT is signal 2, bit 1; where there is no such file, nothing is known to be ignored.
    if ignored.is_some_and(|mask| mask & 0b10 != 0) { "-TERM" } else { "-INT" }
}

/// The program, in an empty folder of its own.
struct Scratch {
    dir: TempDir,
}

impl Scratch {
    fn new() -> Self {
        Self { dir: TempDir::new().expect("a temporary folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The program with `words` as its arguments.
    fn harness(&self, words: &str) -> Command {
        let mut command = Command::cargo_bin("bench-harness").expect("the program is built");
        command.current_dir(self.dir.path()).args(words.split_whitespace());
        command
    }

    /// A small comparison into `out`.
    fn compare(&self, more: &str) -> Command {
        self.harness(&format!(
            "compare --backends array,rbtree --lookups 100 --runs 2 --out out {more}"
        ))
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).expect("a writable folder");
        path
    }

    fn read(&self, name: &str) -> String {
        read(&self.path(name))
    }

    /// The cells of a CSV file, header first.
    fn csv(&self, name: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_path(self.path(name))
            .expect("a CSV file");
        reader
            .records()
            .map(|row| row.expect("a whole row").iter().map(str::to_owned).collect())
            .collect()
    }

    /// The column called `column` of a CSV file, without its header.
    fn column(&self, name: &str, column: &str) -> Vec<String> {
        let rows = self.csv(name);
        let at = rows[0].iter().position(|cell| cell == column).expect("the column");
        rows[1..].iter().map(|row| row[at].clone()).collect()
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

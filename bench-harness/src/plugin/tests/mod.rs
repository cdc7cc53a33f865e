//! Plugins as their users have them: C, compiled here, loaded, built on layouts and measured.

mod checked;
mod churned;
mod loading;
mod measured;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A compiled plugin, in a folder of its own: a file is loaded once, and belongs to one thread.
pub(super) struct Compiled {
    folder: TempDir,
}

impl Compiled {
    /// The backend of the tests with `faults`, macros as the compiler takes them. `None` where there is no
    /// C compiler, which is said.
    pub(super) fn minimal(faults: &[&str]) -> Option<Self> {
        Self::of(&source("src/plugin/tests/minimal.c"), faults)
    }

    /// The example of this name.
    pub(super) fn example(folder: &str, file: &str) -> Option<Self> {
        Self::of(&source("plugin/examples").join(folder).join(file), &[])
    }

    fn of(source_file: &Path, macros: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let compiled = Self { folder };
        let mut cc = Command::new("cc");
        cc.args([
            "-std=c99",
            "-D_POSIX_C_SOURCE=200809L",
            "-O2",
            "-fPIC",
            "-fvisibility=hidden",
            "-shared",
            "-I",
        ]);
        cc.arg(source("plugin/include")).args(macros.iter().map(|name| format!("-D{name}")));
        cc.arg("-o").arg(compiled.path()).arg(source_file).stdin(Stdio::null());
        let Ok(output) = cc.output() else {
            eprintln!("skipped: there is no C compiler `cc` here");
            return None;
        };
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", source_file.display());
        Some(compiled)
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("libtest.so")
    }
}

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

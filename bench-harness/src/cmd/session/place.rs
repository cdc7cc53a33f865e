//! Where a run and its report go, and what a run is called.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::cli::DEFAULT_OUT;

/// Where the report of the run in `out` goes: beside the results by default, elsewhere into a folder
/// of the run's.
pub(in crate::cmd) fn report_folder(out: &Path) -> PathBuf {
    if out.components().eq(Path::new(DEFAULT_OUT).components()) {
        PathBuf::from("report/latest")
    } else {
        out.join("report")
    }
}

/// Start and process, so that two runs never share a name: `20261121T024057Z-1f3a`.
pub(in crate::cmd) fn run_id() -> String {
    let stamp: String = now().chars().filter(|c| !matches!(c, '-' | ':')).collect();
    format!("{stamp}-{:04x}", std::process::id() & 0xffff)
}

/// The moment, RFC 3339, UTC, to the second.
pub(in crate::cmd) fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}

/// The command line, the program without its folder, which means nothing elsewhere.
pub(in crate::cmd) fn command_line() -> Vec<String> {
    let mut words = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    let program = words.next().unwrap_or_default();
    let name = Path::new(&program).file_name().map(|name| name.to_string_lossy().into_owned());
    name.into_iter().chain(words).collect()
}

//! From what a user types to a recording: a shipped name, or a path. Read once, and kept to the end.
//!
//! A workload is a small value that is copied into every batch, so what it refers to has to last as long
//! as the program, as backends of plugins do.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::shipped::shipped;
use super::{FILE_BYTES_MAX, Problem, Recording, RecordingError, read};
use crate::names::UnknownName;

/// What stands before the name where a recording is named among other things.
pub const PREFIX: &str = "recorded:";

/// Those that were opened, by what was typed.
static OPENED: Mutex<Vec<Opened>> = Mutex::new(Vec::new());

/// What was typed, and what it stands for; both last as long as the program.
pub(super) type Opened = (&'static str, &'static Recording);

/// The recording of that name, or in that file. A name comes before a file of the same name; `./NAME`
/// means the file. The same answer for the same words as long as the program runs, beside the words.
///
/// # Errors
///
/// Neither a name nor a file, or what is wrong in the file.
pub fn open(name_or_path: &str) -> Result<(&'static str, &'static Recording), RecordingError> {
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(&known) = opened.iter().find(|(typed, _)| *typed == name_or_path) {
        return Ok(known);
    }
    let recording: &'static Recording = Box::leak(Box::new(fresh(name_or_path)?));
    let both = (&*name_or_path.to_owned().leak(), recording);
    opened.push(both);
    Ok(both)
}

fn fresh(name_or_path: &str) -> Result<Recording, RecordingError> {
    if let Some(shipped) = shipped().find(|shipped| shipped.name == name_or_path) {
        return read::read(&format!("recordings/{}.pfns", shipped.name), shipped.bytes);
    }
    let path = Path::new(name_or_path);
    // A slip in a name should not be answered with "no such file", nor one in a path with names.
    let looks_like_a_path =
        path.components().count() > 1 || path.extension().is_some() || path.is_absolute();
    if name_or_path.is_empty() || (!looks_like_a_path && !path.exists()) {
        let names: Vec<&str> = shipped().map(|shipped| shipped.name).collect();
        let unknown = UnknownName::new("recording", name_or_path, &names);
        return Err(Problem::Unknown(unknown).into());
    }
    let place = path.display().to_string().escape_debug().to_string();
    let bytes = bytes_of(path).map_err(|problem| RecordingError::new(place.clone(), problem))?;
    read::read(&place, &bytes)
}

/// The bytes of the file, never more than a recording may have. Pipes and devices are refused: the
/// processes of a run each read it, which a pipe cannot give twice.
fn bytes_of(path: &Path) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: std::io::Error| Problem::Unreadable(error.to_string());
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(Problem::Unreadable("not a regular file".to_owned()));
    }
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::open;

    #[test]
    fn what_cannot_be_opened_is_said_with_its_name() {
        for (name, says) in [
            ("", "unknown recording"),
            ("no-such-name", "unknown recording \"no-such-name\""),
            ("no/such.pfns", "no/such.pfns: cannot be read"),
            ("Cargo.toml", "Cargo.toml: is no recording"),
            ("src/", "not a regular file"),
        ] {
            let why = open(name).expect_err("refused").to_string();
            assert!(why.contains(says), "{name}: {why}");
        }
    }
}

//! From what a user types to a layout: a shipped name, `this-machine`, or a path.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::FILE_BYTES_MAX;
use super::error::{LayoutError, Problem};
use super::model::{Layout, Origin};
use super::shipped::shipped;
use super::{file, live, recorded};
use crate::names::UnknownName;
use crate::recording;

/// The name under which the running machine's own memory map is read.
pub const THIS_MACHINE: &str = "this-machine";

/// All names that [`open`] knows without a file.
pub fn names() -> Vec<&'static str> {
    let shipped = shipped().map(|layout| layout.name);
    shipped.chain([THIS_MACHINE]).collect()
}

/// The layout of that name, or in that TOML file, checked; `recorded:FILE` is the memory that a recording of
/// addresses was made on.
///
/// A name comes before a file of the same name; `./NAME` means the file.
///
/// # Errors
///
/// Neither a name nor a file, or what is wrong in the file.
pub fn open(name_or_path: &str) -> Result<Layout, LayoutError> {
    if let Some(layout) = shipped().find(|layout| layout.name == name_or_path) {
        let place = format!("layouts/{}.toml", layout.name);
        return file::parse(layout.text, &place, Origin::Shipped);
    }
    if name_or_path == THIS_MACHINE {
        return live::this_machine();
    }
    if let Some(typed) = name_or_path.strip_prefix(recording::PREFIX) {
        return recorded::of(typed);
    }
    let path = Path::new(name_or_path);
    // A slip in a name should not be answered with "no such file", nor one in a path with names.
    let looks_like_a_path =
        path.components().count() > 1 || path.extension().is_some() || path.is_absolute();
    if name_or_path.is_empty() || (!looks_like_a_path && !path.exists()) {
        return Err(UnknownName::new("layout", name_or_path, &names()).into());
    }
    let place = path.display().to_string();
    let text = read(path).map_err(|problem| LayoutError::new(place.clone(), problem))?;
    file::parse(&text, &place, Origin::Path(path.to_owned()))
}

/// The layout that `text` is, checked as that of a file; `place` is what messages call it.
///
/// # Errors
///
/// What is wrong in the text, with its line.
pub fn of_text(place: &str, text: &str) -> Result<Layout, LayoutError> {
    file::parse(text, place, Origin::Path(place.into()))
}

/// The text of the file, never more than a layout may have. Pipes and devices are refused: they may
/// have no end, or nothing to read until somebody writes.
fn read(path: &Path) -> Result<String, Problem> {
    let unreadable = |error: std::io::Error| Problem::Unreadable(error.to_string());
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(Problem::Unreadable("not a regular file".to_owned()));
    }
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(Problem::FileTooLarge);
    }
    String::from_utf8(bytes).map_err(|_| Problem::NotText)
}

//! The importer as a whole: every source from text to segments, whole logs, hostile texts, and the way
//! back from the layout file.

mod hostile;
mod linux;
mod others;
mod real;
mod whole;

use physseg::PageSize;

use super::{From, ImportError, Imported, Request, import_text};

/// Asks for `from`, with pages of 4 KiB.
fn request(from: &str) -> Request {
    let from = From::named(from).unwrap_or_else(|| panic!("{from}"));
    Request { from, name: None, page_size: PageSize::FOUR_KIB }
}

fn try_import(from: &str, text: &str) -> Result<Imported, ImportError> {
    import_text("dmesg.txt", text.as_bytes(), &request(from))
}

fn imported(from: &str, text: &str) -> Imported {
    try_import(from, text).unwrap_or_else(|error| panic!("{error}"))
}

/// Start and end of each segment, in page frames; the same whether asked for or found.
fn segments(from: &str, text: &str) -> Vec<(u64, u64)> {
    let asked = imported(from, text);
    assert_eq!(imported("auto", text).toml, asked.toml, "found by itself");
    let segments = asked.layout.final_segments().unwrap();
    segments.iter().map(|segment| (segment.start().get(), segment.end().get())).collect()
}

/// The message for a text of which nothing can be made.
fn refused(from: &str, text: &str) -> String {
    match try_import(from, text) {
        Ok(imported) => panic!("imported: {}", imported.toml),
        Err(error) => error.to_string(),
    }
}

/// Whether a line of what was said has all of these words.
fn says(imported: &Imported, words: &[&str]) -> bool {
    imported.said.iter().any(|line| words.iter().all(|word| line.contains(word)))
}

//! Where the generated blocks of a Markdown file stand.
//!
//! Plain string work, on purpose: a marker is a line of its own, and everything outside of the blocks has to
//! come back byte for byte. What stands in fenced code is an example of a marker and no marker.

use std::ops::Range;

const BEGIN: &str = "<!-- record:begin";
const END: &str = "<!-- record:end";
const CLOSE: &str = "-->";

/// A block between two markers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// Line of the first marker, from 1.
    pub line: usize,
    /// What the first marker says, between `record:begin` and `-->`.
    pub asked: String,
    /// The bytes of the file between the two marker lines: whole lines.
    pub content: Range<usize>,
}

/// Markers that do not belong together. Lines count from 1.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum MarkerError {
    /// Begins and never ends.
    #[error("line {line}: `record:begin` without a `<!-- record:end -->` after it")]
    Open {
        /// The line.
        line: usize,
    },
    /// Ends what has not begun.
    #[error("line {line}: `record:end` without a `<!-- record:begin ... -->` before it")]
    End {
        /// The line.
        line: usize,
    },
    /// Begins inside of another.
    #[error(
        "line {line}: `record:begin` inside of the block that begins on line {outer}, which lacks its `<!-- record:end -->`"
    )]
    Nested {
        /// The line.
        line: usize,
        /// Where the other begins.
        outer: usize,
    },
    /// A marker that shares its line or does not end on it.
    #[error("line {line}: a marker is a line of its own, from `<!--` to `-->`")]
    Line {
        /// The line.
        line: usize,
    },
}

/// The blocks of a Markdown file, in their order.
///
/// # Errors
/// [`MarkerError`] with the line of the first marker that is out of place.
pub fn blocks(text: &str) -> Result<Vec<Block>, MarkerError> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String, usize)> = None;
    let mut fence: Option<String> = None;
    let mut at = 0;
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        let (line, start) = (index + 1, at);
        at += whole.len();
        let words = whole.trim();
        if follows_fence(&mut fence, words) {
            continue;
        }
        let is = |what: &str| {
            words.strip_prefix(what).filter(|rest| rest.starts_with([' ', '-']) || rest.is_empty())
        };
        if let Some(rest) = is(BEGIN) {
            if let Some((outer, ..)) = open {
                return Err(MarkerError::Nested { line, outer });
            }
            let Some(asked) = inside(rest) else { return Err(MarkerError::Line { line }) };
            open = Some((line, asked.to_owned(), at));
        } else if let Some(rest) = is(END) {
            if inside(rest) != Some("") {
                return Err(MarkerError::Line { line });
            }
            let Some((line, asked, from)) = open.take() else {
                return Err(MarkerError::End { line });
            };
            found.push(Block { line, asked, content: from..start });
        }
    }
    match open {
        Some((line, ..)) => Err(MarkerError::Open { line }),
        None => Ok(found),
    }
}

/// What a marker says, of what follows its name on the line.
fn inside(rest: &str) -> Option<&str> {
    let inside = rest.strip_suffix(CLOSE)?.trim();
    (!inside.contains(CLOSE)).then_some(inside)
}

/// Whether a line is of a fenced code block, its fences included.
fn follows_fence(fence: &mut Option<String>, words: &str) -> bool {
    let mark = words.chars().next().filter(|c| matches!(c, '`' | '~'));
    let length = mark.map_or(0, |mark| words.chars().take_while(|c| *c == mark).count());
    match fence {
        Some(opened) => {
            // A fence is closed by one of the same sort, at least as long, and nothing behind it.
            if words.starts_with(opened.as_str()) && words.len() == length {
                *fence = None;
            }
            true
        }
        None if length >= 3 => {
            *fence = Some(words[..length].to_owned());
            true
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_what_stands_between_two_lines() {
        let text = "# a\n<!-- record:begin -->\nold\nolder\n<!-- record:end -->\nb\n\
                    <!-- record:begin table=ns mode=trace -->\n<!-- record:end -->";
        let found = blocks(text).expect("well formed");
        let parts: Vec<_> =
            found.iter().map(|b| (b.line, b.asked.as_str(), &text[b.content.clone()])).collect();
        assert_eq!(parts, [(2, "", "old\nolder\n"), (7, "table=ns mode=trace", "")]);
    }

    #[test]
    fn examples_in_fenced_code_and_prose_are_no_markers() {
        let text = "```md\n<!-- record:begin -->\n```\n~~~~\n```\n<!-- record:end -->\n~~~~\n\
                    Say `<!-- record:begin -->` there.\n<!-- record:beginning -->\n";
        assert_eq!(blocks(text), Ok(Vec::new()));
    }

    #[test]
    fn markers_out_of_place_are_named_by_their_line() {
        let begin = "<!-- record:begin -->\n";
        let end = "<!-- record:end -->\n";
        assert_eq!(blocks(&format!("x\n{begin}")), Err(MarkerError::Open { line: 2 }));
        assert_eq!(blocks(&format!("x\n\n{end}")), Err(MarkerError::End { line: 3 }));
        let nested = format!("{begin}x\n{begin}{end}");
        assert_eq!(blocks(&nested), Err(MarkerError::Nested { line: 3, outer: 1 }));
        let open = "<!-- record:begin table=ns\nmode=trace -->\n";
        assert_eq!(blocks(open), Err(MarkerError::Line { line: 1 }));
        let shared = "<!-- record:begin --> 17 <!-- record:end -->\n";
        assert_eq!(blocks(shared), Err(MarkerError::Line { line: 1 }));
    }
}

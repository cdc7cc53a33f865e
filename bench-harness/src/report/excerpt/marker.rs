//! Where the generated blocks of a Markdown file stand.
//!
//! Plain string work, on purpose: a marker is a line of its own, and everything outside of the blocks has to
//! come back byte for byte. What stands in fenced or indented code is an example of a marker and no marker; what is
//! fenced and what is not follows `CommonMark` 0.31, sections 4.4 and 4.5.

use std::ops::Range;

const BEGIN: &str = "<!-- record:begin";
const END: &str = "<!-- record:end";
const CLOSE: &str = "-->";
/// Columns from which on a line is indented code, and no fence.
const INDENTED: usize = 4;

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
    /// Fenced code that does not end, with markers in it: what was meant to be made would pass unseen.
    #[error("line {line}: fenced code without an end, and the marker on line {marker} is in it")]
    Fence {
        /// Where the code begins.
        line: usize,
        /// The first marker in it.
        marker: usize,
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
    let mut fence: Option<Fence<'_>> = None;
    let mut at = 0;
    for (index, whole) in text.split_inclusive('\n').enumerate() {
        let (line, start) = (index + 1, at);
        at += whole.len();
        let words = whole.trim();
        let is = |what: &str| {
            words.strip_prefix(what).filter(|rest| rest.starts_with([' ', '-']) || rest.is_empty())
        };
        if indentation(whole) >= INDENTED {
            continue;
        }
        if let Some(opened) = &mut fence {
            if opened.ends_with(words) {
                fence = None;
            } else if opened.marker.is_none() && (is(BEGIN).is_some() || is(END).is_some()) {
                opened.marker = Some(line);
            }
            continue;
        }
        fence = Fence::begun(words, line);
        if fence.is_some() {
            continue;
        }
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
    if let Some(Fence { line, marker: Some(marker), .. }) = fence {
        return Err(MarkerError::Fence { line, marker });
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

/// Fenced code that has begun.
struct Fence<'t> {
    /// The marks that it began with, of which it takes at least as many to end it.
    marks: &'t str,
    /// Where it began.
    line: usize,
    /// The first marker in it.
    marker: Option<usize>,
}

impl<'t> Fence<'t> {
    /// What begins with a line that says `words`.
    fn begun(words: &'t str, line: usize) -> Option<Self> {
        let mark = words.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let (marks, rest) = words.split_at(words.len() - words.trim_start_matches(mark).len());
        // A line with backticks behind its backticks begins with code inside of a sentence.
        let inline = mark == '`' && rest.contains('`');
        (marks.len() >= 3 && !inline).then_some(Self { marks, line, marker: None })
    }

    /// Whether a line that says `words` ends it: the same marks, at least as many, and nothing behind them.
    fn ends_with(&self, words: &str) -> bool {
        let rest = words.strip_prefix(self.marks);
        rest.is_some_and(|rest| rest.chars().all(|c| self.marks.starts_with(c)))
    }
}

/// The column in which a line's text begins, from 0; a tab leads to the next multiple of four.
fn indentation(line: &str) -> usize {
    let mut column = 0;
    for c in line.chars() {
        match c {
            ' ' => column += 1,
            '\t' => column += INDENTED - column % INDENTED,
            _ => break,
        }
    }
    column
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
    fn prose_that_begins_with_code_in_backticks_opens_no_fence() {
        let block = "<!-- record:begin -->\nold\n<!-- record:end -->\n";
        for before in
            ["```` ```a``` is code ````\n", "```a``` is code\n", "    ```\n", "\t~~~\n", "``\n"]
        {
            let found = blocks(&format!("{before}{block}")).expect(before);
            assert_eq!(found.len(), 1, "{before}");
        }
        // Tildes may have anything behind them, and code ends with no less than it began with.
        for code in [
            "~~~ `a`\nB~~~\n",
            "   ```\nB   ````  \n",
            "````\nB```\n    ````\nB````\n",
            "```\nB```rust\n~~~\nB```\n",
        ] {
            assert_eq!(blocks(&code.replace('B', block)), Ok(Vec::new()), "{code}");
        }
    }

    #[test]
    fn markers_in_indented_code_are_text() {
        let text = "    <!-- record:begin -->\n\t<!-- record:end -->\n";
        assert_eq!(blocks(text), Ok(Vec::new()));
        assert_eq!(
            blocks("   <!-- record:begin -->\n  <!-- record:end -->").map(|all| all.len()),
            Ok(1)
        );
    }

    #[test]
    fn a_fence_without_an_end_does_not_swallow_markers_unseen() {
        let text = "a\n```md\nb\n<!-- record:begin -->\n<!-- record:end -->\n";
        let error = blocks(text).expect_err("swallowed");
        assert_eq!(error, MarkerError::Fence { line: 2, marker: 4 });
        assert!(error.to_string().starts_with("line 2: "), "{error}");
        let inside = "<!-- record:begin -->\n~~~\n<!-- record:end -->\n";
        assert_eq!(blocks(inside), Err(MarkerError::Fence { line: 2, marker: 3 }));
        assert_eq!(blocks("```\nno marker in it\n"), Ok(Vec::new()));
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

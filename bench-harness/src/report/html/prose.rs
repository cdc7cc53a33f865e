//! Sentences whose code stands between backticks, as HTML.

use askama::Template;

use crate::report::text::clean;

/// A sentence in pieces.
#[derive(Template)]
#[template(
    source = "{% for piece in pieces %}{% if piece.code %}<code>{{ piece.text }}</code>{% else %}{{ piece.text }}{% endif %}{% endfor %}",
    ext = "html"
)]
pub(super) struct Prose {
    pieces: Vec<Piece>,
}

struct Piece {
    code: bool,
    text: String,
}

impl Prose {
    /// Takes `text` apart. A backtick that has no other is a backtick.
    pub(super) fn of(text: &str) -> Self {
        let text = clean(text);
        let pieces: Vec<&str> = text.split('`').collect();
        if pieces.len().is_multiple_of(2) {
            return Self { pieces: vec![Piece { code: false, text }] };
        }
        let piece =
            |(at, text): (usize, &&str)| Piece { code: at % 2 == 1, text: (*text).to_owned() };
        let pieces = pieces.iter().enumerate().map(piece);
        Self { pieces: pieces.filter(|piece| !piece.text.is_empty()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_marked_and_everything_escaped() {
        let html = |text| Prose::of(text).render().unwrap();
        assert_eq!(html("in `trace`, a<b"), "in <code>trace</code>, a&#60;b");
        assert_eq!(html("one ` alone"), "one ` alone");
        assert_eq!(html("`<b>`"), "<code>&#60;b&#62;</code>");
    }
}

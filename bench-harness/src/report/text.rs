//! Names and sentences made fit to print: cleaned, measured, wrapped.
//!
//! Layout and backend names come from files that anyone may have written, so everything that is
//! printed goes through [`clean`] first. Used by tables, pages and figures.

use unicode_width::UnicodeWidthChar;

/// `text` without what would break a terminal, a page or a figure: control characters (XML forbids
/// most), line breaks, and marks that reverse or hide the text around them become U+FFFD.
pub(super) fn clean(text: &str) -> String {
    let harmful = |c: char| {
        c.is_control()
            || matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
            || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
            || matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    let cleaned: String = text.chars().map(|c| if harmful(c) { '\u{FFFD}' } else { c }).collect();
    if cleaned.trim().is_empty() { "(no name)".to_owned() } else { cleaned }
}

/// Columns that a character takes in a terminal.
pub(super) fn columns(c: char) -> f64 {
    c.width().unwrap_or(0) as f64
}

/// About how wide a character is in a sans-serif face, in units of the font size. The figures carry
/// no font and the viewer chooses one, so this errs on the wide side (it is close to `DejaVu` Sans,
/// the widest of the usual ones).
pub(super) fn ems(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | 'f' | 't' | 'r' | 'I' | '.' | ',' | ':' | ';' | '|' | '!' | '\''
        | '(' | ')' | '[' | ']' | ' ' | '/' | '·' | '-' => 0.38,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.95,
        '+' | '=' | '±' | '<' | '>' | '\u{2212}' | '×' => 0.82,
        'A'..='Z' => 0.70,
        _ if c.width() == Some(2) => 1.05,
        _ => 0.62,
    }
}

/// Width of `text` as `measure` sees it.
pub(super) fn width(text: &str, measure: fn(char) -> f64) -> f64 {
    text.chars().map(measure).sum()
}

/// `text` cut to `limit` with an ellipsis in its middle, where names differ least.
pub(super) fn shorten(text: &str, limit: f64, measure: fn(char) -> f64) -> String {
    if width(text, measure) <= limit {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let room = (limit - measure('…')).max(0.0);
    let (mut head, mut tail, mut used) = (0, letters.len(), 0.0);
    while head < tail {
        // Alternate, so that both ends stay readable.
        let front = head <= letters.len() - tail;
        let next = letters[if front { head } else { tail - 1 }];
        used += measure(next);
        if used > room {
            break;
        }
        if front { head += 1 } else { tail -= 1 }
    }
    let first: String = letters[..head].iter().collect();
    let last: String = letters[tail..].iter().collect();
    format!("{first}…{last}")
}

/// `text` in lines no wider than `limit`, broken at spaces, at hyphens where a word alone is too
/// wide, and anywhere where nothing else helps.
pub(super) fn wrap(text: &str, limit: f64, measure: fn(char) -> f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let gap = if used > 0.0 { measure(' ') } else { 0.0 };
        if used > 0.0 && used + gap + width(word, measure) > limit {
            lines.push(String::new());
            used = 0.0;
        } else if used > 0.0 {
            lines.last_mut().expect("never empty").push(' ');
            used += gap;
        }
        for piece in pieces(word, limit, measure) {
            let wide = width(&piece, measure);
            if used > 0.0 && used + wide > limit {
                lines.push(String::new());
                used = 0.0;
            }
            lines.last_mut().expect("never empty").push_str(&piece);
            used += wide;
        }
    }
    lines
}

/// A word whole if it fits a line, else its parts.
fn pieces(word: &str, limit: f64, measure: fn(char) -> f64) -> Vec<String> {
    if width(word, measure) <= limit {
        return vec![word.to_owned()];
    }
    let mut pieces = Vec::new();
    for part in word.split_inclusive(['-', '_', '/']) {
        if width(part, measure) <= limit {
            pieces.push(part.to_owned());
        } else {
            pieces.extend(part.chars().map(String::from));
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_terminals_and_xml_is_replaced() {
        assert_eq!(
            clean("a\u{1b}[31mb\u{0}\u{202e}c\n"),
            "a\u{FFFD}[31mb\u{FFFD}\u{FFFD}c\u{FFFD}"
        );
        assert_eq!(clean("  "), "(no name)");
        assert_eq!(clean("größe-日本"), "größe-日本");
    }

    #[test]
    fn lines_keep_to_the_limit_and_lose_nothing() {
        let text = "one two-three-four-five-six-seven eeeeeeeeeeeeeeeeeeeeeeee 日本日本日本日本";
        let lines = wrap(text, 10.0, columns);
        assert!(lines.iter().all(|line| width(line, columns) <= 10.0), "{lines:?}");
        let kept = |s: &str| s.chars().filter(|c| *c != ' ').collect::<String>();
        assert_eq!(kept(&lines.concat()), kept(text));
    }

    #[test]
    fn shortening_keeps_both_ends() {
        assert_eq!(shorten("abcdefghij", 10.0, columns), "abcdefghij");
        assert_eq!(shorten("abcdefghijk", 5.0, columns), "ab…jk");
    }
}

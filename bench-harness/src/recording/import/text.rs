//! Plain numbers: one or several a line, decimal or after `0x` hexadecimal, `#` before what is for people.

use crate::layout::import::number::{decimal, prefixed_hex};

/// The words of a line, without a comment.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let line = line.split('#').next().unwrap_or_default();
    let between = |c: char| c.is_ascii_whitespace() || matches!(c, ',' | ';');
    line.split(between).filter(|word| !word.is_empty())
}

/// A word's number; too large a one counts as the largest, so that it is refused as a frame and not as a word.
fn number(word: &str) -> Option<u64> {
    let is_number = |digits: &str, is_digit: fn(&u8) -> bool| {
        !digits.is_empty() && digits.as_bytes().iter().all(is_digit)
    };
    match word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")) {
        Some(digits) if is_number(digits, u8::is_ascii_hexdigit) => {
            Some(prefixed_hex(word).unwrap_or(u64::MAX))
        }
        None if is_number(word, u8::is_ascii_digit) => Some(decimal(word).unwrap_or(u64::MAX)),
        _ => None,
    }
}

/// The numbers of a line, each with its word; `None` where a word is none. An empty line and a comment have
/// no numbers.
pub(super) fn numbers(line: &str) -> Option<impl Iterator<Item = (u64, &str)>> {
    words(line)
        .all(|word| number(word).is_some())
        .then(|| words(line).filter_map(|word| Some((number(word)?, word))))
}

/// The first word of a line that has digits of hexadecimal numbers alone, letters among them, and nothing before
/// them: of such numbers those without a letter are taken for decimal ones.
pub(super) fn bare_hexadecimal(line: &str) -> Option<&str> {
    let mut all = words(line).peekable();
    all.peek()?;
    let is_hex = |word: &str| word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_both = |word: &&str| {
        word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| b.is_ascii_alphabetic())
    };
    let first = words(line).find(has_both)?;
    all.all(is_hex).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_numbers_without_their_prefix_are_noticed() {
        assert_eq!(bare_hexadecimal("1234 1a2b # x"), Some("1a2b"));
        for line in ["1234", "", "0x1a2b", "beef", "1a2b of them", "1.5e3"] {
            assert_eq!(bare_hexadecimal(line), None, "{line}");
        }
    }

    #[test]
    fn numbers_are_decimal_or_hexadecimal_and_words_are_none() {
        let all = |line| Some(numbers(line)?.map(|(number, _)| number).collect::<Vec<_>>());
        assert_eq!(all("1 2,3;0x1F\t0Xff # 7"), Some(vec![1, 2, 3, 31, 255]));
        assert_eq!(all("# nothing"), Some(vec![]));
        assert_eq!(all("  "), Some(vec![]));
        assert_eq!(all("0xffffffffff 1099511627775"), Some(vec![(1 << 40) - 1; 2]));
        assert_eq!(all("99999999999999999999999"), Some(vec![u64::MAX]));
        for line in ["1 two 3", "-1", "+1", "1.5", "0x", "1a2b", "1_000", "0x1g", "é"] {
            assert_eq!(all(line), None, "{line}");
        }
    }
}

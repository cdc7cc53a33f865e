//! Numbers and texts as people read them.

/// A count in groups of three digits.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Bytes in the largest binary unit that leaves at least 1, rounded to one decimal unless it is whole.
pub(crate) fn bytes(number: u128) -> String {
    const UNITS: [&str; 6] = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut unit = 0;
    while unit + 1 < UNITS.len() && number >> (10 * (unit + 1)) > 0 {
        unit += 1;
    }
    let whole = number >> (10 * unit);
    let rest = number - (whole << (10 * unit));
    if rest == 0 {
        return format!("{whole} {}", UNITS[unit]);
    }
    let one = 1_u128 << (10 * unit);
    let tenths = (number * 10 + one / 2) >> (10 * unit);
    if tenths == 10_240 && unit + 1 < UNITS.len() {
        return format!("1.0 {}", UNITS[unit + 1]);
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

/// `part` of `whole` in percent, rounded so that neither 0 nor 100 is said of what is not.
pub(crate) fn percent(part: u64, whole: u64) -> String {
    let share = 100.0 * part as f64 / whole as f64;
    if part == whole {
        "100 %".to_owned()
    } else if part > 0 && share < 0.05 {
        "< 0.1 %".to_owned()
    } else if share >= 99.95 {
        "> 99.9 %".to_owned()
    } else {
        format!("{share:.1} %")
    }
}

/// `text` as lines of at most `width` characters, broken between words where possible.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut room = 0; // on the last line
    for word in text.split_whitespace() {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if length < room => {
                line.push(' ');
                line.push_str(word);
                room -= length + 1;
            }
            _ => {
                // A word longer than a line is cut into lines of its own.
                let letters: Vec<char> = word.chars().collect();
                for piece in letters.chunks(width.max(1)) {
                    lines.push(piece.iter().collect());
                    room = width.saturating_sub(piece.len());
                }
            }
        }
    }
    lines
}

/// `line` with what goes beyond `width` characters replaced by an ellipsis.
pub(super) fn cut(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    let kept: String = line.chars().take(width.saturating_sub(3)).collect();
    format!("{kept}...")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_groups_of_three_digits() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1000), "1,000");
        assert_eq!(count(33_554_432), "33,554,432");
    }

    #[test]
    fn bytes_are_in_the_unit_that_fits() {
        assert_eq!(bytes(0), "0 bytes");
        assert_eq!(bytes(1023), "1023 bytes");
        assert_eq!(bytes(1024), "1 KiB");
        assert_eq!(bytes(255 << 20), "255 MiB");
        assert_eq!(bytes(1 << 52), "4 PiB");
        assert_eq!(bytes((3 << 30) / 2), "1.5 GiB");
        assert_eq!(bytes(786_176 * 4096), "3.0 GiB");
        assert_eq!(bytes((1 << 20) - 1), "1.0 MiB");
    }

    #[test]
    fn almost_all_is_not_all_and_almost_nothing_not_nothing() {
        assert_eq!(percent(1, 2), "50.0 %");
        assert_eq!(percent(0, 2), "0.0 %");
        assert_eq!(percent(1, 1_000_000), "< 0.1 %");
        assert_eq!(percent(999_999, 1_000_000), "> 99.9 %");
        assert_eq!(percent(7, 7), "100 %");
    }

    #[test]
    fn texts_break_between_words_and_long_words_anywhere() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrapped("abcdef gh", 4), ["abcd", "ef", "gh"]);
        assert_eq!(wrapped("", 4), Vec::<String>::new());
        assert_eq!(cut("abcdefgh", 6), "abc...");
        assert_eq!(cut("abcdef", 6), "abcdef");
    }
}
